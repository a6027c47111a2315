//! `tools`: the back office as the daemon sees it.

use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, bail};
use madoguchi_core::tool::{Tier, ToolOutcome};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::back_office::{Connection, Tool, word};
use crate::cli::{ToolsArgs, ToolsCommand};
use crate::config::{BackOffice, Config};
use crate::link::chain;

pub(super) fn tools(config: &Config, args: &ToolsArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    match &args.command {
        None => list(config, &runtime, args.json),
        Some(ToolsCommand::Call {
            server,
            tool,
            arguments,
            json,
        }) => {
            let servers = &config.back_offices;
            let Some(server) = servers.iter().find(|office| office.name == *server) else {
                let names: Vec<&str> = servers.iter().map(|office| office.name.as_str()).collect();
                bail!(
                    "no back office is named `{server}`; the configuration has {}",
                    if names.is_empty() {
                        "none".to_owned()
                    } else {
                        names.join(", ")
                    }
                );
            };
            call(
                server,
                &runtime,
                tool,
                arguments.0.clone(),
                args.json || *json,
            )
        }
    }
}

fn list(config: &Config, runtime: &Runtime, json: bool) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let mut rows = Vec::new();
    let mut failed = false;
    if config.back_offices.is_empty() && !json {
        writeln!(
            out,
            "No back office is configured; robot.toml names them in [[back_office]]."
        )?;
    }
    for office in &config.back_offices {
        let opened = runtime.block_on(Connection::open(office));
        failed |= opened.is_err();
        let error = opened.as_ref().err().map(|error| chain(error));
        let tools: Vec<&Tool> = opened.iter().flat_map(Connection::tools).collect();
        if json {
            rows.push(json!({
                "name": office.name,
                "error": error,
                "tools": tools.iter().map(|tool| row(tool)).collect::<Vec<_>>(),
            }));
        } else {
            match error {
                Some(error) => writeln!(out, "{}: {error}", office.name)?,
                None => writeln!(out, "{}", office.name)?,
            }
            let width = tools
                .iter()
                .map(|tool| tool.card.name.len())
                .max()
                .unwrap_or(0);
            for tool in tools {
                let (name, tier) = (&tool.card.name, tier(tool.card.floor));
                let about = tool.description.lines().next().unwrap_or_default();
                writeln!(out, "  {name:<width$}  {tier:<12}  {}", printable(about))?;
            }
        }
        if let Ok(connection) = opened {
            runtime.block_on(connection.close());
        }
    }
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?;
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn call(
    office: &BackOffice,
    runtime: &Runtime,
    tool: &str,
    arguments: Map<String, Value>,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let connection = runtime
        .block_on(Connection::open(office))
        .with_context(|| format!("no back office `{}`", office.name))?;
    let names: Vec<String> = connection
        .tools()
        .map(|tool| tool.card.name.clone())
        .collect();
    let called = Instant::now();
    let outcome = runtime.block_on(connection.caller().call(tool, arguments));
    let ms = u64::try_from(called.elapsed().as_millis()).unwrap_or(u64::MAX);
    runtime.block_on(connection.close());

    let mut out = std::io::stdout().lock();
    let done = matches!(outcome, ToolOutcome::Done { .. });
    if json {
        let (structured, text) = said(&outcome);
        let object = json!({
            "outcome": word(&outcome),
            "structured": structured,
            "text": text,
            "ms": ms,
        });
        writeln!(out, "{object}")?;
        return Ok(if done {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }
    match outcome {
        ToolOutcome::Done {
            structured: Some(structured),
            ..
        } => writeln!(out, "{}", serde_json::to_string_pretty(&structured)?)?,
        ToolOutcome::Done { text, .. } => writeln!(out, "{}", printable(&text))?,
        ToolOutcome::Refused { text, .. } => bail!("`{tool}` refuses: {}", printable(&text)),
        ToolOutcome::BadCall if !names.iter().any(|name| name == tool) => bail!(
            "`{}` has no tool `{tool}`; it has {}",
            office.name,
            names.join(", ")
        ),
        ToolOutcome::BadCall => bail!(
            "these arguments don't fit what `{tool}` takes; `madoguchi-robot tools --json` shows its schema"
        ),
        ToolOutcome::Unavailable => bail!("`{}` can't be reached any more", office.name),
        ToolOutcome::TooSlow => bail!(
            "`{tool}` did not answer within {} s; it may have done it all the same",
            office.time_limit_s
        ),
        ToolOutcome::Lost => bail!(
            "`{}` was lost before it answered; it may have done it all the same",
            office.name
        ),
        ToolOutcome::TooLarge => bail!(
            "the answer of `{tool}` is larger than {} KiB; it may have done it all the same",
            office.largest_answer_kib
        ),
        ToolOutcome::BadAnswer => bail!(
            "the answer of `{tool}` is not what it promised; it may have done it all the same"
        ),
    }
    Ok(ExitCode::SUCCESS)
}

fn said(outcome: &ToolOutcome) -> (Option<&Value>, Option<&str>) {
    match outcome {
        ToolOutcome::Done { structured, text } | ToolOutcome::Refused { structured, text } => {
            (structured.as_ref(), Some(text))
        }
        _ => (None, None),
    }
}

fn row(tool: &Tool) -> Value {
    json!({
        "name": tool.card.name,
        "tier": tier(tool.card.floor),
        "description": tool.description,
        "input_schema": tool.card.input_schema,
    })
}

fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Read => "read",
        Tier::Reversible => "reversible",
        Tier::Irreversible => "irreversible",
    }
}

/// A tool's words without what would steer a terminal or turn the order of letters.
fn printable(text: &str) -> String {
    let steers = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if steers(c) { '\u{fffd}' } else { c })
        .collect()
}
