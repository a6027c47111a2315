//! Captions of a call: both voices, in both languages, and nothing of a hold.

use crate::support::torch::session;
use crate::support::{Robot, lang, operator};
use madoguchi_core::input::{Ability, Heard, MediaEvent, OperatorVoice, Partial, SpokenLanguage};
use madoguchi_core::output::Listen;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::{CaseId, Lang, UnixMs};
use madoguchi_shared::packet::{Channel, Speaker, Turn, WordsSoFar};
use madoguchi_shared::transfer::Hold;

/// A call with a visitor who speaks `visitor` and an operator who speaks `own`.
fn call(visitor: &str, own: &[&str]) -> (Robot, CaseId) {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.input(Input::ChoseLanguage(lang(visitor)));
    robot.input(Input::PressedPerson);
    let case_id = robot.packet().case_id;
    let mut operator = operator();
    operator.languages = own.iter().map(|tag| lang(tag)).collect();
    robot.input(Input::Accepted {
        case_id,
        operator,
        call: Some(1),
    });
    let session = session(&robot);
    robot.input(Input::Media {
        session,
        event: MediaEvent::Connected,
    });
    robot.finishes_speaking();
    robot.take();
    (robot, case_id)
}

fn partial(utterance: u32, tag: &str, text: &str) -> Partial {
    Partial {
        utterance,
        text: text.to_owned(),
        language: lang(tag),
    }
}

fn says(robot: &mut Robot, utterance: u32, tag: &str, text: &str) {
    robot.input(Input::OperatorVoice(OperatorVoice::Started { utterance }));
    robot.input(Input::OperatorVoice(OperatorVoice::Heard(Heard {
        utterance,
        text: text.to_owned(),
        language: SpokenLanguage::Pack(lang(tag)),
        language_probability: 0.9,
        confidence: 0.8,
        words: Vec::new(),
    })));
}

fn turns(robot: &Robot) -> Vec<Turn> {
    let turn = |output: &Output| match output {
        Output::SendTurn { turn, .. } => Some(turn.clone()),
        _ => None,
    };
    robot.outputs.iter().filter_map(turn).collect()
}

/// What was written down of the operator.
fn said(robot: &Robot) -> Vec<String> {
    let own = turns(robot).into_iter();
    own.filter(|turn| turn.speaker == Speaker::Operator)
        .map(|turn| turn.text)
        .collect()
}

fn so_far(robot: &Robot) -> Vec<WordsSoFar> {
    let words = |output: &Output| match output {
        Output::SendSoFar { words, .. } => Some(words.clone()),
        _ => None,
    };
    robot.outputs.iter().filter_map(words).collect()
}

fn listens_to(robot: &Robot) -> Option<Vec<Lang>> {
    let listen = |output: &Output| match output {
        Output::Listen(Listen { operator, .. }) => Some(operator.clone()),
        _ => None,
    };
    robot.outputs.iter().rev().find_map(listen).flatten()
}

fn hold(case_id: CaseId, on: bool) -> Input {
    let hold = on.then_some(Hold {
        since: UnixMs(0),
        minutes: 2,
    });
    Input::InCall {
        case_id,
        hold,
        transfer: None,
    }
}

#[test]
fn what_the_operator_says_is_shown_in_the_visitors_language_and_kept_in_both() {
    let (mut robot, _) = call("pt", &["en"]);
    says(&mut robot, 1, "en", "Please bring your passport");
    let [turn] = turns(&robot).try_into().unwrap();
    assert_eq!(
        (turn.speaker, turn.channel),
        (Speaker::Operator, Channel::Speech)
    );
    assert_eq!(
        (turn.text.as_str(), turn.confidence),
        ("Please bring your passport", Some(0.8))
    );
    let (request, text) = robot.translation();
    assert_eq!(text, "Please bring your passport");
    let text = Some("Traga o seu passaporte".to_owned());
    robot.input(Input::Translated {
        request,
        translated: text.map(Into::into),
    });

    let caption = robot.view().operator_words.clone().unwrap();
    assert_eq!(caption.text, "Traga o seu passaporte");
    assert_eq!(
        caption.original.as_ref().unwrap().text,
        "Please bring your passport"
    );
    assert!(caption.recognised && !caption.untranslated && !caption.partial);
    assert_eq!(
        robot.view().captions.last(),
        Some(&caption),
        "to be read again"
    );
    let kept = robot.packet().transcript.pop().unwrap();
    assert_eq!(kept.text, "Please bring your passport");
    let translation = kept.translation.unwrap();
    assert_eq!(
        (translation.text.as_str(), translation.machine),
        ("Traga o seu passaporte", true)
    );
    assert_eq!(kept.shown, Some(lang("pt")));
}

#[test]
fn without_a_model_the_words_stay_as_they_are_and_are_marked() {
    let (mut robot, _) = call("ja", &["en"]);
    says(&mut robot, 1, "en", "Please bring your passport");
    let caption = robot.view().operator_words.clone().unwrap();
    assert!(caption.untranslated && caption.recognised);
    assert_eq!(caption.text, "Please bring your passport");
    robot.take();
    says(&mut robot, 2, "ja", "パスポートをお持ちください");
    let caption = robot.view().operator_words.clone().unwrap();
    assert!(!caption.untranslated && caption.recognised);
    assert_eq!(turns(&robot).len(), 1);
}

#[test]
fn the_visitors_words_are_translated_into_the_operators_own_language() {
    for (visitor, own, wanted) in [
        ("pt", &["en"][..], Some("en")),
        ("en", &["pt", "en"], Some("pt")),
        ("en", &["en", "pt"], None),
        ("pt", &["ja", "en"], Some("en")),
        // Nothing is known of this one's languages.
        ("pt", &[], Some("en")),
        ("ja", &["en"], None),
    ] {
        let (mut robot, _) = call(visitor, own);
        robot.hears_pack(visitor, "Passaporte");
        let asked = robot.outputs.iter().find_map(|output| match output {
            Output::Translate { to, .. } => Some(to.clone()),
            _ => None,
        });
        assert_eq!(asked, wanted.map(lang), "{visitor} for {own:?}");
        if wanted.is_some() {
            let request = robot.translation().0;
            let text = Some("Passport".to_owned());
            robot.input(Input::Translated {
                request,
                translated: text.map(Into::into),
            });
            let kept = robot.packet().transcript.pop().unwrap().translation;
            assert_eq!(kept.map(|own| own.language), wanted.map(lang));
        }
    }
}

#[test]
fn words_so_far_of_both_reach_the_operator_and_end_with_the_utterance() {
    let (mut robot, _) = call("pt", &["en"]);
    let utterance = robot.speech_starts();
    robot.input(Input::Partial(partial(utterance, "pt", "Eu preciso")));
    robot.input(Input::OperatorVoice(OperatorVoice::Started {
        utterance: 1,
    }));
    robot.input(Input::OperatorVoice(OperatorVoice::Partial(partial(
        1, "en", "One mo",
    ))));
    let words = |speaker, text: &str, tag: &str| WordsSoFar {
        speaker,
        text: text.to_owned(),
        language: (!tag.is_empty()).then(|| lang(tag)),
    };
    assert_eq!(
        so_far(&robot),
        [
            words(Speaker::Resident, "Eu preciso", "pt"),
            words(Speaker::Operator, "One mo", "en"),
        ]
    );
    let shown = robot.view().operator_words.clone().unwrap();
    assert!(shown.partial && shown.recognised);
    assert_eq!(shown.text, "One mo");
    robot.take();
    robot.is_heard(utterance, 0.9, "pt", "Eu preciso de ajuda");
    robot.input(Input::OperatorVoice(OperatorVoice::Nothing {
        utterance: 1,
    }));
    assert_eq!(
        so_far(&robot),
        [
            words(Speaker::Resident, "", ""),
            words(Speaker::Operator, "", "")
        ]
    );
    assert_eq!(robot.view().operator_words, None, "noise leaves nothing");
    assert_eq!(turns(&robot).len(), 1);
}

#[test]
fn a_hold_is_heard_by_nobody_on_either_side() {
    let (mut robot, case_id) = call("pt", &["en"]);
    assert_eq!(robot.view().operator_words, None);
    robot.input(Input::OperatorVoice(OperatorVoice::Started {
        utterance: 1,
    }));
    robot.input(Input::OperatorVoice(OperatorVoice::Partial(partial(
        1, "en", "He is",
    ))));
    robot.take();
    robot.input(hold(case_id, true));
    assert_eq!(listens_to(&robot), None);
    let [over] = so_far(&robot).try_into().unwrap();
    assert_eq!((over.speaker, over.text.as_str()), (Speaker::Operator, ""));
    assert_eq!(robot.view().operator_words, None);
    says(&mut robot, 1, "en", "He is difficult");
    says(&mut robot, 2, "en", "What shall I do with him?");
    assert!(said(&robot).is_empty());
    robot.take();
    robot.input(hold(case_id, false));
    assert_eq!(listens_to(&robot), Some(vec![lang("en")]));
    says(&mut robot, 2, "en", "What shall I do with him?");
    assert!(said(&robot).is_empty(), "it began in the hold");
    says(&mut robot, 3, "en", "Thank you for waiting");
    assert_eq!(said(&robot), ["Thank you for waiting"]);
}

#[test]
fn the_operators_voice_is_listened_to_in_a_call_only() {
    let (mut robot, case_id) = call("pt", &["en", "ja"]);
    let mut before = Robot::new();
    says(&mut before, 1, "en", "Hello");
    assert!(turns(&before).is_empty() && before.view().captions.is_empty());
    robot.input(Input::OperatorAway { case_id });
    assert_eq!(listens_to(&robot), None);
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    assert_eq!(listens_to(&robot), Some(operator().languages));
    robot.input(Input::Ended {
        case_id,
        back: crate::support::back(true),
    });
    assert_eq!(listens_to(&robot), None);
    robot.take();
    says(&mut robot, 9, "en", "Are you still there?");
    assert!(turns(&robot).is_empty());
    assert_eq!(robot.view().operator_words, None);
}

#[test]
fn without_a_recogniser_both_ends_are_told_and_the_call_goes_on() {
    let (mut robot, _) = call("pt", &["en"]);
    assert!(!robot.view().no_captions && robot.machine.condition().recogniser);
    robot.input(Input::Ability {
        ability: Ability::Recogniser,
        available: false,
    });
    assert!(robot.view().no_captions);
    assert!(!robot.machine.condition().recogniser);
    assert!(
        robot.view().microphone_in_use,
        "the operator still hears them"
    );
}

#[test]
fn a_typed_message_takes_the_place_of_what_was_said_before() {
    let (mut robot, case_id) = call("en", &["en"]);
    says(&mut robot, 1, "en", "Good morning");
    assert!(robot.view().operator_words.is_some());
    robot.input(Input::OperatorSaid {
        case_id,
        message: 1,
        text: "K7Q-4MX".to_owned(),
        language: lang("en"),
    });
    assert_eq!(robot.view().operator_words, None, "the list shows it");
    assert!(
        robot
            .outputs
            .iter()
            .any(|output| matches!(output, Output::SendShown { message: 1, .. }))
    );
}
