//! A new system is tried, counted, kept or gone back from; the boot loader decides by its files.

#![allow(clippy::unwrap_used)]

mod support;

use madoguchi_update::rules::Refusal;
use madoguchi_update::{Bundle, InstallError, RealDisk, Slot, SlotError, Start, TRIES, install};
use support::loader::{Booted, raspberry_pi, uefi};
use support::{Machine, PI_PARTS, UEFI_PARTS, Vendor, parts};
use tar::Archive;

fn booted(slot: Slot, version: &str) -> Booted {
    let version = version.to_owned();
    Booted { slot, version }
}

/// systemd-boot starts something, and has counted.
fn start(machine: &Machine) -> Booted {
    let mut files = machine.files();
    let started = uefi(&mut files, &machine.path("")).unwrap();
    machine.put_back(&files);
    started
}

fn newer(names: &[(&'static str, usize)]) -> (Vendor, Vec<u8>) {
    let vendor = Vendor::new(1);
    let bytes = vendor.sign(vendor.system("1.1.0"), &parts("1.1.0", names));
    (vendor, bytes)
}

#[test]
fn a_new_version_that_is_kept_starts_from_then_on() {
    let (machine, (vendor, bytes)) = (Machine::uefi(), newer(&UEFI_PARTS));
    assert_eq!(start(&machine), booted(Slot::A, "1.0.0"));
    machine
        .install(&bytes, &vendor.keys(), &mut RealDisk)
        .unwrap();
    let old = machine.slots(Slot::A);
    assert_eq!(old.begin_try(&mut RealDisk).unwrap(), Start::Restart);
    assert_eq!(start(&machine), booted(Slot::B, "1.1.0"));
    let new = machine.slots(Slot::B);
    let entry = new.entry(&RealDisk, Slot::B).unwrap().unwrap();
    assert_eq!(
        (entry.tries_left, entry.on_trial()),
        (Some(TRIES - 1), true)
    );
    new.keep(&mut RealDisk).unwrap();
    new.keep(&mut RealDisk).unwrap();
    for _ in 0..2 * TRIES {
        assert_eq!(start(&machine), booted(Slot::B, "1.1.0"));
    }
    let entry = new.entry(&RealDisk, Slot::B).unwrap().unwrap();
    assert!(!entry.on_trial());
}

#[test]
fn a_new_version_that_never_proves_itself_is_gone_back_from() {
    let (machine, (vendor, bytes)) = (Machine::uefi(), newer(&UEFI_PARTS));
    machine
        .install(&bytes, &vendor.keys(), &mut RealDisk)
        .unwrap();
    for _ in 0..TRIES {
        assert_eq!(start(&machine), booted(Slot::B, "1.1.0"));
    }
    for _ in 0..TRIES {
        assert_eq!(start(&machine), booted(Slot::A, "1.0.0"));
    }
    let old = machine.slots(Slot::A);
    assert!(old.entry(&RealDisk, Slot::B).unwrap().unwrap().failed());
    assert!(matches!(
        old.begin_try(&mut RealDisk),
        Err(SlotError::NothingToTry)
    ));
    // Nor is it installed again every night, unless somebody wants it.
    let refused = machine.install(&bytes, &vendor.keys(), &mut RealDisk);
    assert!(matches!(
        refused,
        Err(InstallError::Refused(Refusal::Failed(_)))
    ));
    let again = machine.install_as(&bytes, &vendor.keys(), &mut RealDisk, (support::NOW, true));
    again.unwrap();
    assert_eq!(start(&machine), booted(Slot::B, "1.1.0"));
}

#[test]
fn the_next_version_goes_where_the_failed_one_was() {
    let (machine, (vendor, bytes)) = (Machine::uefi(), newer(&UEFI_PARTS));
    machine
        .install(&bytes, &vendor.keys(), &mut RealDisk)
        .unwrap();
    for _ in 0..TRIES {
        start(&machine);
    }
    let mended = vendor.sign(vendor.system("1.1.1"), &parts("1.1.1", &UEFI_PARTS));
    machine
        .install(&mended, &vendor.keys(), &mut RealDisk)
        .unwrap();
    assert_eq!(start(&machine), booted(Slot::B, "1.1.1"));
}

#[test]
fn a_raspberry_pi_tries_and_keeps_by_its_firmware() {
    let (machine, (vendor, bytes)) = (Machine::raspberry_pi(), newer(&PI_PARTS));
    machine
        .install(&bytes, &vendor.keys(), &mut RealDisk)
        .unwrap();
    let start = |word| raspberry_pi(&machine.files(), &machine.path(""), word).unwrap();
    let old = machine.slots(Slot::A);
    for left in (0..TRIES).rev() {
        // Whatever happens without the word, the old one starts.
        assert_eq!(start(false), booted(Slot::A, "1.0.0"));
        // A restart that is refused is no try.
        old.begin_try(&mut RealDisk).unwrap();
        old.take_back_try(&mut RealDisk).unwrap();
        let asked = old.begin_try(&mut RealDisk).unwrap();
        assert_eq!(asked, Start::RestartWith("0 tryboot"));
        assert_eq!(start(true), booted(Slot::B, "1.1.0"));
        let entry = old.entry(&RealDisk, Slot::B).unwrap().unwrap();
        assert_eq!(entry.tries_left, Some(left));
    }
    assert!(matches!(
        old.begin_try(&mut RealDisk),
        Err(SlotError::NothingToTry)
    ));
    // The last try proves itself after all.
    machine.slots(Slot::B).keep(&mut RealDisk).unwrap();
    assert_eq!(start(false), booted(Slot::B, "1.1.0"));
    let entry = old.entry(&RealDisk, Slot::B).unwrap().unwrap();
    assert!(!entry.on_trial());
}

#[test]
fn while_a_version_is_on_trial_the_one_to_go_back_to_is_not_overwritten() {
    for (machine, (vendor, bytes)) in [
        (Machine::uefi(), newer(&UEFI_PARTS)),
        (Machine::raspberry_pi(), newer(&PI_PARTS)),
    ] {
        let keys = vendor.keys();
        machine.install(&bytes, &keys, &mut RealDisk).unwrap();
        let before = machine.files();
        let mut archive = Archive::new(&bytes[..]);
        let mut bundle = Bundle::open(&mut archive, &keys).unwrap();
        let running = machine.slots(Slot::B);
        let mut disk = RealDisk;
        let refused = install(&mut bundle, &*running, &mut disk, true, TRIES, &mut |_| {});
        assert!(matches!(
            refused,
            Err(InstallError::Refused(Refusal::Unproven(_)))
        ));
        assert_eq!(machine.files(), before);
    }
}

#[test]
fn the_running_slot_is_named_on_the_kernels_command_line() {
    let of = Slot::of_command_line;
    assert_eq!(of("quiet madoguchi.slot=b ro"), Some(Slot::B));
    assert_eq!(of("madoguchi.slot=a"), Some(Slot::A));
    assert_eq!(of("madoguchi.slot=c root=/dev/sda1"), None);
    assert_eq!(of(""), None);
}
