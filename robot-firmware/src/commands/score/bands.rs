//! What the recogniser's confidence is worth: how much was right in each band of it.

use std::io::{self, Write};

use madoguchi_speech::scoring::error_rate::{Errors, Measure, said};
use madoguchi_speech::whisper::Transcript;
use serde_json::{Value, json};

/// Where one band ends and the next begins.
const EDGES: [f32; 5] = [0.2, 0.3, 0.5, 0.7, 0.9];

/// What adds up in one band.
#[derive(Debug, Default, Clone, Copy)]
struct Band {
    words: usize,
    words_right: usize,
    utterances: usize,
    errors: Errors,
}

/// All bands, the least confidence first.
#[derive(Debug, Default)]
pub(super) struct Bands([Band; EDGES.len() + 1]);

impl Bands {
    /// Counts an utterance of which `reference` was said.
    pub(super) fn add(&mut self, reference: &str, transcript: &Transcript, measure: Measure) {
        let own = &mut self.0[band(transcript.confidence)];
        own.utterances += 1;
        own.errors += Errors::between(reference, &transcript.text, measure);
        let words: Vec<&str> = transcript
            .words
            .iter()
            .map(|word| word.text.as_str())
            .collect();
        let right = said(reference, &words, measure);
        for (word, right) in transcript.words.iter().zip(right) {
            let band = &mut self.0[band(word.confidence)];
            band.words += usize::from(right.is_some());
            band.words_right += usize::from(right == Some(true));
        }
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for (index, band) in self.0.iter().enumerate() {
            let Band {
                words,
                words_right,
                utterances,
                errors,
            } = band;
            if *words == 0 && *utterances == 0 {
                continue;
            }
            let (from, to) = edges(index);
            write!(
                out,
                "confidence {from:.1} to {to:.1}: {words_right} of {words} words right"
            )?;
            match errors.rate() {
                Some(rate) => writeln!(
                    out,
                    "; {utterances} whole utterances, errors {:.1} %",
                    100.0 * rate
                )?,
                None => writeln!(out)?,
            }
        }
        Ok(())
    }

    pub(super) fn json(&self) -> Value {
        let bands = self.0.iter().enumerate().map(|(index, band)| {
            let (from, to) = edges(index);
            json!({
                "from": from,
                "to": to,
                "words": band.words,
                "words_right": band.words_right,
                "utterances": band.utterances,
                "error_rate": band.errors.rate(),
            })
        });
        bands.collect()
    }
}

fn band(confidence: f32) -> usize {
    EDGES.iter().filter(|edge| confidence >= **edge).count()
}

/// From where to where a band goes.
fn edges(band: usize) -> (f32, f32) {
    let below = |band: usize| EDGES.get(band).copied();
    let from = band.checked_sub(1).and_then(below);
    (from.unwrap_or(0.0), below(band).unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_next_to_each_other_from_0_to_1() {
        assert_eq!([0.0, 0.19, 0.2, 0.5, 1.0].map(band), [0, 0, 1, 3, 5]);
        assert_eq!(edges(0), (0.0, 0.2));
        assert_eq!(edges(3), (0.5, 0.7));
        assert_eq!(edges(5), (0.9, 1.0));
    }
}
