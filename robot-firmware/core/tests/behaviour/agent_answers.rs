//! A visitor asks, the agent answers.

use crate::support::packs;
use crate::support::packs::{parsed, sample_with};
use crate::support::{Robot, lang, nothing, settings};
use madoguchi_core::input::{Ability, Heard, SpokenLanguage};
use madoguchi_core::pack::Phrase;
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::{ReasonCode, Speaker};
use madoguchi_shared::screen::{Activity, Stage};

#[test]
fn a_question_is_answered_in_its_own_language() {
    let mut robot = Robot::new();
    assert_eq!(robot.view().stage, Stage::Greeting);
    robot.hears_pack("pt", "Quando é a coleta de lixo?");
    let said = robot.said();
    assert_eq!(said.last().unwrap().1, "pt");
    assert_eq!(robot.view().stage, Stage::Conversation);
    assert_eq!(robot.view().activity, Activity::Speaking);
    assert_eq!(robot.view().language, lang("pt"));
    let captions = &robot.view().captions;
    assert_eq!(captions[0].speaker, Speaker::Resident);
    assert_eq!(captions.last().unwrap().speaker, Speaker::Agent);
    assert!(
        captions
            .last()
            .unwrap()
            .detail
            .as_ref()
            .unwrap()
            .contains("ter. e sex.")
    );
    robot.finishes_speaking();
    assert_eq!(robot.view().activity, Activity::Listening);
}

#[test]
fn what_the_robot_does_is_shown_at_every_step() {
    let mut robot = Robot::new();
    assert_eq!(robot.view().activity, Activity::Listening);
    robot.input(Input::SpeechStarted { utterance: 1 });
    assert_eq!(robot.view().activity, Activity::Hearing);
    robot.input(Input::SpeechEnded { utterance: 1 });
    assert_eq!(robot.view().activity, Activity::Thinking);
    robot.input(nothing(1));
    assert_eq!(robot.view().activity, Activity::Listening);
    robot.input(Input::Ability {
        ability: Ability::Microphone,
        available: false,
    });
    assert_eq!(robot.view().activity, Activity::CannotHear);
}

#[test]
fn who_speaks_while_the_microphone_is_lost_is_told_to_type() {
    let mut robot = Robot::new();
    let microphone = |available| Input::Ability {
        ability: Ability::Microphone,
        available,
    };
    robot.hears_pack("en", "What are your opening hours?");
    robot.finishes_speaking();
    robot.take();
    robot.input(microphone(false));
    assert!(robot.said().is_empty(), "the screen says it");
    robot.input(microphone(true));
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.input(microphone(false));
    let said = robot.said().pop().unwrap();
    assert!(said.2.contains("Please type on the screen"), "{said:?}");
}

#[test]
fn noise_begins_no_visit() {
    let mut robot = Robot::new();
    robot.input(Input::SpeechStarted { utterance: 1 });
    robot.input(Input::SpeechEnded { utterance: 1 });
    robot.input(nothing(1));
    assert_eq!(robot.view().stage, Stage::Greeting);
    assert!(robot.said().is_empty());
}

#[test]
fn typing_works_as_well_as_speaking() {
    let mut robot = Robot::new();
    robot.input(Input::Ability {
        ability: Ability::Recogniser,
        available: false,
    });
    robot.types("When are you open? What are your opening hours?");
    assert_eq!(robot.said().last().unwrap().1, "en");
    assert_eq!(robot.view().stage, Stage::Conversation);
}

#[test]
fn speech_stops_the_robots_sentence_and_the_transcript_says_so() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    robot.take();
    robot.input(Input::SpeechStarted { utterance: 9 });
    assert!(robot.take().contains(&Output::StopSaying));
    assert_eq!(robot.view().activity, Activity::Hearing);
    robot.input(Input::SpeechEnded { utterance: 9 });
    robot.input(Input::Heard(Heard {
        utterance: 9,
        text: "No, something else.".to_owned(),
        language: SpokenLanguage::Pack(lang("en")),
        language_probability: 0.9,
        confidence: 0.9,
        words: Vec::new(),
    }));
    robot.input(Input::PressedPerson);
    let transcript = robot.packet().transcript;
    let agent = transcript
        .iter()
        .find(|turn| turn.speaker == Speaker::Agent)
        .unwrap();
    assert!(agent.interrupted);
}

#[test]
fn two_questions_that_are_not_understood_call_a_person() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "Xylophone marmalade zeppelin?");
    assert!(robot.packets().is_empty());
    assert_eq!(robot.said().len(), 1);
    robot.hears_pack("en", "Quantum rhubarb gazebo?");
    let packet = robot.packet();
    assert_eq!(packet.reason.code, ReasonCode::RepeatedFailure);
    assert_eq!(robot.view().stage, Stage::Waiting);
}

/// An office that is never sure which of its topics is meant.
fn unsure_office() -> Robot {
    let files = sample_with("pack.toml", |text| {
        text.replace("answer_score = 0.6", "answer_score = 1.0")
            .replace("offer_score = 0.2", "offer_score = 0.0")
    });
    Robot::of(parsed(&files), settings())
}

#[test]
fn a_choice_that_leads_nowhere_is_no_answer() {
    let mut robot = unsure_office();
    robot.hears_pack("en", "Can I keep a penguin in my flat?");
    assert!(robot.packets().is_empty());
    assert!(robot.last_said().contains('?'), "{}", robot.last_said());
    robot.hears_pack("en", "Can I keep a penguin in my flat?");
    let packet = robot.packet();
    assert_eq!(packet.reason.code, ReasonCode::RepeatedFailure);
}

#[test]
fn a_choice_that_is_taken_forgives_that_it_was_needed() {
    let mut robot = unsure_office();
    for _ in 0..3 {
        robot.hears_pack("en", "Where can I find the toilets?");
        robot.hears_pack("en", "Toilets");
        robot.finishes_speaking();
    }
    assert!(robot.packets().is_empty());
    assert_eq!(robot.view().stage, Stage::Conversation);
}

#[test]
fn thanks_and_goodbyes_are_no_questions_that_fail() {
    for (tag, said) in [
        (
            "en",
            [
                "What are your opening hours?",
                "great, thanks a lot",
                "bye then",
            ],
        ),
        (
            "ja",
            [
                "ゴミの日はいつですか",
                "どうもありがとうございました",
                "じゃあさようなら",
            ],
        ),
        (
            "pt",
            [
                "Quando é a coleta de lixo?",
                "muito obrigada",
                "então tchau",
            ],
        ),
    ] {
        let mut robot = Robot::new();
        robot.input(Input::ConsoleUp);
        let pack = packs::sample();
        let answers = [None, Some(Phrase::AnythingElse), Some(Phrase::Goodbye)];
        for (text, answer) in said.into_iter().zip(answers) {
            robot.hears_pack(tag, text);
            assert!(robot.packets().is_empty(), "{text}");
            let told = robot.said().pop().unwrap().2;
            if let Some(phrase) = answer {
                assert_eq!(told, pack.phrase(&lang(tag), phrase), "{text}");
            }
        }
    }
}

#[test]
fn an_answer_forgives_an_earlier_failure() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "Xylophone marmalade zeppelin?");
    robot.hears_pack("en", "What are your opening hours?");
    robot.hears_pack("en", "Quantum rhubarb gazebo?");
    assert!(robot.packets().is_empty());
}

#[test]
fn whoever_types_has_not_left() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    robot.finishes_speaking();
    for _ in 0..30 {
        robot.wait_ms(5_000);
        robot.input(Input::Touched);
    }
    assert_eq!(robot.view().stage, Stage::Conversation);
    robot.wait_ms(61_000);
    assert_eq!(robot.last_said(), "Are you still there?");
}

#[test]
fn whoever_waits_no_more_is_asked_what_else() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "I want to talk to a person");
    robot.finishes_speaking();
    robot.input(Input::PressedStopWaiting);
    assert_eq!(robot.view().stage, Stage::Conversation);
    let said = robot.last_said();
    assert!(said.contains("anything else"), "{said}");
}

#[test]
fn a_silent_visitor_has_left() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    robot.finishes_speaking();
    robot.wait_ms(59_000);
    assert_ne!(robot.last_said(), "Are you still there?");
    robot.wait_ms(2_000);
    assert_eq!(robot.last_said(), "Are you still there?");
    robot.finishes_speaking();
    robot.wait_ms(19_000);
    assert_eq!(robot.view().stage, Stage::Conversation);
    robot.wait_ms(2_000);
    assert_eq!(robot.view().stage, Stage::Greeting);
    assert!(
        robot.view().captions.is_empty(),
        "the next visitor must not read the last one's words"
    );
}

#[test]
fn whoever_answers_that_they_are_still_there_has_their_time_again() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    for touches in [true, false] {
        robot.finishes_speaking();
        robot.wait_ms(61_000);
        assert_eq!(robot.last_said(), "Are you still there?");
        robot.finishes_speaking();
        robot.wait_ms(15_000);
        match touches {
            true => robot.input(Input::Touched),
            false => robot.types("What are your opening hours?"),
        }
        robot.finishes_speaking();
        robot.wait_ms(50_000);
        assert_eq!(robot.view().stage, Stage::Conversation);
        robot.take();
    }
}

#[test]
fn short_words_do_not_change_the_language() {
    let mut robot = Robot::new();
    robot.hears_pack("pt", "Quando é a coleta de lixo?");
    robot.hears_pack("en", "OK");
    assert_eq!(robot.view().language, lang("pt"));
    robot.hears_pack("en", "What are your opening hours?");
    assert_eq!(robot.view().language, lang("en"));
}

#[test]
fn goodbye_is_said_and_the_greeting_returns() {
    let mut robot = Robot::new();
    robot.hears_pack("ja", "ゴミの日はいつですか");
    robot.input(Input::PressedGoodbye);
    assert_eq!(robot.view().stage, Stage::Goodbye);
    robot.wait_ms(5_000);
    assert_eq!(robot.view().stage, Stage::Greeting);
}

#[test]
fn a_lost_voice_does_not_silence_the_robot_for_ever() {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    assert_eq!(robot.view().activity, Activity::Speaking);
    robot.wait_ms(300_000);
    assert_ne!(robot.view().activity, Activity::Speaking);
}

#[test]
fn an_uncertain_language_keeps_the_visits_language() {
    let mut robot = Robot::new();
    robot.hears_pack("pt", "Quando é a coleta de lixo?");
    robot.hears(
        SpokenLanguage::Unsure(vec![lang("es"), lang("pt")]),
        "E o horário de atendimento?",
    );
    assert_eq!(robot.view().language, lang("pt"));
    assert!(robot.packets().is_empty());
}
