//! The daemon: starts every thread of [`crate::threads`], then carries out what core decides.

mod perform;
mod start;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crossbeam_channel::{Receiver, Sender, select};
use madoguchi_core::record::{Step, perform};
use madoguchi_core::volume::VolumeLimits;
use madoguchi_core::{Input, Machine, Now, Output};
use madoguchi_media::{MediaEngine, MediaEvent};
use madoguchi_shared::ids::{CaseId, UnixMs};
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::screen::{RobotToScreen, ScreenToRobot};
use madoguchi_shared::signal::IceServer;
use tokio::sync::mpsc;
use tracing::{error, info, warn};

pub use start::{StartOptions, run};

use crate::back_office::BackOffice;
use crate::check::CheckBook;
use crate::config::Visitor;
use crate::event::{Event, SpeechEvent};
use crate::link::{CaseBook, LinkEvent};
use crate::player::Player;
use crate::screen::ScreenHub;
use crate::threads::Controls;
use crate::threads::ends::Ends;
use crate::threads::hearing::Again;
use crate::threads::meaning::Question;
use crate::threads::translator::Translation;
use crate::threads::voice::VoiceJob;

/// The console hears of the robot's condition this often.
const STATUS: Duration = Duration::from_secs(5);

/// What helps when a device is lost.
const DEVICES: &str = "`madoguchi-robot devices` lists those that are there";

/// The ends of all queues that the loop writes to.
struct Queues {
    voice: Sender<VoiceJob>,
    meaning: Sender<Question>,
    translator: Sender<Translation>,
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
    visitors: Vec<Visitor>,
    record: Option<File>,
    outputs: VecDeque<Output>,
    /// Inputs that carrying out an output led to.
    follow_ups: VecDeque<Input>,
    threads: Vec<JoinHandle<()>>,
    ends: Ends,
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
        loop {
            let wake = self.wake(status_at);
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
                default(wake) => {}
            }
            let passed = |(at, _)| at <= self.now().monotonic_ms;
            if self.machine.poll_timeout().is_some_and(passed) {
                self.step(None);
            }
            let condition = self.machine.condition();
            if status_at <= Instant::now() || condition != reported {
                status_at = Instant::now() + STATUS;
                reported = condition;
                self.report_status();
            }
        }
        // A thread that waits for room in a queue must not be waited for.
        drop((events, media_events));
        self.stop();
    }

    fn wake(&self, status_at: Instant) -> Duration {
        let status = status_at.saturating_duration_since(Instant::now());
        let deadline = self.machine.poll_timeout().map_or(status, |(at, _)| {
            Duration::from_millis(at.saturating_sub(self.now().monotonic_ms))
        });
        status.min(deadline)
    }

    fn now(&self) -> Now {
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Now {
            monotonic_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            wall: UnixMs(i64::try_from(wall.as_millis()).unwrap_or(i64::MAX)),
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

    fn take(&mut self, event: Event) {
        match event {
            Event::Core(input) => self.step(Some(input)),
            Event::Screen(message) => self.take_screen(message),
            Event::ScreenReady => {
                if let Some(media) = &self.media {
                    media.screen_ready();
                }
            }
            Event::Link(event) => self.take_link(event),
            Event::Speech(SpeechEvent::Clip {
                say,
                span,
                mut clip,
            }) => {
                if let Some(media) = &self.media
                    && let Some(id) = self.player.clip(say, span)
                {
                    clip.id = id;
                    media.play(clip);
                }
            }
            Event::Speech(SpeechEvent::Done { say }) => {
                let ended = self.player.complete(say);
                self.playback(ended);
            }
            Event::Learned(index) => {
                self.machine.learn(*index);
                self.step(Some(Input::Learned));
            }
            Event::Noise(noise_db) => {
                if let Some(media) = &self.media {
                    media.set_volume(self.volume.volume_db(noise_db));
                }
            }
            Event::Visitor(samples) => {
                if let Some(media) = &self.media {
                    media.play_visitor(samples);
                }
            }
            Event::Stop => {}
        }
    }

    fn take_screen(&mut self, message: ScreenToRobot) {
        let input = match message {
            ScreenToRobot::ChooseLanguage { language } => Input::ChoseLanguage(language),
            ScreenToRobot::Typed { text } => Input::Typed(text),
            ScreenToRobot::TalkToPerson => Input::PressedPerson,
            ScreenToRobot::StopSpeaking => Input::PressedStopSpeaking,
            ScreenToRobot::StopWaiting => Input::PressedStopWaiting,
            ScreenToRobot::Goodbye => Input::PressedGoodbye,
            ScreenToRobot::SwitchMicrophone { on } => Input::SwitchedMicrophone { on },
            ScreenToRobot::Answer { form, text } => Input::Answered { form, text },
            ScreenToRobot::Confirm { form, yes } => Input::Confirmed { form, yes },
            ScreenToRobot::GoBack => Input::WentBack,
            ScreenToRobot::StartOver => Input::StartedOver,
            ScreenToRobot::CancelForm => Input::CancelledForm,
            ScreenToRobot::PlayVisitor { id } => return self.play_visitor(&id),
            ScreenToRobot::Signal { signal } => {
                if let Some(media) = &self.media {
                    media.screen_signal(signal);
                }
                return;
            }
        };
        self.step(Some(input));
    }

    fn play_visitor(&mut self, id: &str) {
        let Some(visitor) = self.visitors.iter().find(|visitor| visitor.id == id) else {
            warn!("the page asks for a sample visitor that isn't there");
            return;
        };
        if let Some(text) = visitor.types.clone() {
            return self.step(Some(Input::Typed(text)));
        }
        let job = match (&visitor.wav, &visitor.say) {
            (Some(wav), _) => VoiceJob::Play(wav.clone()),
            (None, Some(text)) => VoiceJob::SpeakAs {
                language: visitor.language.clone(),
                text: text.clone(),
            },
            (None, None) => return,
        };
        if self.queues.voice.try_send(job).is_err() {
            warn!(id, "the sample visitor has to wait; press again");
        }
    }

    fn take_link(&mut self, event: LinkEvent) {
        self.check.note_link(&event);
        let input = match event {
            LinkEvent::Up { ice_servers } => {
                self.ice_servers = ice_servers;
                Input::ConsoleUp
            }
            LinkEvent::Down => Input::ConsoleDown,
            LinkEvent::Message(message) => match *message {
                ConsoleToRobot::Offered { case_id, operators } => {
                    Input::Offered { case_id, operators }
                }
                ConsoleToRobot::CaseSaved { case_id, revision } => {
                    Input::CaseSaved { case_id, revision }
                }
                ConsoleToRobot::Accepted {
                    case_id,
                    operator,
                    call,
                    ice_servers,
                } => {
                    self.ice_servers = ice_servers;
                    Input::Accepted {
                        case_id,
                        operator,
                        call,
                    }
                }
                ConsoleToRobot::OperatorAway { case_id } => Input::OperatorAway { case_id },
                ConsoleToRobot::Say {
                    case_id,
                    message,
                    text,
                    language,
                } => Input::OperatorSaid {
                    case_id,
                    message,
                    text,
                    language,
                },
                ConsoleToRobot::End { case_id, back } => Input::Ended { case_id, back },
                ConsoleToRobot::Signal { case_id, signal } => {
                    let ours = self.call == Some(case_id);
                    if let (true, Some(media)) = (ours, &self.media) {
                        media.operator_signal(signal);
                    }
                    return;
                }
                ConsoleToRobot::Challenge { .. }
                | ConsoleToRobot::Welcome { .. }
                | ConsoleToRobot::Refused { .. } => return,
            },
        };
        self.step(Some(input));
    }

    fn take_media(&mut self, event: MediaEvent) {
        use madoguchi_core::input::{Ability, MediaEvent as Core};
        self.check.note_media(&event);
        let call = |session, event| Some(Input::Media { session, event });
        let ability = |ability, available| Some(Input::Ability { ability, available });
        let input = match event {
            MediaEvent::OperatorSignal(signal) => {
                if let Some(case_id) = self.call {
                    self.tell_console(RobotToConsole::Signal { case_id, signal });
                }
                None
            }
            MediaEvent::ScreenSignal(signal) => {
                self.screen.send(&RobotToScreen::Signal { signal });
                None
            }
            MediaEvent::CallConnected { session } => call(session, Core::Connected),
            MediaEvent::OperatorVideo { session } => call(session, Core::OperatorVisible),
            MediaEvent::CallInterrupted { session } => call(session, Core::Interrupted),
            MediaEvent::CallResumed { session } => call(session, Core::Resumed),
            MediaEvent::CallFailed { session, reason } => {
                warn!(session, "the call failed: {reason}");
                call(session, Core::Failed)
            }
            MediaEvent::PlaybackStarted { id } => {
                for input in self.player.started(id) {
                    self.step(Some(input));
                }
                None
            }
            MediaEvent::PlaybackEnded { id, .. } => {
                let ended = self.player.clip_ended(id);
                return self.playback(ended);
            }
            MediaEvent::Levels {
                microphone,
                loudspeaker,
            } => {
                self.screen.send(&RobotToScreen::Level {
                    microphone,
                    loudspeaker,
                });
                None
            }
            MediaEvent::MicrophoneLost { reason } => {
                warn!("the microphone is lost, typing goes on: {reason}; {DEVICES}");
                ability(Ability::Microphone, false)
            }
            MediaEvent::MicrophoneBack => {
                info!("the microphone is back");
                ability(Ability::Microphone, true)
            }
            MediaEvent::CameraLost { reason } => {
                warn!("the camera is lost: {reason}; {DEVICES}");
                ability(Ability::Camera, false)
            }
            MediaEvent::CameraBack => ability(Ability::Camera, true),
            MediaEvent::LoudspeakerLost { reason } => {
                warn!("the loudspeaker is lost, captions go on: {reason}; {DEVICES}");
                None
            }
            MediaEvent::LoudspeakerBack => {
                info!("the loudspeaker is back");
                None
            }
            MediaEvent::Panicked { thread } => {
                self.ends.report(&thread);
                None
            }
            MediaEvent::ControlOpen { .. }
            | MediaEvent::ControlMessage(_)
            | MediaEvent::MotionMessage(_) => None,
        };
        if let Some(input) = input {
            self.step(Some(input));
        }
    }

    fn playback(&mut self, ended: Option<Input>) {
        if let Some(input) = ended {
            self.set_speaking(false);
            self.step(Some(input));
        }
    }
}
