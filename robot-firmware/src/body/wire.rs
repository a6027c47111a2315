//! The wire's words for the gate's, and back.

use std::time::{Duration, Instant};

use madoguchi_core::motion::{DriveCommand, LeaseId, MotionInput, Report, Step, Twist};
use madoguchi_media::Picture;
use madoguchi_shared::motion::{DriveState, DriveWish, PageToWheels, PictureMark};

/// What the gate's thread knows after a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// When, since the daemon's start.
    pub at: Duration,
    /// The step.
    pub step: Step,
    /// What the gate knows.
    pub report: Report,
    /// What the wheels do.
    pub measured: Option<Twist>,
    /// Rolled and turned since the daemon's start, in m and rad.
    pub travelled: (f64, f64),
    /// Commands of the lease that arrived.
    pub arrived: u32,
}

/// What a page's message asks of the gate.
pub fn message(message: PageToWheels) -> MotionInput {
    match message {
        PageToWheels::Command(wish) => MotionInput::Command(command(wish)),
        PageToWheels::Stop => MotionInput::ProtectiveStop,
        PageToWheels::EndStop { lease } => MotionInput::EndProtectiveStop {
            lease: LeaseId(lease.into()),
        },
    }
}

fn command(wish: DriveWish) -> DriveCommand {
    DriveCommand {
        lease: LeaseId(wish.lease.into()),
        sequence: wish.sequence.into(),
        heard: Duration::from_millis(wish.heard_ms),
        seen: Duration::from_millis(wish.seen_ms),
        velocity: wish.velocity,
    }
}

/// What the page is told; `started` is the daemon's start.
pub fn state(told: &Told, picture: Option<Picture>, started: Instant) -> DriveState {
    let Told {
        step,
        report,
        measured,
        ..
    } = told;
    let id = |lease: LeaseId| u32::try_from(lease.0).unwrap_or(u32::MAX);
    let number = |sequence: u64| u32::try_from(sequence).unwrap_or(u32::MAX);
    let twist = |twist: Twist| Twist {
        linear_m_s: thousandths(twist.linear_m_s),
        angular_rad_s: thousandths(twist.angular_rad_s),
    };
    DriveState {
        clock_ms: millis(told.at).into(),
        picture: picture.map(|picture| PictureMark {
            rtp: picture.rtp,
            clock_ms: millis(picture.taken.saturating_duration_since(started)).into(),
        }),
        lease: report.lease.map(id),
        commanded: twist(step.velocity),
        measured: measured.map(twist),
        forward: step.envelope.forward,
        backward: step.envelope.backward,
        turn: step.envelope.turn,
        held: step.held,
        ranges_m: report.ranges_m.map(|range| range.map(thousandths)),
        battery: report.charge,
        travelled_m: thousandths(told.travelled.0),
        turned_rad: thousandths(told.travelled.1),
        round_trip_ms: report.round_trip.map(millis),
        picture_age_ms: report.picture_age.map(millis),
        taken: report.sequence.map_or(0, number),
        arrived: told.arrived,
        stopped: report.stopped,
        emergency: step.emergency,
    }
}

fn millis(span: Duration) -> u32 {
    u32::try_from(span.as_millis()).unwrap_or(u32::MAX)
}

fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
