//! Whatever bytes come over a data channel, a signalling socket or the link, they are a message or
//! none, and what was read can be passed on.
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::motion::{PageToWheels, WheelsToPage};
use madoguchi_shared::operator::{ConsoleToOperator, OperatorToConsole};
use madoguchi_shared::packet::Packet;
use madoguchi_shared::screen::{RobotToScreen, ScreenToRobot};
use madoguchi_shared::signal::{IceServer, Signal};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads it as what it may be; says of which kinds it is.
fn read_as_each(bytes: &[u8]) -> Vec<&'static str> {
    let kinds = [
        ("to the wheels", read::<PageToWheels>(bytes)),
        ("from the wheels", read::<WheelsToPage>(bytes)),
        ("a signal", read::<Signal>(bytes)),
        ("a server", read::<IceServer>(bytes)),
        ("a packet", read::<Packet>(bytes)),
        ("of a robot", read::<RobotToConsole>(bytes)),
        ("to a robot", read::<ConsoleToRobot>(bytes)),
        ("of an operator", read::<OperatorToConsole>(bytes)),
        ("to an operator", read::<ConsoleToOperator>(bytes)),
        ("of a screen", read::<ScreenToRobot>(bytes)),
        ("to a screen", read::<RobotToScreen>(bytes)),
    ];
    let read = kinds.into_iter().filter(|(_, read)| *read);
    read.map(|(kind, _)| kind).collect()
}

fn read<T: DeserializeOwned + Serialize + Debug>(bytes: &[u8]) -> bool {
    let Ok(message) = serde_json::from_slice::<T>(bytes) else {
        return false;
    };
    let written = serde_json::to_vec(&message).unwrap();
    let again = serde_json::from_slice::<T>(&written);
    assert!(again.is_ok(), "{message:?}: {again:?}");
    true
}

/// One of each that a robot reads from somebody else, and the packet that it writes.
fn samples() -> Vec<Value> {
    let wish = json!({
        "type": "command", "lease": 1, "sequence": 7, "heard_ms": 90, "seen_ms": 80,
        "velocity": {"linear_m_s": 0.3, "angular_rad_s": -0.2},
    });
    vec![
        wish,
        json!({"type": "stop"}),
        json!({"type": "end_stop", "lease": 1}),
        json!({"kind": "answer", "session": 1, "sdp": "v=0\r\n", "proof": "AAAA"}),
        json!({
            "kind": "candidate", "session": 1, "candidate": "candidate:1 1 udp 1 ::1 9 typ host",
            "sdp_mid": "0", "sdp_m_line_index": 0,
        }),
        json!({"urls": ["turns:[2001:db8::1]:443"], "username": "a", "credential": "b"}),
        serde_json::from_str(include_str!("../golden/packet-1.json")).unwrap(),
    ]
}

/// Values that no field is meant for.
fn odd() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![Just(1e308), Just(-1e308), Just(4_294_967_296.0), Just(-1.0)]
            .prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(Value::from("\u{202e}\u{0}\u{feff}")),
        (1_usize..20_000).prop_map(|length| Value::from("x".repeat(length))),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{0,12}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Every place in a message.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(object) => object
            .iter()
            .for_each(|(name, inner)| places(inner, &format!("{at}/{name}"), found)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(index, inner)| places(inner, &format!("{at}/{index}"), found)),
        _ => {}
    }
}

#[test]
fn the_samples_are_read() {
    for sample in samples() {
        let kinds = read_as_each(sample.to_string().as_bytes());
        assert!(!kinds.is_empty(), "{sample}");
    }
}

#[test]
fn depth_without_an_end_is_no_message() {
    for (open, close) in [("[", "]"), ("{\"type\":", "}"), ("{\"kind\":", "}")] {
        for depth in [200, 200_000] {
            let deep = format!("{}0{}", open.repeat(depth), close.repeat(depth));
            assert!(read_as_each(deep.as_bytes()).is_empty());
            let cut = open.repeat(depth);
            assert!(read_as_each(cut.as_bytes()).is_empty());
            for sample in samples() {
                let text = sample.to_string();
                let inside = text.replacen(':', &format!(":{cut}"), 1);
                assert!(read_as_each(inside.as_bytes()).is_empty());
            }
        }
    }
}

#[test]
fn a_number_that_is_none_never_reaches_the_wheels() {
    for number in [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        "null",
        "\"0.3\"",
    ] {
        let wish = samples()[0].to_string().replace("0.3", number);
        assert!(read_as_each(wish.as_bytes()).is_empty(), "{wish}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_as_each(&bytes);
    }

    #[test]
    fn any_values(value in odd(), tag in "[a-z_]{0,16}") {
        read_as_each(value.to_string().as_bytes());
        if let Value::Object(mut object) = value {
            for key in ["type", "kind"] {
                object.insert(key.to_owned(), Value::from(tag.clone()));
            }
            read_as_each(Value::Object(object).to_string().as_bytes());
        }
    }

    #[test]
    fn a_message_with_something_odd_in_a_place(
        which: prop::sample::Index,
        place: prop::sample::Index,
        value in odd(),
    ) {
        let mut message = which.get(&samples()).clone();
        let mut found = Vec::new();
        places(&message, "", &mut found);
        *message.pointer_mut(&found[place.index(found.len())]).unwrap() = value;
        read_as_each(message.to_string().as_bytes());
    }

    #[test]
    fn a_message_with_damaged_bytes(
        which: prop::sample::Index,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        keep: prop::sample::Index,
    ) {
        let mut bytes = which.get(&samples()).to_string().into_bytes();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        read_as_each(&bytes);
        read_as_each(&bytes[..keep.index(bytes.len())]);
    }
}
