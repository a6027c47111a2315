//! `models list|fetch|verify`.

use std::io::Write;
use std::process::ExitCode;

use madoguchi_speech::models::{FetchEvent, ModelState, ModelStore, progress};
use serde_json::json;

use crate::cli::ModelsCommand;
use crate::config::Config;

pub(super) fn models(config: &Config, command: &ModelsCommand) -> anyhow::Result<ExitCode> {
    let store = ModelStore::new(&config.models)?;
    match command {
        ModelsCommand::List { json } => list(&store, *json),
        ModelsCommand::Fetch { names, json } => fetch(&store, names, *json),
        ModelsCommand::Verify { names, json } => verify(&store, names, *json),
    }
}

fn fetch(store: &ModelStore, names: &[String], json: bool) -> anyhow::Result<ExitCode> {
    let mut show = progress::reporter();
    let (mut installed, mut already) = (Vec::new(), Vec::new());
    store.fetch(names, &mut |event| {
        match event {
            FetchEvent::Installed(model) => installed.push(model.name.clone()),
            FetchEvent::AlreadyInstalled(model) => already.push(model.name.clone()),
            _ => {}
        }
        show(event);
    })?;
    if json {
        let object = json!({
            "folder": store.dir(),
            "installed": installed,
            "already_installed": already,
        });
        writeln!(std::io::stdout(), "{object}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn state_word(state: &ModelState) -> &str {
    match state {
        ModelState::Installed => "installed",
        ModelState::Missing => "missing",
        ModelState::Damaged(_) => "damaged",
    }
}

fn list(store: &ModelStore, json: bool) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let models = store.list();
    if json {
        let rows: Vec<_> = models
            .iter()
            .map(|model| {
                json!({
                    "name": model.name,
                    "purpose": model.purpose,
                    "licence": model.licence,
                    "download_bytes": model.download_bytes,
                    "installed_bytes": model.installed_bytes,
                    "state": state_word(&model.state),
                    "files": model.files.iter()
                        .map(|(name, sha256)| json!({ "name": name, "sha256": sha256 }))
                        .collect::<Vec<_>>(),
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "Models in {}", store.dir().display())?;
    for model in models {
        let megabytes = model.installed_bytes as f64 / 1e6;
        writeln!(
            out,
            "{:<24} {:>8.1} MB  {:<9}  {}",
            model.name,
            megabytes,
            state_word(&model.state),
            model.purpose
        )?;
        writeln!(out, "{:<24} licence {}", "", model.licence)?;
        for (name, sha256) in &model.files {
            writeln!(out, "{:<24} {name} sha256 {sha256}", "")?;
        }
        if let ModelState::Damaged(reason) = &model.state {
            writeln!(out, "{:<24} {reason}", "")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn verify(store: &ModelStore, names: &[String], json: bool) -> anyhow::Result<ExitCode> {
    let all: Vec<String> = store.list().into_iter().map(|model| model.name).collect();
    let names = if names.is_empty() { &all } else { names };
    let mut out = std::io::stdout().lock();
    let mut rows = Vec::new();
    let mut sound = true;
    for name in names {
        let outcome = store.verify(name);
        sound &= outcome.is_ok();
        let problem = outcome.err().map(|error| error.to_string());
        if !json {
            writeln!(
                out,
                "{name}: {}",
                problem.as_deref().unwrap_or("as in the manifest")
            )?;
        }
        rows.push(json!({ "name": name, "sound": problem.is_none(), "problem": problem }));
    }
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?;
    }
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
