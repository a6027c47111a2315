//! The console's configuration: one commented TOML file (see `console.toml` beside this crate).

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use madoguchi_shared::config::{self, ConfigError};
use madoguchi_shared::signal::IceServer;
use serde::Deserialize;

use crate::store::Database;
use crate::turn::TurnConfig;

/// A checked configuration. [`Config::default`] is what an empty file gives, with paths relative
/// to the working directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Address of the TLS listener; port 0 takes a free one. `None`: no TLS. Default
    /// `0.0.0.0:8443`.
    pub listen_tls: Option<SocketAddr>,
    /// Address of the plain listener, on loopback only. `None`: none. Default `127.0.0.1:8080`.
    pub listen_loopback: Option<SocketAddr>,
    /// Where data is kept. Default: the SQLite file `console.db`.
    pub database: Database,
    /// Certificate chain in PEM. Default `console-cert.pem`.
    pub certificate: PathBuf,
    /// Its private key in PEM. Default `console-key.pem`.
    pub key: PathBuf,
    /// More names and addresses for a self-signed certificate. Default none.
    pub certificate_names: Vec<String>,
    /// STUN and TURN servers for media sessions. Default none.
    pub ice_servers: Vec<IceServer>,
    /// TURN servers with credentials for one call each. Default none.
    pub turn: Option<TurnConfig>,
    /// How long a sign-in lasts. Default 12 h.
    pub session: Duration,
    /// How long a case is kept after its last change. Default 30 days.
    pub case_retention: Duration,
    /// Origins besides the console's own whose pages may connect, such as
    /// `https://desk.example.jp`. Default none.
    pub allowed_origins: Vec<String>,
    /// A robot or page that was silent for this long is gone. Default 30 s.
    pub silence: Duration,
}

const HOUR: u64 = 60 * 60;

impl Default for Config {
    fn default() -> Self {
        Self {
            listen_tls: Some((Ipv4Addr::UNSPECIFIED, 8443).into()),
            listen_loopback: Some((Ipv4Addr::LOCALHOST, 8080).into()),
            database: Database::Sqlite("console.db".into()),
            certificate: "console-cert.pem".into(),
            key: "console-key.pem".into(),
            certificate_names: Vec::new(),
            ice_servers: Vec::new(),
            turn: None,
            session: Duration::from_secs(12 * HOUR),
            case_retention: Duration::from_secs(30 * 24 * HOUR),
            allowed_origins: Vec::new(),
            silence: Duration::from_secs(30),
        }
    }
}

/// The file's keys as they are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen_tls: Option<String>,
    listen_loopback: Option<String>,
    database: Option<String>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    #[serde(default)]
    certificate_names: Vec<String>,
    #[serde(default)]
    ice_servers: Vec<IceServerTable>,
    turn: Option<TurnTable>,
    session_hours: Option<u64>,
    case_retention_days: Option<u64>,
    #[serde(default)]
    allowed_origins: Vec<String>,
    silence_s: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IceServerTable {
    urls: Vec<String>,
    username: Option<String>,
    credential: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TurnTable {
    urls: Vec<String>,
    secret_file: PathBuf,
    lifetime_hours: Option<u64>,
}

impl Config {
    /// Reads and checks a file. Relative paths in it count from the file's own folder.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, path)
    }

    /// Checks a configuration's text; `path` is named in errors and anchors relative paths.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let file: File = config::parse(text, path)?;
        let unusable = |key: &str, reason: String| ConfigError::Value {
            path: path.to_owned(),
            message: format!("`{key}` {reason}"),
        };
        let anchored = |given: PathBuf| path.parent().map_or(given.clone(), |dir| dir.join(given));
        let standard = Self::default();

        let listen_tls = listener(file.listen_tls, standard.listen_tls)
            .map_err(|reason| unusable("listen_tls", reason))?;
        let listen_loopback = listener(file.listen_loopback, standard.listen_loopback)
            .map_err(|reason| unusable("listen_loopback", reason))?;
        if let Some(address) = listen_loopback.filter(|address| !address.ip().is_loopback()) {
            return Err(unusable(
                "listen_loopback",
                format!(
                    "is {address}, which other machines can reach without encryption; use \
                     127.0.0.1 or [::1] here and `listen_tls` for the network"
                ),
            ));
        }
        if listen_tls.is_none() && listen_loopback.is_none() {
            return Err(unusable(
                "listen_tls",
                "and `listen_loopback` are both off".into(),
            ));
        }
        let database = match file.database.as_deref() {
            None => Database::Sqlite(anchored("console.db".into())),
            Some(url) => database(url, anchored).map_err(|reason| unusable("database", reason))?,
        };
        Ok(Self {
            listen_tls,
            listen_loopback,
            database,
            certificate: anchored(file.certificate.unwrap_or(standard.certificate)),
            key: anchored(file.key.unwrap_or(standard.key)),
            certificate_names: file.certificate_names,
            ice_servers: file
                .ice_servers
                .into_iter()
                .map(ice_server)
                .collect::<Result<_, _>>()
                .map_err(|reason| unusable("ice_servers", reason))?,
            turn: file
                .turn
                .map(|table| turn(table, anchored))
                .transpose()
                .map_err(|reason| unusable("turn", reason))?,
            session: seconds(file.session_hours, HOUR, 1..=24 * 7, standard.session)
                .map_err(|reason| unusable("session_hours", reason))?,
            case_retention: seconds(
                file.case_retention_days,
                24 * HOUR,
                1..=3650,
                standard.case_retention,
            )
            .map_err(|reason| unusable("case_retention_days", reason))?,
            allowed_origins: file
                .allowed_origins
                .into_iter()
                .map(origin)
                .collect::<Result<_, _>>()
                .map_err(|reason| unusable("allowed_origins", reason))?,
            silence: seconds(file.silence_s, 1, 3..=600, standard.silence)
                .map_err(|reason| unusable("silence_s", reason))?,
        })
    }
}

fn listener(
    given: Option<String>,
    standard: Option<SocketAddr>,
) -> Result<Option<SocketAddr>, String> {
    match given.as_deref() {
        None => Ok(standard),
        Some("off") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            format!("is `{text}`; write an address with a port, such as 127.0.0.1:8080, or \"off\"")
        }),
    }
}

fn database(url: &str, anchored: impl Fn(PathBuf) -> PathBuf) -> Result<Database, String> {
    if let Some(path) = url.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
        return Ok(Database::Sqlite(anchored(path.into())));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Database::Postgres(url.to_owned()));
    }
    Err("must be `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`".into())
}

fn turn(table: TurnTable, anchored: impl Fn(PathBuf) -> PathBuf) -> Result<TurnConfig, String> {
    with_schemes(&table.urls, &["turn:", "turns:"])?;
    if table.urls.is_empty() {
        return Err("names no `urls`; write such as turn:turn.example.jp:3478".into());
    }
    let hours = table.lifetime_hours;
    let lifetime = seconds(hours, HOUR, 1..=48, Duration::from_secs(12 * HOUR))
        .map_err(|reason| format!("`lifetime_hours` {reason}"))?;
    Ok(TurnConfig {
        urls: table.urls,
        secret_file: anchored(table.secret_file),
        lifetime_s: u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX),
    })
}

fn with_schemes(urls: &[String], schemes: &[&str]) -> Result<(), String> {
    match urls
        .iter()
        .find(|url| !schemes.iter().any(|scheme| url.starts_with(scheme)))
    {
        Some(url) => Err(format!(
            "has the URL `{url}`; it must start with {}",
            schemes.join(" or ")
        )),
        None => Ok(()),
    }
}

fn ice_server(table: IceServerTable) -> Result<IceServer, String> {
    with_schemes(&table.urls, &["stun:", "stuns:", "turn:", "turns:"])?;
    Ok(IceServer {
        urls: table.urls,
        username: table.username,
        credential: table.credential,
    })
}

fn origin(text: String) -> Result<String, String> {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains('/') => Ok(text.to_ascii_lowercase()),
        _ => Err(format!(
            "has `{text}`; write scheme and host only, such as https://desk.example.jp"
        )),
    }
}

fn seconds(
    given: Option<u64>,
    unit_s: u64,
    range: std::ops::RangeInclusive<u64>,
    standard: Duration,
) -> Result<Duration, String> {
    match given {
        None => Ok(standard),
        Some(value) if range.contains(&value) => Ok(Duration::from_secs(value * unit_s)),
        Some(value) => Err(format!(
            "is {value}; it must be from {} to {}",
            range.start(),
            range.end()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Config::parse(text, Path::new("console.toml"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_one() {
        assert_eq!(
            refused("listen_tls = \"off\"\n\nsesion_hours = 3\n"),
            "console.toml:3: there is no key `sesion_hours`; did you mean `session_hours`?"
        );
        assert_eq!(
            refused("\n[[ice_servers]]\nurls = []\npassword = 'x'\n"),
            "console.toml:4: there is no key `password`; there are urls, username, credential"
        );
    }

    #[test]
    fn values_that_cannot_work_are_refused_with_a_remedy() {
        for (text, part) in [
            (
                "listen_loopback = '0.0.0.0:8080'",
                "`listen_tls` for the network",
            ),
            ("listen_tls = 'off'\nlisten_loopback = 'off'", "both off"),
            ("listen_tls = '8443'", "such as 127.0.0.1:8080"),
            ("database = 'mysql://x'", "sqlite:PATH"),
            ("session_hours = 0", "from 1 to 168"),
            ("session_hours = 'long'", "console.toml:1: `session_hours`"),
            (
                "allowed_origins = ['https://desk.example.jp/path']",
                "scheme and host only",
            ),
            (
                "[[ice_servers]]\nurls = ['http://x']",
                "stun: or stuns: or turn:",
            ),
            (
                "[turn]\nurls = ['stun:x']\nsecret_file = 'x'",
                "must start with turn: or turns:",
            ),
            ("[turn]\nurls = []\nsecret_file = 'x'", "names no `urls`"),
            ("listen_tls = ", "console.toml:1: "),
        ] {
            assert!(refused(text).contains(part), "{text}: {}", refused(text));
        }
    }

    #[test]
    fn the_sample_is_the_default_with_paths_beside_it() {
        let sample = include_str!("../console.toml");
        let read = Config::parse(sample, Path::new("")).unwrap();
        assert_eq!(read, Config::default());
        let elsewhere = Config::parse("", Path::new("/etc/madoguchi/console.toml")).unwrap();
        assert_eq!(
            elsewhere.database,
            Database::Sqlite("/etc/madoguchi/console.db".into())
        );
    }
}
