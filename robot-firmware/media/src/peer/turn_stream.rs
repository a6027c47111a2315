//! TURN over TCP and TLS (RFC 8656, section 3.1) for networks that let no UDP out. The library
//! speaks TURN over UDP only; so each such server stands for it at a UDP port on loopback, and what
//! arrives there goes on over a stream of its own for each of the library's sockets.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use madoguchi_shared::signal::IceServer;
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tracing::{debug, warn};

const CONNECT: Duration = Duration::from_secs(10);
/// About a second of picture and sound: what waits longer is of no use.
const WAITING: usize = 256;
/// More sockets than a robot has interfaces.
const STREAMS: usize = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
const LARGEST_DATAGRAM: usize = 1 << 16;

/// A TURN server that is reached over a stream (RFC 7065).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Address {
    tls: bool,
    host: String,
    port: u16,
}

/// How long no new stream is tried after one that ended: twice as long each time, until one has
/// brought an answer.
#[derive(Debug, Default)]
struct Pause {
    until: Option<Instant>,
    failed: u32,
}

impl Pause {
    fn after(&mut self, answered: bool, now: Instant) {
        self.failed = if answered { 0 } else { self.failed + 1 };
        let doubled = FIRST_PAUSE.saturating_mul(1 << self.failed.saturating_sub(1).min(16));
        self.until = Some(now + doubled.min(LONGEST_PAUSE));
    }

    fn holds(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }
}

/// Puts a port on loopback in the place of every server that is reached by TCP or TLS. The streams
/// end with `tasks`.
pub(super) async fn over_streams(
    mut servers: Vec<IceServer>,
    tasks: &mut JoinSet<()>,
) -> Vec<IceServer> {
    for server in &mut servers {
        for url in &mut server.urls {
            let Some(address) = stream_address(url) else {
                continue;
            };
            match UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await {
                Ok(socket) => {
                    if let Ok(local) = socket.local_addr() {
                        *url = format!("turn:{local}?transport=udp");
                        tasks.spawn(serve(address, Arc::new(socket)));
                    }
                }
                Err(error) => {
                    warn!(%error, "no port on loopback for a TURN server; it is left out")
                }
            }
        }
    }
    servers
}

/// Where a URL leads, if that is reached by TCP or TLS.
fn stream_address(url: &str) -> Option<Address> {
    let (scheme, rest) = url.split_once(':')?;
    let (host, transport) = match rest.split_once("?transport=") {
        Some((host, transport)) => (host, Some(transport)),
        None => (rest, None),
    };
    let tls = match (scheme, transport) {
        ("turns", None | Some("tcp")) => true,
        ("turn", Some("tcp")) => false,
        _ => return None,
    };
    let (host, port) = match host.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => {
            (name, port.parse().ok()?)
        }
        _ => (host, if tls { 5_349 } else { 3_478 }),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    (!host.is_empty()).then(|| Address {
        tls,
        host: host.to_owned(),
        port,
    })
}

async fn serve(address: Address, socket: Arc<UdpSocket>) {
    let mut streams: HashMap<SocketAddr, mpsc::Sender<Bytes>> = HashMap::new();
    let mut running: JoinSet<bool> = JoinSet::new();
    let mut pause = Pause::default();
    let mut full = false;
    let mut buffer = vec![0; LARGEST_DATAGRAM];
    loop {
        let Ok((len, from)) = socket.recv_from(&mut buffer).await else {
            // An earlier answer met a socket that is gone.
            continue;
        };
        let Some(framed) = framed(&buffer[..len]) else {
            continue;
        };
        while let Some(ended) = running.try_join_next() {
            pause.after(ended.unwrap_or(false), Instant::now());
        }
        streams.retain(|_, stream| !stream.is_closed());
        let new = !streams.contains_key(&from);
        if new && streams.len() >= STREAMS {
            if !std::mem::replace(&mut full, true) {
                let Address { tls, host, port } = &address;
                warn!(
                    host,
                    port,
                    tls,
                    "{STREAMS} streams to a TURN server are open, one for each network interface; packets of further ones are dropped until one ends"
                );
            }
        } else if new && !pause.holds(Instant::now()) {
            full = false;
            let (stream, outgoing) = mpsc::channel(WAITING);
            streams.insert(from, stream);
            let (address, socket) = (address.clone(), Arc::clone(&socket));
            running.spawn(async move {
                let mut answered = false;
                if let Err(error) = carry(&address, &socket, from, outgoing, &mut answered).await {
                    let Address { tls, host, port } = address;
                    warn!(host, port, tls, "a stream to a TURN server ended: {error}");
                }
                answered
            });
        }
        if let Some(stream) = streams.get(&from)
            && stream.try_send(framed).is_err()
        {
            debug!("a packet for a TURN server is dropped: its stream is behind");
        }
    }
}

/// One stream, for as long as it holds.
async fn carry(
    address: &Address,
    socket: &UdpSocket,
    to: SocketAddr,
    outgoing: mpsc::Receiver<Bytes>,
    answered: &mut bool,
) -> io::Result<()> {
    let Address { tls, host, port } = address;
    let connect = async {
        let stream = TcpStream::connect((host.as_str(), *port)).await?;
        stream.set_nodelay(true)?;
        Ok::<_, io::Error>(stream)
    };
    let stream = timeout(CONNECT, connect).await??;
    if !tls {
        return exchange(stream, socket, to, outgoing, answered).await;
    }
    let name = ServerName::try_from(host.clone()).map_err(io::Error::other)?;
    let secure = timeout(CONNECT, connector()?.connect(name, stream)).await??;
    exchange(secure, socket, to, outgoing, answered).await
}

/// TLS as the system trusts it.
fn connector() -> io::Result<TlsConnector> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(io::Error::other)?
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite,
    socket: &UdpSocket,
    to: SocketAddr,
    mut outgoing: mpsc::Receiver<Bytes>,
    answered: &mut bool,
) -> io::Result<()> {
    let (mut read, mut write) = tokio::io::split(stream);
    let sending = async {
        while let Some(bytes) = outgoing.recv().await {
            write.write_all(&bytes).await?;
            write.flush().await?;
        }
        Ok(())
    };
    let receiving = async {
        let mut waiting = BytesMut::new();
        loop {
            while let Some(datagram) = next_datagram(&mut waiting)? {
                *answered = true;
                socket.send_to(&datagram, to).await?;
            }
            if read.read_buf(&mut waiting).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    };
    tokio::select! {
        done = sending => done,
        done = receiving => done,
    }
}

/// A datagram as it stands on a stream: a STUN message (RFC 8489) as it is, ChannelData padded to
/// four bytes (RFC 8656, 12.5). Nothing for anything else.
fn framed(datagram: &[u8]) -> Option<Bytes> {
    let len = message_len(datagram)?;
    let message = datagram.get(..len)?;
    let mut framed = BytesMut::from(message);
    framed.resize(len.next_multiple_of(4), 0);
    Some(framed.freeze())
}

/// The next whole message of a stream without its padding.
fn next_datagram(stream: &mut BytesMut) -> io::Result<Option<Bytes>> {
    if stream.len() < 4 {
        return Ok(None);
    }
    let Some(len) = message_len(stream) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let padded = len.next_multiple_of(4);
    if stream.len() < padded {
        return Ok(None);
    }
    let datagram = stream.split_to(len).freeze();
    stream.advance(padded - len);
    Ok(Some(datagram))
}

/// The length of the message that begins here, header included.
fn message_len(bytes: &[u8]) -> Option<usize> {
    const STUN_HEADER: usize = 20;
    const CHANNEL_HEADER: usize = 4;
    let &[first, _, high, low, ..] = bytes else {
        return None;
    };
    let len = usize::from(u16::from_be_bytes([high, low]));
    match first >> 6 {
        0 if len.is_multiple_of(4) => Some(STUN_HEADER + len),
        1 => Some(CHANNEL_HEADER + len),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
