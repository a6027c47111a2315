//! The real program with its real drivers on a board that is a folder: what a hand does to
//! contacts and sensors, and what the wheels are told then.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use madoguchi_shared::motion::{Held, Side};

use crate::asked::answer;
use crate::rig::Rig;
use crate::rounds;
use crate::support::Robot;

const CONFIGURATION: &str = r#"
[body]
board = "simulated"
tilt = { up = "-y" }
emergency_stop = { contacts = [5, 6], reset = 13 }
bumpers = { front = 16, rear = 20 }
cliffs = { front = 21, rear = 26 }
heartbeat = 12
battery = { monitor = "ina260", empty_v = 20.0, full_v = 25.0 }
temperature = "zone"

[[body.range]]
side = "front"
address = 48
xshut = 23

[[body.range]]
side = "rear"
address = 49
xshut = 24
"#;

/// A base in a quiet hall, which drives.
struct Base {
    rig: Rig,
}

impl Base {
    fn drives() -> Self {
        let robot = Robot::without_models();
        for folder in ["state", "state/board", "zone"] {
            fs::create_dir_all(robot.path(folder)).unwrap();
        }
        robot.write("zone/temp", "41000");
        for pin in [5, 6, 16, 20, 21, 26] {
            robot.write(&format!("state/board/gpio-{pin}"), "closed");
        }
        for pin in [23, 24] {
            robot.write(&format!("state/board/range-{pin}"), "1200 9");
        }
        robot.write("state/board/battery", "24.0");
        robot.write("state/board/tilt", "0 -1000 0");
        let mut rig = Rig::start_on(robot, "body", CONFIGURATION);
        rig.drive();
        Self { rig }
    }

    /// What the program reads next from this file is the whole of it.
    fn set(&self, file: &str, text: &str) {
        let whole = self.rig.robot.write("next", text);
        fs::rename(whole, self.rig.robot.path(file)).unwrap();
    }

    fn pin(&self, pin: u8, contact: &str) {
        self.set(&format!("state/board/gpio-{pin}"), contact);
    }

    /// Whoever drives holds on, and it stands all the same, for this reason.
    fn stands(&mut self, held: Held) {
        let until = Instant::now() + Duration::from_secs(20);
        while self.rig.state.held != Some(held) || self.rig.line.controller().drives() {
            assert!(
                Instant::now() < until,
                "not for {held:?}: {:?}",
                self.rig.state
            );
            self.rig.next_state();
            self.rig.wish(0.3);
        }
        assert_eq!(self.rig.state.commanded.linear_m_s, 0.0);
    }

    /// Presses the reset button and lets it go, again where the robot still rolled.
    fn reset(&mut self) {
        let until = Instant::now() + Duration::from_secs(20);
        while self.rig.state.emergency {
            assert!(Instant::now() < until, "{:?}", self.rig.state);
            for contact in ["closed", "open"] {
                self.pin(13, contact);
                let seen = self.rig.state.clock_ms + 60;
                while self.rig.state.clock_ms < seen {
                    self.rig.next_state();
                }
            }
        }
    }
}

#[test]
fn a_pressed_emergency_stop_latches_until_its_own_button_is_pressed() {
    let mut base = Base::drives();
    for broken in [5, 6] {
        base.pin(broken, "open");
        base.stands(Held::EmergencyStop);
        base.pin(broken, "closed");
        let closed_at = base.rig.state.clock_ms;
        while base.rig.state.clock_ms < closed_at + 300 {
            base.stands(Held::EmergencyStop);
            base.rig.next_state();
        }
        assert!(base.rig.state.emergency, "released is not reset");
        base.reset();
        assert!(
            !base.rig.line.controller().drives(),
            "a reset moves nothing"
        );
        base.rig.drive();
    }
}

#[test]
fn a_contact_that_opens_between_two_rounds_latches() {
    let mut base = Base::drives();
    let board = base.rig.robot.path("state/board");
    let [looks, opened] = [(); 2].map(|()| Arc::new(AtomicU32::new(1)));
    let (told, seen) = channel();
    let (counted, since) = (Arc::clone(&looks), Arc::clone(&opened));
    // A round looks at the reset button too. So the first look after one is between two rounds.
    answer(board.join("gpio-13"), move || {
        let between = counted.swap(0, Relaxed);
        if since.compare_exchange(2, 3, Relaxed, Relaxed).is_ok() {
            told.send(between).unwrap();
        }
        "open"
    });
    answer(board.join("gpio-5"), move || {
        let first = looks.fetch_add(1, Relaxed) == 0;
        let opens = first && opened.compare_exchange(1, 2, Relaxed, Relaxed).is_ok();
        if opens { "open" } else { "closed" }
    });
    let until = Instant::now() + Duration::from_secs(20);
    let looks_until_the_round = loop {
        if let Ok(looks) = seen.try_recv() {
            break looks;
        }
        assert!(Instant::now() < until, "{:?}", base.rig.state);
        base.rig.next_state();
    };
    assert!(
        looks_until_the_round >= 2,
        "it opened in the round, not before it"
    );
    let closed_at = base.rig.state.clock_ms;
    while base.rig.state.clock_ms < closed_at + 300 {
        base.stands(Held::EmergencyStop);
        base.rig.next_state();
    }
    assert!(base.rig.state.emergency, "closed is not reset");
}

#[test]
fn what_touches_and_sees_stops_it() {
    let mut base = Base::drives();
    let front = Side::Front;
    for (pin, held) in [(16, Held::Bumper(front)), (21, Held::Cliff(front))] {
        base.pin(pin, "open");
        base.stands(held);
        base.pin(pin, "closed");
        base.rig.drive();
    }
    base.set("state/board/range-23", "80 9");
    base.stands(Held::Obstacle(front));
    base.set("state/board/range-23", "1200 9");
    base.rig.drive();
    base.set("state/board/battery", "20.2");
    base.stands(Held::Battery);
    base.set("state/board/battery", "24.0");
    base.rig.drive();
    base.set("state/board/tilt", "-210 -980 0");
    base.stands(Held::Tilt);
    base.set("state/board/tilt", "0 -1000 0");
    base.rig.drive();
    base.set("zone/temp", "80000");
    base.stands(Held::Temperature);
}

#[test]
fn what_is_unplugged_or_broken_stops_it_until_it_is_there_again() {
    let mut base = Base::drives();
    for (file, sound, broken, held) in [
        (
            "state/board/range-23",
            "1200 9",
            "",
            Held::RangeSilent(Side::Front),
        ),
        (
            "state/board/range-24",
            "1200 9",
            "1200 6",
            Held::RangeSilent(Side::Rear),
        ),
        (
            "state/board/range-24",
            "1200 9",
            "60000 9",
            Held::RangeSilent(Side::Rear),
        ),
        ("state/board/battery", "24.0", "", Held::BatterySilent),
        ("state/board/battery", "24.0", "3.3", Held::BatterySilent),
        ("zone/temp", "41000", "hot", Held::TemperatureSilent),
        ("state/board/tilt", "0 -1000 0", "", Held::TiltSilent),
        ("state/board/tilt", "0 -1000 0", "0 0 0", Held::TiltSilent),
    ] {
        base.set(file, broken);
        base.stands(held);
        base.set(file, sound);
        base.rig.drive();
    }
}

#[test]
fn the_relay_hears_no_more_of_a_process_that_hangs() {
    let mut base = Base::drives();
    let relay = base.rig.robot.path("state/board/gpio-12");
    let edges = move || {
        let text = fs::read_to_string(&relay).unwrap();
        // Empty while it is being written.
        text.split(' ')
            .nth(1)
            .and_then(|edges| edges.parse::<u64>().ok())
    };
    let first = edges();
    base.rig.wait(|_| edges() > first && edges().is_some());
    base.rig.signal("-STOP");
    base.rig.wait(|rig| !rig.line.controller().drives());
    let last = edges();
    let _ = base.rig.last_words();
    assert_eq!(edges(), last);
    base.rig.signal("-CONT");
    base.rig.wait(|_| edges() > last);
    base.rig.drive();
}

/// `ROUNDS=100 cargo test --workspace --test motion_process contact -- --nocapture`
#[test]
fn how_long_it_takes_from_the_contact_to_the_port() {
    let mut base = Base::drives();
    let mut took = Vec::new();
    for _ in 0..2 * rounds() {
        let opened = Instant::now();
        base.pin(5, "open");
        let pressed = |rig: &mut Rig| rig.state.emergency && !rig.line.controller().drives();
        base.rig.wait(pressed);
        // On a busy machine it may have come late, and stood already.
        let told = base.rig.line.controller().told_to_stand.unwrap();
        took.extend(told.checked_duration_since(opened));
        base.pin(5, "closed");
        base.reset();
        base.rig.drive();
        if took.len() >= rounds() as usize {
            break;
        }
    }
    assert!(!took.is_empty(), "it never drove when it was stopped");
    took.sort_unstable();
    let at = |part: f64| took[((took.len() - 1) as f64 * part).ceil() as usize].as_secs_f64() * 1e3;
    println!(
        "emergency stop's contact to zero at the serial port, {} times: median {:.1} ms, \
         p99 {:.1} ms, longest {:.1} ms",
        took.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
