//! `madoguchi-console`: see `madoguchi-console --help`.

use std::process::ExitCode;

use clap::Parser;
use madoguchi_console::cli::{Cli, run};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run(cli)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("madoguchi-console: {error:#}");
            ExitCode::FAILURE
        }
    }
}
