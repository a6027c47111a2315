//! A console on free ports, and robots and operators that dial it over real sockets.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

pub mod postgres;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer, SigningKey};
use futures_util::{SinkExt, StreamExt};
use madoguchi_console::auth::hash_password;
use madoguchi_console::hub::now;
use madoguchi_console::secret::{canonical_code, readable_code, sha256_hex};
use madoguchi_console::store::{ClaimOffer, Database, NewOperator, Store};
use madoguchi_console::{Config, Running, Server};
use madoguchi_shared::PROTOCOL_VERSION;
use madoguchi_shared::ids::{CaseId, RobotId, UnixMs, VisitId};
use madoguchi_shared::link::{ConsoleToRobot, Hello, RobotToConsole, hello_transcript};
use madoguchi_shared::operator::{ConsoleToOperator, OperatorToConsole};
use madoguchi_shared::packet::{
    CaseState, Channel, Disposition, Owner, Packet, Reason, ReasonCode, Resident, ReturnPacket,
    RobotCondition, Route, Speaker, Turn, Versions,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;

pub const PASSWORD: &str = "correct horse";
const PATIENCE: Duration = Duration::from_secs(10);

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
    async fn store(&self) -> Store {
        Store::open(&self.config.database).await.unwrap()
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
        let new = NewOperator {
            account: account.into(),
            name: format!("{account} T"),
            languages: vec!["en".parse().unwrap()],
            password_hash: hash_password(PASSWORD).unwrap(),
        };
        let store = self.store().await;
        store.add_operator(&new, now()).await.unwrap();
        store.close().await;
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
pub struct Line(WebSocketStream<TcpStream>);

impl Line {
    pub async fn dial(
        addr: SocketAddr,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Error> {
        let mut request = format!("ws://{addr}{path}").into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(addr).await.unwrap();
        let (socket, _) = timeout(PATIENCE, client_async(request, stream))
            .await
            .unwrap()?;
        Ok(Self(socket))
    }

    pub async fn say(&mut self, message: &impl Serialize) {
        let text = serde_json::to_string(message).unwrap();
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub async fn say_raw(&mut self, text: String) {
        self.0.send(Message::text(text)).await.unwrap();
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

pub struct Robot {
    pub line: Line,
    pub id: RobotId,
}

/// Signs the challenge of a fresh connection as `hello` says.
pub async fn introduce(
    addr: SocketAddr,
    hello: impl FnOnce(&str) -> Hello,
) -> (Line, ConsoleToRobot) {
    let mut line = Line::dial(addr, "/robot/link", &[]).await.unwrap();
    let Some(ConsoleToRobot::Challenge { nonce }) = line.hear().await else {
        panic!("no challenge");
    };
    line.say(&RobotToConsole::Hello(hello(&nonce))).await;
    let answer = line.hear().await.unwrap();
    (line, answer)
}

pub fn hello(key: &SigningKey, nonce: &str, fingerprint: &str, code: Option<String>) -> Hello {
    Hello {
        protocol: PROTOCOL_VERSION,
        software: "test".into(),
        public_key: BASE64.encode(key.verifying_key().as_bytes()),
        signature: BASE64.encode(key.sign(&hello_transcript(nonce, fingerprint)).to_bytes()),
        claim_code: code,
    }
}

impl Robot {
    pub async fn welcomed(addr: SocketAddr, key: &SigningKey, code: Option<String>) -> Self {
        let (line, answer) = introduce(addr, |nonce| hello(key, nonce, "", code)).await;
        match answer {
            ConsoleToRobot::Welcome { robot_id, .. } => Self { line, id: robot_id },
            other => panic!("not welcome: {other:?}"),
        }
    }

    pub async fn hear(&mut self) -> ConsoleToRobot {
        self.line.hear().await.expect("the console hung up")
    }

    /// Sends a packet and waits until it is stored.
    pub async fn send(&mut self, packet: &Packet) {
        self.line
            .say(&RobotToConsole::Case {
                packet: Box::new(packet.clone()),
            })
            .await;
        let case_id = packet.case_id;
        self.until(|message| match message {
            ConsoleToRobot::CaseSaved { case_id: id, .. } if id == case_id => Some(()),
            _ => None,
        })
        .await;
    }

    pub async fn progress(&mut self, case_id: CaseId, state: CaseState, owner: Owner) {
        let message = RobotToConsole::Progress {
            case_id,
            state,
            owner,
            failure: None,
        };
        self.line.say(&message).await;
    }

    pub async fn until<T>(&mut self, mut wanted: impl FnMut(ConsoleToRobot) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.hear().await) {
                return found;
            }
        }
    }
}

pub struct Desk {
    pub line: Line,
    pub snapshot: ConsoleToOperator,
}

impl Desk {
    pub async fn connect(addr: SocketAddr, cookie: &str) -> Self {
        let origin = format!("http://{addr}");
        let headers = [("cookie", cookie), ("origin", origin.as_str())];
        let mut line = Line::dial(addr, "/api/live", &headers).await.unwrap();
        let snapshot = line.hear().await.unwrap();
        Self { line, snapshot }
    }

    pub async fn say(&mut self, message: OperatorToConsole) {
        self.line.say(&message).await;
    }

    pub async fn hear(&mut self) -> ConsoleToOperator {
        self.line.hear().await.expect("the console hung up")
    }

    pub async fn until<T>(&mut self, mut wanted: impl FnMut(ConsoleToOperator) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.hear().await) {
                return found;
            }
        }
    }

    /// Waits until the queue shows the case in this state.
    pub async fn sees(&mut self, id: CaseId, state: CaseState) {
        self.until(|message| match message {
            ConsoleToOperator::Case { case } if case.case_id == id && case.state == state => {
                Some(())
            }
            _ => None,
        })
        .await;
    }

    /// Accepts; the error's code when it was refused.
    pub async fn accept(&mut self, case_id: CaseId) -> Result<(), String> {
        self.say(OperatorToConsole::Accept { case_id }).await;
        self.until(|message| match message {
            ConsoleToOperator::Accepted { case_id: id, .. } if id == case_id => Some(Ok(())),
            ConsoleToOperator::Error { error, .. } => Some(Err(error.code)),
            _ => None,
        })
        .await
    }

    pub async fn error(&mut self) -> String {
        self.until(|message| match message {
            ConsoleToOperator::Error { error, .. } => Some(error.code),
            _ => None,
        })
        .await
    }
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

pub async fn request(addr: SocketAddr, method_and_path: &str, extra: &str, body: &str) -> Answer {
    let stream = TcpStream::connect(addr).await.unwrap();
    request_on(stream, &addr.to_string(), method_and_path, extra, body).await
}

pub async fn request_on(
    mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin,
    host: &str,
    method_and_path: &str,
    extra: &str,
    body: &str,
) -> Answer {
    let text = format!(
        "{method_and_path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Length: {}\r\n{extra}\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .unwrap()
        .unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

pub fn credentials(account: &str, password: &str) -> String {
    format!(r#"{{"user":"{account}","password":"{password}"}}"#)
}

/// The session's cookie.
pub async fn sign_in(addr: SocketAddr, account: &str) -> String {
    let answer = request(
        addr,
        "POST /api/session",
        "",
        &credentials(account, PASSWORD),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

/// A case of a visitor who speaks Vietnamese.
pub fn case() -> Packet {
    Packet {
        schema_version: PROTOCOL_VERSION,
        revision: 1,
        case_id: CaseId(Uuid::now_v7()),
        visit_id: VisitId(Uuid::now_v7()),
        robot_id: None,
        opened_at: now(),
        state: CaseState::Requested,
        owner: Owner::Waiting,
        reason: Reason {
            code: ReasonCode::UnsupportedLanguage,
            language: Some("vi".parse().unwrap()),
            evidence: Vec::new(),
        },
        route: Route {
            languages: Vec::new(),
            skills: Vec::new(),
            priority: 20,
        },
        summary: Vec::new(),
        facts: Vec::new(),
        transcript: vec![turn(1, "Xin chào")],
        account_history: None,
        actions: Vec::new(),
        policy_flags: Vec::new(),
        next_steps: Vec::new(),
        resident: Resident {
            languages: vec!["vi".parse().unwrap()],
            distress: None,
            accessibility: Vec::new(),
            consent: Vec::new(),
            redacted: Vec::new(),
        },
        robot: RobotCondition::default(),
        versions: Versions::default(),
    }
}

pub fn turn(number: u32, text: &str) -> Turn {
    Turn {
        number,
        speaker: Speaker::Resident,
        channel: Channel::Speech,
        text: text.into(),
        language: Some("vi".parse().unwrap()),
        translation: None,
        confidence: Some(0.9),
        interrupted: false,
        at: now(),
    }
}

pub fn back() -> ReturnPacket {
    ReturnPacket {
        disposition: Disposition::Resolved,
        note: "Form handed out.".into(),
        resume: true,
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
