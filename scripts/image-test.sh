#!/usr/bin/env bash
# What `make image-test` does: boots the image in an emulated machine with UEFI and waits until the
# robot serves its page, told by its own check on the serial line. Then the same disk with one byte
# of the root changed: it must not come up. Emulated by software: the times measure the emulator.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly OUT=target/image FIRMWARE=/usr/share/OVMF PATIENCE_S=900
readonly IMAGE=$OUT/madoguchi-generic-amd64.img
QEMU=''

fail() {
    tail -c 4000 "$OUT/serial" 2>/dev/null | tr '\r' '\n' | tail -n 25 >&2 || true
    echo "image-test: FAILED: $*" >&2
    exit 1
}
stop() { [ -z "$QEMU" ] || { kill "$QEMU" 2>/dev/null && wait "$QEMU" 2>/dev/null || true; }; }
trap stop EXIT

[ -e "$IMAGE" ] || fail "there is no $IMAGE; make image BOARD=generic-amd64 builds it"

# boot DISK: what it says comes into the file serial; the disk itself is not written.
boot() {
    cp "$FIRMWARE/OVMF_VARS_4M.fd" "$OUT/firmware-variables"
    : >"$OUT/serial"
    qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu max -smp 2 -m 2048 -display none \
        -nic none -no-reboot -serial "file:$OUT/serial" \
        -drive "if=pflash,format=raw,readonly=on,file=$FIRMWARE/OVMF_CODE_4M.fd" \
        -drive "if=pflash,format=raw,file=$OUT/firmware-variables" \
        -drive "if=virtio,format=raw,file=$1,snapshot=on" &
    QEMU=$!
    started=$SECONDS
}

# says WORDS: waits for them on the serial line; fails when the machine ends or takes too long.
says() {
    until grep -qaE "$1" "$OUT/serial"; do
        kill -0 "$QEMU" 2>/dev/null || return 1
        [ $((SECONDS - started)) -lt $PATIENCE_S ] || return 1
        sleep 1
    done
}

boot "$IMAGE"
says 'Linux version|Welcome to' || fail "the firmware starts no kernel"
says 'Detected first boot' || fail "the root was not verified and mounted"
says 'Knowledge pack +works' || fail "the robot doesn't serve"
echo "ok 1 - the image boots, and the robot serves after $((SECONDS - started)) s in the emulator"
says 'Models +works' || fail "the models are not there"
echo "ok 2 - its models are there"
stop

# A byte of the root's first block, which every boot reads.
cp --sparse=always "$IMAGE" "$OUT/tampered.img"
at=$(sfdisk --dump "$IMAGE" | sed -n '/madoguchi-root-a/s/.*start= *\([0-9]*\),.*/\1/p')
printf 'X' | dd of="$OUT/tampered.img" bs=1 seek=$((at * 512 + 40)) conv=notrunc status=none
boot "$OUT/tampered.img"
says 'data block 0 is corrupted' || fail "a changed root is not noticed"
until ! kill -0 "$QEMU" 2>/dev/null; do
    [ $((SECONDS - started)) -lt $PATIENCE_S ] || fail "a changed root neither comes up nor starts anew"
    sleep 1
done
! grep -qaE 'Detected first boot' "$OUT/serial" || fail "a changed root came up"
echo "ok 3 - a root of which a byte was changed doesn't come up: the machine starts anew"
rm -f "$OUT/tampered.img"
echo "image-test: 3 passed, 0 failed"
