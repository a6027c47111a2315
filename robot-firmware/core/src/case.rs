//! A case and the packet that travels with it.

use std::time::Duration;

use madoguchi_shared::ids::{CaseId, Lang, UnixMs};
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{
    AccountHistory, CaseState, Evidence, NextStep, Owner, Packet, Reason, ReasonCode, Resident,
    ReturnPacket, RobotCondition, Route, RouteStep, Trend, Versions, keep_newest,
};
use madoguchi_shared::screen::Way;

use crate::machine::Settings;
use crate::pack::{Pack, nearest};
use crate::summary;
use crate::time::Now;
use crate::visit::Visit;

/// What opens at an escalation.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) id: CaseId,
    pub(crate) reason: Reason,
    pub(crate) opened_at: UnixMs,
    pub(crate) state: CaseState,
    /// The first thing that failed.
    pub(crate) failure: Option<Failure>,
    /// Whether staff in the room have it, once somebody has.
    pub(crate) onsite: bool,
    /// What they gave back.
    pub(crate) returned: Option<ReturnPacket>,
    pub(crate) revision: u32,
    /// How many operators see it; unknown until the console answered.
    pub(crate) operators: Option<u32>,
    /// Its place among those who wait.
    pub(crate) line: Option<WaitingLine>,
    /// Whether the visitor knows that nobody is on duty.
    pub(crate) deserted: Deserted,
    /// The highest operator's message that was shown.
    pub(crate) last_message: u32,
    /// When the visitor is asked what else they want, if nobody has accepted.
    pub(crate) expires_at: UnixMs,
    pub(crate) distress: Option<f32>,
    pub(crate) distress_trend: Option<Trend>,
}

/// A case's place among those who wait, and how long that may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WaitingLine {
    /// From 1.
    pub(crate) place: u32,
    expected: Option<Expected>,
}

#[derive(Debug, Clone, Copy)]
struct Expected {
    /// On the monotonic clock, in milliseconds.
    by: u64,
    /// Told now; none are left when it takes longer than was thought.
    minutes: u32,
}

impl WaitingLine {
    pub(crate) fn new(place: u32, expected_s: Option<u32>, now: Now) -> Self {
        let expected = expected_s.map(|seconds| Expected {
            by: now.after(Duration::from_secs(seconds.into())),
            minutes: seconds.div_ceil(60),
        });
        Self { place, expected }
    }

    pub(crate) fn minutes(self) -> Option<u32> {
        let expected = self.expected?;
        (expected.minutes > 0).then_some(expected.minutes)
    }

    /// Whether it takes longer than was thought.
    pub(crate) fn is_overdue(self) -> bool {
        self.expected.is_some_and(|expected| expected.minutes == 0)
    }

    /// When there is a minute less to tell, on the monotonic clock.
    pub(crate) fn shorter_at(self) -> Option<u64> {
        let expected = self.expected?;
        let left = u64::from(expected.minutes.checked_sub(1)?) * 60_000;
        Some(expected.by.saturating_sub(left))
    }

    pub(crate) fn shorten(&mut self) {
        if let Some(expected) = &mut self.expected {
            expected.minutes = expected.minutes.saturating_sub(1);
        }
    }
}

/// Whether the visitor knows that nobody is on duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Deserted {
    /// Somebody is on duty, or nothing is known yet.
    #[default]
    No,
    /// Told from this moment on, on the monotonic clock: a page that is loaded anew is back by then.
    ToldAt(u64),
    /// Told.
    Told,
}

/// Evidence that a person is needed.
#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub(crate) reason: Reason,
}

impl Trigger {
    pub(crate) fn new(code: ReasonCode, detector: &str, score: f32, detail: String) -> Self {
        let evidence = vec![Evidence {
            detector: detector.to_owned(),
            score,
            detail,
            turn: None,
        }];
        Self {
            reason: Reason {
                code,
                language: None,
                evidence,
            },
        }
    }

    pub(crate) fn about(mut self, language: Lang) -> Self {
        self.reason.language = Some(language);
        self
    }

    pub(crate) fn in_turn(mut self, turn: u32) -> Self {
        for evidence in &mut self.reason.evidence {
            evidence.turn = Some(turn);
        }
        self
    }
}

impl Case {
    pub(crate) fn new(id: CaseId, trigger: Trigger, opened_at: UnixMs, expires_at: UnixMs) -> Self {
        Self {
            id,
            reason: trigger.reason,
            opened_at,
            state: CaseState::Requested,
            failure: None,
            onsite: false,
            returned: None,
            revision: 0,
            operators: None,
            line: None,
            deserted: Deserted::default(),
            last_message: 0,
            expires_at,
            distress: None,
            distress_trend: None,
        }
    }

    /// Takes the newest level of distress.
    pub(crate) fn note_distress(&mut self, level: Option<f32>) {
        if let (Some(before), Some(level)) = (self.distress, level) {
            if level > before {
                self.distress_trend = Some(Trend::Rising);
            } else if level < before {
                self.distress_trend = Some(Trend::Falling);
            }
        }
        self.distress = level.or(self.distress);
    }

    pub(crate) fn next_revision(&mut self) -> u32 {
        self.revision = self.revision.saturating_add(1);
        self.revision
    }

    /// Who holds the conversation in this state.
    pub(crate) fn owner(&self) -> Owner {
        match self.state {
            CaseState::Requested | CaseState::Offered => Owner::Waiting,
            CaseState::Accepted if self.onsite => Owner::Onsite,
            CaseState::Accepted
            | CaseState::Connecting
            | CaseState::Live
            | CaseState::Hold
            | CaseState::Transferring => Owner::Operator,
            CaseState::Returning | CaseState::Closed => Owner::Agent,
        }
    }

    /// The whole packet as it stands.
    pub(crate) fn packet(
        &self,
        visit: &Visit,
        pack: &Pack,
        settings: &Settings,
        robot: RobotCondition,
    ) -> Packet {
        let turns = visit.lines.iter().map(|line| line.turn.clone());
        let mut transcript = turns.collect();
        keep_newest(&mut transcript);
        Packet {
            schema_version: madoguchi_shared::PROTOCOL_VERSION,
            revision: self.revision,
            case_id: self.id,
            visit_id: visit.id,
            robot_id: None,
            opened_at: self.opened_at,
            expires_at: (self.owner() == Owner::Waiting).then_some(self.expires_at),
            state: self.state,
            owner: self.owner(),
            failure: self.failure,
            reason: self.reason.clone(),
            route: Route {
                languages: visit.languages(),
                skills: visit.answered.clone(),
                authority: Vec::new(),
                priority: priority(self.reason.code),
                steps: RouteStep::standard(),
                fallback: fallback(settings.bell),
            },
            summary: summary::write(visit, &self.reason, pack, &settings.packet_language),
            facts: visit.facts.clone(),
            transcript,
            account_history: visit.verified.as_ref().map(|verified| AccountHistory {
                verification: verified.level.clone(),
                entries: Vec::new(),
            }),
            actions: visit.actions.clone(),
            policy_flags: visit.policy_flags.clone(),
            next_steps: next_steps(visit, &self.reason, pack, settings),
            resident: Resident {
                languages: visit.languages(),
                distress: visit.mood.level(),
                distress_trend: self.distress_trend,
                accessibility: Vec::new(),
                consent: visit.consents.clone(),
                redacted: visit.redacted.clone(),
                kept_hours: None,
            },
            returned: self.returned.clone(),
            robot,
            versions: Versions {
                software: settings.software.clone(),
                pack: pack.id_and_version(),
                recogniser: settings.recogniser.clone(),
                models: settings
                    .translations
                    .iter()
                    .map(|(from, to)| format!("translation {from}-{to}"))
                    .collect(),
                policies: pack.rules().iter().map(|rule| rule.version.clone()).max(),
            },
        }
    }
}

/// How much of a packet is sent before the rest.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// Why, and whom it needs.
    Route,
    /// All but the conversation.
    Summary,
}

impl Part {
    pub(crate) fn of(self, mut packet: Packet) -> Packet {
        packet.transcript.clear();
        if matches!(self, Self::Route) {
            packet.summary.clear();
            packet.facts.clear();
            packet.actions.clear();
            packet.policy_flags.clear();
            packet.next_steps.clear();
            packet.account_history = None;
        }
        packet
    }
}

/// What the visitor may choose when nobody comes.
fn fallback(bell: bool) -> Vec<Way> {
    let mut ways = vec![Way::Wait, Way::Callback, Way::Ticket];
    ways.extend(bell.then_some(Way::Bell));
    ways
}

/// Routine 0 to danger 100; waiting time is added by the console's routing.
fn priority(code: ReasonCode) -> u8 {
    match code {
        ReasonCode::Safety => 100,
        ReasonCode::Distress => 80,
        ReasonCode::SystemFault | ReasonCode::AccessibilityNeed => 50,
        ReasonCode::UnsupportedLanguage | ReasonCode::AskedForPerson => 40,
        ReasonCode::PolicyException
        | ReasonCode::IdentityNeeded
        | ReasonCode::IrreversibleAction
        | ReasonCode::RepeatedFailure
        | ReasonCode::LowConfidence
        | ReasonCode::SteppedIn => 30,
    }
}

fn next_steps(visit: &Visit, reason: &Reason, pack: &Pack, settings: &Settings) -> Vec<NextStep> {
    let mut steps = Vec::new();
    if reason.code == ReasonCode::UnsupportedLanguage {
        steps.push(NextStep {
            text: "Greet the resident in their language, or type short sentences; words without \
                   a translation model are shown as written."
                .to_owned(),
            source: "reason unsupported_language".to_owned(),
        });
    }
    let escalation = pack.escalation();
    let first_aid = match (visit.danger, reason.code) {
        (Some(danger), _) => escalation
            .dangers
            .get(&danger)
            .map(|rules| (&rules.next_step, format!("danger {}", danger.key()))),
        (None, ReasonCode::Distress) => {
            Some((&escalation.distress.next_step, "distress".to_owned()))
        }
        (None, _) => None,
    };
    if let Some((texts, source)) = first_aid
        && let Some(text) = nearest(texts, &settings.packet_language)
    {
        steps.push(NextStep {
            text: text.clone(),
            source,
        });
    }
    for flag in visit.policy_flags.iter().rev() {
        let rule = pack.rules().iter().find(|rule| rule.id == flag.rule);
        if let Some(text) = rule.and_then(|rule| rule.next_step(&settings.packet_language)) {
            steps.push(NextStep {
                text: text.to_owned(),
                source: format!("rule {} {}", flag.rule, flag.version),
            });
        }
    }
    for topic in visit.answered.iter().rev().chain(&visit.offered_topics) {
        if let Some(hint) = pack
            .topic(topic)
            .and_then(|t| t.operator_hint(&settings.packet_language))
        {
            let step = NextStep {
                text: hint.to_owned(),
                source: format!("topic {topic}"),
            };
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    steps
}
