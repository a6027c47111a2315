//! Carrying out core's outputs.

use std::sync::atomic::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use madoguchi_core::input::NoWords;
use madoguchi_core::output::{Listen, Milestone};
use madoguchi_core::{Input, Output};
use madoguchi_media::{CallConfig, MediaEngine};
use madoguchi_shared::ids::{CaseId, VisitId};
use madoguchi_shared::link::RobotToConsole;
use madoguchi_shared::screen::{Activity, RobotToScreen, Stage, StillCard};
use madoguchi_shared::show::{NotShown, PictureData, Showing};
use madoguchi_shared::still::{Still, StillStep};
use tracing::{debug, info, warn};

use super::Daemon;
use crate::still::Kept;
use crate::threads::hearing::Again;
use crate::threads::meaning::Question;
use crate::threads::translator::{Translation, TranslatorJob};
use crate::threads::voice::VoiceJob;

impl Daemon {
    pub(super) fn perform(&mut self, output: Output) {
        match output {
            Output::View(view) => {
                let idle = view.stage == Stage::Greeting
                    && matches!(view.activity, Activity::Listening | Activity::CannotHear);
                if !matches!(view.still, Some(StillCard::Preview { .. })) {
                    self.still.forget_all();
                }
                self.controls.serving.store(!idle, Ordering::Relaxed);
                if let Some(lamp) = &mut self.lamp {
                    lamp.follow(&view);
                }
                self.check.note_serving(!idle);
                self.screen.send(&RobotToScreen::View { view });
            }
            Output::Say { id, language, text } => {
                self.player.begin(id);
                self.controls.say.store(id, Ordering::Relaxed);
                self.set_speaking(true);
                let job = VoiceJob::Say {
                    say: id,
                    language,
                    text,
                };
                if self.queues.voice.try_send(job).is_err() {
                    warn!("the voices are behind; a sentence stays silent, its caption is shown");
                    self.player.stop();
                    self.set_speaking(false);
                    self.follow_ups.push_back(Input::SayEnded { id });
                }
            }
            Output::StopSaying => {
                self.player.stop();
                self.controls.say.store(0, Ordering::Relaxed);
                self.set_speaking(false);
                if let Some(media) = &self.media {
                    media.stop_playing();
                }
            }
            Output::Listen(Listen {
                microphone,
                held,
                operator,
            }) => {
                self.controls
                    .microphone_off
                    .store(!microphone, Ordering::Relaxed);
                if let Some(media) = &self.media {
                    media.mute_microphone(!microphone);
                }
                if let Ok(mut language) = self.controls.held.lock() {
                    *language = held;
                }
                if let Ok(mut languages) = self.controls.operator.lock() {
                    *languages = operator;
                }
            }
            Output::RecogniseAgain {
                utterance,
                language,
            } => {
                let again = Again {
                    utterance,
                    language,
                };
                if self.queues.again.try_send(again).is_err() {
                    let why = NoWords::Nobody;
                    self.follow_ups
                        .push_back(Input::HeardNothing { utterance, why });
                }
            }
            Output::Embed { request, text } => {
                if self
                    .queues
                    .meaning
                    .try_send(Question { request, text })
                    .is_err()
                {
                    self.follow_ups.push_back(Input::Embedded {
                        request,
                        vector: None,
                    });
                }
            }
            Output::Translate {
                request,
                from,
                to,
                text,
            } => {
                let job = Translation {
                    request,
                    from,
                    to,
                    text,
                };
                if self
                    .queues
                    .translator
                    .try_send(TranslatorJob::Translate(job))
                    .is_err()
                {
                    warn!("translation is behind; a line stays untranslated");
                    self.follow_ups.push_back(Input::Translated {
                        request,
                        translated: None,
                    });
                }
            }
            Output::CallTool(wanted) => {
                let call = wanted.call;
                if let Err(outcome) = self.queues.back_office.call(wanted) {
                    self.follow_ups
                        .push_back(Input::ToolAnswered { call, outcome });
                }
            }
            Output::SendCase(packet) => self.tell_console(RobotToConsole::Case { packet }),
            Output::SendTurn {
                case_id,
                revision,
                turn,
            } => {
                self.tell_console(RobotToConsole::Turn {
                    case_id,
                    revision,
                    turn,
                });
            }
            Output::SendVisit(visit) => self.tell_console(RobotToConsole::Visit { visit }),
            Output::SendWatched { visit_id, turns } => {
                self.tell_console(RobotToConsole::Watched { visit_id, turns });
            }
            Output::SendTask(task) => self.tell_console(RobotToConsole::Task { task: *task }),
            Output::CheckPin => {
                if let Some(pin) = self.entered.take() {
                    self.pins.check(pin);
                }
            }
            Output::AskStaffLink { case_id } => {
                self.tell_console(RobotToConsole::AskStaffLink { case_id });
            }
            Output::RingBell { case_id, reason } => self.bell.ring(case_id, reason),
            Output::SendProgress {
                case_id,
                revision,
                state,
                owner,
                failure,
            } => {
                self.tell_console(RobotToConsole::Progress {
                    case_id,
                    revision,
                    state,
                    owner,
                    failure,
                });
            }
            Output::SendShown {
                case_id,
                message,
                language,
                text,
                translated,
            } => self.tell_console(RobotToConsole::Shown {
                case_id,
                message,
                language,
                text,
                translated,
            }),
            Output::SendSoFar { case_id, words } => {
                self.tell_console(RobotToConsole::SoFar { case_id, words });
            }
            Output::SendShowable { case_id, showable } => {
                self.tell_console(RobotToConsole::Showable { case_id, showable });
            }
            Output::SendShowing {
                case_id,
                showing,
                picture,
                refused,
            } => self.send_showing(case_id, showing, picture.as_deref(), refused),
            Output::SendPointed { case_id, shown, at } => {
                self.tell_console(RobotToConsole::Pointed { case_id, shown, at });
            }
            Output::SendForm {
                case_id,
                form,
                refused,
            } => self.tell_console(RobotToConsole::Form {
                case_id,
                form,
                refused,
            }),
            Output::TakeStill { number } => match &self.media {
                Some(media) => media.take_still(number),
                None => self.follow_ups.push_back(Input::StillTaken {
                    number,
                    taken: false,
                }),
            },
            Output::SendStill { case_id, number } => self.send_still(case_id, number),
            Output::SendStillStep { case_id, step } => {
                self.tell_console(RobotToConsole::StillStep { case_id, step });
            }
            Output::StartCall { case_id, session } => self.start_call(case_id, session),
            Output::Hold { on } => {
                if let Some(media) = &self.media {
                    media.set_hold(on);
                }
            }
            Output::EndCall => {
                self.call = None;
                self.listen();
                if let Some(media) = &self.media {
                    media.end_call();
                }
            }
            Output::Milestone {
                visit_id,
                milestone,
            } => {
                if matches!(milestone, Milestone::VisitEnded)
                    && self
                        .queues
                        .translator
                        .try_send(TranslatorJob::Forget)
                        .is_err()
                {
                    warn!("translation is behind; it forgets this visit with the next");
                }
                log_milestone(visit_id, &milestone);
            }
        }
    }

    fn start_call(&mut self, case_id: CaseId, session: u32) {
        self.call = Some(case_id);
        self.listen();
        let Some(media) = &self.media else {
            let event = madoguchi_core::input::MediaEvent::Failed;
            return self.follow_ups.push_back(Input::Media { session, event });
        };
        let mut config = CallConfig::new(session);
        config.ice_servers.clone_from(&self.ice_servers);
        media.start_call(config);
    }

    /// Puts the picture's bytes to what the operator is told.
    fn send_still(&mut self, case_id: CaseId, number: u32) {
        let Some(Kept { at, jpeg, .. }) = self.still.take(number) else {
            let step = StillStep::Failed;
            return self.tell_console(RobotToConsole::StillStep { case_id, step });
        };
        let step = StillStep::Sent;
        self.tell_console(RobotToConsole::StillStep { case_id, step });
        let jpeg = BASE64.encode(&jpeg);
        let still = Still { at, jpeg };
        self.tell_console(RobotToConsole::Still { case_id, still });
    }

    fn send_showing(
        &self,
        case_id: CaseId,
        mut showing: Option<Box<Showing>>,
        picture: Option<&str>,
        refused: Option<NotShown>,
    ) {
        let file = picture.and_then(|name| self.pictures.get(name));
        if let (Some(showing), Some(file)) = (&mut showing, file) {
            showing.picture = Some(PictureData {
                kind: file.kind.to_owned(),
                base64: BASE64.encode(&file.bytes),
            });
        }
        self.tell_console(RobotToConsole::Showing {
            case_id,
            showing,
            refused,
        });
    }

    pub(super) fn tell_console(&self, message: RobotToConsole) {
        self.book.note(&message);
        if self.queues.console.try_send(message).is_err() {
            self.book.overflowed();
        }
    }

    pub(super) fn report_status(&self) {
        self.tell_console(RobotToConsole::Status {
            at: self.now().wall,
            condition: self.machine.condition(),
            case_id: self.machine.open_case_id(),
            updates: Some(self.updater.told()),
        });
    }

    pub(super) fn set_speaking(&mut self, speaking: bool) {
        self.speaking = speaking;
        self.listen();
    }

    /// While its loudspeaker sounds, the robot hears nobody unless it surely doesn't hear itself. In
    /// a call the canceller's word is enough: what it leaves of the operator may become a false
    /// caption, and nothing worse.
    fn listen(&self) {
        let sounding = self.speaking || self.call.is_some();
        self.controls.sounding.store(sounding, Ordering::Relaxed);
        let cancels = self.media.as_ref().is_some_and(MediaEngine::cancels_echo);
        let hears_in_call = self.barge_in || cancels;
        let in_call = self.call.is_some();
        let deaf = (self.speaking && !self.barge_in) || (in_call && !hears_in_call);
        self.controls.deaf.store(deaf, Ordering::Relaxed);
    }

    /// Ends every thread and device, in the order in which they depend on each other.
    pub(super) fn stop(mut self) {
        self.controls.stopping.store(true, Ordering::Relaxed);
        self.controls.say.store(0, Ordering::Relaxed);
        if let Some(media) = self.media.take() {
            media.shutdown();
        }
        let Self {
            threads,
            queues,
            book,
            ..
        } = self;
        drop(queues);
        book.write();
        for thread in threads {
            // One that panicked has reported it.
            let _ = thread.join();
        }
    }
}

fn log_milestone(visit: VisitId, milestone: &Milestone) {
    match milestone {
        Milestone::VisitStarted => info!(%visit, "visit started"),
        Milestone::VisitRestored => info!(%visit, "visit goes on after a restart"),
        Milestone::Answered(topic) => info!(%visit, topic, "answered"),
        Milestone::InterpretingBegan => info!(%visit, "interpreting"),
        Milestone::InterpretingEnded => info!(%visit, "interpreting no more"),
        Milestone::ShowedPlace(place) => info!(%visit, place, "told where it is"),
        Milestone::FlowBegan(flow) => info!(%visit, flow, "flow began"),
        Milestone::FlowDone(flow) => info!(%visit, flow, "flow done"),
        Milestone::FlowLeft(flow) => info!(%visit, flow, "flow left"),
        Milestone::Acted(action, outcome) => info!(%visit, action, outcome, "acted"),
        Milestone::Policy(rule, version, effect) => {
            info!(%visit, rule, version, effect, "a policy decided");
        }
        Milestone::NotUnderstood => info!(%visit, "not understood"),
        Milestone::Escalated(case, reason) => info!(%visit, %case, ?reason, "case opened"),
        Milestone::CaseMoved(state, owner) => debug!(%visit, ?state, ?owner, "case moved"),
        Milestone::CaseFailed(failure) => warn!(%visit, ?failure, "case failed"),
        Milestone::Promised(kind) => info!(%visit, ?kind, "promised"),
        Milestone::BellRung => info!(%visit, "bell rung"),
        Milestone::VisitEnded => info!(%visit, "visit ended"),
    }
}
