//! `GET /robot/link`: a robot proves its key, is claimed if need be, and is served.

use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, VerifyingKey};
use madoguchi_shared::PROTOCOL_VERSION;
use madoguchi_shared::ids::RobotId;
use madoguchi_shared::link::{
    ConsoleToRobot, Hello, MESSAGE_MAX_BYTES, Refusal, RobotToConsole, hello_transcript,
};
use tokio::time::timeout;

use crate::board::ConnectionId;
use crate::http::{App, Door, refusal};
use crate::hub::{Hub, now};
use crate::introductions::Introduction;
use crate::secret;
use crate::socket::{self, Peer};
use crate::store::{RobotRecord, StoreError};

/// How long a robot may take to introduce itself.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The handler. Where too many robots introduce themselves it answers 503, and a robot tries again.
pub async fn link(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Some(introduction) = app.house.introductions.enter(from.ip()) else {
        return refusal::too_many_introductions(HANDSHAKE).into_response();
    };
    upgrade
        .max_message_size(MESSAGE_MAX_BYTES)
        .max_frame_size(MESSAGE_MAX_BYTES)
        .on_upgrade(move |socket| {
            let connections = app.house.connections.clone();
            connections.track_future(serve(app, socket, introduction))
        })
}

async fn serve(app: App, mut socket: WebSocket, introduction: Introduction) {
    let hub = &app.house.hub;
    let introduced = timeout(HANDSHAKE, introduce(hub, &app.door, &mut socket)).await;
    drop(introduction);
    let robot = match introduced {
        Ok(Ok(Some(robot))) => robot,
        Ok(Ok(None)) | Err(_) => return,
        Ok(Err(error)) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a robot can't be let in"
            );
            return;
        }
    };
    let id = robot.id;
    let (outbox, outgoing) = socket::outbox(&app.house.shutdown);
    let link = match hub.robot_joined(robot, outbox).await {
        Ok(link) => link,
        Err(error) => {
            tracing::error!(robot = %id, error = &error as &dyn std::error::Error, "a robot can't be let in");
            return;
        }
    };
    tracing::info!(robot = %id, "robot connected");
    let mut peer = Robot {
        hub: Arc::clone(hub),
        id,
        link,
    };
    socket::serve(socket, outgoing, app.house.config.silence, &mut peer).await;
    hub.robot_left(id, link).await;
    tracing::info!(robot = %id, "robot gone");
}

/// Challenge, hello, welcome. `None` when the robot isn't served; it was told why.
async fn introduce(
    hub: &Hub,
    door: &Door,
    socket: &mut WebSocket,
) -> Result<Option<RobotRecord>, StoreError> {
    let nonce = BASE64.encode(secret::nonce());
    say(
        socket,
        &ConsoleToRobot::Challenge {
            nonce: nonce.clone(),
        },
    )
    .await;
    let Some(hello) = hear_hello(socket).await else {
        return Ok(None);
    };
    let let_in = if hello.protocol != PROTOCOL_VERSION {
        Err(Refusal::Protocol)
    } else if !proves_key(&hello, &nonce, door.fingerprint()) {
        Err(Refusal::BadSignature)
    } else {
        recognise(hub, &hello).await?
    };
    match let_in {
        Ok((robot, claimed_now)) => {
            let welcome = ConsoleToRobot::Welcome {
                robot_id: robot.id,
                name: robot.name.clone(),
                claimed_now,
                ice_servers: hub.ice_servers().to_vec(),
            };
            say(socket, &welcome).await;
            Ok(Some(robot))
        }
        Err(reason) => {
            tracing::warn!(?reason, "a robot was refused");
            say(socket, &ConsoleToRobot::Refused { reason }).await;
            let _ = socket.send(Message::Close(None)).await;
            Ok(None)
        }
    }
}

async fn hear_hello(socket: &mut WebSocket) -> Option<Hello> {
    loop {
        match socket.recv().await?.ok()? {
            Message::Text(text) => {
                return match serde_json::from_str(text.as_str()) {
                    Ok(RobotToConsole::Hello(hello)) => Some(hello),
                    _ => None,
                };
            }
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) | Message::Close(_) => return None,
        }
    }
}

fn proves_key(hello: &Hello, nonce: &str, fingerprint: &str) -> bool {
    let bytes = |text: &str| BASE64.decode(text).ok();
    let key = bytes(&hello.public_key)
        .and_then(|key| <[u8; 32]>::try_from(key).ok())
        .and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = bytes(&hello.signature)
        .and_then(|signature| <[u8; 64]>::try_from(signature).ok())
        .map(|signature| Signature::from_bytes(&signature));
    match (key, signature) {
        (Some(key), Some(signature)) => key
            .verify_strict(&hello_transcript(nonce, fingerprint), &signature)
            .is_ok(),
        _ => false,
    }
}

async fn recognise(
    hub: &Hub,
    hello: &Hello,
) -> Result<Result<(RobotRecord, bool), Refusal>, StoreError> {
    if let Some(robot) = hub.store().robot_by_key(&hello.public_key).await? {
        return Ok(Ok((robot, false)));
    }
    let Some(code) = &hello.claim_code else {
        return Ok(Err(Refusal::NotClaimed));
    };
    let code_hash = secret::sha256_hex(secret::canonical_code(code));
    let claimed = hub
        .store()
        .claim(&code_hash, &hello.public_key, now())
        .await?;
    Ok(claimed
        .map(|robot| (robot, true))
        .ok_or(Refusal::BadClaimCode))
}

async fn say(socket: &mut WebSocket, message: &ConsoleToRobot) {
    if let Ok(text) = serde_json::to_string(message) {
        let _ = socket.send(Message::Text(Utf8Bytes::from(text))).await;
    }
}

struct Robot {
    hub: Arc<Hub>,
    id: RobotId,
    link: ConnectionId,
}

impl Peer for Robot {
    async fn heard(&mut self, text: &str) -> ControlFlow<()> {
        let message = match serde_json::from_str::<RobotToConsole>(text) {
            Ok(message) => message,
            Err(error) => {
                // The error's text could quote the visitor; its kind can't.
                tracing::warn!(robot = %self.id, kind = ?error.classify(), "a message that isn't understood was dropped");
                return ControlFlow::Continue(());
            }
        };
        match self.hub.from_robot(self.id, self.link, message).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                tracing::error!(robot = %self.id, error = &error as &dyn std::error::Error, "a robot's message can't be stored; it will send again");
                ControlFlow::Break(())
            }
        }
    }

    async fn still_welcome(&mut self) -> bool {
        self.hub.robot_heard(self.id).await.unwrap_or(true)
    }
}
