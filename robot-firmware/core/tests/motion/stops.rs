//! Whatever stops, stops in the same step, and stays so until the operator has let go.

use std::time::Duration;

use madoguchi_core::motion::{Held, LeaseId, MotionInput, Refusal, Side, Twist, Visit};

use crate::bench::{Bench, HEALTHY_VISIT, LEASE, ahead};
use crate::ms;

/// The robot drives; `disturb` stops it within `patience`; `repair` moves nothing until the
/// operator lets go.
fn stops(
    held: Held,
    patience: Duration,
    disturb: impl Fn(&mut Bench),
    repair: impl Fn(&mut Bench),
) {
    let mut bench = Bench::at_full_speed();
    disturb(&mut bench);
    let disturbed = bench.now;
    let step = loop {
        let step = bench.tick();
        if step.velocity == Twist::ZERO {
            break step;
        }
        assert!(
            bench.now - disturbed <= patience + ms(20),
            "{held:?}: {step:?}"
        );
    };
    assert_eq!(step.held, Some(held));
    for _ in 0..50 {
        let step = bench.tick();
        assert_eq!((step.velocity, step.held), (Twist::ZERO, Some(held)));
    }
    repair(&mut bench);
    for _ in 0..50 {
        let step = bench.tick();
        assert_eq!(step.velocity, Twist::ZERO, "{held:?}: moved by itself");
        assert_eq!(step.held, Some(Held::LetGo));
    }
    bench.let_go();
    bench.hold(ahead(0.8));
    assert_eq!(bench.run(200).velocity, ahead(0.8), "{held:?}");
}

/// The same where `around` is disturbed and then as before.
fn stops_by_input(held: Held, patience: Duration, disturb: impl Fn(&mut Bench)) {
    let usual = Bench::new().around;
    stops(held, patience, disturb, |bench| {
        let wish = bench.around.wish;
        bench.around = usual.clone();
        bench.around.wish = wish;
    });
}

#[test]
fn the_emergency_stop_latches_and_a_reset_moves_nothing() {
    for contacts in [[false, false], [true, false], [false, true]] {
        stops(
            Held::EmergencyStop,
            ms(0),
            |bench| bench.around.contacts = Some(contacts),
            |bench| {
                bench.around.contacts = Some([true, true]);
                let step = bench.run(10);
                assert_eq!(step.held, Some(Held::EmergencyStop), "released, not reset");
                assert!(step.emergency);
                bench.tell(MotionInput::ResetEmergencyStop);
            },
        );
    }
}

#[test]
fn a_pressed_emergency_stop_can_not_be_reset() {
    let mut bench = Bench::at_full_speed();
    bench.around.contacts = Some([true, false]);
    bench.run(20);
    let reset = |bench: &mut Bench| bench.gate.take(MotionInput::ResetEmergencyStop, bench.now);
    assert_eq!(reset(&mut bench), Err(Refusal::NotReleased));
    bench.around.contacts = None;
    bench.run(20);
    assert_eq!(reset(&mut bench), Err(Refusal::NotReleased), "not read");
    bench.around.contacts = Some([true, true]);
    bench.around.measures = false;
    bench.run(20);
    assert_eq!(
        reset(&mut bench),
        Err(Refusal::NotReleased),
        "not known to stand"
    );
    let velocity = ahead(0.1);
    bench.tell(MotionInput::Measured { velocity });
    assert_eq!(reset(&mut bench), Err(Refusal::NotReleased), "rolling");
    bench.around.measures = true;
    bench.tick();
    assert_eq!(reset(&mut bench), Ok(()));
}

#[test]
fn a_remote_stop_latches_until_who_drives_takes_it_back() {
    stops(
        Held::ProtectiveStop,
        ms(0),
        |bench| bench.tell(MotionInput::ProtectiveStop),
        |bench| {
            let other = MotionInput::EndProtectiveStop { lease: LeaseId(8) };
            assert_eq!(bench.gate.take(other, bench.now), Err(Refusal::NoLease));
            bench.tell(MotionInput::EndProtectiveStop { lease: LEASE });
        },
    );
}

#[test]
fn a_fault_of_the_drive_stops() {
    stops_by_input(Held::DriveFault, ms(0), |bench| bench.around.fault = true);
}

#[test]
fn silence_of_what_is_fast_stops_after_100_ms() {
    let silence = |held, disturb: fn(&mut Bench)| stops_by_input(held, ms(100), disturb);
    silence(Held::ContactsSilent, |bench| bench.around.contacts = None);
    silence(Held::DriveSilent, |bench| bench.around.measures = false);
    silence(Held::TiltSilent, |bench| bench.around.tilt_rad = None);
    silence(Held::RangeSilent(Side::Front), |bench| {
        bench.around.range_m[0] = None
    });
    silence(Held::RangeSilent(Side::Rear), |bench| {
        bench.around.range_m[1] = None
    });
    silence(Held::BumperSilent(Side::Front), |bench| {
        bench.around.bumper[0] = None
    });
    silence(Held::BumperSilent(Side::Rear), |bench| {
        bench.around.bumper[1] = None
    });
    silence(Held::CliffSilent(Side::Front), |bench| {
        bench.around.drop[0] = None
    });
    silence(Held::CliffSilent(Side::Rear), |bench| {
        bench.around.drop[1] = None
    });
}

#[test]
fn silence_of_what_is_slow_stops_later() {
    let silence = |held, patience, disturb: fn(&mut Bench)| stops_by_input(held, patience, disturb);
    silence(Held::VisitSilent, ms(500), |bench| {
        bench.around.visit = None
    });
    silence(Held::TemperatureSilent, ms(2000), |bench| {
        bench.around.celsius = None
    });
    silence(Held::BatterySilent, ms(2000), |bench| {
        bench.around.battery = None
    });
}

#[test]
fn what_is_no_measurement_is_silence() {
    for nonsense in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.1] {
        stops_by_input(Held::RangeSilent(Side::Front), ms(0), |bench| {
            bench.around.range_m[0] = Some(nonsense);
        });
        stops_by_input(Held::BatterySilent, ms(0), |bench| {
            bench.around.battery = Some((nonsense, false));
        });
    }
    for nonsense in [f64::NAN, f64::INFINITY] {
        stops_by_input(Held::TiltSilent, ms(0), |bench| {
            bench.around.tilt_rad = Some(nonsense)
        });
        stops_by_input(Held::TemperatureSilent, ms(0), |bench| {
            bench.around.celsius = Some(nonsense);
        });
    }
}

#[test]
fn the_charger_holds() {
    stops_by_input(Held::PluggedIn, ms(0), |bench| {
        bench.around.battery = Some((1.0, true))
    });
}

#[test]
fn the_visitor_holds() {
    let visit = |held, visit: Visit| {
        stops_by_input(held, ms(0), |bench| bench.around.visit = Some(visit));
    };
    visit(
        Held::Touching,
        Visit {
            touching: true,
            ..HEALTHY_VISIT
        },
    );
    visit(
        Held::FormOpen,
        Visit {
            form_open: true,
            ..HEALTHY_VISIT
        },
    );
    visit(
        Held::NoConsent,
        Visit {
            consent: false,
            ..HEALTHY_VISIT
        },
    );
}

#[test]
fn an_empty_room_needs_no_consent() {
    let mut bench = Bench::at_full_speed();
    bench.around.visit = Some(Visit {
        visiting: false,
        consent: false,
        ..HEALTHY_VISIT
    });
    assert_eq!(bench.run(10).velocity, ahead(0.8));
}

#[test]
fn a_bumper_and_a_missing_floor_end_the_way_there_and_leave_the_way_back() {
    for (held, disturb) in [
        (
            Held::Bumper(Side::Front),
            (|bench| bench.around.bumper[0] = Some(true)) as fn(&mut Bench),
        ),
        (Held::Cliff(Side::Front), |bench| {
            bench.around.drop[0] = Some(true)
        }),
    ] {
        stops_by_input(held, ms(0), disturb);
        let mut bench = Bench::at_full_speed();
        disturb(&mut bench);
        bench.tick();
        bench.hold(ahead(-0.2));
        assert_eq!(bench.run(50).held, Some(Held::LetGo));
        bench.let_go();
        bench.hold(ahead(-0.2));
        assert_eq!(bench.run(100).velocity, ahead(-0.2));
    }
}

#[test]
fn a_lease_that_expires_or_is_taken_stops() {
    stops_by_input(Held::NoLease, ms(0), |bench| {
        bench.around.lease_until = None
    });
    stops_by_input(Held::NoLease, ms(60), |bench| {
        bench.around.lease_until = Some(bench.now + ms(60));
    });
}

#[test]
fn a_lost_connection_stops_100_ms_after_the_last_command() {
    stops(
        Held::NoCommand,
        ms(100),
        |bench| bench.around.wish = None,
        |bench| bench.hold(ahead(0.8)),
    );
}

#[test]
fn a_clock_that_goes_back_stops() {
    let mut bench = Bench::at_full_speed();
    bench.now -= ms(500);
    let step = bench.gate.step(bench.now);
    assert_eq!(step.velocity, Twist::ZERO);
    assert_eq!(step.held, Some(Held::Clock), "{step:?}");
    assert_eq!(bench.run(100).held, Some(Held::LetGo));
}

#[test]
fn what_was_said_before_the_clock_went_back_counts_no_second_time() {
    let mut bench = Bench::new();
    bench.let_go();
    bench.around.wish = None;
    bench.now -= ms(500);
    // Until the clock stands again where the operator let go.
    bench.run(25);
    bench.hold(ahead(0.8));
    assert_eq!(bench.tick().velocity, Twist::ZERO);
}

#[test]
fn a_gate_that_comes_late_stops_although_all_is_fresh() {
    let mut bench = Bench::at_full_speed();
    bench.now += ms(81);
    let step = bench.tick();
    assert_eq!((step.velocity, step.held), (Twist::ZERO, Some(Held::Late)));
    assert_eq!(bench.run(100).held, Some(Held::LetGo));
    bench.let_go();
    bench.hold(ahead(0.8));
    bench.now += ms(80);
    let step = bench.tick();
    assert!(step.velocity.linear_m_s > 0.0, "{step:?}");
    assert!(step.velocity.linear_m_s < 0.01, "it leaps: {step:?}");
}
