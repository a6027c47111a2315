//! `replay`: a recorded visit once more.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, bail};
use madoguchi_core::record::{self, Header, Step};
use madoguchi_core::understanding::Index;
use madoguchi_core::{Input, Machine};
use serde_json::json;

use crate::cli::ReplayArgs;
use crate::config::Config;
use crate::engines;
use crate::learned::Kept;
use crate::pack;
use crate::threads::meaning::learn;

pub(super) fn replay(config: &Config, args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let name = args.file.display();
    let file = File::open(&args.file).with_context(|| {
        format!("cannot open the record {name}; `madoguchi-robot run --record FILE` writes one")
    })?;
    let mut lines = BufReader::new(file).lines();
    let first = lines
        .next()
        .with_context(|| format!("the record {name} is empty; record a visit again"))?
        .with_context(|| format!("cannot read the record {name}"))?;
    let header: Header = serde_json::from_str(&first).with_context(|| {
        format!("{name} is not a record; `madoguchi-robot run --record FILE` writes one")
    })?;
    if header.madoguchi_record != 1 {
        bail!(
            "{name} is a record of format {}; this program reads 1",
            header.madoguchi_record
        );
    }
    let pack = pack::load(args.pack.as_ref().unwrap_or(&config.pack))?;
    if pack.id_and_version() != header.pack {
        bail!(
            "{name} was recorded with the pack {}, this is {}; name the right one with --pack",
            header.pack,
            pack.id_and_version()
        );
    }
    let mut steps = Vec::new();
    for (number, line) in lines.enumerate() {
        let step: Step = serde_json::from_str(&line?)
            .with_context(|| format!("{name}:{}: this line is damaged", number + 2))?;
        steps.push(step);
    }
    let index = Index::new(&pack);
    let mut machine = Machine::new(pack, index.clone(), header.settings);
    let learned = steps
        .iter()
        .position(|step| step.input == Some(Input::Learned));
    let count = steps.len();
    let mut rest = steps.split_off(learned.unwrap_or(count));
    let mut difference = record::replay(&mut machine, steps);
    if difference.is_none() && !rest.is_empty() {
        let mut meaning = engines::meaning(&config.models)
            .context("the visit was understood by sentence vectors, which need their model")?;
        let kept = Kept::within(&config.state);
        machine.learn(learn(
            &mut meaning,
            index,
            &kept,
            &AtomicBool::new(false),
            |_, _| {},
        )?);
        let before = count - rest.len();
        difference = record::replay(&mut machine, rest.drain(..)).map(|mut difference| {
            difference.step += before;
            difference
        });
    }
    let same = difference.is_none();
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(
            out,
            "{}",
            json!({ "steps": count, "same": same,
            "first_difference": difference.as_ref().map(|d| d.step) })
        )?;
    } else {
        match &difference {
            None => writeln!(out, "{count} steps, the same decisions")?,
            Some(difference) => {
                writeln!(out, "step {} of {count} differs", difference.step)?;
                let recorded = serde_json::to_string(&difference.recorded)?;
                writeln!(out, "recorded: {recorded}")?;
                let replayed = serde_json::to_string(&difference.replayed)?;
                writeln!(out, "replayed: {replayed}")?;
            }
        }
    }
    Ok(if same {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
