//! What reaches the loop, made into core's inputs.

use madoguchi_core::Input;
use madoguchi_core::input::{Ability, MediaEvent as CallEvent};
use madoguchi_core::onsite::Staff;
use madoguchi_media::MediaEvent;
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::onsite::{StaffAct, StaffLink};
use madoguchi_shared::screen::{RobotToScreen, ScreenToRobot};
use madoguchi_shared::still::STILL_MAX_BYTES;
use tracing::{info, warn};

use super::Daemon;
use crate::event::{Event, SpeechEvent};
use crate::link::LinkEvent;
use crate::still::Kept;
use crate::threads::voice::VoiceJob;

/// What helps when a device is lost.
const DEVICES: &str = "`madoguchi-robot devices` lists those that are there";

impl Daemon {
    pub(super) fn take(&mut self, event: Event) {
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
            ScreenToRobot::Touched => Input::Touched,
            ScreenToRobot::TalkToPerson => Input::PressedPerson,
            ScreenToRobot::StopSpeaking => Input::PressedStopSpeaking,
            ScreenToRobot::StopWaiting => Input::PressedStopWaiting,
            ScreenToRobot::Goodbye => Input::PressedGoodbye,
            ScreenToRobot::SwitchMicrophone { on } => Input::SwitchedMicrophone { on },
            ScreenToRobot::Answer { form, text } => Input::Answered { form, text },
            ScreenToRobot::Write { form, text } => Input::Wrote { form, text },
            ScreenToRobot::Confirm { form, yes } => Input::Confirmed { form, yes },
            ScreenToRobot::GoBack => Input::WentBack,
            ScreenToRobot::StartOver => Input::StartedOver,
            ScreenToRobot::CancelForm => Input::CancelledForm,
            ScreenToRobot::ChooseWay { way } => Input::ChoseWay(way),
            ScreenToRobot::Interpreter { wish } => Input::Interpreter(wish),
            ScreenToRobot::ConfirmContact { yes } => Input::ConfirmedContact { yes },
            ScreenToRobot::LetMove { may } => Input::LetMove { may },
            ScreenToRobot::Staff { act } => return self.take_staff(act),
            ScreenToRobot::Point { shown, at } => Input::Pointed { shown, at },
            ScreenToRobot::AnswerStill { yes, seen } => Input::StillAnswered { yes, seen },
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

    fn take_staff(&mut self, act: StaffAct) {
        let staff = match act {
            StaffAct::Open => Staff::Opened {
                pin_set: self.pins.is_set(),
            },
            StaffAct::Close => Staff::Closed,
            StaffAct::Enter { pin } => {
                self.entered = Some(pin);
                Staff::Entered
            }
            StaffAct::AskLink => Staff::AskedLink,
            StaffAct::Do { what } => Staff::Did {
                case_id: None,
                what,
            },
        };
        self.step(Some(Input::Staff(staff)));
        self.entered = None;
    }

    fn play_visitor(&mut self, id: &str) {
        let Some(visitor) = self.visitors.iter().find(|visitor| visitor.id == id) else {
            warn!("the page asks for a sample visitor that isn't there");
            return;
        };
        if let Some(touch) = visitor.emergency_stop {
            if let Some(driving) = &self.driving {
                driving.simulation.touch(touch);
            }
            return;
        }
        if let Some(world) = &self.world {
            world.set_somebody(!visitor.leaves);
        }
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
                ConsoleToRobot::Offered {
                    case_id,
                    operators,
                    position,
                    expected_s,
                } => Input::Offered {
                    case_id,
                    operators,
                    position,
                    expected_s,
                },
                ConsoleToRobot::CaseSaved { case_id, revision } => {
                    Input::CaseSaved { case_id, revision }
                }
                ConsoleToRobot::Accepted {
                    case_id,
                    operator,
                    call,
                    page,
                    ice_servers,
                } => {
                    self.ice_servers = ice_servers;
                    self.genuine.expect(page);
                    Input::Accepted {
                        case_id,
                        operator,
                        call,
                    }
                }
                ConsoleToRobot::InCall {
                    case_id,
                    hold,
                    transfer,
                } => Input::InCall {
                    case_id,
                    hold,
                    transfer,
                },
                ConsoleToRobot::Watched { visit_id, by } => Input::Watched { visit_id, by },
                ConsoleToRobot::Suggest {
                    visit_id,
                    text,
                    language,
                } => Input::Suggested {
                    visit_id,
                    text,
                    language,
                },
                ConsoleToRobot::TakeVisit { visit_id } => Input::VisitTaken { visit_id },
                ConsoleToRobot::StaffLink {
                    case_id,
                    token,
                    until,
                } => {
                    let Some(page) = &self.phone_page else {
                        return;
                    };
                    let url = format!("{page}#{token}");
                    let link = StaffLink { url, until };
                    Input::Staff(Staff::Link { case_id, link })
                }
                ConsoleToRobot::Onsite { case_id, what } => Input::Staff(Staff::Did {
                    case_id: Some(case_id),
                    what,
                }),
                ConsoleToRobot::Lease { case_id, lease } => Input::Lease { case_id, lease },
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
                ConsoleToRobot::AskStill { case_id, on } => Input::StillAsked { case_id, on },
                ConsoleToRobot::Show { case_id, wish } => Input::Show { case_id, wish },
                ConsoleToRobot::Point { case_id, shown, at } => Input::Point { case_id, shown, at },
                ConsoleToRobot::FillIn { case_id, wish } => Input::FillIn { case_id, wish },
                ConsoleToRobot::End { case_id, back } => Input::Ended { case_id, back },
                ConsoleToRobot::Signal { case_id, signal } => {
                    if self.call != Some(case_id) {
                        return;
                    }
                    if let Some((session, why)) = self.genuine.doubt(case_id, &signal) {
                        warn!(%case_id, session, "picture and sound are refused: {why}");
                        let event = CallEvent::Untrusted;
                        return self.step(Some(Input::Media { session, event }));
                    }
                    if let Some(media) = &self.media {
                        media.operator_signal(signal);
                    }
                    return;
                }
                ConsoleToRobot::Distrust { case_id, session } => {
                    if self.call != Some(case_id) {
                        return;
                    }
                    warn!(%case_id, session, "the operator's page refuses picture and sound: the offer is not this robot's");
                    let event = CallEvent::Untrusted;
                    Input::Media { session, event }
                }
                ConsoleToRobot::TaskSaved { .. }
                | ConsoleToRobot::Challenge { .. }
                | ConsoleToRobot::Welcome { .. }
                | ConsoleToRobot::Refused { .. } => return,
            },
        };
        self.step(Some(input));
    }

    pub(super) fn take_media(&mut self, event: MediaEvent) {
        self.check.note_media(&event);
        let call = |session, event| Some(Input::Media { session, event });
        let ability = |ability, available| Some(Input::Ability { ability, available });
        let input = match event {
            MediaEvent::OperatorSignal(signal) => {
                if let Some(case_id) = self.call {
                    let signal = self.genuine.sign(case_id, signal);
                    self.tell_console(RobotToConsole::Signal { case_id, signal });
                }
                None
            }
            MediaEvent::ScreenSignal(signal) => {
                self.screen.send(&RobotToScreen::Signal { signal });
                None
            }
            MediaEvent::CallConnected { session } => call(session, CallEvent::Connected),
            MediaEvent::OperatorVideo { session } => call(session, CallEvent::OperatorVisible),
            MediaEvent::CallInterrupted { session } => call(session, CallEvent::Interrupted),
            MediaEvent::CallResumed { session } => call(session, CallEvent::Resumed),
            MediaEvent::CallFailed { session, reason } => {
                warn!(session, "the call failed: {reason}");
                call(session, CallEvent::Failed)
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
            MediaEvent::Still { number, jpeg } => {
                let jpeg = jpeg.filter(|jpeg| jpeg.len() <= STILL_MAX_BYTES);
                let taken = jpeg.is_some();
                if let Some(jpeg) = jpeg {
                    let at = self.now().wall;
                    self.still.keep(Kept { number, at, jpeg });
                }
                self.step(Some(Input::StillTaken { number, taken }));
                if self.machine.previewed_still() != Some(number) {
                    self.still.forget(number);
                }
                None
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
            MediaEvent::ControlOpen { .. } | MediaEvent::ControlMessage(_) => None,
            MediaEvent::MotionMessage(message) => {
                self.take_motion(&message);
                None
            }
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
