//! Error answers: a status, a stable code and a sentence.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use madoguchi_shared::operator::ApiError;

use crate::store::StoreError;

/// An error answer.
pub type Refusal = (StatusCode, Json<ApiError>);

fn refusal(status: StatusCode, code: &str, message: &str) -> Refusal {
    (
        status,
        Json(ApiError {
            code: code.to_owned(),
            message: message.to_owned(),
        }),
    )
}

/// No session, or it is over.
pub fn not_signed_in() -> Refusal {
    refusal(
        StatusCode::UNAUTHORIZED,
        "not_signed_in",
        "You aren't signed in; sign in first.",
    )
}

/// The same for an unknown account as for a wrong password.
pub fn wrong_password() -> Refusal {
    refusal(
        StatusCode::UNAUTHORIZED,
        "wrong_password",
        "Account name or password is wrong; check both, or ask your administrator for a new password.",
    )
}

/// A page of another site.
pub fn foreign_origin() -> Refusal {
    refusal(
        StatusCode::FORBIDDEN,
        "foreign_origin",
        "This page may not use the console; open the console's own address, or add the page's \
         origin to `allowed_origins`.",
    )
}

/// A name that isn't this machine's.
pub fn foreign_host() -> Refusal {
    refusal(
        StatusCode::FORBIDDEN,
        "foreign_host",
        "This listener serves this machine only; open it as 127.0.0.1 or localhost, or use the \
         TLS address.",
    )
}

/// Not the JSON that is expected.
pub fn bad_request() -> Refusal {
    refusal(
        StatusCode::BAD_REQUEST,
        "bad_request",
        "The request's body isn't understood; send JSON with `user` and `password`.",
    )
}

/// The store failed; the log says why.
pub fn store(error: &StoreError) -> Refusal {
    tracing::error!(error = error as &dyn std::error::Error, "a request failed");
    refusal(
        StatusCode::SERVICE_UNAVAILABLE,
        "unavailable",
        "The console can't reach its database; try again in a minute.",
    )
}

/// Too many wrong passwords.
pub fn too_many_attempts(wait: Duration) -> Response {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let message = format!("Too many attempts; try again in {seconds} s.");
    (
        [(RETRY_AFTER, seconds.to_string())],
        refusal(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", &message),
    )
        .into_response()
}

/// Too many robots that aren't known yet are connected; in `wait` each has said who it is.
pub fn too_many_introductions(wait: Duration) -> Response {
    let seconds = wait.as_secs();
    let message = format!("Too many robots are introducing themselves; try again in {seconds} s.");
    (
        [(RETRY_AFTER, seconds.to_string())],
        refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "too_many_introductions",
            &message,
        ),
    )
        .into_response()
}
