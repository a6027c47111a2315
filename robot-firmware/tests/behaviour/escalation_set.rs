//! The labelled turns of `evaluate --escalation`, and the command on them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::{CRATE, Robot};
use serde_json::Value;
use sha2::{Digest, Sha256};

const SEED: &str = "escalation 1";

fn half(name: &str) -> String {
    let folder = Path::new(CRATE).join("core/tests/data/agent");
    fs::read_to_string(folder.join(format!("escalation-{name}.tsv"))).unwrap()
}

#[test]
fn the_halves_are_those_of_the_seed_and_share_no_turn() {
    let mut turns = BTreeSet::new();
    for (name, odd) in [("tuning", false), ("sealed", true)] {
        for row in half(name).lines().skip(1) {
            let columns: Vec<&str> = row.split('\t').collect();
            let digest = Sha256::digest(format!("{SEED} {}", columns[3]));
            assert_eq!(digest[0] % 2 == 1, odd, "{row}");
            assert!(
                turns.insert(columns[0].to_owned()),
                "{row} stands there twice"
            );
        }
    }
    assert!(turns.len() >= 600);
}

#[test]
fn no_training_sentence_is_a_turn_of_the_set() {
    let turns: BTreeSet<String> = ["tuning", "sealed", "fresh"]
        .into_iter()
        .flat_map(|name| {
            half(name)
                .lines()
                .map(|row| row.split('\t').next().unwrap().to_lowercase())
                .collect::<Vec<_>>()
        })
        .skip(1)
        .collect();
    let taught = Path::new(CRATE).join("core/data/escalation/sentences.tsv");
    for row in fs::read_to_string(taught).unwrap().lines().skip(1) {
        let text = row.split('\t').next().unwrap().to_lowercase();
        assert!(!turns.contains(&text), "{row}");
    }
}

const TURNS: &str = "\
text\tlang\texpected\tvisit
I want to kill myself\ten\tsafety\ta
What are your opening hours?\ten\tnone\tb
I want to talk to a person\ten\tasked_for_person\tb
This queue is killing me\ten\tnone\tc
人が倒れました\tja\tsafety\td
";

#[test]
fn each_reason_and_language_is_judged() {
    let robot = Robot::without_models();
    robot.write("turns.tsv", TURNS);
    let args = ["evaluate", "--escalation", "turns.tsv", "--words-only"];
    let ran = robot.run(&[&args[..], &["--json"]].concat());
    let figures: Value = serde_json::from_str(ran.done()).unwrap();
    assert_eq!(figures["visits"], 4);
    for own in figures["reasons"].as_array().unwrap() {
        assert_eq!(own["recall"], 1.0, "{own}");
    }
    assert_eq!(figures["reasons"].as_array().unwrap().len(), 3);
    assert_eq!(figures["needless"][0]["needless"], 0);
    let wrong = TURNS
        .replace("person\tb", "distress\tb")
        .replace("me\ten\tnone", "me\ten\tdistress");
    robot.write("turns.tsv", wrong.replace("asked_for_distress", "distress"));
    let told = robot.run(&[&args[..], &["--mistakes"]].concat());
    for words in [
        "wrong reason\ten\texpected distress\tgot asked_for_person",
        "missed\ten",
        "0.0 %",
    ] {
        assert!(told.done().contains(words), "{}", told.out);
    }
}

#[test]
fn a_file_of_other_columns_is_told() {
    let robot = Robot::without_models();
    robot.write("turns.tsv", "a\tb\n");
    let ran = robot.run(&["evaluate", "--escalation", "turns.tsv", "--words-only"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("the columns must be named"), "{}", ran.err);
}
