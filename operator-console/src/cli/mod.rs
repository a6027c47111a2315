//! The commands of `madoguchi-console`.
//!
//! Exit codes: 0 done, 1 failed (one sentence on standard error), 2 wrong use.

mod log;
mod operators;
mod output;
mod robots;
mod skills;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};

use self::operators::OperatorCommand;
use self::output::Output;
use self::robots::RobotCommand;
use crate::config::Config;
use crate::server::Server;
use crate::store::Store;
use crate::tls::Identity;
use crate::turn::TurnConfig;

/// The configuration that is looked for in the working directory.
const CONFIG: &str = "console.toml";
/// The demonstration's, from the top of a checkout.
const DEMO_CONFIG: &str = "operator-console/console.demo.toml";
/// Where the demonstration keeps its data.
const DEMO_DATA: &str = ".demo/console";

/// The console that robots dial and at which operators sit.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// Configuration file [default: console.toml; commands other than `serve` fall back on the
    /// demonstration's in a checkout where it has run]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print JSON for programs instead of text for people
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the console until it is told to stop
    Serve {
        /// What to log, such as `info` or `madoguchi_console=debug` [default: RUST_LOG, else info]
        #[arg(long, value_name = "FILTER", value_parser = log::filter)]
        log: Option<String>,
    },
    /// Operators' accounts
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Robots and the codes that claim them
    #[command(subcommand)]
    Robot(RobotCommand),
    /// Print the SHA-256 of the TLS certificate that robots pin; makes the certificate when absent
    Fingerprint,
    /// Check the configuration file
    CheckConfig,
}

/// Carries a command out.
pub async fn run(cli: Cli) -> Result<()> {
    let file = config_file(cli.config, &cli.command)?;
    let config = Config::load(&file)?;
    let out = Output { json: cli.json };
    match cli.command {
        Command::Serve { log } => serve(config, log.as_deref(), &out).await,
        Command::CheckConfig => {
            config.turn.as_ref().map(TurnConfig::load).transpose()?;
            out.print(&Checked { ok: true }, || {
                format!("{} is in order", file.display())
            })
        }
        Command::Fingerprint => {
            let fingerprint = fingerprint(&config)?;
            out.print(
                &Fingerprint {
                    fingerprint: &fingerprint,
                },
                || fingerprint.clone(),
            )
        }
        Command::Operator(command) => {
            let store = Store::open(&config.database).await?;
            let done = operators::run(command, &store, &out).await;
            store.close().await;
            done
        }
        Command::Robot(command) => {
            let store = Store::open(&config.database).await?;
            let done = robots::run(command, &config, &store, &out).await;
            store.close().await;
            done
        }
    }
}

/// The file that was named, else the one of the folder, else the demonstration's, told of on
/// standard error. A console is served only by a configuration of its own.
fn config_file(named: Option<PathBuf>, command: &Command) -> Result<PathBuf> {
    if let Some(file) = named {
        return Ok(file);
    }
    let file = PathBuf::from(CONFIG);
    if file.exists() {
        return Ok(file);
    }
    let demo = PathBuf::from(DEMO_CONFIG);
    let has_run = demo.exists() && Path::new(DEMO_DATA).is_dir();
    if has_run && !matches!(command, Command::Serve { .. }) {
        eprintln!("using the demonstration's {DEMO_CONFIG}; name another one with --config FILE");
        return Ok(demo);
    }
    let folder = std::env::current_dir().unwrap_or_default();
    bail!(
        "there is no {CONFIG} in {}; name the configuration with --config FILE (in a checkout, \
         the demonstration's is {DEMO_CONFIG})",
        folder.display()
    );
}

async fn serve(config: Config, log: Option<&str>, out: &Output) -> Result<()> {
    log::start(log);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut running = Server::start(config).await?;
    let listening = Listening {
        tls: running.addr_tls.map(|address| format!("https://{address}")),
        loopback: running
            .addr_loopback
            .map(|address| format!("http://{address}")),
        fingerprint: running.fingerprint.clone(),
    };
    out.print(&listening, || listening.text())?;
    let outcome = tokio::select! {
        stop = tokio::signal::ctrl_c() => stop.map_err(anyhow::Error::from),
        _ = terminate.recv() => Ok(()),
        part = running.ended() => Err(part.into()),
    };
    running.shutdown().await;
    outcome
}

#[derive(Serialize)]
struct Checked {
    ok: bool,
}

#[derive(Serialize)]
struct Fingerprint<'a> {
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Listening {
    tls: Option<String>,
    loopback: Option<String>,
    fingerprint: String,
}

impl Listening {
    fn text(&self) -> String {
        let mut lines = Vec::new();
        if let Some(address) = &self.loopback {
            lines.push(format!("this machine  {address}"));
        }
        if let Some(address) = &self.tls {
            lines.push(format!("network       {address}"));
            lines.push(format!("fingerprint   {}", self.fingerprint));
        }
        lines.join("\n")
    }
}

fn fingerprint(config: &Config) -> Result<String> {
    if config.listen_tls.is_none() {
        return Ok(String::new());
    }
    let identity =
        Identity::load_or_create(&config.certificate, &config.key, &config.certificate_names)?;
    Ok(identity.fingerprint().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
