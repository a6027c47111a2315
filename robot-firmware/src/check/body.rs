//! Each device of the body, tried once.

use std::thread::sleep;
use std::time::{Duration, Instant};

use madoguchi_hardware::emergency_stop::StopState;
use madoguchi_hardware::range::{Distance, REACH};
use madoguchi_hardware::units::Metres;
use madoguchi_hardware::{Battery, Range, Reopening, Thermometer, Tilt, Touch};

use super::{CheckBook, Condition, Finding, Part};
use crate::body::{self, Watched};
use crate::config::{Config, ControllerKind};

/// A range sensor measures every 40 ms.
const MEASURES_WITHIN: Duration = Duration::from_secs(1);
/// From 5° on the gate takes speed, by 10° all of it.
const STANDS_WITHIN_DEGREES: f64 = 5.0;
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// What each configured device does when it is asked. Nothing moves, rings or lights up.
pub fn devices(config: &Config) -> Vec<Finding> {
    let book = CheckBook::default();
    let (board, body) = (config.body.board(&config.state), &config.body);
    wheels(config, &book);
    if let Some(pins) = body.emergency_stop {
        let mut stop = body::StopButton::new(&board, pins, &book);
        match stop.read() {
            Some(StopState::Released) => stop.stop.note(Condition::Works, "is not pressed"),
            Some(StopState::Pressed) => stop.stop.note(
                Condition::Trouble,
                "is pressed, or neither of its contacts is wired; pull it out",
            ),
            Some(StopState::Disagreeing) => stop.stop.note(
                Condition::Trouble,
                "has one contact open and one closed: a wire is broken, or a contact is welded",
            ),
            None => {}
        }
    }
    for (_, mut bumper) in body::bumpers(&board, body.bumpers, &book) {
        contact(&mut bumper, "touches something, or its wire is broken");
    }
    for (_, mut cliff) in body::cliffs(&board, body.cliffs, &book) {
        contact(&mut cliff, "sees no floor, or its wire is broken");
    }
    ranges(config, &book);
    if let Some(mut tilt) = body.tilt.map(|at| body::tilt(&board, at, &book))
        && let Some(lean) = measured(|| tilt.ask(Tilt::read))
    {
        leaning(&tilt, lean.0.to_degrees());
    }
    if let Some(mut battery) = body
        .battery
        .as_ref()
        .map(|at| body::battery(&board, at, &book))
        && let Some(reading) = battery.ask(Battery::read)
    {
        let charger = if reading.plugged_in {
            ", on the charger"
        } else {
            ""
        };
        let words = format!("{:.1}, about {}{charger}", reading.voltage, reading.charge);
        battery.note(Condition::Works, &words);
    }
    if let Some(mut zone) = body
        .temperature
        .as_ref()
        .map(|at| body::thermometer(at, &book))
        && let Some(celsius) = zone.ask(Thermometer::read)
    {
        zone.note(Condition::Works, &format!("{celsius:.0}"));
    }
    let untried = "its pin can be had; whether anything is wired to it can't be seen from here";
    if let Some(mut heartbeat) = body
        .heartbeat
        .map(|bcm| body::heartbeat(&board, bcm, &book))
    {
        opened(&mut heartbeat, untried);
    }
    if let Some(head) = body.head.map(|at| body::head(&board, at, &book)) {
        head.note_unless_trouble(Condition::Untried, "should look straight ahead");
    }
    if let Some(mut lamp) = body.lamp.map(|at| body::lamp(&board, at, &book)) {
        opened(&mut lamp, untried);
    }
    if let Some(mut bell) = config.bell.contact.map(|at| body::bell(&board, at, &book)) {
        opened(&mut bell, untried);
    }
    book.read().findings
}

fn wheels(config: &Config, book: &CheckBook) {
    let drive = &config.drive;
    match drive.controller {
        ControllerKind::None => {}
        ControllerKind::Simulated => {
            book.note(Finding::new(Part::Wheels, Condition::Works, "simulated"));
        }
        ControllerKind::Roboclaw | ControllerKind::Odrive => {
            let opened = drive.clone();
            let wiring = format!("It is at {}", drive.port.display());
            let mut wheels = Watched::new(Part::Wheels, wiring, book, move || opened.open());
            if let Some(reading) = wheels.ask(madoguchi_hardware::Drive::read) {
                let words = format!("the controller answers, {:.0}", reading.temperature);
                wheels.note(Condition::Works, &words);
            }
        }
    }
}

fn contact(watched: &mut Watched<impl Touch>, touched: &str) {
    match watched.ask(Touch::read) {
        Some(true) => watched.note(Condition::Trouble, touched),
        Some(false) => watched.note(Condition::Works, "its contact is closed"),
        None => {}
    }
}

fn opened<D>(watched: &mut Watched<D>, words: &str) {
    if watched.ask(Reopening::open).is_some() {
        watched.note(Condition::Untried, words);
    }
}

/// Where several look the same way, one in trouble stands for them.
fn ranges(config: &Config, book: &CheckBook) {
    let board = config.body.board(&config.state);
    let own = CheckBook::default();
    // All at once: those that aren't opened yet are kept switched off.
    for mut range in body::ranges(&board, &config.body.ranges, &own) {
        match measured(|| range.sensor.ask(Range::read)) {
            Some(Distance::Clear) => {
                let words = format!("nothing within {REACH}");
                range.sensor.note(Condition::Works, &words);
            }
            Some(Distance::Obstacle(Metres(metres))) => {
                let words = format!("something {metres:.2} m away");
                range.sensor.note(Condition::Works, &words);
            }
            // What it doesn't vouch for is no fault of it.
            None if own.read().is_well() => range.sensor.note(
                Condition::Trouble,
                "answers, and measures nothing that it vouches for; clean its window",
            ),
            None => {}
        }
        for finding in own.take() {
            let known = book.read().findings;
            let known = known.iter().find(|known| known.part == finding.part);
            if known.is_none_or(|known| known.condition == Condition::Works) {
                book.note(finding);
            }
        }
    }
}

/// The next measurement, unless none comes for a second.
fn measured<T>(mut ask: impl FnMut() -> Option<Option<T>>) -> Option<T> {
    let until = Instant::now() + MEASURES_WITHIN;
    loop {
        match ask() {
            Some(Some(measured)) => return Some(measured),
            _ if Instant::now() < until => sleep(BETWEEN_LOOKS),
            _ => return None,
        }
    }
}

fn leaning<D>(tilt: &Watched<D>, degrees: f64) {
    if degrees > STANDS_WITHIN_DEGREES {
        let words = format!(
            "leans by {degrees:.0}°, on which nothing drives; stand it on level floor, and let \
             body.tilt.up name the axis on its board that points up"
        );
        tilt.note(Condition::Trouble, &words);
    } else {
        tilt.note(Condition::Works, &format!("leans by {degrees:.0}°"));
    }
}
