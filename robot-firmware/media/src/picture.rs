//! When pictures were taken that an operator's page shows.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::pipeline::RTP_TIMESTAMP;

/// A picture on its way to the operator's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// Its RTP timestamp, in 1/90000 s (RFC 7741), by which the page knows it.
    pub rtp: u32,
    /// When the camera took it.
    pub taken: Instant,
}

/// The picture that was sent last in the call that stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewestPicture(Arc<Mutex<Option<Picture>>>);

impl NewestPicture {
    pub(crate) fn get(&self) -> Option<Picture> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A packet of a picture is sent that is so old.
    pub(crate) fn sent(&self, packet: &[u8], age: Duration) {
        let timestamp = packet
            .get(RTP_TIMESTAMP)
            .and_then(|bytes| bytes.try_into().ok());
        if let (Some(bytes), Some(taken)) = (timestamp, Instant::now().checked_sub(age)) {
            let rtp = u32::from_be_bytes(bytes);
            self.set(Some(Picture { rtp, taken }));
        }
    }

    /// Another camera's timestamps begin anywhere.
    pub(crate) fn forget(&self) {
        self.set(None);
    }

    fn set(&self, picture: Option<Picture>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = picture;
    }
}
