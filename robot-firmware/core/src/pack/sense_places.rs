//! Whether what a pack says of counters and floors is what `places.toml` says.

use madoguchi_shared::ids::Lang;

use super::agree::Notes;
use super::places::{Floor, Places, of_languages};
use super::{Pack, PackFile};
use crate::slot::spaced;

pub(super) fn check(pack: &Pack, notes: &mut Notes<'_>) {
    let places = &pack.places;
    for place in &places.all {
        if let Some(topic) = place.topic.as_ref().filter(|id| pack.topic(id).is_none()) {
            let message = format!("`topic` is `{topic}`, which the pack doesn't have");
            notes.note("places.toml", &format!("\"{topic}\""), message);
        }
    }
    if places.all.is_empty() {
        return;
    }
    let told = |file: &&PackFile| {
        let folder = file
            .path
            .split_once('/')
            .map_or(file.path.as_str(), |(folder, _)| folder);
        let folders = [
            "topics",
            "flows",
            "actions",
            "phrases",
            "policies.toml",
            "escalation.toml",
        ];
        folders.contains(&folder)
    };
    let signs = signs(places);
    let floors: Vec<FloorNames> = places.floors.iter().map(FloorNames::of).collect();
    let files: Vec<&PackFile> = notes.files.iter().filter(told).collect();
    for file in files {
        for line in file.text.lines().filter(|line| is_told(line)) {
            let folded = line.to_lowercase();
            if !signs.iter().any(|sign| folded.contains(sign)) {
                continue;
            }
            for message in faults(places, &floors, &pack.languages, line) {
                notes.note(&file.path, line, message);
            }
        }
    }
}

/// The longer part of each way to call a counter: a line without any names none.
fn signs(places: &Places) -> Vec<String> {
    let ways = of_languages(&places.counters);
    let parts = ways.filter_map(|(_, way)| way.split_once("{n}"));
    let longer = parts.map(|(before, after)| match before.len() > after.len() {
        true => before,
        false => after,
    });
    longer.map(|part| part.trim().to_lowercase()).collect()
}

/// A floor and how answers name it, ready for comparison.
struct FloorNames<'p> {
    id: &'p str,
    names: Vec<(&'p Lang, String)>,
}

impl<'p> FloorNames<'p> {
    fn of(floor: &'p Floor) -> Self {
        let names = of_languages(&floor.called);
        Self {
            id: &floor.id,
            names: names
                .map(|(language, name)| (language, spaced(name, language)))
                .collect(),
        }
    }

    fn stands_in(&self, sentence: &str) -> bool {
        let mut names = self.names.iter();
        names.any(|(language, name)| spaced(sentence, language).contains(name))
    }
}

/// Remarks and visitors' questions may name what they like.
fn is_told(line: &str) -> bool {
    let line = line.trim_start();
    !line.starts_with(['#', '"']) && line.contains('=') && line.contains('"')
}

/// What is wrong with a line: each sentence that names a floor must name the one of its counters.
fn faults(
    places: &Places,
    floors: &[FloorNames<'_>],
    languages: &[Lang],
    line: &str,
) -> Vec<String> {
    let mut faults = Vec::new();
    let sentences = line.replace("\\n", "。").replace("   ", "。");
    let sentences = sentences.split(['。', '.', ';', '；', '　', '"', '?', '？']);
    for sentence in sentences {
        let floors: Vec<&str> = floors
            .iter()
            .filter(|floor| floor.stands_in(sentence))
            .map(|floor| floor.id)
            .collect();
        for language in languages {
            for (number, _) in places.counters_in(sentence, language) {
                let counter = places.counter(number, language);
                let Some(place) = places.all.iter().find(|own| own.counter == Some(number)) else {
                    faults.push(format!(
                        "{counter} is not in places.toml; add it there, or correct the number"
                    ));
                    continue;
                };
                if !floors.is_empty() && !floors.contains(&place.floor.as_str()) {
                    let other = floors.join(", ");
                    faults.push(format!(
                        "{counter} stands beside the floor `{other}`, but places.toml has it on the floor `{}`; one of the two is wrong",
                        place.floor
                    ));
                }
            }
        }
    }
    faults
}
