//! The options that say what an operator can do.

use std::collections::BTreeSet;

use clap::Args;
use madoguchi_shared::ids::Lang;

use super::output::shown;
use crate::routing::{Hours, Level, Skills};

/// Longest name of a topic or an authority, in characters.
const NAME_MAX_CHARS: usize = 60;

#[derive(Debug, Args)]
pub(super) struct SkillOptions {
    /// Topics known, by their names in the robots' packs, such as `moving-in,tax-payment`; all when absent
    #[arg(long, value_delimiter = ',', value_parser = name, value_name = "TOPICS")]
    topics: Option<Vec<String>>,
    /// What they may decide, such as `waive_fees`
    #[arg(long, value_delimiter = ',', value_parser = name, value_name = "NAMES")]
    authority: Option<Vec<String>>,
    /// A site served, as its robots were claimed with it; repeat it for more; all when absent
    #[arg(long, value_parser = shown, value_name = "SITE")]
    site: Option<Vec<String>>,
    /// Duty hours, such as `mon-fri 08:30-12:00,13:00-17:15 Asia/Tokyo`; always when absent
    #[arg(long, value_name = "HOURS")]
    hours: Option<Hours>,
    /// Whether to ask them when nobody else takes a case
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    supervisor: Option<bool>,
}

impl SkillOptions {
    pub(super) fn are_absent(&self) -> bool {
        self.topics.is_none()
            && self.authority.is_none()
            && self.site.is_none()
            && self.hours.is_none()
            && self.supervisor.is_none()
    }

    pub(super) fn apply(self, languages: Option<&[Level]>, skills: &mut Skills) {
        let set = |names: Vec<String>| names.into_iter().collect::<BTreeSet<_>>();
        if let Some(languages) = languages {
            skills.set_levels(languages);
        }
        if let Some(topics) = self.topics {
            skills.topics = set(topics);
        }
        if let Some(authority) = self.authority {
            skills.authority = set(authority);
        }
        if let Some(sites) = self.site {
            skills.sites = set(sites);
        }
        if self.hours.is_some() {
            skills.hours = self.hours;
        }
        if let Some(supervisor) = self.supervisor {
            skills.supervisor = supervisor;
        }
    }
}

/// Languages without their levels, each once.
pub(super) fn spoken(levels: &[Level]) -> Vec<Lang> {
    let mut languages: Vec<Lang> = Vec::new();
    for one in levels {
        if !languages.contains(&one.language) {
            languages.push(one.language.clone());
        }
    }
    languages
}

/// What is known of somebody's skills, in a line.
pub(super) fn in_words(skills: &Skills) -> String {
    let list = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(",");
    let mut words = Vec::new();
    for (title, names) in [
        ("topics", &skills.topics),
        ("may", &skills.authority),
        ("sites", &skills.sites),
    ] {
        if !names.is_empty() {
            words.push(format!("{title} {}", list(names)));
        }
    }
    words.extend(
        skills
            .hours
            .as_ref()
            .map(|hours| format!("on duty {hours}")),
    );
    if skills.supervisor {
        words.push("supervisor".to_owned());
    }
    if !skills.are_set() {
        words.push("offered everything".to_owned());
    }
    words.join("; ")
}

fn name(text: &str) -> Result<String, &'static str> {
    let plain =
        |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || "-_".contains(sign);
    if text.is_empty() || text.len() > NAME_MAX_CHARS || !text.chars().all(plain) {
        return Err(
            "it is no name of a topic or an authority; write 1 to 60 lower-case letters, digits, `-` and `_`",
        );
    }
    Ok(text.to_owned())
}
