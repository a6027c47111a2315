//! Interpreter mode: staff and visitor talk in turns through the robot, each in their own language.

use crate::support::{Robot, lang, settings};
use madoguchi_core::input::SpokenLanguage;
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::{ReasonCode, Speaker};
use madoguchi_shared::screen::{InterpreterSide as Side, InterpreterView, InterpreterWish, Stage};

/// A robot whose translator knows English and Portuguese.
fn robot() -> Robot {
    let pairs = [("en", "pt"), ("pt", "en")];
    let translations = pairs.map(|(from, to)| (lang(from), lang(to)));
    let mut robot = Robot::with(madoguchi_core::machine::Settings {
        translations: translations.to_vec(),
        ..settings()
    });
    robot.input(Input::ConsoleUp);
    robot
}

fn wishes(robot: &mut Robot, wish: InterpreterWish) {
    robot.input(Input::Interpreter(wish));
}

fn interpreter(robot: &Robot) -> InterpreterView {
    robot
        .view()
        .interpreter
        .clone()
        .expect("no interpreter mode")
}

fn begin(robot: &mut Robot) {
    wishes(robot, InterpreterWish::Choose);
    let (clerk, visitor) = (lang("en"), lang("pt"));
    wishes(robot, InterpreterWish::Between { clerk, visitor });
    robot.finishes_speaking();
    robot.take();
}

/// What was sent to be translated last, from which language to which.
fn to_translate(robot: &Robot) -> (u64, String, String, String) {
    let asked = robot.outputs.iter().rev().find_map(|output| match output {
        Output::Translate {
            request,
            from,
            to,
            text,
        } => Some((*request, from.to_string(), to.to_string(), text.clone())),
        _ => None,
    });
    asked.expect("nothing was sent to be translated")
}

fn comes_back(robot: &mut Robot, request: u64, text: &str) {
    robot.input(Input::Translated {
        request,
        translated: Some(text.into()),
    });
}

#[test]
fn each_hears_and_reads_the_other_in_their_own_language_and_the_original_is_kept() {
    let mut robot = robot();
    begin(&mut robot);
    assert_eq!(robot.view().stage, Stage::Interpreting);

    robot.hears(
        SpokenLanguage::Pack(lang("en")),
        "Do you have your passport?",
    );
    let (request, from, to, text) = to_translate(&robot);
    assert_eq!(
        (from.as_str(), to.as_str(), text.as_str()),
        ("en", "pt", "Do you have your passport?")
    );
    comes_back(&mut robot, request, "Tem o passaporte?");
    let (_, language, said) = robot.said().pop().unwrap();
    assert_eq!(
        (language.as_str(), said.as_str()),
        ("pt", "Tem o passaporte?")
    );
    robot.finishes_speaking();

    robot.hears(SpokenLanguage::Pack(lang("pt")), "Sim, aqui está.");
    let (request, from, to, _) = to_translate(&robot);
    assert_eq!((from.as_str(), to.as_str()), ("pt", "en"));
    comes_back(&mut robot, request, "Yes, here it is.");
    let (_, language, said) = robot.said().pop().unwrap();
    assert_eq!(
        (language.as_str(), said.as_str()),
        ("en", "Yes, here it is.")
    );

    let lines = interpreter(&robot).lines;
    let shown: Vec<_> = lines
        .iter()
        .map(|line| (line.side, line.text.as_str(), line.translation.as_deref()))
        .collect();
    let clerks = (
        Side::Clerk,
        "Do you have your passport?",
        Some("Tem o passaporte?"),
    );
    let visitors = (Side::Visitor, "Sim, aqui está.", Some("Yes, here it is."));
    assert_eq!(shown, [clerks, visitors]);
    // Neither was taken for a question to the robot.
    let agent = robot.view().captions.iter();
    let agent = agent.filter(|line| line.speaker == Speaker::Agent).count();
    assert_eq!(agent, 1, "only the first sentence is the robot's own");
}

#[test]
fn it_begins_by_voice_in_each_language_and_asks_between_which() {
    for (tag, words) in [
        ("en", "Please interpret for us."),
        ("ja", "通訳してください"),
        ("pt", "Interprete, por favor"),
    ] {
        let mut robot = robot();
        robot.hears_pack(tag, words);
        assert!(robot.view().interpreter.is_some(), "{words}");
        let own = interpreter(&robot);
        assert!(!own.running, "{words}");
        assert_ne!(own.clerk, own.visitor, "{words}");
        let choices: Vec<&str> = own
            .choices
            .iter()
            .map(|own| own.language.as_str())
            .collect();
        assert!(
            choices.contains(&"pt") && choices.contains(&"ja"),
            "{choices:?}"
        );
    }
    let mut robot = robot();
    robot.hears_pack("en", "Do you have an interpreter for Chinese?");
    assert!(
        robot.view().interpreter.is_none(),
        "a question for one is none"
    );
}

#[test]
fn it_ends_by_voice_by_touch_and_after_silence_and_says_so() {
    let told = "A interpretação terminou.";
    let ends = |robot: &Robot| {
        assert!(robot.view().interpreter.is_none());
        assert_eq!(robot.view().stage, Stage::Conversation);
        assert!(robot.said().pop().unwrap().2.starts_with(told));
    };
    for words in [
        ("en", "Stop interpreting, please."),
        ("pt", "Pare de interpretar"),
    ] {
        let mut robot = robot();
        begin(&mut robot);
        robot.hears_pack(words.0, words.1);
        ends(&robot);
    }
    let mut touched = robot();
    begin(&mut touched);
    wishes(&mut touched, InterpreterWish::End);
    ends(&touched);

    let mut silent = robot();
    begin(&mut silent);
    silent.wait_ms(119_000);
    assert!(silent.view().interpreter.is_some());
    silent.wait_ms(2_000);
    ends(&silent);
}

#[test]
fn a_pair_that_nothing_translates_is_refused_and_a_person_is_offered() {
    let mut robot = robot();
    wishes(&mut robot, InterpreterWish::Choose);
    let (clerk, visitor) = (lang("ja"), lang("pt"));
    wishes(&mut robot, InterpreterWish::Between { clerk, visitor });
    let own = interpreter(&robot);
    assert!(own.refused && !own.running, "{own:?}");
    let said = robot.said().pop().unwrap().2;
    assert!(
        said.contains("通訳できません") || said.contains("cannot interpret"),
        "{said}"
    );

    robot.input(Input::PressedPerson);
    assert_eq!(robot.packet().reason.code, ReasonCode::AskedForPerson);
    assert!(robot.view().interpreter.is_none());
    assert_eq!(robot.view().stage, Stage::Waiting);
}

#[test]
fn words_of_danger_call_a_person_whoever_says_them() {
    for (tag, words) in [("pt", "Eu quero me matar"), ("en", "Help, he has a knife")] {
        let mut robot = robot();
        begin(&mut robot);
        robot.hears_pack(tag, words);
        assert_eq!(robot.packet().reason.code, ReasonCode::Safety, "{words}");
        assert!(robot.view().interpreter.is_none());
    }
}

#[test]
fn typed_words_belong_to_the_half_that_they_were_typed_in() {
    let mut robot = robot();
    begin(&mut robot);
    for (side, from) in [(Side::Clerk, "en"), (Side::Visitor, "pt")] {
        let text = "OK".to_owned();
        wishes(&mut robot, InterpreterWish::Say { side, text });
        assert_eq!(to_translate(&robot).1, from);
    }
    wishes(&mut robot, InterpreterWish::Turn { turned: true });
    assert!(interpreter(&robot).turned);
}

#[test]
fn a_line_without_a_translation_says_so_and_a_third_language_is_asked_again() {
    let mut robot = robot();
    begin(&mut robot);
    robot.hears_pack("pt", "Bom dia");
    let (request, ..) = to_translate(&robot);
    robot.input(Input::Translated {
        request,
        translated: None,
    });
    assert!(interpreter(&robot).lines[0].untranslated);

    robot.hears_pack("ja", "こんにちは");
    assert_eq!(interpreter(&robot).lines.len(), 1);
    assert!(robot.said().pop().unwrap().2.starts_with("Desculpe"));
}
