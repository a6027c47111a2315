//! Which commands count.

use madoguchi_core::motion::{DriveCommand, Held, Lease, LeaseId, MotionInput, Refusal, Twist};

use crate::bench::{Bench, LEASE, ahead};
use crate::ms;

fn command(bench: &Bench) -> DriveCommand {
    DriveCommand {
        lease: LEASE,
        sequence: bench.sequence + 1,
        heard: bench.now,
        seen: bench.now,
        velocity: ahead(0.5),
    }
}

fn take(bench: &mut Bench, command: DriveCommand) -> Result<(), Refusal> {
    bench.gate.take(MotionInput::Command(command), bench.now)
}

#[test]
fn only_who_holds_the_lease_drives() {
    let mut bench = Bench::new();
    bench.let_go();
    let stranger = DriveCommand {
        lease: LeaseId(8),
        ..command(&bench)
    };
    assert_eq!(take(&mut bench, stranger), Err(Refusal::NoLease));
    assert_eq!(bench.gate.step(bench.now).velocity, Twist::ZERO);
}

#[test]
fn a_new_lease_begins_at_a_standstill_and_counts_anew() {
    let mut bench = Bench::at_full_speed();
    let until = bench.now + ms(10_000);
    let lease = Some(Lease {
        id: LeaseId(8),
        until,
    });
    bench.tell(MotionInput::Lease { lease });
    let step = bench.gate.step(bench.now);
    assert_eq!(
        (step.velocity, step.held),
        (Twist::ZERO, Some(Held::NoCommand))
    );
    let first = DriveCommand {
        lease: LeaseId(8),
        sequence: 0,
        ..command(&bench)
    };
    assert_eq!(take(&mut bench, first), Ok(()));
    assert_eq!(bench.gate.step(bench.now).held, Some(Held::LetGo));
}

#[test]
fn repeated_and_overtaken_commands_are_refused() {
    let mut bench = Bench::at_full_speed();
    let sent = command(&bench);
    assert_eq!(take(&mut bench, sent), Ok(()));
    assert_eq!(take(&mut bench, sent), Err(Refusal::OutOfOrder));
    let earlier = DriveCommand {
        sequence: sent.sequence - 3,
        ..sent
    };
    assert_eq!(take(&mut bench, earlier), Err(Refusal::OutOfOrder));
}

#[test]
fn a_command_older_than_200_ms_is_refused_by_the_robots_own_clock() {
    let mut bench = Bench::at_full_speed();
    let at = |bench: &Bench, age| DriveCommand {
        heard: bench.now - ms(age),
        ..command(bench)
    };
    let old = at(&bench, 201);
    assert_eq!(take(&mut bench, old), Err(Refusal::TooOld));
    let just = at(&bench, 200);
    assert_eq!(take(&mut bench, just), Ok(()));
}

#[test]
fn what_can_not_be_meant_stops() {
    type Spoil = fn(&mut DriveCommand);
    let spoils: [Spoil; 7] = [
        |command| command.velocity.linear_m_s = f64::NAN,
        |command| command.velocity.angular_rad_s = f64::INFINITY,
        |command| command.velocity.linear_m_s = f64::NEG_INFINITY,
        |command| command.velocity.linear_m_s = 1e9,
        |command| command.velocity.angular_rad_s = -10.1,
        |command| command.heard += ms(1),
        |command| command.seen += ms(3_600_000),
    ];
    for spoil in spoils {
        let mut bench = Bench::at_full_speed();
        let mut spoilt = command(&bench);
        spoil(&mut spoilt);
        assert_eq!(take(&mut bench, spoilt), Err(Refusal::Nonsense));
        assert_eq!(bench.gate.step(bench.now).velocity, Twist::ZERO);
    }
}

#[test]
fn a_refused_command_keeps_nothing_alive() {
    let mut bench = Bench::at_full_speed();
    bench.around.wish = None;
    for _ in 0..6 {
        bench.tick();
        let old = DriveCommand {
            heard: bench.now - ms(300),
            ..command(&bench)
        };
        assert_eq!(take(&mut bench, old), Err(Refusal::TooOld));
    }
    assert_eq!(bench.tick().velocity, Twist::ZERO);
}
