//! Starting the threads that work for the loop.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded, never};
use madoguchi_core::pack::Pack;
use madoguchi_core::understanding::Index;
use madoguchi_hardware::Presence;
use madoguchi_media::AudioBlock;
use madoguchi_shared::link::RobotToConsole;
use tokio::sync::mpsc;
use tracing::{error, warn};

use super::Queues;
use super::driving::Driving;
use crate::ahead::Ahead;
use crate::back_office::BackOffice;
use crate::body::{Body, Sensors, Simulation};
use crate::check::{self, CheckBook, Condition, Finding, Part};
use crate::config::{Config, ControllerKind, SensorKind};
use crate::engines;
use crate::event::Event;
use crate::fit;
use crate::learned::Kept;
use crate::pack;
use crate::threads::ends::Ends;
use crate::threads::jobs::Voice;
use crate::threads::pulse::{Patience, Pulses};
use crate::threads::{
    self, Controls, hearing, meaning, motion, presence, recogniser, senses, translator, voice,
};

/// Starts the threads that work for the loop.
pub(super) struct Starter<'a> {
    pub(super) config: &'a Config,
    pub(super) events: &'a Sender<Event>,
    pub(super) controls: &'a Arc<Controls>,
    pub(super) ends: &'a Ends,
    pub(super) check: &'a CheckBook,
    pub(super) pulses: &'a Pulses,
    pub(super) started: Vec<JoinHandle<()>>,
}

impl Starter<'_> {
    pub(super) fn start(
        &mut self,
        pack: &Pack,
        index: &Index,
        voices: [(Voice, Receiver<AudioBlock>); 2],
        console: mpsc::Sender<RobotToConsole>,
        back_office: BackOffice,
    ) -> std::io::Result<Queues> {
        let (jobs_in, jobs) = threads::jobs::jobs(self.pulses);
        let (again_in, again) = bounded(threads::AGAIN);
        let known = Arc::new(index.clone());
        for (voice, blocks) in voices {
            let (name, again) = match voice {
                Voice::Visitor => ("hearing", again.clone()),
                // Nobody asks an operator for their language.
                Voice::Operator => ("operator-voice", never()),
            };
            let (known, jobs) = (Arc::clone(&known), jobs_in.clone());
            let endpoint = self.config.hearing.endpoint();
            let pulse = self.pulses.of(name, Patience::Loop);
            self.spawn(name, move |_, events, controls| {
                let wires = hearing::Wires {
                    blocks,
                    jobs,
                    again,
                    events,
                };
                hearing::run(voice, wires, endpoint, known, controls, &pulse);
            })?;
        }
        drop(jobs_in);
        let languages = pack.languages().to_vec();
        let wanted = self.config.recogniser();
        let (measuring, measured) = threads::gate();
        let check = self.check.clone();
        self.spawn("recogniser", move |_, events, controls| {
            let load = || {
                let loaded = fit::load(&wanted, &controls.stopping);
                drop(measuring);
                loaded
            };
            recogniser::run(load, languages, jobs, events, controls, &check);
        })?;
        let (voice, jobs) = bounded(threads::SENTENCES);
        let jobs = self.pulses.worker("voice", jobs);
        let ahead = Ahead::of(pack);
        let cache_bytes = usize::from(self.config.voice.cache_mb) * 1_000_000;
        let spoken = pack.languages().to_vec();
        let (check, open) = (self.check.clone(), measured.clone());
        self.spawn(
            "voice",
            move |models, events, controls| match engines::voices(models, &spoken) {
                Ok(voices) => {
                    check.note(check::speakers(&voices, &spoken));
                    let voices = voices.with_cache(cache_bytes);
                    voice::run(voices, ahead, jobs, controls, &open, events);
                }
                Err(error) => {
                    error!("the robot has no voice, captions go on: {error:#}");
                    let detail = format!("{error:#}");
                    check.note(Finding::new(Part::Voices, Condition::Trouble, detail));
                    voice::run_silent(jobs, events);
                }
            },
        )?;
        let (meaning, questions) = bounded(threads::TURNS);
        let questions = self.pulses.worker("meaning", questions);
        let learning = meaning::Learning {
            kept: Kept::within(&self.config.state),
            check: self.check.clone(),
            pack: pack.id_and_version(),
            measured,
        };
        let index = index.clone();
        self.spawn("meaning", move |models, events, controls| {
            let load = || engines::meaning(models);
            meaning::run(load, index, &learning, questions, events, controls);
        })?;
        let (translator, sentences) = bounded(threads::TRANSLATIONS);
        let sentences = self.pulses.worker("translator", sentences);
        let (config, glossary) = (self.config.clone(), pack::glossary(pack));
        self.spawn(
            "translator",
            move |_, events, _| match engines::translator(&config, glossary) {
                Ok(translator) => translator::run(translator, sentences, events),
                Err(error) => {
                    warn!("no translation, authored answers go on: {error:#}");
                    translator::run_without(sentences, events);
                }
            },
        )?;
        Ok(Queues {
            voice,
            meaning,
            translator,
            again: again_in,
            console,
            back_office,
        })
    }

    pub(super) fn watch_presence(
        &mut self,
        sensor: impl Presence + 'static,
    ) -> std::io::Result<()> {
        let pulse = self.pulses.of("presence", Patience::Loop);
        self.spawn("presence", move |_, events, controls| {
            presence::run(sensor, &events, controls, &pulse);
        })
    }

    /// The motion gate's thread, where there are wheels.
    pub(super) fn start_motion(
        &mut self,
        config: &Config,
        started: Instant,
    ) -> std::io::Result<Option<Driving>> {
        if config.drive.controller == ControllerKind::None {
            return Ok(None);
        }
        let mut body = config.clone();
        body.drive.sensors = config.drive.sensors.in_service();
        if config.drive.sensors == SensorKind::Bench {
            warn!(
                "the robot stays still: drive.sensors is \"bench\", which is for `drive-bench` with \
                 the wheels in the air; set it to \"body\" to drive in service"
            );
        }
        if config.drive.sensors == SensorKind::Body {
            for omission in &config.body.without {
                let (key, consequence) = omission.words();
                warn!("{consequence}: \"{key}\" stands in body.without");
            }
        }
        let (orders_in, orders) = threads::orders();
        let (told_in, told) = bounded(threads::TOLD);
        let simulation = Simulation::default();
        let book = self.check.clone();
        let inside = simulation.clone();
        let pulse = self.pulses.of("motion", Patience::Loop);
        self.spawn("motion", move |_, _, controls| {
            let build = || Body::of(&body, inside, &book);
            motion::run(build, started, &orders, &told_in, controls, &pulse);
        })?;
        if config.drive.sensors == SensorKind::Body {
            let board = config.body.board(&config.state);
            let sensors = Sensors::new(&board, &config.body, self.check);
            let (orders, pulse) = (orders_in.clone(), self.pulses.of("senses", Patience::Loop));
            self.spawn("senses", move |_, _, controls| {
                senses::run(sensors, started, &orders, controls, &pulse);
            })?;
        }
        Ok(Some(Driving::new(orders_in, told, simulation)))
    }

    fn spawn(
        &mut self,
        name: &'static str,
        body: impl FnOnce(&Path, Sender<Event>, &Controls) + Send + 'static,
    ) -> std::io::Result<()> {
        let models = self.config.models.clone();
        let (events, controls) = (self.events.clone(), Arc::clone(self.controls));
        let thread = self
            .ends
            .spawn(name, move || body(&models, events, &controls))?;
        self.started.push(thread);
        Ok(())
    }
}
