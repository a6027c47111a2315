# Part of packages-test.sh: within each service's walls, what must be denied is tried.
# shellcheck shell=bash

echo "== denials"
in_guest sh -c '
    cd /home && echo secret >letter
    cd /tmp && touch of-somebody-else
    install -m 4755 /usr/bin/id /usr/local/bin/probe-id'
in_guest tee /usr/local/bin/probe.pl <scripts/packages-test/probe.pl >/dev/null
# An address beyond 127.0.0.0/8 that is reached all the same.
beside_guest ip address add 198.51.100.1/32 dev lo

# probe [UNIT]: what is allowed under the settings of the unit, or, without UNIT, under none.
probe() {
    local unit=/run/systemd/system/madoguchi-probe.service other=/var/lib/madoguchi/robot/device.key
    case ${1:-} in
    madoguchi-robot | madoguchi-out-of-order) other=/var/lib/madoguchi-console/console.db ;;
    esac
    {
        # The walls of the service without what it runs and when.
        if [ -n "${1:-}" ]; then
            in_guest sed -n '/^\[Service\]/,/^\[Install\]/p' "/usr/lib/systemd/system/$1.service" |
                sed -E '/^(Exec|Type=|Restart|Watchdog|TTY|PAMName=|Standard|\[Install)/d; /^ /d'
        else
            printf '[Service]\nStateDirectory=probe\n'
        fi
        printf 'Type=oneshot\nStandardOutput=truncate:/run/probe\nEnvironment=OTHER_STATE=%s\n' "$other"
        printf 'ExecStart=/usr/bin/perl /usr/local/bin/probe.pl\n'
    } | in_guest tee "$unit" >/dev/null
    in_guest systemctl daemon-reload
    in_guest systemctl start madoguchi-probe
    in_guest sed -n 's/^allowed //p' /run/probe | sort | paste -sd ' '
}

# allows UNIT NAME...: these and nothing else.
allows() {
    local unit=$1 allowed
    shift
    allowed=$(probe "$unit")
    [ "$allowed" = "$*" ] || {
        printf 'allowed is  %s\nit should be %s\n' "$allowed" "$*" >&2
        return 1
    }
}

# Whatever fails even here, no wall can be shown to deny.
check "without walls all of it is allowed" allows '' become-root mount open-tun \
    packet-socket ptrace reach-loopback reach-network read-home read-models read-other-state realtime \
    see-processes see-shared-tmp set-user-id-file tcp-socket user-namespace write-and-run write-etc \
    write-state write-usr
check "the console's walls" allows madoguchi-console \
    reach-loopback reach-network read-models tcp-socket write-state
# GStreamer's Orc writes machine code and runs it.
check "the robot's walls" allows madoguchi-robot \
    reach-loopback reach-network read-models tcp-socket write-and-run write-state
check "the check's walls" allows madoguchi-check reach-loopback read-models tcp-socket
check "the walls of the page for a robot out of order" allows madoguchi-out-of-order \
    reach-loopback read-models tcp-socket write-state
in_guest rm -f /run/systemd/system/madoguchi-probe.service /etc/madoguchi-probe /usr/bin/madoguchi-probe
in_guest systemctl daemon-reload
