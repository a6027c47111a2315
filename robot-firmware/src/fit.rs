//! The recogniser that fits this board: timed at the first start, remembered for the next ones.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use madoguchi_shared::ids::Lang;
use madoguchi_speech::resample::resample;
use madoguchi_speech::scoring::error_rate::{Errors, Measure};
use madoguchi_speech::voice::VOICE_RATE_HZ;
use madoguchi_speech::wav::SPEECH_RATE_HZ;
use madoguchi_speech::whisper::Whisper;
use madoguchi_speech::whisper::board::{self, CLIP, Fit, Measured};
use serde::{Deserialize, Serialize};
use tracing::{info, warn};

use crate::engines::{self, InstalledModel};
use crate::files::write_private;

const FILE: &str = "recogniser-fit.json";
/// The known clip: some four seconds in the robot's own voice.
const SENTENCE: &str = "The office is open from Monday to Friday, from nine to five.";
/// So many of the clip's words may come out wrong.
const WRONG_WORDS: f64 = 0.25;
/// Of the time, the recogniser must have had a core for this share.
const UNDISTURBED: f64 = 0.8;
/// What was timed on a busy board is used for so long; then it is timed anew.
const DISTURBED_COUNTS: Duration = Duration::from_secs(3_600);

/// Which recogniser is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Folder of the models.
    pub models: PathBuf,
    /// The one model that the configuration names.
    pub named: Option<PathBuf>,
    /// Threads for it.
    pub threads: usize,
    /// Where the choice is remembered.
    pub state: PathBuf,
}

/// What was found out about the recogniser on this board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fitted {
    /// What it is run with.
    pub fit: Fit,
    /// Whether it understood a sentence of the robot's own voice; unknown without a voice.
    pub understood: Option<bool>,
    /// Whether other work had the processor meanwhile: such a timing counts for an hour.
    pub disturbed: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    on: Circumstances,
    fitted: Fitted,
}

/// What the choice depends on: another card, board, model or program is timed anew.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Circumstances {
    program: String,
    /// Name and checksum.
    models: Vec<(String, String)>,
    threads: usize,
    cores: usize,
    processor: String,
}

impl Circumstances {
    fn now(models: &[InstalledModel], threads: usize) -> Self {
        let build = if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        };
        Self {
            program: format!("{} {build}", env!("CARGO_PKG_VERSION")),
            models: models
                .iter()
                .map(|model| (model.name.clone(), model.checksum.clone()))
                .collect(),
            threads,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: processor(&fs::read_to_string("/proc/cpuinfo").unwrap_or_default()),
        }
    }
}

/// Loads the recogniser that fits this board; nothing is timed in the circumstances of an earlier
/// start.
///
/// # Errors
/// When no model is installed or none can be run.
pub fn load(wanted: &Wanted, stopping: &AtomicBool) -> anyhow::Result<(Whisper, Fitted)> {
    let models = engines::recognisers(&wanted.models, wanted.named.as_deref())?;
    let on = Circumstances::now(&models, wanted.threads);
    let path = wanted.state.join(FILE);
    let fitted = match recall(&path, &on) {
        Some(fitted) => fitted,
        None => {
            info!("timing the recogniser on this board; remembered for the next start");
            let fitted = choose(&models, wanted, stopping)?;
            if let Err(error) = remember(&path, on, &fitted) {
                warn!(
                    "how fast the recogniser is can't be remembered in {}: {error}",
                    path.display()
                );
            }
            fitted
        }
    };
    let chosen = models.iter().find(|model| model.name == fitted.fit.model);
    let file = &chosen.unwrap_or(&models[0]).file;
    let whisper = Whisper::load(file, wanted.threads)?.with_fit(&fitted.fit);
    Ok((whisper, fitted))
}

/// Forgets what earlier starts found out.
pub fn forget(state: &Path) {
    let _ = fs::remove_file(state.join(FILE));
}

fn choose(
    models: &[InstalledModel],
    wanted: &Wanted,
    stopping: &AtomicBool,
) -> anyhow::Result<Fitted> {
    let clip = known_clip(&wanted.models)
        .inspect_err(|error| warn!("the recogniser is timed on silence: {error:#}"))
        .ok();
    let spoken = clip.is_some();
    let mut sound = clip.unwrap_or_default();
    sound.resize(CLIP.as_secs() as usize * SPEECH_RATE_HZ as usize, 0.0);
    let mut failure = None;
    let ways = [false, true];
    let ways = ways
        .into_iter()
        .flat_map(|lean| models.iter().map(move |model| (model, lean)));
    let measured = ways.filter_map(|(model, lean)| {
        measure(model, lean, wanted.threads, &sound, stopping)
            .inspect_err(|error| {
                if !stopping.load(Ordering::Relaxed) {
                    warn!("the model `{}` is left out: {error:#}", model.name);
                }
            })
            .map_err(|error| failure = Some(error))
            .ok()
    });
    match (board::choose(measured), failure) {
        (Some(best), _) => Ok(Fitted {
            fit: Fit::of(&best),
            understood: spoken.then(|| is_understood(&best.text)),
            disturbed: best.disturbed,
        }),
        (None, Some(error)) => Err(error),
        (None, None) => anyhow::bail!("no speech model is installed"),
    }
}

fn measure(
    model: &InstalledModel,
    lean: bool,
    threads: usize,
    sound: &[f32],
    stopping: &AtomicBool,
) -> anyhow::Result<Measured> {
    let mut whisper = Whisper::load(&model.file, threads)?;
    if lean {
        whisper = whisper.lean();
    }
    let (begin, worked) = (Instant::now(), on_a_core());
    let (time, text) = whisper.measure(sound, stopping)?;
    let share = match (worked, on_a_core()) {
        (Some(before), Some(after)) => {
            (after - before).as_secs_f64() / begin.elapsed().as_secs_f64()
        }
        _ => 1.0,
    };
    let disturbed = share < UNDISTURBED;
    info!(
        model = model.name,
        ms = time.as_millis(),
        lean,
        disturbed,
        "timed"
    );
    Ok(Measured {
        model: model.name.clone(),
        time,
        lean,
        text,
        disturbed,
    })
}

/// How long this thread has had a core since it began (Linux, `proc(5)`).
fn on_a_core() -> Option<Duration> {
    let schedule = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = schedule.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

fn known_clip(models: &Path) -> anyhow::Result<Vec<f32>> {
    let english: Lang = "en".parse()?;
    let mut samples = Vec::new();
    engines::voices(models, &[])?.say(&english, SENTENCE, &mut |piece| {
        samples.extend(piece.samples.iter().map(|s| f32::from(*s) / 32_768.0));
        ControlFlow::Continue(())
    })?;
    Ok(resample(&samples, VOICE_RATE_HZ, SPEECH_RATE_HZ)?)
}

fn is_understood(text: &str) -> bool {
    let rate = Errors::between(SENTENCE, text, Measure::Wer).rate();
    rate.is_some_and(|rate| rate <= WRONG_WORDS)
}

fn recall(path: &Path, on: &Circumstances) -> Option<Fitted> {
    let remembered: Remembered = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    let age = || fs::metadata(path).ok()?.modified().ok()?.elapsed().ok();
    let counts = !remembered.fitted.disturbed || age().is_some_and(|age| age < DISTURBED_COUNTS);
    (counts && remembered.on == *on).then_some(remembered.fitted)
}

fn remember(path: &Path, on: Circumstances, fitted: &Fitted) -> io::Result<()> {
    let fitted = fitted.clone();
    write_private(
        path,
        &serde_json::to_vec_pretty(&Remembered { on, fitted })?,
    )
}

/// The processor's name as the kernel has it; on ARM boards that of the board.
fn processor(cpuinfo: &str) -> String {
    let value = |key: &str| {
        let line = cpuinfo.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    value("model name")
        .or_else(|| value("Model"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn circumstances(sha256: &str, threads: usize) -> Circumstances {
        let model = InstalledModel {
            name: "base".to_owned(),
            file: PathBuf::new(),
            checksum: sha256.to_owned(),
        };
        Circumstances::now(&[model], threads)
    }

    #[test]
    fn a_choice_is_recalled_only_with_the_same_models_and_threads() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        let fitted = Fitted {
            fit: Fit::of(&Measured {
                model: "base".to_owned(),
                time: Duration::from_millis(450),
                lean: false,
                text: String::new(),
                disturbed: false,
            }),
            understood: Some(true),
            disturbed: false,
        };
        assert_eq!(recall(&path, &circumstances("a", 1)), None);
        remember(&path, circumstances("a", 1), &fitted).unwrap();
        assert_eq!(recall(&path, &circumstances("a", 1)), Some(fitted.clone()));
        assert_eq!(recall(&path, &circumstances("b", 1)), None);
        assert_eq!(recall(&path, &circumstances("a", 2)), None);
        let disturbed = Fitted {
            disturbed: true,
            ..fitted
        };
        remember(&path, circumstances("a", 1), &disturbed).unwrap();
        assert_eq!(recall(&path, &circumstances("a", 1)), Some(disturbed));
        let long_ago = SystemTime::now() - 2 * DISTURBED_COUNTS;
        fs::File::options()
            .append(true)
            .open(&path)
            .and_then(|file| file.set_modified(long_ago))
            .unwrap();
        assert_eq!(recall(&path, &circumstances("a", 1)), None);
        forget(dir.path());
        assert_eq!(recall(&path, &circumstances("a", 1)), None);
        std::fs::write(&path, "{").unwrap();
        assert_eq!(recall(&path, &circumstances("a", 1)), None);
    }

    #[test]
    fn the_known_sentence_may_be_written_in_other_ways() {
        assert!(is_understood(SENTENCE));
        assert!(is_understood(
            "the office is open from Monday to Friday from 9 to 5"
        ));
        assert!(!is_understood("Thank you."));
    }

    #[test]
    fn a_processor_is_named_as_its_kernel_names_it() {
        let pc = "processor\t: 0\nmodel\t\t: 1\nmodel name\t: AMD EPYC\n";
        assert_eq!(processor(pc), "AMD EPYC");
        let pi = "processor\t: 0\nCPU part\t: 0xd08\n\nModel\t\t: Raspberry Pi 4 Model B Rev 1.5\n";
        assert_eq!(processor(pi), "Raspberry Pi 4 Model B Rev 1.5");
        assert_eq!(processor(""), "");
    }
}
