//! From which pages the console takes requests.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use madoguchi_shared::loopback::is_loopback_host;

use super::{App, Door, refusal};

/// Whether the request names an origin and it is the console's own or an allowed one. Browsers
/// always name it on WebSockets and on everything that changes something.
pub fn names_allowed_page(app: &App, headers: &HeaderMap) -> bool {
    text(headers, ORIGIN.as_str()).is_some_and(|origin| is_allowed(app, headers, origin))
}

/// Whether the request names no foreign origin; programs that aren't browsers name none.
pub fn names_no_foreign_page(app: &App, headers: &HeaderMap) -> bool {
    match headers.get(ORIGIN) {
        None => true,
        Some(_) => names_allowed_page(app, headers),
    }
}

fn is_allowed(app: &App, headers: &HeaderMap, origin: &str) -> bool {
    let origin = origin.to_ascii_lowercase();
    let own = text(headers, HOST.as_str())
        .map(|host| format!("{}://{}", app.door.scheme(), host.to_ascii_lowercase()));
    own.as_deref() == Some(origin.as_str()) || app.house.config.allowed_origins.contains(&origin)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// On the plain listener, refuses host names that aren't loopback's: a foreign site whose name
/// was rebound to 127.0.0.1 would otherwise pass for the console's own page.
pub async fn only_own_host(State(app): State<App>, request: Request, next: Next) -> Response {
    let host = text(request.headers(), HOST.as_str()).unwrap_or_default();
    if app.door == Door::Loopback && !is_loopback_host(host) {
        return refusal::foreign_host().into_response();
    }
    next.run(request).await
}
