//! Who has the word: pauses, words so far, coughs, "mm-hm" and real interruptions.

use crate::support::{Robot, lang, nothing};
use madoguchi_core::input::{Heard, Partial, SpokenLanguage};
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{Activity, Stage};

fn words(utterance: u32, tag: &str, text: &str) -> Input {
    Input::Heard(Heard {
        utterance,
        text: text.to_owned(),
        language: SpokenLanguage::Pack(lang(tag)),
        language_probability: 0.97,
        confidence: 0.9,
        words: Vec::new(),
    })
}

fn paused(utterance: u32) -> Input {
    Input::SpeechPaused {
        utterance,
        silence_ms: 100,
    }
}

fn so_far(utterance: u32, text: &str) -> Input {
    Input::Partial(Partial {
        utterance,
        text: text.to_owned(),
        language: lang("en"),
    })
}

/// A robot in the middle of an answer.
fn answering() -> Robot {
    let mut robot = Robot::new();
    robot.hears_pack("en", "What are your opening hours?");
    assert_eq!(robot.view().activity, Activity::Speaking);
    robot.take();
    robot
}

#[test]
fn a_pause_is_shown_at_once_and_taken_back_when_the_voice_goes_on() {
    let mut robot = Robot::new();
    robot.input(Input::SpeechStarted { utterance: 1 });
    assert!(!robot.view().hushed);
    assert!(robot.view().captions.is_empty(), "a cough shows no line");
    robot.input(paused(1));
    assert!(robot.view().hushed);
    let line = robot.view().captions.last().unwrap().clone();
    assert!(line.partial && line.text.is_empty());
    robot.input(Input::SpeechResumed { utterance: 1 });
    assert!(!robot.view().hushed);
    assert_eq!(robot.view().captions, [line], "a line that was shown stays");
    assert_eq!(robot.view().activity, Activity::Hearing);
}

#[test]
fn words_so_far_stand_on_the_screen_and_nowhere_else() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.input(Input::SpeechStarted { utterance: 1 });
    robot.input(so_far(1, "I want to talk"));
    robot.input(so_far(1, "I want to talk to a Parson"));
    assert_eq!(robot.view().stage, Stage::Greeting, "it is no visit yet");
    let line = robot.view().captions.last().unwrap();
    assert_eq!(line.text, "I want to talk to a Parson");
    assert!(line.partial);
    robot.input(Input::SpeechEnded { utterance: 1 });
    assert_eq!(
        robot.view().captions.len(),
        1,
        "it stays until the words are there"
    );
    robot.input(words(1, "en", "I want to talk to a person."));
    let captions = &robot.view().captions;
    assert_eq!(captions[0].text, "I want to talk to a person.");
    assert!(captions.iter().all(|caption| !caption.partial));
    robot.input(Input::PressedPerson);
    let transcript = robot.packet().transcript;
    let said: Vec<&str> = transcript
        .iter()
        .filter(|turn| turn.speaker == Speaker::Resident)
        .map(|turn| turn.text.as_str())
        .collect();
    assert_eq!(said, ["I want to talk to a person."]);
}

#[test]
fn words_of_an_utterance_that_is_over_are_not_shown() {
    let mut robot = Robot::new();
    robot.input(Input::SpeechStarted { utterance: 1 });
    robot.input(Input::SpeechEnded { utterance: 1 });
    robot.input(nothing(1));
    robot.input(so_far(1, "Thanks for watching"));
    assert!(robot.view().captions.is_empty());
}

#[test]
fn a_cough_does_not_end_the_robots_sentence() {
    let mut robot = answering();
    let answer = robot.view().captions.last().unwrap().number;
    robot.input(Input::SpeechStarted { utterance: 2 });
    assert!(robot.take().contains(&Output::StopSaying));
    robot.input(paused(2));
    robot.input(Input::SpeechEnded { utterance: 2 });
    robot.input(nothing(2));
    assert_eq!(robot.said().len(), 1, "the sentence goes on");
    assert_eq!(robot.view().activity, Activity::Speaking);
    let captions = &robot.view().captions;
    assert_eq!(
        captions.last().unwrap().number,
        answer,
        "and is no new line"
    );
    robot.input(Input::PressedPerson);
    assert!(
        robot
            .packet()
            .transcript
            .iter()
            .any(|turn| turn.number == answer)
    );
}

#[test]
fn a_word_of_listening_does_not_end_the_robots_sentence() {
    for (tag, text) in [("en", "Mm-hmm."), ("ja", "うん。"), ("pt", "Aham.")] {
        let mut robot = answering();
        robot.input(Input::SpeechStarted { utterance: 2 });
        robot.input(Input::SpeechEnded { utterance: 2 });
        robot.input(words(2, tag, text));
        assert_eq!(robot.said().len(), 1, "{text}");
        assert_eq!(robot.view().activity, Activity::Speaking, "{text}");
        let resident = |caption: &&_| -> bool {
            let caption: &madoguchi_shared::screen::Caption = caption;
            caption.speaker == Speaker::Resident
        };
        assert_eq!(robot.view().captions.iter().filter(resident).count(), 1);
    }
}

#[test]
fn the_same_word_is_an_answer_while_the_robot_is_silent() {
    let mut robot = answering();
    robot.finishes_speaking();
    robot.input(Input::SayEnded { id: 1 });
    robot.hears_pack("en", "Okay.");
    assert_eq!(robot.view().captions[2].text, "Okay.");
}

#[test]
fn an_interruption_ends_the_robots_sentence() {
    let mut robot = answering();
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.input(Input::SpeechEnded { utterance: 2 });
    robot.input(words(2, "en", "No, when is the garbage collected?"));
    assert!(robot.said().is_empty());
    assert_eq!(robot.view().activity, Activity::Thinking);
}

#[test]
fn the_sentence_waits_while_somebody_goes_on_speaking() {
    let mut robot = answering();
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.input(Input::SpeechEnded { utterance: 2 });
    robot.input(Input::SpeechStarted { utterance: 3 });
    robot.input(nothing(2));
    assert!(robot.said().is_empty(), "somebody speaks");
    robot.input(Input::SpeechEnded { utterance: 3 });
    robot.input(nothing(3));
    assert_eq!(robot.said().len(), 1);
}

#[test]
fn a_sentence_that_was_stopped_on_the_screen_stays_stopped() {
    let mut robot = answering();
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.input(Input::PressedStopSpeaking);
    robot.input(Input::SpeechEnded { utterance: 2 });
    robot.input(nothing(2));
    assert!(robot.said().is_empty());
}

#[test]
fn what_is_recognised_of_a_cough_too_late_still_resumes_the_sentence() {
    let mut robot = answering();
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.input(Input::SpeechEnded { utterance: 2 });
    robot.wait_ms(31_000);
    assert_eq!(robot.said().len(), 1, "the recogniser gave no word");
}

#[test]
fn the_answer_waits_for_somebody_who_went_on_speaking() {
    let mut robot = Robot::new();
    robot.input(Input::SpeechStarted { utterance: 1 });
    robot.input(Input::SpeechEnded { utterance: 1 });
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.take();
    robot.input(words(1, "en", "What are your opening hours?"));
    robot.wait_ms(3_000);
    assert!(robot.said().is_empty(), "nobody is talked over");
    robot.input(nothing(2));
    assert_eq!(robot.said().len(), 1, "the answer is not lost");
}

#[test]
fn what_was_cut_off_is_not_taken_up_after_the_visitor_stopped_waiting() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "I want to talk to a person.");
    assert_eq!(robot.view().stage, Stage::Waiting);
    robot.input(Input::SpeechStarted { utterance: 9 });
    robot.input(Input::PressedStopWaiting);
    robot.take();
    robot.input(nothing(9));
    let said = robot.said();
    let coming = said.iter().any(|(.., text)| text.contains("person"));
    assert!(!coming, "nobody is coming any more: {said:?}");
}

#[test]
fn whoever_wants_silence_gets_silence_and_no_answer() {
    for (tag, text) in [("en", "Stop."), ("ja", "待って。"), ("es", "Espera.")] {
        let mut robot = answering();
        let lines = robot.view().captions.len();
        for utterance in [2, 3] {
            robot.input(Input::SpeechStarted { utterance });
            robot.input(Input::SpeechEnded { utterance });
            robot.input(words(utterance, tag, text));
            robot.wait_ms(8_000);
            assert!(robot.said().is_empty(), "{text}");
            assert!(robot.packets().is_empty(), "no failure: {text}");
            assert_eq!(robot.view().captions.len(), lines, "{text}");
            robot.resumes();
            robot.take();
        }
    }
}

#[test]
fn silence_in_the_middle_of_questions_does_not_end_them() {
    let mut robot = Robot::new();
    robot.input(Input::ToolsKnown {
        server: "records".to_owned(),
        tools: crate::support::office::cards(None),
    });
    robot.hears_pack("en", "I want to book an appointment");
    assert!(robot.view().form.is_some());
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.input(Input::SpeechEnded { utterance: 2 });
    robot.take();
    robot.input(words(2, "en", "Stop!"));
    assert!(robot.view().form.is_some());
    assert!(robot.said().is_empty());
}

#[test]
fn a_reply_to_the_goodbye_opens_no_visit() {
    let mut robot = answering();
    robot.finishes_speaking();
    robot.input(Input::PressedGoodbye);
    robot.finishes_speaking();
    robot.input(Input::SpeechStarted { utterance: 9 });
    robot.take();
    robot.input(words(9, "en", "Thank you, bye."));
    assert_eq!(robot.view().stage, Stage::Goodbye);
    robot.wait_ms(5_000);
    assert_eq!(robot.view().stage, Stage::Greeting);
    assert!(robot.said().is_empty());
}

#[test]
fn a_reply_to_the_goodbye_that_comes_late_opens_no_visit_and_a_question_does() {
    let mut robot = answering();
    robot.finishes_speaking();
    robot.input(Input::PressedGoodbye);
    robot.wait_ms(3_500);
    robot.input(Input::SpeechStarted { utterance: 9 });
    robot.wait_ms(1_000);
    robot.input(Input::SpeechEnded { utterance: 9 });
    robot.input(words(9, "en", "Goodbye!"));
    assert_eq!(robot.view().stage, Stage::Greeting);
    robot.input(Input::SpeechStarted { utterance: 10 });
    robot.input(Input::SpeechEnded { utterance: 10 });
    robot.input(words(10, "en", "Thank you, and where is the toilet?"));
    assert_eq!(robot.view().stage, Stage::Conversation);
}

/// Somebody is cut after 28 s and goes on.
fn cut() -> Robot {
    let mut robot = Robot::new();
    robot.input(Input::SpeechStarted { utterance: 1 });
    robot.input(Input::SpeechCut { utterance: 1 });
    robot.input(Input::SpeechStarted { utterance: 2 });
    robot.input(words(1, "en", "I moved here last week and what"));
    robot
}

fn resident_lines(robot: &Robot) -> Vec<String> {
    let captions = robot.view().captions.iter();
    let resident = captions.filter(|c| c.speaker == Speaker::Resident && !c.partial);
    resident.map(|c| c.text.clone()).collect()
}

#[test]
fn what_was_cut_at_its_longest_is_one_turn() {
    let mut robot = cut();
    assert!(resident_lines(&robot).is_empty());
    robot.input(so_far(2, "are your"));
    let shown = &robot.view().captions.last().unwrap().text;
    assert_eq!(shown, "I moved here last week and what are your");
    robot.input(Input::SpeechEnded { utterance: 2 });
    robot.input(words(2, "en", "are your opening hours?"));
    let whole = "I moved here last week and what are your opening hours?";
    assert_eq!(resident_lines(&robot), [whole]);
    robot.wait_ms(3_500);
    assert_eq!(robot.said().len(), 1);
}

#[test]
fn what_was_cut_is_not_lost_when_nothing_follows() {
    let mut robot = cut();
    robot.input(Input::SpeechEnded { utterance: 2 });
    robot.input(nothing(2));
    assert_eq!(resident_lines(&robot), ["I moved here last week and what"]);
    let mut silent = Robot::new();
    silent.input(Input::SpeechStarted { utterance: 1 });
    silent.input(Input::SpeechCut { utterance: 1 });
    silent.input(words(1, "en", "What are your opening hours?"));
    assert_eq!(resident_lines(&silent).len(), 1, "and not waited for");
}
