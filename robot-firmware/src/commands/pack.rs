//! `pack check`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::pack::{self, PackError};

pub(super) fn check(dir: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    let pack = match pack::load(dir) {
        Ok(pack) => pack,
        Err(PackError::Problems { path, problems }) if json => {
            let problems: Vec<_> = problems
                .iter()
                .map(|p| json!({ "file": p.path, "line": p.line, "message": p.message }))
                .collect();
            let object = json!({ "folder": path, "sound": false, "problems": problems });
            writeln!(out, "{object}")?;
            return Ok(ExitCode::FAILURE);
        }
        Err(error) => return Err(error.into()),
    };
    let languages: Vec<&str> = pack.languages().iter().map(|lang| lang.as_str()).collect();
    let topics = pack.topics().len();
    let (flows, actions) = (pack.flows().len(), pack.actions().len());
    let policies = pack.rules().len();
    let terms = pack.glossary().len();
    if json {
        let object = json!({
            "folder": dir,
            "sound": true,
            "problems": [],
            "pack": pack.id(),
            "version": pack.version(),
            "topics": topics,
            "flows": flows,
            "actions": actions,
            "policies": policies,
            "terms": terms,
            "languages": languages,
        });
        writeln!(out, "{object}")?;
    } else {
        writeln!(
            out,
            "{} is sound: {topics} topics in {}; {flows} flows, {actions} actions, {policies} policies, {terms} terms",
            pack.id_and_version(),
            languages.join(", ")
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
