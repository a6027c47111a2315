//! `madoguchi-console robot …`

use std::time::Duration;

use anyhow::Result;
use clap::Subcommand;
use madoguchi_shared::ids::UnixMs;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::fingerprint;
use super::output::{Output, shown};
use crate::config::Config;
use crate::hub::now;
use crate::secret;
use crate::store::{ClaimOffer, RobotRecord, Store};

#[derive(Debug, Subcommand)]
pub(super) enum RobotCommand {
    /// Make a one-time code by which one robot is claimed
    ClaimCode {
        /// The robot's name, such as `Entrance 1`
        #[arg(long, value_parser = shown)]
        name: String,
        /// Its office, such as `Hoshikawa Ward Office`
        #[arg(long, value_parser = shown)]
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

pub(super) async fn run(
    command: RobotCommand,
    config: &Config,
    store: &Store,
    out: &Output,
) -> Result<()> {
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
                name,
                site,
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
            let now = now();
            let robots: Vec<_> = store
                .robots()
                .await?
                .into_iter()
                .map(|robot| Listed {
                    connected: robot.connected_until.is_some_and(|until| until > now),
                    robot,
                })
                .collect();
            out.print(&robots, || {
                robots
                    .iter()
                    .map(Listed::line)
                    .collect::<Vec<_>>()
                    .join("\n")
            })
        }
        RobotCommand::Remove { robot } => {
            let removed = store.remove_robot(&robot).await?;
            out.print(&removed, || format!("{}: removed", removed.name))
        }
    }
}

#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    robot: RobotRecord,
    connected: bool,
}

impl Listed {
    fn line(&self) -> String {
        let robot = &self.robot;
        let seen = match robot.last_seen {
            _ if self.connected => "connected now".to_owned(),
            Some(at) => format!("last seen {}", moment(at)),
            None => "never seen".to_owned(),
        };
        let place = match robot.place.trim() {
            "" => "–",
            place => place,
        };
        format!(
            "{}\t{}\t{}\t{place}\t{seen}",
            robot.id, robot.name, robot.site
        )
    }
}

fn moment(at: UnixMs) -> String {
    OffsetDateTime::from_unix_timestamp(at.0 / 1000)
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| at.0.to_string())
}

#[derive(Serialize)]
struct ClaimCode<'a> {
    code: &'a str,
    expires_at: UnixMs,
    fingerprint: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_name_their_unit() {
        assert_eq!(duration("24h"), Ok(Duration::from_secs(86_400)));
        assert_eq!(duration("2d"), Ok(Duration::from_secs(172_800)));
        for bad in ["", "24", "h", "0h", "-1h", "1w", "時"] {
            assert!(duration(bad).is_err(), "{bad} was taken");
        }
    }
}
