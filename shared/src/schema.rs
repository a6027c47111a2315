//! The packet's JSON Schema (draft 2020-12), generated from its types.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;

use crate::packet::Packet;

/// The schema as its file has it. Fields that it doesn't name are allowed: a newer robot may send
/// them, and every reader passes over them.
///
/// # Errors
/// When it can't be written as JSON.
pub fn packet() -> serde_json::Result<String> {
    let settings = SchemaSettings::draft2020_12();
    let schema = SchemaGenerator::new(settings).into_root_schema_for::<Packet>();
    Ok(serde_json::to_string_pretty(&schema)? + "\n")
}
