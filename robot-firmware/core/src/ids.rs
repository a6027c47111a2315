//! Identifiers from time and a seed, so that a replay makes the same ones.

use madoguchi_shared::ids::UnixMs;
use uuid::{Builder, Uuid};

/// A source of UUIDs of version 7 (RFC 9562).
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    state: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(crate) fn next(&mut self, wall: UnixMs) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.split_mix().to_le_bytes());
        random[8..].copy_from_slice(&self.split_mix().to_le_bytes()[..2]);
        let millis = u64::try_from(wall.0).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    fn split_mix(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
