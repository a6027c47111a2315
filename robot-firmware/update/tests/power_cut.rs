//! The power fails at any moment of an update: what starts then is the old version or the new one,
//! whole. The update's writes, flushes and renamings are recorded; at every point of the record
//! what was not flushed arrives or doesn't, in any order.

#![allow(clippy::unwrap_used)]

mod support;

use madoguchi_update::{RealDisk, Slot};
use support::loader::{Booted, raspberry_pi, uefi};
use support::recording::{Op, Recording, power_cut};
use support::{Files, Machine, PI_PARTS, UEFI_PARTS, Vendor, parts};

/// With about 110 operations of an update: more than a thousand moments.
const SEEDS: u64 = 12;

fn boot(machine: &Machine, files: &Files) -> Vec<Result<Booted, String>> {
    let path = machine.path("");
    match machine.pi {
        // Whether the word `tryboot` was said before doesn't matter.
        true => [false, true]
            .map(|word| raspberry_pi(files, &path, word))
            .into(),
        false => vec![uefi(&mut files.clone(), &path)],
    }
}

struct Updated {
    machine: Machine,
    before: Files,
    ops: Vec<Op>,
}

fn updated(machine: Machine) -> Updated {
    let vendor = Vendor::new(1);
    let names: &[_] = if machine.pi { &PI_PARTS } else { &UEFI_PARTS };
    let bytes = vendor.sign(vendor.system("1.1.0"), &parts("1.1.0", names));
    let before = machine.files();
    let mut disk = Recording::default();
    machine.install(&bytes, &vendor.keys(), &mut disk).unwrap();
    let ops = disk.ops;
    Updated {
        machine,
        before,
        ops,
    }
}

/// How often each version started, and what was wrong with a start that was neither.
fn replay(updated: &Updated, ops: &[Op]) -> ([usize; 2], Vec<String>) {
    let (mut counts, mut mixtures) = ([0; 2], Vec::new());
    for done in 0..=ops.len() {
        for seed in 0..SEEDS {
            let files = power_cut(&updated.before, ops, done, seed + SEEDS * done as u64);
            for booted in boot(&updated.machine, &files) {
                match booted {
                    Ok(Booted {
                        slot: Slot::A,
                        version,
                    }) if version == "1.0.0" => counts[0] += 1,
                    Ok(Booted {
                        slot: Slot::B,
                        version,
                    }) if version == "1.1.0" => counts[1] += 1,
                    other => mixtures.push(format!("after {done} of {}: {other:?}", ops.len())),
                }
            }
        }
    }
    (counts, mixtures)
}

fn never_a_mixture(machine: Machine) {
    let updated = updated(machine);
    let (counts, mixtures) = replay(&updated, &updated.ops);
    assert_eq!(mixtures, Vec::<String>::new());
    let moments = (updated.ops.len() + 1) * SEEDS as usize;
    assert!(moments >= 1_000, "only {moments} moments");
    assert!(counts.iter().all(|&count| count > 0), "{counts:?}");
}

#[test]
fn a_power_cut_in_an_update_leaves_one_version_whole() {
    never_a_mixture(Machine::uefi());
}

#[test]
fn a_power_cut_in_an_update_of_a_raspberry_pi_leaves_one_version_whole() {
    never_a_mixture(Machine::raspberry_pi());
}

/// Without what keeps the order, the same replay finds mixtures: it can fail.
#[test]
fn an_update_that_flushed_nothing_would_be_found_out() {
    let updated = updated(Machine::uefi());
    let unflushed: Vec<Op> = updated
        .ops
        .iter()
        .filter(|op| !matches!(op, Op::Sync(_) | Op::SyncFolder(_)))
        .cloned()
        .collect();
    let (_, mixtures) = replay(&updated, &unflushed);
    assert!(!mixtures.is_empty());
}

/// Keeping the new version, and letting the boot loader count, are cut off as well.
#[test]
fn a_power_cut_while_the_new_version_is_kept_leaves_one_that_starts() {
    for machine in [Machine::uefi(), Machine::raspberry_pi()] {
        let updated = updated(machine);
        let machine = &updated.machine;
        let mut files = machine.files();
        if machine.pi {
            machine.slots(Slot::A).begin_try(&mut RealDisk).unwrap();
            files = machine.files();
        } else {
            uefi(&mut files, &machine.path("")).unwrap();
        }
        machine.put_back(&files);
        let before = machine.files();
        let mut disk = Recording::default();
        machine.slots(Slot::B).keep(&mut disk).unwrap();
        let whole = Updated {
            machine: updated.machine,
            before,
            ops: disk.ops,
        };
        let (counts, mixtures) = replay(&whole, &whole.ops);
        assert_eq!(mixtures, Vec::<String>::new());
        assert!(counts[1] > 0, "{counts:?}");
    }
}
