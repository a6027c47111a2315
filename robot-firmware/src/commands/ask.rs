//! `ask`: one question to the agent, decided by the same machine that serves visitors.

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use madoguchi_core::machine::{Patience, Settings};
use madoguchi_core::output::Milestone;
use madoguchi_core::pack::Pack;
use madoguchi_core::slot;
use madoguchi_core::understanding::{Outcome, Understanding};
use madoguchi_core::{Input, Machine, Now, Output};
use madoguchi_shared::packet::Reason;
use madoguchi_speech::whisper::knows_language;
use serde_json::json;

use super::speech::unknown;
use crate::cli::AskArgs;
use crate::clock;
use crate::config::Config;
use crate::engines;
use crate::learned::Kept;
use crate::pack;
use crate::threads::meaning::learn;

struct Reply {
    text: String,
    escalates: Option<Reason>,
    understanding: Understanding,
    /// Policies that decided: rule, version, effect.
    policies: Vec<[String; 3]>,
    /// The flow that began.
    flow: Option<String>,
    /// The place that was asked for.
    place: Option<String>,
}

pub(super) fn ask(config: &Config, args: &AskArgs) -> anyhow::Result<ExitCode> {
    let pack = pack::load(args.pack.as_ref().unwrap_or(&config.pack))?;
    if pack.serves(&args.lang).is_none() && !knows_language(&args.lang) {
        return Err(unknown(&args.lang).into());
    }
    let reply = reply(config, args, pack)?;
    let topic = match &reply.understanding.outcome {
        Outcome::Topic { topic, .. } => Some(topic.clone()),
        Outcome::Close(_) | Outcome::None => None,
    };
    let best = reply.understanding.candidates.first();
    let score = best.map_or(0.0, |best| best.probability);
    let mut out = std::io::stdout().lock();
    if args.json {
        let object = json!({
            "reply": reply.text,
            "language": args.lang,
            "topic": topic,
            "score": score,
            "escalate": reply.escalates.is_some(),
            "reason": reply.escalates.as_ref().map(|reason| json!(reason.code)),
            "evidence": reply.escalates.as_ref().map(|reason| json!(reason.evidence)),
            "candidates": reply.understanding.candidates.iter()
                .map(|c| json!({ "topic": c.topic, "probability": c.probability }))
                .collect::<Vec<_>>(),
            "flow": reply.flow,
            "place": reply.place,
            "policies": reply.policies.iter()
                .map(|[rule, version, effect]| json!({ "rule": rule, "version": version, "effect": effect }))
                .collect::<Vec<_>>(),
            "asks_for_person": reply.understanding.asks_for_person,
        });
        writeln!(out, "{object}")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "{}", reply.text)?;
    match &reply.escalates {
        Some(reason) => {
            writeln!(
                out,
                "→ calls a person: {}",
                json!(reason.code).as_str().unwrap_or_default()
            )?;
            for evidence in &reason.evidence {
                writeln!(
                    out,
                    "  {} {:.2}: {}",
                    evidence.detector, evidence.score, evidence.detail
                )?;
            }
        }
        None => match (&reply.place, topic) {
            (Some(place), _) => writeln!(out, "→ place {place}")?,
            (None, Some(topic)) => writeln!(out, "→ topic {topic}, probability {score:.2}")?,
            (None, None) => writeln!(out, "→ no topic; the likeliest had {score:.2}")?,
        },
    }
    if args.explain {
        for candidate in &reply.understanding.candidates {
            writeln!(out, "  {:.3} {}", candidate.probability, candidate.topic)?;
        }
        for [rule, version, effect] in &reply.policies {
            writeln!(out, "  policy {rule} {version}: {effect}")?;
        }
        if let Some(flow) = &reply.flow {
            writeln!(out, "  flow {flow} began")?;
        }
        if let Some(score) = reply.understanding.asks_for_person {
            writeln!(out, "  {score:.3} asks for a person")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn reply(config: &Config, args: &AskArgs, pack: Pack) -> anyhow::Result<Reply> {
    let wall = match &args.at {
        None => clock::wall(),
        Some(at) => slot::moment(at, pack.time_zone()).with_context(|| {
            format!("--at is “{at}”; write a day, 2026-12-25, or a time of it, 2026-12-25T19:00")
        })?,
    };
    let kept = Kept::within(&config.state);
    let mut index = kept.index(&pack);
    let mut meaning = match args.words_only {
        true => None,
        false => Some(engines::meaning(&config.models)?),
    };
    if let Some(meaning) = &mut meaning {
        index = learn(meaning, index, &kept, &AtomicBool::new(false), |_, _| {})?;
        kept.keep(&mut index);
    }
    let mut vector_of = |text: &str| -> anyhow::Result<Option<Vec<f32>>> {
        Ok(match &mut meaning {
            Some(meaning) => Some(meaning.embedder.embed(text)?.to_vec()),
            None => None,
        })
    };
    let vector = vector_of(&args.text)?;
    let understanding = index.understand(&args.text, Some(&args.lang), vector.as_deref());
    let settings = settings(config, &pack);
    let now = Now {
        monotonic_ms: 0,
        wall,
    };
    let mut machine = Machine::new(pack, index, settings);
    machine.handle(Input::ConsoleUp, now);
    let typed = Input::TypedIn {
        language: args.lang.clone(),
        text: args.text.clone(),
    };
    machine.handle(typed, now);
    let mut text = String::new();
    let mut escalates = None;
    let (mut policies, mut flow, mut place) = (Vec::new(), None, None);
    while let Some(output) = machine.poll_output() {
        match output {
            Output::Say { text: said, .. } => text = said,
            Output::Milestone { milestone, .. } => match milestone {
                Milestone::Policy(rule, version, effect) => policies.push([rule, version, effect]),
                Milestone::FlowBegan(id) => flow = Some(id),
                Milestone::ShowedPlace(id) => place = Some(id),
                _ => {}
            },
            Output::SendCase(packet) => escalates = Some(packet.reason),
            Output::Embed { request, text } => {
                let vector = vector_of(&text)?;
                machine.handle(Input::Embedded { request, vector }, now);
            }
            _ => {}
        }
    }
    Ok(Reply {
        text,
        escalates,
        understanding,
        policies,
        flow,
        place,
    })
}

/// Those of a machine that serves nobody.
pub(super) fn settings(config: &Config, pack: &Pack) -> Settings {
    Settings {
        seed: 0,
        site: pack.site().to_owned(),
        place: pack.place().to_owned(),
        software: env!("CARGO_PKG_VERSION").to_owned(),
        recogniser: None,
        packet_language: config.packet_language.clone(),
        translations: Vec::new(),
        barge_in: false,
        bell: false,
        motion: false,
        sample_visitors: Vec::new(),
        patience: Patience::default(),
    }
}
