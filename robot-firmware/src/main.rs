//! `madoguchi-robot`: the robot's daemon, and its commands for people who tune and test.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod ahead;
mod back_office;
mod bell;
mod body;
mod check;
mod claim;
mod cli;
mod clock;
mod commands;
mod config;
mod daemon;
mod device_key;
mod engines;
mod event;
mod files;
mod fit;
mod learned;
mod link;
mod out_of_order;
mod pack;
mod player;
mod screen;
mod staff_pin;
mod still;
mod support;
mod threads;
mod update;

use std::io;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(outcome) => outcome,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("madoguchi-robot: {error:#}{}", remedy(&error));
            if error.is::<commands::WrongUse>() {
                ExitCode::from(2)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

/// What helps with a file that can't be used, whichever it is.
fn remedy(error: &anyhow::Error) -> &'static str {
    let root = error.root_cause().downcast_ref::<io::Error>();
    match root.map(io::Error::kind) {
        Some(io::ErrorKind::NotFound) => "; see that its name and folder are right",
        Some(io::ErrorKind::IsADirectory) => "; name a file in it instead",
        Some(io::ErrorKind::NotADirectory) => "; name a folder instead",
        Some(io::ErrorKind::PermissionDenied) => "; see who may read or write it",
        Some(io::ErrorKind::StorageFull) => "; make room on that disk",
        _ => "",
    }
}

/// The reader of the output has seen enough, as in `madoguchi-robot models list | head -1`.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
