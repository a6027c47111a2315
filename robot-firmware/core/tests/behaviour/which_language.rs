//! The language of a visit: held, changed, and asked for where it isn't sure.

use crate::support::{Robot, lang, nothing, regional_pack, settings};
use madoguchi_core::input::{Heard, SpokenLanguage};
use madoguchi_core::output::Listen;
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::{ReasonCode, Speaker};
use madoguchi_shared::screen::{Activity, Stage};

fn unsure(tags: &[&str]) -> SpokenLanguage {
    SpokenLanguage::Unsure(tags.iter().map(|tag| lang(tag)).collect())
}

fn asked_in(robot: &Robot) -> Vec<(String, String)> {
    let questions = robot.view().which_language.iter();
    questions
        .map(|question| (question.name.clone(), question.text.clone()))
        .collect()
}

fn held(robot: &Robot) -> Option<Listen> {
    robot.outputs.iter().rev().find_map(|output| match output {
        Output::Listen(listen) => Some(listen.clone()),
        _ => None,
    })
}

fn again(utterance: u32, text: &str, language: SpokenLanguage) -> Input {
    Input::Heard(Heard {
        utterance,
        text: text.to_owned(),
        language,
        language_probability: 0.4,
        confidence: 0.8,
        words: Vec::new(),
    })
}

#[test]
fn first_words_in_a_doubtful_language_are_asked_about_in_each_script() {
    let mut robot = Robot::new();
    robot.hears(unsure(&["pt", "es", "ja", "it"]), "Onde fica o balcão?");
    assert_eq!(robot.view().stage, Stage::Conversation);
    let names: Vec<String> = asked_in(&robot).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Português", "Español", "日本語"]);
    let texts: Vec<String> = asked_in(&robot).into_iter().map(|(_, text)| text).collect();
    assert!(texts.iter().all(|text| !text.is_empty()));
    assert_ne!(texts[0], texts[1]);
    assert!(robot.said().is_empty(), "nothing is answered on a guess");
}

#[test]
fn the_likeliest_language_is_answered_at_once() {
    let mut robot = Robot::new();
    robot.hears(unsure(&["pt", "es"]), "Quando é a coleta de lixo?");
    robot.input(Input::ChoseLanguage(lang("pt")));
    assert!(robot.view().which_language.is_empty());
    robot.types("ok");
    let captions = &robot.view().captions;
    assert_eq!(captions[0].text, "Quando é a coleta de lixo?");
    assert_eq!(robot.view().language, lang("pt"));
}

#[test]
fn another_language_is_heard_again_without_a_repetition() {
    let mut robot = Robot::new();
    robot.hears(unsure(&["es", "pt"]), "Cuando ha coleta de liso?");
    robot.take();
    robot.input(Input::ChoseLanguage(lang("pt")));
    assert!(robot.outputs.contains(&Output::RecogniseAgain {
        utterance: 1,
        language: lang("pt"),
    }));
    assert_eq!(robot.view().activity, Activity::Thinking);
    robot.input(again(
        1,
        "Quando é a coleta de lixo?",
        unsure(&["es", "pt"]),
    ));
    let captions = &robot.view().captions;
    assert_eq!(captions.len(), 1);
    assert_eq!(captions[0].text, "Quando é a coleta de lixo?");
    assert_eq!(captions[0].language, Some(lang("pt")));
    assert!(robot.view().which_language.is_empty(), "it is asked once");
}

#[test]
fn what_can_not_be_heard_again_is_taken_as_it_was() {
    let mut robot = Robot::new();
    robot.hears(unsure(&["es", "pt"]), "Cuando ha coleta de liso?");
    robot.input(Input::ChoseLanguage(lang("pt")));
    robot.input(nothing(1));
    let captions = &robot.view().captions;
    assert_eq!(captions[0].text, "Cuando ha coleta de liso?");
    assert_eq!(captions[0].language, Some(lang("pt")));
}

#[test]
fn a_language_that_the_office_lacks_calls_a_person() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears(unsure(&["pt", "es"]), "Onde está o banheiro?");
    robot.input(Input::ChoseLanguage(lang("es")));
    robot.input(again(1, "¿Dónde está el baño?", unsure(&["pt", "es"])));
    let packet = robot.packet();
    assert_eq!(packet.reason.code, ReasonCode::UnsupportedLanguage);
    assert_eq!(packet.transcript[0].text, "¿Dónde está el baño?");
    assert_eq!(packet.transcript[0].language, Some(lang("es")));
}

#[test]
fn a_question_that_nobody_answers_loses_no_words() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears(unsure(&["es", "pt"]), "Cuando ha coleta?");
    robot.input(Input::PressedPerson);
    assert!(robot.view().which_language.is_empty());
    let first = robot.packet().transcript.remove(0);
    assert_eq!(first.speaker, Speaker::Resident);
    assert_eq!(first.text, "Cuando ha coleta?");
    assert_eq!(first.language, None);
}

#[test]
fn a_language_that_was_settled_is_not_asked_for() {
    let mut robot = Robot::new();
    robot.input(Input::ChoseLanguage(lang("pt")));
    robot.hears(unsure(&["es", "pt"]), "Quando é a coleta de lixo?");
    assert!(robot.view().which_language.is_empty());
    assert_eq!(robot.view().language, lang("pt"));
}

#[test]
fn the_recogniser_is_told_which_language_is_held_and_forgets_it_with_the_visit() {
    let mut robot = Robot::new();
    robot.hears_pack("pt", "Quando é a coleta de lixo?");
    assert_eq!(held(&robot).unwrap().held, Some(lang("pt")));
    robot.hears_pack("en", "OK");
    assert_eq!(held(&robot).unwrap().held, Some(lang("pt")));
    robot.hears_pack("ja", "ゴミの日はいつ");
    assert_eq!(held(&robot).unwrap().held, Some(lang("ja")));
    robot.input(Input::PressedGoodbye);
    robot.wait_ms(10_000);
    assert_eq!(held(&robot).unwrap().held, None);
}

#[test]
fn the_microphone_is_off_for_one_visit() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    robot.finishes_speaking();
    robot.input(Input::SwitchedMicrophone { on: false });
    assert!(!held(&robot).unwrap().microphone);
    assert!(robot.view().microphone_off);
    assert_eq!(robot.view().activity, Activity::MicrophoneOff);
    robot.types("When is the garbage collected?");
    assert!(robot.view().captions.len() > 3, "typing works");
    robot.input(Input::PressedGoodbye);
    robot.wait_ms(10_000);
    assert_eq!(robot.view().stage, Stage::Greeting);
    assert!(
        held(&robot).unwrap().microphone,
        "the next visitor is heard"
    );
    assert!(!robot.view().microphone_off);
}

#[test]
fn the_microphone_can_be_switched_on_again() {
    let mut robot = Robot::new();
    robot.input(Input::SwitchedMicrophone { on: false });
    assert_eq!(robot.view().stage, Stage::Conversation);
    robot.input(Input::SwitchedMicrophone { on: true });
    assert!(held(&robot).unwrap().microphone);
    assert_eq!(robot.view().activity, Activity::Listening);
}

#[test]
fn a_short_word_in_another_language_calls_nobody() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("pt", "Quando é a coleta de lixo?");
    robot.finishes_speaking();
    robot.hears(SpokenLanguage::Other(lang("pl")), "OK");
    assert_eq!(robot.view().stage, Stage::Conversation);
    robot.hears(
        SpokenLanguage::Other(lang("pl")),
        "Gdzie mogę zapłacić podatek?",
    );
    assert_eq!(robot.view().stage, Stage::Waiting);
}

#[test]
fn a_second_doubtful_utterance_keeps_the_first_in_the_transcript() {
    let mut robot = Robot::new();
    robot.hears(unsure(&["es", "pt"]), "Cuando ha coleta de liso?");
    robot.hears(unsure(&["es", "pt"]), "Onde fica o banheiro?");
    assert_eq!(asked_in(&robot).len(), 2);
    let lines: Vec<&str> = robot
        .view()
        .captions
        .iter()
        .map(|c| c.text.as_str())
        .collect();
    assert!(lines.contains(&"Cuando ha coleta de liso?"), "{lines:?}");
}

#[test]
fn the_language_buttons_of_the_greeting_answer_the_question_too() {
    let mut robot = Robot::new();
    robot.hears(unsure(&["es", "it"]), "Cuando ha coleta de liso?");
    robot.take();
    robot.input(Input::ChoseLanguage(lang("pt")));
    assert!(robot.outputs.contains(&Output::RecogniseAgain {
        utterance: 1,
        language: lang("pt"),
    }));
}

#[test]
fn switching_the_microphone_off_stops_what_is_on_its_way() {
    let mut robot = Robot::new();
    robot.input(Input::ChoseLanguage(lang("en")));
    robot.finishes_speaking();
    robot.input(Input::ConsoleUp);
    robot.input(Input::PressedPerson);
    robot.finishes_speaking();
    robot.input(Input::SpeechStarted { utterance: 1 });
    robot.input(Input::SpeechEnded { utterance: 1 });
    robot.input(Input::SwitchedMicrophone { on: false });
    assert_eq!(robot.view().activity, Activity::MicrophoneOff);
    let lines = robot.view().captions.len();
    robot.take();
    robot.input(again(
        1,
        "What are your opening hours?",
        SpokenLanguage::Pack(lang("en")),
    ));
    assert_eq!(robot.view().captions.len(), lines);
    assert!(robot.take().is_empty(), "nothing is told to anybody");
}

#[test]
fn two_doubtful_utterances_in_a_row_are_asked_about_in_the_middle_of_a_visit() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    robot.finishes_speaking();
    let doubtful = || unsure(&["pt", "en"]);
    robot.hears(doubtful(), "When the a colette the lisho");
    assert!(robot.view().which_language.is_empty(), "once is nothing");
    robot.finishes_speaking();
    let line = robot.view().captions.iter().rev();
    let line = line.clone().find(|c| c.speaker == Speaker::Resident);
    assert_eq!(line.unwrap().language, Some(lang("en")), "as it is written");
    robot.take();
    robot.hears(doubtful(), "When the a colette the lisho");
    assert_eq!(asked_in(&robot).len(), 2);
    assert!(robot.said().is_empty());
    robot.take();
    robot.input(Input::ChoseLanguage(lang("pt")));
    assert!(robot.outputs.contains(&Output::RecogniseAgain {
        utterance: 3,
        language: lang("pt"),
    }));
}

#[test]
fn doubt_that_passes_is_not_asked_about() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    robot.finishes_speaking();
    robot.hears(unsure(&["pt", "en"]), "When is the garbage collected?");
    robot.finishes_speaking();
    robot.hears_pack("en", "Where is the toilet?");
    robot.finishes_speaking();
    robot.hears(unsure(&["pt", "en"]), "Can I pay by card?");
    assert!(robot.view().which_language.is_empty());
}

#[test]
fn words_in_doubt_are_not_called_the_visits_language_when_they_are_not() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    robot.finishes_speaking();
    robot.hears(unsure(&["pt", "es"]), "Quando é a coleta de lixo?");
    let mut captions = robot.view().captions.iter();
    let line = captions.rfind(|c| c.speaker == Speaker::Resident);
    assert_eq!(line.unwrap().language, Some(lang("pt")));
}

#[test]
fn an_office_may_name_the_region_of_its_language() {
    let mut robot = Robot::of(regional_pack(), settings());
    robot.hears_pack("pt", "Quando é a coleta de lixo?");
    assert_eq!(robot.view().language, lang("pt-BR"));
    assert!(!robot.view().suggestions.is_empty());
    assert_eq!(robot.said().last().unwrap().1, "pt-BR");
    assert_eq!(held(&robot).unwrap().held, Some(lang("pt-BR")));

    let mut robot = Robot::of(regional_pack(), settings());
    robot.hears(unsure(&["es", "pt"]), "Cuando ha coleta de liso?");
    robot.take();
    robot.input(Input::ChoseLanguage(lang("pt-BR")));
    assert!(robot.outputs.contains(&Output::RecogniseAgain {
        utterance: 1,
        language: lang("pt-BR"),
    }));
    robot.input(again(
        1,
        "Quando é a coleta de lixo?",
        SpokenLanguage::Pack(lang("pt")),
    ));
    assert_eq!(robot.view().captions[0].language, Some(lang("pt-BR")));
}
