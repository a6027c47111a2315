#!/usr/bin/env bash
# Plants one secret of each kind where an image or a package could hold it; the scan must find each
# and nothing where there is none. Run by `make packages-test` before the scan is believed.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
passed=0

fail() {
    echo "scan-secrets-test: FAILED: $*" >&2
    exit 1
}

# A root with what looks like secrets and is none.
clean() {
    rm -rf "$root"
    mkdir -p "$root"/{etc,usr/share/doc/openssl,usr/bin,var/lib/madoguchi/robot,usr/lib/madoguchi/update-keys}
    printf 'root:!*:19000::::::\ndaemon:*:19000::::::\n' >"$root/etc/shadow"
    : >"$root/etc/machine-id"
    openssl genpkey -algorithm ed25519 -out "$work/key.pem" 2>/dev/null
    cp "$work/key.pem" "$root/usr/share/doc/openssl/example.pem"
    openssl pkey -in "$work/key.pem" -pubout -out "$root/usr/lib/madoguchi/update-keys/vendor.pem"
    printf 'key = "/var/lib/madoguchi-console/key.pem"\nurl = "https://updates.example.jp/"\n' \
        >"$root/etc/robot.toml"
    # A program that can read such a file has its first line.
    printf '\0-----BEGIN PRIVATE KEY-----\0-----END PRIVATE KEY-----\0$argon2id$v=19$\0' >"$root/usr/bin/program"
}

# finds WHAT PATH: what was just planted.
finds() {
    local said
    if said=$(scripts/scan-secrets.sh "$root"); then fail "$1 is not found"; fi
    grep -qF "$2" <<<"$said" || fail "$1 is not told of: $said"
    passed=$((passed + 1))
    clean
}

clean
scripts/scan-secrets.sh "$root" || fail "a clean root isn't called clean"
cp "$work/key.pem" "$root/etc/vendor.pem"
finds "a private key" "etc/vendor.pem: a private key"
{ printf '\0\1\2' && cat "$work/key.pem"; } >"$root/usr/bin/program"
finds "a private key within a program" "usr/bin/program: a private key"
printf '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzYWx0$c29tZWhhc2hzb21laGFzaHNvbWVoYXNo\n' >"$root/etc/pin"
finds "a PIN's hash" "etc/pin: a password hash"
: >"$root/var/lib/madoguchi/robot/device.key"
finds "a robot's key" "device.key: a file that only one machine may have"
printf '%032x\n' 7 >"$root/etc/machine-id"
finds "a machine's identity" "etc/machine-id: a machine's identity"
printf 'root::19000::::::\n' >"$root/etc/shadow"
finds "an open account" "root logs in without a password"
printf 'root:$y$j9T$salt$hash:19000::::::\n' >"$root/etc/shadow"
finds "a password" "root has a password"
printf 'webhook = "https://robot:s3cr3t-words@desk.example.jp/ring"\n' >"$root/etc/robot.toml"
finds "a password in an address" "etc/robot.toml: an address with a password"
printf 'ghp_%036d\n' 1 >"$root/etc/token"
finds "a token" "etc/token: a token of a code host"
echo "scan-secrets-test: $passed planted, $passed found"
