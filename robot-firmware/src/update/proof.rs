//! Whether a new system works as the one before it did.

use std::collections::{BTreeMap, VecDeque};
use std::thread::sleep;
use std::time::{Duration, Instant};

use madoguchi_update::Record;

use super::Robot;
use super::robot::Answer;
use crate::check::{Condition, Part};

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// A device says only when it is opened that it isn't there.
const LOOKS: usize = 5;
/// Of these, so many may show trouble that passes.
const HICCUPS: usize = 1;
/// What has to work in any case, unless it didn't before.
const ALWAYS: [Part; 3] = [Part::Program, Part::Pack, Part::Models];
/// What is opened only when a visit needs it: as long as it wasn't, it can't be told that it works.
const OPENED_IN_USE: [Part; 4] = [Part::Camera, Part::Bell, Part::Head, Part::Lamp];

/// How the parts that must work did in the last looks, the newest last.
struct Proof(BTreeMap<Part, VecDeque<bool>>);

impl Proof {
    /// What must work after an update, by what did before it. What this version doesn't know isn't
    /// asked for.
    fn of(record: &Record) -> Self {
        let parts = |ids: &[String]| -> Vec<Part> {
            let known = ids.iter().filter_map(|id| Part::of_id(id));
            known.collect()
        };
        let failing = parts(&record.failing);
        let always = ALWAYS.into_iter().filter(|part| !failing.contains(part));
        let wanted = parts(&record.worked).into_iter().chain(always);
        // Whatever else, it has to answer.
        let wanted = wanted.chain([Part::Program]);
        Self(wanted.map(|part| (part, VecDeque::new())).collect())
    }

    fn look(&mut self, answer: Option<&Answer>) {
        for (part, looks) in &mut self.0 {
            let works = answer.is_some_and(|answer| match answer.condition(*part) {
                Some(Condition::Works) => true,
                Some(Condition::Trouble) => false,
                Some(Condition::Untried) | None => OPENED_IN_USE.contains(part),
            });
            looks.push_back(works);
            if looks.len() > LOOKS {
                looks.pop_front();
            }
        }
    }

    fn is_done(&self) -> bool {
        let good = |looks: &VecDeque<bool>| {
            looks.len() == LOOKS && looks.back() == Some(&true) && troubles(looks) <= HICCUPS
        };
        self.0.values().all(good)
    }

    /// What doesn't work, and not just once.
    fn broken(&self) -> Option<Part> {
        let mut parts = self.0.iter();
        let broken = parts.find(|(_, looks)| troubles(looks) > HICCUPS)?;
        Some(*broken.0)
    }
}

fn troubles(looks: &VecDeque<bool>) -> usize {
    looks.iter().filter(|works| !**works).count()
}

/// Whether all of it works before `patience` ends; else what doesn't.
pub(super) fn works(robot: &Robot, record: &Record, patience: Duration) -> Result<(), String> {
    let until = Instant::now() + patience;
    let mut proof = Proof::of(record);
    loop {
        let answer = robot.ask();
        proof.look(answer.as_ref());
        if proof.is_done() {
            return Ok(());
        }
        if Instant::now() >= until
            && let Some(part) = proof.broken()
        {
            return Err(match answer {
                None => "the robot doesn't answer".to_owned(),
                Some(_) => format!("{} doesn't work", part.name()),
            });
        }
        sleep(BETWEEN_LOOKS);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const W: Condition = Condition::Works;
    const T: Condition = Condition::Trouble;
    const U: Condition = Condition::Untried;

    fn record(worked: &[&str], failing: &[&str]) -> Record {
        let owned = |ids: &[&str]| ids.iter().map(ToString::to_string).collect();
        Record {
            worked: owned(worked),
            failing: owned(failing),
            ..Record::default()
        }
    }

    /// Everything that always must work does, and one more part as it is told look by look.
    fn looks(proof: &mut Proof, part: Part, conditions: &[Condition]) {
        for condition in conditions {
            let mut told = BTreeMap::from(ALWAYS.map(|part| (part, W)));
            told.insert(part, *condition);
            let findings = told.iter().map(
                |(part, condition)| json!({ "part": part, "condition": condition, "detail": "" }),
            );
            let findings: Vec<_> = findings.collect();
            let answer = json!({ "serving": false, "findings": findings });
            proof.look(serde_json::from_value(answer).ok().as_ref());
        }
    }

    #[track_caller]
    fn judged(record: &Record, part: Part, conditions: &[Condition]) -> (bool, Option<Part>) {
        let mut proof = Proof::of(record);
        looks(&mut proof, part, conditions);
        (proof.is_done(), proof.broken())
    }

    #[test]
    fn what_worked_before_has_to_work_and_may_hiccup_once() {
        let before = record(&["microphone"], &[]);
        let mic = |conditions: &[Condition]| judged(&before, Part::Microphone, conditions);
        assert_eq!(mic(&[W, W, W, W]), (false, None));
        assert_eq!(mic(&[W, W, W, W, W]), (true, None));
        assert_eq!(mic(&[W, T, W, W, W]), (true, None));
        // Found out at the last look: it has to be seen to pass.
        assert_eq!(mic(&[W, W, W, W, T]), (false, None));
        assert_eq!(mic(&[W, W, W, W, T, W]), (true, None));
        assert_eq!(mic(&[W, W, T, W, T]), (false, Some(Part::Microphone)));
        assert_eq!(mic(&[T, T, T, W, W, W, W]), (true, None));
        // Nothing has been told of it yet: it may still be loading.
        assert_eq!(mic(&[U, U]), (false, Some(Part::Microphone)));
    }

    #[test]
    fn what_did_not_work_before_need_not_work_now() {
        let before = record(&[], &["models", "microphone"]);
        for part in [Part::Models, Part::Microphone] {
            assert_eq!(judged(&before, part, &[T; LOOKS]), (true, None), "{part:?}");
        }
        let (done, broken) = judged(&before, Part::Pack, &[T; LOOKS]);
        assert_eq!((done, broken), (false, Some(Part::Pack)));
        let (_, broken) = judged(&record(&[], &["program"]), Part::Program, &[T; LOOKS]);
        assert_eq!(broken, Some(Part::Program));
    }

    #[test]
    fn a_camera_that_nobody_has_opened_since_is_no_fault() {
        let mut proof = Proof::of(&record(&["camera"], &[]));
        looks(&mut proof, Part::Camera, &[U; LOOKS]);
        assert!(proof.is_done());
        looks(&mut proof, Part::Camera, &[T; 2]);
        assert_eq!(proof.broken(), Some(Part::Camera));
        // Whereas the console is dialled by itself.
        let (_, broken) = judged(&record(&["console"], &[]), Part::Console, &[U; LOOKS]);
        assert_eq!(broken, Some(Part::Console));
    }

    #[test]
    fn parts_go_by_identifiers_that_outlive_their_names() {
        let before = record(&["Knowledge pack", "antigravity"], &["Models"]);
        assert_eq!(judged(&before, Part::Pack, &[W; LOOKS]), (true, None));
        assert_eq!(Part::FrontFloor.id(), "front_floor");
        assert_eq!(Part::of_id("front_floor"), Some(Part::FrontFloor));
    }

    #[test]
    fn silence_proves_nothing() {
        let mut proof = Proof::of(&Record::default());
        proof.look(None);
        proof.look(None);
        assert!(proof.broken().is_some() && !proof.is_done());
    }
}
