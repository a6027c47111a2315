//! Calling a person by what a turn tells: danger at once, also while a case is open; everything
//! else while the agent has the word.

use madoguchi_shared::packet::{Evidence, Reason, ReasonCode};

use super::Machine;
use crate::case::Trigger;
use crate::escalation::{Glance, Output as Sign, Seen, Told};
use crate::lines::AgentLine;
use crate::output::Output;
use crate::pack::Texts;
use crate::pack::policy::Effect;
use crate::time::Now;
use crate::understanding::{Outcome, Understanding};
use crate::visit::Phase;

/// What share of the vector's distress is doubted where a topic is surely meant.
const ROUTINE: f32 = 0.35;

/// From which probability on words alone are a wish for a person, whatever the vector will say.
const SURELY_A_PERSON: f32 = 0.985;

/// From which score on a need that the vector shows counts also where a topic is meant.
const SURELY: f32 = 0.8;

impl Machine {
    /// Danger that the words of a turn tell of; whether the agent has done with the turn.
    pub(super) fn hears_danger(&mut self, turn: u32, text: &str, now: Now) -> bool {
        match self.watch.danger_in_words(text) {
            Some(seen) => self.in_danger(&seen, turn, now),
            None => false,
        }
    }

    /// Whether words tell of danger.
    pub(super) fn tells_of_danger(&self, text: &str) -> bool {
        self.watch.danger_in_words(text).is_some()
    }

    /// A wish for a person that the words alone leave no doubt of: nobody waits for a vector then,
    /// which may yet tell of danger ([`Self::means_danger`]).
    pub(super) fn hears_wish_for_person(&mut self, turn: u32, text: &str, now: Now) {
        let Some(line) = self.visit.as_ref().and_then(|visit| visit.line(turn)) else {
            return;
        };
        let language = line.turn.language.as_ref();
        let understood = self.index.understand(text, language, None);
        let sure = |score: &f32| *score >= SURELY_A_PERSON;
        if let Some(score) = understood.asks_for_person.filter(sure) {
            let words = line.turn.text.clone();
            let trigger = Trigger::new(ReasonCode::AskedForPerson, "person_request", score, words);
            self.escalate(trigger.in_turn(turn), now);
        }
    }

    /// Raises the case that words opened, where their vector tells of danger.
    pub(super) fn means_danger(&mut self, turn: u32, text: &str, vector: Option<&[f32]>, now: Now) {
        let line = self.visit.as_ref().and_then(|visit| visit.line(turn));
        let language = line.and_then(|line| line.turn.language.clone());
        let glance = vector.and_then(|vector| self.watch.look(vector, language.as_ref()));
        if let Some(seen) = glance.and_then(|glance| self.danger_in(&glance, text)) {
            self.in_danger(&seen, turn, now);
        }
    }

    /// Who says "this is killing me" is no surer in trouble for what the vector makes of it.
    fn danger_in(&self, glance: &Glance, text: &str) -> Option<Seen> {
        let (danger, score) = glance.danger();
        let sure = score >= self.watch.rules().scores.danger;
        (sure && !self.watch.only_sounds_like_it(text)).then_some(Seen {
            danger,
            detector: "crisis",
            score,
            words: None,
        })
    }

    /// What the turn tells once its sentence vector is there, or surely isn't; whether a person was
    /// called. A plain wish for one, and what a policy decides, are left to those who come next.
    pub(super) fn calls_for_person(
        &mut self,
        turn: u32,
        text: &str,
        vector: Option<&[f32]>,
        understood: &Understanding,
        now: Now,
    ) -> bool {
        let Some(line) = self.visit.as_ref().and_then(|visit| visit.line(turn)) else {
            return false;
        };
        let shown = line.turn.text.clone();
        let language = line.turn.language.clone();
        let glance = vector.and_then(|vector| self.watch.look(vector, language.as_ref()));
        let figurative = self.watch.only_sounds_like_it(text);
        let scores = self.watch.rules().scores;
        if let Some(seen) = glance.as_ref().and_then(|seen| self.danger_in(seen, text)) {
            return self.in_danger(&seen, turn, now);
        }
        let of = |sign: Sign| glance.as_ref().map_or(0.0, |glance| glance.of(sign));
        let signs = [
            (ReasonCode::AskedForPerson, of(Sign::Person), scores.person),
            (
                ReasonCode::AccessibilityNeed,
                of(Sign::Accessibility),
                scores.accessibility,
            ),
            (
                ReasonCode::IdentityNeeded,
                of(Sign::Identity),
                scores.identity,
            ),
        ];
        let distress = match figurative {
            true => 0.0,
            false => doubted(of(Sign::Distress), &understood.outcome),
        };
        let told = Told {
            turn,
            at_ms: now.monotonic_ms,
            text,
            shown: &shown,
            in_vain: self
                .visit
                .as_ref()
                .is_some_and(|visit| visit.failed_answers > 0),
            words: self.watch.distress_in_words(text),
            score: distress,
            around: glance.map(Glance::into_around),
        };
        let Some(visit) = &mut self.visit else {
            return false;
        };
        let level = visit.mood.hear(told, &self.watch.rules().distress);
        let excepted = understood.rule.as_ref().is_some_and(|(id, surer)| {
            let rule = self.pack.rules().iter().find(|rule| rule.id == *id);
            rule.is_some_and(|rule| rule.effect == Effect::Exception && *surer > level)
        });
        if understood.asks_for_person.is_some() || excepted {
            return false;
        }
        let [person, others @ ..] = signs;
        let known =
            matches!(understood.outcome, Outcome::Topic { .. }) || understood.rule.is_some();
        // "The screen is too high for my wheelchair" is like a question about ramps, too.
        let others = others
            .into_iter()
            .filter(|(_, score, _)| !known || *score >= SURELY);
        for (code, score, least) in std::iter::once(person).chain(others) {
            if score >= least {
                let trigger = Trigger::new(code, "sentence", score, shown);
                self.escalate(trigger.in_turn(turn), now);
                return true;
            }
        }
        if level < self.watch.rules().distress.threshold {
            return false;
        }
        let evidence = self.visit.as_ref().map(|visit| visit.mood.evidence());
        let reason = Reason {
            code: ReasonCode::Distress,
            language: None,
            evidence: evidence.unwrap_or_default(),
        };
        self.escalate(Trigger { reason }, now);
        true
    }

    /// Opens a case, or raises the open one; rings the bell once for each danger of a case.
    fn in_danger(&mut self, seen: &Seen, turn: u32, now: Now) -> bool {
        let danger = seen.danger;
        let detail = match &seen.words {
            Some(words) => format!("{}: {words}", danger.key()),
            None => danger.key().to_owned(),
        };
        let trigger = Trigger::new(ReasonCode::Safety, seen.detector, seen.score, detail);
        let trigger = trigger.in_turn(turn);
        let rules = self.watch.rules().dangers.get(&danger);
        let Some(visit) = &mut self.visit else {
            return false;
        };
        let known = visit.danger == Some(danger) && visit.case().is_some();
        visit.danger = Some(danger);
        // In the operators' language, too; but said only where the visitor's has it.
        let sentences = rules.map(|own| {
            let languages = self.pack.languages().iter();
            languages
                .filter_map(|language| Some((language.clone(), own.sentence(language)?)))
                .collect::<Texts>()
        });
        let said = sentences.filter(|texts| texts.contains_key(&visit.language));
        let lines: Vec<AgentLine> = said.into_iter().map(AgentLine::Written).collect();
        if matches!(visit.phase, Phase::Agent) {
            self.escalate_after(lines, trigger, now);
            self.ring_bell();
            return true;
        }
        if !known && self.raise_case(trigger.reason.evidence) {
            let waiting =
                |visit: &&crate::visit::Visit| matches!(visit.phase, Phase::Waiting { .. });
            if self.visit.as_ref().filter(waiting).is_some() && !lines.is_empty() {
                self.say_all(lines, now);
            }
            self.ring_bell();
        }
        false
    }

    /// Makes the open case one of danger, with what was known before kept behind.
    fn raise_case(&mut self, mut evidence: Vec<Evidence>) -> bool {
        let Some(case) = self.visit.as_mut().and_then(|visit| visit.case_mut()) else {
            return false;
        };
        evidence.append(&mut case.reason.evidence);
        case.reason = Reason {
            code: ReasonCode::Safety,
            language: case.reason.language.clone(),
            evidence,
        };
        self.send_case();
        true
    }

    fn ring_bell(&mut self) {
        let case = self.visit.as_ref().and_then(|visit| visit.case());
        if let Some((case_id, reason)) = case.map(|case| (case.id, case.reason.code)) {
            self.emit(Output::RingBell { case_id, reason });
        }
    }
}

/// The vector's distress beside what was understood: routine requests are made of the same words, and
/// distress about a topic is told by words, or by more than one turn, too.
fn doubted(distress: f32, outcome: &Outcome) -> f32 {
    match outcome {
        Outcome::Topic { probability, .. } => distress * (1.0 - ROUTINE * probability),
        Outcome::Close(_) | Outcome::None => distress,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::escalation::Distress;

    #[test]
    fn a_request_that_is_understood_is_less_likely_to_be_distress() {
        let topic = |probability| Outcome::Topic {
            topic: "cancel-appointment".to_owned(),
            probability,
        };
        let threshold = Distress::default().threshold;
        let suspected = threshold + 0.1;
        assert!(doubted(suspected, &topic(0.95)) < threshold);
        assert_eq!(doubted(suspected, &Outcome::None), suspected);
        let surely = doubted(0.98, &topic(0.95));
        assert!(
            surely >= threshold,
            "whoever is surely in distress: {surely}"
        );
    }
}
