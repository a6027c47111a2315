//! Bundles that are not taken, each with a sentence, and with nothing changed in what starts.

#![allow(clippy::unwrap_used)]

mod support;

use std::io;
use std::path::Path;

use madoguchi_update::{Contents, Disk, Manifest, RealDisk, Slot};
use support::loader::uefi;
use support::recording::Recording;
use support::{BUILT, Machine, NOW, UEFI_PARTS, Vendor, parts, root_hash, version};

/// What the robot says of these bytes; the old version must still start, and where nothing may be
/// written, nothing was.
fn refused(bytes: &[u8], now: i64, untouched: bool) -> String {
    let (machine, vendor) = (Machine::uefi(), Vendor::new(1));
    let before = machine.files();
    let mut disk = Recording::default();
    let error = machine
        .install_as(bytes, &vendor.keys(), &mut disk, (now, false))
        .unwrap_err();
    let mut after = machine.files();
    if untouched {
        assert!(before == after && disk.ops.is_empty(), "{:?}", disk.ops);
    }
    let started = uefi(&mut after, &machine.path("")).unwrap();
    assert_eq!((started.slot, started.version.as_str()), (Slot::A, "1.0.0"));
    let mut said = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        said.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    said
}

fn signed(change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    let vendor = Vendor::new(1);
    let mut manifest = vendor.system("1.1.0");
    change(&mut manifest);
    vendor.sign(manifest, &parts("1.1.0", &UEFI_PARTS))
}

#[track_caller]
fn says(said: &str, words: &str) {
    assert!(said.contains(words), "{said}");
}

#[test]
fn somebody_elses_signature() {
    let foreign = Vendor::new(2);
    let bytes = foreign.sign(foreign.system("1.1.0"), &parts("1.1.0", &UEFI_PARTS));
    says(
        &refused(&bytes, NOW, true),
        "not signed by a key that this robot believes",
    );
}

#[test]
fn a_manifest_that_was_changed_after_signing() {
    let mut bytes = signed(|_| {});
    let at = bytes
        .windows(5)
        .position(|window| window == b"1.1.0")
        .unwrap();
    bytes[at] = b'9';
    says(&refused(&bytes, NOW, true), "not signed by a key");
}

#[test]
fn something_that_is_no_bundle() {
    for bytes in [&b""[..], b"PK\x03\x04", &[0; 10_240], &[b'x'; 4096]] {
        says(&refused(bytes, NOW, true), "this is no bundle");
    }
}

#[test]
fn another_board() {
    let bytes = signed(|manifest| {
        manifest.contents = Contents::System {
            board: "raspberrypi".to_owned(),
            root_hash: root_hash("1.1.0"),
        };
    });
    says(
        &refused(&bytes, NOW, true),
        "it is for raspberrypi, and this is generic-amd64",
    );
}

#[test]
fn an_older_version_or_the_same() {
    for number in ["0.9.9", "1.0.0", "1.0.0+later-build", "1.0.0-rc.1"] {
        let bytes = signed(|manifest| manifest.version = version(number));
        says(
            &refused(&bytes, NOW, true),
            "a robot never goes back by an update",
        );
    }
}

#[test]
fn a_version_that_leaves_out_one_between() {
    let bytes = signed(|manifest| manifest.minimum_version = Some(version("1.0.5")));
    says(&refused(&bytes, NOW, true), "install 1.0.5 first");
}

#[test]
fn an_expired_one_and_a_clock_that_is_wrong() {
    let late = NOW + 91 * 86_400;
    let said = refused(&signed(|_| {}), late, true);
    says(&said, "expired a day ago");
    says(&said, "clock is right");
    // A clock that stands at 1970 counts as the moment at which the running system was made: what
    // had expired by then is refused, what is newer is taken.
    let old = signed(|manifest| manifest.expires_unix_s = BUILT - 10 * 86_400);
    says(&refused(&old, 0, true), "expired 10 days ago");
    let (machine, vendor) = (Machine::uefi(), Vendor::new(1));
    let taken = machine.install_as(&signed(|_| {}), &vendor.keys(), &mut RealDisk, (0, false));
    taken.unwrap();
}

#[test]
fn one_that_ends_too_early_wherever_it_does() {
    let bytes = signed(|_| {});
    for length in [
        1,
        600,
        1_400,
        2_600,
        5_000,
        200_000,
        bytes.len() - 100_000,
        bytes.len() - 90_000,
    ] {
        let said = refused(&bytes[..length], NOW, false);
        assert!(
            said.contains("ends too early") || said.contains("no bundle"),
            "{length}: {said}"
        );
    }
}

#[test]
fn a_part_that_is_not_what_was_signed() {
    let bytes = signed(|_| {});
    // Somewhere in the root, in the hashes, and in the kernel.
    for at in [100_000, 320_000, bytes.len() - 50_000] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        says(
            &refused(&changed, NOW, false),
            "is not what was signed; fetch it anew",
        );
    }
}

#[test]
fn a_system_without_its_kernel() {
    let vendor = Vendor::new(1);
    let bytes = vendor.sign(vendor.system("1.1.0"), &parts("1.1.0", &UEFI_PARTS[..2]));
    says(&refused(&bytes, NOW, true), "no part `kernel`");
}

#[test]
fn a_root_that_is_larger_than_its_slot() {
    let vendor = Vendor::new(1);
    let large = [("root", 400_000), UEFI_PARTS[1], UEFI_PARTS[2]];
    let bytes = vendor.sign(vendor.system("1.1.0"), &parts("1.1.0", &large));
    let said = refused(&bytes, NOW, true);
    says(&said, "`root` of 400000 bytes doesn't fit");
    says(&said, "room for 310000");
}

#[test]
fn parts_that_would_be_written_elsewhere() {
    let vendor = Vendor::new(1);
    for name in ["../root", "/etc/passwd", "a//b", ".hidden", ""] {
        let mut manifest = vendor.system("1.1.0");
        manifest.parts = vec![madoguchi_update::Part {
            name: name.to_owned(),
            size: 1,
            sha256: root_hash("x"),
        }];
        let error = manifest.to_bytes().unwrap_err().to_string();
        assert!(error.contains("is no name of a part"), "{name}: {error}");
    }
}

/// A disk on which one thing doesn't work.
struct Failing {
    disk: RealDisk,
    fault: Fault,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    Full,
    FullAtTheEnd,
    LiesOnReading,
    CannotFlush,
}

fn no_room() -> io::Error {
    io::ErrorKind::StorageFull.into()
}

impl Disk for Failing {
    fn capacity(&self, partition: &Path) -> io::Result<u64> {
        self.disk.capacity(partition)
    }
    fn room(&self, folder: &Path) -> io::Result<u64> {
        match self.fault {
            Fault::Full => Ok(4096),
            _ => self.disk.room(folder),
        }
    }
    fn write_at(&mut self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        match self.fault == Fault::FullAtTheEnd && path.ends_with("b.efi") {
            true => Err(no_room()),
            false => self.disk.write_at(path, offset, bytes),
        }
    }
    fn sync(&mut self, path: &Path) -> io::Result<()> {
        match self.fault == Fault::CannotFlush {
            true => Err(io::Error::other("input/output error")),
            false => self.disk.sync(path),
        }
    }
    fn read_back(&self, path: &Path, size: u64, take: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let lies = self.fault == Fault::LiesOnReading;
        self.disk.read_back(path, size, &mut |bytes| {
            let mut bytes = bytes.to_owned();
            bytes[7] ^= u8::from(lies);
            take(&bytes);
        })
    }
    fn create(&mut self, path: &Path) -> io::Result<()> {
        self.disk.create(path)
    }
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }
    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.disk.remove(path)
    }
    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.disk.sync_folder(folder)
    }
    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.disk.names(folder)
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.disk.read(path)
    }
}

#[test]
fn a_disk_that_is_full_or_failing() {
    for (fault, words) in [
        (Fault::Full, "`kernel` of 90001 bytes doesn't fit"),
        (Fault::FullAtTheEnd, "`kernel` can't be written"),
        (Fault::LiesOnReading, "the disk is failing, replace it"),
        (Fault::CannotFlush, "`root` can't be written"),
    ] {
        let (machine, vendor) = (Machine::uefi(), Vendor::new(1));
        let disk = RealDisk;
        let mut failing = Failing { disk, fault };
        let bytes = signed(|_| {});
        let error = machine
            .install(&bytes, &vendor.keys(), &mut failing)
            .unwrap_err();
        says(&error.to_string(), words);
        let started = uefi(&mut machine.files(), &machine.path("")).unwrap();
        assert_eq!((started.slot, started.version.as_str()), (Slot::A, "1.0.0"));
        // With room, the next attempt succeeds.
        machine
            .install(&bytes, &vendor.keys(), &mut RealDisk)
            .unwrap();
        let started = uefi(&mut machine.files(), &machine.path("")).unwrap();
        assert_eq!((started.slot, started.version.as_str()), (Slot::B, "1.1.0"));
    }
}
