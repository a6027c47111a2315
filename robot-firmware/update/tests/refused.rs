//! Bundles that are not taken, each with a sentence, and with nothing changed in what starts.

#![allow(clippy::unwrap_used)]

mod support;

use std::cell::Cell;
use std::io::{self, Cursor, Read};
use std::path::Path;

use madoguchi_update::{Bundle, BundleError, Contents, Disk, Manifest, RealDisk, Slot};
use support::loader::uefi;
use support::recording::Recording;
use support::{BUILT, Machine, NOW, UEFI_PARTS, Vendor, parts, root_hash, version};
use tar::Archive;

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
    for number in ["0.9.9", "1.0.0"] {
        let bytes = signed(|manifest| manifest.version = version(number));
        says(
            &refused(&bytes, NOW, true),
            "a robot never goes back by an update",
        );
    }
}

#[test]
fn a_version_that_robot_and_boot_loader_would_put_in_another_order() {
    for number in ["1.1.0-rc.1", "2.0.0+build.7"] {
        let bytes = signed(|manifest| manifest.version = version(number));
        let said = refused(&bytes, NOW, true);
        says(&said, "boot loaders put in another order");
        says(&said, "three numbers");
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

/// Counts what was read of an archive.
struct Counted<'a, R>(R, &'a Cell<u64>);

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(into)?;
        self.1.set(self.1.get() + read as u64);
        Ok(read)
    }
}

fn header(kind: u8, name: &str, size: u64) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path(name).unwrap();
    header.set_entry_type(tar::EntryType::new(kind));
    header.set_size(size);
    header.set_cksum();
    header.as_bytes().to_vec()
}

#[test]
fn an_archive_that_would_fill_the_memory_is_not_read() {
    let (bytes, keys) = (signed(|_| {}), Vendor::new(1).keys());
    let manifest_end = bytes
        .windows(12)
        .position(|window| window == b"manifest.sig")
        .unwrap();
    let signed_end = bytes
        .windows(10)
        .position(|window| window == b"parts/root")
        .unwrap();
    let much = 64 << 20;
    for at in [0, manifest_end, signed_end] {
        // Long names and links, extended headers, links, folders, sparse files, and plain ones that
        // say they are what is expected.
        for kind in *b"LKxgS125067" {
            let name = ["manifest.json", "manifest.sig", "parts/root"];
            let name = name[usize::from(at > 0) + usize::from(at > manifest_end)];
            let stream = Cursor::new(&bytes[..at])
                .chain(Cursor::new(header(kind, name, much)))
                .chain(io::repeat(b'x').take(much));
            let read = Cell::new(0);
            let mut archive = Archive::new(Counted(stream, &read));
            let refused = Bundle::open(&mut archive, &keys)
                .and_then(|mut bundle| bundle.next_part().map(|part| part.is_some()));
            assert!(refused.is_err(), "{at} {}", kind as char);
            let most = at as u64 + 4096;
            assert!(read.get() <= most, "{at} {}: {}", kind as char, read.get());
        }
    }
}

#[test]
fn a_name_that_is_too_long_for_a_header() {
    let vendor = Vendor::new(1);
    let long = format!("topics/{}.md", "x".repeat(150));
    let bytes = vendor.sign(
        vendor.manifest("1.0.0", Contents::Pack),
        &[("pack.toml", b"a".to_vec()), (&long, b"b".to_vec())],
    );
    let names = |bytes: &[u8]| {
        let mut archive = Archive::new(bytes);
        let mut bundle = Bundle::open(&mut archive, &vendor.keys())?;
        let mut names = Vec::new();
        while let Some(part) = bundle.next_part()? {
            names.push(part.part.name.clone());
            part.copy(&mut |_: &[u8]| Ok(()))?;
        }
        Ok::<_, BundleError>(names)
    };
    assert_eq!(names(&bytes).unwrap(), ["pack.toml", long.as_str()]);
    let mut other = bytes.clone();
    let at = bytes
        .windows(long.len())
        .rposition(|window| window == long.as_bytes())
        .unwrap();
    other[at] = b'T';
    assert!(matches!(names(&other), Err(BundleError::Damaged(_))));
}
