//! The robot that runs, as an update asks it.

use std::cell::Cell;
use std::net::SocketAddr;
use std::thread::sleep;
use std::time::{Duration, Instant};

use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::check::{Condition, Finding, Part};

/// The daemon answers from memory.
const ANSWER: Duration = Duration::from_secs(5);
/// How often it is asked while an update rests.
const LOOK: Duration = Duration::from_secs(2);
/// No visit is as silent as that: it counts as a fault from then on.
const SILENCE: Duration = Duration::from_secs(2 * 3600);

/// What it says.
#[derive(Debug, Deserialize)]
pub struct Answer {
    /// Whether a visitor is served.
    serving: bool,
    /// Whether its screen says that it starts anew.
    #[serde(default)]
    renewing: bool,
    /// Of its check, as far as this program knows them: after an upgrade by apt the older robot
    /// still runs.
    findings: Vec<Value>,
}

impl Answer {
    /// How a part does; nothing where it isn't told.
    pub fn condition(&self, part: Part) -> Option<Condition> {
        let mut findings = self.findings();
        let finding = findings.find(|finding| finding.part == part)?;
        Some(finding.condition)
    }

    /// The identifiers of the parts that do so.
    pub fn parts(&self, condition: Condition) -> Vec<String> {
        let parts = self
            .findings()
            // How the update goes is not what it must prove.
            .filter(|finding| finding.condition == condition && finding.part != Part::Updates);
        parts.map(|finding| finding.part.id()).collect()
    }

    fn findings(&self) -> impl Iterator<Item = Finding> {
        let findings = self.findings.iter();
        findings.filter_map(|finding| Finding::deserialize(finding).ok())
    }
}

/// Whether somebody is in front of the robot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// A visitor is served.
    Somebody,
    /// Nobody is.
    Nobody,
    /// The robot doesn't answer: a visitor may stand there as well as not.
    Unknown,
}

/// The daemon looks at the updater's record every five seconds.
const SHOWN: Duration = Duration::from_secs(20);
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// What an update does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Go,
    Rest,
    Fault,
}

/// It has been silent for longer than any visit is.
#[derive(Debug, thiserror::Error)]
#[error(
    "the robot has not answered for {} hours, so that nobody knows whether a visitor is in front \
     of it; see what `systemctl status madoguchi-robot` says, or update by hand with --nobody-there",
    SILENCE.as_secs() / 3600
)]
pub struct Silent;

/// Where it is asked.
pub struct Robot {
    runtime: Runtime,
    client: Client,
    url: String,
    /// Somebody has looked: its silence is no visit.
    nobody_there: bool,
    silent_since: Cell<Option<Instant>>,
}

impl Robot {
    /// The robot whose screen is served there.
    ///
    /// # Errors
    /// When this process can't open sockets.
    pub fn new(screen: SocketAddr) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        // The first one stays; whoever was earlier has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().timeout(ANSWER).build()?;
        let url = format!("http://{screen}/check.json");
        Ok(Self {
            runtime,
            client,
            url,
            nobody_there: false,
            silent_since: Cell::new(None),
        })
    }

    /// Where it doesn't answer, nobody is there.
    pub fn with_nobody_there(self, nobody_there: bool) -> Self {
        Self {
            nobody_there,
            ..self
        }
    }

    /// What it says now; nothing when it doesn't run.
    pub fn ask(&self) -> Option<Answer> {
        serde_json::from_value(self.whole()?).ok()
    }

    /// All of that.
    pub fn whole(&self) -> Option<Value> {
        self.get(&[StatusCode::OK])
    }

    /// The same, or what is told in its stead while it is out of order.
    pub fn ask_whoever_answers(&self) -> Option<Answer> {
        let told = self.get(&[StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE])?;
        serde_json::from_value(told).ok()
    }

    fn get(&self, good: &[StatusCode]) -> Option<Value> {
        let asked = async {
            let answer: Response = self.client.get(&self.url).send().await?;
            let status = answer.status();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        };
        let (status, bytes) = self.runtime.block_on(asked).ok()?;
        let told = good.contains(&status);
        told.then(|| serde_json::from_slice(&bytes).ok())?
    }

    /// Whether somebody is in front of it.
    pub fn visit(&self) -> Visit {
        match self.ask_whoever_answers() {
            Some(answer) if answer.serving => Visit::Somebody,
            Some(_) => Visit::Nobody,
            None if self.nobody_there => Visit::Nobody,
            None => Visit::Unknown,
        }
    }

    /// Waits until the screen says that the robot starts anew, which one that doesn't run never
    /// does; `false` where a visitor came meanwhile.
    pub fn shows_restart(&self) -> bool {
        let until = Instant::now() + SHOWN;
        loop {
            match self.ask() {
                Some(answer) if answer.serving => return false,
                Some(answer) if !answer.renewing && Instant::now() < until => sleep(BETWEEN_LOOKS),
                _ => return true,
            }
        }
    }

    /// Returns once nobody is served.
    ///
    /// # Errors
    /// [`Silent`], at once as long as it stays so.
    pub fn wait_until_free(&self) -> Result<(), Silent> {
        let mut told = false;
        loop {
            let visit = self.visit();
            match next(&self.silent_since, visit, Instant::now()) {
                Next::Go => return Ok(()),
                Next::Fault => return Err(Silent),
                Next::Rest => {}
            }
            if visit == Visit::Unknown && !told {
                told = true;
                eprintln!("madoguchi-robot: the robot doesn't answer, which counts as a visit");
            }
            sleep(LOOK);
        }
    }
}

fn next(silent_since: &Cell<Option<Instant>>, visit: Visit, now: Instant) -> Next {
    if visit != Visit::Unknown {
        silent_since.set(None);
    }
    match visit {
        Visit::Nobody => Next::Go,
        Visit::Somebody => Next::Rest,
        Visit::Unknown => {
            let since = silent_since.get().unwrap_or(now);
            silent_since.set(Some(since));
            match now.duration_since(since) < SILENCE {
                true => Next::Rest,
                false => Next::Fault,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_robot_that_does_not_answer_is_busy_and_after_two_hours_at_fault() {
        let (silent, start) = (Cell::default(), Instant::now());
        let at =
            |minutes: u64, visit| next(&silent, visit, start + Duration::from_secs(minutes * 60));
        assert_eq!(at(0, Visit::Unknown), Next::Rest);
        assert_eq!(at(119, Visit::Unknown), Next::Rest);
        // An answer between ends the silence; a visit may last as long as it likes.
        assert_eq!(at(119, Visit::Somebody), Next::Rest);
        assert_eq!(at(600, Visit::Somebody), Next::Rest);
        assert_eq!(at(601, Visit::Unknown), Next::Rest);
        assert_eq!(at(720, Visit::Unknown), Next::Rest);
        assert_eq!(at(721, Visit::Unknown), Next::Fault);
        assert_eq!(at(722, Visit::Nobody), Next::Go);
        assert_eq!(at(723, Visit::Unknown), Next::Rest);
    }

    #[test]
    fn what_an_older_or_newer_robot_tells_besides_is_passed_over() {
        let answer: Answer = serde_json::from_value(serde_json::json!({
            "serving": false,
            "findings": [
                { "part": "antigravity", "condition": "works", "detail": "" },
                { "part": "camera", "condition": "trouble", "detail": "" },
                { "part": "updates", "condition": "works", "detail": "" },
                { "part": "pack", "condition": "works", "detail": "" },
            ],
        }))
        .unwrap();
        assert_eq!(answer.parts(Condition::Works), ["pack"]);
        assert_eq!(answer.parts(Condition::Trouble), ["camera"]);
        assert_eq!(answer.condition(Part::Camera), Some(Condition::Trouble));
        assert_eq!(answer.condition(Part::Console), None);
    }
}
