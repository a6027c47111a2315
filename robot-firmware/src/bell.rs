//! Calling staff in the building.

use std::time::Duration;

use crossbeam_channel::Sender;
use madoguchi_core::Input;
use madoguchi_hardware::Bell as _;
use madoguchi_hardware::bell::GpioBell;
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::packet::ReasonCode;
use serde::Serialize;
use tokio::runtime::Handle;
use tracing::{info, warn};

use crate::body::Watched;
use crate::config::BellConfig;
use crate::event::Event;

/// Whoever stands there is told within this time whether it rang.
const ANSWER: Duration = Duration::from_secs(5);

/// What is posted.
#[derive(Debug, Serialize)]
struct Ring {
    site: String,
    place: String,
    case: CaseId,
    reason: ReasonCode,
}

/// The bell, and who is told whether it rang.
pub struct Bell {
    config: BellConfig,
    contact: Option<Watched<GpioBell>>,
    site: String,
    place: String,
    runtime: Handle,
    events: Sender<Event>,
}

impl Bell {
    /// A bell as it is configured, in this site and place.
    pub fn new(
        config: BellConfig,
        contact: Option<Watched<GpioBell>>,
        (site, place): (&str, &str),
        runtime: &Handle,
        events: &Sender<Event>,
    ) -> Self {
        Self {
            config,
            contact,
            site: site.to_owned(),
            place: place.to_owned(),
            runtime: runtime.clone(),
            events: events.clone(),
        }
    }

    /// Rings; the answer comes as [`Input::BellAnswered`].
    pub fn ring(&mut self, case: CaseId, reason: ReasonCode) {
        let events = self.events.clone();
        let answer = move |rung| {
            let answer = Event::Core(Input::BellAnswered { rung });
            // Whoever rang waits for it: a full queue delays it and doesn't lose it.
            tokio::task::spawn_blocking(move || events.send(answer));
        };
        let contact = self.contact.as_mut();
        // What is wrong with it has been told.
        let sounded = contact.is_some_and(|bell| bell.ask(|bell| bell.ring()).is_some());
        let Some(url) = self.config.webhook.clone() else {
            if self.config.simulated {
                info!(%case, "the simulated bell rings");
            } else if self.contact.is_none() {
                warn!(%case, "staff in the building should come, and this robot has no bell");
            }
            let rung = self.config.simulated || sounded;
            self.runtime.spawn(async move { answer(rung) });
            return;
        };
        let ring = Ring {
            site: self.site.clone(),
            place: self.place.clone(),
            case,
            reason,
        };
        self.runtime.spawn(async move {
            let rung = post(&url, &ring).await;
            if let Err(error) = &rung {
                warn!("the bell's webhook didn't take the call; look at bell.webhook: {error}");
            }
            answer(rung.is_ok() || sounded);
        });
    }
}

async fn post(url: &str, ring: &Ring) -> reqwest::Result<()> {
    // The first one stays; whoever was earlier has installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(ANSWER)
        .build()?;
    let body = serde_json::to_vec(ring).unwrap_or_default();
    let post = client.post(url).header("content-type", "application/json");
    let answer = post.body(body).send().await?;
    answer.error_for_status().map(|_| ())
}
