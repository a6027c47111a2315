//! `support-bundle`: one file for a supporter.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;
use madoguchi_update::Record;
use madoguchi_update::apart::Versions;
use serde_json::{Value, json};

use crate::check;
use crate::clock::wall;
use crate::config::Config;
use crate::files::create_private;
use crate::support::{board, configuration, services, told};
use crate::update::{Image, Robot};

pub(super) fn support_bundle(path: &Path, out: &Path) -> anyhow::Result<ExitCode> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut parts = vec![("robot.toml", configuration(&text))];
    match Config::load(path) {
        Ok(config) => {
            parts.push(("check.json", format!("{:#}\n", checked(&config)?)));
            parts.push(("versions.json", format!("{:#}\n", versions(&config))));
            parts.push((
                "board.txt",
                board(&[&config.state, &config.update.folder, Path::new("/")]),
            ));
        }
        // A mistake in the configuration is often why somebody is asked; its words may quote it.
        Err(_) => parts.push(("board.txt", board(&[Path::new("/")]))),
    }
    for (name, told) in [("services.txt", services()), ("log.txt", told())] {
        parts.push((
            name,
            told.unwrap_or_else(|reason| format!("not to be had: {reason}\n")),
        ));
    }
    let written = || format!("cannot write {}", out.display());
    let file = create_private(out).with_context(written)?;
    let mut archive = tar::Builder::new(GzEncoder::new(&file, Compression::default()));
    for (name, text) in &parts {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(wall().0 / 1000).unwrap_or_default());
        let name = format!("madoguchi-support/{name}");
        archive
            .append_data(&mut header, name, text.as_bytes())
            .with_context(written)?;
    }
    let encoder = archive.into_inner().with_context(written)?;
    encoder.finish().with_context(written)?;
    file.sync_all().with_context(written)?;
    writeln!(
        std::io::stdout(),
        "{}: {}; read it before you give it away",
        out.display(),
        parts
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(", ")
    )?;
    Ok(ExitCode::SUCCESS)
}

/// What the robot says that runs, or what can be told without it.
fn checked(config: &Config) -> anyhow::Result<Value> {
    let running = Robot::new(config.screen.listen)?.whole();
    Ok(running.unwrap_or_else(|| check::json(&check::survey(config))))
}

fn versions(config: &Config) -> Value {
    let image = Image::load(&config.update.image).ok().flatten();
    let apart = |kind| Versions::new(&config.update.folder, kind).version();
    let record = Record::read(&config.update.folder).unwrap_or_default();
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = system
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="));
    json!({
        "program": env!("CARGO_PKG_VERSION"),
        "system": name.map(|name| name.trim_matches('"')),
        "board": image.as_ref().map(|image| &image.board),
        "image": image.as_ref().map(|image| &image.version),
        "slot": image.as_ref().and_then(|image| image.slot().ok()),
        "pack": apart("pack"),
        "models": apart("models"),
        "last_update": record.progress,
    })
}
