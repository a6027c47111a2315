#!/usr/bin/env bash
# Checks what is in systemd/: that systemd understands it, that the users exist, and that no unit
# is exposed more than the figure beside it (`systemd-analyze security`, in tenths; 0 is best).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

declare -rA HIGHEST_EXPOSURE=([robot]=21 [console]=12 [screen]=38 [check]=12 [out-of-order]=12 [update]=30 [keep]=30)

if ! command -v systemd-analyze >/dev/null; then
    echo "lint: systemd-analyze is not here; units were not checked" >&2
    exit 0
fi

# `verify` wants to see the programs and the targets that the units name.
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{usr/bin,usr/lib/systemd,etc/systemd/system}
cp -r /lib/systemd/system "$root/usr/lib/systemd/"
ln -s usr/lib "$root/lib"
ln -s usr/bin "$root/bin"
readarray -t programs < <(sed -nE "s@^ExecStart(Pre)?=[+-]*(/usr/bin/[^ ]+).*@\2@p" systemd/*.service | sort -u)
for program in "${programs[@]}"; do
    install -m 755 /dev/null "$root$program"
done
install -m 755 /dev/null "$root/usr/bin/true"
cp systemd/*.service systemd/*.target systemd/*.timer "$root/etc/systemd/system/"

failed=0
for name in "${!HIGHEST_EXPOSURE[@]}"; do
    unit=madoguchi-$name.service
    complaints=$(systemd-analyze verify --man=no --recursive-errors=no --root="$root" "$unit" 2>&1) ||
        failed=1
    if [ -n "$complaints" ]; then
        printf 'systemd/%s: %s\n' "$unit" "$complaints" >&2
        failed=1
    fi
    if ! systemd-analyze security --no-pager --offline=true \
        --threshold="${HIGHEST_EXPOSURE[$name]}" "systemd/$unit" >"$root/report" 2>&1; then
        tail -n 1 "$root/report" >&2
        echo "systemd/$unit: more exposed than ${HIGHEST_EXPOSURE[$name]} tenths; harden it again" >&2
        failed=1
    fi
done

mkdir -p "$root"/usr/lib/{sysusers.d,tmpfiles.d}
cp systemd/sysusers.d/* "$root/usr/lib/sysusers.d/"
cp systemd/tmpfiles.d/* "$root/usr/lib/tmpfiles.d/"
systemd-sysusers --root="$root" madoguchi-robot.conf madoguchi-console.conf >/dev/null \
    2>"$root/report" || failed=1
systemd-tmpfiles --root="$root" --create madoguchi-robot.conf 2>>"$root/report" || failed=1
for user in $(sed -n 's/^User=//p' systemd/*.service); do
    grep -q "^$user:" "$root/etc/passwd" || echo "no user $user in systemd/sysusers.d" >>"$root/report"
done
if [ "$failed" -ne 0 ] || grep -q '^no user' "$root/report"; then
    grep -v '^Creating' "$root/report" >&2 || true
    failed=1
fi
exit $failed
