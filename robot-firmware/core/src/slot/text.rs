//! Answers that are words: yes and no, choices, names, addresses, digits.

use madoguchi_shared::ids::Lang;

use super::numerals::{Piece, pieces};
use super::table::{Words, all_from, is_unspaced, sounding, spaced, words_of};
use super::{Choice, LONGEST, Miss, Reading, Value};

/// Longer names are no names.
const LONGEST_NAME: usize = 60;
const LONGEST_ADDRESS: usize = 200;
const SHORTEST_ADDRESS: usize = 4;
/// A choice is taken from a part of its label only when the part is at least so long.
const SHORTEST_PART: usize = 3;
/// A longer sentence that begins with "no" goes on with something else.
const LONGEST_NO: usize = 30;

/// What a visitor may want in the middle of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// One question back.
    Back,
    /// All questions again.
    StartOver,
    /// No more questions.
    Cancel,
}

/// A command, when nothing but it was said.
pub fn command(text: &str, language: &Lang) -> Option<Command> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let said = spaced(text, language);
    let words = words_of(language)?;
    let is = |list: &[String]| {
        list.iter()
            .any(|entry| is_whole(&said, entry, words, language))
    };
    if is(&words.back) {
        Some(Command::Back)
    } else if is(&words.start_over) {
        Some(Command::StartOver)
    } else if is(&words.cancel) {
        Some(Command::Cancel)
    } else {
        None
    }
}

/// Whether an entry was said with nothing but fillers around it.
fn is_whole(said: &str, entry: &str, words: &Words, language: &Lang) -> bool {
    let entry = spaced(entry, language);
    match said.split_once(entry.as_str()) {
        Some((before, after)) => {
            is_filler(before, words, language) && is_filler(after, words, language)
        }
        None => false,
    }
}

fn is_filler(text: &str, words: &Words, language: &Lang) -> bool {
    if !is_unspaced(language) {
        let fillers = || words.fillers.iter().map(|f| spaced(f, language));
        let known = |word: &str| fillers().any(|filler| filler.trim() == word);
        return text.split_whitespace().all(known);
    }
    let mut rest = text;
    while !rest.is_empty() {
        let shorter = words
            .fillers
            .iter()
            .map(|filler| spaced(filler, language))
            .filter(|filler| !filler.is_empty() && rest.starts_with(filler.as_str()))
            .map(|filler| filler.len())
            .max();
        match shorter {
            Some(length) => rest = &rest[length..],
            None => return false,
        }
    }
    true
}

/// Yes or no, in the visit's language and in every other. It is a yes only when nothing but yes was
/// said: a question, a hesitation and a "yes, but" are none. It is a no when nothing but yes and no
/// was said, or when a short sentence begins with no.
pub fn yes_or_no(text: &str, language: &Lang) -> Option<bool> {
    if text.chars().count() > LONGEST || text.contains(['?', '？', '؟']) {
        return None;
    }
    let trails_off = text.trim_end().ends_with(['…', '‥']) || text.trim_end().ends_with("..");
    all_languages(language).find_map(|(words, own)| {
        let said = Replied::new(text, words, &own);
        let begins_with_no = own.primary() == language.primary()
            && said.first == Some(false)
            && text.chars().count() <= LONGEST_NO;
        match said {
            _ if begins_with_no => Some(false),
            Replied { whole: false, .. } => None,
            Replied { no: true, .. } => Some(false),
            Replied { first, .. } => first.filter(|_| !trails_off),
        }
    })
}

/// Whether nothing but a command or a yes or no was said.
pub(crate) fn is_plain_reply(text: &str, language: &Lang) -> bool {
    command(text, language).is_some()
        || all_languages(language).any(|(words, own)| Replied::new(text, words, &own).whole)
}

/// The answer to a question of yes or no, where more may be said: "yes, since March".
pub(super) fn answer_yes_or_no(text: &str, language: &Lang) -> Result<Reading, Miss> {
    let whole = yes_or_no(text, language);
    let first = || {
        let words = words_of(language)?;
        let said = Replied::new(text, words, language);
        said.first.filter(|_| !text.contains(['?', '？', '؟']))
    };
    let yes = whole.or_else(first).ok_or(Miss::NotThere)?;
    Ok(Reading {
        value: Value::YesNo(yes),
        whole: whole.is_some(),
    })
}

/// How far words are made of yes, no and what may stand beside them.
struct Replied {
    /// What came first.
    first: Option<bool>,
    /// Whether a no was among them.
    no: bool,
    /// Whether nothing else was said.
    whole: bool,
}

impl Replied {
    fn new(text: &str, words: &Words, language: &Lang) -> Self {
        let said = sounding(text, language);
        let lists = [
            (&words.yes, Some(true)),
            (&words.no, Some(false)),
            (&words.beside_yes, None),
        ];
        let entries: Vec<(String, Option<bool>)> = lists
            .into_iter()
            .flat_map(|(list, means)| list.iter().map(move |entry| (entry, means)))
            .map(|(entry, means)| (sounding(entry, language), means))
            .collect();
        let gap = usize::from(!is_unspaced(language));
        let mut replied = Self {
            first: None,
            no: false,
            whole: false,
        };
        let mut rest = said.as_str();
        while rest.len() > gap {
            let begins = entries
                .iter()
                .filter(|(entry, _)| entry.len() > gap && rest.starts_with(entry.as_str()));
            let Some((entry, means)) = begins.max_by_key(|(entry, _)| entry.len()) else {
                return replied;
            };
            replied.first = replied.first.or(*means);
            replied.no |= *means == Some(false);
            rest = &rest[entry.len() - gap..];
        }
        replied.whole = true;
        replied
    }
}

fn all_languages(own: &Lang) -> impl Iterator<Item = (&'static Words, Lang)> {
    all_from(own).filter_map(|(tag, words)| Some((words, tag.parse().ok()?)))
}

pub(super) fn number(
    text: &str,
    language: &Lang,
    least: usize,
    most: usize,
) -> Result<Reading, Miss> {
    let pieces = pieces(text, language);
    let digits: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Number(digits) => digits.as_str(),
            Piece::Word(_) => "",
        })
        .collect();
    if digits.is_empty() {
        return Err(Miss::NotThere);
    }
    if !(least..=most).contains(&digits.len()) {
        return Err(Miss::OutOfBounds);
    }
    Ok(Reading {
        value: Value::Digits(digits),
        whole: only_fillers(&pieces, language),
    })
}

fn only_fillers(pieces: &[Piece], language: &Lang) -> bool {
    let Some(words) = words_of(language) else {
        return pieces.iter().all(|piece| matches!(piece, Piece::Number(_)));
    };
    pieces.iter().all(|piece| match piece {
        Piece::Number(_) => true,
        Piece::Word(word) => is_filler(word, words, language),
    })
}

/// Whether nothing but a day was said.
pub(super) fn is_only_date(text: &str, language: &Lang) -> bool {
    let Some(words) = words_of(language) else {
        return true;
    };
    let mut said = spaced(text, language);
    let days = words.days.keys().map(String::as_str);
    let names = words.months.iter().chain(&words.weekdays);
    let names = names.flat_map(|names| names.split_whitespace());
    let others = words
        .next_week
        .iter()
        .chain(&words.in_days)
        .chain(&words.in_weeks);
    let others = others
        .chain(&words.ago)
        .flat_map(|entry| entry.split("{n}"));
    let signs = [
        "令和", "平成", "昭和", "大正", "明治", "元年", "年", "月", "日", "来月", "今月",
    ];
    let mut entries: Vec<String> = days
        .chain(names)
        .chain(others)
        .chain(signs.into_iter().filter(|_| is_unspaced(language)))
        .map(|entry| spaced(entry, language))
        .filter(|entry| !entry.trim().is_empty())
        .collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.len()));
    let gap = if is_unspaced(language) { "" } else { " " };
    for entry in entries {
        said = said.replace(&entry, gap);
    }
    only_fillers(&pieces(&said, language), language)
}

pub(super) fn choice(text: &str, language: &Lang, choices: &[Choice]) -> Result<Reading, Miss> {
    let said = spaced(text, language);
    let names = |choice: &Choice| -> Vec<String> {
        let all = [&choice.label, &choice.value]
            .into_iter()
            .chain(&choice.also);
        all.map(|name| spaced(name, language)).collect()
    };
    let taken = |choice: &Choice, whole: bool| {
        Ok(Reading {
            value: Value::Choice {
                value: choice.value.clone(),
                label: choice.label.clone(),
            },
            whole,
        })
    };
    let only = |fits: &dyn Fn(&Choice) -> bool| {
        let mut fitting = choices.iter().filter(|choice| fits(choice));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    if let Some(choice) = only(&|choice| names(choice).contains(&said)) {
        return taken(choice, true);
    }
    let shortest = if is_unspaced(language) {
        2
    } else {
        SHORTEST_PART
    };
    let long = |name: &str| name.trim().chars().count() >= shortest;
    let contained = |choice: &Choice| {
        names(choice)
            .iter()
            .any(|name| long(name) && said.contains(name.as_str()))
    };
    if let Some(choice) = only(&contained) {
        return taken(choice, false);
    }
    if let Some(choice) =
        words_of(language).and_then(|words| counted(&said, words, language, choices))
    {
        return taken(choice, true);
    }
    let heard = numbers(text, language);
    let same_numbers =
        |choice: &Choice| !heard.is_empty() && numbers(&choice.label, language) == heard;
    if let Some(choice) = only(&same_numbers) {
        return taken(choice, false);
    }
    let part_of_a_label = |choice: &Choice| {
        let part = said.trim();
        part.chars().count() >= shortest && names(choice).iter().any(|n| n.contains(part))
    };
    match only(&part_of_a_label) {
        Some(choice) => taken(choice, false),
        None => Err(Miss::NotThere),
    }
}

/// The choice whose place was named: "the second one".
fn counted<'c>(
    said: &str,
    words: &Words,
    language: &Lang,
    choices: &'c [Choice],
) -> Option<&'c Choice> {
    let names = |entry: &String, name: &str| {
        entry
            .split_whitespace()
            .any(|own| is_whole(name, own, words, language))
    };
    let place = words.ordinals.iter().position(|entry| names(entry, said))?;
    if place + 1 == words.ordinals.len() {
        return choices.last();
    }
    choices.get(place)
}

/// All digits of a text in a row, without leading zeros.
fn numbers(text: &str, language: &Lang) -> String {
    let digits: String = pieces(text, language)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Number(digits) => Some(digits),
            Piece::Word(_) => None,
        })
        .collect();
    digits.trim_start_matches('0').to_owned()
}

pub(super) fn name(text: &str, language: &Lang) -> Result<Reading, Miss> {
    let name = without_frame(text, language);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0
        || name
            .chars()
            .any(|c| c.is_numeric() && c != '〇' && !c.is_alphabetic())
    {
        return Err(Miss::NotThere);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Miss::OutOfBounds);
    }
    Ok(Reading {
        value: Value::Text(name),
        whole: false,
    })
}

pub(super) fn address(text: &str, language: &Lang) -> Result<Reading, Miss> {
    let address = without_frame(text, language);
    if !address.chars().any(char::is_alphanumeric) {
        return Err(Miss::NotThere);
    }
    if !(SHORTEST_ADDRESS..=LONGEST_ADDRESS).contains(&address.chars().count()) {
        return Err(Miss::OutOfBounds);
    }
    Ok(Reading {
        value: Value::Text(address),
        whole: false,
    })
}

/// The text without "my name is" before it and "please" after it, spaces made single.
fn without_frame(text: &str, language: &Lang) -> String {
    let mut rest: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | '!' | '。' | '、' | '！');
    let Some(words) = words_of(language) else {
        return rest.trim_matches(is_mark).to_owned();
    };
    rest = rest.trim_matches(is_mark).to_owned();
    let joined = is_unspaced(language);
    let longest = |list: &[String], cut: &dyn Fn(&str) -> Option<usize>| {
        list.iter().filter_map(|entry| cut(entry)).max()
    };
    let begins = |entry: &str| {
        let start = rest.get(..entry.len())?;
        let next = rest.get(entry.len()..)?.chars().next()?;
        let is = start.to_lowercase() == entry && (joined || !next.is_alphanumeric());
        is.then_some(entry.len())
    };
    if let Some(length) = longest(&words.name_begins, &begins) {
        rest = rest[length..].trim_matches(is_mark).to_owned();
    }
    let ends = |entry: &str| {
        let at = rest.len().checked_sub(entry.len())?;
        let end = rest.get(at..)?;
        let before = rest.get(..at)?.chars().next_back()?;
        let is = end.to_lowercase() == entry && (joined || !before.is_alphanumeric());
        is.then_some(entry.len())
    };
    if let Some(length) = longest(&words.name_ends, &ends) {
        rest.truncate(rest.len() - length);
    }
    rest.trim_matches(is_mark).to_owned()
}
