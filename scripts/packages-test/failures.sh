# Part of packages-test.sh: the robot fails, and what then happens is as its unit says.
# shellcheck shell=bash

echo "== failures"
served_anew() { [ "$(main_pid madoguchi-robot)" != "$1" ] && active madoguchi-robot; }

before=$(main_pid madoguchi-robot)
in_guest kill -KILL "$before"
await "a robot that was killed" served_anew "$before"
check "a robot that was killed is started again" served_anew "$before"

before=$(main_pid madoguchi-robot)
in_guest kill -STOP "$before"
await "a robot that hangs" served_anew "$before"
check "a robot that hangs is ended by the watchdog and started again" served_anew "$before"
check "it was the watchdog" in_guest sh -c \
    'journalctl --unit madoguchi-robot --output cat | grep -q "Watchdog timeout"'

in_guest systemctl reset-failed madoguchi-robot
in_guest sed -i.kept 's@^pack = @packs = @' /etc/madoguchi/robot.toml
in_guest systemctl restart madoguchi-robot || true
await "the rest after five failures" page_shows "For staff"
check "a robot that can't run rests" inactive madoguchi-robot
check "the screen says so in words" page_shows "Out of order"
check "it says what is in trouble" page_shows "packs"
check "it was tried five times" in_guest sh -c \
    '[ "$(journalctl --unit madoguchi-robot --output cat | grep -c "Failed with result .exit-code")" -ge 5 ]'

# The rest is cut short; the rest after it is not.
in_guest mv /etc/madoguchi/robot.toml.kept /etc/madoguchi/robot.toml
in_guest mkdir -p /run/systemd/system/madoguchi-out-of-order.service.d
in_guest sh -c "sed -n 's/^ExecStart=/&/p' /usr/lib/systemd/system/madoguchi-out-of-order.service |
    sed '1s/--seconds [0-9]*/--seconds 1/; 1i [Service]\nExecStart=' \
    >/run/systemd/system/madoguchi-out-of-order.service.d/short.conf"
in_guest systemctl daemon-reload
in_guest systemctl restart --no-block madoguchi-out-of-order
await "the robot after its rest" active madoguchi-robot
check "after its rest it is tried again" active madoguchi-robot
await "the page of the robot after its rest" page_shows "Welcome to Hoshikawa Ward Office"
in_guest rm -r /run/systemd/system/madoguchi-out-of-order.service.d
in_guest systemctl daemon-reload

in_guest systemctl restart --no-block madoguchi-out-of-order
await "a rest that somebody ordered" inactive madoguchi-robot
await "its page" page_shows "Out of order"
in_guest systemctl stop madoguchi.target
check "a robot that is stopped in its rest stays stopped" inactive madoguchi-robot
in_guest systemctl start madoguchi.target
await "the robot to be started again" active madoguchi-robot
