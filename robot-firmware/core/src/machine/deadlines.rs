//! When something is due though nothing happens, and what.

use super::Machine;
use crate::case::{Deserted, WaitingLine};
use crate::run::State;
use crate::slot;
use crate::time::{Deadline, Now};
use crate::visit::{MediaState, Phase};

impl Machine {
    /// When [`Machine::handle_timeout`] is wanted, in monotonic milliseconds, and why.
    pub fn poll_timeout(&self) -> Option<(u64, Deadline)> {
        let mut deadlines = Vec::new();
        if let Some(saying) = &self.saying {
            deadlines.push((saying.lost_at, Deadline::SpeechLost));
        }
        if let Some(until) = self.held_back_until() {
            deadlines.push((until, Deadline::HeldBack));
        }
        if self.visit.is_some() {
            deadlines.extend(self.absent_at().map(|at| (at, Deadline::VisitorAbsent)));
        }
        deadlines.extend(self.staff.deadlines());
        let expected = [&self.recognising, &self.hearing];
        deadlines.extend(
            expected
                .into_iter()
                .flatten()
                .map(|utterance| (utterance.by, Deadline::AnswerLost)),
        );
        if let Some(visit) = &self.visit {
            deadlines.extend(
                visit
                    .awaiting_vectors
                    .iter()
                    .map(|awaited| (awaited.by, Deadline::AnswerLost)),
            );
            let calls = visit.under_way.iter().filter_map(|call| call.by);
            deadlines.extend(calls.map(|by| (by, Deadline::ToolLost)));
            if let Some(State::Calling { slow_at, .. }) = self.run().map(|run| &run.state) {
                // Who hears the robot or speaks isn't left in silence.
                let silent = !self.is_speaking() && !self.is_hearing();
                let slow_at = slow_at.filter(|_| silent);
                deadlines.extend(slow_at.map(|at| (at, Deadline::ToolSlow)));
            }
            match &visit.phase {
                Phase::Agent if self.is_busy() => {}
                Phase::Agent => deadlines.push((visit.idle_at, Deadline::VisitIdle)),
                Phase::Leaving { until } => deadlines.push((*until, Deadline::GoodbyeShown)),
                Phase::Onsite { until, .. } => deadlines.push((*until, Deadline::OnsiteSilent)),
                Phase::Waiting {
                    case,
                    give_up_at,
                    console_by,
                } => {
                    deadlines.push((*give_up_at, Deadline::NoOneInTime));
                    let shorter_at = case.line.and_then(WaitingLine::shorter_at);
                    deadlines.extend(shorter_at.map(|at| (at, Deadline::WaitShorter)));
                    if let Deserted::ToldAt(at) = case.deserted {
                        deadlines.push((at, Deadline::NobodyOnDuty));
                    }
                    deadlines.extend(console_by.map(|at| (at, Deadline::ConsoleUnreachable)));
                }
                Phase::Operator {
                    media,
                    away_until,
                    aside,
                    ..
                } => {
                    if let MediaState::SettingUp { by } = media.state {
                        deadlines.push((by, Deadline::MediaSetup));
                    }
                    deadlines.extend(away_until.map(|at| (at, Deadline::OperatorReturn)));
                    let long_at = aside.hold.map(|hold| hold.long_at);
                    deadlines.extend(long_at.map(|at| (at, Deadline::HoldLong)));
                    let lease_ends_at = self.lease_ends_at();
                    deadlines.extend(lease_ends_at.map(|at| (at, Deadline::LeaseEnds)));
                }
            }
        }
        deadlines.into_iter().min_by_key(|(at, _)| *at)
    }

    /// Acts on the deadlines that have passed.
    pub fn handle_timeout(&mut self, now: Now) {
        self.today = slot::today(now.wall, self.pack.time_zone());
        while let Some((at, deadline)) = self.poll_timeout()
            && at <= now.monotonic_ms
        {
            match deadline {
                Deadline::SpeechLost => self.stop_saying(),
                Deadline::ToolSlow => self.tool_slow(now),
                Deadline::ToolLost => self.tool_lost(now),
                Deadline::HeldBack => self.take_up_saying(now),
                Deadline::AnswerLost => self.give_up_answers(now),
                Deadline::VisitIdle => self.visitor_silent(now),
                Deadline::VisitorAbsent => self.visitor_absent(now),
                Deadline::GoodbyeShown => self.end_visit(),
                Deadline::ConsoleUnreachable => self.console_unreachable(now),
                Deadline::NoOneInTime => self.no_one_in_time(now),
                Deadline::NobodyOnDuty => self.nobody_on_duty(now),
                Deadline::WaitShorter => self.wait_shorter(),
                Deadline::MediaSetup => self.media_failed(now),
                Deadline::OperatorReturn => self.operator_lost(now),
                Deadline::HoldLong => self.hold_takes_long(now),
                Deadline::LeaseEnds => self.end_lease(),
                Deadline::StaffPanelIdle => self.staff.lock(),
                Deadline::StaffPinAgain => self.staff.unblock(),
                Deadline::StaffLinkOver => self.staff.forget_link(),
                Deadline::OnsiteSilent => self.onsite_left(now),
            }
        }
        self.show();
    }
}
