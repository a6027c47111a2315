#!/usr/bin/env bash
# Looks for secrets in what is given to robots: `scripts/scan-secrets.sh FILE.deb|FILE.squashfs|FOLDER...`
#
# Private keys, password hashes, tokens of well-known shapes, files that only one machine may have
# (device keys, claims, machine identities, host keys of ssh), accounts that can log in without
# having been set up. Prints each finding as FILE: WHAT; exit code 1 where there is one.
set -euo pipefail
export LC_ALL=C

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
found=0

finding() {
    printf '%s: %s\n' "${1#"$work"/}" "$2"
    found=1
}

# Contents by what can't be there by chance.
readonly -A SHAPES=(
    ["a private key"]='-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----[[:space:]]+[A-Za-z0-9+/=]{16}'
    ["a password hash"]='\$(argon2(id|i|d)\$v=[0-9]+\$m=[0-9]+[,tp=0-9]*\$[A-Za-z0-9+/]{8,}|2[aby]\$[0-9]{2}|[56]\$(rounds=[0-9]+\$)?[./A-Za-z0-9]{4,16}|y\$[./A-Za-z0-9]+)\$[./A-Za-z0-9+,=$]{20,}'
    ["a token of a code host"]='(gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20})'
    ["a key of a cloud"]='(AKIA|ASIA)[A-Z0-9]{16}[^A-Za-z0-9]'
    ["an address with a password"]='[a-z][a-z0-9+]{2,9}://[A-Za-z0-9._-]{1,40}:[A-Za-z0-9._~!$&()*+,;=%-]{6,60}@[A-Za-z0-9-]{2,}\.'
)
# Names, whatever is in them.
readonly NAMES='(^|/)(device\.key|claim\.json|staff-pin|owed|.*_history|id_(rsa|ecdsa|ed25519)|ssh_host_.*_key|\.netrc|\.pgpass|\.git-credentials|credential\.secret)$'
# Documents of programs that show what a key looks like.
readonly EXAMPLES='(^|/)usr/share/(doc|man|perl|perl5|ca-certificates|gnupg)/|/lib(crypt|crypto|gcrypt|gnutls|nettle|ssl|ssh)[.0-9a-z-]*\.so'

scan_folder() {
    local folder=$1 what path
    while IFS= read -r -d '' path; do
        finding "$path" "a file that only one machine may have"
    done < <(find "$folder" -xdev -type f -regextype posix-extended -regex ".*$NAMES" -print0)
    for what in "${!SHAPES[@]}"; do
        while IFS= read -r -d '' path; do
            [[ ${path#"$folder"} =~ $EXAMPLES ]] || finding "$path" "$what"
        done < <(grep -rlZazE --devices=skip --binary-files=text -e "${SHAPES[$what]}" "$folder" 2>/dev/null)
    done
    path=$folder/etc/machine-id
    if [ -f "$path" ] && [ ! -L "$path" ] && grep -qE '^[0-9a-f]{32}$' "$path"; then
        finding "$path" "a machine's identity"
    fi
    path=$folder/etc/shadow
    if [ -f "$path" ]; then
        while IFS=: read -r user hash _; do
            case $hash in
            '' | '*' | '!'*) [ -n "$hash" ] || finding "$path" "$user logs in without a password" ;;
            *) finding "$path" "$user has a password" ;;
            esac
        done <"$path"
    fi
}

[ $# -gt 0 ] || {
    echo "scan-secrets: name packages, root images or folders" >&2
    exit 2
}
for given in "$@"; do
    case $given in
    *.deb)
        unpacked=$work/$(basename "$given")
        mkdir "$unpacked"
        dpkg-deb --raw-extract "$given" "$unpacked"
        scan_folder "$unpacked"
        rm -rf "$unpacked"
        ;;
    *.squashfs)
        unpacked=$work/$(basename "$given")
        unsquashfs -quiet -no-progress -dest "$unpacked" "$given" >/dev/null
        scan_folder "$unpacked"
        rm -rf "$unpacked"
        ;;
    *)
        [ -d "$given" ] || {
            echo "scan-secrets: $given is no package, root image or folder" >&2
            exit 2
        }
        scan_folder "$given"
        ;;
    esac
done
exit $found
