//! The rules of the house that no compiler knows, checked by `make lint`.
//!
//! Prints one line for each breach, `FILE[:LINE]: what is wrong and what to do`, and exits with 1.
//! Files over the length that the house aims at are told as warnings, which fail nothing.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod config_docs;
mod core_wall;
mod files;
mod generated;
mod length;
mod links;
mod npm_licences;
mod rust;
mod words;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

/// One breach of a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    /// Where: a path relative to the repository, with `:LINE` where a line is to blame.
    pub(crate) place: String,
    /// What is wrong, and the remedy.
    pub(crate) message: String,
}

impl Breach {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            message: message.into(),
        }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(breaches) if breaches.is_empty() => ExitCode::SUCCESS,
        Ok(breaches) => {
            for breach in &breaches {
                eprintln!("{}: {}", breach.place, breach.message);
            }
            eprintln!("house: {} breach(es)", breaches.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("house: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run() -> anyhow::Result<Vec<Breach>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the tests crate has no parent folder")?;
    let tree = files::Tree::of_repository(root)?;
    let (mut breaches, warnings) = length::check(&tree);
    for warning in warnings {
        eprintln!("warning: {}: {}", warning.place, warning.message);
    }
    breaches.extend(core_wall::check_dependencies(&core_wall::resolve(root)?)?);
    breaches.extend(core_wall::check_sources(&tree));
    breaches.extend(generated::check(
        &tree,
        &madoguchi_shared::typescript::module(),
    ));
    breaches.extend(config_docs::check(&tree));
    breaches.extend(links::check(&tree));
    breaches.extend(npm_licences::check(&tree)?);
    breaches.extend(words::check(&tree));
    Ok(breaches)
}
