//! Staff in the room: their panel behind a PIN, and the visitors whom they take over.

use std::collections::BTreeMap;
use std::time::Duration;

use madoguchi_shared::ids::{CaseId, Lang, TaskId, UnixMs};
use madoguchi_shared::onsite::{LINK_LIFE_MS, OnsiteAct, StaffLink, StaffPanel, StaffView};
use madoguchi_shared::packet::{ActionRecord, CaseState, Owner, ReasonCode, ReturnPacket};

use super::Machine;
use super::presence::by_hand;
use crate::case::{Case, Trigger};
use crate::input::Input;
use crate::lines::AgentLine;
use crate::onsite::Staff;
use crate::output::{Milestone, Output};
use crate::pack::{Phrase, ScreenLabel};
use crate::time::{Deadline, Now};
use crate::visit::Phase;

/// So many wrong PINs in a row are taken without a pause.
const WRONG_PINS: u32 = 3;
/// The first pause; each further wrong PIN doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// The panel of staff in the room.
#[derive(Debug, Default)]
pub(super) struct Panel {
    open: Option<Step>,
    /// When it closes by itself, in monotonic milliseconds.
    closes_at: u64,
    /// Wrong PINs in a row, whoever entered them and in whatever visit.
    wrong: u32,
    /// Until when no PIN is taken, on both clocks.
    blocked: Option<(u64, UnixMs)>,
    /// A link for a phone, and when it ends, in monotonic milliseconds.
    link: Option<(CaseId, StaffLink, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    NoPin,
    Pin { checking: bool, wrong: bool },
    Unlocked,
}

impl Panel {
    pub(super) fn lock(&mut self) {
        self.open = None;
        self.link = None;
    }

    pub(super) fn unblock(&mut self) {
        self.blocked = None;
    }

    pub(super) fn forget_link(&mut self) {
        self.link = None;
    }

    pub(super) fn deadlines(&self) -> impl Iterator<Item = (u64, Deadline)> {
        let idle = self
            .open
            .map(|_| (self.closes_at, Deadline::StaffPanelIdle));
        let again = self.blocked.map(|(at, _)| (at, Deadline::StaffPinAgain));
        let link = self.link.as_ref();
        let link = link.map(|(.., until)| (*until, Deadline::StaffLinkOver));
        [idle, again, link].into_iter().flatten()
    }

    fn is_unlocked(&self) -> bool {
        self.open == Some(Step::Unlocked)
    }

    /// Whether the PIN is to be checked; while one is, or after too many wrong ones, it isn't.
    fn entered(&mut self) -> bool {
        match &mut self.open {
            Some(Step::Pin { checking, wrong }) if !*checking && self.blocked.is_none() => {
                (*checking, *wrong) = (true, false);
                true
            }
            _ => false,
        }
    }

    fn checked(&mut self, right: bool, now: Now) {
        let Some(Step::Pin { checking: true, .. }) = self.open else {
            return;
        };
        if right {
            self.wrong = 0;
            self.open = Some(Step::Unlocked);
            return;
        }
        self.open = Some(Step::Pin {
            checking: false,
            wrong: true,
        });
        self.wrong = self.wrong.saturating_add(1);
        if let Some(more) = self.wrong.checked_sub(WRONG_PINS) {
            let pause = FIRST_PAUSE.saturating_mul(1_u32.checked_shl(more).unwrap_or(u32::MAX));
            let pause = pause.min(LONGEST_PAUSE);
            self.blocked = Some((now.after(pause), now.wall_after(pause)));
        }
    }
}

impl Machine {
    /// Whether staff in the room have the visitor.
    pub(super) fn is_onsite(&self) -> bool {
        let phase = self.visit.as_ref().map(|visit| &visit.phase);
        matches!(phase, Some(Phase::Onsite { .. }))
    }

    /// Whoever acts at the screen keeps the panel open and the case with staff.
    pub(super) fn staff_seen(&mut self, input: &Input, now: Now) {
        let on_a_phone = matches!(input, Input::Staff(Staff::Did { .. }));
        if !by_hand(input) && !on_a_phone {
            return;
        }
        self.staff.closes_at = now.after(self.settings.patience.staff_panel);
        let later = now.after(self.settings.patience.onsite);
        if let Some(Phase::Onsite { until, .. }) = self.visit.as_mut().map(|v| &mut v.phase) {
            *until = later;
        }
    }

    pub(super) fn staff_did(&mut self, staff: Staff, now: Now) {
        match staff {
            Staff::Opened { pin_set } => {
                self.staff.open = Some(match (self.staff.is_unlocked(), pin_set) {
                    (true, _) => Step::Unlocked,
                    (false, true) => Step::Pin {
                        checking: false,
                        wrong: false,
                    },
                    (false, false) => Step::NoPin,
                });
            }
            Staff::Closed => self.staff.lock(),
            Staff::Entered => {
                if self.staff.entered() {
                    self.emit(Output::CheckPin);
                }
            }
            Staff::Checked { right } => self.staff.checked(right, now),
            Staff::AskedLink => {
                if let Some(case_id) = self.linkable() {
                    self.emit(Output::AskStaffLink { case_id });
                }
            }
            Staff::Link { case_id, link } => {
                if self.linkable() == Some(case_id) {
                    let until = now.after(Duration::from_millis(LINK_LIFE_MS));
                    self.staff.link = Some((case_id, link, until));
                }
            }
            Staff::Did { case_id, what } => {
                let open = self.open_case_id();
                let may = match case_id {
                    Some(case_id) => open == Some(case_id),
                    None => self.staff.is_unlocked(),
                };
                match what {
                    OnsiteAct::Accept if may => self.onsite_accepts(now),
                    OnsiteAct::InHand if may && self.is_onsite() => self.onsite_accepts(now),
                    OnsiteAct::End { back } if may => self.onsite_ends(back.bounded(), now),
                    _ => {}
                }
            }
        }
    }

    /// The case to which a phone can be let, by staff who gave their PIN.
    fn linkable(&self) -> Option<CaseId> {
        let may = self.staff.is_unlocked() && self.abilities.console;
        self.open_case_id().filter(|_| may)
    }

    /// Staff have the visitor from now on, whoever had them before.
    fn onsite_accepts(&mut self, now: Now) {
        let until = now.after(self.settings.patience.onsite);
        let Some(visit) = &mut self.visit else { return };
        let was_in_call = matches!(visit.phase, Phase::Operator { .. });
        let was_read = visit.case().is_some();
        let mut case = match std::mem::replace(&mut visit.phase, Phase::Agent) {
            Phase::Waiting { case, .. } | Phase::Operator { case, .. } => case,
            Phase::Agent => match self.case_for_staff(now) {
                Some(case) => case,
                None => return,
            },
            other => {
                visit.phase = other;
                return;
            }
        };
        if was_in_call {
            self.emit(Output::EndCall);
            self.voice.forget();
        }
        // Words still being recognised were meant for whoever had the visitor before.
        self.over = self.last_utterance;
        self.hearing = None;
        self.recognising = None;
        self.stop_saying();
        self.forget_what_was_cut_off();
        (case.state, case.onsite) = (CaseState::Requested, true);
        self.onsite_phase(case, until);
        self.note_staff("took over", now);
        self.move_case(CaseState::Accepted, None);
        self.send_case();
        if !was_read {
            self.read_by_people();
        }
        self.say(&AgentLine::Phrase(Phrase::StaffHere), now);
    }

    fn onsite_phase(&mut self, case: Case, until: u64) {
        if let Some(visit) = &mut self.visit {
            visit.nobody = None;
            visit.phase = Phase::Onsite { case, until };
        }
    }

    /// A case of a visitor whom nobody was called for, or for whom nobody came.
    fn case_for_staff(&mut self, now: Now) -> Option<Case> {
        let (trigger, opened_at) = self.reason_for_staff(now)?;
        let mut case = self.new_case(trigger, now)?;
        case.opened_at = opened_at;
        self.milestone(Milestone::Escalated(case.id, case.reason.code));
        Some(case)
    }

    fn reason_for_staff(&self, now: Now) -> Option<(Trigger, UnixMs)> {
        let visit = self.visit.as_ref()?;
        Some(match visit.nobody.as_ref().map(super::Nobody::reason) {
            Some((reason, opened_at)) => (Trigger { reason }, opened_at),
            None => {
                let detail = "staff in the room opened the visit on the robot's screen".to_owned();
                let trigger = Trigger::new(ReasonCode::SteppedIn, "staff", 1.0, detail);
                (trigger, now.wall)
            }
        })
    }

    /// Whoever opens the case later knows what staff did.
    fn note_staff(&mut self, outcome: &str, now: Now) {
        if let Some(visit) = &mut self.visit {
            visit.actions.push(ActionRecord {
                name: "staff in the room".to_owned(),
                input: String::new(),
                outcome: outcome.to_owned(),
                undo: None,
                at: now.wall,
            });
        }
    }

    fn onsite_ends(&mut self, back: ReturnPacket, now: Now) {
        let Some(Phase::Onsite { case, .. }) = self.visit.as_mut().map(|v| &mut v.phase) else {
            return;
        };
        case.returned = Some(back.clone());
        let case_id = case.id;
        self.staff.lock();
        self.give_back(case_id, &back, now);
    }

    /// The visitor goes back to the agent, with what was promised; the case is closed.
    pub(super) fn give_back(&mut self, case_id: CaseId, back: &ReturnPacket, now: Now) {
        self.move_case(CaseState::Returning, None);
        if let Some(promise) = &back.promise {
            self.show_promise(TaskId(case_id.0).reference(), promise.due_at);
        }
        self.close_case(None);
        let Some(visit) = &self.visit else { return };
        if back.resume && self.pack.languages().contains(&visit.language) {
            self.begin_visit(None, now);
            if let Some(visit) = &mut self.visit {
                visit.idle = self.settings.patience.idle_after_call;
                visit.idle_at = now.after(visit.idle);
                visit.danger = None;
            }
            self.say(&AgentLine::Phrase(Phrase::BackWithAgent), now);
        } else {
            self.leave(Phrase::EndOfCall, now);
            self.leave_time_to_note(now);
        }
    }

    /// An operator whom the robot didn't know of, or no more, has ended the case that staff have: an
    /// end is final, and staff go on in a case of their own.
    pub(super) fn onsite_goes_on(&mut self, now: Now) {
        let until = now.after(self.settings.patience.onsite);
        let reason = self.visit.as_ref().and_then(|visit| visit.case());
        let Some(reason) = reason.map(|case| case.reason.clone()) else {
            return;
        };
        self.close_case(None);
        if let Some(mut case) = self.new_case(Trigger { reason }, now) {
            (case.state, case.onsite) = (CaseState::Accepted, true);
            self.milestone(Milestone::Escalated(case.id, case.reason.code));
            self.onsite_phase(case, until);
            self.send_case();
        }
    }

    /// Staff have left with the case open, or the visitor wants somebody else: a person is awaited
    /// again.
    pub(super) fn onsite_left(&mut self, now: Now) {
        if !self.is_onsite() {
            return;
        }
        let console_by =
            (!self.abilities.console).then(|| now.after(self.settings.patience.console));
        self.staff.lock();
        self.note_staff("left without an end", now);
        self.wait_again(now);
        if let Some(Phase::Waiting {
            console_by: by,
            case,
            ..
        }) = self.visit.as_mut().map(|v| &mut v.phase)
        {
            *by = console_by;
            case.onsite = false;
        }
        self.send_case();
    }

    pub(crate) fn staff_view(&self) -> Option<StaffView> {
        let language = &self.settings.packet_language;
        let panel = match self.staff.open? {
            Step::NoPin => StaffPanel::NoPin,
            Step::Pin { checking, wrong } => StaffPanel::Pin {
                checking,
                wrong,
                until: self.staff.blocked.map(|(_, until)| until),
            },
            Step::Unlocked => self.case_view().unwrap_or(StaffPanel::Nobody),
        };
        Some(StaffView {
            language: language.clone(),
            labels: self.staff_labels(language),
            panel,
        })
    }

    /// The panel's own words, and those that it shares with the page.
    fn staff_labels(&self, language: &Lang) -> BTreeMap<String, String> {
        let shared = [
            ScreenLabel::Close,
            ScreenLabel::Enter,
            ScreenLabel::DeleteDigit,
            ScreenLabel::Robot,
            ScreenLabel::Operator,
        ];
        let shared = shared.map(|label| {
            let text = self.pack.label(language, label);
            (label.key().to_owned(), text.to_owned())
        });
        let mut labels = self.pack.labels(language, true);
        labels.extend(shared);
        labels
    }

    fn case_view(&self) -> Option<StaffPanel> {
        let visit = self.visit.as_ref()?;
        let packet = |case: &Case| {
            let robot = self.condition();
            Box::new(case.packet(visit, &self.pack, &self.settings, robot))
        };
        let packet = match (visit.case(), &visit.phase) {
            (Some(case), _) => packet(case),
            (None, Phase::Agent) => {
                let now = Now {
                    monotonic_ms: 0,
                    wall: visit.since,
                };
                let (trigger, at) = self.reason_for_staff(now)?;
                let mut packet = packet(&Case::new(CaseId(visit.id.0), trigger, at, at));
                packet.owner = Owner::Agent;
                packet
            }
            (None, _) => return None,
        };
        let link = self.staff.link.as_ref();
        let own = link.filter(|(case_id, ..)| *case_id == packet.case_id);
        Some(StaffPanel::Case {
            link: own.map(|(_, link, _)| link.clone()),
            linkable: self.linkable().is_some(),
            packet,
        })
    }
}
