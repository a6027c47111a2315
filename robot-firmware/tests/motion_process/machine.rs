//! What is done to the machine under a process: its clock, its share of the processors.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Says, past whatever the test's runner keeps to itself, what this machine doesn't allow.
pub fn not_tried(what: &str, why: &str) {
    let mut out = std::io::stderr();
    let _ = writeln!(out, "\nNOT TRIED: {what}: {why}\n");
}

/// A wall clock that can be set, for a process that begins with it.
pub struct WallClock {
    library: PathBuf,
    file: PathBuf,
}

impl WallClock {
    /// One that is right, set by a file in this folder; none where libfaketime isn't installed.
    pub fn right(folder: &Path) -> Option<Self> {
        let libraries = fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
        let library = libraries
            .map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"))
            .find(|library| library.exists())?;
        let clock = Self {
            library,
            file: folder.join("wall-clock"),
        };
        clock.set("+0");
        Some(clock)
    }

    /// Off by this much from now on, such as `-3600`.
    pub fn set(&self, seconds: &str) {
        let next = self.file.with_extension("next");
        fs::write(&next, seconds).unwrap();
        fs::rename(next, &self.file).unwrap();
    }

    /// What a process begins with.
    pub fn environment(&self) -> [(&'static str, PathBuf); 4] {
        [
            ("LD_PRELOAD", self.library.clone()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.clone()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ]
    }

    /// What another process reads from this clock, in seconds since 1970.
    pub fn read(&self) -> i64 {
        let mut date = Command::new("date");
        let said = date.arg("+%s").envs(self.environment()).output().unwrap();
        String::from_utf8_lossy(&said.stdout)
            .trim()
            .parse()
            .unwrap()
    }
}

/// A millisecond of a processor in each second, for a process and what it starts, until dropped.
pub struct Starved {
    group: PathBuf,
}

impl Starved {
    /// Starves this process; why it can't, where the machine doesn't allow it.
    pub fn process(pid: u32) -> Result<Self, String> {
        let (first, second) = (Path::new("/sys/fs/cgroup/cpu"), Path::new("/sys/fs/cgroup"));
        let name = format!("madoguchi-starved-{pid}");
        let quota: &[_] = if first.join("cpu.cfs_quota_us").exists() {
            // Where the kernel shares out real time as well, a process that has some gets into no
            // group without.
            &[
                ("cpu.cfs_period_us", "1000000"),
                ("cpu.cfs_quota_us", "1000"),
                ("cpu.rt_runtime_us", "1000"),
            ]
        } else {
            &[("cpu.max", "1000 1000000")]
        };
        let parent = if quota.len() > 1 { first } else { second };
        let starved = Self {
            group: parent.join(name),
        };
        let put = |file: &str, text: &str| {
            let file = starved.group.join(file);
            fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
        };
        fs::create_dir(&starved.group)
            .map_err(|error| format!("{}: {error}", starved.group.display()))?;
        for (file, text) in quota {
            if starved.group.join(file).exists() {
                put(file, text)?;
            }
        }
        put("cgroup.procs", &pid.to_string())?;
        Ok(starved)
    }
}

impl Drop for Starved {
    fn drop(&mut self) {
        // Back to where it came from, as far as one can see; the folder goes when it is empty.
        let parent = self.group.with_file_name("cgroup.procs");
        let inside = fs::read_to_string(self.group.join("cgroup.procs")).unwrap_or_default();
        for pid in inside.lines() {
            let _ = fs::write(&parent, pid);
        }
        let _ = fs::remove_dir(&self.group);
    }
}
