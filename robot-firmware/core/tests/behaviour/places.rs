//! "Where is counter 5, the exit, the counselling room?" is answered from the pack's places, with a
//! mark on the map.

use crate::support::Robot;
use madoguchi_shared::screen::{Attachment, Mark};

/// What the robot answers, by words alone.
fn asks(robot: &mut Robot, tag: &str, text: &str) -> String {
    robot.types_in(tag, text);
    robot.said().pop().expect("nothing was said").2
}

#[test]
fn a_place_is_told_with_its_floor_and_its_way() {
    for (tag, asked, said) in [
        (
            "en",
            "Where is counter 5?",
            "Counter 5 (certificates and seals): on the ground floor. It is in the middle of the far wall as you come in.",
        ),
        (
            "en",
            "excuse me, how do I get to counter twenty one please",
            "Counter 21 (National Health Insurance): on the second floor.",
        ),
        ("en", "Where's the exit?", "The exit: on the ground floor."),
        (
            "en",
            "Which floor is the tax office on?",
            "Counter 31 (paying tax): on the third floor.",
        ),
        (
            "en",
            "where can I find the counselling room",
            "Counter 29 (counselling): on the second floor.",
        ),
        (
            "en",
            "I'm looking for the stairs",
            "The stairs: on the ground floor. They are on the left",
        ),
        (
            "ja",
            "5番窓口はどこですか",
            "5番窓口（証明書・印鑑登録）は、1階にあります。",
        ),
        (
            "ja",
            "すみません、相談室はどこですか",
            "29番窓口（生活相談）は、2階にあります。",
        ),
        (
            "ja",
            "税務課は何階ですか",
            "31番窓口（税金の支払い）は、3階にあります。",
        ),
        ("ja", "出口はどこ", "出口は、1階にあります。"),
        (
            "pt",
            "Onde fica o balcão 5?",
            "Balcão 5 (certidões e carimbos): no térreo.",
        ),
        ("pt", "Por favor, cadê a saída?", "A saída: no térreo."),
        (
            "pt",
            "Em que andar fica a sala de aconselhamento?",
            "Balcão 29 (aconselhamento): no segundo andar.",
        ),
    ] {
        let answer = asks(&mut Robot::new(), tag, asked);
        assert!(answer.starts_with(said), "{asked}: {answer}");
    }
}

#[test]
fn its_floors_map_is_shown_with_a_mark() {
    let mut robot = Robot::new();
    asks(&mut robot, "en", "Where is counter 26?");
    let shown = robot.view().captions.last().unwrap().attachments.clone();
    let [Attachment::Map(map)] = &shown[..] else {
        panic!("{shown:?}");
    };
    assert_eq!(map.src, "pack/pictures/second-floor.svg");
    assert!(map.alt.contains("second floor"), "{}", map.alt);
    let mark = Mark {
        left_percent: 60,
        top_percent: 12,
    };
    assert_eq!(map.mark, Some(mark));
}

#[test]
fn a_counter_that_is_not_there_is_said_not_to_be() {
    for (tag, asked, said) in [
        (
            "en",
            "Where is counter 77?",
            "I know of no counter 77 in this building.",
        ),
        (
            "ja",
            "77番窓口はどこですか",
            "この建物に77番窓口はないようです。",
        ),
        (
            "pt",
            "Onde fica o balcão 77?",
            "Não conheço o balcão 77 neste prédio.",
        ),
    ] {
        let answer = asks(&mut Robot::new(), tag, asked);
        assert!(answer.starts_with(said), "{asked}: {answer}");
    }
}

#[test]
fn a_place_with_a_topic_has_the_topics_answer_and_a_matter_stays_one() {
    for (tag, asked, said) in [
        ("en", "where is the loo", "There are toilets on every floor"),
        (
            "en",
            "Where are the lifts, please?",
            "The two elevators are on the right",
        ),
        (
            "ja",
            "お手洗いはどこですか",
            "トイレは、各階のエレベーターの横にあります。",
        ),
        (
            "en",
            "Where do I register my bicycle?",
            "You register a bicycle at any bicycle shop",
        ),
        (
            "en",
            "Where can I pay my tax?",
            "You can pay your tax at counter 31",
        ),
        (
            "pt",
            "Onde registro o nascimento do meu filho?",
            "Registre o nascimento no balcão 4",
        ),
    ] {
        let answer = asks(&mut Robot::new(), tag, asked);
        assert!(answer.starts_with(said), "{asked}: {answer}");
    }
}
