//! `/api/session`: sign in, who am I, sign out.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use madoguchi_shared::ids::{OperatorId, UnixMs};
use madoguchi_shared::operator::{Session, SignIn};

use super::{App, Door, origin, refusal};
use crate::auth::account_name;
use crate::hub::now;
use crate::secret;
use crate::store::{OperatorSession, StoreError};

/// A browser keeps the cookie for this long after the session should be over: the console decides,
/// and lets it last until a call is over.
const COOKIE_OUTLASTS: Duration = Duration::from_secs(24 * 60 * 60);

/// Signs in.
pub async fn post(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !origin::names_no_foreign_page(&app, &headers) {
        return refusal::foreign_origin().into_response();
    }
    let Ok(SignIn {
        user,
        password,
        key,
    }) = serde_json::from_slice(&body)
    else {
        return refusal::bad_request().into_response();
    };
    if key.as_deref().is_some_and(|key| !is_page_key(key)) {
        return refusal::bad_request().into_response();
    }
    let Ok(account) = account_name(&user) else {
        return refusal::wrong_password().into_response();
    };
    let house = &app.house;
    if let Err(wait) = house.brake.attempt(&account, from.ip(), Instant::now()) {
        return refusal::too_many_attempts(wait);
    }
    let credentials = match house.hub.store().credentials(&account).await {
        Ok(credentials) => credentials,
        Err(error) => return refusal::store(&error).into_response(),
    };
    let stored = credentials
        .as_ref()
        .map(|known| known.password_hash.as_str());
    let fits = house.passwords.check(stored, password).await;
    let Some(known) = credentials.filter(|_| fits) else {
        tracing::info!("a sign-in failed");
        return refusal::wrong_password().into_response();
    };
    house.brake.succeeded(&account, from.ip());

    let token = secret::token();
    let session = OperatorSession {
        card: known.card,
        token_hash: secret::sha256_hex(&token),
        page_key: key,
        expires_at: after(now(), house.config.session),
    };
    if let Err(error) = replace(&app, &headers, &session).await {
        return refusal::store(&error).into_response();
    }
    tracing::info!(operator = %session.card.id, "operator signed in");
    let lifetime = house.config.session + COOKIE_OUTLASTS;
    let cookie = cookie(&app.door, &token, lifetime);
    (
        [(SET_COOKIE, cookie)],
        Json(Session {
            operator: session.card,
            key: session.page_key,
        }),
    )
        .into_response()
}

/// Who is signed in.
pub async fn get(State(app): State<App>, headers: HeaderMap) -> Response {
    match current(&app, &headers).await {
        Ok(Some(session)) => Json(Session {
            operator: session.card,
            key: session.page_key,
        })
        .into_response(),
        Ok(None) => refusal::not_signed_in().into_response(),
        Err(error) => refusal::store(&error).into_response(),
    }
}

/// Signs out, and hangs up the session's pages. A case that the operator holds waits again.
pub async fn delete(State(app): State<App>, headers: HeaderMap) -> Response {
    if !origin::names_no_foreign_page(&app, &headers) {
        return refusal::foreign_origin().into_response();
    }
    if let Err(error) = end(&app, &headers, None).await {
        return refusal::store(&error).into_response();
    }
    let cookie = cookie(&app.door, "", Duration::ZERO);
    (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response()
}

/// The session of a request's cookie, unless it is over.
pub async fn current(
    app: &App,
    headers: &HeaderMap,
) -> Result<Option<OperatorSession>, StoreError> {
    match token_hash(&app.door, headers) {
        Some(hash) => app.house.hub.store().session(&hash, now()).await,
        None => Ok(None),
    }
}

/// 32 bytes in base64. Which point of the curve they are is for the robots to find out.
fn is_page_key(key: &str) -> bool {
    BASE64.decode(key).is_ok_and(|bytes| bytes.len() == 32)
}

async fn replace(
    app: &App,
    headers: &HeaderMap,
    session: &OperatorSession,
) -> Result<(), StoreError> {
    end(app, headers, Some(session.card.id)).await?;
    app.house.hub.store().add_session(session, now()).await
}

/// Ends the session of a request's cookie; `next` is who signs in instead.
async fn end(app: &App, headers: &HeaderMap, next: Option<OperatorId>) -> Result<(), StoreError> {
    let hub = &app.house.hub;
    if let Some(session) = current(app, headers).await? {
        hub.store().end_session(&session.token_hash).await?;
        let leaves = next != Some(session.card.id);
        hub.session_ended(&session, leaves).await?;
    }
    Ok(())
}

fn after(now: UnixMs, duration: Duration) -> UnixMs {
    UnixMs(
        now.0
            .saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)),
    )
}

/// `__Host-` binds the cookie to this very host, but browsers take it over TLS only.
fn cookie_name(door: &Door) -> &'static str {
    match door {
        Door::Tls(_) => "__Host-madoguchi",
        Door::Loopback => "madoguchi",
    }
}

fn cookie(door: &Door, token: &str, lifetime: Duration) -> String {
    let secure = if matches!(door, Door::Tls(_)) {
        "; Secure"
    } else {
        ""
    };
    format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{secure}",
        cookie_name(door),
        lifetime.as_secs()
    )
}

fn token_hash(door: &Door, headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == cookie_name(door))
        .map(|(_, token)| secret::sha256_hex(token))
}
