//! Whatever bytes come from a line, the codecs and both ends of it keep their senses.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use madoguchi_hardware::drive::odrive::{SimulatedOdrive, line};
use madoguchi_hardware::drive::roboclaw::SimulatedRoboClaw;
use madoguchi_hardware::drive::roboclaw::packet::{Order, PacketError, Query, Request};
use madoguchi_hardware::simulation::{Controller, Demand};
use proptest::prelude::*;

fn orders() -> impl Strategy<Value = Order> {
    prop_oneof![
        any::<u8>().prop_map(Order::SerialTimeout),
        any::<[i16; 2]>().prop_map(Order::Duty),
        (any::<u32>(), any::<[i32; 2]>()).prop_map(|(acceleration, speeds)| Order::Speed {
            acceleration,
            speeds
        }),
    ]
}

fn queries() -> impl Strategy<Value = Query> {
    prop_oneof![
        Just(Query::SerialTimeout),
        Just(Query::Currents),
        Just(Query::Encoders),
        Just(Query::Speeds),
        Just(Query::Temperature),
        Just(Query::Status),
    ]
}

/// A demand that a motor could follow.
fn is_sound(demand: Demand) -> bool {
    match demand {
        Demand::Coast | Demand::Brake => true,
        Demand::Speed(speeds) => speeds.iter().all(|speed| speed.is_finite()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_order_survives_the_line(address: u8, order in orders(), more: Vec<u8>) {
        let mut bytes = order.encode(address);
        let length = bytes.len();
        bytes.extend(more);
        prop_assert_eq!(
            Request::decode(&bytes),
            Ok((address, Request::Order(order), length))
        );
    }

    #[test]
    fn half_an_order_is_not_yet_one(order in orders(), part in 0.0..1.0_f64) {
        let bytes = order.encode(0x80);
        let length = (bytes.len() as f64 * part) as usize;
        prop_assert_eq!(Request::decode(&bytes[..length]), Err(PacketError::Incomplete));
    }

    #[test]
    fn one_wrong_bit_is_never_the_same_order(order in orders(), at: prop::sample::Index, bit in 0..8_u8) {
        let mut bytes = order.encode(0x80);
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        // A turned bit of the command's number can make a query of it, which moves nothing.
        prop_assert!(!matches!(
            Request::decode(&bytes),
            Ok((_, Request::Order(_), _))
        ));
    }

    #[test]
    fn an_answer_survives_the_line(query in queries(), address: u8, payload: [u8; 8]) {
        let payload = &payload[..query.answer_length() - 2];
        let answer = query.answer(address, payload);
        prop_assert_eq!(query.payload(address, &answer), Ok(payload));
        prop_assert!(query.payload(address.wrapping_add(1), &answer).is_err());
    }

    #[test]
    fn any_bytes_are_an_answer_or_an_error(query in queries(), bytes: Vec<u8>) {
        if let Ok(payload) = query.payload(0x80, &bytes) {
            prop_assert_eq!(payload.len() + 2, query.answer_length());
        }
    }

    #[test]
    fn a_line_survives(body in "[a-z0-9._-]([a-z0-9 ._-]{0,60}[a-z0-9._-])?") {
        let encoded = line::encode(&body);
        let (line, end) = encoded.split_at(encoded.len() - 1);
        prop_assert_eq!(end, "\n");
        prop_assert_eq!(line::decode(line.as_bytes()), Ok(&body[..]));
    }

    #[test]
    fn any_bytes_are_a_line_or_an_error(bytes: Vec<u8>) {
        if let Ok(body) = line::decode(&bytes) {
            prop_assert!(body.is_ascii());
        }
    }

    #[test]
    fn a_roboclaw_bears_any_bytes(chunks: Vec<Vec<u8>>) {
        let mut controller = SimulatedRoboClaw::new(0x80, 1000.0);
        for chunk in chunks {
            controller.receive(&chunk);
            controller.advance(Duration::from_millis(5));
            prop_assert!(is_sound(controller.demand()));
        }
    }

    #[test]
    fn an_odrive_bears_any_lines(
        lines in prop::collection::vec(
            "(v|w|r|f|u|sc|[a-z]) [0-9] ?(axis[0-3]\\.[a-z_.]{1,12}|nan|inf|-?[0-9.]{1,5})?\\PC{0,4}\n",
            0..20,
        ),
    ) {
        let mut controller = SimulatedOdrive::new(2.0);
        for line in lines {
            controller.receive(line.as_bytes());
            controller.advance(Duration::from_millis(5));
        }
        prop_assert_eq!(controller.demand(), Demand::Coast, "nothing but closed-loop control moves it");
    }
}
