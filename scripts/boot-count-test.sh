#!/usr/bin/env bash
# What `make boot-count-test` does: the updater's own files on an EFI system partition, started by
# systemd-boot under OVMF: a new version is tried as often as its entry says, counted by the loader,
# and then gone back from; the next one is tried again. Takes a kernel and a shell from Debian;
# nothing of a robot runs in the machine, which tells its command line and ends. Emulated by software.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly ROBOT=$PWD/${CARGO_TARGET_DIR:-target}/debug/madoguchi-robot CACHE=$PWD/target/boot-count
readonly FIRMWARE=/usr/share/OVMF EFI=/usr/lib/systemd/boot/efi PATIENCE_S=180
passed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    [ ! -e "$work/serial" ] || tr -d '\r' <"$work/serial" | tail -n 15 >&2
    echo "boot-count-test: FAILED: $*" >&2
    exit 1
}
[ -x "$ROBOT" ] || fail "there is no $ROBOT; cargo build makes it"
for need in qemu-system-x86_64 mcopy mkfs.vfat objcopy dpkg-deb; do
    command -v "$need" >/dev/null || fail "there is no $need; install Debian's package of it"
done
[ -e $EFI/systemd-bootx64.efi ] || fail "there is no systemd-boot; install systemd-boot-efi"

# A kernel and a shell, once.
if [ ! -e "$CACHE/busybox" ]; then
    mkdir -p "$CACHE"
    kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1)
    (cd "$work" && apt-get -q download "$kernel" busybox-static >&2) || fail "Debian's kernel can't be had"
    for package in "$work"/*.deb; do dpkg-deb -x "$package" "$work/debian"; done
    cp "$work"/debian/boot/vmlinuz-* "$CACHE/vmlinuz"
    cp "$work/debian/bin/busybox" "$CACHE/busybox"
fi
mkdir -p "$work/init/bin"
cp "$CACHE/busybox" "$work/init/bin/busybox"
cat >"$work/init/init" <<'END'
#!/bin/busybox sh
/bin/busybox mkdir -p /proc
/bin/busybox mount -t proc proc /proc
echo "started with: $(/bin/busybox cat /proc/cmdline)"
/bin/busybox reboot -f
END
chmod +x "$work/init/init"
(cd "$work/init" && find . | "$CACHE/busybox" cpio -o -H newc 2>/dev/null) >"$work/initrd"
objcopy --add-section .osrel=/etc/os-release --change-section-vma .osrel=0x20000 \
    --add-section .linux="$CACHE/vmlinuz" --change-section-vma .linux=0x2000000 \
    --add-section .initrd="$work/initrd" --change-section-vma .initrd=0x4000000 \
    $EFI/linuxx64.efi.stub "$work/kernel"

# A robot of version 1.0.0 in slot A.
cd "$work"
mkdir -p esp/EFI/BOOT esp/EFI/madoguchi esp/loader/entries partitions keys
cp $EFI/systemd-bootx64.efi esp/EFI/BOOT/BOOTX64.EFI
printf 'timeout 0\neditor no\n' >esp/loader/loader.conf
cp kernel esp/EFI/madoguchi/a.efi
printf 'title Madoguchi 1.0.0\nversion 1.0.0\nsort-key madoguchi\nefi /EFI/madoguchi/a.efi\noptions madoguchi.slot=a console=ttyS0\n' \
    >esp/loader/entries/madoguchi-a.conf
truncate -s 1M partitions/madoguchi-{root,hash}-b
echo "ro madoguchi.slot=a" >cmdline
cat >image.toml <<END
board = "generic-amd64"
version = "1.0.0"
built_unix_s = 1790000000
boot = "uefi"
boot_files = "$work/esp"
partitions = "$work/partitions"
command_line = "$work/cmdline"
options = "console=ttyS0"
END
printf '[update]\nfolder = "updates"\nkeys = "keys"\nimage = "image.toml"\n[screen]\nlisten = "127.0.0.1:1"\n' >robot.toml
robot() { "$ROBOT" --config robot.toml "$@"; }
robot bundle key vendor.pem keys/vendor.pem >/dev/null
echo root >root && echo hashes >hashes

# update VERSION: signed and installed by the robot's own program.
update() {
    robot bundle system --board generic-amd64 --root-hash "$(sha256sum root | cut -c 1-64)" --version "$1" \
        --part root=root --part hashes=hashes --part kernel=kernel --key vendor.pem --out new.bundle >/dev/null
    robot update --nobody-there new.bundle >/dev/null
}

# The files become a disk, the machine starts once, and the disk's files are the files again.
start() {
    rm -f disk serial
    truncate -s 160M disk
    mkfs.vfat -F 32 disk >/dev/null
    mcopy -s -i disk esp/* ::
    cp $FIRMWARE/OVMF_VARS_4M.fd variables
    timeout $PATIENCE_S qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu max -m 1024 -display none \
        -nic none -no-reboot -serial file:serial \
        -drive "if=pflash,format=raw,readonly=on,file=$FIRMWARE/OVMF_CODE_4M.fd" \
        -drive if=pflash,format=raw,file=variables -drive if=virtio,format=raw,file=disk ||
        fail "the machine doesn't end by itself"
    rm -rf esp && mkdir esp
    mcopy -s -i disk '::*' esp/
}

# starts SLOT VERSION ENTRY: and afterwards that entry is there.
starts() {
    start
    grep -qaE "started with:.*madoguchi\.slot=$1" serial || fail "not slot $1 with $2"
    [ -e "esp/loader/entries/$3" ] || fail "no $3 but $(ls esp/loader/entries)"
    passed=$((passed + 1))
    echo "ok $passed - slot $1 with $2 starts, and $3 is there"
}

starts a 1.0.0 madoguchi-a.conf
update 1.1.0
starts b 1.1.0 madoguchi-b+2-1.conf
grep -qa "roothash=$(sha256sum root | cut -c 1-64) systemd.verity_root_data=PARTLABEL=madoguchi-root-b" serial ||
    fail "the kernel isn't told its root"
starts b 1.1.0 madoguchi-b+1-2.conf
starts b 1.1.0 madoguchi-b+0-3.conf
starts a 1.0.0 madoguchi-b+0-3.conf
robot update status | grep -q '1.1.0 failed' || fail "the robot doesn't know that it failed"
update 1.1.1
starts b 1.1.1 madoguchi-b+2-1.conf
echo "boot-count-test: $passed passed, 0 failed"
