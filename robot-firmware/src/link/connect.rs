//! Dialling and the handshake.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use madoguchi_shared::PROTOCOL_VERSION;
use madoguchi_shared::ids::RobotId;
use madoguchi_shared::link::{ConsoleToRobot, Hello, Refusal, RobotToConsole, hello_transcript};
use madoguchi_shared::signal::IceServer;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tracing::{debug, warn};

use super::tls;
use crate::claim::Claim;
use crate::device_key::DeviceKey;

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const HANDSHAKE: Duration = Duration::from_secs(10);

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub(super) enum LinkError {
    #[error("connection failed")]
    Socket(#[from] tungstenite::Error),
    #[error("the console closed the connection")]
    Closed,
    #[error("the console is silent")]
    Silent,
    #[error("the console said something else than the handshake asks for")]
    Handshake,
    #[error("{}", refusal_text(*.0))]
    Refused(Refusal),
    #[error("a message could not be written")]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
}

fn refusal_text(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::BadSignature => "the console does not accept this robot's key",
        Refusal::NotClaimed => {
            "the console doesn't know this robot; make a code with \
             `madoguchi-console robot claim-code` and give it to `madoguchi-robot claim`"
        }
        Refusal::BadClaimCode => {
            "the claim code is wrong, used or expired; \
             make a new one with `madoguchi-console robot claim-code`"
        }
        Refusal::Protocol => "the console speaks another protocol version; update the older side",
    }
}

/// What the console knows of this robot.
#[derive(Debug)]
pub(super) struct Welcome {
    pub(super) robot_id: RobotId,
    pub(super) name: String,
    pub(super) ice_servers: Vec<IceServer>,
}

pub(super) async fn handshake(
    claim: &Claim,
    key: &DeviceKey,
) -> Result<(Socket, Welcome), LinkError> {
    timeout(HANDSHAKE, shake(claim, key))
        .await
        .map_err(|_| LinkError::Silent)?
}

async fn shake(claim: &Claim, key: &DeviceKey) -> Result<(Socket, Welcome), LinkError> {
    let connector = claim.fingerprint.as_deref().map(tls::pinned).transpose()?;
    let (mut socket, _) =
        tokio_tungstenite::connect_async_tls_with_config(&claim.url, None, true, connector).await?;
    let ConsoleToRobot::Challenge { nonce } = next(&mut socket).await? else {
        return Err(LinkError::Handshake);
    };
    let fingerprint = claim.fingerprint.as_deref().unwrap_or_default();
    let hello = RobotToConsole::Hello(Hello {
        protocol: PROTOCOL_VERSION,
        software: env!("CARGO_PKG_VERSION").to_owned(),
        public_key: key.public_base64(),
        signature: key.sign_base64(&hello_transcript(&nonce, fingerprint)),
        claim_code: claim.code.clone(),
    });
    socket.send(write(&hello)?).await?;
    match next(&mut socket).await? {
        ConsoleToRobot::Welcome {
            robot_id,
            name,
            ice_servers,
            ..
        } => Ok((
            socket,
            Welcome {
                robot_id,
                name,
                ice_servers,
            },
        )),
        ConsoleToRobot::Refused { reason } => Err(LinkError::Refused(reason)),
        _ => Err(LinkError::Handshake),
    }
}

async fn next(socket: &mut Socket) -> Result<ConsoleToRobot, LinkError> {
    loop {
        let message = socket.next().await.ok_or(LinkError::Closed)??;
        if let Some(message) = read(&message)? {
            return Ok(message);
        }
    }
}

/// A console's message; `None` for what carries none or is not understood.
pub(super) fn read(message: &Message) -> Result<Option<ConsoleToRobot>, LinkError> {
    match message {
        Message::Text(text) => match serde_json::from_str(text) {
            Ok(message) => Ok(Some(message)),
            Err(error) => {
                // The error quotes the message, which may be what somebody said.
                warn!("a message of the console is not understood");
                debug!(%error, "not understood");
                Ok(None)
            }
        },
        Message::Close(_) => Err(LinkError::Closed),
        _ => Ok(None),
    }
}

pub(super) fn write(message: &RobotToConsole) -> Result<Message, LinkError> {
    Ok(Message::text(serde_json::to_string(message)?))
}
