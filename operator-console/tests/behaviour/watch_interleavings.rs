//! People who watch visits of several robots, suggest, take over, let go and reload, while visits
//! begin and end, staff in the room step in and operators accept: one watches a visit at most, both
//! ends agree on who, and a visitor who is taken over is one person's.

use std::collections::BTreeMap;

use crate::support::desk::accept;
use crate::support::{Desk, Office, Robot, case, sign_in};
use madoguchi_console::routing::Skills;
use madoguchi_shared::ids::{CaseId, OperatorId, RobotId, UnixMs, VisitId};
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::operator::{CaseEntry, ConsoleToOperator, OperatorToConsole, RobotEntry};
use madoguchi_shared::packet::{CaseState, Owner, Packet, ReasonCode};
use madoguchi_shared::watch::VisitUnderWay;

const RUNS: u64 = 10;
const STEPS: usize = 60;
/// As many steps are on their way at once.
const AT_ONCE: usize = 4;

/// A robot, as core would keep it.
struct Body {
    robot: Robot,
    visit: Option<VisitId>,
    watched_by: Option<OperatorId>,
    case: Option<Packet>,
    holder: Option<OperatorId>,
    /// A case that is over, to ask what the console has heard.
    probe: Packet,
    probes: u32,
}

struct Seat {
    cookie: String,
    desk: Desk,
    me: OperatorId,
    robots: BTreeMap<RobotId, RobotEntry>,
    cases: BTreeMap<CaseId, CaseEntry>,
}

struct World {
    office: Office,
    bodies: Vec<Body>,
    seats: Vec<Seat>,
    calls: u32,
    dice: u64,
    story: Vec<String>,
    seen: BTreeMap<&'static str, u32>,
}

impl Body {
    async fn new(office: &Office, name: &str) -> Self {
        let mut probe = case();
        (probe.state, probe.owner) = (CaseState::Closed, Owner::Agent);
        Self {
            robot: office.robot(name).await,
            visit: None,
            watched_by: None,
            case: None,
            holder: None,
            probe,
            probes: 0,
        }
    }

    async fn say(&mut self, message: RobotToConsole) {
        self.robot.line.say(&message).await;
    }

    async fn serve(&mut self, visit: Option<VisitId>) {
        (self.visit, self.watched_by) = (visit, None);
        let visit = visit.map(|visit_id| VisitUnderWay {
            visit_id,
            since: UnixMs(1),
            language: "pt".parse().unwrap(),
        });
        self.say(RobotToConsole::Visit { visit }).await;
    }

    async fn send(&mut self) {
        if let Some(packet) = self.case.clone().map(Box::new) {
            self.say(RobotToConsole::Case { packet }).await;
        }
    }

    /// The visit becomes a case, which waits or is staff's from the start.
    async fn open(&mut self, owner: Owner) {
        let Some(visit_id) = self.visit else { return };
        let mut packet = Packet { visit_id, ..case() };
        packet.reason.code = ReasonCode::SteppedIn;
        packet.owner = owner;
        if owner == Owner::Onsite {
            packet.state = CaseState::Accepted;
        }
        self.case = Some(packet);
        self.holder = None;
        self.send().await;
        self.serve(None).await;
    }

    async fn close(&mut self) {
        let Some(mut packet) = self.case.take() else {
            return;
        };
        packet.revision += 1;
        (packet.state, packet.owner) = (CaseState::Closed, Owner::Agent);
        self.holder = None;
        let packet = Box::new(packet);
        self.say(RobotToConsole::Case { packet }).await;
        self.serve(Some(case().visit_id)).await;
    }

    /// Staff take the visitor, whoever has them, or leave them to whoever comes next.
    async fn staff(&mut self) {
        let Some(packet) = &mut self.case else {
            return self.open(Owner::Onsite).await;
        };
        packet.revision += 1;
        (packet.state, packet.owner) = match packet.owner {
            Owner::Onsite => (CaseState::Offered, Owner::Waiting),
            _ => (CaseState::Accepted, Owner::Onsite),
        };
        self.holder = None;
        self.send().await;
    }

    /// Takes what the console has said until it has answered everything; whether anything followed.
    async fn hear(&mut self, suggested: &mut u32) -> bool {
        let packet = Box::new(self.probe.clone());
        self.say(RobotToConsole::Case { packet }).await;
        self.probes += 1;
        let mut acted = false;
        while self.probes > 0 {
            match self.robot.hear().await {
                ConsoleToRobot::CaseSaved { case_id, .. } if case_id == self.probe.case_id => {
                    self.probes -= 1;
                }
                ConsoleToRobot::Watched { visit_id, by } if self.visit == Some(visit_id) => {
                    self.watched_by = by.map(|card| card.id);
                }
                ConsoleToRobot::Suggest { visit_id, .. } if self.visit == Some(visit_id) => {
                    assert!(self.watched_by.is_some(), "a stranger suggests");
                    *suggested += 1;
                }
                ConsoleToRobot::TakeVisit { visit_id }
                    if self.visit == Some(visit_id) && self.watched_by.is_some() =>
                {
                    self.open(Owner::Waiting).await;
                    acted = true;
                }
                ConsoleToRobot::Accepted {
                    case_id, operator, ..
                } => {
                    let own = self.case.as_ref().filter(|own| own.case_id == case_id);
                    if own.is_some_and(|own| own.owner != Owner::Onsite) {
                        self.holder = Some(operator.id);
                    }
                }
                _ => {}
            }
        }
        acted
    }
}

impl World {
    async fn open() -> Self {
        let office = Office::open().await;
        let mut bodies = Vec::new();
        for name in ["Entrance 1", "Entrance 2"] {
            bodies.push(Body::new(&office, name).await);
        }
        let mut seats = Vec::new();
        for account in ["aiko", "bruno", "carmen"] {
            let skills = Skills {
                supervisor: true,
                ..Skills::default()
            };
            office.hire_with(account, skills).await;
            let cookie = sign_in(office.plain(), account).await;
            let desk = Desk::connect(office.plain(), &cookie).await;
            let ConsoleToOperator::Snapshot { operator, .. } = &desk.snapshot else {
                panic!("no snapshot first");
            };
            seats.push(Seat {
                cookie,
                me: operator.id,
                desk,
                robots: BTreeMap::new(),
                cases: BTreeMap::new(),
            });
        }
        Self {
            office,
            bodies,
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

    async fn step(&mut self) {
        let mut at = self.roll(self.seats.len());
        let of = self.roll(self.bodies.len());
        let mut choice = self.roll(13);
        // Whoever watches is likely to do something.
        if let Some(by) = self.bodies[of].watched_by
            && self.roll(2) == 0
        {
            at = self.seats.iter().position(|seat| seat.me == by).unwrap();
            choice = 4 + self.roll(4);
        }
        self.story.push(format!("{at}:{of}:{choice}"));
        let robot_id = self.bodies[of].robot.id;
        self.calls += 1;
        let call = self.calls;
        let message = match choice {
            0..=2 => OperatorToConsole::Watch { robot_id, on: true },
            3 => OperatorToConsole::Watch {
                robot_id,
                on: false,
            },
            4 | 5 => OperatorToConsole::Suggest {
                robot_id,
                text: "Ask for the form".to_owned(),
                language: "en".parse().unwrap(),
            },
            6 | 7 => OperatorToConsole::TakeVisit {
                robot_id,
                call,
                nonce: "n".to_owned(),
            },
            8 => match &self.bodies[of].case {
                Some(packet) => accept(packet.case_id, call),
                None => return,
            },
            9 => return self.bodies[of].close().await,
            10 => {
                let begins = self.bodies[of].case.is_none();
                let visit = Some(case().visit_id).filter(|_| begins && !call.is_multiple_of(4));
                return self.bodies[of].serve(visit).await;
            }
            11 => return self.bodies[of].staff().await,
            _ => {
                let seat = &mut self.seats[at];
                seat.desk = Desk::connect(self.office.plain(), &seat.cookie).await;
                return;
            }
        };
        self.seats[at].desk.say(message).await;
    }

    /// Waits until everything that was said is done, and takes what everybody was told.
    async fn hear(&mut self) {
        loop {
            for seat in &mut self.seats {
                seat.hear().await;
            }
            let mut suggested = 0;
            let mut acted = false;
            for body in &mut self.bodies {
                acted |= body.hear(&mut suggested).await;
            }
            *self.seen.entry("suggested").or_default() += suggested;
            if !acted {
                break;
            }
            *self.seen.entry("taken").or_default() += 1;
        }
        for seat in &mut self.seats {
            seat.hear().await;
        }
    }

    fn check(&mut self) {
        let story = self.story.join(" ");
        for body in &self.bodies {
            let id = body.robot.id;
            for seat in &self.seats {
                let entry = &seat.robots[&id];
                let seen = entry.visit.as_ref().map(|visit| visit.visit_id);
                assert_eq!(seen, body.visit, "another visit is shown: {story}");
                let by = entry.watched_by.as_ref().map(|card| card.id);
                assert_eq!(by, body.watched_by, "nor on who watches: {story}");
            }
            if body.watched_by.is_some() {
                *self.seen.entry("watched").or_default() += 1;
            }
            let Some(packet) = &body.case else { continue };
            assert_eq!(body.visit, None, "{story}");
            for seat in &self.seats {
                let entry = &seat.cases[&packet.case_id];
                let holder = entry.operator.as_ref().map(|card| card.id);
                assert_eq!(holder, body.holder, "nor on who holds it: {story}");
                let owner = match holder {
                    Some(_) => Owner::Operator,
                    None => packet.owner,
                };
                assert_eq!(entry.owner, owner, "{story}");
            }
            let key = match (packet.owner, body.holder) {
                (Owner::Onsite, _) => "onsite",
                (_, Some(_)) => "held",
                _ => "waits",
            };
            *self.seen.entry(key).or_default() += 1;
        }
        let holders: Vec<OperatorId> = self.bodies.iter().filter_map(|body| body.holder).collect();
        let twice = holders.len() == 2 && holders[0] == holders[1];
        assert!(!twice, "somebody holds two: {story}");
    }
}

impl Seat {
    async fn hear(&mut self) {
        if let ConsoleToOperator::Snapshot { robots, cases, .. } = &self.desk.snapshot {
            self.robots = robots.iter().map(|one| (one.id, one.clone())).collect();
            self.cases = cases.iter().map(|one| (one.case_id, one.clone())).collect();
            let colleagues = Vec::new();
            self.desk.snapshot = ConsoleToOperator::Colleagues { colleagues };
        }
        let nowhere = case().case_id;
        self.desk.open(nowhere).await;
        loop {
            match self.desk.hear().await {
                ConsoleToOperator::Error { case_id, .. } if case_id == Some(nowhere) => return,
                ConsoleToOperator::Robot { robot } => drop(self.robots.insert(robot.id, robot)),
                ConsoleToOperator::Case { case } => drop(self.cases.insert(case.case_id, case)),
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn whatever_watchers_staff_and_visitors_do_at_once_one_watches_and_one_has_a_visitor() {
    let mut world = World::open().await;
    for seed in 0..RUNS {
        world.dice = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        world.story.clear();
        for step in 0..STEPS {
            world.step().await;
            if step % AT_ONCE == 0 {
                world.hear().await;
                world.check();
            }
        }
        world.hear().await;
        world.check();
    }
    for key in ["watched", "suggested", "taken", "held", "onsite", "waits"] {
        let often = world.seen.get(key).copied().unwrap_or_default();
        assert!(often > 3, "{key}: {:?}", world.seen);
    }
}
