//! The web server of the robot's own display: the page and its socket, on loopback only.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use crossbeam_channel::Sender;
use madoguchi_shared::loopback::is_loopback_host;
use madoguchi_shared::screen::{RobotToScreen, ScreenToRobot};
use rust_embed::RustEmbed;
use tokio::net::TcpListener;
use tokio::sync::{broadcast, watch};
use tracing::{debug, warn};

use crate::check::{self, CheckBook};
use crate::event::Event;
use crate::pack::Pictures;
use crate::still::StillOnScreen;

/// Longest message of the page; typed questions and session descriptions are far shorter.
const LONGEST_MESSAGE: usize = 64 * 1024;

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; media-src 'self' blob: mediastream:; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

#[derive(RustEmbed)]
#[folder = "screen/dist"]
struct Page;

/// The daemon's end of the page.
#[derive(Debug, Clone)]
pub struct ScreenHub {
    view: watch::Sender<String>,
    /// Ten a second: only the newest counts.
    level: watch::Sender<String>,
    signals: broadcast::Sender<String>,
}

impl Default for ScreenHub {
    fn default() -> Self {
        Self {
            view: watch::Sender::new(String::new()),
            level: watch::Sender::new(String::new()),
            signals: broadcast::Sender::new(64),
        }
    }
}

impl ScreenHub {
    /// Shows a view now and to every page that connects later; anything else passes once.
    pub fn send(&self, message: &RobotToScreen) {
        let Ok(text) = serde_json::to_string(message) else {
            return;
        };
        match message {
            RobotToScreen::View { .. } => drop(self.view.send_replace(text)),
            RobotToScreen::Level { .. } => drop(self.level.send_replace(text)),
            // An error says that no page is connected.
            RobotToScreen::Signal { .. } => drop(self.signals.send(text)),
        }
    }
}

#[derive(Clone)]
struct Shared {
    hub: ScreenHub,
    events: Sender<Event>,
    check: CheckBook,
    pictures: Arc<Pictures>,
    still: StillOnScreen,
}

/// Why the page can't be served.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot serve the screen page on {address}; stop the other program there, or choose another screen.listen"
)]
pub struct ScreenError {
    address: SocketAddr,
    source: std::io::Error,
}

/// Binds the address; serving starts with [`serve`].
///
/// # Errors
/// [`ScreenError`] when the address is taken.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ScreenError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| ScreenError { address, source })
}

/// Serves the page until the runtime ends.
pub async fn serve(
    listener: TcpListener,
    hub: ScreenHub,
    events: Sender<Event>,
    check: CheckBook,
    (pictures, still): (Arc<Pictures>, StillOnScreen),
) {
    let shared = Shared {
        hub,
        events,
        check,
        pictures,
        still,
    };
    let app = Router::new()
        .route("/", get(|| async { file("index.html") }))
        .route("/ws", get(socket))
        .route("/pack/{*file}", get(picture))
        .route("/still/{number}", get(still_picture))
        .route("/check", get(check_page))
        .route("/check.json", get(check_json))
        .route(
            "/check.css",
            get(|| async { ([(header::CONTENT_TYPE, "text/css")], check::STYLE) }),
        )
        .route(
            "/{*path}",
            get(|Path(path): Path<String>| async move { file(&path) }),
        )
        .layer(middleware::map_response(secure))
        .with_state(shared);
    if let Err(error) = axum::serve(listener, app).await {
        warn!("the screen page's server ended: {error}");
    }
}

fn file(path: &str) -> Response {
    match Page::get(path) {
        Some(file) => {
            let kind = mime_guess::from_path(path).first_or_octet_stream();
            (
                [(header::CONTENT_TYPE, kind.to_string())],
                file.data.into_owned(),
            )
                .into_response()
        }
        None if path == "index.html" => {
            "The screen page is not built into this program; run `npm run build` and build again."
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file that a topic of the pack shows.
async fn picture(State(shared): State<Shared>, Path(file): Path<String>) -> Response {
    match shared.pictures.get(&file) {
        Some(file) => ([(header::CONTENT_TYPE, file.kind)], file.bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The still that its visitor looks at; no browser may keep it.
async fn still_picture(
    State(shared): State<Shared>,
    Path(number): Path<u32>,
    headers: HeaderMap,
) -> Response {
    if !names_loopback(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let alone = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    match shared.still.get(number) {
        Some(jpeg) => (alone, jpeg).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What works, for whoever sets the robot up.
async fn check_page(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    if !names_loopback(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    Html(check::html(&shared.check.read())).into_response()
}

async fn check_json(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    if !names_loopback(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    Json(check::json(&shared.check.read())).into_response()
}

/// Headers of every page on the robot's display.
pub async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    response
}

async fn socket(
    State(shared): State<Shared>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_own_page(&headers) {
        return (
            StatusCode::FORBIDDEN,
            "only the robot's own screen may connect",
        )
            .into_response();
    }
    upgrade
        .max_message_size(LONGEST_MESSAGE)
        .max_frame_size(LONGEST_MESSAGE)
        .on_upgrade(|socket| page(socket, shared))
}

/// Another website in the same browser must not drive the robot, whatever name it gave loopback.
fn is_own_page(headers: &HeaderMap) -> bool {
    let origin = text(headers, header::ORIGIN);
    let host = text(headers, header::HOST);
    names_loopback(headers) && origin == host.map(|host| format!("http://{host}")).as_deref()
}

fn names_loopback(headers: &HeaderMap) -> bool {
    text(headers, header::HOST).is_some_and(is_loopback_host)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

async fn page(mut socket: WebSocket, shared: Shared) {
    let mut view = shared.hub.view.subscribe();
    let mut level = shared.hub.level.subscribe();
    let mut signals = shared.hub.signals.subscribe();
    view.mark_changed();
    tell(&shared.events, Event::ScreenReady);
    loop {
        let text = tokio::select! {
            changed = view.changed() => match changed {
                Ok(()) => Some(view.borrow_and_update().clone()),
                Err(_) => return,
            },
            changed = level.changed() => match changed {
                Ok(()) => Some(level.borrow_and_update().clone()),
                Err(_) => return,
            },
            message = signals.recv() => match message {
                Ok(text) => Some(text),
                Err(broadcast::error::RecvError::Lagged(_)) => None,
                Err(broadcast::error::RecvError::Closed) => return,
            },
            message = socket.recv() => {
                let Some(Ok(message)) = message else { return };
                if let Message::Text(text) = message {
                    match serde_json::from_str::<ScreenToRobot>(&text) {
                        Ok(message) => tell(&shared.events, Event::Screen(message)),
                        Err(error) => {
                            // The error quotes the message, which may be what somebody said.
                            warn!("a message of the screen page is not understood");
                            debug!(%error, "not understood");
                        }
                    }
                }
                None
            }
        };
        if let Some(text) = text.filter(|text| !text.is_empty())
            && socket.send(Message::text(text)).await.is_err()
        {
            debug!("the screen page went away");
            return;
        }
    }
}

fn tell(events: &Sender<Event>, event: Event) {
    let _ = tokio::task::block_in_place(|| events.send(event));
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::Request;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::time::timeout;

    use super::*;
    use crate::config::Config;

    const PATIENCE: Duration = Duration::from_secs(10);

    /// The page's socket after a frame was announced of which nothing comes: what is read of it
    /// until it is closed, or nothing when it stays open.
    async fn announced(bytes: u64) -> Option<Vec<u8>> {
        let listener = bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (events, heard) = crossbeam_channel::bounded(8);
        let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("robot.toml");
        let check = CheckBook::begin(&Config::load(&sample).unwrap(), false);
        let serving = tokio::spawn(serve(
            listener,
            ScreenHub::default(),
            events,
            check,
            (Arc::new(Pictures::new()), StillOnScreen::default()),
        ));
        let stream = TcpStream::connect(address).await.unwrap();
        let request = Request::builder()
            .uri(format!("ws://{address}/ws"))
            .header(header::HOST, address.to_string())
            .header(header::ORIGIN, format!("http://{address}"))
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==")
            .body(())
            .unwrap();
        let (mut socket, _) = tokio_tungstenite::client_async(request, stream)
            .await
            .unwrap();
        // RFC 6455, 5.2: a masked text of 64-bit length.
        let head = [&[0x81, 0xff][..], &bytes.to_be_bytes(), &[0; 4]].concat();
        let stream = socket.get_mut();
        stream.write_all(&head).await.unwrap();
        let mut rest = Vec::new();
        let closed = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
        serving.abort();
        drop(heard);
        closed.is_ok().then_some(rest)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_message_beyond_the_bound_is_refused_before_it_comes() {
        let largest = LONGEST_MESSAGE as u64;
        assert!(announced(largest + 1).await.is_some(), "it was waited for");
    }
}
