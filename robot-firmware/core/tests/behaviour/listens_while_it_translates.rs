//! Nobody has to be silent while something is being translated.

use crate::support::torch::session;
use crate::support::{Robot, lang, operator};
use madoguchi_core::input::MediaEvent;
use madoguchi_core::output::Listen;
use madoguchi_core::{Input, Output};
use madoguchi_shared::packet::Speaker;

fn translations(robot: &Robot) -> Vec<(u64, String)> {
    let asked = |output: &Output| match output {
        Output::Translate { request, text, .. } => Some((*request, text.clone())),
        _ => None,
    };
    robot.outputs.iter().filter_map(asked).collect()
}

#[test]
fn both_go_on_and_each_line_gets_its_own_translation_whichever_is_ready_first() {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack("pt", "Quero falar com uma pessoa");
    let case_id = robot.packet().case_id;
    robot.input(Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(1),
    });
    let session = session(&robot);
    let event = MediaEvent::Connected;
    robot.input(Input::Media { session, event });
    robot.take();
    robot.input(Input::OperatorSaid {
        case_id,
        message: 1,
        text: "Please show me the letter".to_owned(),
        language: lang("en"),
    });
    let utterance = robot.speech_starts();
    let deaf = |output: &Output| {
        matches!(
            output,
            Output::Listen(Listen {
                microphone: false,
                ..
            })
        )
    };
    assert!(!robot.outputs.iter().any(deaf), "it stopped listening");
    robot.is_heard(utterance, 0.9, "pt", "Deixei a carta em casa");
    let asked = translations(&robot);
    let request = |text: &str| asked.iter().find(|(_, own)| own == text).unwrap().0;
    let (first, second) = (
        request("Please show me the letter"),
        request("Deixei a carta em casa"),
    );
    for (request, text) in [
        (second, "I left the letter at home"),
        (first, "Mostre-me a carta, por favor"),
    ] {
        let text = Some(text.to_owned());
        robot.input(Input::Translated {
            request,
            translated: text.map(Into::into),
        });
    }
    let typed = robot.view().captions.iter();
    let typed = typed.rev().find(|line| line.speaker == Speaker::Operator);
    assert_eq!(typed.unwrap().text, "Mostre-me a carta, por favor");
    let packet = robot.packet();
    let said = packet.transcript.iter().rev();
    let mut said = said.filter(|turn| turn.speaker == Speaker::Resident);
    let translation = said.next().unwrap().translation.clone().unwrap();
    assert_eq!(translation.text, "I left the letter at home");
}
