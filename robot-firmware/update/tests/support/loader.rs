//! Boot loaders over the files of a disk, as they are described by the Boot Loader Specification
//! (entries, versions, Automatic Boot Assessment) and by Raspberry Pi's documentation of
//! `autoboot.txt`. Written from these, not from what the updater does.

use std::path::{Path, PathBuf};

use madoguchi_update::Slot;

use super::{Files, PI_PARTS, UEFI_PARTS, content, root_hash, version};

/// A system that starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booted {
    pub slot: Slot,
    pub version: String,
}

#[derive(Debug, Clone)]
struct Entry {
    path: PathBuf,
    left_done: Option<(u32, u32)>,
    version: String,
    efi: String,
    options: String,
}

fn entries(files: &Files, esp: &Path) -> Vec<Entry> {
    let folder = esp.join("loader/entries");
    let mut found = Vec::new();
    for (path, bytes) in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.parent() != Some(&folder) || !name.ends_with(".conf") {
            continue;
        }
        let stem = name.trim_end_matches(".conf");
        let left_done = stem.rsplit_once('+').map(|(_, counts)| {
            let (left, done) = counts.split_once('-').unwrap_or((counts, "0"));
            (left.parse().unwrap(), done.parse().unwrap())
        });
        let text = String::from_utf8_lossy(bytes);
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim().to_owned()
        };
        found.push(Entry {
            path: path.clone(),
            left_done,
            version: field("version "),
            efi: field("efi "),
            options: field("options "),
        });
    }
    // Those that have no tries left come last; of the others the highest version comes first.
    found.sort_by(|one, other| {
        let bad = |entry: &Entry| entry.left_done.is_some_and(|(left, _)| left == 0);
        bad(one).cmp(&bad(other)).then_with(|| {
            let number = |entry: &Entry| entry.version.parse().unwrap_or(version("0.0.0"));
            number(other).cmp_precedence(&number(one))
        })
    });
    found
}

/// systemd-boot: the system that it starts, after counting; what is named must be whole.
pub fn uefi(files: &mut Files, machine: &Path) -> Result<Booted, String> {
    let esp = machine.join("esp");
    let entry = entries(files, &esp)
        .into_iter()
        .next()
        .ok_or("there is no entry")?;
    if let Some((left, done)) = entry.left_done
        && left > 0
    {
        let bytes = files.remove(&entry.path).unwrap();
        let name = entry
            .path
            .to_str()
            .unwrap()
            .rsplit_once('+')
            .unwrap()
            .0
            .to_owned();
        files.insert(
            format!("{name}+{}-{}.conf", left - 1, done + 1).into(),
            bytes,
        );
    }
    let option = |name: &str| {
        let mut words = entry.options.split(' ');
        words
            .find_map(|word| word.strip_prefix(name))
            .unwrap_or_default()
            .to_owned()
    };
    let slot = match option("madoguchi.slot=").as_str() {
        "a" => Slot::A,
        "b" => Slot::B,
        other => return Err(format!("{entry:?} starts slot `{other}`")),
    };
    let number = &entry.version;
    if option("roothash=") != root_hash(number) {
        return Err(format!("the root hash of {entry:?} is another version's"));
    }
    let kernel = esp.join(entry.efi.trim_start_matches('/'));
    is_whole(files.get(&kernel), number, "kernel", UEFI_PARTS[2].1)?;
    whole_slot(files, machine, slot, number)?;
    let version = number.clone();
    Ok(Booted { slot, version })
}

fn whole_slot(files: &Files, machine: &Path, slot: Slot, number: &str) -> Result<(), String> {
    for (label, part, size) in [("root", "root", 300_000), ("hash", "hashes", 20_000)] {
        let partition = machine.join(format!("partitions/madoguchi-{label}-{slot}"));
        is_whole(files.get(&partition), number, part, size)?;
    }
    Ok(())
}

fn is_whole(bytes: Option<&Vec<u8>>, number: &str, part: &str, size: usize) -> Result<(), String> {
    let there = bytes.ok_or(format!("the {part} of {number} is not there"))?;
    match there.get(..size) == Some(&content(number, part, size)[..]) {
        true => Ok(()),
        false => Err(format!("the {part} is not that of {number}")),
    }
}

/// The firmware of a Raspberry Pi, after a restart with `tryboot` or without: what doesn't start on
/// trial is followed by the usual one.
pub fn raspberry_pi(files: &Files, machine: &Path, tryboot: bool) -> Result<Booted, String> {
    let text = files
        .get(&machine.join("esp/autoboot.txt"))
        .ok_or("there is no autoboot.txt")?;
    if text.len() > 512 {
        return Err("autoboot.txt is longer than the firmware reads".to_owned());
    }
    let text = String::from_utf8_lossy(text);
    let (mut section, mut usual, mut tried) = ("all", None, None);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some(number) = line.strip_prefix("boot_partition=") {
            match section {
                "tryboot" => tried = Some(number),
                _ => usual = Some(number),
            }
        }
    }
    let slot_of = |number: Option<&str>| match number {
        Some("2") => Ok(Slot::A),
        Some("3") => Ok(Slot::B),
        other => Err(format!("autoboot.txt names the partition {other:?}")),
    };
    if tryboot && let Ok(booted) = start(files, machine, slot_of(tried)?) {
        return Ok(booted);
    }
    start(files, machine, slot_of(usual)?)
}

fn start(files: &Files, machine: &Path, slot: Slot) -> Result<Booted, String> {
    let partition = machine.join(format!("partitions/madoguchi-boot-{slot}"));
    let part = match slot {
        Slot::A => PI_PARTS[2].0,
        Slot::B => PI_PARTS[3].0,
    };
    let mut why = String::new();
    // The kernel there names the root hash of its own version.
    for number in ["1.0.0", "1.1.0"] {
        let boots = is_whole(files.get(&partition), number, part, PI_PARTS[2].1)
            .and_then(|()| whole_slot(files, machine, slot, number));
        match boots {
            Ok(()) => {
                let version = number.to_owned();
                return Ok(Booted { slot, version });
            }
            Err(reason) => why = reason,
        }
    }
    Err(why)
}
