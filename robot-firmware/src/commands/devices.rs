//! `devices`.

use std::io::Write;
use std::process::ExitCode;

use madoguchi_media::{DeviceKind, find_devices};
use serde_json::json;

fn kind_word(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Microphone => "microphone",
        DeviceKind::Loudspeaker => "loudspeaker",
        DeviceKind::Camera => "camera",
    }
}

pub(super) fn devices(json: bool) -> anyhow::Result<ExitCode> {
    let found = find_devices()?;
    let mut out = std::io::stdout().lock();
    if json {
        let rows: Vec<_> = found
            .iter()
            .map(|device| {
                json!({
                    "kind": kind_word(device.kind),
                    "system": device.system,
                    "name": device.name,
                    "label": device.label,
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if found.is_empty() {
        writeln!(out, "No microphone, loudspeaker or camera is plugged in.")?;
    }
    for device in &found {
        let (kind, system) = (kind_word(device.kind), device.system);
        let (name, label) = (&device.name, &device.label);
        writeln!(out, "{kind:<11}  {system:<9}  device = {name:?}  ({label})")?;
    }
    Ok(ExitCode::SUCCESS)
}
