//! `translate`: lines into lines, or figures on lines whose translation is known.

use std::io::{BufRead, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use madoguchi_shared::ids::Lang;
use madoguchi_shared::packet::TranslationConfidence;
use madoguchi_speech::scoring::percentile;
use madoguchi_speech::scoring::translation::{Bleu, Chrf};
use madoguchi_speech::translate::{Glossary, MachineTranslator, Translated, Translator};
use madoguchi_speech::whisper::knows_language;
use serde_json::json;
use tracing::warn;

use super::WrongUse;
use super::speech::unknown;
use crate::cli::TranslateArgs;
use crate::config::Config;
use crate::{engines, pack};

/// Sentences of about the length that visitors and operators use, in words.
const SPOKEN: std::ops::RangeInclusive<usize> = 11..=13;

pub(super) fn translate(config: &Config, args: &TranslateArgs) -> anyhow::Result<ExitCode> {
    let (from, to) = (&args.from, &args.to);
    let glossary = glossary(config, args)?;
    let mut translator = engines::translator_for(config, glossary, from, to).map_err(|error| {
        match [from, to].into_iter().find(|code| !knows_language(code)) {
            Some(code) => unknown(code).into(),
            None => error,
        }
    })?;
    if args.reference.is_some() || args.compare.is_some() {
        return score(&mut translator, args);
    }
    let mut out = std::io::stdout().lock();
    for (index, line) in std::io::stdin().lock().lines().enumerate() {
        let line = read(index, line)?;
        let done = one(&mut translator, from, to, &line)?;
        match (args.json, args.judge) {
            (true, false) => writeln!(
                out,
                "{}",
                json!({ "source": line, "translation": done.text })
            )?,
            (false, false) => writeln!(out, "{}", done.text)?,
            (json, true) => {
                let judged = translator.judge(from, to, &line, &done);
                let confidence = judged.confidence.map(word);
                if json {
                    let object = json!({
                        "source": line,
                        "translation": done.text,
                        "back": judged.back,
                        "confidence": confidence,
                        "by_rules": done.by_rules,
                        "via": done.via.map(|via| via.to_string()),
                    });
                    writeln!(out, "{object}")?;
                } else {
                    let back = judged.back.unwrap_or_default();
                    let confidence = confidence.unwrap_or("unknown");
                    writeln!(out, "{}\t{confidence}\t{back}", done.text)?;
                }
            }
        }
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The terms of the pack that was named, else of the configuration's, where that can be read.
fn glossary(config: &Config, args: &TranslateArgs) -> anyhow::Result<Glossary> {
    if args.no_glossary {
        return Ok(Glossary::default());
    }
    if let Some(folder) = &args.pack {
        return Ok(pack::glossary(&pack::load(folder)?));
    }
    if !config.pack.is_dir() {
        return Ok(Glossary::default());
    }
    Ok(match pack::load(&config.pack) {
        Ok(pack) => pack::glossary(&pack),
        Err(error) => {
            warn!("translating without a glossary: {error}");
            Glossary::default()
        }
    })
}

fn one(
    translator: &mut MachineTranslator,
    from: &Lang,
    to: &Lang,
    line: &str,
) -> anyhow::Result<Translated> {
    let line = if line.trim().is_empty() { "" } else { line };
    Ok(translator.translate(from, to, line)?)
}

fn read(index: usize, line: std::io::Result<String>) -> anyhow::Result<String> {
    line.with_context(|| {
        format!(
            "cannot read line {} of standard input; it must be UTF-8 text",
            index + 1
        )
    })
}

fn word(confidence: TranslationConfidence) -> &'static str {
    match confidence {
        TranslationConfidence::Low => "low",
        TranslationConfidence::Medium => "medium",
        TranslationConfidence::High => "high",
    }
}

/// Figures instead of lines.
fn score(translator: &mut MachineTranslator, args: &TranslateArgs) -> anyhow::Result<ExitCode> {
    let source: Vec<String> = std::io::stdin()
        .lock()
        .lines()
        .enumerate()
        .map(|(index, line)| read(index, line))
        .collect::<Result<_, _>>()?;
    let lines = |file: &Option<std::path::PathBuf>| -> anyhow::Result<Option<Vec<String>>> {
        file.as_deref()
            .map(|file| lines_of(file, source.len()))
            .transpose()
    };
    let (reference, other) = (lines(&args.reference)?, lines(&args.compare)?);
    // The first translation loads the model.
    one(translator, &args.from, &args.to, "Good morning.")?;
    let (mut all_ms, mut spoken_ms) = (Vec::new(), Vec::new());
    let (mut done, mut mended) = (Vec::new(), 0);
    for line in &source {
        let translated = one(translator, &args.from, &args.to, line)?;
        let ms = translated.compute.as_secs_f64() * 1e3;
        all_ms.push(ms);
        if SPOKEN.contains(&line.split_whitespace().count()) {
            spoken_ms.push(ms);
        }
        mended += usize::from(translated.unmended.is_some());
        done.push(translated.text);
    }
    let quality = |texts: &[String]| {
        reference.as_ref().map(|reference| {
            let (mut bleu, mut chrf) = (Bleu::default(), Chrf::default());
            for (text, reference) in texts.iter().zip(reference) {
                bleu.add(text, reference);
                chrf.add(text, reference);
            }
            (bleu.score(), chrf.score())
        })
    };
    let equal = other.as_ref().map(|other| {
        done.iter()
            .zip(other)
            .filter(|(own, other)| own == other)
            .count()
    });
    let own = quality(&done);
    let others = other.as_deref().and_then(quality);
    let (p50, p95) = (percentile(&all_ms, 50.0), percentile(&all_ms, 95.0));
    let (s50, s95) = (percentile(&spoken_ms, 50.0), percentile(&spoken_ms, 95.0));
    let mut out = std::io::stdout().lock();
    if args.json {
        let object = json!({
            "lines": source.len(),
            "mended": mended,
            "equal": equal,
            "bleu": own.map(|(bleu, _)| bleu),
            "chrf": own.map(|(_, chrf)| chrf),
            "compared_bleu": others.map(|(bleu, _)| bleu),
            "compared_chrf": others.map(|(_, chrf)| chrf),
            "ms_p50": p50,
            "ms_p95": p95,
            "ms_12_words_p50": s50,
            "ms_12_words_p95": s95,
        });
        writeln!(out, "{object}")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "lines                    {:>8}", source.len())?;
    writeln!(out, "mended facts or terms    {mended:>8}")?;
    if let Some((bleu, chrf)) = own {
        writeln!(out, "BLEU, chrF               {bleu:>8.2} {chrf:>8.2}")?;
    }
    if let Some((bleu, chrf)) = others {
        writeln!(out, "BLEU, chrF compared with {bleu:>8.2} {chrf:>8.2}")?;
    }
    if let Some(equal) = equal {
        let share = 100.0 * equal as f64 / source.len().max(1) as f64;
        writeln!(out, "equal lines              {equal:>8} {share:>7.1}%")?;
    }
    writeln!(out, "ms a line, p50, p95      {p50:>8.1} {p95:>8.1}")?;
    writeln!(out, "ms, 11 to 13 words       {s50:>8.1} {s95:>8.1}")?;
    Ok(ExitCode::SUCCESS)
}

fn lines_of(file: &Path, wanted: usize) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read {}; it must be UTF-8 text", file.display()))?;
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.len() != wanted {
        return Err(WrongUse(format!(
            "{} has {} lines, standard input {wanted}; each line must belong to the same line of the other",
            file.display(),
            lines.len()
        ))
        .into());
    }
    Ok(lines)
}
