//! A file that grows too long has two subjects.

use crate::Breach;
use crate::files::Tree;

const AIM: usize = 400;
const LIMIT: usize = 500;
/// What nobody writes line by line: generated files, records, a licence's text.
const NOT_BY_HAND: [&str; 6] = [
    ".gen.ts",
    ".gen.json",
    ".lock",
    "-lock.json",
    ".jsonl",
    "LICENSE",
];
/// Labelled sentences, one a line, for training and judging: whoever splits such a list must
/// afterwards look for a sentence, and for its twin, in two.
const LABELLED: &str = ".tsv";
/// Of the rules in it the first one that holds decides. In one file that order is seen; in several
/// it would be that of their names.
const ORDERED: &str = "robot-firmware/pack/policies.toml";

/// Breaches (over 500 lines) and warnings (over 400) among files that people write.
pub(crate) fn check(tree: &Tree) -> (Vec<Breach>, Vec<Breach>) {
    let mut breaches = Vec::new();
    let mut warnings = Vec::new();
    for (path, text) in tree.texts() {
        let by_hand = !NOT_BY_HAND.iter().any(|ending| path.ends_with(ending));
        if !by_hand || path.ends_with(LABELLED) || path == ORDERED {
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
            ("a/labelled.tsv", &lines(900)),
            (ORDERED, &lines(900)),
            ("robot-firmware/pack/none.toml", &lines(502)),
        ]);
        let (breaches, warnings) = check(&tree);
        let refused: Vec<_> = breaches
            .iter()
            .map(|breach| breach.place.as_str())
            .collect();
        assert_eq!(refused, ["a/refused.rs", "robot-firmware/pack/none.toml"]);
        assert!(breaches[0].message.contains("501"));
        let warned: Vec<_> = warnings
            .iter()
            .map(|warning| warning.place.as_str())
            .collect();
        assert_eq!(warned, ["a/most.rs", "a/warned.svelte"]);
    }
}
