//! The still that the visitor looks at before it is sent: in memory, for that long.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use madoguchi_shared::ids::UnixMs;

/// Shared by the loop, which gets it from the camera, and the screen's server, which shows it.
#[derive(Debug, Clone, Default)]
pub struct StillOnScreen(Arc<Mutex<Option<Kept>>>);

/// A still of that number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its number; a later one has a higher.
    pub number: u32,
    /// When it was taken.
    pub at: UnixMs,
    /// The image.
    pub jpeg: Bytes,
}

impl StillOnScreen {
    /// Keeps a still, and no other; one that comes late leaves a newer one alone.
    pub fn keep(&self, still: Kept) {
        let mut kept = self.kept();
        if kept.as_ref().is_none_or(|own| own.number <= still.number) {
            *kept = Some(still);
        }
    }

    /// The still of that number, while it is kept.
    pub fn get(&self, number: u32) -> Option<Bytes> {
        let kept = self.kept();
        let own = kept.as_ref().filter(|own| own.number == number);
        own.map(|own| own.jpeg.clone())
    }

    /// Hands out the one of that number and forgets it.
    pub fn take(&self, number: u32) -> Option<Kept> {
        self.kept().take_if(|own| own.number == number)
    }

    /// Nobody looks at the one of that number any more.
    pub fn forget(&self, number: u32) {
        self.take(number);
    }

    /// Nobody looks at any.
    pub fn forget_all(&self) {
        *self.kept() = None;
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn still(number: u32) -> Kept {
        Kept {
            number,
            at: UnixMs(i64::from(number)),
            jpeg: Bytes::from(vec![0; number as usize]),
        }
    }

    #[test]
    fn a_late_one_neither_replaces_nor_removes_a_newer_one() {
        let shown = StillOnScreen::default();
        shown.keep(still(2));
        shown.keep(still(1));
        shown.forget(1);
        assert_eq!(shown.take(1), None);
        assert_eq!(shown.get(2), Some(still(2).jpeg));
        assert_eq!(
            shown.take(2),
            Some(still(2)),
            "with the moment of its taking"
        );
        assert_eq!(shown.get(2), None);
    }
}
