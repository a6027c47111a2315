//! Whatever an operator does alone in a form, nothing is confirmed and nothing is called.

use madoguchi_core::Input;
use madoguchi_shared::together::FormWish;
use proptest::prelude::*;

use super::together::{CANCEL, DAY, NUMBER, called};

fn wish() -> impl Strategy<Value = FormWish> {
    let flow = prop_oneof![
        Just(CANCEL),
        Just("fees-due"),
        Just("book-appointment"),
        Just("x")
    ];
    let field = prop_oneof![
        Just(NUMBER),
        Just(DAY),
        Just("verify/letter_code"),
        Just("book-appointment/service"),
        Just("book-appointment/day"),
    ];
    let text = prop_oneof![
        Just("12345".to_owned()),
        Just("2023-11-20".to_owned()),
        Just("tax".to_owned()),
        Just("yes".to_owned()),
        Just("sim".to_owned()),
        ".{0,40}",
    ];
    let written = (field, text, any::<bool>()).prop_map(|(field, text, answer)| {
        let field = field.to_owned();
        match answer {
            true => FormWish::Answer { field, text },
            false => FormWish::Write { field, text },
        }
    });
    prop_oneof![
        2 => flow.prop_map(|flow| FormWish::Open { flow: flow.to_owned() }),
        8 => written,
        1 => Just(FormWish::Back),
        1 => Just(FormWish::Close),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_operator_alone_confirms_nothing_and_calls_nothing(
        wishes in proptest::collection::vec(wish(), 0..30),
    ) {
        let (mut robot, case_id) = called();
        for wish in wishes {
            robot.input(Input::FillIn { case_id, wish });
        }
        prop_assert!(robot.calls().is_empty());
        prop_assert!(robot.packet().facts.is_empty());
    }
}
