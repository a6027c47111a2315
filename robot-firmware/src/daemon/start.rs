//! Bringing the daemon up.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::{Duration, Instant};

use anyhow::Context;
use crossbeam_channel::{Sender, bounded};
use madoguchi_core::endpoint::EndpointSettings;
use madoguchi_core::input::Ability;
use madoguchi_core::machine::Settings;
use madoguchi_core::pack::Pack;
use madoguchi_core::record::Header;
use madoguchi_core::understanding::Index;
use madoguchi_core::{Input, Machine};
use madoguchi_media::{CameraSource, MediaConfig, MediaEngine};
use madoguchi_shared::screen::SampleVisitor;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tracing::{error, info, warn};

use super::{Daemon, Queues};
use crate::claim::Claim;
use crate::config::Config;
use crate::device_key::DeviceKey;
use crate::engines;
use crate::event::Event;
use crate::link::{CaseBook, Link};
use crate::pack;
use crate::player::Player;
use crate::screen::{self, ScreenHub};
use crate::threads::{self, hearing, meaning, recogniser, translator, voice};

/// Flags of `madoguchi-robot run`.
#[derive(Debug, Default)]
pub struct StartOptions {
    /// Where inputs and outputs are recorded for replay.
    pub record: Option<PathBuf>,
}

/// Runs the daemon until SIGINT or SIGTERM.
///
/// # Errors
/// When something is missing without which no visitor can be served: pack, state folder, or the
/// screen's address. Everything else is told and done without.
pub fn run(config: &Config, options: &StartOptions) -> anyhow::Result<()> {
    let pack = pack::load(&config.pack)?;
    let key = Arc::new(DeviceKey::load_or_create(&config.state)?);
    let claim = Claim::load(&config.state)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut stop = StopSignals::new(&runtime)?;
    let listener = runtime.block_on(screen::bind(config.screen.listen))?;
    let address = listener.local_addr()?;

    let (events_in, events) = bounded(threads::EVENTS);
    let (media_in, media_events) = bounded(threads::EVENTS);
    let (blocks_in, blocks) = bounded(threads::MICROPHONE_BLOCKS);
    let media = start_media(config.media(), &runtime, media_in, blocks_in);
    let screen = ScreenHub::default();
    runtime.spawn(screen::serve(listener, screen.clone(), events_in.clone()));

    let book = Arc::new(CaseBook::default());
    let (console, outbox) = mpsc::channel(threads::CONSOLE_MESSAGES);
    match claim {
        Some(claim) => {
            let link = Link {
                claim,
                key,
                state: config.state.clone(),
                book: Arc::clone(&book),
            };
            runtime.spawn(link.run(outbox, events_in.clone()));
        }
        None => warn!("this robot belongs to no console yet; run `madoguchi-robot claim`"),
    }

    let settings = settings(config, &pack);
    let index = Index::new(&pack);
    let record = options
        .record
        .as_deref()
        .map(|path| record(path, &pack, &settings))
        .transpose()?;
    let current_say = Arc::new(AtomicU64::new(0));
    let speaking = Arc::new(AtomicBool::new(false));
    let mut started = Vec::new();
    let queues = start_threads(
        config,
        &pack,
        &index,
        &events_in,
        blocks,
        &current_say,
        &speaking,
        console,
        &mut started,
    )?;
    for (ability, available) in [
        (Ability::Microphone, media.is_some()),
        (
            Ability::Camera,
            media.is_some() && config.media().camera != CameraSource::None,
        ),
    ] {
        events_in
            .send(Event::Core(Input::Ability { ability, available }))
            .ok();
    }
    let daemon = Daemon {
        machine: Machine::new(pack, index, settings),
        started: Instant::now(),
        queues,
        media,
        screen,
        book,
        player: Player::default(),
        current_say,
        speaking,
        call: None,
        ice_servers: Vec::new(),
        visitors: config.visitors.clone(),
        record,
        threads: started,
    };
    let main_loop = threads::spawn("loop", move || daemon.run(&events, &media_events))?;
    info!("the screen is at http://{address}/");
    runtime.block_on(stop.wait());
    info!("stopping");
    events_in.send(Event::Stop).ok();
    if main_loop.join().is_err() {
        error!("the loop had panicked");
    }
    runtime.shutdown_timeout(Duration::from_secs(2));
    Ok(())
}

fn start_media(
    config: MediaConfig,
    runtime: &Runtime,
    events: Sender<madoguchi_media::MediaEvent>,
    blocks: Sender<madoguchi_media::AudioBlock>,
) -> Option<MediaEngine> {
    MediaEngine::start(config, runtime.handle(), events, blocks)
        .inspect_err(|error| {
            error!("no camera, microphone or loudspeaker; the screen goes on: {error:#}");
        })
        .ok()
}

#[allow(clippy::too_many_arguments)]
fn start_threads(
    config: &Config,
    pack: &Pack,
    index: &Index,
    events: &Sender<Event>,
    blocks: crossbeam_channel::Receiver<madoguchi_media::AudioBlock>,
    current_say: &Arc<AtomicU64>,
    speaking: &Arc<AtomicBool>,
    console: mpsc::Sender<madoguchi_shared::link::RobotToConsole>,
    started: &mut Vec<std::thread::JoinHandle<()>>,
) -> anyhow::Result<Queues> {
    let (utterances_in, utterances) = bounded(threads::UTTERANCES);
    let hearing_settings = hearing::HearingSettings {
        endpoint: EndpointSettings {
            end_silence: Duration::from_millis(u64::from(config.hearing.end_silence_ms)),
            ..EndpointSettings::default()
        },
        barge_in: config.barge_in(),
        speaking: Arc::clone(speaking),
    };
    let out = events.clone();
    started.push(threads::spawn("hearing", move || {
        hearing::run(blocks, utterances_in, out, hearing_settings);
    })?);

    let (out, models, languages) = (
        events.clone(),
        config.models.clone(),
        pack.languages().to_vec(),
    );
    let thread_count = usize::from(config.hearing.threads);
    started.push(threads::spawn("recogniser", move || {
        recogniser::run(
            || engines::recogniser(&models, thread_count),
            languages,
            utterances,
            out,
        );
    })?);

    let (voice, jobs) = bounded(threads::SENTENCES);
    let (out, models, current) = (
        events.clone(),
        config.models.clone(),
        Arc::clone(current_say),
    );
    started.push(threads::spawn("voice", move || {
        match engines::voices(&models) {
            Ok(voices) => voice::run(voices, jobs, current, out),
            Err(error) => {
                error!("the robot has no voice, captions go on: {error:#}");
                voice::run_silent(jobs, out);
            }
        }
    })?);

    let (meaning, questions) = bounded(threads::TURNS);
    let (out, models) = (events.clone(), config.models.clone());
    let cache = config.state.join("example-vectors");
    let examples = index
        .examples()
        .iter()
        .map(|example| example.text.clone())
        .collect();
    started.push(threads::spawn("meaning", move || {
        meaning::run(
            || engines::meaning(&models),
            examples,
            cache,
            questions,
            out,
        );
    })?);

    let (translator, sentences) = bounded(threads::TRANSLATIONS);
    let (out, models) = (events.clone(), config.models.clone());
    started.push(threads::spawn(
        "translator",
        move || match engines::translator(&models) {
            Ok(translator) => translator::run(translator, sentences, out),
            Err(error) => {
                warn!("no translation, authored answers go on: {error:#}");
                translator::run_without(sentences, out);
            }
        },
    )?);
    Ok(Queues {
        voice,
        meaning,
        translator,
        console,
    })
}

/// What core is told of this robot.
fn settings(config: &Config, pack: &Pack) -> Settings {
    Settings {
        seed: rand::random(),
        site: pack.site().to_owned(),
        place: pack.place().to_owned(),
        software: env!("CARGO_PKG_VERSION").to_owned(),
        recogniser: engines::recogniser_name(&config.models),
        packet_language: config.packet_language.clone(),
        translations: engines::translation_pairs(&config.models),
        barge_in: config.barge_in(),
        sample_visitors: config
            .visitors
            .iter()
            .map(|visitor| SampleVisitor {
                id: visitor.id.clone(),
                label: visitor.label.clone(),
                language: visitor.language.clone(),
            })
            .collect(),
        patience: config.core_patience(),
    }
}

fn record(path: &Path, pack: &Pack, settings: &Settings) -> anyhow::Result<BufWriter<File>> {
    let file =
        File::create(path).with_context(|| format!("cannot record to {}", path.display()))?;
    let mut record = BufWriter::new(file);
    let header = Header {
        madoguchi_record: 1,
        pack: pack.id_and_version(),
        settings: settings.clone(),
    };
    serde_json::to_writer(&mut record, &header)?;
    record.write_all(b"\n")?;
    warn!("what people say is recorded to {}", path.display());
    Ok(record)
}

/// SIGINT and SIGTERM; one that comes while the daemon starts is not lost.
struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    fn new(runtime: &Runtime) -> std::io::Result<Self> {
        let _inside = runtime.enter();
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
