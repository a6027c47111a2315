//! A file that grows too long has two subjects.

use crate::Breach;
use crate::files::Tree;

const AIM: usize = 400;
const LIMIT: usize = 500;
/// What nobody writes line by line: generated, lists of words and numbers, a licence's text.
const NOT_BY_HAND: [&str; 6] = [
    ".gen.ts",
    ".lock",
    "-lock.json",
    ".jsonl",
    ".tsv",
    "LICENSE",
];
/// What a city employee writes: a list of sentences is not better in two files.
const WORDS: &str = "robot-firmware/pack/";

/// Breaches (over 500 lines) and warnings (over 400) among files that people write.
pub(crate) fn check(tree: &Tree) -> (Vec<Breach>, Vec<Breach>) {
    let mut breaches = Vec::new();
    let mut warnings = Vec::new();
    for (path, text) in tree.texts() {
        let by_hand = !NOT_BY_HAND.iter().any(|ending| path.ends_with(ending));
        if !by_hand || path.starts_with(WORDS) {
            continue;
        }
        let lines = text.lines().count();
        if lines > LIMIT {
            let message = format!("{lines} lines, the limit is {LIMIT}; split it by subject");
            breaches.push(Breach::new(path, message));
        } else if lines > AIM {
            warnings.push(Breach::new(path, format!("{lines} lines, aim at {AIM}")));
        }
    }
    (breaches, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_warned_about_and_longer_ones_refused() {
        let lines = |n: usize| "x\n".repeat(n);
        let tree = Tree::of_texts(&[
            ("a/short.rs", &lines(400)),
            ("a/warned.svelte", &lines(401)),
            ("a/most.rs", &lines(500)),
            ("a/refused.rs", &lines(501)),
            ("a/wire.gen.ts", &lines(900)),
            ("package-lock.json", &lines(900)),
            ("robot-firmware/pack/none.toml", &lines(900)),
        ]);
        let (breaches, warnings) = check(&tree);
        assert_eq!(breaches.len(), 1);
        assert_eq!(breaches[0].place, "a/refused.rs");
        assert!(breaches[0].message.contains("501"));
        let warned: Vec<_> = warnings
            .iter()
            .map(|warning| warning.place.as_str())
            .collect();
        assert_eq!(warned, ["a/most.rs", "a/warned.svelte"]);
    }
}
