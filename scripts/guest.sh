#!/usr/bin/env bash
# A Debian of its own with a living systemd, for tests: sourced, not run. Needs root.
#
# It runs in a container (systemd-nspawn) over a root that stays as it is: what the guest writes is
# in memory and gone with it. It has a network of its own with nothing but loopback.

readonly GUEST_ROOT=target/guest/root
readonly GUEST_PATIENCE_S=60
GUEST_NSPAWN='' GUEST=''

guest_fail() {
    printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2
    exit 1
}

# guest_root PACKAGE.deb...: a minimal Debian 12 that has what these packages need, but not them.
guest_root() {
    local wanted stamp=target/guest/made-from package
    wanted=$(for package in "$@"; do dpkg-deb --field "$package" Depends; done |
        tr , '\n' | sed 's/^ *//; /^$/d; /^madoguchi-/d' | sort -u | paste -sd ,)
    [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
    echo "making a Debian 12 in $GUEST_ROOT (log: target/guest/log)"
    rm -rf target/guest
    mkdir -p target/guest
    debootstrap --variant=minbase --include=dbus,perl-base,procps,systemd-sysv,util-linux bookworm \
        "$GUEST_ROOT" >target/guest/log 2>&1 &&
        chroot "$GUEST_ROOT" env DEBIAN_FRONTEND=noninteractive \
            apt-get satisfy -y --no-install-recommends "$wanted" >>target/guest/log 2>&1 ||
        guest_fail "Debian 12 could not be made; see target/guest/log"
    chroot "$GUEST_ROOT" apt-get clean
    printf '%s\n' "$wanted" >"$stamp"
}

# guest_start FOLDER: boots; FOLDER is /packages there.
guest_start() {
    # Only the newer kind of control groups lets systemd filter addresses.
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --capability=CAP_BPF,CAP_PERFMON,CAP_NET_ADMIN --system-call-filter=bpf --register=no --keep-unit --private-network --volatile=overlay \
        --directory="$GUEST_ROOT" --bind-ro="$(realpath "$1"):/packages" --hostname=guest \
        --console=passive --boot </dev/null >target/guest/console 2>&1 &
    GUEST_NSPAWN=$!
    trap guest_stop EXIT
    # Its process 1, once it is there, and its private bus, once it listens.
    await "the guest to boot" guest_has_booted
}

guest_has_booted() {
    kill -0 "$GUEST_NSPAWN" 2>/dev/null || guest_fail "the guest ended; see target/guest/console"
    GUEST=$(pgrep --parent "$GUEST_NSPAWN" -x systemd) &&
        in_guest systemctl is-system-running 2>/dev/null | grep -qE '^(running|degraded)$'
}

guest_stop() {
    trap - EXIT
    [ -n "$GUEST_NSPAWN" ] || return 0
    kill -TERM "$GUEST_NSPAWN" 2>/dev/null || true
    wait "$GUEST_NSPAWN" 2>/dev/null || true
}

in_guest() {
    nsenter --target "$GUEST" --all -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        HOME=/root DEBIAN_FRONTEND=noninteractive "$@"
}

# beside_guest COMMAND: a program of this machine on the guest's network.
beside_guest() { nsenter --target "$GUEST" --net -- "$@"; }

# await WHAT COMMAND...: until the command succeeds.
await() {
    local what=$1 until=$((SECONDS + GUEST_PATIENCE_S))
    shift
    until "$@"; do
        [ $SECONDS -lt $until ] || guest_fail "waited ${GUEST_PATIENCE_S} s in vain for $what"
        sleep 0.2
    done
}
