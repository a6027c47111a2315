//! A person reads along with the agent, suggests its next line, or takes the visitor over.

use crate::support::{Robot, lang, operator};
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::VisitId;
use madoguchi_shared::packet::{Owner, ReasonCode, Speaker, Turn};
use madoguchi_shared::screen::Stage;
use madoguchi_shared::watch::VisitUnderWay;

fn visits(robot: &Robot) -> Vec<Option<VisitUnderWay>> {
    let told = |output: &Output| match output {
        Output::SendVisit(visit) => Some(visit.clone()),
        _ => None,
    };
    robot.outputs.iter().filter_map(told).collect()
}

fn lines(robot: &Robot) -> Vec<Turn> {
    let sent = |output: &Output| match output {
        Output::SendWatched { turns, .. } => Some(turns.clone()),
        _ => None,
    };
    robot.outputs.iter().filter_map(sent).flatten().collect()
}

/// A visit in English that has one question and its answer.
fn in_a_visit(robot: &mut Robot) -> VisitId {
    robot.input(Input::ConsoleUp);
    robot.types("What are your opening hours?");
    let visit_id = visits(robot).pop().unwrap().unwrap().visit_id;
    robot.finishes_speaking();
    robot.take();
    visit_id
}

fn watches(robot: &mut Robot, visit_id: VisitId) {
    let by = Some(operator());
    robot.input(Input::Watched { visit_id, by });
}

fn suggests(robot: &mut Robot, visit_id: VisitId, text: &str, tag: &str) {
    robot.input(Input::Suggested {
        visit_id,
        text: text.to_owned(),
        language: lang(tag),
    });
}

#[test]
fn the_console_knows_that_a_visit_is_and_nothing_that_is_said_in_it() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    assert_eq!(visits(&robot), [], "nobody is there");
    robot.types("What are your opening hours?");
    let told = visits(&robot);
    assert_eq!(told.len(), 1);
    let visit = told[0].as_ref().unwrap();
    assert_eq!(visit.language, lang("en"));
    assert!(lines(&robot).is_empty());
    robot.take();
    robot.input(Input::PressedGoodbye);
    assert_eq!(visits(&robot), [None]);
    assert!(lines(&robot).is_empty());
}

#[test]
fn the_visitor_is_told_by_screen_before_the_first_line_leaves_the_robot_and_by_voice() {
    let mut robot = Robot::new();
    let visit_id = in_a_visit(&mut robot);
    let now = robot.now();
    let by = Some(operator());
    robot.machine.handle(Input::Watched { visit_id, by }, now);
    let mut shown = false;
    let mut sent = false;
    while let Some(output) = robot.machine.poll_output() {
        match output {
            Output::View(view) => {
                shown |= view.watched && view.notice.is_some();
                robot.view = Some(*view);
            }
            Output::SendWatched { .. } => {
                assert!(shown, "a line left before the screen said so");
                sent = true;
            }
            other => robot.outputs.push(other),
        }
    }
    assert!(sent);
    let said = robot.said();
    assert_eq!(said.len(), 1);
    assert_eq!(robot.view().notice.as_ref().unwrap().text, said[0].2);
    let by = None;
    robot.input(Input::Watched { visit_id, by });
    assert!(!robot.view().watched);
    assert_eq!(robot.view().notice, None);
}

#[test]
fn whoever_is_being_spoken_to_hears_it_after_the_sentence() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.types("What are your opening hours?");
    let visit_id = visits(&robot).pop().unwrap().unwrap().visit_id;
    let answer = robot.said().pop().unwrap();
    watches(&mut robot, visit_id);
    assert!(robot.view().watched);
    assert_eq!(robot.said().len(), 1, "the answer is not cut off");
    robot.input(Input::SayEnded { id: answer.0 });
    assert_eq!(robot.said().len(), 2);
    robot.finishes_speaking();
    assert_eq!(robot.said().len(), 2, "once");
}

#[test]
fn all_lines_come_first_and_then_each_new_one() {
    let mut robot = Robot::new();
    let visit_id = in_a_visit(&mut robot);
    watches(&mut robot, visit_id);
    let first = lines(&robot);
    assert_eq!(first[0].text, "What are your opening hours?");
    assert!(first.iter().any(|turn| turn.speaker == Speaker::Agent));
    robot.take();
    robot.types("And on Saturday?");
    let next = lines(&robot);
    assert_eq!(next[0].text, "And on Saturday?");
    robot.take();
    let by = None;
    robot.input(Input::Watched { visit_id, by });
    robot.types("Thank you");
    assert!(lines(&robot).is_empty());
}

#[test]
fn a_suggestion_is_spoken_and_stands_as_a_persons_words_in_the_visitors_language() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.input(Input::ChoseLanguage(lang("pt")));
    let visit_id = visits(&robot).pop().unwrap().unwrap().visit_id;
    suggests(&mut robot, visit_id, "Bring your passport.", "en");
    let suggested = |robot: &Robot| {
        let mut captions = robot.view().captions.iter();
        captions.any(|line| line.speaker == Speaker::Operator)
    };
    assert!(!suggested(&robot), "nobody watches yet");
    watches(&mut robot, visit_id);
    robot.finishes_speaking();
    robot.take();
    suggests(&mut robot, visit_id, "Bring your passport.", "en");
    let (request, _) = robot.translation();
    robot.input(Input::Translated {
        request,
        translated: Some("Traga o seu passaporte.".into()),
    });
    let caption = robot.view().captions.last().unwrap();
    assert_eq!(caption.speaker, Speaker::Operator);
    assert_eq!(caption.text, "Traga o seu passaporte.");
    let (_, language, said) = robot.said().pop().unwrap();
    assert_eq!(
        (language.as_str(), said.as_str()),
        ("pt", "Traga o seu passaporte.")
    );
    let told = lines(&robot).pop().unwrap();
    assert_eq!(told.shown, Some(lang("pt")), "who watches sees how");
    assert_eq!(robot.view().stage, Stage::Conversation, "still the agent's");
}

#[test]
fn whoever_watches_takes_the_visitor_over_as_a_case_and_others_cannot() {
    let mut robot = Robot::new();
    let visit_id = in_a_visit(&mut robot);
    robot.input(Input::VisitTaken { visit_id });
    assert!(robot.packets().is_empty(), "nobody watches");
    watches(&mut robot, visit_id);
    robot.take();
    robot.input(Input::VisitTaken { visit_id });
    let packet = robot.packet();
    assert_eq!(packet.reason.code, ReasonCode::SteppedIn);
    assert_eq!(packet.owner, Owner::Waiting);
    assert_eq!(packet.visit_id, visit_id);
    assert_eq!(visits(&robot), [None], "there is nothing to watch any more");
    assert!(!robot.view().watched);
    let case_id = packet.case_id;
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    assert_eq!(robot.view().stage, Stage::Connecting);
    robot.take();
    robot.input(Input::Ended {
        case_id,
        back: crate::support::back(true),
    });
    assert_eq!(robot.view().stage, Stage::Conversation);
    assert!(!robot.view().watched, "a case ends what was before");
    assert_eq!(visits(&robot).len(), 1, "the agent serves again");
}

#[test]
fn without_the_console_nobody_watches() {
    let mut robot = Robot::new();
    let visit_id = in_a_visit(&mut robot);
    watches(&mut robot, visit_id);
    robot.take();
    robot.input(Input::ConsoleDown);
    assert!(!robot.view().watched);
    robot.types("And on Saturday?");
    assert!(lines(&robot).is_empty() && visits(&robot).is_empty());
    robot.input(Input::ConsoleUp);
    assert_eq!(visits(&robot).len(), 1, "it is told again");
    assert!(!robot.view().watched);
}

#[test]
fn another_visit_is_not_watched_by_who_watched_the_one_before() {
    let mut robot = Robot::new();
    let before = in_a_visit(&mut robot);
    robot.input(Input::PressedGoodbye);
    robot.wait_ms(60_000);
    in_a_visit(&mut robot);
    watches(&mut robot, before);
    assert!(!robot.view().watched);
    suggests(&mut robot, before, "Hello", "en");
    robot.input(Input::VisitTaken { visit_id: before });
    assert!(lines(&robot).is_empty() && robot.packets().is_empty());
}
