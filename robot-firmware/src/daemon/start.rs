//! Bringing the daemon up.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use crossbeam_channel::{Sender, bounded};
use madoguchi_core::input::Ability;
use madoguchi_core::machine::Settings;
use madoguchi_core::pack::Pack;
use madoguchi_core::record::Header;
use madoguchi_core::{Input, Machine};
use madoguchi_hardware::World;
use madoguchi_hardware::presence::SimulatedPresence;
use madoguchi_media::{AudioBlock, CameraSource, MediaConfig, MediaEngine};
use madoguchi_shared::screen::SampleVisitor;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{error, info, warn};

use super::Daemon;
use super::genuine::Genuine;
use super::watchdog::Watchdog;
use super::workers::Starter;
use crate::back_office::BackOffice;
use crate::bell::Bell;
use crate::body::{self, SignalLamp};
use crate::check::CheckBook;
use crate::claim::Claim;
use crate::clock::wall;
use crate::config::{Config, ControllerKind, PresenceKind};
use crate::device_key::DeviceKey;
use crate::engines;
use crate::event::Event;
use crate::files::create_private;
use crate::learned::Kept;
use crate::link::{CaseBook, Link, Vault};
use crate::pack;
use crate::player::Player;
use crate::screen::{self, ScreenHub};
use crate::staff_pin::StaffPins;
use crate::still::StillOnScreen;
use crate::threads::ends::{Panicked, ends, log_panics};
use crate::threads::jobs::Voice;
use crate::threads::pulse::{Patience, Pulses};
use crate::threads::{self, Controls};
use crate::update::{Trial, Updater};

/// All threads end within this time; the service manager waits 15 s.
const ENDING: Duration = Duration::from_secs(10);
/// Whoever waited for longer than this while the robot was away has gone.
const INTERRUPTED: Duration = Duration::from_secs(10 * 60);
/// The back office's servers end within this, or are ended.
const SERVERS_LEAVE: Duration = Duration::from_secs(3);

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
/// screen's address. Everything else is told and done without. [`Panicked`] when a part of the
/// daemon did.
pub fn run(config: &Config, options: &StartOptions) -> anyhow::Result<()> {
    log_panics();
    let (pack, pictures) = pack::load_with_pictures(&config.pack)?;
    let pictures = Arc::new(pictures);
    let key = Arc::new(DeviceKey::load_or_create(&config.state)?);
    let claim = Claim::load(&config.state).unwrap_or_else(|error| {
        error!("this robot has lost its console, visitors are served: {error:#}");
        None
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut stop = StopSignals::new(&runtime)?;
    let listener = runtime.block_on(screen::bind(config.screen.listen))?;
    let address = listener.local_addr()?;

    let (events_in, events) = bounded(threads::EVENTS);
    let (media_in, media_events) = bounded(threads::EVENTS);
    let (blocks_in, blocks) = bounded(threads::VOICE_BLOCKS);
    let (operator_in, operator) = bounded(threads::VOICE_BLOCKS);
    let media = start_media(config.media(), &runtime, media_in, [blocks_in, operator_in]);
    let voices = [(Voice::Visitor, blocks), (Voice::Operator, operator)];
    let (ends, mut panics) = ends();
    let screen = ScreenHub::default();
    let still = StillOnScreen::default();
    let check = CheckBook::begin(config, media.is_some());
    let serving = screen::serve(
        listener,
        screen.clone(),
        events_in.clone(),
        check.clone(),
        (Arc::clone(&pictures), still.clone()),
    );
    runtime.spawn(ends.clone().watch("screen", serving));

    let book = Arc::new(CaseBook::open(Vault::new(&config.state, &key)));
    runtime.spawn(ends.clone().watch("keeper", Arc::clone(&book).keep()));
    let (console, outbox) = mpsc::channel(threads::CONSOLE_MESSAGES);
    let phone_page = claim.as_ref().map(Claim::phone_page);
    match claim {
        Some(claim) => {
            let link = Link {
                claim,
                key: Arc::clone(&key),
                state: config.state.clone(),
                book: Arc::clone(&book),
            };
            let linked = link.run(outbox, events_in.clone());
            runtime.spawn(ends.clone().watch("link", linked));
        }
        None => warn!("this robot belongs to no console yet; run `madoguchi-robot claim`"),
    }

    let barge_in = config.barge_in(media.as_ref().is_some_and(MediaEngine::cancels_echo));
    info!(
        "{}",
        if barge_in {
            "speech interrupts the robot"
        } else {
            "the robot hears nobody while it speaks"
        }
    );
    let settings = settings(config, &pack, barge_in);
    let index = Kept::within(&config.state).index(&pack);
    let record = options
        .record
        .as_deref()
        .map(|path| record(path, &pack, &settings))
        .transpose()?;
    let started = Instant::now();
    let controls = Arc::new(Controls::default());
    let pulses = Pulses::default();
    let mut starter = Starter {
        config,
        events: &events_in,
        controls: &controls,
        ends: &ends,
        check: &check,
        pulses: &pulses,
        started: Vec::new(),
    };
    let mut servers = JoinSet::new();
    let back_office = BackOffice::start(
        &config.back_offices,
        runtime.handle(),
        &mut servers,
        &events_in,
        &ends,
    );
    let queues = starter.start(&pack, &index, voices, console, back_office)?;
    let world = match config.presence.sensor {
        PresenceKind::None => None,
        PresenceKind::Simulated => Some(World::new()),
    };
    if let Some(world) = &world {
        starter.watch_presence(SimulatedPresence::new(world))?;
    }
    let driving = starter.start_motion(config, started)?;
    let threads = starter.started;
    let camera = media.is_some() && config.media().camera != CameraSource::None;
    let abilities = [
        (Ability::Microphone, media.is_some()),
        (Ability::Camera, camera),
    ];
    let ability = |(ability, available)| Input::Ability { ability, available };
    let restored = book
        .interrupted(
            wall(),
            INTERRUPTED.as_millis().try_into().unwrap_or(i64::MAX),
        )
        .map(|packet| Input::Restored(Box::new(packet)));
    let place = (settings.site.as_str(), settings.place.as_str());
    let board = config.body.board(&config.state);
    let contact = config.bell.contact;
    let contact = contact.map(|contact| body::bell(&board, contact, &check));
    let bell = Bell::new(
        config.bell.clone(),
        contact,
        place,
        runtime.handle(),
        &events_in,
    );
    // Its pulses end when it is dropped.
    let _head = config.body.head.map(|at| body::head(&board, at, &check));
    let lamp = config.body.lamp;
    let lamp = lamp.map(|at| SignalLamp::new(body::lamp(&board, at, &check)));
    let pins = StaffPins::new(&config.state, runtime.handle(), &events_in);
    let daemon = Daemon {
        machine: Machine::new(pack, index, settings),
        started,
        queues,
        media,
        screen,
        pictures,
        still,
        book,
        player: Player::default(),
        controls,
        check,
        barge_in,
        speaking: false,
        volume: config.voice.volume(),
        call: None,
        ice_servers: Vec::new(),
        genuine: Genuine::new(key),
        visitors: config.visitors.clone(),
        world,
        record,
        outputs: VecDeque::new(),
        follow_ups: abilities.map(ability).into_iter().chain(restored).collect(),
        bell,
        lamp,
        pins,
        entered: None,
        phone_page,
        driving,
        updater: Updater::watch(&config.update),
        trial: Trial::of(&config.update),
        threads,
        ends: ends.clone(),
        pulse: pulses.of("loop", Patience::Loop),
    };
    let main_loop = ends.spawn("loop", move || daemon.run(events, media_events))?;
    let watchdog = Watchdog::start(pulses, runtime.handle())?;
    info!("the screen is at http://{address}/");
    let panicked = runtime.block_on(first_panic(&mut panics, stop.wait()));
    info!("stopping");
    watchdog.stop();
    let _ = events_in.send_timeout(Event::Stop, ENDING);
    let ended = runtime.spawn_blocking(|| main_loop.join());
    if runtime.block_on(async { timeout(ENDING, ended).await.is_err() }) {
        error!("not every thread has ended in time; they are left behind");
    }
    let _ = runtime.block_on(async { timeout(SERVERS_LEAVE, servers.join_all()).await });
    runtime.shutdown_timeout(Duration::from_secs(2));
    match panicked.or_else(|| panics.try_recv().ok()) {
        Some(panicked) => Err(panicked.into()),
        None => Ok(()),
    }
}

/// The panic that comes before `stop`, if one does.
async fn first_panic(
    panics: &mut mpsc::Receiver<Panicked>,
    stop: impl Future<Output = ()>,
) -> Option<Panicked> {
    tokio::select! {
        panicked = panics.recv() => panicked,
        () = stop => None,
    }
}

fn start_media(
    config: MediaConfig,
    runtime: &Runtime,
    events: Sender<madoguchi_media::MediaEvent>,
    [microphone, operator]: [Sender<AudioBlock>; 2],
) -> Option<MediaEngine> {
    MediaEngine::start(config, runtime.handle(), events, microphone, operator)
        .inspect_err(|error| {
            error!("no camera, microphone or loudspeaker; the screen goes on: {error:#}");
        })
        .ok()
}

/// What core is told of this robot.
fn settings(config: &Config, pack: &Pack, barge_in: bool) -> Settings {
    Settings {
        seed: rand::random(),
        site: pack.site().to_owned(),
        place: pack.place().to_owned(),
        software: env!("CARGO_PKG_VERSION").to_owned(),
        recogniser: engines::recogniser_name(&config.models, config.hearing.model.as_deref()),
        packet_language: config.packet_language.clone(),
        translations: engines::translation_pairs(config),
        barge_in,
        bell: config.bell.is_there(),
        motion: config.drive.controller != ControllerKind::None,
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

fn record(path: &Path, pack: &Pack, settings: &Settings) -> anyhow::Result<File> {
    let mut record =
        create_private(path).with_context(|| format!("cannot record to {}", path.display()))?;
    let header = Header {
        madoguchi_record: 1,
        pack: pack.id_and_version(),
        settings: settings.clone(),
    };
    let mut line = serde_json::to_vec(&header)?;
    line.push(b'\n');
    record.write_all(&line)?;
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

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn a_thread_that_panics_ends_the_daemon_and_is_named() {
        let (ends, mut panics) = ends();
        let thread = ends.spawn("recogniser", || panic!("as asked for"));
        let panicked = timeout(Duration::from_secs(20), first_panic(&mut panics, pending()));
        let sentence = panicked.await.unwrap().unwrap().to_string();
        assert!(
            sentence.starts_with("`recogniser` has panicked"),
            "{sentence}"
        );
        assert!(thread.unwrap().join().is_err());
    }

    #[tokio::test]
    async fn a_daemon_that_is_asked_to_stop_has_not_panicked() {
        let (_ends, mut panics) = ends();
        assert_eq!(first_panic(&mut panics, ready(())).await, None);
    }
}
