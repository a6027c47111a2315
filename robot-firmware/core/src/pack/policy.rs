//! Policies: what the agent may not decide alone, as data.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

use super::{Sentences, Texts, nearest};

/// The name of the day at the office among what is known.
pub(crate) const TODAY: &str = "today";

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

    /// Whether all of its conditions hold; unknown when one of them is about something that isn't
    /// known, or can't be compared, and none of the others fails.
    pub fn holds(&self, now: Situation<'_>) -> Holds {
        let same = |own: &Option<String>, now: Option<&str>| {
            own.as_deref().is_none_or(|own| Some(own) == now)
        };
        let said = match now.said {
            Some(rule) => rule == self.id,
            None => self.ask.is_empty(),
        };
        let applies = said
            && same(&self.topic, now.topic)
            && same(&self.flow, now.flow)
            && same(&self.action, now.action);
        if !applies {
            return Holds::No;
        }
        let values = self.values.iter().map(|compare| compare.holds(now.values));
        values.min().unwrap_or(Holds::Yes)
    }
}

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// It doesn't.
    No,
    /// Nobody can tell.
    Unknown,
    /// It does.
    Yes,
}

impl Compare {
    fn holds(&self, values: Option<&BTreeMap<String, String>>) -> Holds {
        let known = |name: &str| {
            values
                .and_then(|values| values.get(name))
                .map(String::as_str)
        };
        let Some(value) = known(&self.name) else {
            return Holds::Unknown;
        };
        let with = match self.with.as_str() {
            TODAY => known(TODAY).unwrap_or(TODAY),
            with => with,
        };
        let order = order(value, with);
        let holds = match self.how {
            How::Is => Some(order.map_or(value == with, Ordering::is_eq)),
            How::IsNot => Some(order.map_or(value != with, Ordering::is_ne)),
            How::Above => order.map(Ordering::is_gt),
            How::Below => order.map(Ordering::is_lt),
        };
        match holds {
            Some(true) => Holds::Yes,
            Some(false) => Holds::No,
            None => Holds::Unknown,
        }
    }
}

/// The order of two numbers or two days; of anything else there is none.
fn order(value: &str, with: &str) -> Option<Ordering> {
    if let (Some(value), Some(with)) = (number(value), number(with)) {
        return Some(value.total_cmp(&with));
    }
    let day = |text: &str| text.parse::<jiff::civil::Date>().ok();
    Some(day(value)?.cmp(&day(with)?))
}

/// A number, also with commas between its thousands.
pub(super) fn number(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?.trim_start_matches('-');
    let thousands = groups.clone().all(|group| group.len() == 3);
    let grouped = !whole.contains(',') || (1..=3).contains(&first.len());
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = !first.is_empty() && digits(first) && groups.all(digits);
    if !thousands || !grouped || !plain || !digits(fraction) {
        return None;
    }
    text.replace(',', "")
        .parse()
        .ok()
        .filter(|n: &f64| n.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(how: How, with: &str, value: Option<&str>) -> Holds {
        let mut values = BTreeMap::from([(TODAY.to_owned(), "2023-11-15".to_owned())]);
        values.extend(value.map(|value| ("fact".to_owned(), value.to_owned())));
        let name = "fact".to_owned();
        let with = with.to_owned();
        Compare { name, how, with }.holds(Some(&values))
    }

    #[test]
    fn a_fact_that_is_missing_or_cannot_be_compared_is_unknown() {
        use Holds::{No, Unknown, Yes};
        for (how, with, value, expected) in [
            (How::Is, "tax", None, Unknown),
            (How::IsNot, "tax", None, Unknown),
            (How::Above, "3000", None, Unknown),
            (How::Below, "3000", None, Unknown),
            (How::Is, "tax", Some("tax"), Yes),
            (How::Is, "tax", Some("pension"), No),
            (How::IsNot, "tax", Some("pension"), Yes),
            (How::Above, "3000", Some("12,400"), Yes),
            (How::Above, "3000", Some("900"), No),
            (How::Above, "3000", Some("12400 yen"), Unknown),
            (How::Above, "3000", Some("1,2"), Unknown),
            (How::Is, "12400", Some("12,400"), Yes),
            (How::Below, "2023-12-24", Some("2023-11-20"), Yes),
            (How::Below, "2023-12-24", Some("soon"), Unknown),
            (How::Below, TODAY, Some("2023-11-14"), Yes),
            (How::Above, TODAY, Some("2023-11-14"), No),
        ] {
            assert_eq!(
                compare(how, with, value),
                expected,
                "{how:?} {with} {value:?}"
            );
        }
    }
}
