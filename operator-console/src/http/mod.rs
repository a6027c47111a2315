//! What both listeners answer.

pub mod headers;
pub mod origin;
pub mod refusal;
pub mod session;
pub mod static_pages;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router, middleware};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::{Brake, PasswordChecker};
use crate::config::Config;
use crate::hub::Hub;
use crate::introductions::Introductions;
use crate::{onsite_live, operator_live, robot_link};

/// What all requests share.
#[derive(Debug)]
pub struct House {
    /// The checked configuration.
    pub config: Config,
    /// Robots, cases, pages.
    pub hub: Arc<Hub>,
    /// Checks passwords.
    pub passwords: PasswordChecker,
    /// Slows guessing down.
    pub brake: Brake,
    /// Places for robots that introduce themselves.
    pub introductions: Introductions,
    /// Ends all connections.
    pub shutdown: CancellationToken,
    /// All WebSockets, so that a stop can wait for their last words.
    pub connections: TaskTracker,
}

/// Which listener a request came through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// TLS, with the SHA-256 fingerprint of the certificate.
    Tls(String),
    /// Plain HTTP on loopback.
    Loopback,
}

impl Door {
    /// What a robot signs as the console's certificate; empty on loopback.
    pub fn fingerprint(&self) -> &str {
        match self {
            Self::Tls(fingerprint) => fingerprint,
            Self::Loopback => "",
        }
    }

    /// `https` or `http`.
    pub fn scheme(&self) -> &'static str {
        match self {
            Self::Tls(_) => "https",
            Self::Loopback => "http",
        }
    }
}

/// State of one listener's routes.
#[derive(Debug, Clone)]
pub struct App {
    /// What all requests share.
    pub house: Arc<House>,
    /// Which listener.
    pub door: Door,
}

/// Largest body of a request, in bytes.
const BODY_MAX_BYTES: usize = 8 * 1024;

/// All routes of one listener.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/api/health", get(health))
        .route(
            "/api/session",
            get(session::get)
                .post(session::post)
                .delete(session::delete),
        )
        .route("/api/live", get(operator_live::live))
        .route("/api/onsite", get(onsite_live::live))
        .route("/robot/link", get(robot_link::link))
        .fallback(static_pages::serve)
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            origin::only_own_host,
        ))
        .layer(middleware::map_response(headers::secure))
        .with_state(app)
}

/// Answer of `GET /api/health`.
#[derive(Debug, Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
}

async fn health(State(app): State<App>) -> impl IntoResponse {
    let (code, status) = match app.house.hub.store().ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database_unreachable"),
    };
    (
        code,
        Json(Health {
            status,
            version: env!("CARGO_PKG_VERSION"),
        }),
    )
}
