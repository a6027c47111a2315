//! Dialling and the handshake.

use std::time::Duration;

use axum::http::Uri;
use futures_util::{SinkExt, StreamExt};
use madoguchi_shared::PROTOCOL_VERSION;
use madoguchi_shared::ids::RobotId;
use madoguchi_shared::link::{
    ConsoleToRobot, Hello, MESSAGE_MAX_BYTES, Refusal, RobotToConsole, hello_transcript,
};
use madoguchi_shared::signal::IceServer;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tokio_util::either::Either;
use tracing::{debug, warn};

use super::tls;
use crate::claim::Claim;
use crate::device_key::DeviceKey;

pub(super) type Socket = WebSocketStream<Either<TcpStream, TlsStream<TcpStream>>>;

const HANDSHAKE: Duration = Duration::from_secs(10);

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error("`{0}` is no console address; run `madoguchi-robot claim` again")]
    Address(String),
    #[error(
        "{at} can't be reached ({reason}); see that `madoguchi-console serve` runs there and that \
         the network lets this robot through"
    )]
    Unreachable { at: String, reason: std::io::Error },
    #[error(
        "{at} shows another certificate than the one of the fingerprint {expected}; if the console \
         was set up anew, claim this robot again with `madoguchi-robot claim`, else somebody may \
         stand in between"
    )]
    OtherCertificate { at: String, expected: String },
    #[error("the connection to the console broke")]
    Connect(#[from] std::io::Error),
    #[error("the connection to the console broke")]
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
        Refusal::BadSignature => {
            "the console does not accept this robot's signature; claim the robot again with \
             `madoguchi-robot claim`"
        }
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

/// Whether a console stands at the claim's address, with the claim's certificate. The robot's own
/// link, if one stands, isn't touched.
///
/// # Errors
/// [`LinkError`] says what is in the way.
pub async fn answers(claim: &Claim) -> Result<(), LinkError> {
    let challenged = async {
        let mut socket = dial(claim).await?;
        let challenge = next(&mut socket).await?;
        let _ = socket.close(None).await;
        match challenge {
            ConsoleToRobot::Challenge { .. } => Ok(()),
            _ => Err(LinkError::Handshake),
        }
    };
    timeout(HANDSHAKE, challenged)
        .await
        .map_err(|_| LinkError::Silent)?
}

/// Introduces the robot to its console once, with the claim's code; the name that it has there.
///
/// # Errors
/// [`LinkError`]; after [`LinkError::is_refusal`] another try would end the same.
pub async fn introduce(claim: &Claim, key: &DeviceKey) -> Result<String, LinkError> {
    let (mut socket, welcome) = handshake(claim, key).await?;
    let _ = socket.close(None).await;
    Ok(welcome.name)
}

impl LinkError {
    /// Whether the console was there and didn't want this robot, or wasn't the one that is meant.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Address(_) | Self::OtherCertificate { .. } | Self::Refused(_) | Self::Tls(_)
        )
    }
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
    let mut socket = dial(claim).await?;
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

/// Connects as the address says: by TLS to the certificate of the claim and no other, or without on
/// loopback.
async fn dial(claim: &Claim) -> Result<Socket, LinkError> {
    let wrong = || LinkError::Address(claim.url.clone());
    let url: Uri = claim.url.parse().map_err(|_| wrong())?;
    let host = url.host().ok_or_else(wrong)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let plain = url.scheme_str() == Some("ws");
    let port = url.port_u16().unwrap_or(if plain { 80 } else { 443 });
    let at = format!("the console at {host}:{port}");
    let stream =
        TcpStream::connect((host, port))
            .await
            .map_err(|reason| LinkError::Unreachable {
                at: at.clone(),
                reason,
            })?;
    stream.set_nodelay(true)?;
    let stream = if plain {
        Either::Left(stream)
    } else {
        let fingerprint = claim.fingerprint.as_deref().unwrap_or_default();
        let name = ServerName::try_from(host.to_owned()).map_err(|_| wrong())?;
        let connected = tls::pinned(fingerprint)?.connect(name, stream).await;
        Either::Right(
            connected.map_err(|error| match tls::is_other_certificate(&error) {
                true => LinkError::OtherCertificate {
                    at,
                    expected: fingerprint.to_owned(),
                },
                false => error.into(),
            })?,
        )
    };
    let limits = WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_MAX_BYTES))
        .max_frame_size(Some(MESSAGE_MAX_BYTES));
    let (socket, _) = client_async_with_config(&claim.url, stream, Some(limits)).await?;
    Ok(socket)
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

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;

    /// Dials a console of TLS that shows a certificate of its own making.
    async fn dial_tls(fingerprint: impl FnOnce(String) -> Option<String>) -> Result<(), String> {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let print = tls::fingerprint(&certificate);
        let key = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
            let (stream, _) = listener.accept().await.unwrap();
            // A robot that refuses the certificate ends this.
            if let Ok(stream) = acceptor.accept(stream).await {
                let _ = tokio_tungstenite::accept_async(stream).await;
            }
        });
        let claim = Claim {
            url: format!("wss://localhost:{port}/robot/link"),
            fingerprint: fingerprint(print),
            code: None,
        };
        let dialled = timeout(HANDSHAKE, dial(&claim)).await.unwrap();
        dialled
            .map(drop)
            .map_err(|error| super::super::chain(&error))
    }

    #[tokio::test]
    async fn only_the_claimed_certificate_is_taken() {
        assert_eq!(dial_tls(Some).await, Ok(()));
        let another = dial_tls(|_| Some("ab".repeat(32))).await.unwrap_err();
        for part in ["certificate", &"ab".repeat(32), "madoguchi-robot claim"] {
            assert!(another.contains(part), "{another}");
        }
        let none = dial_tls(|_| None).await.unwrap_err();
        assert!(none.contains("certificate"), "{none}");
    }

    /// The console says that a frame of this many bytes follows, and sends nothing of it.
    async fn told_of_a_frame(bytes: u64) -> Result<ConsoleToRobot, LinkError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let console = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
            // RFC 6455, 5.2: the last frame of a text, with a length of 64 bits.
            let head = [&[0x81, 127][..], &bytes.to_be_bytes()].concat();
            let stream = socket.get_mut();
            stream.write_all(&head).await.unwrap();
            stream.shutdown().await.unwrap();
        });
        let claim = Claim {
            url: format!("ws://127.0.0.1:{port}/robot/link"),
            fingerprint: None,
            code: None,
        };
        let mut socket = dial(&claim).await.unwrap();
        let heard = timeout(HANDSHAKE, next(&mut socket)).await.unwrap();
        console.await.unwrap();
        heard
    }

    #[tokio::test]
    async fn a_message_beyond_the_bound_is_refused_before_it_comes() {
        let is_too_large = |heard: &Result<ConsoleToRobot, LinkError>| {
            let Err(LinkError::Socket(error)) = heard else {
                return false;
            };
            matches!(error, tungstenite::Error::Capacity(_))
        };
        let largest = MESSAGE_MAX_BYTES as u64;
        let heard = told_of_a_frame(largest + 1).await;
        assert!(is_too_large(&heard), "{heard:?}");
        let heard = told_of_a_frame(largest).await;
        assert!(heard.is_err() && !is_too_large(&heard), "{heard:?}");
    }
}
