//! The voice detector on packaged recordings and on made-up noise.

use std::time::Duration;

use crate::support::packaged;
use madoguchi_speech::vad::{FRAME, FRAME_SAMPLES, VoiceDetector, voiced_time};
use madoguchi_speech::wav;

#[test]
fn speech_is_told_from_noise() {
    let dir = packaged("/usr/share/sounds/alsa", "alsa-utils");
    let voiced = |file: &str| voiced_time(&wav::read(&dir.join(file)).unwrap());
    for file in ["Front_Center.wav", "Rear_Left.wav", "Side_Right.wav"] {
        let time = voiced(file);
        assert!(
            time.longest > Duration::from_millis(300),
            "{file}: {time:?}"
        );
    }
    let noise = voiced("Noise.wav");
    assert!(noise.total < Duration::from_millis(200), "{noise:?}");
}

#[test]
fn frames_come_out_however_the_samples_come_in() {
    let samples: Vec<f32> = (0..16_000)
        .map(|i| ((i * i) as f32 * 0.001).sin() * 0.2)
        .collect();
    let frames = |chunk: usize| {
        let (mut detector, mut frames) = (VoiceDetector::new(), Vec::new());
        samples
            .chunks(chunk)
            .for_each(|part| detector.push(part, |p| frames.push(p)));
        frames
    };
    let whole = frames(samples.len());
    assert_eq!(whole.len(), samples.len() / FRAME_SAMPLES);
    assert_eq!(FRAME * 625, Duration::from_secs(10));
    assert!(
        whole
            .iter()
            .all(|probability| (0.0..=1.0).contains(probability))
    );
    for chunk in [1, 160, 257, 4_000] {
        assert_eq!(frames(chunk), whole);
    }
}
