//! Flows, actions and topics of a pack that don't agree are told with what they miss.

use crate::support::packs::sample_with;
use madoguchi_core::pack::{Pack, PackFile, Problem};

fn problems(files: &[PackFile]) -> Vec<Problem> {
    Pack::parse(files).expect_err("the pack was taken")
}

/// The only problem of the sample pack after one change, as it is shown to people.
fn problem(path: &str, from: &str, to: &str) -> String {
    let problems = problems(&sample_with(path, |text| text.replacen(from, to, 1)));
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems[0].to_string()
}

fn booking(from: &str, to: &str) -> String {
    problem("flows/book-appointment.toml", from, to)
}

#[test]
fn a_step_that_nobody_reaches_is_named() {
    for (when, why) in [
        (
            "service is fishing",
            "`service` is never “fishing”; it can be: residence, insurance",
        ),
        (
            "nobody is here",
            "`when` is about `nobody`, which is no earlier step",
        ),
    ] {
        let told = booking(
            "id = \"day\"\n",
            &format!("id = \"day\"\nwhen = \"{when}\"\n"),
        );
        assert!(told.starts_with("flows/book-appointment.toml:4"), "{told}");
        assert!(
            told.contains("the step `day` is unreachable") && told.contains(why),
            "{told}"
        );
    }
    let told = problems(&sample_with("flows/book-appointment.toml", |text| {
        text.replacen(
            "[[steps]]\nid = \"day\"",
            "[[steps]]\nid = \"stop\"\nperson = \"asked_for_person\"\n\n[[steps]]\nid = \"day\"",
            1,
        )
    }));
    assert!(told.iter().any(|p| {
        p.message
            .contains("`day` is unreachable: an earlier step always calls a person")
    }));
}

#[test]
fn an_action_without_a_tier_is_refused() {
    let told = problems(&sample_with("actions/list-slots.toml", |text| {
        text.replacen("tier = \"read\"\n", "", 1)
    }))[0]
        .to_string();
    assert!(
        told.contains("`tier` is missing; it is one of: read, reversible, irreversible"),
        "{told}"
    );
}

#[test]
fn references_that_lead_nowhere_are_named() {
    let told = problems(&sample_with("flows/book-appointment.toml", |text| {
        text.replacen("action = \"list-slots\"", "action = \"list-slot\"", 1)
    }));
    let dead = "there is no actions/list-slot.toml";
    assert!(told.iter().any(|p| p.message.contains(dead)), "{told:#?}");
    let told = problem(
        "actions/book-appointment.toml",
        "slot = \"{slot}\"",
        "slot = \"{slott}\"",
    );
    assert!(
        told.contains("`{slott}` is neither a result nor answered in the flow `book-appointment`"),
        "{told}"
    );
    let told = problems(&sample_with("actions/find-application.toml", |text| {
        let level = "verification = \"letter_and_birth_date\"";
        text.replacen(level, "verification = \"passport\"", 1)
    }));
    assert!(
        told.iter().any(|p| p.message.contains("no flow grants")),
        "{told:#?}"
    );
    let told = booking("again_from = \"day\"", "again_from = \"month\"");
    assert!(
        told.contains("`again_from` is `month`, which is no earlier question"),
        "{told}"
    );
}

#[test]
fn one_sentence_cannot_stand_for_two_things() {
    let told = booking(
        "\"I want to book an appointment\"",
        "\"i just moved here, what do i have to do\"",
    );
    assert!(
        told.contains("is an example of `moving-in` (topics/moving-in.toml) too"),
        "{told}"
    );
}
