//! The sample of each configuration and its explanation in `docs/config.md` know the same keys.

use std::collections::BTreeMap;

use crate::Breach;
use crate::files::Tree;

const EXPLANATION: &str = "docs/config.md";
const SAMPLES: [&str; 2] = ["robot-firmware/robot.toml", "operator-console/console.toml"];

/// Keys with their section, such as `screen.listen`, each with the line at which it stands.
type Keys = BTreeMap<String, usize>;

/// Compares the keys of the samples, those in comments included, with the tables of the explanation.
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
        let name = sample.rsplit('/').next().unwrap_or(sample);
        let (shown, explained) = (keys_of_sample(text), keys_of_explanation(explanation, name));
        for (key, line) in shown
            .iter()
            .filter(|(key, _)| !explained.contains_key(*key))
        {
            let message = format!("`{key}` is not explained in {EXPLANATION}; add it there");
            breaches.push(Breach::new(format!("{sample}:{line}"), message));
        }
        for (key, line) in explained
            .iter()
            .filter(|(key, _)| !shown.contains_key(*key))
        {
            let message = format!("`{key}` is not in {sample}; show it there with its default");
            breaches.push(Breach::new(format!("{EXPLANATION}:{line}"), message));
        }
    }
    breaches
}

/// The keys that a sample sets, or would set without the comment signs.
fn keys_of_sample(text: &str) -> Keys {
    let mut keys = Keys::new();
    let mut section = "";
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start().trim_start_matches("# ");
        if let Some(name) = section_of(line) {
            section = name;
        } else if let Some((key, _)) = line.split_once(" = ")
            && is_key(key)
        {
            keys.entry(whole(section, key)).or_insert(index + 1);
        }
    }
    keys
}

/// The keys in the first cells of the tables that stand under the heading of a file.
fn keys_of_explanation(text: &str, file: &str) -> Keys {
    let mut keys = Keys::new();
    let mut is_of_file = false;
    let mut sections = vec![""];
    for (index, line) in text.lines().enumerate() {
        if let Some(heading) = line.strip_prefix("### ") {
            sections = in_code_type(heading).filter_map(section_of).collect();
        } else if let Some(heading) = line.strip_prefix("## ") {
            is_of_file = in_code_type(heading).any(|name| name == file);
            sections = vec![""];
        } else if let Some(row) = line.strip_prefix("| ")
            && is_of_file
        {
            let cell = row.split(" |").next().unwrap_or_default();
            for name in in_code_type(cell) {
                if name.contains('.') {
                    keys.insert(name.to_owned(), index + 1);
                    continue;
                }
                for section in &sections {
                    keys.insert(whole(section, name), index + 1);
                }
            }
        }
    }
    keys
}

/// The name of a section, `[name]` or `[[name]]`.
fn section_of(line: &str) -> Option<&str> {
    let name = line.strip_prefix('[')?.strip_suffix(']')?;
    let name = name
        .strip_prefix('[')
        .map_or(name, |name| name.trim_end_matches(']'));
    is_key(name).then_some(name)
}

fn in_code_type(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn whole(section: &str, key: &str) -> String {
    if section.is_empty() {
        return key.to_owned();
    }
    format!("{section}.{key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(robot: &str, console: &str, explanation: &str) -> Vec<String> {
        let tree = Tree::of_texts(&[
            (SAMPLES[0], robot),
            (SAMPLES[1], console),
            (EXPLANATION, explanation),
        ]);
        let found = check(&tree).into_iter();
        let words = |breach: Breach| {
            let key = breach.message.split('`').nth(1).unwrap().to_owned();
            format!("{} {key}", breach.place)
        };
        found.map(words).collect()
    }

    #[test]
    fn a_key_without_an_explanation_is_named_with_its_line() {
        let found = places(
            "# The pack.\npack = \"p\"\n\n[microphone]\n# device = \"hw:1\"\n",
            "listen_tls = \"off\"\n# a sentence, no key\n",
            "## `robot.toml`\n| `pack` | x |\n### `[microphone]`\n| `device` | x |\n\
             ## `console.toml`\n| `listen` | that `listen_tls` isn't |\n",
        );
        let listen_tls = format!("{}:1 listen_tls", SAMPLES[1]);
        assert_eq!(found, [listen_tls, format!("{EXPLANATION}:6 listen")]);
    }

    #[test]
    fn a_key_counts_in_its_own_section_only() {
        let found = places(
            "[camera]\nsource = \"none\"\n[[visitor]]\n# [[translation]]\n# from = \"es\"\n",
            "",
            "## `robot.toml`\n### `[camera]`, `[microphone]`\n| `source` (in each) | x |\n\
             | `microphone.echo_ms` | x |\n### `[[translation]]`\n| `from`, `to` | x |\n",
        );
        let missing = [
            "4 microphone.echo_ms",
            "3 microphone.source",
            "6 translation.to",
        ];
        assert_eq!(found, missing.map(|one| format!("{EXPLANATION}:{one}")));
    }

    #[test]
    fn a_missing_sample_is_a_breach() {
        assert_eq!(check(&Tree::default()).len(), 2);
    }
}
