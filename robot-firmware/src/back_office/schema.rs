//! Checks against the JSON Schemas that tools declare.
//!
//! A schema comes from a program that may be broken or worse, and is checked before it is used:
//! one that refers to itself, or unfolds without measure, would keep the robot busy for ever.

use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value};

/// Nodes that a schema may have when every reference in it is replaced by its target.
const LARGEST: usize = 10_000;
/// Nodes that may stand in each other, counted likewise: each takes a part of the stack.
const DEEPEST: usize = 100;

/// Why a schema isn't used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A reference to something outside, or by other means than a JSON Pointer.
    #[error(
        "its schema refers to {0:?}; only references to a place in itself (#/…) can be followed"
    )]
    Reference(String),
    /// It refers to itself, or is far too large.
    #[error(
        "its schema unfolds to more than {LARGEST} parts or {DEEPEST} levels; it may not refer to itself"
    )]
    Endless,
    /// It is none.
    #[error("its schema is none: {0}")]
    Invalid(String),
}

/// Makes a check of a schema.
///
/// # Errors
/// [`SchemaError`] when the schema can't be used safely, or is none.
pub fn compile(schema: &Map<String, Value>) -> Result<Validator, SchemaError> {
    let root = Value::Object(schema.clone());
    let mut left = LARGEST;
    unfold(&root, &root, 0, &mut left)?;
    jsonschema::options()
        // In time linear in the text, unlike the default with its look-around.
        .with_pattern_options(PatternOptions::regex())
        .build(&root)
        .map_err(|error| SchemaError::Invalid(error.to_string()))
}

/// Counts `node`, which stands in `depth` others, and everything below it, through references.
fn unfold(root: &Value, node: &Value, depth: usize, left: &mut usize) -> Result<(), SchemaError> {
    if depth > DEEPEST {
        return Err(SchemaError::Endless);
    }
    *left = left.checked_sub(1).ok_or(SchemaError::Endless)?;
    match node {
        Value::Object(object) => {
            for key in ["$dynamicRef", "$recursiveRef", "$id"] {
                if let Some(Value::String(target)) = object.get(key)
                    && !(depth == 0 && key == "$id")
                {
                    return Err(SchemaError::Reference(target.clone()));
                }
            }
            if let Some(Value::String(target)) = object.get("$ref") {
                let found = target
                    .strip_prefix('#')
                    .and_then(|pointer| root.pointer(pointer));
                let found = found.ok_or_else(|| SchemaError::Reference(target.clone()))?;
                unfold(root, found, depth + 1, left)?;
            }
            object
                .values()
                .try_for_each(|value| unfold(root, value, depth + 1, left))
        }
        Value::Array(values) => values
            .iter()
            .try_for_each(|value| unfold(root, value, depth + 1, left)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compiled(schema: Value) -> Result<Validator, SchemaError> {
        compile(schema.as_object().unwrap())
    }

    #[test]
    fn a_schema_with_definitions_is_followed() {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": { "day": { "$ref": "#/$defs/day" } },
            "required": ["day"],
            "$defs": { "day": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" } },
        });
        let check = compiled(schema).unwrap();
        assert!(check.is_valid(&json!({ "day": "2026-12-01" })));
        for bad in [json!({ "day": "soon" }), json!({}), json!([])] {
            assert!(!check.is_valid(&bad), "{bad}");
        }
    }

    #[test]
    fn a_schema_that_would_never_end_is_refused() {
        let mut doubling = json!({ "$defs": { "a0": {} } });
        for level in 1..40 {
            let below = json!({ "$ref": format!("#/$defs/a{}", level - 1) });
            doubling["$defs"][format!("a{level}")] = json!({ "allOf": [below, below] });
        }
        for endless in [
            json!({ "$ref": "#" }),
            json!({ "allOf": [{ "$ref": "#/allOf/0" }] }),
            json!({ "properties": { "child": { "$ref": "#" } } }),
            doubling,
        ] {
            let error = compiled(endless).unwrap_err();
            assert!(matches!(error, SchemaError::Endless), "{error}");
        }
    }

    #[test]
    fn a_schema_that_points_outside_is_refused() {
        for key in ["$ref", "$dynamicRef"] {
            for target in ["https://example.org/schema", "file:///etc/passwd", "other"] {
                let error = compiled(json!({ "items": { key: target } })).unwrap_err();
                assert!(error.to_string().contains(target), "{error}");
            }
        }
    }

    #[test]
    fn a_pattern_that_backtracks_for_ever_is_refused_or_fast() {
        if let Ok(check) = compiled(json!({ "pattern": "^(a+)+$" })) {
            assert!(!check.is_valid(&json!(format!("{}!", "a".repeat(5_000)))));
        }
        assert!(compiled(json!({ "pattern": "(?=a)b" })).is_err());
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        assert!(compiled(json!({ "type": 7 })).is_err());
    }
}
