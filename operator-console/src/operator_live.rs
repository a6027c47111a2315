//! `GET /api/live`: an operator's page, signed in and from an allowed origin.

use std::ops::ControlFlow;
use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use madoguchi_shared::operator::OperatorToConsole;

use crate::board::ConnectionId;
use crate::http::{App, origin, refusal, session};
use crate::hub::Hub;
use crate::socket::{self, Peer};
use crate::store::OperatorSession;

/// Largest message taken from a page, in bytes; a session description has about 10,000.
const PAGE_MESSAGE_MAX_BYTES: usize = 256 * 1024;

/// The handler.
pub async fn live(
    State(app): State<App>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !origin::names_allowed_page(&app, &headers) {
        return refusal::foreign_origin().into_response();
    }
    let session = match session::current(&app, &headers).await {
        Ok(Some(session)) => session,
        Ok(None) => return refusal::not_signed_in().into_response(),
        Err(error) => return refusal::store(&error).into_response(),
    };
    upgrade
        .max_message_size(PAGE_MESSAGE_MAX_BYTES)
        .max_frame_size(PAGE_MESSAGE_MAX_BYTES)
        .on_upgrade(move |socket| {
            let connections = app.house.connections.clone();
            connections.track_future(serve(app, session, socket))
        })
}

async fn serve(app: App, session: OperatorSession, socket: WebSocket) {
    let hub = &app.house.hub;
    let (outbox, outgoing) = socket::outbox(&app.house.shutdown);
    let page = match hub.page_joined(&session, outbox).await {
        Ok(page) => page,
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a page can't be served"
            );
            return;
        }
    };
    let operator = session.card.id;
    tracing::info!(%operator, "operator's page connected");
    let mut peer = Page {
        hub: Arc::clone(hub),
        page,
        session,
    };
    socket::serve(socket, outgoing, app.house.config.silence, &mut peer).await;
    hub.page_left(page).await;
    tracing::info!(%operator, "operator's page gone");
}

struct Page {
    hub: Arc<Hub>,
    page: ConnectionId,
    session: OperatorSession,
}

impl Peer for Page {
    async fn heard(&mut self, text: &str) -> ControlFlow<()> {
        let message = match serde_json::from_str::<OperatorToConsole>(text) {
            Ok(message) => message,
            Err(error) => {
                tracing::warn!(operator = %self.session.card.id, kind = ?error.classify(), "a message that isn't understood was dropped");
                return ControlFlow::Continue(());
            }
        };
        match self.hub.from_page(self.page, message).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "an operator's wish can't be stored"
                );
                ControlFlow::Break(())
            }
        }
    }

    async fn still_welcome(&mut self) -> bool {
        let token = &self.session.token_hash;
        let holds = self.hub.session_holds(self.page, token).await;
        holds.unwrap_or(true)
    }
}
