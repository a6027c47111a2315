//! Apertium, a translator by rules, as a program: for a pair that has no model.

use std::io;
use std::path::PathBuf;

use super::guard::Model;
use super::links::Links;
use crate::program;

/// One of its modes, such as `spa-por`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Apertium {
    pub(super) program: PathBuf,
    pub(super) mode: String,
}

impl Model for Apertium {
    fn translate(&mut self, sentence: &str) -> Result<String, String> {
        // `-u` leaves out the marks that it puts before unknown words.
        let arguments = ["-u", "-f", "txt", &self.mode];
        let output = program::run(&self.program, &arguments, sentence);
        let output = output.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                format!(
                    "there is no program `{}`; apt install apertium",
                    self.program.display()
                )
            }
            io::ErrorKind::Other => format!(
                "`{}` has no mode `{}`, or it failed; `apertium -l` lists the modes",
                self.program.display(),
                self.mode
            ),
            _ => format!("`{}`: {error}", self.program.display()),
        })?;
        let text = String::from_utf8_lossy(&output).trim().to_owned();
        if text.is_empty() {
            return Err(format!("`{}` wrote nothing", self.program.display()));
        }
        Ok(text)
    }

    fn align(&mut self, _sentence: &str) -> Option<Links> {
        None
    }
}
