//! Starting and stopping the whole console, also inside a test.
//!
//! Long-lived tasks, all owned by [`Running`]:
//!
//! | task | what it does | queue |
//! | --- | --- | --- |
//! | `tls` | accepts TLS connections | the kernel's backlog |
//! | `loopback` | accepts plain connections | the kernel's backlog |
//! | `retention` | erases old cases once an hour | none |
//! | `routing` | offers waiting cases to the next people as time passes | none |
//! | one per WebSocket | reads, writes, pings | [`crate::socket::OUTBOX_MESSAGES`] |
//!
//! When one of the first four ends by itself, [`Running::ended`] says so, and the program ends.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, from_tcp};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use madoguchi_shared::ids::UnixMs;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::{AuthError, Brake, PasswordChecker};
use crate::config::Config;
use crate::http::{App, Door, House, router};
use crate::hub::{Hub, now};
use crate::introductions::Introductions;
use crate::store::{Store, StoreError};
use crate::tls::{Identity, TlsError};
use crate::turn::{SecretError, TurnConfig};

/// How long requests may go on after a stop.
const GRACE: Duration = Duration::from_secs(3);
/// After an error of the database.
const AGAIN: Duration = Duration::from_secs(1);
/// How late duty hours may begin and end.
const DUTY_HOURS: Duration = Duration::from_secs(15);
/// How long a client may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Why the console doesn't start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The secret of the TURN servers can't be used.
    #[error(transparent)]
    Turn(#[from] SecretError),
    /// No address.
    #[error("{address} can't be listened on; choose another one or stop what listens there")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// A socket can't be handed to the runtime.
    #[error("the listening sockets can't be used")]
    Runtime(#[source] io::Error),
    /// No database.
    #[error("the console has no database")]
    Store(#[from] StoreError),
    /// No TLS.
    #[error("the console has no TLS")]
    Tls(#[from] TlsError),
    /// No passwords.
    #[error("the console can't check passwords")]
    Auth(#[from] AuthError),
}

type Service = IntoMakeServiceWithConnectInfo<axum::Router, SocketAddr>;

/// Starts consoles.
#[derive(Debug)]
pub struct Server;

/// A console at work. Dropping it stops it at once; [`Running::shutdown`] does it in order.
#[derive(Debug)]
pub struct Running {
    /// Where the TLS listener stands, if there is one.
    pub addr_tls: Option<SocketAddr>,
    /// Where the plain listener stands, if there is one.
    pub addr_loopback: Option<SocketAddr>,
    /// SHA-256 of the certificate in lower-case hexadecimal digits; empty without TLS.
    pub fingerprint: String,
    house: Arc<House>,
    handles: Vec<Handle<SocketAddr>>,
    tasks: JoinSet<Result<(), PartEnded>>,
}

/// A part that works for as long as the console does ended by itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PartEnded {
    /// No connections are accepted any more.
    #[error("the listener `{name}` ended, so the console ends; start it again")]
    Listener {
        /// `tls` or `loopback`.
        name: &'static str,
        /// What the system said, if anything.
        source: Option<io::Error>,
    },
    /// A task panicked, or ended where none should.
    #[error("a part of the console broke, so the console ends; start it again")]
    Task(#[source] Option<JoinError>),
}

impl Server {
    /// Opens the database, makes or reads the certificate and listens. Returns when connections
    /// are accepted.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        let store = Store::open(&config.database).await?;
        let kept = config.case_retention;
        let turn = config.turn.as_ref().map(TurnConfig::load).transpose()?;
        let servers = (config.ice_servers.clone(), turn);
        let hub = Hub::new(store, servers, config.silence, kept).await?;
        let hub = Arc::new(hub);
        let identity = config
            .listen_tls
            .map(|_| {
                Identity::load_or_create(
                    &config.certificate,
                    &config.key,
                    &config.certificate_names,
                )
            })
            .transpose()?;
        let tls = config.listen_tls.map(listen).transpose()?;
        let loopback = config.listen_loopback.map(listen).transpose()?;
        let mut running = Running {
            addr_tls: tls.as_ref().and_then(|listener| listener.local_addr().ok()),
            addr_loopback: loopback
                .as_ref()
                .and_then(|listener| listener.local_addr().ok()),
            fingerprint: identity
                .as_ref()
                .map_or("", Identity::fingerprint)
                .to_owned(),
            house: Arc::new(House {
                config,
                hub,
                passwords: PasswordChecker::new()?,
                brake: Brake::default(),
                introductions: Introductions::default(),
                shutdown: CancellationToken::new(),
                connections: TaskTracker::new(),
            }),
            handles: Vec::new(),
            tasks: JoinSet::new(),
        };
        if let (Some(listener), Some(identity)) = (tls, identity) {
            let acceptor =
                RustlsAcceptor::new(RustlsConfig::from_config(identity.server_config()?));
            let mut server = from_tcp(listener)
                .map_err(StartError::Runtime)?
                .acceptor(acceptor);
            limit(server.http_builder());
            let door = Door::Tls(identity.fingerprint().to_owned());
            let (handle, service) = running.listener(door);
            let house = Arc::clone(&running.house);
            running
                .tasks
                .spawn(listens("tls", house, server.handle(handle).serve(service)));
        }
        if let Some(listener) = loopback {
            let mut server = from_tcp(listener).map_err(StartError::Runtime)?;
            limit(server.http_builder());
            let (handle, service) = running.listener(Door::Loopback);
            let house = Arc::clone(&running.house);
            running.tasks.spawn(listens(
                "loopback",
                house,
                server.handle(handle).serve(service),
            ));
        }
        let (ageing, offering) = (Arc::clone(&running.house), Arc::clone(&running.house));
        running.tasks.spawn(async {
            retention(ageing).await;
            Ok(())
        });
        running.tasks.spawn(async {
            routing(offering).await;
            Ok(())
        });
        Ok(running)
    }
}

impl Running {
    fn listener(&mut self, door: Door) -> (Handle<SocketAddr>, Service) {
        let handle = Handle::new();
        self.handles.push(handle.clone());
        let app = App {
            house: Arc::clone(&self.house),
            door,
        };
        (handle, router(app).into_make_service_with_connect_info())
    }

    /// Erases cases that are past their retention now, as the hourly task does. Returns how many.
    pub async fn erase_expired(&self) -> Result<usize, StoreError> {
        erase_expired(&self.house).await
    }

    /// Waits until a listener or a task that should go on has ended, which nothing here mends: the
    /// console should be stopped then and started again.
    pub async fn ended(&mut self) -> PartEnded {
        match self.tasks.join_next().await {
            Some(Ok(Err(part))) => part,
            Some(Err(error)) => PartEnded::Task(Some(error)),
            Some(Ok(Ok(()))) | None => PartEnded::Task(None),
        }
    }

    /// Stops: hangs up all connections, lets requests finish for 3 s, closes the database.
    pub async fn shutdown(mut self) {
        self.house.shutdown.cancel();
        for handle in &self.handles {
            handle.graceful_shutdown(Some(GRACE));
        }
        self.house.connections.close();
        let done = async {
            while self.tasks.join_next().await.is_some() {}
            self.house.connections.wait().await;
        };
        let _ = timeout(GRACE + Duration::from_secs(1), done).await;
        self.house.hub.store().close().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.house.shutdown.cancel();
        for handle in &self.handles {
            handle.shutdown();
        }
    }
}

fn limit(http: &mut Builder<TokioExecutor>) {
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
}

/// Serves until the console is told to stop, or fails.
async fn listens(
    name: &'static str,
    house: Arc<House>,
    serving: impl Future<Output = io::Result<()>>,
) -> Result<(), PartEnded> {
    let source = serving.await.err();
    if house.shutdown.is_cancelled() {
        return Ok(());
    }
    Err(PartEnded::Listener { name, source })
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
        .map_err(|source| StartError::Listen { address, source })
}

async fn retention(house: Arc<House>) {
    let mut hourly = interval(Duration::from_secs(60 * 60));
    hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let work = async {
        loop {
            hourly.tick().await;
            match erase_expired(&house).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "cases past their retention were erased"),
                Err(error) => tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "old cases can't be erased; it is tried again in an hour"
                ),
            }
        }
    };
    house.shutdown.run_until_cancelled(work).await;
}

async fn routing(house: Arc<House>) {
    let hub = &house.hub;
    let work = async {
        loop {
            let until_ms = hub.next_change().map(|at| at.0.saturating_sub(now().0));
            let until = until_ms.map_or(DUTY_HOURS, |ms| {
                Duration::from_millis(u64::try_from(ms).unwrap_or(0)).min(DUTY_HOURS)
            });
            tokio::select! {
                () = hub.replanned() => {}
                () = sleep(until) => if let Err(error) = hub.offer_anew().await {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "a case that nobody took over can't be left to its operator; it is tried again"
                    );
                    sleep(AGAIN).await;
                },
            }
        }
    };
    house.shutdown.run_until_cancelled(work).await;
}

async fn erase_expired(house: &House) -> Result<usize, StoreError> {
    let kept_ms = i64::try_from(house.config.case_retention.as_millis()).unwrap_or(i64::MAX);
    house
        .hub
        .erase_cases(UnixMs(now().0.saturating_sub(kept_ms)))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Database;

    async fn console(folder: &std::path::Path) -> Running {
        let config = Config {
            listen_tls: None,
            listen_loopback: Some(([127, 0, 0, 1], 0).into()),
            database: Database::Sqlite(folder.join("console.db")),
            ..Config::default()
        };
        Server::start(config).await.unwrap()
    }

    #[tokio::test]
    async fn a_listener_that_dies_ends_the_console() {
        let folder = tempfile::tempdir().unwrap();
        let mut running = console(folder.path()).await;
        assert!(
            timeout(Duration::ZERO, running.ended()).await.is_err(),
            "a sound console ended"
        );
        let house = Arc::clone(&running.house);
        let dying = async { Err(io::Error::other("no socket")) };
        running.tasks.spawn(listens("tls", house, dying));
        let ended = running.ended().await;
        assert!(
            matches!(ended, PartEnded::Listener { name: "tls", .. }),
            "{ended:?}"
        );
        running.shutdown().await;
    }

    #[tokio::test]
    async fn a_listener_that_is_gone_without_a_word_ends_the_console() {
        let folder = tempfile::tempdir().unwrap();
        let mut running = console(folder.path()).await;
        for handle in &running.handles {
            handle.shutdown();
        }
        let ended = running.ended().await;
        assert!(
            matches!(
                ended,
                PartEnded::Listener {
                    name: "loopback",
                    ..
                }
            ),
            "{ended:?}"
        );
        running.shutdown().await;
    }

    #[tokio::test]
    async fn a_task_that_panics_ends_the_console() {
        let folder = tempfile::tempdir().unwrap();
        let mut running = console(folder.path()).await;
        running.tasks.spawn(async { panic!("a fault") });
        let ended = running.ended().await;
        assert!(matches!(ended, PartEnded::Task(Some(_))), "{ended:?}");
        running.shutdown().await;
    }
}
