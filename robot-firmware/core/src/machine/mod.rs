//! The robot's state machine: inputs and time in, outputs out.

mod actions;
mod agent;
mod answers;
mod call;
mod captions;
mod deadlines;
mod driving;
mod flows;
mod handover;
mod hearing;
mod hours;
mod in_call;
mod interpreting;
mod manners;
mod meanwhile;
mod nobody;
mod onsite;
mod outcomes;
mod places;
mod policies;
mod presence;
mod restore;
mod settings;
mod several;
mod shared_form;
mod showing;
mod speaking;
mod state;
mod still;
mod taken;
mod together;
mod topics;
mod triggers;
mod watching;
mod which_language;
mod words;

use std::collections::VecDeque;
use std::time::Duration;

use jiff::civil::Date;
use madoguchi_shared::ids::{Lang, VisitId};
use madoguchi_shared::screen::ScreenView;
use madoguchi_shared::together::SharedForm;
use madoguchi_shared::watch::VisitUnderWay;

use crate::escalation::Watch;
use crate::ids::Ids;
use crate::input::{Ability, Input};
use crate::lines::AgentLine;
use crate::output::{Listen, Milestone, Output};
use crate::pack::{Pack, Phrase};
use crate::slot::{self, Command};
use crate::time::Now;
use crate::tool::Tools;
use crate::understanding::Index;
use crate::view;
use crate::visit::{Phase, Visit};

pub(crate) use driving::Driving;
use hearing::{Torn, Utterance};
pub(crate) use interpreting::Interpreting;
pub(crate) use nobody::Nobody;
use onsite::Panel;
use presence::Presence;
pub use settings::{Patience, Settings};
pub(crate) use showing::OnScreen;
use speaking::{CutOff, Saying};
pub(crate) use still::StillState;
pub(crate) use together::Together;
pub(crate) use which_language::Asked;

/// A sentence vector takes at most this; then words alone must do.
const EMBEDDING: Duration = Duration::from_secs(3);

/// What works at the moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Abilities {
    pub(crate) microphone: bool,
    pub(crate) recogniser: bool,
    pub(crate) camera: bool,
    pub(crate) console: bool,
}

/// The robot's decisions. Drain [`Machine::poll_output`] after every input, and call
/// [`Machine::handle_timeout`] when [`Machine::poll_timeout`] says so.
#[derive(Debug)]
pub struct Machine {
    pack: Pack,
    index: Index,
    watch: Watch,
    settings: Settings,
    ids: Ids,
    abilities: Abilities,
    presence: Presence,
    /// Until when the visitor counts as touching the screen, in monotonic milliseconds.
    touched_until: u64,
    /// Whether the emergency stop is latched.
    emergency_stop: bool,
    /// Whether the robot is about to start anew.
    renewing: bool,
    tools: Tools,
    staff: Panel,
    visit: Option<Visit>,
    saying: Option<Saying>,
    /// What was cut off last, until something else is said.
    cut_off: Option<CutOff>,
    hearing: Option<Utterance>,
    recognising: Option<Utterance>,
    /// What was cut in the middle, until its other part is there.
    torn: Option<Torn>,
    /// Whether a voice stopped the robot's sentence, or kept it from beginning, and may yet turn
    /// out to be nothing.
    barged_in: bool,
    /// When that sentence is said whoever is being heard.
    held_back_until: Option<u64>,
    /// The newest utterance of the microphone.
    last_utterance: u32,
    /// Utterances up to this one belong to a call or a visit that is over.
    over: u32,
    /// Utterances up to this one may hold a secret.
    secret: u32,
    /// The operator's voice in a call.
    voice: captions::Voice,
    /// What the operator was told last of what is being said, by the visitor and by themselves.
    told_so_far: [Option<(String, Option<Lang>)>; 2],
    /// A sentence about trouble that stays on the screen until the visitor goes on.
    trouble: Option<Phrase>,
    next_say: u64,
    next_session: u32,
    next_request: u64,
    /// Number of what an operator showed last.
    next_shown: u32,
    /// Number of the newest still.
    next_still: u32,
    /// Number of the newest question on the screen.
    next_form: u32,
    /// The day at the office.
    today: Date,
    outputs: VecDeque<Output>,
    shown: Option<ScreenView>,
    /// The form of a call as the operator knows it.
    told_form: Option<SharedForm>,
    /// The visit that the console knows to be under way.
    told_visit: Option<VisitUnderWay>,
    listening: Listen,
}

impl Machine {
    /// A machine in its greeting. The first output is the greeting's view.
    pub fn new(pack: Pack, index: Index, settings: Settings) -> Self {
        let mut machine = Self {
            ids: Ids::new(settings.seed),
            watch: Watch::new(&pack),
            pack,
            index,
            settings,
            abilities: Abilities::default(),
            presence: Presence::default(),
            touched_until: 0,
            emergency_stop: false,
            renewing: false,
            tools: Tools::default(),
            staff: Panel::default(),
            visit: None,
            saying: None,
            cut_off: None,
            hearing: None,
            recognising: None,
            torn: None,
            barged_in: false,
            held_back_until: None,
            last_utterance: 0,
            over: 0,
            secret: 0,
            voice: captions::Voice::default(),
            told_so_far: [None, None],
            trouble: None,
            next_say: 1,
            next_session: 1,
            next_request: 1,
            next_shown: 0,
            next_still: 0,
            next_form: 0,
            today: Date::default(),
            outputs: VecDeque::new(),
            shown: None,
            told_form: None,
            told_visit: None,
            listening: Listen::default(),
        };
        machine.show();
        machine
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Takes one thing that happened.
    pub fn handle(&mut self, input: Input, now: Now) {
        self.today = slot::today(now.wall, self.pack.time_zone());
        self.seen_acting(&input);
        self.felt(&input, now);
        self.staff_seen(&input, now);
        match input {
            Input::ChoseLanguage(language) => self.chose_language(language, now),
            Input::Typed(text) => self.typed(&text, now),
            Input::TypedIn { language, text } => self.typed_in(language, &text, now),
            Input::PressedPerson => self.pressed_person(now),
            Input::PressedStopSpeaking => {
                self.barged_in = false;
                self.stop_saying();
            }
            Input::Touched => {
                let agent = |visit: &Visit| matches!(visit.phase, Phase::Agent);
                match &mut self.visit {
                    Some(visit) if visit.asked_after && agent(visit) => {
                        self.begin_visit(None, now);
                    }
                    Some(visit) => visit.idle_at = now.after(visit.idle),
                    None => {}
                }
            }
            Input::PressedStopWaiting => self.stop_waiting(now),
            Input::PressedGoodbye => self.goodbye(now),
            Input::SwitchedMicrophone { on } => self.switch_microphone(on, now),
            Input::SpeechStarted { utterance } => self.speech_started(utterance, now),
            Input::SpeechPaused { utterance, .. } => self.speech_paused(utterance, true),
            Input::SpeechResumed { utterance } => self.speech_paused(utterance, false),
            Input::Partial(partial) => self.partial(partial),
            Input::SpeechEnded { utterance } => self.speech_ended(utterance, now),
            Input::SpeechCut { utterance } => self.speech_cut(utterance, now),
            Input::Heard(heard) => self.heard(heard, now),
            Input::HeardNothing { utterance, why } => self.heard_nothing(utterance, why, now),
            Input::OperatorVoice(voice) => self.operator_voice(voice, now),
            Input::Embedded { request, vector } => self.embedded(request, vector.as_deref(), now),
            Input::Translated {
                request,
                translated,
            } => self.translated(request, translated, now),
            Input::SayStarted { .. } => {}
            Input::SayProgress { id, start, end } => self.say_progress(id, start..end),
            Input::SayEnded { id } => self.say_ended(id, now),
            Input::ConsoleUp => self.console_up(),
            Input::ConsoleDown => self.console_down(now),
            Input::Offered {
                case_id,
                operators,
                position,
                expected_s,
            } => self.offered(case_id, operators, (position, expected_s), now),
            Input::CaseSaved { .. } => {}
            Input::Accepted {
                case_id,
                operator,
                call,
            } => self.accepted(case_id, operator, call, now),
            Input::InCall {
                case_id,
                hold,
                transfer,
            } => self.in_call(case_id, hold, transfer, now),
            Input::Watched { visit_id, by } => self.watched(visit_id, by, now),
            Input::Suggested {
                visit_id,
                text,
                language,
            } => self.suggested(visit_id, &text, language, now),
            Input::VisitTaken { visit_id } => self.visit_taken(visit_id, now),
            Input::Lease { case_id, lease } => self.lease(case_id, lease, now),
            Input::LetMove { may } => self.let_move(may),
            Input::Show { case_id, wish } => self.show_wish(case_id, wish),
            Input::Point { case_id, shown, at } => self.point(case_id, shown, at),
            Input::Pointed { shown, at } => self.pointed(shown, at),
            Input::FillIn { case_id, wish } => self.fill_in(case_id, wish, now),
            Input::Wrote { form, text } => self.visitor_writes(form, &text),
            Input::StillAsked { case_id, on } => self.still_asked(case_id, on),
            Input::StillAnswered { yes, seen } => self.still_answered(yes, seen.as_deref()),
            Input::StillTaken { number, taken } => self.still_taken(number, taken),
            Input::EmergencyStop { latched } => self.emergency_stop = latched,
            Input::Renewing { on } => self.renewing = on,
            Input::OperatorAway { case_id } => self.operator_away(case_id, now),
            Input::OperatorSaid {
                case_id,
                message,
                text,
                language,
            } => {
                self.operator_said(case_id, message, text, language, now);
            }
            Input::Ended { case_id, back } => self.operator_ended(case_id, &back, now),
            Input::ToolsKnown { server, tools } => self.tools.known(server, tools),
            Input::ToolsGone { server } => self.tools.gone(&server),
            Input::ToolAnswered { call, outcome } => self.tool_answered(call, &outcome, now),
            Input::Answered { form, text } => self.answered(form, &text, now),
            Input::Confirmed { form, yes } => self.pressed_yes_or_no(form, yes, now),
            Input::WentBack => self.obey(Command::Back, now),
            Input::StartedOver => self.obey(Command::StartOver, now),
            Input::CancelledForm => self.cancel_form(now),
            Input::ChoseWay(way) => self.chose_way(way, now),
            Input::Interpreter(wish) => self.interpreter(wish, now),
            Input::BellAnswered { rung } => self.bell_answered(rung, now),
            Input::Restored(packet) => self.restored(*packet, now),
            Input::ConfirmedContact { yes } => self.confirmed_contact(yes, now),
            Input::Learned => {}
            Input::Staff(staff) => self.staff_did(staff, now),
            Input::Presence { somebody } => self.presence(somebody, now),
            Input::Media { session, event } => self.media(session, event, now),
            Input::Ability { ability, available } => match ability {
                Ability::Microphone => self.microphone(available, now),
                Ability::Recogniser => self.abilities.recogniser = available,
                Ability::Camera => self.abilities.camera = available,
            },
        }
        self.show();
    }

    /// Takes the same pack's index with its examples' sentence vectors learned
    /// ([`Index::set_vectors`]), for understanding beyond words.
    pub fn learn(&mut self, index: Index) {
        self.index = index;
    }

    fn show(&mut self) {
        self.interpreting_ends_with_the_agent();
        self.form_ends_with_the_call();
        let listen = self.listen();
        if self.listening != listen {
            self.listening = listen.clone();
            self.outputs.push_back(Output::Listen(listen));
        }
        self.tell_so_far();
        self.tell_changed_form();
        self.tell_visit();
        let view = view::of(self);
        if self.shown.as_ref() != Some(&view) {
            self.shown = Some(view.clone());
            self.outputs.push_back(Output::View(Box::new(view)));
        }
    }

    fn emit(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    fn next_request(&mut self) -> u64 {
        self.next_request += 1;
        self.next_request
    }

    fn milestone(&mut self, milestone: Milestone) {
        if let Some(visit_id) = self.visit.as_ref().map(|visit| visit.id) {
            self.emit(Output::Milestone {
                visit_id,
                milestone,
            });
        }
    }

    /// Makes sure that a visit runs, and gives the visitor the full time again.
    fn begin_visit(&mut self, language: Option<&Lang>, now: Now) {
        if self
            .visit
            .as_ref()
            .is_some_and(|visit| matches!(visit.phase, Phase::Leaving { .. }))
        {
            self.end_visit();
        }
        let mut idle = self.settings.patience.visit_idle;
        if let Some(visit) = &mut self.visit {
            if visit.account_read {
                idle = self.settings.patience.idle_after_call;
            }
            if visit.interpreting.is_some() {
                idle = self.settings.patience.interpreter;
            }
            visit.asked_after = false;
            visit.idle = idle;
            visit.idle_at = now.after(idle);
            return;
        }
        let language = language.unwrap_or(self.pack.default_language()).clone();
        let id = VisitId(self.ids.next(now.wall));
        self.visit = Some(Visit::new(id, language, idle, now));
        self.milestone(Milestone::VisitStarted);
    }

    /// Who was talked with is asked after before they count as gone. Not after a call, which has ended
    /// with a goodbye; after an account in any case.
    fn visitor_silent(&mut self, now: Now) {
        if self.interpreting_falls_silent(now) {
            return;
        }
        let patience = &self.settings.patience;
        let ask = |visit: &mut Visit| {
            let talked = visit.idle >= patience.visit_idle && visit.has_resident_words();
            let ask = (talked || visit.account_read) && !visit.asked_after;
            visit.asked_after = true;
            visit.idle = visit.idle.min(patience.idle_after_call);
            visit.idle_at = now.after(visit.idle);
            ask
        };
        if self.visit.as_mut().is_some_and(ask) {
            self.say(&AgentLine::Phrase(Phrase::StillThere), now);
        } else {
            self.end_visit();
        }
    }

    fn end_visit(&mut self) {
        self.milestone(Milestone::VisitEnded);
        self.stop_saying();
        self.cut_off = None;
        self.visit = None;
        self.presence = Presence::Unknown;
        self.trouble = None;
        self.barged_in = false;
        self.staff.lock();
    }
}
