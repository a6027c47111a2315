//! A pack that contradicts itself, leads nowhere or means two things at once is told so.

use crate::support::packs::{sample_files, sample_with};
use madoguchi_core::pack::{Pack, PackFile};

fn told(files: &[PackFile]) -> Vec<String> {
    let problems = Pack::parse(files).expect_err("the pack was taken");
    problems.iter().map(ToString::to_string).collect()
}

/// Where words stand in a file of the sample pack, as a problem names it.
fn place_of(path: &str, words: &str) -> String {
    let files = sample_files();
    let text = &files.iter().find(|file| file.path == path).unwrap().text;
    let line = text.lines().position(|line| line.contains(words)).unwrap();
    format!("{path}:{}: ", line + 1)
}

/// The only problem of the sample pack after one change.
fn problem(path: &str, from: &str, to: &str) -> String {
    let mut told = told(&sample_with(path, |text| text.replacen(from, to, 1)));
    assert_eq!(told.len(), 1, "{told:#?}");
    told.remove(0)
}

#[test]
fn hours_that_an_answer_contradicts_are_named_with_both() {
    for (from, to, said) in [
        (
            "午後5時まで開いています",
            "午後6時まで開いています",
            "names 6時",
        ),
        ("午前8時30分から", "午前8時から", "names 8時"),
    ] {
        let told = problem("topics/opening-hours.toml", from, to);
        let place = place_of("topics/opening-hours.toml", from);
        assert!(told.starts_with(&place), "{told}");
        assert!(
            told.contains(said) && told.contains("hours.toml has 08:30, 09:00, 12:00, 17:00"),
            "{told}"
        );
    }
    let told = problem("hours.toml", "until = \"12:00\"", "until = \"13:00\"");
    assert!(told.starts_with("topics/opening-hours.toml:"), "{told}");
    assert!(told.contains("names 12:00"), "{told}");
}

#[test]
fn hours_that_differ_between_languages_are_named() {
    let told = told(&sample_with("topics/library.toml", |text| {
        text.replacen("9:00–20:00", "9:00–19:00", 1)
    }));
    let odd = "in some languages and not in others";
    let names = |time: &str| {
        told.iter()
            .any(|told| told.contains(&format!("`show` names {time} {odd}")))
    };
    assert!(
        told.len() == 2 && names("19:00") && names("20:00"),
        "{told:#?}"
    );
}

#[test]
fn hours_that_cannot_be_are_refused() {
    for (from, to, said) in [
        (
            "until = \"17:00\"",
            "until = \"08:00\"",
            "`until` (08:00:00) is not after `from`",
        ),
        (
            "until = \"17:00\"",
            "until = \"5 pm\"",
            "write a time of day such as \"08:30\"",
        ),
        (
            "days = [\"saturday\"]",
            "days = [\"friday\"]",
            "overlap earlier ones",
        ),
        (
            "days = [\"saturday\"]",
            "days = [\"saturdays\"]",
            "`days` names “saturdays”; known: monday",
        ),
        (
            "weeks = [\"2\", \"4\"]",
            "weeks = [\"6\"]",
            "write \"1\" to \"5\"",
        ),
        (
            "12-29 to 01-03",
            "12-32 to 01-03",
            "`closed` names “12-32 to 01-03”",
        ),
        (
            "\"2026-01-12\"",
            "\"2026-01-32\"",
            "`holidays` names “2026-01-32”",
        ),
        (
            "id = \"office\"",
            "id = \"ofice\"",
            "`hours` is `office`, which hours.toml doesn't have; known: ofice",
        ),
    ] {
        let told = told(&sample_with("hours.toml", |text| {
            text.replacen(from, to, 1)
        }));
        assert!(
            told.iter().any(|told| told.contains(said)),
            "{said}: {told:#?}"
        );
    }
}

#[test]
fn a_dead_link_is_named() {
    for link in ["www.example.jp", "https://", "htp://www.example.jp/page"] {
        let told = problem(
            "topics/opening-hours.toml",
            "Closed: Sundays",
            &format!("{link} Closed: Sundays"),
        );
        assert!(told.contains(&format!("“{link}” is a dead link")), "{told}");
        let place = place_of("topics/opening-hours.toml", "Closed: Sundays");
        assert!(told.starts_with(&place), "{told}");
    }
    let told = problem(
        "topics/opening-hours.toml",
        "\"getting-around\"]",
        "\"getting-lost\"]",
    );
    assert_eq!(
        told,
        "topics/opening-hours.toml:4: `follow_ups` names `getting-lost`, which is no other topic or flow of the pack"
    );
}

#[test]
fn examples_that_collide_are_named_with_both_owners() {
    for (path, text, said) in [
        (
            "topics/childcare.toml",
            "do i what have to do, i just moved here",
            "is an example of `childcare` (topics/childcare.toml) too",
        ),
        (
            "none.toml",
            "When do you open?",
            "“When do you open?” is an example of `opening-hours` (topics/opening-hours.toml) too",
        ),
        (
            "requests.toml",
            "childcare",
            "“childcare” is an example of `childcare` (topics/childcare.toml) too",
        ),
    ] {
        let told = told(&sample_with(path, |own| {
            own.replacen("en = [", &format!("en = [\"{text}\", "), 1)
        }));
        assert!(told.iter().any(|told| told.contains(said)), "{told:#?}");
    }
}

#[test]
fn two_buttons_of_one_name_are_refused() {
    let told = problem("topics/wifi.toml", "en = \"", "en = \"Parking\" # \"");
    assert!(
        told.contains("the title “Parking” is that of `parking` too"),
        "{told}"
    );
}

#[test]
fn an_action_that_no_flow_takes_is_named() {
    let mut files = sample_files();
    let own = files
        .iter()
        .find(|f| f.path == "actions/list-slots.toml")
        .unwrap();
    files.push(PackFile {
        path: "actions/list-again.toml".to_owned(),
        text: own.text.replacen("\"list-slots\"", "\"list-again\"", 1),
    });
    assert_eq!(
        told(&files),
        [
            "actions/list-again.toml:1: no flow takes the action `list-again`; give a flow a step with it, or remove this file"
        ]
    );
}

#[test]
fn a_shape_is_known_and_about_a_result() {
    for (from, to, said) in [
        (
            "status = \"code\"",
            "status = \"word\"",
            "known: day, time, number, code, text",
        ),
        (
            "status = \"code\"",
            "state = \"code\"",
            "`shapes` is about `state`, which is none of [results]",
        ),
    ] {
        let told = problem("actions/find-application.toml", from, to);
        assert!(told.contains(said), "{told}");
    }
    let told = problem(
        "actions/list-slots.toml",
        "\"/slot\" = \"code\"",
        "\"/slott\" = \"code\"",
    );
    assert!(
        told.contains("which is neither `value` nor in `label`"),
        "{told}"
    );
}

#[test]
fn a_counter_that_no_place_has_or_that_stands_on_another_floor_is_named() {
    let told = problem(
        "topics/moving-in.toml",
        "at counter 3 on the ground floor",
        "at counter 13 on the ground floor",
    );
    let place = place_of("topics/moving-in.toml", "at counter 3 on the ground floor");
    assert!(told.starts_with(&place), "{told}");
    assert!(told.contains("counter 13 is not in places.toml"), "{told}");

    for (path, from, to, counter) in [
        (
            "topics/pension.toml",
            "2階 22番窓口",
            "3階 22番窓口",
            "22番窓口",
        ),
        (
            "topics/noise.toml",
            "counter 52 on the fifth floor",
            "counter 52 on the fourth floor",
            "counter 52",
        ),
        (
            "topics/marriage.toml",
            "balcão 4, no térreo",
            "balcão 4, no segundo andar",
            "balcão 4",
        ),
    ] {
        let told = problem(path, from, to);
        assert!(told.starts_with(&place_of(path, from)), "{told}");
        assert!(
            told.contains(&format!("{counter} stands beside the floor")),
            "{told}"
        );
    }
}

#[test]
fn places_on_floors_and_in_topics_that_are_not_there_are_named() {
    for (from, to, said) in [
        (
            "id = \"exit\"\nfloor = \"1\"",
            "id = \"exit\"\nfloor = \"9\"",
            "which no [[floors]] has; known: b1, 1, 2, 3, 4, 5",
        ),
        (
            "topic = \"toilets\"",
            "topic = \"toilet\"",
            "`topic` is `toilet`, which the pack doesn't have",
        ),
        (
            "left = 50\ntop = 93",
            "left = 50\ntop = 193",
            "from 0 to 100",
        ),
        (
            "\"counter {n}\"",
            "\"counter\"",
            "without the counter's number",
        ),
        ("id = \"stairs\"", "id = \"exit\"", "`exit` is there twice"),
    ] {
        let told = told(&sample_with("places.toml", |text| {
            text.replacen(from, to, 1)
        }));
        assert!(
            told.iter()
                .any(|own| own.starts_with("places.toml:") && own.contains(said)),
            "{told:#?}"
        );
    }
}
