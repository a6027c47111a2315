//! Resident, operators, staff in the room, network and restarts in any order, with holds and conversations that are
//! passed on: exactly one owner, no case lost or
//! doubled, no promise lost or doubled, no dead end.

mod console;
mod room;

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::support::{Robot, lang, settings};
use madoguchi_core::input::MediaEvent;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::{CaseId, TaskId, VisitId};
use madoguchi_shared::packet::{CaseState, Owner, Packet, Task};
use madoguchi_shared::screen::{Stage, Way};

const RUNS: u64 = 400;
const STEPS: usize = 60;

/// What the console knows of a case.
#[derive(Debug, Default)]
struct Known {
    revision: u32,
    state: Option<CaseState>,
    /// The operator's call, while one holds it.
    call: Option<u32>,
    /// Who that is.
    holder: u128,
    on_hold: bool,
    /// Who is asked to take over.
    asked: Option<u128>,
    /// Whether they are there and talk first.
    talking: bool,
    ended: bool,
    /// Whether staff in the room have it, by the robot's word.
    onsite: bool,
    /// What they gave back, each as often as it was stored.
    returned: u32,
}

/// A robot, what it keeps for its console, and a console that hears it while the network is up.
struct World {
    robot: Robot,
    kept: BTreeMap<CaseId, Packet>,
    owed: BTreeMap<TaskId, Task>,
    promised: Vec<TaskId>,
    console: BTreeMap<CaseId, Known>,
    tasks: Vec<TaskId>,
    up: bool,
    session: u32,
    calls: u32,
    lives: u64,
    /// Cases that went on after a restart.
    went_on: u32,
    holds: u32,
    talks: u32,
    taken_over: u32,
    /// How often staff took a visitor, and gave one back.
    staffed: u32,
    /// Whether the right PIN opened the panel that stands.
    pin_given: Cell<bool>,
    given_back: u32,
    /// The visit that the agent is known to serve, and whether somebody watches it.
    served: Option<VisitId>,
    watching: bool,
    watched: u32,
    /// Whether the media session lets nothing through.
    muted: bool,
    dice: u64,
    told: Vec<String>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            robot: Robot::new(),
            kept: BTreeMap::new(),
            owed: BTreeMap::new(),
            promised: Vec::new(),
            console: BTreeMap::new(),
            tasks: Vec::new(),
            up: false,
            session: 0,
            calls: 0,
            lives: 1_000 * (seed + 1),
            went_on: 0,
            holds: 0,
            talks: 0,
            served: None,
            watching: false,
            watched: 0,
            taken_over: 0,
            staffed: 0,
            pin_given: Cell::new(false),
            given_back: 0,
            muted: false,
            dice: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            told: Vec::new(),
        };
        world.connect();
        world
    }

    fn roll(&mut self, below: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % below
    }

    fn input(&mut self, input: Input) {
        self.robot.input(input);
        self.absorb();
    }

    fn connect(&mut self) {
        self.up = true;
        self.input(Input::ConsoleUp);
        for packet in self.kept.values().cloned().collect::<Vec<_>>() {
            self.hear_packet(&packet);
        }
        for id in std::mem::take(&mut self.owed).into_keys() {
            self.hear_task(id);
        }
        let cases: Vec<CaseId> = self.console.keys().copied().collect();
        for case in cases {
            self.standing(case);
        }
    }

    fn hear_packet(&mut self, packet: &Packet) {
        let known = self.console.entry(packet.case_id).or_default();
        if packet.revision >= known.revision && known.state != Some(CaseState::Closed) {
            known.hear(packet.state, packet.owner);
        }
        if packet.revision > known.revision {
            known.revision = packet.revision;
            known.returned += u32::from(packet.returned.is_some());
        }
        if packet.state == CaseState::Closed {
            self.kept.remove(&packet.case_id);
        }
    }

    fn hear_task(&mut self, id: TaskId) {
        if !self.tasks.contains(&id) {
            self.tasks.push(id);
        }
    }

    fn absorb(&mut self) {
        let mut news = Vec::new();
        for output in self.robot.take() {
            match output {
                Output::SendCase(packet) => {
                    let new = !self.console.contains_key(&packet.case_id);
                    self.kept.insert(packet.case_id, (*packet).clone());
                    if self.up {
                        self.hear_packet(&packet);
                        news.extend(new.then_some(packet.case_id));
                    }
                }
                Output::SendTurn {
                    case_id, revision, ..
                } => {
                    if let Some(packet) = self.kept.get_mut(&case_id) {
                        packet.revision = revision;
                    }
                }
                Output::SendProgress {
                    case_id,
                    state,
                    owner,
                    ..
                } => {
                    if let Some(packet) = self.kept.get_mut(&case_id) {
                        packet.state = state;
                        packet.owner = owner;
                    }
                    if let Some(known) = self.console.get_mut(&case_id).filter(|_| self.up)
                        && known.state != Some(CaseState::Closed)
                    {
                        known.hear(state, owner);
                    }
                }
                Output::SendTask(task) => {
                    self.promised.push(task.task_id);
                    if self.up {
                        self.hear_task(task.task_id);
                    } else {
                        self.owed.insert(task.task_id, *task);
                    }
                }
                Output::SendVisit(visit) => {
                    let served = visit.map(|visit| visit.visit_id);
                    self.watching &= self.served == served;
                    self.served = served;
                }
                Output::SendWatched { .. } => {
                    assert!(self.watching, "words leave the robot that nobody watches");
                }
                Output::StartCall { session, .. } => {
                    self.session = session;
                    self.muted = false;
                }
                Output::Hold { on } => self.muted = on,
                _ => {}
            }
        }
        for case in news {
            self.standing(case);
        }
    }

    fn step(&mut self) {
        // Whoever is asked is likely to answer.
        let asked = self.robot.view().nobody.is_some() && self.roll(2) == 0;
        // So is an operator, to do something with whom they hold.
        let held = self.robot.view().operator.is_some() && self.roll(6) == 0;
        let choice = if asked {
            3 + self.roll(3)
        } else if held {
            16 + self.roll(4)
        } else if self.robot.view().staff.is_some() && self.roll(3) > 0 {
            23 + self.roll(3)
        } else {
            self.roll(26)
        };
        self.told.push(format!("{choice}"));
        match choice {
            0 => self.input(Input::PressedPerson),
            1 => self.input(Input::PressedStopWaiting),
            2 => self.input(Input::PressedGoodbye),
            3 => {
                let ways = [
                    Way::Wait,
                    Way::Callback,
                    Way::Ticket,
                    Way::Bell,
                    Way::Nothing,
                ];
                let way = ways[usize::try_from(self.roll(5)).unwrap()];
                self.input(Input::ChoseWay(way));
            }
            4 => {
                let texts = [
                    "0312345678",
                    "What are your opening hours?",
                    "Ich brauche Hilfe bitte",
                ];
                let text = texts[usize::try_from(self.roll(3)).unwrap()];
                self.robot.types(text);
                self.absorb();
            }
            5 => {
                let yes = self.roll(2) == 0;
                self.input(Input::ConfirmedContact { yes });
            }
            6 => {
                let rung = self.roll(2) == 0;
                self.input(Input::BellAnswered { rung });
            }
            7 if self.up => {
                self.up = false;
                self.served = None;
                self.watching = false;
                self.input(Input::ConsoleDown);
            }
            7 | 8 if !self.up => self.connect(),
            9 | 10 => self.accept(),
            11 => self.end(),
            12 => {
                if let Some(case_id) = self.open_at_console().filter(|_| self.up) {
                    self.input(Input::OperatorAway { case_id });
                }
            }
            13 => {
                let events = [
                    MediaEvent::Connected,
                    MediaEvent::Interrupted,
                    MediaEvent::Failed,
                ];
                let event = events[usize::try_from(self.roll(3)).unwrap()];
                let session = self.session;
                self.input(Input::Media { session, event });
            }
            14 => self.restart(),
            16 => self.hold(),
            17 => self.ask_colleague(),
            18 => self.take_over(),
            19 => self.talk(),
            20 => self.watch(),
            21 => self.take_visit(),
            22 => self.open_panel(),
            23 => self.enter_pin(),
            24 => self.staff_accept(),
            25 => self.staff_end(),
            _ => {
                let longest = [500, 9_000, 40_000, 130_000][usize::try_from(self.roll(4)).unwrap()];
                self.robot.wait_ms(longest);
                self.absorb();
            }
        }
        self.check();
    }

    fn restart(&mut self) {
        self.lives += 1;
        self.served = None;
        self.watching = false;
        let ms = self.robot.ms;
        self.robot = Robot::with(madoguchi_core::machine::Settings {
            seed: self.lives,
            ..settings()
        });
        self.robot.ms = ms + 3_000;
        let open = self
            .kept
            .values()
            .find(|packet| packet.state != CaseState::Closed);
        if let Some(packet) = open.cloned() {
            self.went_on += 1;
            self.input(Input::Restored(Box::new(packet)));
        }
        if self.up {
            self.connect();
        }
    }

    fn check(&self) {
        let open: Vec<&Packet> = self
            .kept
            .values()
            .filter(|packet| packet.state != CaseState::Closed)
            .collect();
        let case = self.robot.machine.open_case_id();
        let story = self.told.join(" ");
        assert!(open.len() <= 1, "two cases are open: {story}");
        assert_eq!(open.first().map(|packet| packet.case_id), case, "{story}");
        let owner = open.first().map_or(Owner::Agent, |packet| packet.owner);
        let shown = match self.robot.view().stage {
            Stage::Waiting => Owner::Waiting,
            Stage::Connecting | Stage::Live => Owner::Operator,
            Stage::Onsite => Owner::Onsite,
            Stage::Greeting | Stage::Conversation | Stage::Interpreting | Stage::Goodbye => {
                Owner::Agent
            }
        };
        assert_eq!(owner, shown, "the screen shows another owner: {story}");
        let watched = self.robot.view().watched;
        assert_eq!(watched, self.watching, "nor who reads along: {story}");
        assert!(!watched || owner == Owner::Agent, "{story}");
        self.check_hold(open.first().map(|packet| packet.case_id), &story);
        self.check_staff(case, &story);
    }

    /// Whoever is on hold sees so and is seen by nobody; both ends agree on it, and on who holds
    /// the conversation, while they can talk to each other.
    fn check_hold(&self, case: Option<CaseId>, story: &str) {
        let view = self.robot.view();
        let in_call = matches!(view.stage, Stage::Connecting | Stage::Live);
        let on_hold = view.hold.is_some();
        if in_call {
            assert_eq!(
                self.muted, on_hold,
                "what the screen shows isn't so: {story}"
            );
        }
        assert!(
            !on_hold || !(view.camera_in_use || view.microphone_in_use),
            "somebody sees a visitor on hold: {story}"
        );
        let Some(known) = case.and_then(|case| self.console.get(&case)) else {
            return;
        };
        if !self.up || !in_call || known.call.is_none() {
            return;
        }
        assert_eq!(on_hold, known.on_hold, "they don't agree on hold: {story}");
        let next = view.next_operator.as_ref().map(|card| card.id.0.as_u128());
        assert_eq!(next, known.asked, "nor on who is asked: {story}");
        let holder = view.operator.as_ref().map(|card| card.id.0.as_u128());
        assert_eq!(holder, Some(known.holder), "nor on who holds it: {story}");
    }

    /// The network is back, the operators end what they hold, and nobody does anything more.
    fn rest(&mut self) {
        if !self.up {
            self.connect();
        }
        for _ in 0..3 {
            self.end();
            self.robot.wait_ms(45 * 60_000);
            self.absorb();
        }
        let story = self.told.join(" ");
        assert_eq!(
            self.robot.view().stage,
            Stage::Greeting,
            "a dead end: {story}"
        );
        assert!(self.kept.is_empty(), "a case is kept for ever: {story}");
        for (id, known) in &self.console {
            assert_eq!(
                known.state,
                Some(CaseState::Closed),
                "{id} stays open: {story}"
            );
            assert!(known.returned <= 1, "{id} was given back twice: {story}");
        }
        let returned: u32 = self.console.values().map(|known| known.returned).sum();
        assert_eq!(returned, self.given_back, "a return is lost: {story}");
        let mut promised = self.promised.clone();
        promised.sort_unstable();
        assert_eq!(
            self.tasks, promised,
            "lost, doubled or out of order: {story}"
        );
    }
}

#[test]
fn whatever_happens_in_whatever_order_nobody_and_nothing_is_lost() {
    let (mut cases, mut calls, mut promises, mut went_on) = (0, 0, 0, 0);
    let (mut holds, mut talks, mut taken_over) = (0, 0, 0);
    let mut watched = 0;
    let (mut staffed, mut given_back) = (0, 0);
    for seed in 0..RUNS {
        let mut world = World::new(seed);
        world.input(Input::ChoseLanguage(lang("en")));
        for _ in 0..STEPS {
            world.step();
        }
        world.rest();
        cases += world.console.len();
        calls += world.calls;
        promises += world.promised.len();
        went_on += world.went_on;
        holds += world.holds;
        talks += world.talks;
        watched += world.watched;
        taken_over += world.taken_over;
        staffed += world.staffed;
        given_back += world.given_back;
    }
    let seen = format!(
        "{cases} cases, {calls} calls, {promises} promises, {went_on} went on, {holds} holds, \
         {talks} talks, {taken_over} taken over, {watched} watched, {staffed} taken by staff, \
         {given_back} given back by them"
    );
    assert!(
        cases > 300 && calls > 100 && promises > 10 && went_on > 30,
        "only {seen}"
    );
    assert!(watched > 100, "only {seen}");
    assert!(staffed > 100 && given_back > 50, "only {seen}");
    assert!(holds > 100 && talks > 100 && taken_over > 20, "only {seen}");
}
