//! The packet's types, its schema file and the golden packets agree.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use jsonschema::Validator;
use madoguchi_shared::PROTOCOL_VERSION;
use madoguchi_shared::packet::Packet;
use serde_json::{Value, json};

fn file(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn golden() -> Value {
    serde_json::from_str(&file("golden/packet-1.json")).unwrap()
}

/// The packet of the first version that robots were delivered with.
fn first() -> Value {
    serde_json::from_str(&file("golden/packet-1-first.json")).unwrap()
}

fn schema() -> Validator {
    let schema: Value = serde_json::from_str(&file("schema/packet-1.gen.json")).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

fn read(value: &Value) -> serde_json::Result<Packet> {
    serde_json::from_str(&value.to_string())
}

/// JSON pointers to every member of every object.
fn members(value: &Value, at: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object {
                found.push((at.to_owned(), name.clone()));
                members(inner, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(array) => {
            for (index, inner) in array.iter().enumerate() {
                members(inner, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_schema_file_is_that_of_the_types() {
    let wanted = madoguchi_shared::schema::packet().unwrap();
    assert!(
        file("schema/packet-1.gen.json") == wanted,
        "shared/schema/packet-1.gen.json is stale; run `make generate` and commit it"
    );
}

#[test]
fn the_golden_packet_is_read_and_written_without_a_loss_and_has_every_field() {
    let packet = read(&golden()).unwrap();
    assert_eq!(packet.schema_version, PROTOCOL_VERSION);
    assert_eq!(serde_json::to_value(&packet).unwrap(), golden());
    let mut all = Vec::new();
    members(&golden(), "", &mut all);
    for (at, name) in all {
        let value = golden().pointer(&format!("{at}/{name}")).unwrap().clone();
        assert!(
            !value.is_null(),
            "{at}/{name} is empty in the golden packet"
        );
        let empty = value.as_array().is_some_and(Vec::is_empty);
        assert!(
            !empty || name == "turns",
            "{at}/{name} is empty in the golden packet"
        );
    }
    assert!(schema().is_valid(&golden()));
}

/// Each field is taken away, and each is given a value of another form, one at a time.
#[test]
fn types_and_schema_agree_on_what_may_be_missing_and_on_forms() {
    let schema = schema();
    let mut all = Vec::new();
    members(&golden(), "", &mut all);
    let (mut needed, mut spared) = (0, 0);
    for (at, name) in all {
        let mut changed = golden();
        let object = changed.pointer_mut(&at).unwrap().as_object_mut().unwrap();
        let was = object.remove(&name).unwrap();
        let is_read = read(&changed).is_ok();
        assert_eq!(schema.is_valid(&changed), is_read, "without {at}/{name}");
        match is_read {
            true => spared += 1,
            false => needed += 1,
        }
        let other = match was {
            Value::Array(_) => json!("none"),
            _ => json!([[0]]),
        };
        let object = changed.pointer_mut(&at).unwrap().as_object_mut().unwrap();
        object.insert(name.clone(), other);
        assert!(!schema.is_valid(&changed), "{at}/{name} of another form");
        assert!(read(&changed).is_err(), "{at}/{name} of another form");
    }
    assert!(needed > 20 && spared > 20, "{needed} needed, {spared} not");
}

#[test]
fn what_a_newer_robot_adds_is_passed_over() {
    let mut all = Vec::new();
    members(&golden(), "", &mut all);
    let mut newer = golden();
    for (at, _) in all {
        let object = newer.pointer_mut(&at).unwrap().as_object_mut().unwrap();
        object.insert("of_tomorrow".to_owned(), json!({ "kind": "unknown" }));
    }
    assert!(schema().is_valid(&newer));
    assert_eq!(
        serde_json::to_value(read(&newer).unwrap()).unwrap(),
        golden()
    );
}

#[test]
fn the_packet_of_an_older_robot_is_understood() {
    assert!(schema().is_valid(&first()));
    let packet = read(&first()).unwrap();
    let mut whole = read(&golden()).unwrap();
    for turn in &mut whole.transcript {
        turn.said_by = None;
        turn.doubtful.clear();
        if let Some(translation) = &mut turn.translation {
            translation.back = None;
            translation.confidence = None;
        }
    }
    assert!(packet.route.steps.is_empty());
    assert_eq!(packet.expires_at, None);
    assert_eq!(packet.resident.distress, whole.resident.distress);
    assert_eq!(packet.transcript, whole.transcript);
    assert_eq!(packet.facts, whole.facts);
}
