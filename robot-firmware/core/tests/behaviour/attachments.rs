//! What there is to look at beside an answer: a picture, a map, a link.

use crate::support::Robot;
use crate::support::packs::sample_with;
use madoguchi_core::pack::{Pack, PackFile};
use madoguchi_shared::screen::{Attachment, Caption};

fn answer_to(tag: &str, text: &str) -> Caption {
    let mut robot = Robot::new();
    robot.hears_pack(tag, text);
    robot.view().captions.last().unwrap().clone()
}

#[test]
fn an_answer_brings_what_its_topic_shows_in_the_visitors_language() {
    for (tag, asked, alt, link) in [
        (
            "ja",
            "ごみの日はいつですか？",
            "三つに分けます",
            "https://www.hoshikawa.example/ja/gomi",
        ),
        (
            "en",
            "When is garbage collected?",
            "Three kinds",
            "https://www.hoshikawa.example/en/garbage",
        ),
        (
            "pt",
            "Que dia passa o lixo?",
            "Três tipos",
            "https://www.hoshikawa.example/pt/lixo",
        ),
    ] {
        let caption = answer_to(tag, asked);
        let [Attachment::Picture(picture), Attachment::Link { url }] = &caption.attachments[..]
        else {
            panic!("{caption:#?}")
        };
        assert_eq!(picture.src, "pack/pictures/garbage-sorting.svg");
        assert!(picture.alt.starts_with(alt), "{}", picture.alt);
        assert_eq!(url, link);
    }
}

#[test]
fn an_answer_of_words_alone_brings_nothing() {
    let caption = answer_to("en", "Is there Wi-Fi here?");
    assert!(caption.detail.is_some() && caption.attachments.is_empty());
}

fn told(files: &[PackFile]) -> Vec<String> {
    let problems = Pack::parse(files).expect_err("the pack was taken");
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn what_cannot_be_shown_is_told_with_file_line_and_remedy() {
    for (path, from, to, said) in [
        (
            "topics/toilets.toml",
            "file = \"pictures/ground-floor.svg\"",
            "file = \"../ground-floor.svg\"",
            "`map.file` is “../ground-floor.svg”; name an .svg, .png or .jpg file inside",
        ),
        (
            "topics/toilets.toml",
            "file = \"pictures/ground-floor.svg\"",
            "",
            "`map.file` is missing",
        ),
        (
            "topics/toilets.toml",
            "pt = \"Mapa do",
            "# pt = \"Mapa do",
            "`map.alt.pt` is missing; it is what is to be seen, for those who can't see it,",
        ),
        (
            "topics/garbage-days.toml",
            "en = \"https://www.hoshikawa.example/en/garbage\"",
            "en = \"www.hoshikawa.example/en/garbage\"",
            "`link.en` is “www.hoshikawa.example/en/garbage”; write a page's whole address, such as",
        ),
        (
            "topics/garbage-days.toml",
            "en = \"https://www.hoshikawa.example/en/garbage\"",
            "",
            "`link.en` is missing",
        ),
        (
            "topics/garbage-days.toml",
            "[picture]\nfile",
            "[picture]\nfiel",
            "`picture.fiel` is not known; did you mean `file`?",
        ),
    ] {
        let told = told(&sample_with(path, |text| text.replacen(from, to, 1)));
        let place = format!("{path}:");
        assert!(
            told.iter()
                .any(|told| told.starts_with(&place) && told.contains(said)),
            "{said}: {told:#?}"
        );
    }
    let long = "a".repeat(301);
    let told = told(&sample_with("topics/toilets.toml", |text| {
        text.replacen("Map of the ground floor", &long, 1)
    }));
    assert!(told[0].contains("of at most 300 characters"), "{told:#?}");
}
