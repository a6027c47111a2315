//! Operators who accept, hold, pass on, talk, step back, reload and end in any order, several at
//! once, and staff in the room who take the visitor and leave: one of them holds a case at most, both ends agree on who, and nobody is left in it.

use std::collections::BTreeMap;

use crate::support::desk::accept;
use crate::support::{Desk, Office, Robot, back, case, sign_in};
use madoguchi_shared::ids::{CaseId, OperatorId};
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::operator::{CaseEntry, ConsoleToOperator, OperatorToConsole};
use madoguchi_shared::packet::{CaseState, Owner, Packet};
use madoguchi_shared::transfer::{PassOn, TransferTo};

const RUNS: u64 = 16;
const STEPS: usize = 60;
/// As many steps are on their way at once.
const AT_ONCE: usize = 4;

/// What the robot was told of its case last.
#[derive(Debug, Default)]
struct Told {
    holder: Option<OperatorId>,
    on_hold: bool,
    /// Present while a colleague is asked; whether they talk.
    asked: Option<bool>,
    ended: bool,
}

struct Seat {
    cookie: String,
    desk: Desk,
    me: OperatorId,
    /// The case as this desk sees it.
    entry: Option<CaseEntry>,
}

struct World {
    office: Office,
    robot: Robot,
    packet: Packet,
    /// Packets that the console hasn't stored yet.
    unsaved: u32,
    told: Told,
    seats: Vec<Seat>,
    calls: u32,
    dice: u64,
    story: Vec<String>,
    seen: BTreeMap<&'static str, u32>,
}

fn me(desk: &Desk) -> OperatorId {
    match &desk.snapshot {
        ConsoleToOperator::Snapshot { operator, .. } => operator.id,
        other => panic!("no snapshot first: {other:?}"),
    }
}

impl World {
    async fn open() -> Self {
        let office = Office::open().await;
        let robot = office.robot("Entrance 1").await;
        let mut seats = Vec::new();
        for account in ["aiko", "bruno", "carmen"] {
            office.hire(account).await;
            let cookie = sign_in(office.plain(), account).await;
            let desk = Desk::connect(office.plain(), &cookie).await;
            seats.push(Seat {
                cookie,
                me: me(&desk),
                desk,
                entry: None,
            });
        }
        Self {
            office,
            robot,
            packet: case(),
            unsaved: 0,
            told: Told::default(),
            seats,
            calls: 0,
            dice: 1,
            story: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    fn roll(&mut self, below: usize) -> usize {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        usize::try_from(self.dice % below as u64).unwrap()
    }

    fn case_id(&self) -> CaseId {
        self.packet.case_id
    }

    async fn begin(&mut self, seed: u64) {
        self.dice = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        self.packet = case();
        self.told = Told::default();
        self.story.clear();
        self.hear().await;
    }

    /// Somebody does something, whether or not they may.
    async fn step(&mut self) {
        let at = self.roll(self.seats.len());
        let case_id = self.case_id();
        // Who is asked to talk first is likely to come.
        let asked = self.seats[at].entry.as_ref().is_some_and(is_asked_to_talk);
        let choice = match self.roll(2) {
            0 if asked => 4,
            // Staff who have the visitor don't stay long.
            _ if self.packet.owner == Owner::Onsite => 3 + self.roll(9),
            _ => self.roll(12),
        };
        self.story.push(format!("{at}:{choice}"));
        if choice == 11 {
            let take = self.packet.owner != Owner::Onsite;
            return match take && self.roll(3) > 0 {
                true => {}
                false => self.staff(take).await,
            };
        }
        let group = TransferTo::Group {
            language: None,
            topic: None,
            authority: None,
            supervisors: false,
        };
        let other = self.roll(self.seats.len());
        let to = match self.roll(2) {
            0 => group,
            _ => TransferTo::Colleague {
                operator: self.seats[other].me,
            },
        };
        let warm = self.roll(3) > 0;
        self.calls += 1;
        let call = self.calls;
        let note = String::new();
        let minutes = (self.roll(2) == 0).then_some(1);
        let message = match choice {
            0 | 1 => accept(case_id, call),
            2 | 3 => OperatorToConsole::Transfer(PassOn {
                case_id,
                to,
                note,
                warm,
            }),
            4 | 5 => OperatorToConsole::Join { case_id },
            6 => OperatorToConsole::Tell {
                case_id,
                text: "He has paid already.".to_owned(),
            },
            7 => OperatorToConsole::Decline { case_id },
            8 => OperatorToConsole::KeepCase { case_id },
            9 => OperatorToConsole::Hold { case_id, minutes },
            _ => {
                let seat = &mut self.seats[at];
                seat.desk = Desk::connect(self.office.plain(), &seat.cookie).await;
                return;
            }
        };
        self.seats[at].desk.say(message).await;
    }

    /// Staff take the visitor at the robot, whoever has them, or leave with the case open.
    async fn staff(&mut self, take: bool) {
        let onsite = self.packet.owner == Owner::Onsite;
        if take == onsite {
            return;
        }
        self.packet.revision += 1;
        (self.packet.state, self.packet.owner) = match take {
            true => (CaseState::Accepted, Owner::Onsite),
            false => (CaseState::Offered, Owner::Waiting),
        };
        self.send().await;
    }

    async fn send(&mut self) {
        let packet = Box::new(self.packet.clone());
        self.robot.line.say(&RobotToConsole::Case { packet }).await;
        self.unsaved += 1;
    }

    /// Waits until everything that was said is done, and takes what everybody was told.
    async fn hear(&mut self) {
        let nowhere = case().case_id;
        for seat in &mut self.seats {
            let case_id = nowhere;
            seat.desk.say(OperatorToConsole::Open { case_id }).await;
        }
        let own = self.packet.case_id;
        for seat in &mut self.seats {
            take(seat, own, nowhere).await;
        }
        self.send().await;
        while self.unsaved > 0 {
            match self.robot.hear().await {
                ConsoleToRobot::CaseSaved { case_id, .. } if case_id == own => self.unsaved -= 1,
                ConsoleToRobot::Accepted {
                    case_id, operator, ..
                } if case_id == own => {
                    self.told.holder = Some(operator.id);
                }
                ConsoleToRobot::InCall {
                    case_id,
                    hold,
                    transfer,
                } if case_id == own => {
                    self.told.on_hold = hold.is_some();
                    self.told.asked = transfer.map(|asked| asked.talking);
                }
                ConsoleToRobot::Offered { case_id, .. } if case_id == own => {
                    self.told = Told::default();
                }
                ConsoleToRobot::End { case_id, .. } if case_id == own => self.told.ended = true,
                _ => {}
            }
        }
        if self.packet.owner == Owner::Onsite {
            // The robot takes no acceptance that crossed its word.
            self.told = Told::default();
        }
        // What one desk brought about reaches the others after their own answer.
        for seat in &mut self.seats {
            let case_id = nowhere;
            seat.desk.say(OperatorToConsole::Open { case_id }).await;
            take(seat, own, nowhere).await;
        }
    }

    fn check(&mut self) {
        let story = self.story.join(" ");
        let entries: Vec<&CaseEntry> = self.seats.iter().filter_map(|s| s.entry.as_ref()).collect();
        assert_eq!(entries.len(), self.seats.len(), "a desk lost it: {story}");
        let holder = entries[0].operator.as_ref().map(|card| card.id);
        for entry in &entries {
            let seen = entry.operator.as_ref().map(|card| card.id);
            assert_eq!(seen, holder, "desks don't agree: {story}");
            let owner = match holder {
                Some(_) => Owner::Operator,
                None => self.packet.owner,
            };
            assert!(
                owner != Owner::Onsite || entry.offer.is_none(),
                "it is offered though staff have it: {story}"
            );
            assert_eq!(entry.owner, owner, "{story}");
        }
        assert_eq!(self.told.holder, holder, "nor does the robot: {story}");
        if self.packet.owner == Owner::Onsite {
            *self.seen.entry("onsite").or_default() += 1;
        }
        let Some(holder) = holder else { return };
        *self.seen.entry("held").or_default() += 1;
        assert_eq!(self.told.on_hold, entries[0].hold.is_some(), "{story}");
        let own = self.seats.iter().find(|seat| seat.me == holder).unwrap();
        let transfer = own.entry.as_ref().unwrap().transfer.as_ref();
        let pending = transfer.filter(|one| one.ended.is_none() && one.from.id == holder);
        let talk = pending.map(|one| one.talk.is_some());
        assert_eq!(self.told.asked, talk, "nor on who is asked: {story}");
        let with = pending
            .and_then(|one| one.talk.as_ref())
            .map(|talk| talk.with.id);
        assert_ne!(with, Some(holder), "somebody talks to themselves: {story}");
        for seat in &self.seats {
            let entry = seat.entry.as_ref().unwrap();
            let part = seat.me == holder || entry.offer.is_some();
            let reads = entry.transfer.is_some();
            assert!(part || !reads, "somebody reads along: {story}");
            if let Some(with) = with {
                let offered = entry.offer.is_some();
                assert_eq!(offered, seat.me == with, "another one is asked: {story}");
            }
        }
        let key = match (with, pending) {
            (Some(_), _) => "talks",
            (None, Some(_)) => "asked",
            (None, None) => "alone",
        };
        *self.seen.entry(key).or_default() += 1;
        if transfer.is_some_and(|one| one.from.id != holder) {
            *self.seen.entry("taken over").or_default() += 1;
        }
    }

    /// Whoever holds it ends it; where nobody does, somebody takes it first.
    async fn end(&mut self) {
        let case_id = self.case_id();
        self.staff(false).await;
        for at in 0..self.seats.len() {
            self.calls += 1;
            let call = accept(case_id, self.calls);
            let seat = &mut self.seats[at];
            seat.desk.say(call).await;
            let back = back();
            seat.desk
                .say(OperatorToConsole::End { case_id, back })
                .await;
            self.hear().await;
        }
        assert!(self.told.ended, "a dead end: {}", self.story.join(" "));
        let (state, owner) = (CaseState::Closed, Owner::Agent);
        self.robot.progress(case_id, state, owner).await;
        for seat in &mut self.seats {
            while seat.entry.is_some() {
                let message = seat.desk.hear().await;
                note(seat, case_id, message);
            }
        }
    }
}

fn is_asked_to_talk(entry: &CaseEntry) -> bool {
    let transfer = entry.transfer.as_ref().filter(|_| entry.offer.is_some());
    transfer.is_some_and(|one| one.warm && one.talk.is_none() && one.ended.is_none())
}

/// Takes what a desk is told until the answer to the question about a case that isn't there.
async fn take(seat: &mut Seat, own: CaseId, nowhere: CaseId) {
    if let ConsoleToOperator::Snapshot { .. } = &seat.desk.snapshot {
        let snapshot = seat.desk.snapshot.clone();
        note(seat, own, snapshot);
        let robots = Vec::new();
        seat.desk.snapshot = ConsoleToOperator::Colleagues { colleagues: robots };
    }
    loop {
        let message = seat.desk.hear().await;
        if let ConsoleToOperator::Error { case_id, .. } = &message
            && *case_id == Some(nowhere)
        {
            return;
        }
        note(seat, own, message);
    }
}

fn note(seat: &mut Seat, own: CaseId, message: ConsoleToOperator) {
    let case = match message {
        ConsoleToOperator::Case { case } if case.case_id == own => case,
        ConsoleToOperator::Snapshot { cases, .. } => {
            seat.entry = cases.into_iter().find(|case| case.case_id == own);
            return;
        }
        _ => return,
    };
    seat.entry = (case.state != CaseState::Closed).then_some(case);
}

#[tokio::test]
async fn whatever_operators_do_at_once_one_of_them_holds_a_case_at_most() {
    let mut world = World::open().await;
    for seed in 0..RUNS {
        world.begin(seed).await;
        for step in 0..STEPS {
            world.step().await;
            if step % AT_ONCE == 0 {
                world.hear().await;
                world.check();
            }
        }
        world.hear().await;
        world.check();
        world.end().await;
    }
    for key in ["held", "asked", "talks", "taken over", "onsite"] {
        let often = world.seen.get(key).copied().unwrap_or_default();
        assert!(often > 3, "{key}: {:?}", world.seen);
    }
}
