//! What the robot chooses on boards of a quarter core to two cores, and whether it is in time.
//!
//! `cargo bench --bench board -- [MODELS]`. A board is a CPU quota of the kernel (control groups,
//! either version; needs root), so it is slower than it says only in computing, not in memory.
//! For each, `madoguchi-robot check` times the known clip from nothing, as a first start does.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const QUOTAS_PERCENT: [u32; 4] = [25, 50, 100, 200];
const PERIOD_US: u32 = 100_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let named = arguments.find(|argument| !argument.starts_with("--"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let models = root.join(named.as_deref().unwrap_or(".demo/models"));
    let models = models.canonicalize().unwrap();
    println!("4 s of speech, to be recognised within 2 s, under a CPU quota:");
    for percent in QUOTAS_PERCENT {
        let cores = f64::from(percent) / 100.0;
        let Some(quota) = Quota::new(percent) else {
            println!("SKIPPED: no CPU quota can be set here; run as root where control groups are");
            return;
        };
        let check = check(&quota, &models);
        let recogniser = &check["recogniser"];
        assert!(recogniser.is_object(), "{check:#}");
        let seconds = recogniser["seconds_for_4_s"].as_f64().unwrap();
        let detail = check["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|finding| finding["part"] == "recogniser")
            .unwrap();
        println!(
            "{cores:>5.2} cores  {}  {}",
            if seconds <= 2.0 {
                "in time "
            } else {
                "TOO SLOW"
            },
            detail["detail"].as_str().unwrap()
        );
    }
}

fn check(quota: &Quota, models: &Path) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("pack");
    let config = folder.path().join("robot.toml");
    fs::write(
        &config,
        format!("pack = {pack:?}\nmodels = {models:?}\nstate = \"state\"\n"),
    )
    .unwrap();
    let output = quota
        .command(env!("CARGO_BIN_EXE_madoguchi-robot"))
        .arg("--config")
        .arg(&config)
        .args(["check", "--json"])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// A control group of our own; gone when dropped.
struct Quota {
    group: PathBuf,
}

impl Quota {
    fn new(percent: u32) -> Option<Self> {
        let quota_us = PERIOD_US / 100 * percent;
        let name = format!("madoguchi-bench-{}", std::process::id());
        let version_2 = Path::new("/sys/fs/cgroup").join(&name);
        let version_1 = Path::new("/sys/fs/cgroup/cpu").join(&name);
        for (group, file, limit) in [
            (version_2, "cpu.max", format!("{quota_us} {PERIOD_US}")),
            (version_1, "cpu.cfs_quota_us", quota_us.to_string()),
        ] {
            if fs::create_dir(&group).is_err() {
                continue;
            }
            let quota = Self { group };
            if quota.group.join(file).exists() && fs::write(quota.group.join(file), limit).is_ok() {
                return Some(quota);
            }
        }
        None
    }

    /// A command that runs in the group.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("sh");
        command
            .args(["-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\""])
            .arg(&self.group)
            .arg(program);
        command
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.group);
    }
}
