//! Whether a pack makes sense as a whole: nothing contradicts, nothing collides, nothing is dead.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Time;

use super::Pack;
use super::agree::Notes;
use super::attachments::is_address;
use crate::understanding::fold;

pub(super) fn check(pack: &Pack, notes: &mut Notes<'_>) {
    hours(pack, notes);
    links(pack, notes);
    collisions(pack, notes);
    titles(pack, notes);
    for action in &pack.actions {
        if !pack.flows.iter().any(|flow| flow.uses(&action.id)) {
            let message = format!(
                "no flow takes the action `{}`; give a flow a step with it, or remove this file",
                action.id
            );
            notes.note(&format!("actions/{}.toml", action.id), "id", message);
        }
    }
    for topic in &pack.topics {
        let path = format!("topics/{}.toml", topic.id);
        for follow_up in &topic.follow_ups {
            if follow_up == &topic.id || pack.title(follow_up, &pack.default_language).is_none() {
                let message = format!(
                    "`follow_ups` names `{follow_up}`, which is no other topic or flow of the pack"
                );
                notes.note(&path, &format!("\"{follow_up}\""), message);
            }
        }
    }
}

/// What a topic says of hours must be what `hours.toml` says.
fn hours(pack: &Pack, notes: &mut Notes<'_>) {
    for topic in &pack.topics {
        let path = format!("topics/{}.toml", topic.id);
        let known = topic.hours.as_ref().map(|id| (id, pack.hours(id)));
        if let Some((id, None)) = known {
            let all: Vec<&str> = pack.hours.iter().map(|hours| hours.id.as_str()).collect();
            let message = format!(
                "`hours` is `{id}`, which hours.toml doesn't have; known: {}",
                all.join(", ")
            );
            notes.note(&path, "hours =", message);
        }
        let mut shown: BTreeMap<Time, usize> = BTreeMap::new();
        let mut texts = Vec::new();
        for answer in topic.answer.values() {
            let Some(show) = &answer.show else { continue };
            let times: BTreeMap<Time, &str> = clock_times(show).into_iter().collect();
            times
                .keys()
                .for_each(|time| *shown.entry(*time).or_default() += 1);
            texts.push(times);
        }
        let odd = shown.iter().filter(|(_, count)| **count < texts.len());
        let odd = odd.filter_map(|(time, _)| texts.iter().find_map(|own| own.get(time)));
        for written in odd.copied().collect::<BTreeSet<_>>() {
            let message = format!(
                "`show` names {written} in some languages and not in others; the hours must be the same in each"
            );
            notes.note(&path, written, message);
        }
        let Some((id, Some(hours))) = known else {
            continue;
        };
        let moments = hours.moments();
        let list: Vec<String> = moments
            .iter()
            .map(|time| time.strftime("%H:%M").to_string())
            .collect();
        for answer in topic.answer.values() {
            let said = [Some(&answer.say), answer.show.as_ref()];
            for (time, written) in said
                .into_iter()
                .flatten()
                .flat_map(|text| clock_times(text))
            {
                if !moments.contains(&time) {
                    let message = format!(
                        "the answer names {written}, but `{id}` in hours.toml has {}; one of the two is wrong",
                        list.join(", ")
                    );
                    notes.note(&path, written, message);
                }
            }
        }
    }
}

/// Times of day as they are written in answers: `8:30`, `午前8時30分`, `17h`, `5 p.m.`
pub(super) fn clock_times(text: &str) -> Vec<(Time, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(|c: char| c.is_ascii_digit()) {
        let start = from + at;
        let digits = |at: usize| text[at..].bytes().take_while(u8::is_ascii_digit).count();
        let hour_end = start + digits(start);
        from = hour_end;
        let after = &text[hour_end..];
        let minutes = |skip: usize| {
            let length = digits(hour_end + skip);
            let minutes = text[hour_end + skip..][..length].parse::<i8>().ok();
            minutes
                .filter(|_| length == 2)
                .map(|minute| (minute, hour_end + skip + 2))
        };
        let before = &text[..start];
        let (minute, end) = if after.starts_with(':') {
            match minutes(1) {
                Some(read) => read,
                None => continue,
            }
        } else if after.starts_with("時間") {
            continue;
        } else if after.starts_with("時半") {
            (30, hour_end + "時半".len())
        } else if after.starts_with('時') {
            minutes("時".len()).unwrap_or((0, hour_end + "時".len()))
        } else if after.starts_with('h') && !after[1..].starts_with(|c: char| c.is_alphabetic()) {
            minutes(1).unwrap_or((0, hour_end + 1))
        } else if [" a.m.", " p.m.", " am", " pm"]
            .iter()
            .any(|half| after.starts_with(half))
        {
            (0, hour_end)
        } else {
            continue;
        };
        let Ok(hour) = text[start..hour_end].parse::<i8>() else {
            continue;
        };
        let rest = text[end..].trim_start();
        let afternoon =
            before.ends_with("午後") || rest.starts_with("p.m.") || rest.starts_with("pm");
        let hour = if afternoon && hour < 12 {
            hour + 12
        } else {
            hour
        };
        if let Ok(time) = Time::new(hour, minute, 0, 0) {
            found.push((time, &text[start..end]));
        }
        from = end;
    }
    found
}

/// An address in an answer must be one that a telephone can open.
fn links(pack: &Pack, notes: &mut Notes<'_>) {
    for topic in &pack.topics {
        let path = format!("topics/{}.toml", topic.id);
        for answer in topic.answer.values() {
            for text in [Some(&answer.say), answer.show.as_ref()]
                .into_iter()
                .flatten()
            {
                for word in text.split(|c: char| c.is_whitespace() || "（）()「」、。".contains(c))
                {
                    let is_link = word.contains("://") || word.starts_with("www.");
                    if is_link && !is_address(word.trim_end_matches(['.', ','])) {
                        let message = format!(
                            "“{word}” is a dead link; write the whole address, such as https://www.example.jp/page"
                        );
                        notes.note(&path, word, message);
                    }
                }
            }
        }
    }
}

/// The same sentence, or the same words in another order, can't stand for two things.
fn collisions(pack: &Pack, notes: &mut Notes<'_>) {
    let topics = pack.topics.iter();
    let topics = topics.map(|t| {
        (
            format!("topics/{}.toml", t.id),
            format!("`{}`", t.id),
            &t.ask,
        )
    });
    let flows = pack.flows.iter();
    let flows = flows.map(|f| {
        (
            format!("flows/{}.toml", f.id),
            format!("`{}`", f.id),
            &f.ask,
        )
    });
    let rules = pack.rules.iter();
    let rules = rules.map(|r| ("policies.toml".to_owned(), format!("`{}`", r.id), &r.ask));
    let others = [
        (
            "requests.toml",
            "the wish for a person",
            &pack.asks_for_person,
        ),
        ("none.toml", "none of the topics", &pack.none),
    ];
    let others = others.map(|(path, owner, ask)| (path.to_owned(), owner.to_owned(), ask));
    let mut seen: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (path, owner, ask) in topics.chain(flows).chain(rules).chain(others) {
        for text in ask.values().flatten() {
            let key = words_of(text);
            match seen.get(&key) {
                Some((file, other)) if *other != owner => {
                    let message = format!(
                        "“{text}” is an example of {other} ({file}) too; a question can mean only one of them"
                    );
                    notes.note(&path, text, message);
                }
                Some(_) => {}
                None => drop(seen.insert(key, (path.clone(), owner.clone()))),
            }
        }
    }
}

/// A sentence's words without their order; of a script without spaces the sentence itself.
fn words_of(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|letter: char| !letter.is_alphanumeric());
    let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.len() > 2 {
        words.sort_unstable();
    }
    words.join(" ")
}

/// Two buttons with one name can't be told apart.
fn titles(pack: &Pack, notes: &mut Notes<'_>) {
    for language in &pack.languages {
        let topics = pack
            .topics
            .iter()
            .map(|t| ("topics", &t.id, t.title(language)));
        let flows = pack
            .flows
            .iter()
            .map(|f| ("flows", &f.id, f.title(language)));
        let mut seen: BTreeMap<String, &String> = BTreeMap::new();
        for (folder, id, title) in topics.chain(flows) {
            if let Some(other) = seen.insert(title.to_lowercase(), id) {
                let message = format!(
                    "the title “{title}” is that of `{other}` too; both would be the same button"
                );
                notes.note(&format!("{folder}/{id}.toml"), title, message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_read_as_offices_write_them() {
        for (text, times) in [
            ("Mon–Fri 8:30–17:00", &["08:30", "17:00"][..]),
            ("午前8時30分から午後5時まで", &["08:30", "17:00"]),
            ("午後1時半から、24時間で2時間無料", &["13:30"]),
            (
                "das 8h30 às 17h, 5 p.m. or 9 am",
                &["08:30", "17:00", "17:00", "09:00"],
            ),
            ("03-1234-5678, 12,400 yen, 4 houses, 25:00", &[]),
        ] {
            let read = clock_times(text).into_iter();
            let read: Vec<String> = read
                .map(|(time, _)| time.strftime("%H:%M").to_string())
                .collect();
            assert_eq!(read, times, "{text}");
        }
    }
}
