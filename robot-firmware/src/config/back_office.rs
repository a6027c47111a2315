//! `[[back_office]]`: the servers of the office's tools.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

/// The longest that anybody should wait for a tool, in seconds.
const LONGEST_S: u16 = 60;
/// The largest answer that a call may ask for, in KiB.
const LARGEST_KIB: u16 = 4 * 1024;

/// A server that speaks the Model Context Protocol.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackOffice {
    /// What the pack's actions call it.
    pub name: String,
    /// A program that speaks on its standard input and output …
    pub command: Option<String>,
    /// What is handed to it.
    #[serde(default)]
    pub args: Vec<String>,
    /// A file of `KEY=VALUE` lines that only the program gets to know.
    pub env_from: Option<PathBuf>,
    /// … or the address of one that speaks streamable HTTP.
    pub url: Option<String>,
    /// A file that holds the bearer token for that address.
    pub token_from: Option<PathBuf>,
    /// How long a call may take.
    #[serde(default = "default_time_limit_s")]
    pub time_limit_s: u16,
    /// How large its answer may be.
    #[serde(default = "default_largest_answer_kib")]
    pub largest_answer_kib: u16,
    /// The configuration's folder: the program works in it.
    #[serde(skip)]
    pub folder: PathBuf,
}

fn default_time_limit_s() -> u16 {
    5
}

fn default_largest_answer_kib() -> u16 {
    64
}

/// How a server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'a> {
    /// By starting this program.
    Program(&'a str),
    /// At this address.
    Address(&'a str),
}

impl BackOffice {
    /// How the server is reached; [`BackOffice::check`] has seen to it that there is one way.
    pub fn reach(&self) -> Reach<'_> {
        match (&self.command, &self.url) {
            (Some(command), _) => Reach::Program(command),
            (None, url) => Reach::Address(url.as_deref().unwrap_or_default()),
        }
    }

    /// How long a call may take.
    pub fn time_limit(&self) -> Duration {
        Duration::from_secs(u64::from(self.time_limit_s))
    }

    /// How large an answer may be, in bytes.
    pub fn largest_answer(&self) -> usize {
        usize::from(self.largest_answer_kib) * 1024
    }

    /// Relative paths start at `base`.
    pub(super) fn start_at(&mut self, base: &Path) {
        for file in [&mut self.env_from, &mut self.token_from]
            .into_iter()
            .flatten()
        {
            *file = base.join(&*file);
        }
        // A program's own folder must not change the meaning of its path.
        self.folder = std::path::absolute(base.join(".")).unwrap_or_else(|_| base.to_owned());
    }

    fn check(&self) -> Result<(), String> {
        let name = &self.name;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name.len() > 40 || !name.chars().all(plain) {
            return Err(format!(
                "back_office.name = {name:?} must be 1 to 40 letters, digits, `-` or `_`"
            ));
        }
        match (&self.command, &self.url) {
            (Some(_), Some(_)) | (None, None) => {
                return Err(format!(
                    "back office `{name}` needs one of `command` and `url`"
                ));
            }
            (Some(command), None) if command.trim().is_empty() => {
                return Err(format!(
                    "back office `{name}`: `command` is empty; name a program"
                ));
            }
            (Some(_), None) if self.token_from.is_some() => {
                return Err(format!(
                    "back office `{name}`: `token_from` belongs to `url`; give a program its secrets by `env_from`"
                ));
            }
            (None, Some(_)) if self.env_from.is_some() || !self.args.is_empty() => {
                return Err(format!(
                    "back office `{name}`: `args` and `env_from` belong to `command`; remove them"
                ));
            }
            (Some(_), None) => {}
            (None, Some(url)) => check_url(name, url)?,
        }
        if !(1..=LONGEST_S).contains(&self.time_limit_s) {
            return Err(format!(
                "back office `{name}`: time_limit_s must lie between 1 and {LONGEST_S}"
            ));
        }
        if !(1..=LARGEST_KIB).contains(&self.largest_answer_kib) {
            return Err(format!(
                "back office `{name}`: largest_answer_kib must lie between 1 and {LARGEST_KIB}"
            ));
        }
        Ok(())
    }
}

/// Each server is usable, and no two share a name.
pub(super) fn check(servers: &[BackOffice]) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for server in servers {
        server.check()?;
        if !names.insert(&server.name) {
            return Err(format!("two back offices are named `{}`", server.name));
        }
    }
    Ok(())
}

/// What residents ask about themselves never crosses a network in the clear.
fn check_url(name: &str, url: &str) -> Result<(), String> {
    let parsed = reqwest::Url::parse(url)
        .map_err(|error| format!("back office `{name}`: url = {url:?} is no address: {error}"))?;
    let host = parsed.host_str().unwrap_or_default();
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = host == "localhost" || literal.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    if parsed.scheme() != "https" && !(parsed.scheme() == "http" && loopback) {
        return Err(format!(
            "back office `{name}`: url must begin with https://, or http:// on loopback"
        ));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(format!(
            "back office `{name}`: url holds a password; put a token into a file and name it in `token_from`"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(), String> {
        #[derive(Deserialize)]
        struct File {
            back_office: Vec<BackOffice>,
        }
        let file: File = toml::from_str(text).unwrap();
        check(&file.back_office)
    }

    #[test]
    fn a_program_or_an_address_is_enough() {
        let text = "[[back_office]]\nname = \"a\"\ncommand = \"x\"\n\
                    [[back_office]]\nname = \"b\"\nurl = \"http://[::1]:8800/mcp\"\n";
        assert_eq!(parse(text), Ok(()));
    }

    #[test]
    fn what_cannot_work_is_told_with_its_remedy() {
        for (keys, told) in [
            ("", "one of `command` and `url`"),
            ("command = \"x\"\nurl = \"https://a/\"", "one of `command`"),
            ("url = \"http://records.example/mcp\"", "https://"),
            ("url = \"https://me:hunter2@a/mcp\"", "`token_from`"),
            (
                "url = \"https://a/\"\nargs = [\"x\"]",
                "belong to `command`",
            ),
            ("command = \"x\"\ntoken_from = \"t\"", "`env_from`"),
            ("command = \"x\"\ntime_limit_s = 0", "between 1 and 60"),
            (
                "command = \"x\"\nlargest_answer_kib = 9999",
                "between 1 and",
            ),
        ] {
            let error = parse(&format!("[[back_office]]\nname = \"a\"\n{keys}\n")).unwrap_err();
            assert!(error.contains(told), "{keys}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
        let twice = "[[back_office]]\nname = \"a\"\ncommand = \"x\"\n".repeat(2);
        assert!(parse(&twice).unwrap_err().contains("two back offices"));
    }
}
