//! Whatever is wrong with a pack is told with file, line, reason and remedy.

use crate::support::packs::{sample_files, sample_with};
use madoguchi_core::pack::{Pack, PackFile, Problem};

fn problems(files: &[PackFile]) -> Vec<Problem> {
    Pack::parse(files).expect_err("the pack was taken")
}

/// The only problem of the sample pack after one change, as it is shown to people.
fn problem(path: &str, from: &str, to: &str) -> String {
    let problems = problems(&sample_with(path, |text| text.replacen(from, to, 1)));
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems[0].to_string()
}

#[test]
fn an_unknown_key_names_its_line_and_the_nearest_known_key() {
    assert_eq!(
        problem("pack.toml", "answer_score", "answer_scor"),
        "pack.toml:24: `escalation.answer_scor` is not known; did you mean `answer_score`?"
    );
}

#[test]
fn a_key_like_no_other_is_answered_with_all_known_ones() {
    let told = problem("topics/garbage-days.toml", "[title]", "zzz = 1\n[title]");
    let said = "topics/garbage-days.toml:3: `zzz` is not known; known here: answer, ask, ";
    assert!(
        told.starts_with(said) && told.ends_with("title, valid_from, valid_until"),
        "{told}"
    );
}

#[test]
fn hosts_of_operators_links_are_whole_names_and_nothing_else() {
    let own = "\"www.hoshikawa.example\"";
    for wrong in [
        "https://www.hoshikawa.example",
        "*.example",
        "localhost",
        "www.hoshikawa.example/en",
        "www.hoshikawa.example:443",
    ] {
        let told = problem("pack.toml", own, &format!("\"{wrong}\""));
        assert!(
            told.contains(&format!("`operators.link_hosts` names “{wrong}”")),
            "{told}"
        );
    }
}

#[test]
fn a_misspelt_phrase_is_both_unknown_and_missing() {
    let files = sample_with("phrases/pt.toml", |text| {
        text.replacen("waiting_long", "wait_long", 1)
    });
    let told: Vec<String> = problems(&files).iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(
        told[0].contains("`phrases.waiting_long` is missing"),
        "{}",
        told[0]
    );
    assert!(
        told[1].contains("did you mean `waiting_long`?"),
        "{}",
        told[1]
    );
}

#[test]
fn a_language_without_an_answer_is_named() {
    let files = sample_with("topics/childcare.toml", |text| {
        let start = text.find("[answer.en]").unwrap();
        let end = text.find("[answer.pt]").unwrap();
        format!("{}{}", &text[..start], &text[end..])
    });
    let told = problems(&files)[0].to_string();
    assert!(
        told.contains("the section [answer.en] is missing; it holds the answer in `en`"),
        "{told}"
    );
}

#[test]
fn an_answer_in_a_language_the_office_does_not_list_is_refused() {
    let told = problem(
        "topics/childcare.toml",
        "[title]",
        "[title]\nfr = \"Crèche\"",
    );
    assert_eq!(
        told,
        "topics/childcare.toml:4: `title.fr` is for a language that pack.toml doesn't list; add it to `languages` there or remove it here"
    );
}

#[test]
fn a_courtesy_is_owed_by_every_language() {
    let told = problem("phrases/vi.toml", "person_coming =", "# person_coming =");
    assert!(told.starts_with("phrases/vi.toml:"), "{told}");
    assert!(
        told.contains("`courtesy.person_coming` is missing"),
        "{told}"
    );
}

#[test]
fn what_is_not_toml_is_told_with_its_line() {
    let files = sample_with("none.toml", |text| text.replacen("[say]", "[say", 1));
    let first = &problems(&files)[0];
    assert_eq!((first.path.as_str(), first.line), ("none.toml", 3));
    assert!(first.message.starts_with("this is not TOML"), "{first}");
}

#[test]
fn values_of_the_wrong_kind_or_range_are_refused() {
    for (from, to, said) in [
        (
            "margin = 0.25",
            "margin = 25",
            "`escalation.margin` must be a number from 0 to 1",
        ),
        (
            "failed_answers = 2",
            "failed_answers = 0",
            "must be a whole number from 1 to 9",
        ),
        (
            "offer_score = 0.2",
            "offer_score = 0.9",
            "no topic could ever be offered",
        ),
        (
            "default_language = \"ja\"",
            "default_language = \"fr\"",
            "which `languages` doesn't list",
        ),
        (
            "version = \"2026.2\"",
            "version = 2026",
            "`version` must be a text in quotation marks",
        ),
        (
            "place = \"Entrance hall, ground floor\"",
            "place = \" \"",
            "must be a text with words in it",
        ),
    ] {
        let told = problem("pack.toml", from, to);
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn days_must_be_days_and_in_order() {
    let told = problem(
        "topics/vaccination.toml",
        "[title]",
        "valid_from = \"2026\"\n[title]",
    );
    assert!(
        told.contains("`valid_from` must be a day such as 2026-04-01"),
        "{told}"
    );
    let days = "valid_from = 2026-04-01\nvalid_until = 2026-03-31\n[title]";
    let told = problem("topics/vaccination.toml", "[title]", days);
    assert!(
        told.contains("`valid_until` (2026-03-31) is before `valid_from` (2026-04-01)"),
        "{told}"
    );
}

#[test]
fn a_file_and_what_it_calls_itself_must_agree() {
    let told = problem(
        "topics/vaccination.toml",
        "id = \"vaccination\"",
        "id = \"vaccines\"",
    );
    assert!(
        told.contains("`id` is `vaccines`, but the file is named `vaccination`"),
        "{told}"
    );
    let told = problem("phrases/vi.toml", "language = \"vi\"", "language = \"vn\"");
    assert!(
        told.contains("`language` is `vn`, but the file is named `vi`"),
        "{told}"
    );
}

#[test]
fn the_same_question_twice_is_refused() {
    let told = problem(
        "topics/childcare.toml",
        "\"childcare\",",
        "\"childcare\", \"childcare\",",
    );
    assert!(told.contains("`ask.en` lists “childcare” twice"), "{told}");
}

#[test]
fn missing_files_are_named() {
    for path in ["pack.toml", "requests.toml", "none.toml", "phrases/pt.toml"] {
        let mut files = sample_files();
        files.retain(|file| file.path != path);
        let problems = problems(&files);
        assert!(
            problems
                .iter()
                .any(|p| p.path == path && p.message.contains("file is missing")),
            "{problems:#?}"
        );
    }
}

#[test]
fn a_file_that_belongs_to_no_pack_is_refused() {
    let mut files = sample_files();
    files.push(PackFile {
        path: "topic/x.toml".to_owned(),
        text: String::new(),
    });
    assert!(
        problems(&files)[0]
            .to_string()
            .starts_with("topic/x.toml:1: this file is not known")
    );
}

#[test]
fn all_problems_come_in_one_go() {
    let mut files = sample_with("phrases/vi.toml", |text| {
        text.replacen("greeting =", "greting =", 1)
    });
    for file in files.iter_mut().filter(|file| file.path == "pack.toml") {
        file.text = file.text.replacen("margin = 0.25", "margin = true", 1);
    }
    let paths: Vec<String> = problems(&files).into_iter().map(|p| p.path).collect();
    assert_eq!(paths, ["pack.toml", "phrases/vi.toml", "phrases/vi.toml"]);
}

#[test]
fn no_damage_to_a_file_brings_the_parser_down() {
    for path in [
        "pack.toml",
        "requests.toml",
        "topics/interpreters.toml",
        "phrases/ar.toml",
    ] {
        let whole = sample_files();
        let text = &whole.iter().find(|file| file.path == path).unwrap().text;
        let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(97).collect();
        for window in cuts.windows(2) {
            for damaged in [
                text[..window[0]].to_owned(),
                format!("{}{}", &text[..window[0]], &text[window[1]..]),
                format!("{}\u{0}=[{{\"{}", &text[..window[0]], &text[window[0]..]),
            ] {
                let mut files = whole.clone();
                files
                    .iter_mut()
                    .filter(|file| file.path == path)
                    .for_each(|file| {
                        file.text.clone_from(&damaged);
                    });
                let lines = damaged.lines().count() + 1;
                for problem in Pack::parse(&files).err().into_iter().flatten() {
                    assert!(
                        (1..=lines).contains(&problem.line) || problem.path != path,
                        "{problem}"
                    );
                    assert!(!problem.message.is_empty());
                }
            }
        }
    }
}

#[test]
fn a_time_zone_that_is_none_is_refused() {
    let told = problem("pack.toml", "Asia/Tokyo", "Asia/Tokio");
    assert!(
        told.contains("“Asia/Tokio”, which is no IANA time zone"),
        "{told}"
    );
}

#[test]
fn the_rules_of_escalation_are_checked() {
    let path = "escalation.toml";
    for (from, to, words) in [
        (
            "threshold = 0.5",
            "threshold = 6",
            "`distress.threshold` must be a number from 0 to 1",
        ),
        (
            "threshold = 0.5",
            "treshold = 0.6",
            "did you mean `threshold`?",
        ),
        (
            "repeats = 0.2",
            "repeats = 0.9",
            "`distress.repeats` reaches `threshold`",
        ),
        (
            "[danger.medical]\nnumber = \"119\"\n",
            "[danger.medical]\n",
            "`danger.medical.number` is missing",
        ),
        (
            "life is in danger, call {number}",
            "life is in danger, call",
            "doesn't name `{number}`",
        ),
        (
            "reviewed = [\"ja\", \"en\"",
            "reviewed = [\"ja\", \"vi\"",
            "names `vi`, which has no sentence",
        ),
        (
            "[danger.abuse.words]",
            "[danger.abuse.word]",
            "`danger.abuse.word` is not known",
        ),
    ] {
        let told = problem(path, from, to);
        assert!(
            told.starts_with("escalation.toml:") && told.contains(words),
            "{told}"
        );
    }
}

fn term(from: &str, to: &str) -> String {
    problem("glossary.toml", from, to)
}

#[test]
fn a_term_that_cannot_be_used_is_refused() {
    let told = term("pt = \"senhorio\"", "xx = \"senhorio\"");
    assert!(
        told.starts_with(
            "glossary.toml:8: `terms.xx` is for a language that pack.toml doesn't list"
        ),
        "{told}"
    );
    let told = term("pt = \"senhorio\"", "pt = 5");
    assert!(
        told.contains("`terms.pt` must be a list of texts"),
        "{told}"
    );
    let told = term(
        "[\"landlord\", \"landlady\"]",
        "[\"landlord\", \"appointment\"]",
    );
    assert!(
        told.contains("“appointment” stands for another term too"),
        "{told}"
    );
    let told = term(
        "{ en = \"owner\", pt = \"proprietário\" }",
        "{ en = \"owner\" }",
    );
    assert!(
        told.contains("`like` needs the same ordinary word in two languages"),
        "{told}"
    );
    let told = term(
        "{ en = \"owner\", pt = \"proprietário\" }",
        "{ en = \"landlord\", pt = \"proprietário\" }",
    );
    assert!(told.contains("`like.en` is the term itself"), "{told}");
    let told = term("[[terms]]", "[[terms]]\nen = \"x-ray\"\n[[terms]]");
    assert!(
        told.contains("a term needs words in two languages or more"),
        "{told}"
    );
}
