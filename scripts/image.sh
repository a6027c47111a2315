#!/usr/bin/env bash
# Builds a disk image of a robot into target/image: `make image BOARD=generic-amd64`.
#
# From the packages in target/packages and Debian 12, without loop devices and without mounting:
# a root that can't be written (squashfs) and is verified while it is read (dm-verity), in the first
# of two slots; a kernel with its command line in one file, which names the root's hash; and a data
# partition for /var, which holds nothing of any robot yet. Needs root.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly OUT=target/image
readonly ROOT=$OUT/root
# In MiB. The image is to stay below 2.5 GB.
readonly ESP=256 SLOT=896 HASHES=16 DATA=192

fail() {
    echo "image: $*" >&2
    exit 1
}

board=${1:-}
[ "$board" = generic-amd64 ] ||
    fail "no recipe for the board '$board' yet; there is one for generic-amd64"
[ "$(id -u)" -eq 0 ] || fail "files in an image belong to their owners: run this as root"
packages=(target/packages/madoguchi-robot_*-1_amd64.deb target/packages/madoguchi-models_*-1_all.deb)
for package in "${packages[@]}"; do
    [ -e "$package" ] || fail "there is no $package; make packages builds it"
done
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

in_root() { chroot "$ROOT" env DEBIAN_FRONTEND=noninteractive "$@"; }

# The root is made once and kept: what changes are our own packages.
make_root() {
    local wanted
    wanted=$(grep -v '^#' systemd/image/packages | paste -sd ' ')
    if [ "$(cat "$OUT/made-from" 2>/dev/null)" != "$wanted" ]; then
        echo "making a Debian 12 in $ROOT (log: $OUT/log)"
        rm -rf "$ROOT"
        mkdir -p "$OUT"
        # shellcheck disable=SC2086
        { debootstrap --variant=minbase bookworm "$ROOT" &&
            in_root apt-get install -y --no-install-recommends $wanted; } >"$OUT/log" 2>&1 ||
            fail "Debian could not be made; see $OUT/log"
        printf '%s\n' "$wanted" >"$OUT/made-from"
    fi
    echo "installing our packages"
    mkdir -p "$ROOT/packages"
    cp "${packages[@]}" "$ROOT/packages/"
    in_root sh -c 'apt-get install -y --no-install-recommends --reinstall --allow-downgrades \
        /packages/*.deb' >>"$OUT/log" 2>&1 || fail "our packages could not be installed; see $OUT/log"
    rm -rf "$ROOT/packages"
}

# What makes an installed system an image: nothing of it is written, and nothing in it is secret.
settle() {
    local settled=$OUT/settled
    rm -rf "$settled"
    cp -a --reflink=auto "$ROOT" "$settled"
    cp systemd/image/fstab "$settled/etc/fstab"
    echo madoguchi >"$settled/etc/hostname"
    ln -sf ../run/systemd/resolve/stub-resolv.conf "$settled/etc/resolv.conf"
    # The data partition takes what the disk has.
    install -D -m 644 systemd/image/data.conf "$settled/usr/lib/repart.d/50-data.conf"
    # A machine's identity and its configuration are on the data partition.
    ln -sf /var/lib/machine-id "$settled/etc/machine-id"
    mkdir -p "$settled/usr/share/factory/etc"
    mv "$settled/etc/madoguchi" "$settled/usr/share/factory/etc/madoguchi"
    ln -s /var/lib/madoguchi-config "$settled/etc/madoguchi"
    printf 'C /var/lib/madoguchi-config - - - - /usr/share/factory/etc/madoguchi\n' \
        >"$settled/usr/lib/tmpfiles.d/madoguchi-image.conf"
    # dracut wants to see /proc and /dev.
    in_settled() {
        systemd-nspawn --quiet --register=no --keep-unit --pipe --directory="$settled" "$@"
    }
    in_settled passwd --quiet --lock root
    # What is new is good only once madoguchi-keep has seen it work.
    in_settled systemctl --quiet mask systemd-bless-boot.service
    in_settled systemctl --quiet mask serial-getty@ttyS0.service getty@tty1.service
    in_settled systemctl --quiet disable apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
        2>/dev/null || true
    kernel=$(basename "$settled"/lib/modules/*)
    in_settled dracut --force --quiet --no-hostonly --no-hostonly-cmdline --reproducible \
        --add "systemd systemd-veritysetup" --install /usr/lib/systemd/systemd-growfs --omit "dmraid lvm mdraid multipath nfs network plymouth" \
        --add-drivers "dm_verity squashfs ext4 virtio_blk virtio_pci nvme ahci sd_mod mmc_block" \
        /boot/initrd "$kernel"
    mv "$settled/boot/initrd" "$OUT/initrd"
    cp "$settled/boot/vmlinuz-$kernel" "$OUT/vmlinuz"
    rm -rf "${settled:?}"/{boot,var,packages}
    mkdir "$settled"/{boot,var}
}

make_slot() {
    rm -f "$OUT/root.squashfs" "$OUT/root.hashes"
    mksquashfs "$OUT/settled" "$OUT/root.squashfs" -comp zstd -Xcompression-level 6 -noappend \
        -quiet -no-progress
    local size
    size=$(stat -c %s "$OUT/root.squashfs")
    [ "$size" -le $((SLOT * 1048576)) ] || fail "the root takes $size bytes, more than its slot"
    # The same salt for the same sources: the same root, the same hash.
    hash=$(veritysetup format "$OUT/root.squashfs" "$OUT/root.hashes" \
        --salt "$(git rev-parse HEAD | sha256sum | cut -c 1-64)" \
        --uuid "$(uuid "$(git rev-parse HEAD | sha256sum)")" | sed -n 's/^Root hash:[[:space:]]*//p')
}

# uuid HEX...: its first 32 digits as a UUID.
uuid() { sed -E 's/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/\1-\2-\3-\4-\5/' <<<"$1"; }

# Kernel, initial RAM disk and command line in one program for UEFI (systemd-stub).
make_kernel() {
    printf 'roothash=%s root=/dev/mapper/root rootfstype=squashfs ro rd.shell=0 rd.emergency=reboot panic=10 console=tty0 console=ttyS0,115200' \
        "$hash" >"$OUT/cmdline"
    objcopy --add-section .osrel="$OUT/settled/usr/lib/os-release" --change-section-vma .osrel=0x20000 \
        --add-section .cmdline="$OUT/cmdline" --change-section-vma .cmdline=0x30000 \
        --add-section .linux="$OUT/vmlinuz" --change-section-vma .linux=0x2000000 \
        --add-section .initrd="$OUT/initrd" --change-section-vma .initrd=0x3000000 \
        "$OUT/settled/usr/lib/systemd/boot/efi/linuxx64.efi.stub" "$OUT/madoguchi.efi"
}

make_disk() {
    local image=$OUT/madoguchi-$board.img boot=$OUT/settled/usr/lib/systemd/boot/efi/systemd-bootx64.efi
    rm -f "$image" "$OUT/esp" "$OUT/data"
    truncate -s ${ESP}M "$OUT/esp"
    mkfs.vfat -F 32 -n MADOGUCHI "$OUT/esp" >/dev/null
    mmd -i "$OUT/esp" ::EFI ::EFI/BOOT ::EFI/Linux ::loader
    mcopy -i "$OUT/esp" "$boot" ::EFI/BOOT/BOOTX64.EFI
    mcopy -i "$OUT/esp" "$OUT/madoguchi.efi" ::EFI/Linux/
    printf 'timeout 0\neditor no\n' | mcopy -i "$OUT/esp" - ::loader/loader.conf
    truncate -s ${DATA}M "$OUT/data"
    mkdir -p "$OUT/empty/lib"
    mkfs.ext4 -q -L madoguchi-data -d "$OUT/empty" "$OUT/data"

    truncate -s $((1 + ESP + 2 * SLOT + 2 * HASHES + DATA + 1))M "$image"
    sfdisk --quiet --wipe always "$image" <<END
label: gpt
unit: sectors
first-lba: 2048
name=esp, size=${ESP}MiB, type=uefi
name=madoguchi-root-a, size=${SLOT}MiB, type=4f68bce3-e8cd-4db1-96e7-fbcaf984b709, uuid=$(uuid "$hash")
name=madoguchi-hash-a, size=${HASHES}MiB, type=2c7357ed-ebd2-46d9-aec1-23d437ec2bf5, uuid=$(uuid "${hash:32}")
name=madoguchi-root-b, size=${SLOT}MiB, type=4f68bce3-e8cd-4db1-96e7-fbcaf984b709
name=madoguchi-hash-b, size=${HASHES}MiB, type=2c7357ed-ebd2-46d9-aec1-23d437ec2bf5
name=madoguchi-data, size=${DATA}MiB, type=4d21b016-b534-45c2-a9fb-5c16e091fd2d
END
    put "$OUT/esp" 1
    put "$OUT/root.squashfs" $((1 + ESP))
    put "$OUT/root.hashes" $((1 + ESP + SLOT))
    put "$OUT/data" $((1 + ESP + 2 * SLOT + 2 * HASHES))
    echo "$image: $(stat -c %s "$image") bytes, $(du -B1 "$image" | cut -f 1) of them written"
}

# put FILE MIB: into the image at that place; zeros are not written.
put() { dd if="$1" of="$OUT/madoguchi-$board.img" bs=1M seek="$2" conv=notrunc,sparse status=none; }

make_root
settle
make_slot
make_kernel
make_disk
rm -rf "$OUT/settled" "$OUT/esp" "$OUT/data" "$OUT/empty"
