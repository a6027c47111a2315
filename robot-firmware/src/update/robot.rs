//! The robot that runs, as an update asks it.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::check::{Condition, Finding, Part};

/// The daemon answers from memory.
const ANSWER: Duration = Duration::from_secs(5);

/// What it says.
#[derive(Debug, Deserialize)]
pub struct Answer {
    /// Whether a visitor is served.
    pub serving: bool,
    findings: Vec<Finding>,
}

impl Answer {
    /// The parts that work, by their names.
    pub fn working(&self) -> Vec<String> {
        // How the update goes is not what it must prove.
        let works = |finding: &&Finding| {
            finding.condition == Condition::Works && finding.part != Part::Updates
        };
        let working = self.findings.iter().filter(works);
        working
            .map(|finding| finding.part.name().to_owned())
            .collect()
    }
}

/// Where it is asked.
pub struct Robot {
    runtime: Runtime,
    client: Client,
    url: String,
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
        })
    }

    /// What it says now; nothing when it doesn't run.
    pub fn ask(&self) -> Option<Answer> {
        serde_json::from_value(self.whole()?).ok()
    }

    /// All of that.
    pub fn whole(&self) -> Option<Value> {
        let asked = async {
            let answer = self.client.get(&self.url).send().await?;
            answer.error_for_status()?.bytes().await
        };
        let bytes = self.runtime.block_on(asked).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Whether it serves a visitor.
    pub fn is_serving(&self) -> bool {
        self.ask().is_some_and(|answer| answer.serving)
    }
}
