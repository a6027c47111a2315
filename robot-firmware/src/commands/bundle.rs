//! `bundle`: made by whoever keeps robots up to date, on a machine of theirs.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use madoguchi_update::rules::{Whose, judge_plain};
use madoguchi_update::{Contents, Manifest, generate_key, read_signing_key, write_bundle};
use serde_json::json;

use crate::cli::{Apart, BundleCommand, SignedArgs};
use crate::clock::wall;

const DAY_S: i64 = 86_400;

pub(super) fn bundle(command: BundleCommand) -> anyhow::Result<ExitCode> {
    match command {
        BundleCommand::Key { private, public } => {
            generate_key(&rand::random(), &private, &public)?;
            writeln!(
                std::io::stdout(),
                "{} signs; robots that have {} among their update-keys take what it signed",
                private.display(),
                public.display()
            )?;
        }
        BundleCommand::Folder {
            kind,
            folder,
            signed,
        } => {
            let contents = match kind {
                Apart::Pack => Contents::Pack,
                Apart::Models => Contents::Models,
            };
            let mut files = Vec::new();
            collect(&folder, "", &mut files)?;
            make(contents, &files, &signed)?;
        }
        BundleCommand::System {
            board,
            root_hash,
            parts,
            signed,
        } => {
            judge_plain(&signed.version, Whose::Bundle)?;
            make(Contents::System { board, root_hash }, &parts, &signed)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn make(
    contents: Contents,
    files: &[(String, PathBuf)],
    signed: &SignedArgs,
) -> anyhow::Result<()> {
    let key = read_signing_key(&signed.key)?;
    let created_unix_s = wall().0.div_euclid(1000);
    let manifest = Manifest {
        format: 1,
        contents,
        version: signed.version.clone(),
        minimum_version: signed.minimum_version.clone(),
        created_unix_s,
        expires_unix_s: created_unix_s + i64::from(signed.expires_days) * DAY_S,
        parts: Vec::new(),
    };
    let out = &signed.out;
    let named = || format!("cannot write {}", out.display());
    // A bundle that broke off must not lie where a whole one is expected.
    let scratch = out.with_extension("new");
    let file = File::create(&scratch).with_context(named)?;
    let written = write_bundle(manifest, files, &key, BufWriter::new(&file));
    let manifest = written.inspect_err(|_| drop(fs::remove_file(&scratch)))?;
    file.sync_all().with_context(named)?;
    fs::rename(&scratch, out).with_context(named)?;
    let (kind, parts, size) = (
        manifest.contents.name(),
        manifest.parts.len(),
        manifest.size(),
    );
    let version = &manifest.version;
    if signed.json {
        let told =
            json!({ "file": out, "kind": kind, "version": version, "parts": parts, "bytes": size });
        writeln!(std::io::stdout(), "{told}")?;
    } else {
        let out = out.display();
        writeln!(
            std::io::stdout(),
            "{out}: {kind} {version}, {parts} parts of {size} bytes"
        )?;
    }
    Ok(())
}

/// All files of a folder by their names within it, sorted; those that begin with a dot stay out.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> anyhow::Result<()> {
    let read = || format!("cannot read {}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(read)? {
        paths.push(entry.with_context(read)?.path());
    }
    paths.sort();
    for path in paths {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            anyhow::bail!("{} has a name that no bundle can hold", path.display());
        };
        if name.starts_with('.') {
            continue;
        }
        let within = format!("{prefix}{name}");
        match path.is_dir() {
            true => collect(&path, &format!("{within}/"), files)?,
            false => files.push((within, path)),
        }
    }
    Ok(())
}
