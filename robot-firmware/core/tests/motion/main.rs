//! Each limit on motion by itself, on a virtual clock.
#![allow(clippy::unwrap_used)]

mod bench;
mod commands;
mod events;
mod properties;
mod stops;

use std::time::Duration;

use bench::{Bench, about, ahead};
use madoguchi_core::motion::{Held, Limits, Side, Twist};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

#[test]
fn the_gate_owns_no_memory_but_its_own() {
    // What can be copied bit by bit has nothing on the heap.
    fn is_flat<T: Copy>(_: &T) {}
    let mut gate = madoguchi_core::motion::Gate::new(Limits::default()).unwrap();
    is_flat(&gate);
    is_flat(&gate.step(ms(20)));
}

#[test]
fn nothing_moves_before_anything_is_known() {
    let mut gate = madoguchi_core::motion::Gate::new(Limits::default()).unwrap();
    let step = gate.step(ms(20));
    assert_eq!(step.velocity, Twist::ZERO);
    assert!(step.envelope.stands());
    assert!(!step.emergency);
}

#[test]
fn with_everything_in_order_the_wish_is_reached_within_acceleration_and_jerk() {
    let mut bench = Bench::new();
    bench.let_go();
    bench.hold(ahead(0.8));
    let (mut before, mut steps) = (0.0, 0);
    loop {
        let step = bench.tick();
        let speed = step.velocity.linear_m_s;
        assert!(
            speed - before <= 0.5 * 0.02 + 1e-9,
            "{speed} after {before}"
        );
        (before, steps) = (speed, steps + 1);
        assert_eq!(step.held, None);
        if speed == 0.8 {
            break;
        }
    }
    // 0.5 s to full acceleration, 1.1 s at it, 0.5 s to none.
    assert!((98..=108).contains(&steps), "{steps}");
}

#[test]
fn letting_go_stops_at_once() {
    let mut bench = Bench::at_full_speed();
    bench.hold(Twist::ZERO);
    assert_eq!(bench.tick().velocity, Twist::ZERO);
}

#[test]
fn a_wish_for_less_slows_down_softly() {
    let mut bench = Bench::at_full_speed();
    bench.hold(ahead(0.2));
    let step = bench.tick();
    assert!(step.velocity.linear_m_s > 0.79, "{step:?}");
    assert_eq!(bench.run(150).velocity, ahead(0.2));
}

#[test]
fn nobody_is_faster_than_the_top_speed() {
    let mut bench = Bench::new();
    bench.let_go();
    bench.hold(ahead(3.0));
    let step = bench.run(200);
    assert_eq!(
        (step.velocity, step.held),
        (ahead(0.8), Some(Held::TopSpeed))
    );
    bench.let_go();
    bench.hold(about(-9.0));
    let step = bench.run(200);
    assert_eq!(
        (step.velocity, step.held),
        (about(-1.0), Some(Held::TopSpeed))
    );
}

#[test]
fn people_near_or_not_known_to_be_away_mean_walking_pace() {
    for people_near in [Some(true), None] {
        let mut bench = Bench::at_full_speed();
        bench.around.people_near = people_near;
        let step = bench.run(110);
        assert_eq!(
            (step.velocity, step.held),
            (ahead(0.3), Some(Held::PeopleNear))
        );
    }
}

/// The speed that is left, forward, and what holds, after a disturbance.
fn left(disturb: impl FnOnce(&mut Bench)) -> (f64, Option<Held>) {
    let mut bench = Bench::at_full_speed();
    disturb(&mut bench);
    let step = bench.run(200);
    (step.velocity.linear_m_s, step.held)
}

fn about_equal((speed, held): (f64, Option<Held>), expected: f64, by: Held) {
    assert!((speed - expected).abs() < 1e-6, "{speed}");
    assert_eq!(held, Some(by));
}

#[test]
fn an_obstacle_takes_speed_by_its_distance() {
    let at = |metres: f64| left(|bench| bench.around.range_m[0] = Some(metres));
    // sqrt(0.12² + 2 × free) - 0.12, with 0.15 m kept free.
    about_equal(at(0.25), 0.343_034, Held::Obstacle(Side::Front));
    about_equal(at(0.15), 0.0, Held::Obstacle(Side::Front));
    about_equal(at(0.0), 0.0, Held::Obstacle(Side::Front));
    assert_eq!(at(0.60), (0.8, None));
}

#[test]
fn away_from_an_obstacle_the_way_is_free() {
    let mut bench = Bench::at_full_speed();
    bench.around.range_m[0] = Some(0.0);
    assert_eq!(bench.run(5).velocity, Twist::ZERO);
    bench.hold(ahead(-0.4));
    assert_eq!(bench.run(200).velocity, ahead(-0.4));
}

#[test]
fn something_that_touches_an_end_forbids_turning() {
    let mut bench = Bench::new();
    bench.let_go();
    bench.hold(about(0.5));
    assert_eq!(bench.run(200).velocity, about(0.5));
    bench.around.range_m[1] = Some(0.04);
    let step = bench.tick();
    assert_eq!(
        (step.velocity, step.held),
        (Twist::ZERO, Some(Held::Obstacle(Side::Rear)))
    );
}

#[test]
fn a_slow_connection_takes_speed() {
    let at = |round_trip| left(|bench| bench.around.round_trip = ms(round_trip));
    assert_eq!(at(100), (0.8, None));
    about_equal(at(160), 0.48, Held::RoundTrip);
    about_equal(at(200), 0.8 / 3.0, Held::RoundTrip);
    assert_eq!(at(201), (0.0, Some(Held::NoCommand)), "refused as too old");
}

#[test]
fn an_old_picture_takes_speed_and_a_frozen_one_stops() {
    let mut bench = Bench::at_full_speed();
    bench.around.frozen_at = Some(bench.now);
    let mut last = 0.8;
    for _ in 0..15 {
        assert_eq!(bench.tick().velocity, ahead(0.8), "up to 0.3 s");
    }
    for _ in 0..25 {
        let step = bench.tick();
        assert!(step.velocity.linear_m_s < last, "{step:?}");
        assert_eq!(step.held, Some(Held::Picture));
        last = step.velocity.linear_m_s;
    }
    assert_eq!(last, 0.0, "at 0.8 s");
    bench.around.frozen_at = None;
    assert_eq!(bench.tick().held, Some(Held::LetGo));
}

#[test]
fn a_low_battery_takes_speed_and_an_empty_one_stops() {
    let at = |charge: f64| left(|bench| bench.around.battery = Some((charge, false)));
    assert_eq!(at(0.15), (0.8, None));
    about_equal(at(0.10), 0.4, Held::Battery);
    about_equal(at(0.05), 0.0, Held::Battery);
}

#[test]
fn leaning_takes_speed_to_either_side() {
    let at = |tilt: f64| left(|bench| bench.around.tilt_rad = Some(tilt));
    assert_eq!(at(-0.09), (0.8, None));
    about_equal(at(-0.13), 0.4, Held::Tilt);
    about_equal(at(0.13), 0.4, Held::Tilt);
    about_equal(at(0.2), 0.0, Held::Tilt);
}

#[test]
fn heat_takes_speed() {
    let at = |celsius: f64| left(|bench| bench.around.celsius = Some(celsius));
    assert_eq!(at(60.0), (0.8, None));
    about_equal(at(67.5), 0.4, Held::Temperature);
    about_equal(at(75.0), 0.0, Held::Temperature);
}

#[test]
fn the_strictest_of_several_limits_is_told() {
    let (speed, held) = left(|bench| {
        bench.around.battery = Some((0.10, false));
        bench.around.people_near = Some(true);
        bench.around.range_m[0] = Some(0.2);
    });
    // A tenth of the charge leaves half of the pace near people.
    about_equal((speed, held), 0.15, Held::Battery);
}
