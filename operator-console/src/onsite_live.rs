//! `GET /api/onsite`: a phone of staff in the room, from an allowed origin. It has one case, by a link
//! that its robot asked for; nobody signs in.

use std::ops::ControlFlow;
use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use madoguchi_shared::onsite::PhoneToConsole;

use crate::board::ConnectionId;
use crate::http::{App, origin, refusal};
use crate::hub::Hub;
use crate::socket::{self, Outbox, Peer};

/// Largest message taken from a phone, in bytes: a return packet's note.
const PHONE_MESSAGE_MAX_BYTES: usize = 32 * 1024;

/// The handler.
pub async fn live(
    State(app): State<App>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !origin::names_allowed_page(&app, &headers) {
        return refusal::foreign_origin().into_response();
    }
    upgrade
        .max_message_size(PHONE_MESSAGE_MAX_BYTES)
        .max_frame_size(PHONE_MESSAGE_MAX_BYTES)
        .on_upgrade(move |socket| {
            let connections = app.house.connections.clone();
            connections.track_future(serve(app, socket))
        })
}

async fn serve(app: App, socket: WebSocket) {
    let (outbox, outgoing) = socket::outbox(&app.house.shutdown);
    let mut peer = Phone {
        hub: Arc::clone(&app.house.hub),
        outbox,
        joined: None,
    };
    socket::serve(socket, outgoing, app.house.config.silence, &mut peer).await;
    if let Some(phone) = peer.joined {
        peer.hub.phone_left(phone);
    }
}

struct Phone {
    hub: Arc<Hub>,
    outbox: Outbox,
    joined: Option<ConnectionId>,
}

impl Peer for Phone {
    async fn heard(&mut self, text: &str) -> ControlFlow<()> {
        let Ok(message) = serde_json::from_str::<PhoneToConsole>(text) else {
            return ControlFlow::Break(());
        };
        let done = match (self.joined, message) {
            (Some(phone), PhoneToConsole::Do { what }) => {
                self.hub.phone_does(phone, what);
                Ok(())
            }
            (None, PhoneToConsole::Do { .. }) | (Some(_), _) => return ControlFlow::Break(()),
            (None, introduction) => {
                let joined = self
                    .hub
                    .phone_joined(introduction, self.outbox.clone())
                    .await;
                // One that is refused is told so, and hung up on with the next ping.
                joined.map(|phone| self.joined = phone)
            }
        };
        match done {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a phone can't be served"
                );
                ControlFlow::Break(())
            }
        }
    }

    async fn still_welcome(&mut self) -> bool {
        self.joined
            .is_some_and(|phone| self.hub.phone_may_stay(phone))
    }
}
