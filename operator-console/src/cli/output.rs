//! What commands print, and names that may be printed.

use std::io::{self, Write};

use anyhow::Result;
use serde::Serialize;

/// Text for people or JSON for programs.
pub(super) struct Output {
    pub(super) json: bool,
}

impl Output {
    pub(super) fn print(
        &self,
        value: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            writeln!(out, "{}", serde_json::to_string(value)?)?;
        } else {
            let text = text();
            if !text.is_empty() {
                writeln!(out, "{text}")?;
            }
        }
        Ok(out.flush()?)
    }
}

/// A name that can stand on a screen: trimmed, 1 to 80 printable characters.
pub(super) fn shown(name: &str) -> Result<String, &'static str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
        return Err("it can't be shown as a name; write 1 to 80 printable characters");
    }
    Ok(name.to_owned())
}
