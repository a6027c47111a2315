//! The machine's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use madoguchi_shared::ids::UnixMs;

/// The time of day, as it is set on this machine.
pub fn wall() -> UnixMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.unwrap_or_default().as_millis();
    UnixMs(i64::try_from(millis).unwrap_or(i64::MAX))
}
