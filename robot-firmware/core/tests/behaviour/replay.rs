//! A recorded visit replays to the same outputs.

use crate::support::{lang, packs, settings};
use madoguchi_core::Input;
use madoguchi_core::input::{Ability, Heard, SpokenLanguage};
use madoguchi_core::machine::Machine;
use madoguchi_core::record::{Step, perform, replay};
use madoguchi_core::time::Now;
use madoguchi_core::tool::{Tier, ToolCard, ToolOutcome};
use madoguchi_core::understanding::Index;
use madoguchi_shared::ids::UnixMs;

fn machine() -> Machine {
    let pack = packs::sample();
    let index = Index::new(&pack);
    let mut machine = Machine::new(pack, index, settings());
    while machine.poll_output().is_some() {}
    machine
}

fn recorded() -> Vec<Step> {
    let mut machine = machine();
    let inputs = [
        Some(Input::Ability {
            ability: Ability::Microphone,
            available: true,
        }),
        Some(Input::ConsoleUp),
        Some(Input::ToolsKnown {
            server: "records".to_owned(),
            tools: vec![ToolCard {
                server: "records".to_owned(),
                name: "fees_due".to_owned(),
                floor: Tier::Read,
                input_schema: serde_json::Map::new(),
            }],
        }),
        Some(Input::ToolAnswered {
            call: 7,
            outcome: ToolOutcome::Done {
                structured: Some(serde_json::json!({ "due": [{ "yen": 1_500 }] })),
                text: "1,500 yen".to_owned(),
            },
        }),
        Some(Input::Heard(Heard {
            utterance: 1,
            text: "What are your opening hours?".to_owned(),
            language: SpokenLanguage::Pack(lang("en")),
            language_probability: 0.99,
            confidence: 0.8,
            words: Vec::new(),
        })),
        Some(Input::Embedded {
            request: 2,
            vector: None,
        }),
        Some(Input::PressedPerson),
        None,
    ];
    let mut steps = Vec::new();
    for (index, input) in inputs.into_iter().enumerate() {
        let ms = 1_000 + 200_000 * (index as u64 / 7) + 100 * index as u64;
        let now = Now {
            monotonic_ms: ms,
            wall: UnixMs(1_700_000_000_000 + ms as i64),
        };
        let outputs = perform(&mut machine, input.clone(), now);
        steps.push(Step {
            now,
            input,
            outputs,
        });
    }
    assert!(steps.iter().filter(|step| !step.outputs.is_empty()).count() >= 4);
    steps
}

#[test]
fn a_record_survives_its_file_and_replays_the_same() {
    let text: Vec<String> = recorded()
        .iter()
        .map(|step| serde_json::to_string(step).unwrap())
        .collect();
    let steps: Vec<Step> = text
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(replay(&mut machine(), steps), None);
}

#[test]
fn a_changed_decision_is_found_at_its_step() {
    let mut steps = recorded();
    steps[5].outputs.pop();
    assert_eq!(replay(&mut machine(), steps).unwrap().step, 6);
}

#[test]
fn a_flow_with_its_tools_replays_the_same() {
    let answer = |form: u32, text: &str| Input::Answered {
        form,
        text: text.to_owned(),
    };
    let inputs = vec![
        Input::ToolsKnown {
            server: "records".to_owned(),
            tools: crate::support::office::cards(None),
        },
        Input::TypedIn {
            language: lang("en"),
            text: "I want to book an appointment".to_owned(),
        },
        Input::Embedded {
            request: 2,
            vector: None,
        },
        answer(1, "tax"),
        answer(2, "2023-11-20"),
        Input::Confirmed { form: 3, yes: true },
        Input::ToolAnswered {
            call: 3,
            outcome: ToolOutcome::TooSlow,
        },
    ];
    let mut recording = machine();
    let steps: Vec<Step> = inputs
        .into_iter()
        .zip(0..)
        .map(|(input, at)| {
            let now = Now {
                monotonic_ms: 1_000 + at,
                wall: UnixMs(1_700_000_000_000),
            };
            let outputs = perform(&mut recording, Some(input.clone()), now);
            let step = Step {
                now,
                input: Some(input),
                outputs,
            };
            serde_json::from_str(&serde_json::to_string(&step).unwrap()).unwrap()
        })
        .collect();
    let last = serde_json::to_string(&steps.last().unwrap().outputs).unwrap();
    assert!(last.contains("system_fault"), "{last}");
    assert_eq!(replay(&mut machine(), steps), None);
}
