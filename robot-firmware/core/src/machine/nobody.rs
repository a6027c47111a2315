//! Nobody comes: the visitor is told, and chooses what happens instead.

use std::time::Duration;

use madoguchi_shared::ids::{CaseId, Lang, TaskId, UnixMs};
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{ActionRecord, Reason, Task, TaskKind};
use madoguchi_shared::screen::{self, NobodyStep, Way};

use super::Machine;
use crate::case::{Deserted, Trigger};
use crate::lines::AgentLine;
use crate::output::{Milestone, Output};
use crate::pack::Phrase;
use crate::slot::{self, Kind, Question};
use crate::summary;
use crate::time::Now;
use crate::visit::Phase;

/// Digits of a telephone number (ITU-T E.164 has 15 at most).
const TELEPHONE: Kind = Kind::Number { least: 6, most: 15 };
/// Longest mail address (RFC 5321).
const LONGEST_MAIL: usize = 254;

/// A number is written down within this time.
const NOTING: Duration = Duration::from_secs(20);

/// A case in which nobody came, and how far the visitor's choice is.
#[derive(Debug, Clone)]
pub(crate) struct Nobody {
    case_id: CaseId,
    reason: Reason,
    opened_at: UnixMs,
    step: NobodyStep,
    /// Whether staff in the building can be called.
    bell: bool,
}

impl Nobody {
    /// Why a person was needed, and since when.
    pub(crate) fn reason(&self) -> (Reason, UnixMs) {
        (self.reason.clone(), self.opened_at)
    }

    /// Whether staff in the building were called.
    pub(crate) fn has_rung(&self) -> bool {
        self.step == NobodyStep::BellRung
    }
}

impl Machine {
    /// Lets the visitor choose; the case is still open, or about to be closed.
    pub(super) fn offer_ways(&mut self) {
        let bell = self.settings.bell;
        let Some(visit) = &mut self.visit else { return };
        let Some(case) = visit.case() else { return };
        visit.nobody = Some(Nobody {
            case_id: case.id,
            reason: case.reason.clone(),
            opened_at: case.opened_at,
            step: NobodyStep::Choose,
            bell,
        });
    }

    /// Whether somebody is on duty who may yet come, and the visitor hasn't been asked.
    pub(super) fn waits_for_somebody(&self) -> bool {
        self.visit.as_ref().is_some_and(|visit| {
            let on_duty = |case: &crate::case::Case| case.operators.is_some_and(|count| count > 0);
            visit.nobody.is_none() && visit.case().is_some_and(on_duty)
        })
    }

    /// It takes long: the visitor may choose, and waits on meanwhile.
    pub(super) fn offer_ways_while_waiting(&mut self, now: Now) {
        self.offer_ways();
        self.wait_on(now);
        self.say(&AgentLine::Phrase(Phrase::WaitingLong), now);
    }

    /// Nobody is on duty: the visitor needn't wait to hear it. Somebody who comes on duty is still
    /// offered the case.
    pub(super) fn nobody_on_duty(&mut self, now: Now) {
        let case = self.visit.as_mut().and_then(|visit| visit.case_mut());
        if let Some(case) = case {
            case.deserted = Deserted::Told;
            self.offer_ways_once();
            self.say(&AgentLine::Phrase(Phrase::NobodyNow), now);
        }
    }

    /// Lets the visitor choose who hasn't been asked; who leaves a number meanwhile goes on.
    pub(super) fn offer_ways_once(&mut self) {
        if self.nobody().is_none() {
            self.offer_ways();
        }
    }

    fn wait_on(&mut self, now: Now) {
        let until = now.after(self.settings.patience.waits_on);
        let expires_at = now.wall_after(self.settings.patience.waits_on);
        if let Some(Phase::Waiting {
            give_up_at, case, ..
        }) = self.visit.as_mut().map(|v| &mut v.phase)
        {
            *give_up_at = until;
            case.expires_at = expires_at;
            self.send_case();
        }
    }

    pub(super) fn chose_way(&mut self, way: Way, now: Now) {
        let step = self.nobody().map(|nobody| nobody.step.clone());
        let Some(step) = step else { return };
        self.begin_visit(None, now);
        match way {
            Way::Nothing => self.put_nobody(None),
            Way::Wait => self.chose_to_wait(now),
            // What was given stays given.
            _ if matches!(step, NobodyStep::Kept { .. } | NobodyStep::Ticket { .. }) => {}
            Way::Callback => {
                self.wait_on(now);
                self.step_to(NobodyStep::Contact { wrong: false });
                self.say_served(Phrase::AskContact, now);
            }
            Way::Ticket => {
                if let Some(reference) = self.promise(TaskKind::Ticket, None, now) {
                    let office = self.visit.as_ref().map(|v| self.pack.office(&v.language));
                    let code = format!("{} {reference}", office.unwrap_or_default());
                    self.step_to(NobodyStep::Ticket { reference, code });
                    self.say_served(Phrase::TicketGiven, now);
                }
            }
            Way::Bell => {
                if let Some(nobody) = self.nobody().filter(|nobody| nobody.bell) {
                    let (case_id, reason) = (nobody.case_id, nobody.reason.code);
                    self.emit(Output::RingBell { case_id, reason });
                }
            }
        }
    }

    /// Waits on where a case is open; else opens the next one for the same reason, which keeps
    /// its place by the time of the first.
    fn chose_to_wait(&mut self, now: Now) {
        let Some(visit) = &mut self.visit else { return };
        let Some(nobody) = visit.nobody.take() else {
            return;
        };
        if visit.case().is_some() {
            return self.wait_on(now);
        }
        let trigger = Trigger {
            reason: nobody.reason,
        };
        self.escalate(trigger, now);
        self.wait_on(now);
        if let Some(Phase::Waiting {
            case, console_by, ..
        }) = self.visit.as_mut().map(|visit| &mut visit.phase)
        {
            case.opened_at = nobody.opened_at;
            *console_by = None;
            self.send_case();
        }
    }

    /// A bell that doesn't ring is no longer offered, and the visitor is told that nobody comes.
    pub(super) fn bell_answered(&mut self, rung: bool, now: Now) {
        self.note_bell(rung, now);
        let Some(nobody) = self.visit.as_mut().and_then(|visit| visit.nobody.as_mut()) else {
            return;
        };
        if !rung {
            nobody.bell = false;
            return self.say(&AgentLine::Phrase(Phrase::NobodyNow), now);
        }
        self.milestone(Milestone::BellRung);
        self.step_to(NobodyStep::BellRung);
        self.say_served(Phrase::BellRung, now);
    }

    /// Whoever opens the case knows whether somebody on site was called.
    fn note_bell(&mut self, rung: bool, now: Now) {
        let Some(visit) = &mut self.visit else { return };
        let record = ActionRecord {
            name: "on-site bell".to_owned(),
            input: String::new(),
            outcome: if rung { "rung" } else { "not rung" }.to_owned(),
            undo: None,
            at: now.wall,
        };
        // Rung again and again, it is one line.
        visit.actions.retain(|before| before.name != record.name);
        visit.actions.push(record);
        self.send_case();
    }

    /// What an operator promised can be noted as what the robot promises can.
    pub(super) fn show_promise(&mut self, reference: String, due_at: UnixMs) {
        self.offer_ways();
        self.step_to(NobodyStep::Kept { reference, due_at });
    }

    /// A goodbye with a number to note stands longer.
    pub(super) fn leave_time_to_note(&mut self, now: Now) {
        let is_promised = self.nobody().is_some();
        if let Some(Phase::Leaving { until }) = self.visit.as_mut().map(|visit| &mut visit.phase)
            && is_promised
        {
            *until = now.after(NOTING);
        }
    }

    pub(super) fn awaits_contact(&self) -> bool {
        let step = self.nobody().map(|nobody| &nobody.step);
        matches!(
            step,
            Some(NobodyStep::Contact { .. } | NobodyStep::ReadBack { .. })
        )
    }

    /// Takes words for the contact that was asked for, or for a yes or no to it.
    pub(super) fn took_contact(&mut self, text: &str, now: Now) -> bool {
        if !self.awaits_contact() {
            return false;
        }
        let Some(language) = self.visit.as_ref().map(|visit| visit.language.clone()) else {
            return false;
        };
        let reads_back = self
            .nobody()
            .is_some_and(|nobody| matches!(nobody.step, NobodyStep::ReadBack { .. }));
        if let Some(contact) = contact_in(text, &language, self.today) {
            self.step_to(NobodyStep::ReadBack {
                contact: contact.clone(),
            });
            self.read_contact_back(&contact, &language, now);
        } else if let Some(yes) = slot::yes_or_no(text, &language).filter(|_| reads_back) {
            self.confirmed_contact(yes, now);
        } else if !reads_back {
            self.step_to(NobodyStep::Contact { wrong: true });
            self.say_served(Phrase::AskContact, now);
        }
        true
    }

    fn read_contact_back(&mut self, contact: &str, language: &Lang, now: Now) {
        if !self.pack.languages().contains(language) {
            return;
        }
        let text = self.pack.phrase(language, Phrase::ReadBack);
        let text = text.replace("{value}", contact);
        let texts = [(language.clone(), text)].into_iter().collect();
        self.say(&AgentLine::Written(texts), now);
    }

    pub(super) fn confirmed_contact(&mut self, yes: bool, now: Now) {
        let Some(NobodyStep::ReadBack { contact }) = self.nobody().map(|nobody| &nobody.step)
        else {
            return;
        };
        let contact = contact.clone();
        self.begin_visit(None, now);
        if !yes {
            self.step_to(NobodyStep::Contact { wrong: false });
            return self.say_served(Phrase::AskContact, now);
        }
        if let Some(reference) = self.promise(TaskKind::Callback, Some(contact), now) {
            let due_at = UnixMs(now.wall.0.saturating_add(Task::DUE_MS));
            self.step_to(NobodyStep::Kept { reference, due_at });
            self.say_served(Phrase::ContactKept, now);
        }
    }

    /// Makes it a task of the office's; a case that still waits is over by it.
    fn promise(&mut self, kind: TaskKind, contact: Option<String>, now: Now) -> Option<String> {
        let task_id = TaskId(self.ids.next(now.wall));
        let reference = task_id.reference();
        let visit = self.visit.as_ref()?;
        let nobody = visit.nobody.as_ref()?;
        let task = Task {
            task_id,
            case_id: nobody.case_id,
            visit_id: visit.id,
            kind,
            reference: reference.clone(),
            contact,
            language: visit.language.clone(),
            reason: nobody.reason.code,
            summary: summary::write(
                visit,
                &nobody.reason,
                &self.pack,
                &self.settings.packet_language,
            ),
            promised_at: now.wall,
        };
        if visit.case().is_some() {
            self.close_case(Some(Failure::NoOneInTime));
        }
        self.emit(Output::SendTask(Box::new(task)));
        self.milestone(Milestone::Promised(kind));
        Some(reference)
    }

    pub(crate) fn nobody_view(&self) -> Option<screen::Nobody> {
        let nobody = self.nobody()?;
        let mut ways = vec![Way::Wait, Way::Callback, Way::Ticket];
        if nobody.bell {
            ways.push(Way::Bell);
        }
        Some(screen::Nobody {
            ways,
            step: nobody.step.clone(),
        })
    }

    fn nobody(&self) -> Option<&Nobody> {
        self.visit.as_ref()?.nobody.as_ref()
    }

    fn put_nobody(&mut self, nobody: Option<Nobody>) {
        if let Some(visit) = &mut self.visit {
            visit.nobody = nobody;
        }
    }

    fn step_to(&mut self, step: NobodyStep) {
        if let Some(nobody) = self.visit.as_mut().and_then(|visit| visit.nobody.as_mut()) {
            nobody.step = step;
        }
    }

    /// Says it in a language that has it; where none does, the screen says it.
    fn say_served(&mut self, phrase: Phrase, now: Now) {
        let language = self.visit.as_ref().map(|visit| &visit.language);
        if language.is_some_and(|language| self.pack.languages().contains(language)) {
            self.say(&AgentLine::Phrase(phrase), now);
        }
    }
}

/// A telephone number or mail address in words that were said or typed.
fn contact_in(text: &str, language: &Lang, today: jiff::civil::Date) -> Option<String> {
    if let Some(mail) = mail_in(text) {
        return (mail.len() <= LONGEST_MAIL).then(|| mail.to_owned());
    }
    let question = Question {
        kind: TELEPHONE,
        choices: &[],
        language,
        today,
    };
    let digits = slot::read(text, question).ok()?.value.as_data();
    let first = text.find(|c: char| c.is_numeric())?;
    let abroad = text[..first].trim_end().ends_with(['+', '＋']);
    Some(if abroad { format!("+{digits}") } else { digits })
}

/// The first mail address of a text, without what a sentence puts around it.
fn mail_in(text: &str) -> Option<&str> {
    let part = |c: char| c.is_ascii_alphanumeric() || ".-_%+".contains(c);
    text.match_indices('@').find_map(|(at, _)| {
        let start = text[..at].trim_end_matches(part).len();
        let host = &text[at + 1..];
        let length = host.find(|c| !part(c)).unwrap_or(host.len());
        let host = host[..length].trim_end_matches(['.', '-']);
        let named = start < at && host.contains('.') && !host.starts_with('.');
        named.then(|| &text[start..at + 1 + host.len()])
    })
}
