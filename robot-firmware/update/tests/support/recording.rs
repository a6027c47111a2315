//! A disk that records what is done to it, and what of that is there after a power cut.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use madoguchi_update::{Disk, RealDisk};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::Files;

/// A disk writes a sector whole or not at all; memory is written back by pages.
const SECTOR: usize = 512;
const PAGE: usize = 4096;

#[derive(Debug, Clone)]
pub enum Op {
    /// At most a page.
    Write {
        path: PathBuf,
        at: usize,
        bytes: Vec<u8>,
    },
    Sync(PathBuf),
    Create(PathBuf),
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Remove(PathBuf),
    SyncFolder(PathBuf),
}

#[derive(Debug, Default)]
pub struct Recording {
    disk: RealDisk,
    pub ops: Vec<Op>,
}

impl Disk for Recording {
    fn capacity(&self, partition: &Path) -> io::Result<u64> {
        self.disk.capacity(partition)
    }

    fn room(&self, folder: &Path) -> io::Result<u64> {
        self.disk.room(folder)
    }

    fn write_at(&mut self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.disk.write_at(path, offset, bytes)?;
        let mut at = usize::try_from(offset).unwrap();
        let mut left = bytes;
        while !left.is_empty() {
            let (page, rest) = left.split_at(left.len().min(PAGE - at % PAGE));
            let (path, bytes) = (path.to_owned(), page.to_owned());
            self.ops.push(Op::Write { path, at, bytes });
            at += page.len();
            left = rest;
        }
        Ok(())
    }

    fn sync(&mut self, path: &Path) -> io::Result<()> {
        self.ops.push(Op::Sync(path.to_owned()));
        self.disk.sync(path)
    }

    fn read_back(&self, path: &Path, size: u64, take: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        self.disk.read_back(path, size, take)
    }

    fn create(&mut self, path: &Path) -> io::Result<()> {
        self.ops.push(Op::Create(path.to_owned()));
        self.disk.create(path)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let (old, new) = (from.to_owned(), to.to_owned());
        self.ops.push(Op::Rename { from: old, to: new });
        self.disk.rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.ops.push(Op::Remove(path.to_owned()));
        self.disk.remove(path)
    }

    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.ops.push(Op::SyncFolder(folder.to_owned()));
        self.disk.sync_folder(folder)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.disk.names(folder)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.disk.read(path)
    }
}

/// Changes of names in a folder; a renaming is two of them, which FAT writes apart.
#[derive(Debug, Clone)]
enum Name {
    Link(PathBuf, usize),
    Unlink(PathBuf, usize),
}

impl Name {
    fn folder(&self) -> &Path {
        let (Self::Link(path, _) | Self::Unlink(path, _)) = self;
        path.parent().unwrap()
    }
}

/// A disk's files by their names, with what is on their way to it.
struct Cut {
    names: BTreeMap<PathBuf, usize>,
    contents: Vec<Vec<u8>>,
    /// As a program sees it, before any power cut.
    seen: BTreeMap<PathBuf, usize>,
    pending_writes: Vec<(usize, usize, Vec<u8>)>,
    pending_names: Vec<Name>,
}

impl Cut {
    fn new(before: &Files) -> Self {
        let numbered = before.keys().cloned().zip(0..);
        let names: BTreeMap<_, _> = numbered.collect();
        Self {
            seen: names.clone(),
            names,
            contents: before.values().cloned().collect(),
            pending_writes: Vec::new(),
            pending_names: Vec::new(),
        }
    }

    fn take(&mut self, op: &Op) {
        match op {
            Op::Write { path, at, bytes } => {
                self.pending_writes
                    .push((self.seen[path], *at, bytes.clone()));
            }
            Op::Sync(path) => {
                let file = self.seen[path];
                let pending = std::mem::take(&mut self.pending_writes);
                for (of, at, bytes) in pending {
                    match of == file {
                        true => self.write(of, at, &bytes),
                        false => self.pending_writes.push((of, at, bytes)),
                    }
                }
            }
            Op::Create(path) => {
                self.contents.push(Vec::new());
                let file = self.contents.len() - 1;
                self.seen.insert(path.clone(), file);
                self.pending_names.push(Name::Link(path.clone(), file));
            }
            Op::Rename { from, to } => {
                let file = self.seen.remove(from).unwrap();
                self.seen.insert(to.clone(), file);
                self.pending_names.push(Name::Link(to.clone(), file));
                self.pending_names.push(Name::Unlink(from.clone(), file));
            }
            Op::Remove(path) => {
                if let Some(file) = self.seen.remove(path) {
                    self.pending_names.push(Name::Unlink(path.clone(), file));
                }
            }
            Op::SyncFolder(folder) => {
                let pending = std::mem::take(&mut self.pending_names);
                for change in pending {
                    match change.folder() == folder {
                        true => self.name(&change),
                        false => self.pending_names.push(change),
                    }
                }
            }
        }
    }

    fn write(&mut self, file: usize, at: usize, bytes: &[u8]) {
        let content = &mut self.contents[file];
        content.resize(content.len().max(at + bytes.len()), 0);
        content[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn name(&mut self, change: &Name) {
        match change {
            Name::Link(path, file) => drop(self.names.insert(path.clone(), *file)),
            Name::Unlink(path, file) => {
                if self.names.get(path) == Some(file) {
                    self.names.remove(path);
                }
            }
        }
    }

    /// Of what was on its way, any of it arrives, a page perhaps in part.
    fn fail(mut self, chance: &mut StdRng) -> Files {
        let arriving = f64::from(chance.random_range(0..=4_u8)) / 4.0;
        for (file, at, bytes) in std::mem::take(&mut self.pending_writes) {
            for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                if chance.random_bool(arriving) {
                    self.write(file, at + number * SECTOR, sector);
                }
            }
        }
        for change in std::mem::take(&mut self.pending_names) {
            if chance.random_bool(arriving) {
                self.name(&change);
            }
        }
        let contents = self.contents;
        let named = self.names.into_iter();
        named
            .map(|(path, file)| (path, contents[file].clone()))
            .collect()
    }
}

/// What is on the disk when the power fails after the first `done` operations.
pub fn power_cut(before: &Files, ops: &[Op], done: usize, seed: u64) -> Files {
    let mut cut = Cut::new(before);
    for op in &ops[..done] {
        cut.take(op);
    }
    cut.fail(&mut StdRng::seed_from_u64(seed))
}
