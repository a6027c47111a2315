//! A console on free ports, and robots and operators that dial it over real sockets.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub, unused_imports)]

pub mod cases;
pub mod desk;
pub mod http;
pub mod postgres;
pub mod robot;
pub mod scene;
pub mod tls;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use futures_util::{SinkExt, StreamExt};
use madoguchi_console::auth::hash_password;
use madoguchi_console::hub::now;
use madoguchi_console::routing::Skills;
use madoguchi_console::secret::{canonical_code, readable_code, sha256_hex};
use madoguchi_console::store::{ClaimOffer, Database, NewOperator, Store};
use madoguchi_console::{Config, Running, Server};
use madoguchi_shared::ids::{CaseId, UnixMs};
use madoguchi_shared::packet::Packet;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

pub use self::cases::{back, case, offer, turn};
pub use self::desk::Desk;
pub use self::http::{credentials, request, request_on, sign_in, sign_out};
pub use self::robot::{Robot, hello, introduce, introduce_on};
pub use self::scene::Scene;

pub const PASSWORD: &str = "correct horse";
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A folder with a console in it, which can be stopped and started again.
pub struct Office {
    pub dir: TempDir,
    pub config: Config,
    running: Option<Running>,
}

impl Office {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = TempDir::new().unwrap();
        let mut config = Config {
            listen_tls: None,
            listen_loopback: Some(([127, 0, 0, 1], 0).into()),
            database: Database::Sqlite(dir.path().join("console.db")),
            certificate: dir.path().join("cert.pem"),
            key: dir.path().join("key.pem"),
            ..Config::default()
        };
        change(&mut config);
        let mut office = Self {
            dir,
            config,
            running: None,
        };
        office.start().await;
        office
    }

    pub async fn start(&mut self) {
        self.running = Some(Server::start(self.config.clone()).await.unwrap());
    }

    pub async fn stop(&mut self) {
        self.running.take().unwrap().shutdown().await;
    }

    pub fn console(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub fn plain(&self) -> SocketAddr {
        self.console().addr_loopback.unwrap()
    }

    /// What a second process with the same configuration does.
    pub async fn store(&self) -> Store {
        Store::open(&self.config.database).await.unwrap()
    }

    /// What is stored of a case.
    pub async fn kept(&self, case_id: CaseId) -> Packet {
        let store = self.store().await;
        let packet = store.packet(case_id).await.unwrap().unwrap();
        store.close().await;
        packet
    }

    pub async fn claim_code(&self, name: &str) -> String {
        let code = readable_code();
        let offer = ClaimOffer {
            code_hash: sha256_hex(canonical_code(&code)),
            name: name.into(),
            site: "Hoshikawa Ward Office".into(),
            place: "Hall".into(),
            expires_at: UnixMs(now().0 + 60_000),
        };
        let store = self.store().await;
        store.add_claim_code(&offer, now()).await.unwrap();
        store.close().await;
        code
    }

    pub async fn hire(&self, account: &str) {
        self.hire_with(account, Skills::default()).await;
    }

    pub async fn hire_with(&self, account: &str, skills: Skills) {
        let new = NewOperator {
            account: account.into(),
            name: format!("{account} T"),
            languages: vec!["en".parse().unwrap()],
            skills,
            password_hash: hash_password(PASSWORD).unwrap(),
        };
        let store = self.store().await;
        store.add_operator(&new, now()).await.unwrap();
        store.close().await;
    }

    /// What time does to all sessions at once.
    pub async fn end_of_sessions(&self) {
        let file = self.dir.path().join("console.db");
        let url = format!("sqlite:{}", file.display());
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        let late = sqlx::query("UPDATE sessions SET expires_at = $1");
        late.bind(now().0 - 1).execute(&pool).await.unwrap();
        pool.close().await;
    }

    /// What time does to everything that is being passed on.
    pub async fn end_of_transfers(&self) {
        let file = self.dir.path().join("console.db");
        let url = format!("sqlite:{}", file.display());
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        let late = "UPDATE cases SET transfer = json_set(transfer, '$.until', $1)";
        let late = sqlx::query(late).bind(now().0 - 1);
        assert_eq!(late.execute(&pool).await.unwrap().rows_affected(), 1);
        pool.close().await;
    }

    /// A claimed, connected robot.
    pub async fn robot(&self, name: &str) -> Robot {
        let key = new_key();
        let code = self.claim_code(name).await;
        Robot::welcomed(self.plain(), &key, Some(code)).await
    }

    /// An operator's page after its snapshot.
    pub async fn desk(&self, account: &str) -> Desk {
        self.hire(account).await;
        self.desk_again(account).await
    }

    pub async fn desk_again(&self, account: &str) -> Desk {
        let cookie = sign_in(self.plain(), account).await;
        Desk::connect(self.plain(), &cookie).await
    }
}

pub fn new_key() -> SigningKey {
    SigningKey::from_bytes(&madoguchi_console::secret::nonce())
}

/// A WebSocket that speaks JSON.
pub struct Line(WebSocketStream<Box<dyn Stream>>);

/// Plain or TLS.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Line {
    pub async fn dial(
        addr: SocketAddr,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Error> {
        let stream = TcpStream::connect(addr).await.unwrap();
        Self::upgrade(Box::new(stream), &addr.to_string(), path, headers).await
    }

    pub async fn upgrade(
        stream: Box<dyn Stream>,
        host: &str,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Error> {
        let mut request = format!("ws://{host}{path}").into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let upgraded = timeout(PATIENCE, client_async(request, stream)).await;
        let (socket, _) = upgraded.unwrap()?;
        Ok(Self(socket))
    }

    pub async fn say(&mut self, message: &impl Serialize) {
        let text = serde_json::to_string(message).unwrap();
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub async fn say_raw(&mut self, text: String) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// Lets what is said pass until a ping comes; `false` when the other side hung up.
    pub async fn is_pinged(&mut self) -> bool {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("no ping") {
                Some(Ok(Message::Ping(_))) => return true,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return false,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next message; `None` when the other side hung up.
    pub async fn hear<T: DeserializeOwned>(&mut self) -> Option<T> {
        loop {
            match timeout(PATIENCE, self.0.next())
                .await
                .expect("nothing was said")
            {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }
}

/// Whether any file of the folder holds these bytes.
pub fn is_on_disk(dir: &Path, words: &str) -> bool {
    std::fs::read_dir(dir).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes
            .windows(words.len())
            .any(|window| window == words.as_bytes())
    })
}
