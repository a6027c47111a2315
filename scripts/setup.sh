#!/usr/bin/env bash
# Prepares this machine for Madoguchi: what is there already is left alone.
#
#   scripts/setup.sh [STAGE...]
#
# Stages, in this order; the first five when none is named:
#   system  packages of the distribution (apt; root or sudo)
#   rust    a toolchain not older than `rust-version` in Cargo.toml
#   node    Node.js 20.19 or later of its line, or at least 22.12; and npm
#   pages   the pages' dependencies, and the built pages
#   models  speech, translation and meaning models, into .demo/models
#   packages  what makes a Debian to install packages in, and checks them
#   image   what builds disk images and boots them
#   tests   what only tests need: PostgreSQL, coturn, a sound server, an MCP server that others wrote
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH="$PWD/.tools/bin:$HOME/.cargo/bin:$PATH"
export PATH DEBIAN_FRONTEND=noninteractive

readonly LOG=.tools/setup.log
RUST_FLOOR=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
readonly RUST_FLOOR

readonly PACKAGES=(
    git make curl ca-certificates
    build-essential cmake clang libclang-dev pkg-config mold
    libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
    gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
    gstreamer1.0-alsa gstreamer1.0-pulseaudio gstreamer1.0-pipewire
    espeak-ng open-jtalk open-jtalk-mecab-naist-jdic
    pocketsphinx-testdata alsa-utils
    fonts-noto-cjk fonts-noto-core
    python3 python3-pip
)
# Absent from some distributions; nothing in the demo or the tests needs them.
readonly OPTIONAL_PACKAGES=(gstreamer1.0-libcamera shellcheck)
readonly TEST_PACKAGES=(postgresql coturn libfaketime)
readonly PACKAGING_PACKAGES=(debootstrap systemd-container lintian)
readonly IMAGE_PACKAGES=(
    debootstrap systemd-container squashfs-tools cryptsetup-bin dosfstools mtools fdisk e2fsprogs
    binutils qemu-system-x86 ovmf
)

say() { printf 'setup: %s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# at_least HAVE FLOOR: compares dotted version numbers.
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# Asks for what as_root needs while its words still reach the terminal.
need_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null ||
        fail "installing packages needs root: run this as root, or install sudo"
    sudo -n true 2>/dev/null || sudo -v ||
        fail "installing packages needs root, and sudo refused: run this as root"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo --preserve-env=DEBIAN_FRONTEND "$@"
    fi
}

installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# The version that apt would install, without epoch and revision; empty when there is none.
candidate() {
    LC_ALL=C apt-cache policy "$1" 2>/dev/null |
        sed -n 's/^  Candidate: //p' | sed 's/^(none)$//; s/^[0-9]*://; s/[-+~].*//'
}

APT_FRESH=
refresh_apt() {
    need_root
    if [ -z "$APT_FRESH" ]; then
        as_root apt-get update -q >>"$LOG" 2>&1 ||
            fail "apt-get update failed; see $LOG, check the network and /etc/apt"
        APT_FRESH=yes
    fi
}

# Installs the named packages that are missing.
install_packages() {
    local missing=() package
    for package in "$@"; do
        installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    refresh_apt
    say "installing by apt (log: $LOG): ${missing[*]}"
    as_root apt-get install -y -q --no-install-recommends --no-remove \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "${missing[@]}" \
        >>"$LOG" 2>&1 || {
        tail -n 15 "$LOG" >&2
        fail "apt-get could not install them; the lines above are the end of $LOG"
    }
}

# Those of the named packages that are installed or could be.
available() {
    local package
    for package in "$@"; do
        installed "$package" || [ -n "$(candidate "$package")" ] && printf '%s\n' "$package"
    done
    return 0
}

setup_system() {
    command -v apt-get >/dev/null ||
        fail "no apt-get here; on this distribution install by hand what scripts/setup.sh lists"
    install_packages "${PACKAGES[@]}"
    local optional
    mapfile -t optional < <(available "${OPTIONAL_PACKAGES[@]}")
    install_packages "${optional[@]}"
    setup_browser
}

# Whether a program only starts a snap, as Ubuntu's chromium-browser does.
starts_a_snap() {
    case $(readlink -f "$1") in
    */snap | /snap/*) return 0 ;;
    esac
    [ "$(head -c 2 "$1")" = '#!' ] && grep -q '/snap/' "$1"
}

# The screen and the browser tests need Chromium as a program that a test can start.
setup_browser() {
    local name
    for name in chromium chromium-browser google-chrome; do
        [ -e "/usr/bin/$name" ] && ! starts_a_snap "/usr/bin/$name" && return
    done
    if grep -q '^ID=ubuntu$' /etc/os-release; then
        say "Ubuntu has Chromium only as a snap, which tests cannot drive: install Google Chrome's" \
            "package, or put any Chromium at /usr/bin/chromium; the browser tests need one"
        return
    fi
    refresh_apt
    if [ -n "$(candidate chromium)" ]; then
        install_packages chromium
    else
        install_packages chromium-browser
    fi
}

have_rust() {
    command -v cargo >/dev/null && command -v rustc >/dev/null &&
        at_least "$(cargo --version 2>/dev/null | cut -d ' ' -f 2)" "$RUST_FLOOR"
}

setup_rust() {
    have_rust && return
    if command -v rustup >/dev/null; then
        say "updating Rust to at least $RUST_FLOOR by rustup"
        # For this folder only: other projects keep their default.
        if rustup toolchain install stable --profile minimal --component rustfmt \
            --component clippy >>"$LOG" 2>&1; then
            rustup override set stable >>"$LOG" 2>&1 || true
        fi
        have_rust && return
    fi
    local installer
    installer=$(mktemp)
    if curl --proto '=https' --tlsv1.2 -sSf --connect-timeout 10 --retry 2 \
        -o "$installer" https://sh.rustup.rs 2>>"$LOG"; then
        say "installing Rust by rustup into ~/.cargo"
        sh "$installer" -y --profile minimal --component rustfmt --component clippy \
            --default-toolchain stable --no-modify-path >>"$LOG" 2>&1 || true
    fi
    rm -f "$installer"
    hash -r
    have_rust && return
    setup_rust_from_apt
    hash -r
    have_rust || fail "no Rust of at least $RUST_FLOOR could be installed; see $LOG, or install" \
        "it by hand from rustup.rs"
}

# Without rustup: Debian keeps a current compiler for its browsers, Ubuntu versioned ones.
setup_rust_from_apt() {
    local packages
    refresh_apt
    if at_least "$(candidate cargo-web)" "$RUST_FLOOR"; then
        say "rustup cannot be reached; taking the distribution's rustc-web"
        mapfile -t packages < <(available rustc-web cargo-web rustfmt-web rust-web-clippy)
        install_packages "${packages[@]}"
    elif at_least "$(candidate cargo)" "$RUST_FLOOR"; then
        install_packages rustc cargo rustfmt rust-clippy
    else
        local found
        found=$(apt-cache pkgnames cargo-1. | sed -n 's/^cargo-\([0-9.]*\)$/\1/p' | sort -V | tail -n 1)
        if [ -n "$found" ] && at_least "$found" "$RUST_FLOOR"; then
            say "rustup cannot be reached; taking the distribution's rustc-$found"
            mapfile -t packages < <(available "rustc-$found" "cargo-$found" "rustfmt-$found" \
                "rust-$found-clippy")
            install_packages "${packages[@]}"
            local tool
            for tool in "/usr/lib/rust-$found/bin"/*; do
                ln -sf "$tool" .tools/bin/
            done
        else
            say "the distribution's Rust is too old (cargo-web: $(candidate cargo-web), cargo:" \
                "$(candidate cargo)); on Debian check that its security archive is in /etc/apt"
        fi
    fi
}

# Of the versions that `engines` in package.json names.
have_node() {
    command -v node >/dev/null && command -v npm >/dev/null || return
    local version
    version=$(node --version 2>/dev/null | tr -d v)
    case $version in
    20.*) at_least "$version" 20.19 ;;
    *) at_least "$version" 22.12 ;;
    esac
}

setup_node() {
    have_node && return
    command -v npm >/dev/null || install_packages nodejs npm
    hash -r
    have_node && return
    say "the pages can't be built with the Node.js here; putting a newer one into .tools"
    mkdir -p .tools/node
    cp scripts/node/package.json scripts/node/package-lock.json .tools/node/
    (cd .tools/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >>"../../$LOG" 2>&1) ||
        fail "npm could not install Node.js; see $LOG"
    local modules=../node/node_modules
    ln -sf "$(cd .tools/bin && ls -d $modules/node-linux-*/bin/node)" .tools/bin/node
    ln -sf $modules/npm/bin/npm-cli.js .tools/bin/npm
    ln -sf $modules/npm/bin/npx-cli.js .tools/bin/npx
    hash -r
    have_node || fail "the Node.js in .tools does not run here (needs x86-64 or arm64 and glibc 2.28)"
}

PAGES=(robot-firmware/screen operator-console/web)
readonly PAGES

setup_pages() {
    local wanted stamp=node_modules/.installed-from page
    wanted=$(sha256sum package-lock.json | cut -d ' ' -f 1)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
        say "installing the pages' dependencies"
        npm ci --no-audit --no-fund --loglevel=error
        printf '%s\n' "$wanted" >"$stamp"
    fi
    for page in "${PAGES[@]}"; do
        if [ ! -e "$page/dist/index.html" ] || [ -n "$(find "$page" shared/ts package-lock.json \
            \( -name node_modules -o -name dist \) -prune -o -type f \
            -newer "$page/dist/index.html" -print -quit)" ]; then
            say "building the pages"
            npm run --silent build
            return
        fi
    done
}

# Without it one test says loudly that it is skipped.
setup_tool_server() {
    local folder=.tools/mcp-server-time version=2026.10.19
    [ "$(cat "$folder/.version" 2>/dev/null)" != "$version" ] || return 0
    rm -rf "$folder"
    if python3 -m pip install --quiet --disable-pip-version-check --only-binary :all: \
        --target "$folder" "mcp-server-time==$version" >>"$LOG" 2>&1; then
        printf '%s\n' "$version" >"$folder/.version"
    else
        rm -rf "$folder"
        say "mcp-server-time $version could not be installed by pip (see $LOG); its test is skipped"
    fi
}

setup_models() {
    # Also what only tests and benches need, so that they build without a network.
    cargo fetch --locked --quiet --target "$(rustc -vV | sed -n 's/^host: //p')"
    # The whole workspace, as everything later builds it: one package alone would be built with
    # other features, and the common dependencies twice.
    cargo build --locked --workspace
    "${CARGO_TARGET_DIR:-target}/debug/madoguchi-robot" models fetch --models .demo/models
}

setup_tests() {
    install_packages "${TEST_PACKAGES[@]}"
    # On a desktop with PipeWire, PulseAudio could only be had by removing that.
    if ! command -v pulseaudio >/dev/null; then
        if installed pipewire-audio; then
            say "PulseAudio would replace this desktop's PipeWire: its test will be skipped"
        else
            install_packages pulseaudio
        fi
    fi
    setup_tool_server
}

setup_image() { install_packages "${IMAGE_PACKAGES[@]}"; }

setup_packages() { install_packages "${PACKAGING_PACKAGES[@]}"; }

mkdir -p .tools/bin
[ $# -gt 0 ] || set -- system rust node pages models
for stage in "$@"; do
    case $stage in
    system | rust | node | pages | models | packages | image | tests) "setup_$stage" ;;
    *)
        say "no stage '$stage'; the stages are system, rust, node, pages, models, packages, image, tests"
        exit 2
        ;;
    esac
done
