use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The person of a call asks for a still from the camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum StillCard {
    /// Whether one may be taken.
    Ask,
    /// The camera takes it.
    Taking,
    /// Whether this one may be sent.
    Preview {
        /// Where it is, relative to the page's own address.
        src: String,
    },
}
