#!/usr/bin/env bash
# What `make packages-test` does: builds the packages from the development build, and in a Debian of
# its own installs them, has a visitor greeted and an operator signed in, lets the robot fail in all
# ways, attacks the services from inside, upgrades, removes and purges. Needs root; takes minutes.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ "$(id -u)" -eq 0 ] || {
    echo "packages-test: a Debian of its own can be made by root only; run this as root" >&2
    exit 1
}
# shellcheck source=scripts/guest.sh
source scripts/guest.sh

readonly OUT=target/packages
passed=0

# check NAME COMMAND...
check() {
    local name=$1
    shift
    "$@" || guest_fail "FAILED: $name"
    passed=$((passed + 1))
    echo "ok $passed - $name"
}

one() { ls "$OUT/$1"_*-"$2"_*.deb; }

echo "== packages of two versions"
rm -f "$OUT"/*.deb
scripts/packages.sh --profile dev --revision 1
scripts/packages.sh --profile dev --revision 2 madoguchi-robot madoguchi-console
FIRST=("$(one madoguchi-robot 1)" "$(one madoguchi-console 1)" "$(one madoguchi-models 1)")
readonly FIRST

for package in "${FIRST[@]}"; do
    check "lintian finds no error in $(basename "$package")" \
        lintian --allow-root --fail-on error "$package"
done

check "the scan finds what is planted" scripts/scan-secrets-test.sh
check "the packages hold no secret" scripts/scan-secrets.sh "${FIRST[@]}"

guest_root "${FIRST[@]}"
echo "== a guest"
guest_start "$OUT"

active() { in_guest systemctl is-active --quiet "$@"; }
inactive() { ! in_guest systemctl is-active --quiet "$1"; }
main_pid() { in_guest systemctl show --property MainPID --value "$1"; }
version_is() { in_guest dpkg-query -W -f '${Version}\n' "$1" | grep -qE -- "-$2\$"; }
page_shows() { screen_page | grep -qF "$1"; }
# As a browser shows it, a while after it has loaded.
screen_page() {
    beside_guest chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=10000 \
        --allow-loopback-in-peer-connection --user-data-dir="$PROFILE" \
        --dump-dom "http://127.0.0.1:8700/" 2>/dev/null
}
PROFILE=$(mktemp -d)
readonly PROFILE
trap 'guest_stop; rm -rf "$PROFILE"' EXIT

echo "== install"
check "the packages install" in_guest apt-get install -y --no-install-recommends -q \
    -o Dpkg::Use-Pty=0 "/packages/$(basename "${FIRST[0]}")" "/packages/$(basename "${FIRST[1]}")" \
    "/packages/$(basename "${FIRST[2]}")"
check "robot and console run" active madoguchi.target madoguchi-robot madoguchi-console
check "a visitor is greeted" \
    await "the daemon's greeting" page_shows "Welcome to Hoshikawa Ward Office"
check "all models are as in the manifest" in_guest runuser -u madoguchi-robot -- \
    madoguchi-robot models verify

as_console() {
    in_guest runuser -u madoguchi-console -- madoguchi-console \
        --config /etc/madoguchi/console.toml "$@"
}
as_robot() { in_guest runuser -u madoguchi-robot -- madoguchi-robot "$@"; }
sign_in() {
    beside_guest curl --silent --fail --noproxy '*' --data '{"user":"hana","password":"a long pass phrase"}' \
        http://127.0.0.1:8080/api/session | grep -q '"Hana"'
}
echo "a long pass phrase" | as_console operator add hana --name Hana --languages en --password-stdin
check "an operator signs in" sign_in

claim() {
    local offer
    offer=$(as_console robot claim-code --name "Entrance 1" --site Hoshikawa --place Hall)
    as_robot claim --console wss://127.0.0.1:8443/robot/link \
        --code "$(sed -n 's/^claim code *//p' <<<"$offer")" \
        --fingerprint "$(sed -n 's/^fingerprint *//p' <<<"$offer")"
    in_guest systemctl restart madoguchi-robot
}
told_of_secret() {
    in_guest journalctl --unit madoguchi-console --output cat | grep -q 'turn.secret_file\|turn-secret'
}
check_json() { as_robot check --running 60 --json || true; }
linked() { check_json | tr -d ' \n' | grep -q '"condition":"works","detail":"wss://127.0.0.1:8443/robot/link"'; }
claim
await "the robot to reach its console" linked
check "a claimed robot reaches its console" linked

echo "== secrets"
in_guest sh -c '
    install -d -m 700 /etc/credstore.encrypted
    echo a-secret-of-more-than-16-letters | systemd-creds encrypt --with-key=host \
        --name=madoguchi.turn-secret - /etc/credstore.encrypted/madoguchi.turn-secret
    cp -p /etc/madoguchi/console.toml /etc/madoguchi/console.toml.kept
    printf "[turn]\nurls = [\"turn:127.0.0.1:3478\"]\nsecret_file = \"%s\"\n" \
        /run/credentials/madoguchi-console.service/madoguchi.turn-secret >>/etc/madoguchi/console.toml
    systemctl restart madoguchi-console'
await "the console with its secret" sign_in
check "the console reads a secret that is encrypted on the disk" sign_in
in_guest sh -c 'mv /etc/credstore.encrypted/madoguchi.turn-secret /run/taken-away
    systemctl restart madoguchi-console'
await "the console without its secret" told_of_secret
check "without it, it says what it misses" told_of_secret
in_guest sh -c 'mv /etc/madoguchi/console.toml.kept /etc/madoguchi/console.toml
    rm /run/taken-away; systemctl restart madoguchi-console'
await "the console as before" sign_in

source scripts/packages-test/failures.sh
source scripts/packages-test/denials.sh

echo "== upgrade"
in_guest sed -i 's/^# What an installed robot sets/# Changed here. &/' /etc/madoguchi/robot.toml
KEY=$(in_guest sha256sum /var/lib/madoguchi/robot/device.key)
readonly KEY
before=$(main_pid madoguchi-robot)
check "a newer version installs over it" in_guest apt-get install -y -q -o Dpkg::Use-Pty=0 \
    "/packages/$(basename "$(one madoguchi-robot 2)")" "/packages/$(basename "$(one madoguchi-console 2)")"
check "it is the newer one" version_is madoguchi-robot 2
check "the services run on" active madoguchi-robot madoguchi-console
check "it is the newer program that runs" test "$(main_pid madoguchi-robot)" != "$before"
check "what was changed in the configuration stays" in_guest grep -q '^# Changed here' /etc/madoguchi/robot.toml
check "the robot keeps its key" in_guest sh -c "[ \"\$(sha256sum /var/lib/madoguchi/robot/device.key)\" = '$KEY' ]"
await "the upgraded robot to reach its console" linked
check "the console keeps its operators" sign_in

echo "== remove"
check "the packages can be removed" in_guest apt-get remove -y -q -o Dpkg::Use-Pty=0 \
    madoguchi-robot madoguchi-console madoguchi-models
check "nothing of it runs" in_guest sh -c '! pgrep -x madoguchi-robot && ! pgrep -x madoguchi-conso'
check "configuration and state stay" in_guest test -e /etc/madoguchi/robot.toml -a \
    -e /var/lib/madoguchi/robot/device.key -a -e /var/lib/madoguchi-console/console.db
check "they can be purged" in_guest apt-get purge -y -q -o Dpkg::Use-Pty=0 \
    madoguchi-robot madoguchi-console madoguchi-models
left() { in_guest find / -xdev -iname '*madoguchi*'; }
check "a purge leaves nothing" test -z "$(left)"

guest_stop
echo "packages-test: $passed passed, 0 failed"
