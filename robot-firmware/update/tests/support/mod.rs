//! A vendor that signs bundles, machines to install them on, and boot loaders as their makers
//! describe them.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod loader;
pub mod recording;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use madoguchi_update::rules::Installed;
use madoguchi_update::{
    Bundle, Contents, Disk, InstallError, Keys, Manifest, RaspberryPi, Slot, Slots, TRIES, Uefi,
    install, rules, write_bundle,
};
use semver::Version;
use tar::Archive;

/// When the running systems here were made.
pub const BUILT: i64 = 1_790_000_000;
pub const NOW: i64 = BUILT + 40 * 86_400;
pub const BOARD: &str = "generic-amd64";

pub type Files = BTreeMap<PathBuf, Vec<u8>>;

pub fn version(text: &str) -> Version {
    text.parse().unwrap()
}

/// Bytes that are different for every version and part.
pub fn content(version: &str, part: &str, size: usize) -> Vec<u8> {
    let mut seed: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in version.bytes().chain(part.bytes()) {
        seed = (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[3]
    };
    (0..size).map(|_| next()).collect()
}

/// Stands for the root's dm-verity hash.
pub fn root_hash(version: &str) -> String {
    content(version, "hash of the root", 32)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub struct Vendor {
    pub key: SigningKey,
    scratch: tempfile::TempDir,
}

impl Vendor {
    pub fn new(seed: u8) -> Self {
        Self {
            key: SigningKey::from_bytes(&[seed; 32]),
            scratch: tempfile::tempdir().unwrap(),
        }
    }

    pub fn keys(&self) -> Keys {
        self.key.verifying_key().into()
    }

    pub fn manifest(&self, number: &str, contents: Contents) -> Manifest {
        Manifest {
            format: 1,
            contents,
            version: version(number),
            minimum_version: None,
            created_unix_s: NOW - 86_400,
            expires_unix_s: NOW + 90 * 86_400,
            parts: Vec::new(),
        }
    }

    pub fn system(&self, number: &str) -> Manifest {
        let contents = Contents::System {
            board: BOARD.to_owned(),
            root_hash: root_hash(number),
        };
        self.manifest(number, contents)
    }

    pub fn sign(&self, manifest: Manifest, parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let file = |(name, bytes): &(&str, Vec<u8>)| {
            let path = self.scratch.path().join(name.replace('/', "-"));
            fs::write(&path, bytes).unwrap();
            ((*name).to_owned(), path)
        };
        let files: Vec<_> = parts.iter().map(file).collect();
        let mut bytes = Vec::new();
        write_bundle(manifest, &files, &self.key, &mut bytes).unwrap();
        bytes
    }
}

/// The parts of a system, by their sizes on a small disk.
pub fn parts(number: &str, names: &[(&'static str, usize)]) -> Vec<(&'static str, Vec<u8>)> {
    let part = |(name, size): &(&'static str, usize)| (*name, content(number, name, *size));
    names.iter().map(part).collect()
}

pub const UEFI_PARTS: [(&str, usize); 3] =
    [("root", 300_000), ("hashes", 20_000), ("kernel", 90_001)];
pub const PI_PARTS: [(&str, usize); 4] = [
    ("root", 300_000),
    ("hashes", 20_000),
    ("boot-a", 90_001),
    ("boot-b", 90_001),
];
/// Of a partition; the parts are a little smaller.
const PARTITION: usize = 310_000;

pub struct Machine {
    folder: tempfile::TempDir,
    pub pi: bool,
}

impl Machine {
    /// One that version 1.0.0 runs on, in slot A; something old and broken is in slot B.
    pub fn uefi() -> Self {
        let machine = Self::empty(false);
        machine.fill(&UEFI_PARTS);
        fs::create_dir_all(machine.path("esp/loader/entries")).unwrap();
        fs::create_dir_all(machine.path("esp/EFI/madoguchi")).unwrap();
        fs::write(
            machine.path("esp/EFI/madoguchi/a.efi"),
            content("1.0.0", "kernel", 90_001),
        )
        .unwrap();
        let entry = format!(
            "title Madoguchi 1.0.0\nversion 1.0.0\nsort-key madoguchi\nefi /EFI/madoguchi/a.efi\n\
             options roothash={} madoguchi.slot=a console=tty0\n",
            root_hash("1.0.0")
        );
        fs::write(machine.path("esp/loader/entries/madoguchi-a.conf"), entry).unwrap();
        machine
    }

    /// The same on a Raspberry Pi.
    pub fn raspberry_pi() -> Self {
        let machine = Self::empty(true);
        machine.fill(&PI_PARTS[..3]);
        fs::create_dir_all(machine.path("esp")).unwrap();
        let autoboot = "[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n";
        fs::write(machine.path("esp/autoboot.txt"), autoboot).unwrap();
        machine
    }

    fn empty(pi: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, pi }
    }

    fn fill(&self, parts: &[(&'static str, usize)]) {
        fs::create_dir_all(self.path("partitions")).unwrap();
        for (part, size) in parts {
            let label = match *part {
                "hashes" => "hash",
                "boot-a" => "boot",
                part => part,
            };
            let mut here = content("1.0.0", part, *size);
            here.resize(PARTITION, 0);
            fs::write(self.path(&format!("partitions/madoguchi-{label}-a")), here).unwrap();
            let old = content("0.1.0", part, PARTITION);
            fs::write(self.path(&format!("partitions/madoguchi-{label}-b")), old).unwrap();
        }
    }

    pub fn path(&self, within: &str) -> PathBuf {
        self.folder.path().join(within)
    }

    pub fn slots(&self, current: Slot) -> Box<dyn Slots> {
        let partitions = self.path("partitions");
        if self.pi {
            return Box::new(RaspberryPi {
                boot: self.path("esp"),
                partitions,
                current,
                numbers: [2, 3],
            });
        }
        Box::new(Uefi {
            esp: self.path("esp"),
            partitions,
            current,
            options: "console=tty0 ro".to_owned(),
        })
    }

    /// Judges and installs, as the robot does.
    pub fn install(
        &self,
        bytes: &[u8],
        keys: &Keys,
        disk: &mut dyn Disk,
    ) -> Result<(), InstallError> {
        self.install_as(bytes, keys, disk, (NOW, false))
    }

    pub fn install_as(
        &self,
        bytes: &[u8],
        keys: &Keys,
        disk: &mut dyn Disk,
        (now, again): (i64, bool),
    ) -> Result<(), InstallError> {
        let mut archive = Archive::new(bytes);
        let mut bundle = Bundle::open(&mut archive, keys)?;
        let installed = Installed {
            board: BOARD.to_owned(),
            version: version("1.0.0"),
            built_unix_s: BUILT,
        };
        rules::judge_system(&bundle.manifest, &installed, now)?;
        let slots = self.slots(Slot::A);
        install(&mut bundle, &*slots, disk, again, TRIES, &mut |_| {})
    }

    /// Everything that is on its disk.
    pub fn files(&self) -> Files {
        let mut files = Files::new();
        collect(self.folder.path(), &mut files);
        files
    }

    /// Puts back what a boot loader changed.
    pub fn put_back(&self, files: &Files) {
        for path in self.files().keys() {
            fs::remove_file(path).unwrap();
        }
        for (path, bytes) in files {
            fs::write(path, bytes).unwrap();
        }
    }
}

fn collect(folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => collect(&path, files),
            false => drop(files.insert(path.clone(), fs::read(&path).unwrap())),
        }
    }
}
