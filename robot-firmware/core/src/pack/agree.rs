//! What only shows when all files are read: whether flows, actions, policies and topics agree.

use super::action::Outcome;
use super::flow::{Does, Step, Texts};
use super::policy::TODAY;
use super::{Flow, Pack, PackFile, Problem};
use crate::slot::Kind;
use crate::tool::Tier;

/// Where problems go: each with the line on which a word first stands in its file.
pub(super) struct Notes<'n> {
    pub(super) files: &'n [PackFile],
    pub(super) problems: &'n mut Vec<Problem>,
}

impl Notes<'_> {
    pub(super) fn note(&mut self, path: &str, near: &str, message: String) {
        let file = self.files.iter().find(|file| file.path == path);
        let line = file
            .and_then(|file| file.text.lines().position(|line| line.contains(near)))
            .map_or(1, |index| index + 1);
        self.problems.push(Problem {
            path: path.to_owned(),
            line,
            message,
        });
    }
}

pub(super) fn check(pack: &Pack, notes: &mut Notes<'_>) {
    if !pack.time_zone.is_empty() && !crate::slot::is_time_zone(&pack.time_zone) {
        let message = format!(
            "`office.time_zone` is “{}”, which is no IANA time zone; write one such as \"Asia/Tokyo\"",
            pack.time_zone
        );
        notes.note("pack.toml", "time_zone", message);
    }
    for flow in &pack.flows {
        check_flow(pack, flow, notes);
    }
    for action in &pack.actions {
        let path = format!("actions/{}.toml", action.id);
        if let Some(level) = &action.verification
            && !pack
                .flows
                .iter()
                .any(|flow| flow.grants.as_ref() == Some(level))
        {
            let message = format!(
                "`verification` is “{level}”, which no flow grants; give a flow `grants = \"{level}\"`"
            );
            notes.note(&path, "verification", message);
        }
        let known: Vec<&str> = action.results.keys().map(String::as_str).collect();
        let used =
            |texts: &Texts| -> Vec<String> { texts.values().flat_map(|t| names(t)).collect() };
        let uses = pack
            .flows
            .iter()
            .filter(|flow| flow.uses(&action.id))
            .collect::<Vec<_>>();
        let mut wanted: Vec<String> = action
            .arguments
            .values()
            .filter_map(|v| v.as_str())
            .flat_map(names)
            .collect();
        wanted.extend(
            action
                .say
                .values()
                .chain(&action.confirm)
                .chain(&action.keep)
                .flat_map(used),
        );
        wanted.extend(
            action
                .undo
                .iter()
                .flat_map(|undo| undo.arguments.values())
                .filter_map(|v| v.as_str())
                .flat_map(names),
        );
        for name in wanted {
            let here = known.contains(&name.as_str());
            let verified = pack.flows.iter().any(|flow| {
                flow.grants.is_some()
                    && flow.grants == action.verification
                    && flow.knows(pack, &name)
            });
            if let Some(flow) = uses
                .iter()
                .find(|flow| !here && !verified && !flow.knows(pack, &name))
            {
                let message = format!(
                    "`{{{name}}}` is neither a result nor answered in the flow `{}`",
                    flow.id
                );
                notes.note(&path, &format!("{{{name}}}"), message);
            }
        }
    }
    for rule in &pack.rules {
        let mut missing = |what: &str, name: &Option<String>, there: &dyn Fn(&str) -> bool| {
            if let Some(name) = name.as_ref().filter(|name| !there(name)) {
                let message = format!(
                    "the rule `{}` is about the {what} `{name}`, which the pack doesn't have",
                    rule.id
                );
                notes.note("policies.toml", &format!("\"{name}\""), message);
            }
        };
        missing("topic", &rule.topic, &|id| pack.topic(id).is_some());
        missing("flow", &rule.flow, &|id| pack.flow(id).is_some());
        missing("action", &rule.action, &|id| pack.action(id).is_some());
        let own = |flow: &&Flow| {
            rule.flow
                .as_ref()
                .is_none_or(|id| flow.id == *id || flow.grants.is_some())
        };
        for compare in &rule.values {
            let mut flows = pack.flows.iter().filter(own);
            if compare.name != TODAY && !flows.any(|flow| flow.knows(pack, &compare.name)) {
                let message = format!(
                    "the rule `{}` compares `{}`, which is neither answered nor found in a flow that it is about",
                    rule.id, compare.name
                );
                notes.note("policies.toml", &compare.name, message);
            }
        }
    }
}

/// The names in braces.
fn names(text: &str) -> Vec<String> {
    let parts = text.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
        .collect()
}

impl Flow {
    pub(super) fn uses(&self, action: &str) -> bool {
        self.steps
            .iter()
            .any(|step| matches!(&step.does, Does::Act { action: own, .. } if own == action))
    }

    fn knows(&self, pack: &Pack, name: &str) -> bool {
        self.steps.iter().any(|step| step.makes(pack, name))
    }
}

impl Step {
    /// Whether a name is known after this step.
    fn makes(&self, pack: &Pack, name: &str) -> bool {
        match &self.does {
            Does::Ask(_) => self.id == name,
            Does::Act { action, .. } => pack
                .action(action)
                .is_some_and(|a| a.results.contains_key(name)),
            Does::Say(_) | Does::Person(_) => false,
        }
    }

    /// What a test of this step can find; absent where that isn't a short list.
    fn outcomes(&self) -> Option<Vec<&str>> {
        match &self.does {
            Does::Ask(ask) if ask.kind == Kind::YesNo => Some(vec!["yes", "no"]),
            Does::Ask(ask) if ask.kind == Kind::Choice && ask.choices_from.is_none() => Some(
                ask.choices
                    .iter()
                    .map(|choice| choice.value.as_str())
                    .collect(),
            ),
            Does::Ask(_) => None,
            Does::Act { .. } => Some(Outcome::ALL.iter().map(|outcome| outcome.key()).collect()),
            Does::Say(_) | Does::Person(_) => Some(Vec::new()),
        }
    }
}

fn check_flow(pack: &Pack, flow: &Flow, notes: &mut Notes<'_>) {
    let path = format!("flows/{}.toml", flow.id);
    if pack.topic(&flow.id).is_some() {
        notes.note(
            &path,
            "id",
            format!(
                "a topic is named `{}` too; give the flow another name",
                flow.id
            ),
        );
    }
    if flow.ask.is_empty() && flow.topics.is_empty() && flow.grants.is_none() {
        let message = "nothing leads to this flow; give it [ask], `topics` or `grants`";
        notes.note(&path, "id", message.to_owned());
    }
    for topic in flow
        .topics
        .iter()
        .filter(|topic| pack.topic(topic).is_none())
    {
        notes.note(
            &path,
            topic,
            format!("`topics` names `{topic}`, which is no topic of the pack"),
        );
    }
    if flow.grants.is_some() {
        let last = flow.steps.last().filter(|step| step.when.is_none());
        let checks = |step: &Step| match &step.does {
            Does::Act { action, .. } => pack
                .action(action)
                .is_none_or(|action| !action.expect.is_empty()),
            _ => false,
        };
        if !last.is_some_and(checks) {
            let message =
                "`grants` needs a last step that checks: an action with [expect], without `when`";
            notes.note(&path, "grants", message.to_owned());
        }
    }
    let mut over = false;
    for (place, step) in flow.steps.iter().enumerate() {
        let earlier = &flow.steps[..place];
        let near = format!("\"{}\"", step.id);
        if over {
            notes.note(
                &path,
                &near,
                format!(
                    "the step `{}` is unreachable: an earlier step always calls a person",
                    step.id
                ),
            );
        }
        if let Some(test) = &step.when {
            match earlier.iter().find(|own| own.id == test.step) {
                None if earlier.iter().any(|own| own.makes(pack, &test.step)) => {}
                None => notes.note(&path, &near, format!("the step `{}` is unreachable: `when` is about `{}`, which is no earlier step", step.id, test.step)),
                Some(own) => {
                    let known = own.outcomes();
                    if let Some(known) = known.filter(|known| !known.contains(&test.value.as_str())) {
                        notes.note(&path, &near, format!("the step `{}` is unreachable: `{}` is never “{}”; it can be: {}", step.id, test.step, test.value, known.join(", ")));
                    }
                }
            }
        }
        let mut texts: Vec<&Texts> = Vec::new();
        match &step.does {
            Does::Say(say) => texts.push(say),
            Does::Ask(ask) => {
                texts.push(&ask.prompt);
                if let Some(list) = &ask.choices_from {
                    let has = |step: &Step| matches!(&step.does, Does::Act { action, .. } if pack.action(action).is_some_and(|a| a.lists.contains_key(list)));
                    if !earlier.iter().any(has) {
                        notes.note(
                            &path,
                            list,
                            format!("`choices_from` is `{list}`, which no earlier action lists"),
                        );
                    }
                }
            }
            Does::Act { action, again_from } => {
                if pack.action(action).is_none() {
                    notes.note(
                        &path,
                        action,
                        format!("`action` is `{action}`, but there is no actions/{action}.toml"),
                    );
                } else if flow.grants.is_some()
                    && pack
                        .action(action)
                        .is_some_and(|a| a.verification.is_some())
                {
                    notes.note(&path, action, format!("`{action}` needs a verification itself; a flow that grants one can't use it"));
                }
                let back = again_from.as_ref().and_then(|from| flow.place_of(from));
                let changes = |step: &&Step| {
                    let action = match &step.does {
                        Does::Act { action, .. } => pack.action(action),
                        _ => None,
                    };
                    action.is_some_and(|action| action.tier > Tier::Read)
                };
                let done = back.and_then(|back| earlier.get(back..)?.iter().find(changes));
                if let Some(done) = done {
                    let message = format!(
                        "`again_from` goes back across `{}`, which would be done again; \
                         go back to a question after it",
                        done.id
                    );
                    notes.note(&path, "again_from", message);
                }
                if let Some(from) = again_from
                    && !earlier
                        .iter()
                        .any(|own| own.id == *from && matches!(own.does, Does::Ask(_)))
                {
                    notes.note(
                        &path,
                        "again_from",
                        format!("`again_from` is `{from}`, which is no earlier question"),
                    );
                }
            }
            Does::Person(_) => over |= step.when.is_none(),
        }
        for name in texts
            .iter()
            .flat_map(|texts| texts.values())
            .flat_map(|text| names(text))
        {
            if !earlier.iter().any(|own| own.makes(pack, &name)) {
                notes.note(
                    &path,
                    &format!("{{{name}}}"),
                    format!("`{{{name}}}` is not known before the step `{}`", step.id),
                );
            }
        }
    }
}
