//! `staff-pin`: the PIN of staff in the room.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context;

use super::WrongUse;
use crate::config::Config;
use crate::staff_pin::{self, StaffPinError};

pub(super) fn staff_pin(config: &Config, random: bool) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    let pin = if random {
        staff_pin::random()
    } else {
        asked_for()?
    };
    match staff_pin::set(&config.state, &pin) {
        Ok(()) => {}
        Err(error @ (StaffPinError::Digits | StaffPinError::Guessable)) => {
            return Err(WrongUse(error.to_string()).into());
        }
        Err(error) => return Err(error.into()),
    }
    if random {
        writeln!(out, "{pin}")?;
    } else {
        writeln!(out, "The PIN is set; the robot takes it from now on.")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One line of standard input.
fn asked_for() -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprint!("New PIN for staff, 6 to 12 digits (it shows while you type): ");
    }
    let mut line = String::new();
    stdin
        .read_line(&mut line)
        .context("no PIN came from standard input")?;
    Ok(line.trim().to_owned())
}
