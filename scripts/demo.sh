#!/usr/bin/env bash
# Starts a console and a simulated robot on this machine; Ctrl-C stops both.
# What they keep is in .demo/; remove it to start anew.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly BIN=${CARGO_TARGET_DIR:-target}/debug
readonly CONSOLE_CONFIG=operator-console/console.demo.toml ROBOT_CONFIG=robot-firmware/robot.demo.toml
readonly CONSOLE_PAGE=http://127.0.0.1:8780/ SCREEN_PAGE=http://127.0.0.1:8700/
readonly ROBOT_LINK=wss://127.0.0.1:8443/robot/link
readonly OPERATOR=demo
readonly CONSOLE_LOG=.demo/console.log ROBOT_LOG=.demo/robot.log
# The robot reads half a gigabyte of models before it answers.
readonly CONSOLE_START_S=30 ROBOT_START_S=180 STOP_S=10

say() { printf '%s\n' "$*"; }

fail() {
    printf 'demo: %s\n' "$*" >&2
    exit 1
}

console() { "$BIN/madoguchi-console" "$@"; }
robot() { "$BIN/madoguchi-robot" "$@"; }

require_free() {
    local port
    for port in "$@"; do
        if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            fail "port $port is taken, perhaps by another demo; stop what" \
                "'ss -ltnp sport = :$port' shows, then try again"
        fi
    done
}

CONSOLE_PID='' ROBOT_PID=''

# stop PID NAME: asks it to end, and insists after a while.
stop() {
    [ -n "$1" ] || return 0
    kill -TERM "$1" 2>/dev/null || return 0
    local tenths
    for ((tenths = 0; tenths < STOP_S * 10; tenths++)); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    say "$2 did not stop within $STOP_S s; ending it by force"
    kill -KILL "$1" 2>/dev/null || true
}

stop_both() {
    trap '' INT TERM
    stop "$ROBOT_PID" "the robot"
    stop "$CONSOLE_PID" "the console"
    wait 2>/dev/null || true
}

# await PID NAME URL LOG SECONDS: until the address answers.
await() {
    local tenths
    for ((tenths = 0; tenths < $5 * 10; tenths++)); do
        kill -0 "$1" 2>/dev/null || {
            tail -n 15 "$4" >&2
            fail "$2 ended at once; the lines above are the end of $4"
        }
        curl --silent --fail --noproxy '*' --output /dev/null --max-time 2 "$3" && return
        sleep 0.1
    done
    fail "$2 did not answer at $3 within $5 s; see $4"
}

new_password() {
    # Without letters and digits that look alike.
    LC_ALL=C tr -dc 'a-km-z2-9' < <(head -c 4096 /dev/urandom) | head -c 16
}

PASSWORD=$(new_password)
readonly PASSWORD

set_up_operator() {
    local verb=(operator add "$OPERATOR" --name "Demo Operator" --languages "en,pt")
    if console operator list --config "$CONSOLE_CONFIG" --json | grep -q "\"$OPERATOR\""; then
        verb=(operator set-password "$OPERATOR")
    fi
    printf '%s\n' "$PASSWORD" |
        console "${verb[@]}" --config "$CONSOLE_CONFIG" --password-stdin >>"$CONSOLE_LOG"
}

claim_robot() {
    local force=() offer code fingerprint
    if [ -e .demo/robot/console.toml ]; then
        console robot list --config "$CONSOLE_CONFIG" --json | grep -q '"Entrance 1"' && return
        force=(--force)
    fi
    offer=$(console robot claim-code --config "$CONSOLE_CONFIG" --name "Entrance 1" \
        --site "Hoshikawa Ward Office" --place "Ground floor hall")
    code=$(sed -n 's/^claim code *//p' <<<"$offer")
    fingerprint=$(sed -n 's/^fingerprint *//p' <<<"$offer")
    robot claim --config "$ROBOT_CONFIG" --console "$ROBOT_LINK" \
        --fingerprint "$fingerprint" --code "$code" "${force[@]}" >>"$ROBOT_LOG"
}

# First of all: the logs that are emptied below may be those of a demo that runs.
require_free 8700 8780 8443
# `make demo` asks before it builds.
[ "${1:-}" != ports ] || exit 0

umask 077
mkdir -p .demo/console .demo/robot
: >"$CONSOLE_LOG"
: >"$ROBOT_LOG"

trap stop_both EXIT
trap 'exit 0' INT TERM

say "starting the console …"
set_up_operator
"$BIN/madoguchi-console" serve --config "$CONSOLE_CONFIG" >>"$CONSOLE_LOG" 2>&1 &
CONSOLE_PID=$!
await "$CONSOLE_PID" "the console" "${CONSOLE_PAGE}api/health" "$CONSOLE_LOG" $CONSOLE_START_S

say "starting the robot …"
claim_robot
STAFF_PIN=$(robot staff-pin --random --config "$ROBOT_CONFIG")
readonly STAFF_PIN
"$BIN/madoguchi-robot" run --config "$ROBOT_CONFIG" >>"$ROBOT_LOG" 2>&1 &
ROBOT_PID=$!
await "$ROBOT_PID" "the robot" "$SCREEN_PAGE" "$ROBOT_LOG" $ROBOT_START_S

cat <<END

  The robot's screen     $SCREEN_PAGE
  The operator's desk    $CONSOLE_PAGE
  Sign in there as       $OPERATOR
  with the password      $PASSWORD   (new at every start)
  Staff at the robot     PIN $STAFF_PIN   (new at every start)

  Try this:
    1. On the screen, touch "English", then "Sample visitors" at the bottom, and one of them:
       they speak or type in English, Japanese or Portuguese, and are answered.
       Or type yourself; "I want to book an appointment" begins a form.
    2. Touch the one who writes Spanish or Vietnamese, which the office does not have,
       or the one who asks for a person: a case goes to the desk.
    3. At the desk, choose the case and accept it; allow camera and microphone if there are any.
       Type a few words. End: say how it ended, and the visitor is back with the robot.
    4. Or be staff in the room: touch the badge at the top of the screen, enter the PIN, and take
       the visitor over there, or on a phone by the code that it shows.

  Logs: $CONSOLE_LOG, $ROBOT_LOG.   Ctrl-C stops both.

END

ended=0
wait -n "$CONSOLE_PID" "$ROBOT_PID" || ended=$?
if kill -0 "$CONSOLE_PID" 2>/dev/null; then
    tail -n 15 "$ROBOT_LOG" >&2
    fail "the robot ended by itself (exit code $ended); the lines above are the end of $ROBOT_LOG"
fi
tail -n 15 "$CONSOLE_LOG" >&2
fail "the console ended by itself (exit code $ended); the lines above are the end of $CONSOLE_LOG"
