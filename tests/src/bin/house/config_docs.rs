//! Every configuration key that a sample file shows must be explained in `docs/config.md`.

use crate::Breach;
use crate::files::Tree;

const EXPLANATION: &str = "docs/config.md";
const SAMPLES: [&str; 2] = ["robot-firmware/robot.toml", "operator-console/console.toml"];

/// Compares the keys of the samples, those in comments included, with the words in code type of
/// the explanation.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let explanation = tree.text(EXPLANATION).unwrap_or_default();
    for sample in SAMPLES {
        let Some(text) = tree.text(sample) else {
            breaches.push(Breach::new(
                sample,
                "is missing; it is the sample of the configuration",
            ));
            continue;
        };
        for (index, line) in text.lines().enumerate() {
            let Some(key) = key_of(line) else { continue };
            let explained = [format!("`{key}`"), format!(".{key}`")];
            if !explained.iter().any(|form| explanation.contains(form)) {
                let message = format!("`{key}` is not explained in {EXPLANATION}; add it there");
                breaches.push(Breach::new(format!("{sample}:{}", index + 1), message));
            }
        }
    }
    breaches
}

/// The key that a line sets, or would set without its comment sign.
fn key_of(line: &str) -> Option<&str> {
    let line = line.trim_start().trim_start_matches("# ");
    let (key, _) = line.split_once(" = ")?;
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_key.then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_an_explanation_is_named_with_its_line() {
        let found = check(&Tree::of_texts(&[
            (
                SAMPLES[0],
                "# The pack.\npack = \"p\"\n\n[microphone]\n# device = \"hw:1\"\n",
            ),
            (SAMPLES[1], "listen_tls = \"off\"\n# a sentence, no key\n"),
            (EXPLANATION, "| `pack` | and `microphone.device` |"),
        ]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, format!("{}:1", SAMPLES[1]));
        assert!(found[0].message.contains("`listen_tls`"));
    }

    #[test]
    fn a_missing_sample_is_a_breach() {
        assert_eq!(check(&Tree::default()).len(), 2);
    }
}
