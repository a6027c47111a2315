//! Reading `places.toml`.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::screen::Mark;

use super::{optional_words, sentences};
use crate::pack::attachments::floor_map;
use crate::pack::entries::per_language;
use crate::pack::places::{Floor, Place, Places};
use crate::pack::read::Section;

pub(in crate::pack) fn places(root: &mut Section<'_>, languages: &[Lang]) -> Option<Places> {
    let what = "how counters are called, such as \"counter {n}\"";
    let counters = sentences(root, "counters", what, 1, languages);
    for (language, ways) in &counters {
        for way in ways.iter().filter(|way| !way.contains("{n}")) {
            let message = format!(
                "`counters.{language}` has “{way}”, without the counter's number; write {{n}} in its place"
            );
            root.problem(root.at_key("counters"), message);
        }
    }
    let mut places = Places {
        counters,
        ask: sentences(root, "ask", "words that ask for a place", 1, languages),
        beside: optional_words(root, "beside", "words that say nothing", languages),
        ..Places::default()
    };
    for mut section in root.sections("floors") {
        places.floors.extend(floor(&mut section, languages));
        section.close();
    }
    for mut section in root.sections("places") {
        place(&mut section, languages, &mut places);
        section.close();
    }
    Some(places)
}

fn floor(section: &mut Section<'_>, languages: &[Lang]) -> Option<Floor> {
    let id = section.text("id", "what places call this floor, such as \"1\"")?;
    let on = per_language(
        section,
        "on",
        "where that is, such as \"on the ground floor\",",
        languages,
    );
    let what = "how answers name the floor";
    let called = sentences(section, "called", what, 1, languages);
    let map = floor_map(section, languages);
    Some(Floor {
        id,
        on,
        called,
        map,
    })
}

fn place(section: &mut Section<'_>, languages: &[Lang], places: &mut Places) {
    let counter = section
        .number("counter")
        .and_then(|number| u32::try_from(number).ok());
    let id = match counter {
        Some(number) => format!("counter-{number}"),
        None => section
            .text(
                "id",
                "the place's name in files, such as \"exit\"; or `counter`, its number,",
            )
            .unwrap_or_default(),
    };
    let key = if counter.is_some() { "counter" } else { "id" };
    if places.all.iter().any(|own| own.id == id) {
        let message = format!("`{id}` is there twice; a place is in one place");
        section.problem(section.at_key(key), message);
    }
    let floor = section
        .text("floor", "the floor's `id`")
        .unwrap_or_default();
    if !floor.is_empty() && places.floor(&floor).is_none() {
        let known: Vec<&str> = places
            .floors
            .iter()
            .map(|floor| floor.id.as_str())
            .collect();
        let message = format!(
            "`floor` is “{floor}”, which no [[floors]] has; known: {}",
            known.join(", ")
        );
        section.problem(section.at_key("floor"), message);
    }
    let name = per_language(
        section,
        "name",
        "what the place is, or what the counter does,",
        languages,
    );
    let called = optional_words(section, "called", "words for it", languages);
    let way = per_language(section, "way", "how one gets there", languages);
    let mark = mark(section);
    if mark.is_some()
        && places
            .floor(&floor)
            .is_some_and(|floor| floor.map.is_none())
    {
        let message = format!(
            "the floor `{floor}` has no map to mark; take `left` and `top` out, or give it a `map`"
        );
        section.problem(section.at_key("left"), message);
    }
    let topic = section.optional_text("topic");
    places.all.push(Place {
        id,
        counter,
        floor,
        name,
        called,
        way,
        mark,
        topic,
    });
}

/// Both or neither, in hundredths of the map.
fn mark(section: &mut Section<'_>) -> Option<Mark> {
    let (left, top) = (section.number("left"), section.number("top"));
    if left.is_none() && top.is_none() {
        return None;
    }
    let percent = |number: Option<i32>| {
        number
            .and_then(|own| u8::try_from(own).ok())
            .filter(|own| *own <= 100)
    };
    let mark = percent(left).zip(percent(top));
    if mark.is_none() {
        let message = "`left` and `top` say together where on the map the place is, each from 0 to 100 hundredths of its width and height";
        section.problem(section.at_key("left"), message.to_owned());
    }
    mark.map(|(left_percent, top_percent)| Mark {
        left_percent,
        top_percent,
    })
}
