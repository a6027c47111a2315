//! What of a case arrives when.

use crate::support::torch::in_a_call;
use crate::support::{Robot, lang};
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::{Packet, ReasonCode, RouteStep};
use madoguchi_shared::screen::Way;

/// Where an output stands among those of one step.
fn place(robot: &Robot, wanted: impl Fn(&Output) -> bool) -> usize {
    robot.outputs.iter().position(wanted).unwrap()
}

#[test]
fn route_and_reason_leave_in_the_step_of_the_trigger_before_anything_that_takes_time() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.input(Input::ChoseLanguage(lang("pt")));
    robot.types("Quando é a coleta de lixo?");
    robot.take();
    robot.input(Input::Typed("Quero falar com uma pessoa".to_owned()));
    let sent = place(&robot, |output| matches!(output, Output::SendCase(_)));
    let said = place(&robot, |output| matches!(output, Output::Say { .. }));
    let asked = place(&robot, |output| matches!(output, Output::Translate { .. }));
    assert!(sent < said && sent < asked, "{sent}, {said}, {asked}");
    let packet = robot.packets().remove(0);
    assert_eq!(packet.reason.code, ReasonCode::AskedForPerson);
    assert_eq!(packet.route.languages[0], lang("pt"));
    assert_eq!(packet.route.steps, RouteStep::standard());
    assert_eq!(
        packet.route.fallback,
        [Way::Wait, Way::Callback, Way::Ticket, Way::Bell]
    );
    assert_eq!(packet.expires_at.unwrap().0 - packet.opened_at.0, 120_000);
    let parts = robot.packets();
    let has = |packet: &Packet| (!packet.summary.is_empty(), packet.transcript.len() >= 3);
    assert_eq!(
        [has(&parts[0]), has(&parts[1]), has(&parts[2])],
        [(false, false), (true, false), (true, true)],
        "route and reason first, then the summary, then the conversation"
    );
    let revisions = parts.iter().map(|packet| packet.revision);
    assert!(revisions.is_sorted_by(|a, b| a < b));
}

#[test]
fn words_that_leave_no_doubt_wait_for_no_sentence_vector() {
    for (tag, text) in [
        ("en", "I want to talk to a person"),
        ("ja", "人と話したいです"),
        ("pt", "Quero falar com uma pessoa"),
    ] {
        let mut robot = Robot::new();
        robot.input(Input::ConsoleUp);
        robot.input(Input::ChoseLanguage(lang(tag)));
        robot.take();
        robot.input(Input::Typed(text.to_owned()));
        let packets = robot.packets();
        assert!(!packets.is_empty(), "{text} waited for a vector");
        assert_eq!(packets[0].reason.code, ReasonCode::AskedForPerson);
        let asked = robot.outputs.iter().find_map(|output| match output {
            Output::Embed { request, .. } => Some(*request),
            _ => None,
        });
        robot.take();
        let vector = None;
        robot.input(Input::Embedded {
            request: asked.unwrap(),
            vector,
        });
        assert!(robot.packets().is_empty(), "one case, opened once");
    }
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.input(Input::Typed(
        "Which office is responsible for parks?".to_owned(),
    ));
    assert!(robot.packets().is_empty());
}

/// Small things stand first in what is sent, so that they are read first where a link is slow.
#[test]
fn what_decides_stands_before_what_is_long() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("en", "I want to talk to a person");
    let text = serde_json::to_string(&robot.packet()).unwrap();
    let at = |field: &str| text.find(&format!("\"{field}\":")).unwrap();
    let order = ["reason", "route", "summary", "facts", "transcript"].map(at);
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn a_packet_expires_only_while_somebody_waits() {
    let mut robot = Robot::new();
    in_a_call(&mut robot);
    robot.input(Input::Presence {
        somebody: Some(false),
    });
    robot.wait_ms(4_000);
    let held: Packet = robot.packet();
    assert!(held.robot.resident_gone);
    assert_eq!(held.expires_at, None);
}
