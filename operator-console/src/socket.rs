//! One WebSocket, robot's or page's: a bounded outbox, pings, and an end to everything that is
//! silent or too slow.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// Messages that may wait for one peer; a peer that lets them pile up further is hung up on.
pub const OUTBOX_MESSAGES: usize = 256;
/// Bytes that may wait for one peer: a few packets of the largest size.
pub const OUTBOX_BYTES: usize = 8 << 20;
/// How long one write to a peer may take.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// The sending end of one connection. Never blocks.
#[derive(Debug, Clone)]
pub struct Outbox {
    queue: mpsc::Sender<Utf8Bytes>,
    waiting_bytes: Arc<AtomicUsize>,
    hang_up: CancellationToken,
}

/// The receiving end, for [`serve`].
#[derive(Debug)]
pub struct Outgoing {
    queue: mpsc::Receiver<Utf8Bytes>,
    waiting_bytes: Arc<AtomicUsize>,
    hang_up: CancellationToken,
}

/// An outbox of [`OUTBOX_MESSAGES`] and [`OUTBOX_BYTES`]; it hangs up when `shutdown` does.
pub fn outbox(shutdown: &CancellationToken) -> (Outbox, Outgoing) {
    let (sender, queue) = mpsc::channel(OUTBOX_MESSAGES);
    let waiting_bytes = Arc::new(AtomicUsize::new(0));
    let hang_up = shutdown.child_token();
    let outbox = Outbox {
        queue: sender,
        waiting_bytes: Arc::clone(&waiting_bytes),
        hang_up: hang_up.clone(),
    };
    let outgoing = Outgoing {
        queue,
        waiting_bytes,
        hang_up,
    };
    (outbox, outgoing)
}

impl Outbox {
    /// Queues a message; hangs up on a peer whose queue is full, because it would miss something.
    pub fn put(&self, text: Utf8Bytes) {
        let bytes = text.as_str().len();
        let waiting = self.waiting_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if waiting > OUTBOX_BYTES || self.queue.try_send(text).is_err() {
            self.hang_up.cancel();
        }
    }

    /// Ends the connection.
    pub fn hang_up(&self) {
        self.hang_up.cancel();
    }
}

/// Who is on the other end.
pub trait Peer: Send {
    /// Takes a message; `Break` ends the connection.
    fn heard(&mut self, text: &str) -> impl Future<Output = ControlFlow<()>> + Send;
    /// Whether the peer may stay; asked with every ping.
    fn still_welcome(&mut self) -> impl Future<Output = bool> + Send;
}

/// Serves a connection until either side ends it. A peer that says nothing, not even a pong, for
/// `silence` is gone.
pub async fn serve(
    mut socket: WebSocket,
    mut outgoing: Outgoing,
    silence: Duration,
    peer: &mut impl Peer,
) {
    if let Some(code) = exchange(&mut socket, &mut outgoing, silence, peer).await {
        let frame = CloseFrame {
            code,
            reason: Utf8Bytes::default(),
        };
        let _ = timeout(
            Duration::from_secs(1),
            socket.send(Message::Close(Some(frame))),
        )
        .await;
    }
}

/// The close code to say, or `None` when the peer is gone. Whatever ends the connection, a message
/// that was taken is dealt with to its end: half of it may be stored already.
async fn exchange(
    socket: &mut WebSocket,
    outgoing: &mut Outgoing,
    silence: Duration,
    peer: &mut impl Peer,
) -> Option<u16> {
    let mut ping = interval(silence / 3);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ping.reset();
    let mut gone_at = Instant::now() + silence;
    loop {
        tokio::select! {
            received = socket.recv() => {
                gone_at = Instant::now() + silence;
                match received? {
                    Ok(Message::Text(text)) => {
                        if peer.heard(text.as_str()).await.is_break() {
                            return Some(close_code::ERROR);
                        }
                    }
                    Ok(Message::Ping(_) | Message::Pong(_)) => {}
                    Ok(Message::Binary(_)) => return Some(close_code::UNSUPPORTED),
                    Ok(Message::Close(_)) | Err(_) => return None,
                }
            }
            text = outgoing.queue.recv() => {
                let text = text?;
                let bytes = text.as_str().len();
                if let Err(code) = write(socket, Message::Text(text), &outgoing.hang_up).await {
                    return code;
                }
                outgoing.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            }
            _ = ping.tick() => {
                if !peer.still_welcome().await {
                    return Some(close_code::POLICY);
                }
                let ping = Message::Ping(Default::default());
                if let Err(code) = write(socket, ping, &outgoing.hang_up).await {
                    return code;
                }
            }
            () = outgoing.hang_up.cancelled() => return Some(close_code::AWAY),
            () = sleep_until(gone_at) => return None,
        }
    }
}

/// `Err` ends the connection, with the close code to say.
async fn write(
    socket: &mut WebSocket,
    message: Message,
    hang_up: &CancellationToken,
) -> Result<(), Option<u16>> {
    tokio::select! {
        sent = timeout(WRITE_TIMEOUT, socket.send(message)) => match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(None),
        },
        () = hang_up.cancelled() => Err(Some(close_code::AWAY)),
    }
}
