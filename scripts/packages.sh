#!/usr/bin/env bash
# Builds the Debian packages for this machine's architecture into target/packages.
#
#   scripts/packages.sh [--profile release|dev] [--revision N] [CRATE...]
#
# `dev` packs what `make test` builds anyway: for tests of the packages, not for robots. The
# revision is what stands after the hyphen of the version, 1 by default. Without CRATE: all.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
: "${CARGO_DEB:?run this by make packages}"

readonly OUT=target/packages
profile=release revision=1 crates=()
while [ $# -gt 0 ]; do
    case $1 in
    --profile) profile=$2 && shift ;;
    --revision) revision=$2 && shift ;;
    madoguchi-robot | madoguchi-console | madoguchi-models) crates+=("$1") ;;
    *)
        echo "packages: no option '$1'; see the head of $0" >&2
        exit 2
        ;;
    esac
    shift
done
[ ${#crates[@]} -gt 0 ] || crates=(madoguchi-robot madoguchi-console madoguchi-models)

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)-$revision
built=${CARGO_TARGET_DIR:-target}
programs=$built/$([ "$profile" = dev ] && echo debug || echo "$profile")
cargo build --locked --workspace --bins --profile "$profile"
mkdir -p "$OUT"

# Of the last commit: the same programs give the same packages. Not set before, since C libraries
# would be built anew for it.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
cat >"$OUT/changelog" <<END
madoguchi ($version) stable; urgency=medium

  * See CHANGELOG.md in the sources.

 -- The Madoguchi authors <madoguchi@example.org>  $(date -uRd "@$SOURCE_DATE_EPOCH")
END

# cargo-deb refuses development builds, and looks for programs in a folder named release.
pack_options=()
if [ "$profile" = dev ]; then
    mkdir -p "$OUT/target"
    ln -sfnT "$(realpath "$programs")" "$OUT/target/release"
    built=$OUT/target pack_options=(--fast)
fi

pack_program() {
    CARGO_TARGET_DIR=$built "$CARGO_DEB" --quiet --locked --no-build --strip --package "$1" \
        --deb-version "$version" --output "$OUT/" "${pack_options[@]}"
}

# By hand: cargo-deb makes no package for every architecture.
pack_models() {
    local staged=$OUT/models models=.demo/models name
    "$programs/madoguchi-robot" --config systemd/etc/madoguchi/robot.toml models fetch --models $models
    rm -rf "$staged"
    install -d "$staged"/{DEBIAN,usr/share/madoguchi/models,usr/share/doc/madoguchi-models}
    # Only what the manifest names, whatever else lies there.
    while read -r name; do
        cp -r "$models/$name" "$staged/usr/share/madoguchi/models/"
    done < <("$programs/madoguchi-robot" --config systemd/etc/madoguchi/robot.toml models list \
        --models $models --json | sed -n 's/^    "name": "\(.*\)",$/\1/p')
    "$programs/madoguchi-robot" --config systemd/etc/madoguchi/robot.toml models verify \
        --models "$staged/usr/share/madoguchi/models"
    {
        printf 'Models that others made; each with its maker and licence:\n\n'
        "$programs/madoguchi-robot" --config systemd/etc/madoguchi/robot.toml models list \
            --models "$staged/usr/share/madoguchi/models" | sed 1d
    } >"$staged/usr/share/doc/madoguchi-models/copyright"
    gzip -9nc "$OUT/changelog" >"$staged/usr/share/doc/madoguchi-models/changelog.Debian.gz"
    sed -e "s/@VERSION@/$version/" -e "s/@SIZE@/$(du -sk "$staged/usr" | cut -f 1)/" \
        systemd/debian/models/control >"$staged/DEBIAN/control"
    chmod -R u=rwX,go=rX "$staged"
    (cd "$staged" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
    # Packed numbers hardly become smaller.
    dpkg-deb --root-owner-group -Zgzip -z1 --build "$staged" "$OUT/" >/dev/null
    rm -rf "$staged"
}

for crate in "${crates[@]}"; do
    case $crate in
    madoguchi-models) pack_models ;;
    *) pack_program "$crate" ;;
    esac
done
ls -l "$OUT"/*"_${version}_"*.deb
