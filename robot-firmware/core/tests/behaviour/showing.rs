//! What an operator shows on the screen in a call.

use crate::support::packs;
use crate::support::{Robot, back, operator};
use madoguchi_core::pack::Phrase;
use madoguchi_core::{Input, Output};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::screen::{Attachment, Shown};
use madoguchi_shared::show::{NotShown, POINT_MAX, Point, ShowWish, Showable, Showing};
use proptest::prelude::*;

fn topic(topic: &str) -> ShowWish {
    let topic = topic.to_owned();
    ShowWish::Topic { topic }
}

fn map(topic: &str) -> ShowWish {
    let topic = topic.to_owned();
    ShowWish::Map { topic }
}

fn address(url: &str) -> ShowWish {
    let url = url.to_owned();
    ShowWish::Address { url }
}

fn accepted(case_id: CaseId, call: u32) -> Input {
    Input::Accepted {
        case_id,
        operator: operator(),
        call: Some(call),
    }
}

/// A call with a visitor who speaks that language.
fn called(language: &str, words: &str) -> (Robot, CaseId) {
    let mut robot = Robot::new();
    robot.input(Input::ConsoleUp);
    robot.hears_pack(language, words);
    let case_id = robot.packet().case_id;
    robot.input(accepted(case_id, 1));
    (robot, case_id)
}

fn in_portuguese() -> (Robot, CaseId) {
    called("pt", "Quero falar com uma pessoa")
}

fn shows(robot: &mut Robot, case_id: CaseId, wish: ShowWish) -> Option<Shown> {
    let wish = Some(wish);
    robot.input(Input::Show { case_id, wish });
    robot.view().shown.clone()
}

/// What the desk was told last.
fn told(robot: &Robot) -> (Option<Showing>, Option<String>, Option<NotShown>) {
    let told = robot.outputs.iter().rev().find_map(|output| match output {
        Output::SendShowing {
            showing,
            picture,
            refused,
            ..
        } => Some((showing.as_deref().cloned(), picture.clone(), *refused)),
        _ => None,
    });
    told.expect("the desk was told nothing")
}

fn catalogues(robot: &Robot) -> Vec<Showable> {
    let showable = |output: &Output| match output {
        Output::SendShowable { showable, .. } => Some(showable.clone()),
        _ => None,
    };
    robot.outputs.iter().filter_map(showable).collect()
}

#[test]
fn a_topics_page_stands_in_the_visitors_language_until_it_is_taken_away() {
    let (mut robot, case_id) = in_portuguese();
    let shown = shows(&mut robot, case_id, topic("garbage-days")).unwrap();
    assert_eq!(shown.language.as_str(), "pt");
    assert!(shown.title.is_some() && shown.text.unwrap().contains("lixo"));
    let kinds = |attachment: &Attachment| match attachment {
        Attachment::Picture(own) => own.alt.contains("saco"),
        Attachment::Link { url } => url.contains("/pt/"),
        Attachment::Map(_) | Attachment::Note { .. } => false,
    };
    assert_eq!(shown.attachments.len(), 2);
    assert!(shown.attachments.iter().all(kinds));
    let (showing, _, refused) = told(&robot);
    assert_eq!(showing.unwrap().language.as_str(), "pt");
    assert_eq!(refused, None);
    robot.input(Input::Show {
        case_id,
        wish: None,
    });
    assert_eq!(robot.view().shown, None);
    assert_eq!(told(&robot), (None, None, None));
}

#[test]
fn the_desk_learns_what_there_is_in_the_operators_language_and_again_with_another_page() {
    let (mut robot, case_id) = in_portuguese();
    let [showable] = catalogues(&robot).try_into().unwrap();
    let entry = |topic: &str| {
        let found = showable.topics.iter().find(|own| own.topic == topic);
        found.unwrap().clone()
    };
    let garbage = entry("garbage-days");
    assert_eq!(garbage.language.as_str(), "en");
    assert!(garbage.picture && garbage.link && !garbage.map);
    assert!(entry("toilets").map);
    assert_eq!(showable.link_hosts, ["www.hoshikawa.example"]);
    shows(&mut robot, case_id, map("toilets"));
    for call in [1, 2] {
        robot.take();
        robot.input(accepted(case_id, call));
        assert_eq!(catalogues(&robot).len(), 1, "call {call}");
    }
    let (showing, picture, _) = told(&robot);
    assert_eq!(
        showing.unwrap().wish,
        map("toilets"),
        "it stands there still"
    );
    assert_eq!(picture.as_deref(), Some("pictures/ground-floor.svg"));
}

#[test]
fn both_sides_point_at_a_picture_and_at_what_is_shown_now_only() {
    let (mut robot, case_id) = in_portuguese();
    let first = shows(&mut robot, case_id, map("toilets")).unwrap();
    assert!(first.pointable && first.pointer.is_none() && first.title.is_none());
    let at = Point { x: 7_500, y: 2_000 };
    let point = |shown, at| Input::Point { case_id, shown, at };
    robot.input(point(first.number, Some(at)));
    assert_eq!(robot.view().shown.as_ref().unwrap().pointer, Some(at));
    let here = Point {
        x: 100,
        y: u16::MAX,
    };
    robot.input(Input::Pointed {
        shown: first.number,
        at: here,
    });
    let kept = Point {
        x: 100,
        y: POINT_MAX,
    };
    assert_eq!(robot.view().shown.as_ref().unwrap().pointer, Some(kept));
    let sent = |output: &Output| matches!(output, Output::SendPointed { at, .. } if *at == kept);
    assert!(robot.outputs.iter().any(sent), "the operator sees it too");
    robot.input(point(first.number, None));
    assert_eq!(robot.view().shown.as_ref().unwrap().pointer, None);

    let second = shows(&mut robot, case_id, map("getting-around")).unwrap();
    robot.input(point(first.number, Some(at)));
    assert_eq!(robot.view().shown.as_ref().unwrap().pointer, None, "late");
    assert_ne!(first.number, second.number);
    let page = shows(&mut robot, case_id, topic("toilets")).unwrap();
    robot.input(point(page.number, Some(at)));
    assert_eq!(robot.view().shown.as_ref().unwrap().pointer, None);
}

#[test]
fn a_link_of_the_operators_is_shown_to_listed_hosts_only() {
    let (mut robot, case_id) = in_portuguese();
    let own = "https://www.hoshikawa.example/pt/novo?x=1";
    let shown = shows(&mut robot, case_id, address(own)).unwrap();
    let link = Attachment::Link {
        url: own.to_owned(),
    };
    assert_eq!(shown.attachments, [link]);
    assert!(
        shows(
            &mut robot,
            case_id,
            address("https://WWW.Hoshikawa.example/")
        )
        .is_some()
    );
    let standing = robot.view().shown.clone();
    for (url, why) in [
        ("https://hoshikawa.example/", NotShown::ForeignHost),
        (
            "https://login.www.hoshikawa.example/",
            NotShown::ForeignHost,
        ),
        (
            "https://www.hoshikawa.example.evil.test/",
            NotShown::ForeignHost,
        ),
        ("https://www.hoshikawa.example:8443/", NotShown::NoAddress),
        (
            "https://www.hoshikawa.example@evil.test/",
            NotShown::NoAddress,
        ),
        ("http://www.hoshikawa.example/", NotShown::NoAddress),
        (
            "https://www.hoshikawa.example\\@evil.test/",
            NotShown::NoAddress,
        ),
        ("https://www.hoshikawa.example/ü", NotShown::NoAddress),
        (
            "javascript:alert(1)//www.hoshikawa.example",
            NotShown::NoAddress,
        ),
    ] {
        shows(&mut robot, case_id, address(url));
        assert_eq!(told(&robot).2, Some(why), "{url}");
        assert_eq!(robot.view().shown, standing, "{url}");
    }
}

#[test]
fn what_the_pack_does_not_hold_is_not_shown() {
    let (mut robot, case_id) = in_portuguese();
    for wish in [
        topic("no-such-topic"),
        topic("../../etc/passwd"),
        map("garbage-days"),
        ShowWish::Picture {
            topic: "opening-hours".to_owned(),
        },
        topic(&"a".repeat(100_000)),
    ] {
        assert_eq!(shows(&mut robot, case_id, wish), None);
        assert_eq!(told(&robot), (None, None, Some(NotShown::NotInPack)));
    }
}

#[test]
fn a_visitor_whose_language_the_pack_lacks_sees_english() {
    let mut robot = Robot::new();
    let (case_id, _) = crate::support::torch::in_a_call(&mut robot);
    assert_eq!(robot.view().language.as_str(), "vi");
    let shown = shows(&mut robot, case_id, topic("toilets")).unwrap();
    assert_eq!(shown.language.as_str(), "en");
    assert!(!shown.text.unwrap().is_empty());
    let alt = match &shown.attachments[..] {
        [Attachment::Map(own)] => own.alt.clone(),
        other => panic!("{other:?}"),
    };
    assert!(alt.starts_with("Map of"));
}

#[test]
fn it_ends_with_the_call_and_with_its_operator() {
    let (mut robot, case_id) = in_portuguese();
    shows(&mut robot, case_id, map("toilets")).unwrap();
    let mut colleague = operator();
    colleague.id = madoguchi_shared::ids::OperatorId(uuid::Uuid::from_u128(10));
    robot.input(Input::Accepted {
        case_id,
        operator: colleague,
        call: Some(5),
    });
    assert_eq!(robot.view().shown, None, "another operator shows their own");
    assert_eq!(told(&robot).0, None);
    shows(&mut robot, case_id, map("toilets")).unwrap();
    robot.input(Input::Ended {
        case_id,
        back: back(true),
    });
    assert_eq!(robot.view().shown, None);
    assert_eq!(shows(&mut robot, case_id, map("toilets")), None, "late");
    let said = robot.said().pop().unwrap().2;
    let pack = packs::sample();
    assert_eq!(
        said,
        pack.phrase(&crate::support::lang("pt"), Phrase::BackWithAgent)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever is asked to be shown as an address: what stands there leads to the office.
    #[test]
    fn no_address_leads_elsewhere(
        scheme in "(https://|http://|https:|//|)",
        before in "(|[a-z]{1,3}@|[a-z]{1,3}\\.|%40|\\\\)",
        host in "(www\\.hoshikawa\\.example|WWW\\.HOSHIKAWA\\.EXAMPLE|evil\\.test|hoshikawa\\.example)",
        after in "(|[.:@/?#\\\\][ -~]{0,12}|\\PC{0,4})",
    ) {
        let (mut robot, case_id) = in_portuguese();
        let url = format!("{scheme}{before}{host}{after}");
        if let Some(shown) = shows(&mut robot, case_id, address(&url)) {
            // The page's and the telephone's reading of an address is the WHATWG's.
            let rest = url.strip_prefix("https://").unwrap().to_ascii_lowercase();
            let rest = rest.strip_prefix("www.hoshikawa.example").unwrap();
            prop_assert!(rest.is_empty() || rest.starts_with(['/', '?', '#']));
            prop_assert_eq!(shown.attachments.len(), 1);
        } else {
            prop_assert!(told(&robot).2.is_some());
        }
    }
}
