//! The path to the operator goes away and comes back.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use common::Robot;
use madoguchi_media::{MediaConfig, MediaEvent};

#[test]
fn after_an_outage_nothing_old_is_delivered() {
    let robot = Robot::new(MediaConfig::default());
    let operator = robot.call_over_path(1);
    robot.wait_until("media", || {
        operator.got.video.load(Relaxed) > 10 && operator.got.audio.load(Relaxed) > 50
    });

    robot.cut(true);
    let last = operator.got.audio_timestamp.load(Relaxed);
    let cut_at = Instant::now();
    robot.wait_for("interruption", |event| {
        *event == MediaEvent::CallInterrupted { session: 1 }
    });
    let heard = operator.got.audio.load(Relaxed);
    let key_frames = operator.got.key_frames.load(Relaxed);
    robot.run_for(Duration::from_secs(4));
    robot.cut(false);

    robot.wait_for("resumption", |event| {
        *event == MediaEvent::CallResumed { session: 1 }
    });
    robot.wait_until("sound again", || operator.got.audio.load(Relaxed) > heard);
    let outage = cut_at.elapsed();
    let samples = operator
        .got
        .audio_timestamp
        .load(Relaxed)
        .wrapping_sub(last);
    let missed = Duration::from_secs_f64(f64::from(samples) / 48_000.0);
    assert!(
        missed + Duration::from_secs(2) > outage,
        "of {outage:?} only {missed:?} of sound are missing: the rest is delivered late"
    );
    robot.wait_until("a fresh picture", || {
        operator.got.key_frames.load(Relaxed) > key_frames
    });
    robot.engine.shutdown();
}
