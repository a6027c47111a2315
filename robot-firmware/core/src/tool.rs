//! Tools of the back office, as core sees them: what can be called, a call, and what came of it.
//!
//! Tools are those of the Model Context Protocol (MCP). Whatever a tool says is data: core matches
//! and counts it, and puts it into the pack's own sentences where the pack asks for it. It is never
//! taken for the resident's words, for a sentence of the robot or for an instruction.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How much harm a call can do; the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// It changes nothing.
    Read,
    /// It only adds, and what it did can be taken back.
    Reversible,
    /// It may destroy or replace something, or nobody said that it doesn't.
    Irreversible,
}

/// A tool that can be called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCard {
    /// The server's name in the configuration.
    pub server: String,
    /// The tool's name there.
    pub name: String,
    /// The least tier that its own annotations allow; the pack may only raise it.
    pub floor: Tier,
    /// JSON Schema of the arguments.
    pub input_schema: Map<String, Value>,
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Its number; no two of a machine's life are the same.
    pub call: u64,
    /// The server's name in the configuration.
    pub server: String,
    /// The tool's name there.
    pub tool: String,
    /// The arguments.
    pub arguments: Map<String, Value>,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolOutcome {
    /// The tool did what it was asked to.
    Done {
        /// Its structured result, which fits the schema that the tool declares, if it declares one.
        structured: Option<Value>,
        /// Its result in words, joined by line breaks.
        text: String,
    },
    /// The tool answered that it did not.
    Refused {
        /// Its reason as data, if it gave one.
        structured: Option<Value>,
        /// Its reason in words.
        text: String,
    },
    /// Nothing was sent: the arguments don't fit the tool's schema, or there is no such tool.
    BadCall,
    /// Nothing was sent: the server isn't there.
    Unavailable,
    /// No answer came in time.
    TooSlow,
    /// The server was lost before it answered.
    Lost,
    /// The answer was larger than the configuration allows.
    TooLarge,
    /// The answer was none, or doesn't fit the schema that the tool declares.
    BadAnswer,
}

impl ToolOutcome {
    /// Whether the tool may have done something: surely when it says so, possibly when its answer
    /// was not received or not understood.
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::Done { .. } | Self::TooSlow | Self::Lost | Self::TooLarge | Self::BadAnswer => {
                true
            }
            Self::Refused { .. } | Self::BadCall | Self::Unavailable => false,
        }
    }
}

/// The tools of the servers that are there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tools {
    servers: BTreeMap<String, Vec<ToolCard>>,
}

impl Tools {
    /// A server is there; these are all of its tools.
    pub fn known(&mut self, server: String, tools: Vec<ToolCard>) {
        self.servers.insert(server, tools);
    }

    /// A server is gone.
    pub fn gone(&mut self, server: &str) {
        self.servers.remove(server);
    }

    /// A tool, if its server is there and has it.
    pub fn card(&self, server: &str, tool: &str) -> Option<&ToolCard> {
        self.servers
            .get(server)?
            .iter()
            .find(|card| card.name == tool)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(server: &str, name: &str) -> ToolCard {
        ToolCard {
            server: server.to_owned(),
            name: name.to_owned(),
            floor: Tier::Read,
            input_schema: Map::new(),
        }
    }

    #[test]
    fn tiers_rise_with_the_harm() {
        assert!(Tier::Read < Tier::Reversible && Tier::Reversible < Tier::Irreversible);
    }

    #[test]
    fn a_server_that_comes_back_has_only_the_tools_that_it_names() {
        let mut tools = Tools::default();
        tools.known(
            "records".to_owned(),
            vec![card("records", "a"), card("records", "b")],
        );
        tools.known("records".to_owned(), vec![card("records", "b")]);
        assert!(tools.card("records", "a").is_none());
        assert!(tools.card("records", "b").is_some());
        tools.gone("records");
        assert!(tools.card("records", "b").is_none());
    }
}
