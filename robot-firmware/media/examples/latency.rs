//! How long sound takes through the engine: from the microphone to a block, and from a clip to the
//! loudspeaker. Devices are simulated, the loudspeaker with a buffer of 60 ms as real ones have
//! it; what a driver or a sound server adds is not in these figures.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use madoguchi_media::{AudioBlock, MediaConfig, MediaEngine, SimulatedRoom, SpeechClip};

const RUNS: usize = 25;
const LOUD: f32 = 0.02;
const BURST_SECONDS: f32 = 0.1;
const PATIENCE: Duration = Duration::from_secs(5);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    println!("milliseconds, {RUNS} runs                     p50    p95");
    for voice_processing in [false, true] {
        let room = SimulatedRoom {
            delay: Duration::from_millis(10),
            loss_db: 0,
        };
        let (events, _events) = bounded(1_024);
        let (block_sender, blocks) = bounded(64);
        let config = MediaConfig {
            voice_processing,
            room: Some(room),
            ..MediaConfig::default()
        };
        let engine =
            MediaEngine::start(config, runtime.handle(), events, block_sender, bounded(1).0)
                .unwrap();

        let heard = measure(&blocks, |_| engine.play_visitor(burst(16_000)));
        if voice_processing {
            report("microphone → block, processed", &heard);
        } else {
            report("microphone → block, unprocessed", &heard);
            let way_back = heard[RUNS / 2] + room.delay;
            let said = measure(&blocks, |id| engine.play(clip(id)));
            let said: Vec<_> = said
                .into_iter()
                .map(|time| time.saturating_sub(way_back))
                .collect();
            report("clip → loudspeaker", &said);
        }
        engine.shutdown();
    }
}

/// Times from `act` to the first loud block, the shortest first.
fn measure(blocks: &Receiver<AudioBlock>, act: impl Fn(u64)) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..RUNS as u64)
        .map(|run| {
            wait_for_silence(blocks);
            // The runs begin at different moments of a device's period.
            std::thread::sleep(Duration::from_micros(1_700 * run));
            let begin = Instant::now();
            act(run);
            loop {
                let block = blocks.recv_timeout(PATIENCE).unwrap();
                if is_loud(&block) {
                    return block.at.saturating_duration_since(begin);
                }
            }
        })
        .collect();
    times.sort_unstable();
    times
}

fn wait_for_silence(blocks: &Receiver<AudioBlock>) {
    let mut silent = 0;
    while silent < 30 {
        let block = blocks.recv_timeout(PATIENCE).unwrap();
        silent = if is_loud(&block) { 0 } else { silent + 1 };
    }
}

fn is_loud(block: &AudioBlock) -> bool {
    block.samples.iter().any(|sample| sample.abs() > LOUD)
}

fn burst(rate_hz: u32) -> Vec<f32> {
    (0..(rate_hz as f32 * BURST_SECONDS) as usize)
        .map(|n| (n as f32 * 700.0 / rate_hz as f32 * std::f32::consts::TAU).sin() * 0.5)
        .collect()
}

fn clip(id: u64) -> SpeechClip {
    let samples = burst(48_000).into_iter();
    SpeechClip {
        id,
        sample_rate: 48_000,
        samples: samples.map(|sample| (sample * 32_000.0) as i16).collect(),
    }
}

fn report(what: &str, times: &[Duration]) {
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    let nearest_rank = |percent: usize| times[(RUNS * percent).div_ceil(100) - 1];
    let (p50, p95) = (nearest_rank(50), nearest_rank(95));
    println!("{what:<36} {:>6.1} {:>6.1}", ms(p50), ms(p95));
}
