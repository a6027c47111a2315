//! What the agent may not decide alone.

use crate::support::{Robot, packs};
use madoguchi_core::output::Milestone;
use madoguchi_core::pack::PackFile;
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::ReasonCode;

const RULES: &str = r#"
[[rules]]
id = "tax-by-itself"
version = "1"
effect = "allow"
[rules.when]
flow = "book-appointment"
values = ["service is childcare"]
[rules.says]
ja = "よい"
en = "Children first."
pt = "Sim"

[[rules]]
id = "no-tax-appointments"
version = "2026-04"
effect = "refuse"
[rules.when]
flow = "book-appointment"
values = ["service is tax"]
[rules.says]
ja = "税の予約はない"
en = "There are no appointments for taxes."
pt = "Sem horários para impostos."
[rules.say]
ja = "税金の予約は受け付けていません。"
en = "Taxes have no appointments; please come any day."
pt = "Não há horários para impostos."

[[rules]]
id = "far-ahead"
version = "3"
effect = "policy_exception"
[rules.when]
flow = "book-appointment"
values = ["service is not tax", "day above 2023-12-24"]
[rules.says]
ja = "遠い日"
en = "Days after Christmas are given by staff."
pt = "Dias depois do Natal."
[rules.next_step]
en = "Look into the paper calendar."

[[rules]]
id = "threats"
version = "1"
effect = "policy_exception"
[rules.says]
ja = "脅し"
en = "Threats are a matter for staff."
pt = "Ameaças"
[rules.ask]
ja = ["ぶっ壊してやる", "火をつけるぞ", "殴るぞ"]
en = ["I will smash this machine to pieces", "Can you waive the fee for me?", "I will hit somebody here"]
pt = ["Vou quebrar esta máquina", "Vou pôr fogo aqui", "Vou bater em alguém aqui"]

[[rules]]
id = "filming"
version = "1"
effect = "refuse"
[rules.says]
ja = "撮影禁止"
en = "Nobody films in the hall."
pt = "Não se filma no saguão."
[rules.say]
ja = "撮影はできません。"
en = "Please don't film here."
pt = "Por favor, não filme aqui."
[rules.ask]
ja = ["ここで動画を撮ってもいいですか", "撮影してもかまいませんか", "ビデオを回したい"]
en = ["May I film a video in this hall?", "Can I record a movie of the counter?", "I want to shoot footage here"]
pt = ["Posso gravar um vídeo aqui?", "Posso filmar o balcão?", "Quero fazer uma filmagem aqui"]
"#;

fn robot() -> Robot {
    with_rules(packs::sample_files(), RULES)
}

fn with_rules(mut files: Vec<PackFile>, rules: &str) -> Robot {
    files.retain(|file| file.path != "policies.toml");
    files.push(PackFile {
        path: "policies.toml".to_owned(),
        text: rules.to_owned(),
    });
    Robot::with_office_of(packs::parsed(&files))
}

fn booking(service: &str) -> Robot {
    let mut robot = robot();
    robot.hears_pack("en", "I want to book an appointment");
    robot.answers(service);
    robot
}

fn fired(robot: &Robot) -> Vec<String> {
    let policy = |output: &Output| match output {
        Output::Milestone {
            milestone: Milestone::Policy(rule, ..),
            ..
        } => Some(rule.clone()),
        _ => None,
    };
    robot.outputs.iter().filter_map(policy).collect()
}

#[test]
fn a_refusal_is_said_in_the_offices_words_and_ends_the_flow() {
    let mut robot = booking("tax");
    assert_eq!(
        robot.last_said(),
        "Taxes have no appointments; please come any day."
    );
    assert!(robot.view().form.is_none());
    assert!(robot.packets().is_empty());
    robot.input(Input::PressedPerson);
    let flags = robot.packet().policy_flags;
    assert_eq!(
        (flags[0].rule.as_str(), flags[0].version.as_str()),
        ("no-tax-appointments", "2026-04")
    );
}

#[test]
fn what_is_allowed_first_is_not_asked_about_again() {
    let robot = booking("childcare");
    assert_eq!(fired(&robot), ["tax-by-itself"]);
    assert!(robot.view().form.is_some());
}

#[test]
fn an_exception_opens_a_case_with_rule_version_and_next_step() {
    let mut robot = booking("insurance");
    robot.answers_and_confirms("2024-01-04");
    let packet = robot.packet();
    assert_eq!(packet.reason.code, ReasonCode::PolicyException);
    assert!(
        packet.reason.evidence[0]
            .detail
            .contains("far-ahead version 3")
    );
    assert_eq!(
        packet.policy_flags[0].says,
        "Days after Christmas are given by staff."
    );
    assert!(
        packet
            .next_steps
            .iter()
            .any(|step| step.text == "Look into the paper calendar."
                && step.source == "rule far-ahead 3")
    );
    assert!(packet.facts.iter().any(|fact| fact.value == "2024-01-04"));
    let mut robot = booking("insurance");
    robot.answers_and_confirms("2023-12-20");
    assert!(robot.packets().is_empty());
}

#[test]
fn words_alone_can_break_a_rule() {
    let mut robot = robot();
    robot.hears_pack("en", "Can you waive the fee for me?");
    let packet = robot.packet();
    assert_eq!(packet.reason.code, ReasonCode::PolicyException);
    assert_eq!(
        packet.policy_flags[0].asked,
        "Can you waive the fee for me?"
    );
}

#[test]
fn a_refused_question_in_the_middle_leaves_the_flow_where_it_was() {
    let mut robot = booking("insurance");
    robot.hears_pack("en", "May I film a video in this hall?");
    let said = robot.last_said();
    assert!(said.starts_with("Please don't film here."), "{said}");
    assert!(said.contains("which day"), "{said}");
    assert!(robot.view().form.is_some());
}

#[test]
fn a_question_on_the_side_keeps_to_the_topics_rule() {
    let rule = r#"
[[rules]]
id = "hours-at-the-desk"
version = "1"
effect = "refuse"
[rules.when]
topic = "opening-hours"
[rules.says]
ja = "窓口で"
en = "Hours are told at the desk."
pt = "No balcão."
[rules.say]
ja = "窓口でお尋ねください。"
en = "Please ask at the desk."
pt = "Pergunte no balcão."
"#;
    let mut robot = with_rules(packs::sample_files(), rule);
    robot.hears_pack("en", "I want to book an appointment");
    robot.take();
    robot.types("What are your opening hours?");
    assert!(robot.last_said().starts_with("Please ask at the desk. "));
    assert!(robot.view().form.is_some(), "the flow goes on");
    robot.input(Input::CancelledForm);
    robot.types("What are your opening hours?");
    assert_eq!(robot.last_said(), "Please ask at the desk.");
}

fn with_hours_until(day: &str) -> Robot {
    with_topic_until("topics/opening-hours.toml", day)
}

fn with_topic_until(topic: &str, day: &str) -> Robot {
    let days = format!("valid_until = {day}\n[title]");
    let files = packs::sample_with(topic, |text| text.replacen("[title]", &days, 1));
    with_rules(files, "")
}

#[test]
fn an_answer_that_expired_is_not_given() {
    for in_flow in [false, true] {
        let mut robot = with_hours_until("2023-11-14");
        if in_flow {
            robot.hears_pack("en", "I want to book an appointment");
            robot.take();
        }
        robot.types("What are your opening hours?");
        let said = robot.last_said();
        assert!(said.contains("not valid today"), "{said}");
        assert_eq!(robot.packet().reason.code, ReasonCode::LowConfidence);
        assert!(robot.packet().route.skills.is_empty());
    }
    let mut robot = with_hours_until("2023-11-15");
    robot.types("What are your opening hours?");
    assert!(robot.packets().is_empty(), "the last day is one");
}

#[test]
fn a_question_whose_answer_expired_is_no_button() {
    let topic = "topics/garbage-days.toml";
    let offers = |day| with_topic_until(topic, day).view().suggestions.clone();
    assert_ne!(offers("2023-11-14"), offers("2023-11-15"));
}

const UNPAID: &str = r#"
[[rules]]
id = "unpaid"
version = "1"
effect = "refuse"
[rules.when]
action = "take-queue-number"
values = ["paper is not yes"]
[rules.says]
ja = "紙"
en = "Paper only."
pt = "Papel."
[rules.say]
ja = "紙だけです。"
en = "Paper only, please."
pt = "Só papel."
"#;

#[test]
fn nothing_is_changed_while_a_rule_against_it_may_hold() {
    let question = r#"
[[steps]]
id = "paper"
ask = "yes_no"
when = "service is tax"
[steps.prompt]
ja = "紙が必要ですか。"
en = "Do you need it on paper?"
pt = "Precisa em papel?"

[[steps]]
id = "taken"
"#;
    let files = packs::sample_with("flows/take-queue-number.toml", |text| {
        text.replace("[[steps]]\nid = \"taken\"\n", question)
    });
    let taking = |service: &str| {
        let mut robot = with_rules(files.clone(), UNPAID);
        robot.types("Where do I get a queue number?");
        robot.types("Take a queue number");
        robot.answers(service);
        robot
    };
    let robot = taking("childcare");
    assert!(robot.calls().is_empty(), "nobody knows about the paper");
    assert_eq!(robot.packet().reason.code, ReasonCode::PolicyException);
    let mut robot = taking("tax");
    robot.confirms(false);
    assert_eq!(robot.last_said(), "Paper only, please.");
    let mut robot = taking("tax");
    robot.confirms(true);
    assert_eq!(robot.call().tool, "take_queue_number");
}
