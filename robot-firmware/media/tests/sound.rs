//! Listening and speaking, with no call.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::{Duration, Instant};

use common::{PATIENCE, Robot, loudspeaker_above, tone};
use madoguchi_media::{
    AudioBlock, LoudspeakerSink, MICROPHONE_BLOCK_SAMPLES, MediaConfig, MediaEvent,
    MicrophoneSource, SpeechClip,
};

fn clip(id: u64, sample_rate: u32, seconds: f32) -> SpeechClip {
    SpeechClip {
        id,
        sample_rate,
        samples: tone(sample_rate, seconds)
            .into_iter()
            .map(|sample| (sample * 32_000.0) as i16)
            .collect(),
    }
}

fn started(id: u64) -> impl Fn(&MediaEvent) -> bool {
    move |event| *event == MediaEvent::PlaybackStarted { id }
}

fn ended(id: u64, cut: bool) -> impl Fn(&MediaEvent) -> bool {
    move |event| *event == MediaEvent::PlaybackEnded { id, cut }
}

#[test]
fn clips_are_heard_in_order_and_take_their_time() {
    let robot = Robot::new(MediaConfig::default());
    robot.engine.play(clip(1, 22_050, 0.5));
    robot.engine.play(clip(2, 16_000, 0.5));
    robot.wait_for("start", started(1));
    let begin = Instant::now();
    robot.wait_for("the clip's sound", loudspeaker_above(0.7));
    robot.wait_for("end", ended(1, false));
    robot.wait_for("start", started(2));
    robot.wait_for("end", ended(2, false));
    let took = begin.elapsed();
    assert!(
        (Duration::from_millis(800)..Duration::from_secs(5)).contains(&took),
        "{took:?}"
    );
    robot.engine.shutdown();
}

#[test]
fn stopping_cuts_every_clip_and_is_silent_at_once() {
    let robot = Robot::new(MediaConfig::default());
    robot.engine.play(clip(1, 48_000, 30.0));
    robot.engine.play(clip(2, 48_000, 30.0));
    robot.wait_for("sound", loudspeaker_above(0.7));
    robot.engine.stop_playing();
    robot.wait_for("cut", ended(1, true));
    robot.wait_for("cut", ended(2, true));
    robot.forget();
    robot.wait_for(
        "silence",
        |event| matches!(event, MediaEvent::Levels { loudspeaker, .. } if *loudspeaker == 0.0),
    );
    robot.engine.play(clip(3, 48_000, 0.1));
    robot.wait_for("end", ended(3, false));
    robot.engine.shutdown();
}

#[test]
fn a_rate_that_makes_no_sense_ends_the_clip() {
    let robot = Robot::new(MediaConfig::default());
    robot.engine.play(SpeechClip {
        id: 9,
        sample_rate: 0,
        samples: vec![1; 100],
    });
    robot.wait_for("end", ended(9, true));
    robot.engine.shutdown();
}

#[test]
fn a_visitor_is_heard_in_real_time_as_they_spoke() {
    let robot = Robot::new(MediaConfig::default());
    let first = robot.blocks.recv_timeout(PATIENCE).unwrap();
    assert_eq!(first.samples.len(), MICROPHONE_BLOCK_SAMPLES);
    robot.engine.play_visitor(tone(16_000, 1.0));

    let mut loud: Vec<AudioBlock> = Vec::new();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let block = robot.blocks.recv_deadline(deadline).unwrap();
        if rms(&block.samples) > 0.1 {
            loud.push(block);
        } else if !loud.is_empty() {
            break;
        }
    }
    assert!((99..=101).contains(&loud.len()), "{} blocks", loud.len());
    for pair in loud.windows(2) {
        assert_eq!(pair[1].number, pair[0].number + 1);
    }
    let level = rms(&loud[50].samples);
    assert!(
        (level - 0.354).abs() < 0.02,
        "a tone of 0.5 came as {level}"
    );
    let took = loud[loud.len() - 1].at - loud[0].at;
    assert!(
        (Duration::from_millis(700)..Duration::from_secs(5)).contains(&took),
        "{took:?}"
    );
    robot.wait_for(
        "level",
        |event| matches!(event, MediaEvent::Levels { microphone, .. } if *microphone > 0.7),
    );
    robot.engine.shutdown();
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
}

#[test]
fn devices_that_are_not_there_are_told_of_and_nothing_waits_for_them() {
    let nowhere = "madoguchi-no-such-device".to_owned();
    let robot = Robot::new(MediaConfig {
        microphone: MicrophoneSource::Alsa {
            device: nowhere.clone(),
        },
        loudspeaker: LoudspeakerSink::Alsa { device: nowhere },
        ..MediaConfig::default()
    });
    robot.wait_for(
        "microphone",
        |event| matches!(event, MediaEvent::MicrophoneLost { reason } if !reason.is_empty()),
    );
    robot.wait_for(
        "loudspeaker",
        |event| matches!(event, MediaEvent::LoudspeakerLost { reason } if !reason.is_empty()),
    );
    robot.engine.play(clip(4, 48_000, 5.0));
    robot.wait_for("end", ended(4, true));
    robot.engine.shutdown();
}
