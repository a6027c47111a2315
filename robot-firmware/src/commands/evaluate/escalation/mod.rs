//! `evaluate --escalation`: whether a person is called when one is needed, in time, for the right
//! reason, and never otherwise.

mod figures;
mod table;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use madoguchi_core::pack::Pack;
use madoguchi_core::tool::ToolCard;
use madoguchi_core::understanding::Index;
use madoguchi_core::{Input, Machine, Now, Output};
use madoguchi_shared::ids::UnixMs;
use madoguchi_shared::packet::Reason;
use serde_json::{Map, json};

use self::figures::Verdict;
use self::table::Visit;
use super::NONE;
use super::progress::Progress;
use crate::cli::EvaluateArgs;
use crate::commands::ask::settings;
use crate::config::Config;
use crate::engines::{self, Meaning};
use crate::learned::Kept;
use crate::pack;
use crate::threads::meaning::learn;

/// Between two turns of a visit.
const PAUSE_MS: u64 = 6_000;

/// Plays every visit of the file to a machine of its own, and tells what became of each.
pub(super) fn judge(config: &Config, args: &EvaluateArgs, file: &Path) -> anyhow::Result<ExitCode> {
    let pack = pack::load(args.pack.as_ref().unwrap_or(&config.pack))?;
    let visits = table::read(file, &args.none)?;
    let mut index = Index::new(&pack);
    let mut meaning = None;
    if !args.words_only {
        let mut loaded = engines::meaning(&config.models)?;
        let kept = Kept::within(&config.state);
        let still = AtomicBool::new(false);
        index = learn(&mut loaded, index, &kept, &still, |_, _| {})?;
        meaning = Some(loaded);
    }
    let progress = Progress::new("trying", visits.len());
    let mut verdicts = Vec::with_capacity(visits.len());
    let mut mistakes = Vec::new();
    for visit in &visits {
        let machine = Machine::new(pack.clone(), index.clone(), settings(config, &pack));
        let called = play(machine, &pack, visit, &mut meaning)?;
        let verdict = Verdict::on(visit, called.as_ref());
        if args.mistakes && !verdict.is_right() {
            mistakes.push(line(visit, &verdict, called.as_ref()));
        }
        verdicts.push(verdict);
        progress.step(1);
    }
    drop(progress);
    let mut out = std::io::stdout().lock();
    for line in mistakes {
        writeln!(out, "{line}")?;
    }
    if args.json {
        writeln!(out, "{}", figures::json(&verdicts))?;
    } else {
        figures::text(&mut out, &verdicts)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The first case of a visit: its turn, counted from 0, and its reason.
fn play(
    mut machine: Machine,
    pack: &Pack,
    visit: &Visit,
    meaning: &mut Option<Meaning>,
) -> anyhow::Result<Option<(usize, Reason)>> {
    let mut now = Now {
        monotonic_ms: 0,
        wall: UnixMs(0),
    };
    machine.handle(Input::ConsoleUp, now);
    for action in pack.actions() {
        let card = ToolCard {
            server: action.server.clone(),
            name: action.tool.clone(),
            floor: action.tier,
            input_schema: Map::new(),
        };
        let server = action.server.clone();
        let others = pack
            .actions()
            .iter()
            .filter(|own| own.id != action.id && own.server == server);
        let cards = others.map(|own| ToolCard {
            name: own.tool.clone(),
            floor: own.tier,
            ..card.clone()
        });
        let tools = cards.chain([card.clone()]).collect();
        machine.handle(Input::ToolsKnown { server, tools }, now);
    }
    for (at, turn) in visit.turns.iter().enumerate() {
        now.monotonic_ms += PAUSE_MS;
        let language = visit.language.clone();
        let text = turn.text.clone();
        machine.handle(Input::TypedIn { language, text }, now);
        while let Some(output) = machine.poll_output() {
            match output {
                Output::SendCase(packet) => return Ok(Some((at, packet.reason))),
                Output::Embed { request, text } => {
                    let vector = match meaning {
                        Some(meaning) => Some(meaning.embedder.embed(&text)?.to_vec()),
                        None => None,
                    };
                    machine.handle(Input::Embedded { request, vector }, now);
                }
                Output::Say { id, .. } => machine.handle(Input::SayEnded { id }, now),
                _ => {}
            }
        }
    }
    Ok(None)
}

fn line(visit: &Visit, verdict: &Verdict, called: Option<&(usize, Reason)>) -> String {
    let at = called.map_or(visit.turns.len() - 1, |(at, _)| *at);
    let evidence: Vec<String> = called
        .iter()
        .flat_map(|(_, reason)| &reason.evidence)
        .map(|own| format!("{} {:.2}", own.detector, own.score))
        .collect();
    let expected = visit.expected.as_ref().map(|(_, code)| json!(code));
    let got = called.map(|(_, reason)| json!(reason.code));
    let word = |code: Option<serde_json::Value>| {
        let code = code.and_then(|code| code.as_str().map(str::to_owned));
        code.unwrap_or_else(|| NONE.to_owned())
    };
    format!(
        "{}\t{}\texpected {}\tgot {}\t{}\t{}",
        verdict.word(),
        visit.language,
        word(expected),
        word(got),
        evidence.join(", "),
        visit.turns[at].text
    )
}
