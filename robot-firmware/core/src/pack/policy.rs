//! Policies: what the agent may not decide alone, as data.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

use super::{Sentences, Texts, nearest};

/// One rule. All conditions that it has must hold; the first rule that does decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name in files, packets and logs.
    pub id: String,
    /// The version of its text.
    pub version: String,
    /// What follows.
    pub effect: Effect,
    pub(super) ask: Sentences,
    /// Holds for questions of this topic.
    pub topic: Option<String>,
    /// Holds in this flow.
    pub flow: Option<String>,
    /// Holds for this action.
    pub action: Option<String>,
    /// Hold for what was answered, or found in the office's systems.
    pub values: Vec<Compare>,
    pub(super) says: Texts,
    pub(super) say: Texts,
    pub(super) next_step: Texts,
}

/// What a rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The agent goes on, and no later rule is asked.
    Allow,
    /// The agent says why not.
    Refuse,
    /// A person decides.
    Exception,
}

impl Effect {
    /// The word in the pack.
    pub fn key(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Refuse => "refuse",
            Self::Exception => "policy_exception",
        }
    }
}

/// A comparison with something known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compare {
    /// The name of a step or of an action's result.
    pub name: String,
    /// How.
    pub how: How,
    /// With what.
    pub with: String,
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `above`: a larger number, a later day.
    Above,
    /// `below`: a smaller number, an earlier day.
    Below,
}

/// What is going on when the rules are asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Situation<'s> {
    /// The rule whose example sentences the visitor's words are like.
    pub said: Option<&'s str>,
    /// The topic that was asked about.
    pub topic: Option<&'s str>,
    /// The flow that is under way.
    pub flow: Option<&'s str>,
    /// The action that is about to be taken, or was.
    pub action: Option<&'s str>,
    /// What is known, as data.
    pub values: Option<&'s BTreeMap<String, String>>,
}

impl Rule {
    /// Sentences that it stands for, by language.
    pub fn ask(&self) -> &BTreeMap<Lang, Vec<String>> {
        &self.ask
    }

    /// What the rule says, for the operator.
    pub fn says(&self, language: &Lang) -> &str {
        nearest(&self.says, language).map_or("", String::as_str)
    }

    /// What the visitor is told.
    pub fn say(&self) -> &Texts {
        &self.say
    }

    /// What the operator should do.
    pub fn next_step(&self, language: &Lang) -> Option<&str> {
        nearest(&self.next_step, language).map(String::as_str)
    }

    /// Whether all of its conditions hold.
    pub fn holds(&self, now: Situation<'_>) -> bool {
        let same = |own: &Option<String>, now: Option<&str>| {
            own.as_deref().is_none_or(|own| Some(own) == now)
        };
        let said = self.ask.is_empty() || now.said == Some(self.id.as_str());
        said && same(&self.topic, now.topic)
            && same(&self.flow, now.flow)
            && same(&self.action, now.action)
            && self.values.iter().all(|compare| compare.holds(now.values))
    }
}

impl Compare {
    fn holds(&self, values: Option<&BTreeMap<String, String>>) -> bool {
        let Some(value) = values.and_then(|values| values.get(&self.name)) else {
            return false;
        };
        let order = match (value.parse::<f64>(), self.with.parse::<f64>()) {
            (Ok(value), Ok(with)) => value.total_cmp(&with),
            _ => value.as_str().cmp(self.with.as_str()),
        };
        match self.how {
            How::Is => order.is_eq(),
            How::IsNot => order.is_ne(),
            How::Above => order.is_gt(),
            How::Below => order.is_lt(),
        }
    }
}
