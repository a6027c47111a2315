//! The back office of the sample pack, answered by the test.
#![allow(clippy::unwrap_used, dead_code)]

use madoguchi_core::pack::Pack;
use madoguchi_core::tool::{Tier, ToolCall, ToolCard, ToolOutcome};
use madoguchi_core::{Input, Output};
use madoguchi_shared::screen::{Form, FormKind};
use serde_json::{Map, Value, json};

use super::{Robot, settings};

const TOOLS: [(&str, Tier); 8] = [
    ("verify_resident", Tier::Reversible),
    ("find_application", Tier::Read),
    ("list_appointment_slots", Tier::Read),
    ("book_appointment", Tier::Reversible),
    ("take_queue_number", Tier::Reversible),
    ("fees_due", Tier::Read),
    ("cancel_appointment", Tier::Irreversible),
    ("return_queue_number", Tier::Irreversible),
];

pub fn cards(floor: Option<Tier>) -> Vec<ToolCard> {
    let card = |(name, own): (&str, Tier)| ToolCard {
        server: "records".to_owned(),
        name: name.to_owned(),
        floor: floor.unwrap_or(own),
        input_schema: Map::new(),
    };
    TOOLS.into_iter().map(card).collect()
}

impl Robot {
    pub fn with_office() -> Self {
        let mut robot = Self::new();
        robot.knows_tools(None);
        robot
    }

    /// The same office with another pack.
    pub fn with_office_of(pack: Pack) -> Self {
        let mut robot = Self::of(pack, settings());
        robot.knows_tools(None);
        robot
    }

    pub fn knows_tools(&mut self, floor: Option<Tier>) {
        self.input(Input::ToolsKnown {
            server: "records".to_owned(),
            tools: cards(floor),
        });
    }

    pub fn form(&self) -> &Form {
        self.view()
            .form
            .as_ref()
            .expect("no question is on the screen")
    }

    pub fn answers(&mut self, text: &str) {
        let form = self.form().number;
        self.input(Input::Answered {
            form,
            text: text.to_owned(),
        });
    }

    pub fn confirms(&mut self, yes: bool) {
        assert_eq!(self.form().kind, FormKind::Confirm);
        let form = self.form().number;
        self.input(Input::Confirmed { form, yes });
    }

    /// Answers a question and confirms what was read back.
    pub fn answers_and_confirms(&mut self, text: &str) {
        self.answers(text);
        self.confirms(true);
    }

    /// Names the appointment to be cancelled.
    pub fn names_appointment(&mut self, number: &str) {
        self.answers_and_confirms(number);
        self.answers_and_confirms("2023-11-20");
    }

    /// A spoken sentence that the recogniser is that sure of.
    pub fn hears_at(&mut self, confidence: f32, tag: &str, text: &str) {
        let utterance = self.speech_starts();
        self.is_heard(utterance, confidence, tag, text);
    }

    pub fn calls(&self) -> Vec<ToolCall> {
        let call = |output: &Output| match output {
            Output::CallTool(call) => Some(call.clone()),
            _ => None,
        };
        self.outputs.iter().filter_map(call).collect()
    }

    pub fn call(&self) -> ToolCall {
        self.calls().pop().expect("no tool was called")
    }

    pub fn tool_says(&mut self, outcome: ToolOutcome) {
        let call = self.call().call;
        self.input(Input::ToolAnswered { call, outcome });
    }

    pub fn tool_returns(&mut self, structured: Value) {
        self.tool_says(done(structured));
    }

    pub fn last_said(&self) -> String {
        self.said().pop().expect("nothing was said").2
    }

    pub fn verifies(&mut self, code: &str, verified: bool) {
        self.answers_and_confirms(code);
        self.answers_and_confirms("1988-05-12");
        assert_eq!(self.call().tool, "verify_resident");
        let answer = match verified {
            true => {
                json!({ "verified": true, "level": "letter_and_birth_date", "verification": "tok-77", "name": "Ana" })
            }
            false => json!({ "verified": false, "level": "none", "tries_left": 1 }),
        };
        self.tool_returns(answer);
    }
}

pub fn done(structured: Value) -> ToolOutcome {
    ToolOutcome::Done {
        structured: Some(structured),
        text: String::new(),
    }
}
