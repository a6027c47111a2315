//! `evaluate`: figures on utterances of known meaning, for a pack and for bare examples.

use crate::support::{Robot, keys};
use serde_json::Value;

const KEYS: [&str; 6] = [
    "accuracy_in_scope",
    "expected_calibration_error",
    "ms_per_utterance_p50",
    "ms_per_utterance_p95",
    "out_of_scope_precision",
    "out_of_scope_recall",
];

const OFFICE: &str = "\u{feff}# made up\r
text\texpected\tlanguage\r
What are your opening hours?\topening-hours\ten\r
ゴミの日はいつですか\tgarbage-days\tja\r
I want to talk to a person.\tperson\ten\r
What is the weather like on Mars?\tnone\ten\r
";

/// The examples' own words come back with another verb or object.
const TRAIN: &str = "\
set an alarm for six\talarm
wake me up at seven tomorrow\talarm
i need an alarm at nine thirty\talarm
please set my alarm for noon\talarm
cancel the alarm for six\talarm
play some jazz music\tmusic
put on my favourite song\tmusic
i want to hear a rock song\tmusic
play the next song on the album\tmusic
turn the music up and play it again\tmusic
how do i cook rice\trecipe
what do i need for a chocolate cake\trecipe
give me a recipe for tomato soup\trecipe
how long must i boil an egg\trecipe
find a recipe with chicken and rice\trecipe
is my passport still valid\toos
who won the game last night\toos
how far away is the moon\toos
";

const TEST: &str = "\
text\tintent
set the alarm for eight in the morning\talarm
wake me at five\talarm
play a song that i like\tmusic
could you put on some music\tmusic
how do i make soup\trecipe
a recipe for cake please\trecipe
how do i renew my driving licence\toos
what is the capital of france\toos
";

fn last_line(out: &str) -> Value {
    serde_json::from_str(out.lines().last().unwrap()).unwrap()
}

#[test]
fn a_pack_is_judged_as_its_agent_would_answer() {
    let robot = Robot::without_models();
    robot.write("u.tsv", OFFICE);
    let args = ["evaluate", "--utterances", "u.tsv", "--words-only"];
    let figures = last_line(robot.run(&[&args[..], &["--json"]].concat()).done());
    assert_eq!(keys(&figures), KEYS);
    assert_eq!(figures["accuracy_in_scope"], 1.0, "{figures}");
    assert_eq!(figures["out_of_scope_recall"], 1.0, "{figures}");
    assert_eq!(figures["out_of_scope_precision"], 1.0, "{figures}");
    assert!(figures["ms_per_utterance_p95"].as_f64().unwrap() > 0.0);
    let ran = robot.run(&args);
    for words in [
        "4 utterances, 3 in scope, 1 out of scope",
        "100.0 %",
        "ja         labels          1 of 1",
        "en         person          1 of 1",
    ] {
        assert!(ran.done().contains(words), "no {words:?} in {}", ran.out);
    }
}

#[test]
fn what_a_new_user_asked_first_is_understood_with_the_models() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/core/tests/data/agent/new-user.tsv"
    );
    let robot = Robot::with_models();
    let ran = robot.run(&["evaluate", "--utterances", file, "--json"]);
    let figures = last_line(ran.done());
    assert_eq!(figures["accuracy_in_scope"], 1.0, "{figures}");
}

#[test]
fn a_mistake_lowers_the_figures_and_is_shown() {
    let robot = Robot::without_models();
    let wrong = OFFICE
        .replace("opening-hours", "childcare")
        .replace("\tnone", "\tmoving-in");
    robot.write("u.tsv", wrong);
    let args = ["evaluate", "--utterances", "u.tsv", "--words-only"];
    let figures = last_line(robot.run(&[&args[..], &["--json"]].concat()).done());
    assert_eq!(figures["accuracy_in_scope"], 0.5, "{figures}");
    assert_eq!(figures["out_of_scope_recall"], Value::Null, "{figures}");
    assert_eq!(figures["out_of_scope_precision"], 0.0, "{figures}");
    let ran = robot.run(&args);
    for mistake in [
        "1  childcare, taken for opening-hours",
        "1  moving-in, taken for none",
    ] {
        assert!(ran.done().contains(mistake), "{}", ran.out);
    }
    assert!(!ran.done().contains("childcare, not opening-hours"));
    let ran = robot.run(&[&args[..], &["--mistakes"]].concat());
    for mistake in [
        "\tchildcare, not opening-hours (",
        "\tmoving-in, not none (",
    ] {
        assert!(ran.done().contains(mistake), "{}", ran.out);
    }
}

#[test]
fn examples_that_all_have_a_label_leave_nothing_without_one() {
    let robot = Robot::without_models();
    let labelled = |all: &str| -> String {
        let lines = all.lines().filter(|line| !line.ends_with("\toos"));
        lines.map(|line| format!("{line}\n")).collect()
    };
    robot.write("train.tsv", labelled(TRAIN));
    robot.write("test.tsv", TEST);
    let files = ["--train", "train.tsv", "--utterances", "test.tsv"];
    let args = [&["evaluate", "--words-only", "--json"][..], &files].concat();
    let figures = last_line(robot.run(&args).done());
    assert_eq!(figures["out_of_scope_recall"], 0.0, "{figures}");
}

#[test]
fn bare_examples_teach_a_classifier() {
    let robot = Robot::with_models();
    robot.write("train.tsv", TRAIN);
    robot.write("test.tsv", TEST);
    for way in ["--words-only", "--json"] {
        let files = ["--train", "train.tsv", "--utterances", "test.tsv"];
        let args = [&["evaluate"][..], &files, &["--json"]].concat();
        let args = [
            &args[..],
            if way == "--json" {
                &[]
            } else {
                &["--words-only"]
            },
        ]
        .concat();
        let figures = last_line(robot.run(&args).done());
        assert_eq!(keys(&figures), KEYS);
        let accuracy = figures["accuracy_in_scope"].as_f64().unwrap();
        assert!(accuracy > 0.6, "{way}: {figures}");
    }
}

#[test]
fn examples_alone_are_tried_by_parts() {
    let robot = Robot::without_models();
    robot.write("train.tsv", TRAIN);
    let args = [
        "evaluate",
        "--train",
        "train.tsv",
        "--folds",
        "3",
        "--none",
        "oos",
    ];
    let ran = robot.run(&[&args[..], &["--words-only"]].concat());
    let first = ran.done().lines().next().unwrap();
    assert_eq!(first, "18 utterances, 15 in scope, 3 out of scope");
    assert!(
        ran.err.contains("learning and trying, by parts: 1 of 3"),
        "how far it is, on standard error: {ran:#?}"
    );
    let again = robot.run(&[&args[..], &["--words-only"]].concat());
    let untimed = |out: &str| -> Vec<String> {
        let lines = out.lines().filter(|line| !line.starts_with("time"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(untimed(&ran.out), untimed(&again.out));
}

#[test]
fn a_file_that_does_not_fit_is_told_in_a_sentence() {
    let robot = Robot::without_models();
    robot.write("u.tsv", OFFICE);
    robot.write("typo.tsv", "When do you open?\topening-hour\n");
    robot.write("one.tsv", "When do you open?\n");
    robot.write("train.tsv", TRAIN);
    robot.write("single.tsv", "a b\tx\nc d\ty\ne f\ty\n");
    robot.write("other.tsv", "hello\tgreeting\n");
    for (args, words) in [
        (&["--utterances", "nowhere.tsv"][..], "nowhere.tsv"),
        (&["--utterances", "typo.tsv"], "line 1: the pack"),
        (
            &["--utterances", "typo.tsv"],
            "has no topic or flow `opening-hour`",
        ),
        (&["--utterances", "one.tsv"], "line 1: one column"),
        (
            &["--train", "single.tsv", "--utterances", "single.tsv"],
            "the label `x` has one example",
        ),
        (
            &["--train", "train.tsv", "--utterances", "other.tsv"],
            "no example in --train has the label `greeting`",
        ),
    ] {
        let args = [&["evaluate", "--words-only"], args].concat();
        let ran = robot.run(&args);
        assert!(ran.complaint().contains(words), "{args:?}: {ran:#?}");
    }
    let ran = robot.run(&["evaluate", "--utterances", "u.tsv"]);
    assert!(ran.complaint().contains("models fetch"), "{ran:#?}");
}

#[test]
fn wrong_use_is_refused_before_anything_is_read() {
    let robot = Robot::without_models();
    for args in [
        &["evaluate"][..],
        &["evaluate", "--train", "a.tsv"],
        &["evaluate", "--folds", "5"],
        &["evaluate", "--train", "a.tsv", "--folds", "1"],
        &[
            "evaluate",
            "--train",
            "a.tsv",
            "--folds",
            "5",
            "--utterances",
            "b.tsv",
        ],
        &[
            "evaluate",
            "--train",
            "a.tsv",
            "--utterances",
            "b.tsv",
            "--pack",
            "pack",
        ],
    ] {
        let ran = robot.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {ran:#?}");
    }
}
