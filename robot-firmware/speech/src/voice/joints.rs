//! The ends of a piece: silence that a synthesiser put there is replaced by the pause that the
//! punctuation asks for, so that pieces made apart sound like one reading.

use super::VOICE_RATE_HZ;

const SAMPLES_PER_MS: usize = VOICE_RATE_HZ as usize / 1_000;
/// A frame quieter than this, −46 dB of full scale, belongs to the silence around the words.
const SILENCE_RMS: f32 = 0.005;
const FRAME: usize = 5 * SAMPLES_PER_MS;
/// Kept around the words: soft consonants begin and end below the threshold.
const MARGIN: usize = 30 * SAMPLES_PER_MS;
/// At each end the sound rises from and falls to nothing, or the cut would click.
const FADE: usize = 5 * SAMPLES_PER_MS;
const SENTENCE_PAUSE: usize = 320 * SAMPLES_PER_MS;
const CLAUSE_PAUSE: usize = 150 * SAMPLES_PER_MS;

/// Fits levelled samples (−1 to 1 at [`VOICE_RATE_HZ`]) to be followed by another piece: the words,
/// then the pause that belongs to the last character of `piece`. Silence alone becomes nothing.
pub(super) fn fit(samples: &[f32], piece: &str) -> Vec<i16> {
    let Some((first, last)) = voiced(samples) else {
        return Vec::new();
    };
    let from = first.saturating_sub(MARGIN);
    let to = (last + MARGIN).min(samples.len());
    let words = &samples[from..to];
    let fade = FADE.min(words.len() / 2);
    let gain = |at: usize| {
        let from_edge = at.min(words.len() - 1 - at);
        if from_edge < fade {
            from_edge as f32 / fade as f32
        } else {
            1.0
        }
    };
    let to_i16 = |(at, s): (usize, &f32)| (s * gain(at) * f32::from(i16::MAX)) as i16;
    let mut fitted: Vec<i16> = words.iter().enumerate().map(to_i16).collect();
    fitted.resize(fitted.len() + pause_after(piece), 0);
    fitted
}

/// The first and one past the last sample of the frames that are no silence.
fn voiced(samples: &[f32]) -> Option<(usize, usize)> {
    let is_voiced = |frame: &[f32]| {
        let power = frame.iter().map(|s| s * s).sum::<f32>() / frame.len() as f32;
        power.sqrt() > SILENCE_RMS
    };
    let frames: Vec<&[f32]> = samples.chunks(FRAME).collect();
    let first = frames.iter().position(|frame| is_voiced(frame))?;
    let last = frames.iter().rposition(|frame| is_voiced(frame))?;
    Some((first * FRAME, ((last + 1) * FRAME).min(samples.len())))
}

fn pause_after(piece: &str) -> usize {
    let closing = |c: char| {
        matches!(
            c,
            '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '」' | '』' | '）'
        )
    };
    match piece.trim_end_matches(closing).chars().next_back() {
        Some('.' | '!' | '?' | '…' | '。' | '！' | '？' | '।' | '؟' | '۔' | '።' | '။') => {
            SENTENCE_PAUSE
        }
        Some(',' | ';' | ':' | '、' | '，' | '；' | '：' | '،' | '؛') => CLAUSE_PAUSE,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone between two silences.
    fn spoken(silence_ms: usize, tone_ms: usize) -> Vec<f32> {
        let silence = vec![0.0005; silence_ms * SAMPLES_PER_MS];
        let tone = (0..tone_ms * SAMPLES_PER_MS).map(|i| 0.3 * (i as f32 * 0.05).cos());
        silence
            .iter()
            .copied()
            .chain(tone)
            .chain(silence.clone())
            .collect()
    }

    #[test]
    fn the_pause_follows_the_punctuation_whatever_the_synthesiser_left() {
        for (piece, pause) in [
            ("Hello.", SENTENCE_PAUSE),
            ("「はい。」", SENTENCE_PAUSE),
            ("Well,", CLAUSE_PAUSE),
            ("区役所は、", CLAUSE_PAUSE),
            ("every Tuesday", 0),
        ] {
            for silence_ms in [40, 400, 1_000] {
                let fitted = fit(&spoken(silence_ms, 500), piece);
                let words = fitted.len() - pause;
                let expected = 500 * SAMPLES_PER_MS + 2 * MARGIN;
                assert!(
                    words.abs_diff(expected) <= 2 * FRAME,
                    "{piece} {words} {expected}"
                );
                assert!(fitted[words..].iter().all(|s| *s == 0), "{piece}");
            }
        }
    }

    #[test]
    fn an_end_does_not_click() {
        let fitted = fit(&spoken(0, 500), "no pause");
        let ends = [&fitted[..3], &fitted[fitted.len() - 3..]].concat();
        assert!(ends.iter().all(|s| s.unsigned_abs() < 300), "{ends:?}");
        let step = fitted
            .windows(2)
            .map(|w| w[1].abs_diff(w[0]))
            .max()
            .unwrap();
        assert!(step < 700, "{step}");
    }

    #[test]
    fn silence_becomes_nothing() {
        assert!(fit(&vec![0.001; 10_000], "…").is_empty());
        assert!(fit(&[], "x").is_empty());
        assert!(fit(&[0.5; 3], "x").len() <= 3);
    }
}
