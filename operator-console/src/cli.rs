//! The commands of `madoguchi-console`.
//!
//! Exit codes: 0 done, 1 failed (one sentence on standard error), 2 wrong use.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use madoguchi_shared::ids::{Lang, UnixMs};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::signal::unix::{SignalKind, signal};

use crate::auth::{account_name, hash_password};
use crate::config::Config;
use crate::hub::now;
use crate::secret;
use crate::server::Server;
use crate::store::{ClaimOffer, NewOperator, RobotRecord, Store};
use crate::tls::Identity;

/// The console that robots dial and at which operators sit.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// Configuration file
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "console.toml"
    )]
    config: PathBuf,
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
        /// What to log, such as `info` or `madoguchi_console=debug`
        #[arg(long, default_value = "info", value_name = "FILTER")]
        log: String,
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

#[derive(Debug, Subcommand)]
enum OperatorCommand {
    /// Make an account
    Add {
        /// Account name for signing in
        account: String,
        /// Name that residents and colleagues see; the account name when absent
        #[arg(long)]
        name: Option<String>,
        /// Languages spoken, the best first, such as `en,pt`
        #[arg(long, value_delimiter = ',', required = true)]
        languages: Vec<Lang>,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// List accounts
    List,
    /// Remove an account and end its sessions
    Remove {
        /// Account name
        account: String,
    },
    /// Replace a password and end the account's sessions
    SetPassword {
        /// Account name
        account: String,
        #[command(flatten)]
        password: PasswordSource,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct PasswordSource {
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// Make a password and print it
    #[arg(long)]
    random_password: bool,
}

#[derive(Debug, Subcommand)]
enum RobotCommand {
    /// Make a one-time code by which one robot is claimed
    ClaimCode {
        /// The robot's name, such as `Entrance 1`
        #[arg(long)]
        name: String,
        /// Its office, such as `Hoshikawa Ward Office`
        #[arg(long)]
        site: String,
        /// Where in the office
        #[arg(long, default_value = "")]
        place: String,
        /// How long the code holds: a number with s, m, h or d
        #[arg(long, default_value = "24h", value_parser = duration)]
        valid: Duration,
    },
    /// List claimed robots
    List,
    /// Forget a robot and erase its cases
    Remove {
        /// Id, or a name that only this robot has
        robot: String,
    },
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong =
        || format!("`{text}` is no duration; write a number with s, m, h or d, such as 24h");
    let unit_s = match text.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 60 * 60,
        Some('d') => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    let number: u32 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    if number == 0 {
        return Err(wrong());
    }
    Ok(Duration::from_secs(u64::from(number) * unit_s))
}

/// Carries a command out.
pub async fn run(cli: Cli) -> Result<()> {
    let config = Config::load(&cli.config)?;
    let out = Output { json: cli.json };
    match cli.command {
        Command::Serve { log } => serve(config, &log, &out).await,
        Command::CheckConfig => out.print(&Checked { ok: true }, || {
            format!("{} is in order", cli.config.display())
        }),
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
            let done = operator(command, &store, &out).await;
            store.close().await;
            done
        }
        Command::Robot(command) => {
            let store = Store::open(&config.database).await?;
            let done = robot(command, &config, &store, &out).await;
            store.close().await;
            done
        }
    }
}

async fn serve(config: Config, log: &str, out: &Output) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(log)
        .with_context(|| format!("`{log}` is no log filter; try `info`"))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    let mut terminate = signal(SignalKind::terminate())?;
    let running = Server::start(config).await?;
    let listening = Listening {
        tls: running.addr_tls.map(|address| format!("https://{address}")),
        loopback: running
            .addr_loopback
            .map(|address| format!("http://{address}")),
        fingerprint: running.fingerprint.clone(),
    };
    out.print(&listening, || listening.text())?;
    tokio::select! {
        stop = tokio::signal::ctrl_c() => stop?,
        _ = terminate.recv() => {}
    }
    running.shutdown().await;
    Ok(())
}

async fn operator(command: OperatorCommand, store: &Store, out: &Output) -> Result<()> {
    match command {
        OperatorCommand::Add {
            account,
            name,
            languages,
            password,
        } => {
            let account = account_name(&account)?;
            let password = password.read()?;
            let name = shown(name.unwrap_or_else(|| account.clone()))?;
            let password_hash = hash_password(&password.text)?;
            let new = NewOperator {
                account,
                name,
                languages,
                password_hash,
            };
            let added = store.add_operator(&new, now()).await?;
            let made = password.made();
            let answer = WithPassword {
                account: &added.account,
                password: made,
            };
            out.print(&answer, || match made {
                Some(made) => format!("{}: password {made}", added.account),
                None => format!("{}: added", added.account),
            })
        }
        OperatorCommand::SetPassword { account, password } => {
            let account = account_name(&account)?;
            let password = password.read()?;
            store
                .set_password(&account, &hash_password(&password.text)?)
                .await?;
            let made = password.made();
            out.print(
                &WithPassword {
                    account: &account,
                    password: made,
                },
                || match made {
                    Some(made) => format!("{account}: password {made}"),
                    None => format!("{account}: password replaced, sessions ended"),
                },
            )
        }
        OperatorCommand::List => {
            let operators = store.operators().await?;
            out.print(&operators, || {
                let lines = operators.iter().map(|operator| {
                    let languages: Vec<_> =
                        operator.card.languages.iter().map(Lang::as_str).collect();
                    format!(
                        "{}\t{}\t{}",
                        operator.account,
                        operator.card.name,
                        languages.join(",")
                    )
                });
                lines.collect::<Vec<_>>().join("\n")
            })
        }
        OperatorCommand::Remove { account } => {
            let account = account_name(&account)?;
            store.remove_operator(&account).await?;
            out.print(
                &WithPassword {
                    account: &account,
                    password: None,
                },
                || format!("{account}: removed"),
            )
        }
    }
}

async fn robot(command: RobotCommand, config: &Config, store: &Store, out: &Output) -> Result<()> {
    match command {
        RobotCommand::ClaimCode {
            name,
            site,
            place,
            valid,
        } => {
            let code = secret::readable_code();
            let valid_ms = i64::try_from(valid.as_millis())?;
            let offer = ClaimOffer {
                code_hash: secret::sha256_hex(secret::canonical_code(&code)),
                name: shown(name)?,
                site: shown(site)?,
                place,
                expires_at: UnixMs(now().0.saturating_add(valid_ms)),
            };
            let fingerprint = fingerprint(config)?;
            store.add_claim_code(&offer, now()).await?;
            let answer = ClaimCode {
                code: &code,
                expires_at: offer.expires_at,
                fingerprint: &fingerprint,
            };
            out.print(&answer, || {
                format!(
                    "claim code   {code}\nvalid until  {}\nfingerprint  {fingerprint}",
                    moment(offer.expires_at)
                )
            })
        }
        RobotCommand::List => {
            let robots = store.robots().await?;
            out.print(&robots, || {
                robots.iter().map(robot_line).collect::<Vec<_>>().join("\n")
            })
        }
        RobotCommand::Remove { robot } => {
            let removed = store.remove_robot(&robot).await?;
            out.print(&removed, || format!("{}: removed", removed.name))
        }
    }
}

fn robot_line(robot: &RobotRecord) -> String {
    let seen = robot.last_seen.map_or_else(|| "never".to_owned(), moment);
    format!(
        "{}\t{}\t{}\t{}\tseen {seen}",
        robot.id, robot.name, robot.site, robot.place
    )
}

fn fingerprint(config: &Config) -> Result<String> {
    if config.listen_tls.is_none() {
        return Ok(String::new());
    }
    let identity =
        Identity::load_or_create(&config.certificate, &config.key, &config.certificate_names)?;
    Ok(identity.fingerprint().to_owned())
}

fn shown(name: String) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
        bail!("`{name}` can't be shown as a name; write 1 to 80 printable characters");
    }
    Ok(name.to_owned())
}

fn moment(at: UnixMs) -> String {
    OffsetDateTime::from_unix_timestamp(at.0 / 1000)
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| at.0.to_string())
}

/// A password with whether it must be shown.
struct Password {
    text: String,
    random: bool,
}

impl Password {
    fn made(&self) -> Option<&str> {
        self.random.then_some(self.text.as_str())
    }
}

impl PasswordSource {
    fn read(&self) -> Result<Password> {
        if self.random_password {
            return Ok(Password {
                text: secret::readable_password(),
                random: true,
            });
        }
        let mut line = String::new();
        io::stdin()
            .lock()
            .read_line(&mut line)
            .context("no password came from standard input")?;
        Ok(Password {
            text: line.trim_end_matches(['\r', '\n']).to_owned(),
            random: false,
        })
    }
}

struct Output {
    json: bool,
}

impl Output {
    fn print(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
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

#[derive(Serialize)]
struct Checked {
    ok: bool,
}

#[derive(Serialize)]
struct Fingerprint<'a> {
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct WithPassword<'a> {
    account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
}

#[derive(Serialize)]
struct ClaimCode<'a> {
    code: &'a str,
    expires_at: UnixMs,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn durations_name_their_unit() {
        assert_eq!(duration("24h"), Ok(Duration::from_secs(86_400)));
        assert_eq!(duration("2d"), Ok(Duration::from_secs(172_800)));
        for bad in ["", "24", "h", "0h", "-1h", "1w", "時"] {
            assert!(duration(bad).is_err(), "{bad} was taken");
        }
    }
}
