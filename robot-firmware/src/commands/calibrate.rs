//! `calibrate`: fits the decision on the language to labelled clips.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use madoguchi_speech::scoring::manifest;
use madoguchi_speech::wav;
use madoguchi_speech::whisper::calibration::{Calibration, Fitting, Report, cuts};
use serde_json::json;

use super::transcribe::manifest_path;
use crate::cli::CalibrateArgs;
use crate::config::Config;
use crate::engines;

pub(super) fn calibrate(config: &Config, args: &CalibrateArgs) -> anyhow::Result<ExitCode> {
    let folder = &args.folder;
    let clips = manifest::read(&manifest_path(args.manifest.as_deref(), folder), folder)?;
    let parent = args
        .out
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    anyhow::ensure!(
        parent.is_none_or(std::path::Path::is_dir),
        "there is no folder for {}; make it or name another --out",
        args.out.display()
    );
    let threads = args
        .threads
        .map_or_else(|| config.hearing.threads(), usize::from);
    let mut whisper = engines::whisper(&config.models, config.hearing.model.as_deref(), threads)?;
    let mut fitting = Fitting::new(Calibration::default());
    let mut out = std::io::stdout().lock();
    for (number, clip) in clips.iter().enumerate() {
        anyhow::ensure!(
            whisper.languages().contains(&clip.lang),
            "{} is in {}, which the model doesn't know; leave it out",
            clip.name,
            clip.lang
        );
        let cuts = cuts(&wav::read(&clip.path)?);
        eprintln!(
            "{}/{} {}: {} pieces",
            number + 1,
            clips.len(),
            clip.name,
            cuts.len()
        );
        // Sound without voice never gets as far as this decision.
        for cut in cuts.into_iter().filter(|cut| !cut.voiced.is_zero()) {
            let scores = whisper.language_log_probabilities(&cut.samples)?;
            fitting.add(number, &clip.lang, cut.voiced, scores);
        }
    }
    let report = fitting.fit().context("there is nothing to calibrate on")?;
    let table = table(&report);
    std::fs::write(&args.out, file(&report, &table, clips.len())?)
        .with_context(|| format!("cannot write {}", args.out.display()))?;
    if args.json {
        let unseen = report.unseen.iter().zip(&report.pieces);
        let unseen = unseen.map(|(percent, pieces)| {
            json!({
                "pieces": pieces,
                "percent_right": percent.right,
                "percent_wrong": percent.wrong,
                "percent_misnamed": percent.misnamed,
                "percent_unsure": percent.unsure,
            })
        });
        let object = json!({
            "file": args.out,
            "clips": clips.len(),
            "calibration": report.calibration,
            "unseen": unseen.collect::<Vec<_>>(),
        });
        writeln!(out, "{object}")?;
    } else {
        write!(out, "{table}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The calibration as a file that says where its numbers come from.
fn file(report: &Report, table: &str, clips: usize) -> anyhow::Result<String> {
    let mut text = format!(
        "# How the recogniser's language probabilities are read. Made by `madoguchi-robot calibrate`\n\
         # from {clips} clips, cut and made worse. The likeliest language counts as certain when its\n\
         # probability, flattened by `temperature` and weighed by the odds, reaches `sure`.\n#\n"
    );
    for line in table.lines() {
        writeln!(text, "# {line}")?;
    }
    write!(text, "\n{}", toml::to_string(&report.calibration)?)?;
    Ok(text)
}

fn table(report: &Report) -> String {
    let mut text = "Verdicts on clips that were left out of the fitting, in offices with and \
                    without their language:\n"
        .to_owned();
    let classes = report.calibration.length.iter().zip(&report.unseen);
    for ((class, unseen), pieces) in classes.zip(&report.pieces) {
        let end = class
            .up_to_s
            .map_or("longer".to_owned(), |end| format!("up to {end} s"));
        let line = if *pieces == 0 {
            format!("{end}: no pieces\n")
        } else {
            format!(
                "{end} of voice: {pieces} pieces, {:.1} % right, {:.1} % wrong, {:.1} % one \
                 foreign language for another, {:.1} % not sure\n",
                unseen.right, unseen.wrong, unseen.misnamed, unseen.unsure
            )
        };
        text.push_str(&line);
    }
    text
}
