//! The loudspeaker in the microphone's ear.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{PATIENCE, Robot};
use madoguchi_media::{MediaConfig, MediaEvent, SimulatedRoom, SpeechClip};

const RATE: u32 = 16_000;

/// Sound that changes as speech does: a gliding voice with formants, in syllables, with pauses.
fn speech(seed: u32, pitch_hz: f32, seconds: f32) -> Vec<f32> {
    let mut noise = seed;
    let mut random = move || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 8) as f32 / (1 << 24) as f32
    };
    let mut out = Vec::new();
    let total = (seconds * RATE as f32) as usize;
    while out.len() < total {
        let syllable = (RATE as f32 * (0.12 + 0.15 * random())) as usize;
        let pause = (RATE as f32 * if random() < 0.15 { 0.25 } else { 0.03 }) as usize;
        let (f1, f2) = (300.0 + 500.0 * random(), 900.0 + 1_400.0 * random());
        let (from, to) = (
            pitch_hz * (0.85 + 0.3 * random()),
            pitch_hz * (0.85 + 0.3 * random()),
        );
        let hiss = 0.03 + 0.1 * random();
        let mut phase = 0.0f32;
        for n in 0..syllable {
            let t = n as f32 / syllable as f32;
            let pitch = from + (to - from) * t;
            phase += pitch / RATE as f32;
            let mut sample = 0.0;
            for harmonic in 1..=30u8 {
                let hz = f32::from(harmonic) * pitch;
                if hz > 3_600.0 {
                    break;
                }
                let near = |formant: f32| 1.0 / (1.0 + ((hz - formant) / 120.0).powi(2));
                let gain = near(f1) + 0.6 * near(f2) + 0.02;
                sample += gain * (std::f32::consts::TAU * f32::from(harmonic) * phase).sin();
            }
            let envelope = (std::f32::consts::PI * t).sin();
            out.push(envelope * (0.22 * sample + hiss * (random() - 0.5)));
        }
        out.extend(std::iter::repeat_n(0.0, pause));
    }
    out.truncate(total);
    out
}

fn clip(samples: &[f32]) -> SpeechClip {
    SpeechClip {
        id: 1,
        sample_rate: RATE,
        samples: samples
            .iter()
            .map(|sample| (sample * 30_000.0) as i16)
            .collect(),
    }
}

fn db(samples: &[f32]) -> f32 {
    let energy: f32 = samples.iter().map(|sample| sample * sample).sum();
    10.0 * (energy / samples.len() as f32).max(1e-12).log10()
}

fn heard(robot: &Robot, seconds: f32) -> Vec<f32> {
    let mut out = Vec::new();
    while out.len() < (seconds * 16_000.0) as usize {
        out.extend(robot.blocks.recv_timeout(PATIENCE).unwrap().samples);
    }
    out
}

/// Seconds in which the canceller learns the room.
const LEARNING: f32 = 2.0;

/// What a microphone hears of the loudspeaker, after [`LEARNING`], while a visitor says `visitor`.
fn in_a_room(voice_processing: bool, delay_ms: u64, visitor: Vec<f32>) -> Vec<f32> {
    let robot = Robot::new(MediaConfig {
        voice_processing,
        room: Some(SimulatedRoom {
            delay: Duration::from_millis(delay_ms),
            ..SimulatedRoom::default()
        }),
        ..MediaConfig::default()
    });
    assert_eq!(robot.engine.cancels_echo(), voice_processing);
    robot.engine.play(clip(&speech(1, 120.0, 5.0)));
    robot.wait_for("the clip's start", |event| {
        *event == MediaEvent::PlaybackStarted { id: 1 }
    });
    robot.blocks.try_iter().for_each(drop);
    heard(&robot, LEARNING);
    robot.engine.play_visitor(visitor);
    let heard = heard(&robot, 1.5);
    robot.engine.shutdown();
    heard
}

#[test]
fn what_the_robot_says_is_not_heard_and_a_visitor_is() {
    let visitor = speech(7, 210.0, 1.5);
    let loud = db(&visitor);
    std::thread::scope(|scope| {
        let raw = scope.spawn(|| in_a_room(false, 20, Vec::new()));
        let near = scope.spawn(|| in_a_room(true, 5, Vec::new()));
        let far = scope.spawn(|| in_a_room(true, 40, Vec::new()));
        let both = scope.spawn(|| in_a_room(true, 20, visitor.clone()));
        let raw = db(&raw.join().unwrap());
        for (delay, heard) in [("5 ms", near), ("40 ms", far)] {
            let rest = db(&heard.join().unwrap());
            println!("echo {raw:.1} dB, after {delay} {rest:.1} dB");
            assert!(
                raw - rest >= 20.0,
                "after {delay}: {raw} dB became {rest} dB"
            );
        }
        let over = db(&both.join().unwrap());
        println!("visitor {loud:.1} dB, heard over the robot with {over:.1} dB");
        assert!((over - loud).abs() <= 6.0, "{loud} dB came as {over} dB");
    });
}
