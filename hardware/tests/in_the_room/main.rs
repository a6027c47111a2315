//! An operator drives a robot in a room: gate, driver, pseudo-terminal, controller and base, each
//! the real code or what it speaks with. Time is the room's, so that every run is the same.
//! `cargo test --workspace --test in_the_room -- --nocapture` prints the distances.
#![allow(clippy::unwrap_used)]

mod scene;

use std::time::Duration;

use madoguchi_core::motion::{Held, MotionInput, Side, Twist};
use madoguchi_hardware::simulation::Controller;
use madoguchi_hardware::simulation::room::{BaseSettings, Plan, Point, Segment};
use scene::{BASE, Scene, ahead, edge_at, hall, odrive, roboclaw, walker};

/// What the gate keeps free in front of an obstacle.
const CLEARANCE_M: f64 = 0.15;
const SEEDS: std::ops::Range<u64> = 0..5;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn towards_a_wall<C: Controller>(name: &str, mut scene: Scene<C>) {
    scene.wish = Some(ahead(0.8));
    scene.run(seconds(15));
    let (gap, top) = (scene.room.gap_m(), scene.top_speed);
    println!("{name}: {top:.2} m/s, stands {gap:.3} m before the wall");
    assert!(top > 0.75, "it was never fast: {top}");
    assert!(scene.speed() < 1e-3);
    assert_eq!(scene.held(), Some(Held::Obstacle(Side::Front)));
    assert!(scene.room.nearest_m() > CLEARANCE_M / 2.0, "{gap}");
    assert!(gap < 0.3, "it stood far away: {gap}");
    assert_eq!(scene.room.hardest_touch(), None);
}

#[test]
fn towards_a_wall_it_stops_before_contact() {
    for seed in SEEDS {
        towards_a_wall("RoboClaw", roboclaw(hall(4.0), BASE, seed));
        towards_a_wall("ODrive", odrive(hall(4.0), BASE, seed));
    }
}

#[test]
fn on_a_slippery_floor_it_still_stops_before_contact() {
    let wet = BaseSettings { grip: 0.08, ..BASE };
    for seed in SEEDS {
        towards_a_wall("RoboClaw, wet floor", roboclaw(hall(4.0), wet, seed));
    }
}

#[test]
fn a_shut_door_is_a_wall_and_an_open_one_is_not() {
    let mut plan = hall(8.0);
    let door = Segment(Point::new(2.5, -0.6), Point::new(2.5, 0.6));
    plan.walls
        .push(Segment(Point::new(2.5, -3.0), Point::new(2.5, -0.6)));
    plan.walls
        .push(Segment(Point::new(2.5, 0.6), Point::new(2.5, 3.0)));
    plan.door = Some(door);
    let mut scene = roboclaw(plan, BASE, 1);
    scene.wish = Some(ahead(0.8));
    scene.run(seconds(15));
    let before_the_door = scene.room.pose().x.0;
    assert!(before_the_door < 2.25, "{before_the_door}");
    scene.room.set_door(true);
    scene.run(seconds(30));
    assert!(scene.room.pose().x.0 > 6.0);
    assert_eq!(scene.room.hardest_touch(), None);
}

#[test]
fn a_person_in_the_way_is_neared_at_walking_pace_and_not_reached() {
    for seed in SEEDS {
        let mut plan = hall(9.0);
        let stands = Point::new(4.0, 0.1);
        plan.people = vec![walker(stands, stands, 0.0)];
        let mut scene = roboclaw(plan, BASE, seed);
        scene.wish = Some(ahead(0.8));
        let mut near_speed: f64 = 0.0;
        for _ in 0..1000 {
            scene.tick();
            if scene.room.gap_m() < 1.5 {
                near_speed = near_speed.max(scene.speed());
            }
        }
        let gap = scene.room.nearest_m();
        println!("person: {near_speed:.2} m/s within 1.5 m, stands {gap:.3} m before them");
        assert!(scene.top_speed > 0.75);
        assert!(near_speed < 0.31);
        assert!(gap > CLEARANCE_M / 2.0);
    }
}

#[test]
fn while_people_cross_it_never_moves_into_them() {
    for seed in SEEDS {
        let mut plan = hall(9.0);
        plan.people = vec![
            walker(Point::new(2.5, -2.0), Point::new(2.5, 2.0), 1.2),
            walker(Point::new(5.0, 2.0), Point::new(5.0, -2.0), 0.8),
        ];
        let mut scene = roboclaw(plan, BASE, seed);
        scene.wish = Some(ahead(0.8));
        let mut moving_gap = f64::INFINITY;
        for _ in 0..3000 {
            scene.tick();
            if scene.speed() > 0.05 {
                moving_gap = moving_gap.min(scene.room.gap_m());
            }
            if scene.room.pose().x.0 > 7.0 {
                break;
            }
        }
        println!(
            "crossing: {moving_gap:.3} m while it moved, nearest {:.3} m",
            scene.room.nearest_m()
        );
        assert!(scene.room.pose().x.0 > 7.0, "it came nowhere");
        // People come as near as 0.1 m by themselves; the robot adds nothing to it.
        assert!(moving_gap > 0.09);
        assert_eq!(scene.room.hardest_touch(), None);
    }
}

#[test]
fn at_the_edge_of_a_ramp_it_stops() {
    let plan = Plan {
        drops: vec![edge_at(4.0)],
        ..hall(11.0)
    };
    let mut scene = roboclaw(plan, BASE, 3);
    scene.wish = Some(ahead(0.8));
    scene.run(seconds(12));
    let to_the_edge = 4.0 - BASE.radius_m - scene.room.pose().x.0;
    println!("edge: stands {to_the_edge:.3} m before it");
    assert!(scene.top_speed > 0.75);
    assert!(to_the_edge > 0.0 && !scene.room.has_fallen());
    scene.wish = Some(Twist::ZERO);
    scene.tick();
    scene.wish = Some(ahead(-0.3));
    scene.run(seconds(2));
    assert!(scene.room.pose().x.0 < 4.0 - BASE.radius_m - to_the_edge - 0.2);
}

/// At full speed in a long hall.
fn driving<C: Controller>(mut scene: Scene<C>) -> Scene<C> {
    scene.wish = Some(ahead(0.8));
    scene.run(seconds(4));
    assert!(scene.speed() > 0.78, "{}", scene.speed());
    scene
}

/// 0.8 m/s at 1 m/s², after so many milliseconds at full speed.
fn braking_way_m(after_ms: f64) -> f64 {
    0.8 * after_ms / 1000.0 + 0.8 * 0.8 / 2.0
}

#[test]
fn when_the_link_dies_it_stops_and_stays_so() {
    let mut scene = driving(roboclaw(hall(11.0), BASE, 4));
    scene.wish = None;
    let (time, way) = scene.until_standing();
    println!("link: {way:.3} m, {time:?}");
    // A command holds for 100 ms, a step takes 20, the base lags 40.
    assert!(way < braking_way_m(160.0), "{way}");
    assert_eq!(scene.held(), Some(Held::NoCommand));
    scene.wish = Some(ahead(0.8));
    scene.run(seconds(2));
    assert!(scene.speed() < 1e-3, "it went on by itself");
    assert_eq!(scene.held(), Some(Held::LetGo));
    scene.wish = Some(Twist::ZERO);
    scene.tick();
    driving(scene);
}

#[test]
fn when_the_process_dies_the_controller_stops_it() {
    let mut scene = driving(roboclaw(hall(11.0), BASE, 5));
    let from = scene.room.pose().x.0;
    scene.without_the_process(Duration::from_millis(100));
    assert!(scene.speed() > 0.7);
    scene.without_the_process(seconds(1));
    let way = scene.room.pose().x.0 - from;
    println!("process: {way:.3} m");
    assert!(scene.speed() < 1e-3);
    assert!(way < braking_way_m(140.0), "{way}");
}

#[test]
fn the_emergency_stop_stops_and_neither_release_nor_reset_moves() {
    let mut scene = driving(roboclaw(hall(11.0), BASE, 6));
    scene.room.set_emergency(true);
    let (time, way) = scene.until_standing();
    println!("emergency stop: {way:.3} m, {time:?}");
    assert!(way < braking_way_m(40.0), "{way}");
    assert_eq!(scene.held(), Some(Held::EmergencyStop));
    let stands = scene.room.pose().x.0;
    scene.room.set_emergency(false);
    assert_eq!(scene.run(seconds(1)).held, Some(Held::EmergencyStop));
    scene.tell(MotionInput::ResetEmergencyStop);
    assert_eq!(scene.run(seconds(1)).held, Some(Held::LetGo));
    assert!((scene.room.pose().x.0 - stands).abs() < 1e-3);
    scene.wish = Some(Twist::ZERO);
    scene.tick();
    driving(scene);
}

#[test]
fn a_cable_pulled_in_mid_movement_stops_and_comes_back_standing() {
    let mut scene = driving(roboclaw(hall(11.0), BASE, 7));
    scene.line.unplug();
    let (_, way) = scene.until_standing();
    println!("cable: {way:.3} m");
    assert!(way < braking_way_m(140.0), "{way}");
    assert_eq!(scene.held(), Some(Held::DriveFault));
    scene.line.replug().unwrap();
    let since = std::time::Instant::now();
    while scene.held() == Some(Held::DriveFault) {
        assert!(since.elapsed() < seconds(20), "it is not opened again");
    }
    let stands = scene.room.pose().x.0;
    assert_eq!(scene.run(seconds(1)).held, Some(Held::LetGo));
    assert!((scene.room.pose().x.0 - stands).abs() < 1e-3);
    scene.wish = Some(Twist::ZERO);
    scene.tick();
    scene.wish = Some(ahead(0.3));
    scene.run(seconds(2));
    assert!(scene.speed() > 0.25);
}
