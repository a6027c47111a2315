//! The board's own condition, from files of the kernel's.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use nix::sys::statvfs::statvfs;

/// Disk, memory, load, temperature, throttling and wear, a line each; what this board doesn't tell
/// is left out.
pub fn board(folders: &[&Path]) -> String {
    let mut lines = String::new();
    for folder in folders {
        if let Ok(system) = statvfs(*folder) {
            let mb = |blocks: u64| blocks.saturating_mul(system.fragment_size()) / 1_000_000;
            let (free, whole) = (mb(system.blocks_available()), mb(system.blocks()));
            let _ = writeln!(
                lines,
                "disk {}: {free} of {whole} MB free",
                folder.display()
            );
        }
    }
    for name in ["MemTotal", "MemAvailable", "SwapFree"] {
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        if let Some(line) = memory.lines().find(|line| line.starts_with(name)) {
            let _ = writeln!(lines, "memory {line}");
        }
    }
    for (what, path) in [
        ("load", "/proc/loadavg"),
        ("up", "/proc/uptime"),
        ("kernel", "/proc/version"),
    ] {
        line(&mut lines, what, Path::new(path));
    }
    for (folder, files) in [
        ("/sys/class/thermal", &["type", "temp"][..]),
        ("/sys/class/hwmon", &["name", "in0_lcrit_alarm"]),
        ("/sys/block", &["device/life_time", "device/pre_eol_info"]),
    ] {
        let mut names: Vec<_> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .collect();
        names.sort_by_key(fs::DirEntry::file_name);
        for entry in names {
            for file in files {
                let what = format!("{} {file}", entry.file_name().to_string_lossy());
                line(&mut lines, &what, &entry.path().join(file));
            }
        }
    }
    // Raspberry Pi: bits of under-voltage and throttling, now and since the start.
    let throttled = "/sys/devices/platform/soc/soc:firmware/get_throttled";
    line(&mut lines, "throttled", Path::new(throttled));
    lines
}

fn line(lines: &mut String, what: &str, path: &Path) {
    if let Ok(text) = fs::read_to_string(path) {
        let _ = writeln!(lines, "{what}: {}", text.trim());
    }
}
