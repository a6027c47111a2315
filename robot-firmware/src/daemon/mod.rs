//! The daemon: starts every thread of [`crate::threads`], then carries out what core decides.

mod driving;
mod genuine;
mod perform;
mod start;
mod take;
mod watchdog;
mod workers;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, select};
use madoguchi_core::record::{Step, perform};
use madoguchi_core::volume::VolumeLimits;
use madoguchi_core::{Input, Machine, Now, Output};
use madoguchi_hardware::World;
use madoguchi_media::{MediaEngine, MediaEvent};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::RobotToConsole;
use madoguchi_shared::onsite::Pin;
use madoguchi_shared::signal::IceServer;
use tokio::sync::mpsc;
use tracing::{error, info};

use driving::Driving;
use genuine::Genuine;
pub use start::{StartOptions, run};

use crate::back_office::BackOffice;
use crate::bell::Bell;
use crate::body::SignalLamp;
use crate::check::{self, CheckBook};
use crate::clock::wall;
use crate::config::Visitor;
use crate::event::Event;
use crate::link::CaseBook;
use crate::pack::Pictures;
use crate::player::Player;
use crate::screen::ScreenHub;
use crate::staff_pin::StaffPins;
use crate::still::StillOnScreen;
use crate::threads::Controls;
use crate::threads::ends::Ends;
use crate::threads::hearing::Again;
use crate::threads::meaning::Question;
use crate::threads::pulse::{BEAT, Pulse};
use crate::threads::translator::TranslatorJob;
use crate::threads::voice::VoiceJob;
use crate::update::{Trial, Updater};

/// The console hears of the robot's condition this often.
const STATUS: Duration = Duration::from_secs(5);

/// The ends of all queues that the loop writes to.
struct Queues {
    voice: Sender<VoiceJob>,
    meaning: Sender<Question>,
    translator: Sender<TranslatorJob>,
    again: Sender<Again>,
    console: mpsc::Sender<RobotToConsole>,
    back_office: BackOffice,
}

struct Daemon {
    machine: Machine,
    started: Instant,
    queues: Queues,
    media: Option<MediaEngine>,
    screen: ScreenHub,
    /// What the pack shows.
    pictures: Arc<Pictures>,
    still: StillOnScreen,
    book: Arc<CaseBook>,
    player: Player,
    controls: Arc<Controls>,
    check: CheckBook,
    /// Whether what the robot hears is never its own voice: the microphone can't hear the
    /// loudspeaker, or its echo is cancelled.
    barge_in: bool,
    speaking: bool,
    volume: VolumeLimits,
    /// The case whose operator is called.
    call: Option<CaseId>,
    ice_servers: Vec<IceServer>,
    genuine: Genuine,
    visitors: Vec<Visitor>,
    /// Where the sample visitors come and go, if something sees that.
    world: Option<World>,
    record: Option<File>,
    outputs: VecDeque<Output>,
    /// Inputs that carrying out an output led to.
    follow_ups: VecDeque<Input>,
    bell: Bell,
    lamp: Option<SignalLamp>,
    pins: StaffPins,
    /// The PIN that was entered, while core decides whether it is checked.
    entered: Option<Pin>,
    /// Where phones of staff find the console.
    phone_page: Option<String>,
    /// Where there are wheels.
    driving: Option<Driving>,
    updater: Updater,
    /// While this system still has to prove itself.
    trial: Option<Trial>,
    threads: Vec<JoinHandle<()>>,
    ends: Ends,
    pulse: Arc<Pulse>,
}

impl Daemon {
    /// Runs until asked to stop.
    fn run(mut self, events: Receiver<Event>, mut media_events: Receiver<MediaEvent>) {
        while let Some(output) = self.machine.poll_output() {
            self.outputs.push_back(output);
        }
        self.carry_out();
        let mut status_at = Instant::now();
        let mut reported = self.machine.condition();
        let told = match &self.driving {
            Some(driving) => driving.told.clone(),
            None => crossbeam_channel::never(),
        };
        loop {
            self.pulse.beat();
            let wake = self.wake(status_at).min(BEAT);
            select! {
                recv(events) -> event => match event {
                    Ok(Event::Stop) | Err(_) => break,
                    Ok(event) => self.take(event),
                },
                recv(media_events) -> event => match event {
                    Ok(event) => self.take_media(event),
                    // Without an engine nobody sends: a closed queue would always be ready.
                    Err(_) => media_events = crossbeam_channel::never(),
                },
                recv(told) -> told => if let Ok(told) = told {
                    self.take_told(&told);
                },
                default(wake) => {}
            }
            let passed = |(at, _)| at <= self.now().monotonic_ms;
            if self.machine.poll_timeout().is_some_and(passed) {
                self.step(None);
            }
            self.tell_gate(self.now());
            let condition = self.machine.condition();
            if status_at <= Instant::now() || condition != reported {
                status_at = Instant::now() + STATUS;
                reported = condition;
                self.look_at_updates();
                self.report_status();
            }
        }
        // A thread that waits for room in a queue must not be waited for.
        drop((events, media_events, told));
        self.stop();
    }

    /// The updater is another program; what it says is in its record.
    fn look_at_updates(&mut self) {
        self.check.note(check::updates(self.updater.config()));
        let on = self.updater.is_renewing(Instant::now());
        if self.check.note_renewing(on) != on {
            self.step(Some(Input::Renewing { on }));
        }
        if self.trial.as_ref().is_some_and(Trial::is_over) {
            self.trial = None;
            info!("this system has proven itself; the wheels may turn");
        }
    }

    fn wake(&self, status_at: Instant) -> Duration {
        let status = status_at.saturating_duration_since(Instant::now());
        let deadline = self.machine.poll_timeout().map_or(status, |(at, _)| {
            Duration::from_millis(at.saturating_sub(self.now().monotonic_ms))
        });
        status.min(deadline)
    }

    fn now(&self) -> Now {
        Now {
            monotonic_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            wall: wall(),
        }
    }

    /// Gives core an input (or the passing of a deadline) and carries out what follows.
    fn step(&mut self, input: Option<Input>) {
        self.decide(input);
        self.carry_out();
    }

    /// Performs core's outputs in their order; what performing one led to comes after all of them.
    fn carry_out(&mut self) {
        loop {
            while let Some(output) = self.outputs.pop_front() {
                self.perform(output);
            }
            let Some(input) = self.follow_ups.pop_front() else {
                return;
            };
            self.decide(Some(input));
        }
    }

    fn decide(&mut self, input: Option<Input>) {
        let now = self.now();
        let recorded = self.record.is_some().then(|| input.clone());
        let outputs = perform(&mut self.machine, input, now);
        if let (Some(record), Some(input)) = (&mut self.record, recorded) {
            let step = Step {
                now,
                input,
                outputs: outputs.clone(),
            };
            let written = serde_json::to_vec(&step).map_err(io::Error::from);
            if let Err(error) =
                written.and_then(|line| record.write_all(&[&line, &b"\n"[..]].concat()))
            {
                error!("the record ends here: {error}");
                self.record = None;
            }
        }
        self.outputs.extend(outputs);
    }
}
