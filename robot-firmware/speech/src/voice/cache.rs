//! Sound that was made ahead, in memory only and at most a number of bytes.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

/// What a piece costs beside its samples: key and tree node, about.
const OVERHEAD_BYTES: usize = 200;

/// See the module. The default keeps nothing.
#[derive(Debug, Default)]
pub(super) struct Cache {
    limit_bytes: usize,
    bytes: usize,
    pieces: BTreeMap<(Lang, String), Vec<i16>>,
}

impl Cache {
    pub(super) fn new(limit_bytes: usize) -> Self {
        Self {
            limit_bytes,
            ..Self::default()
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn get(&self, lang: &Lang, piece: &str) -> Option<&[i16]> {
        let key = (lang.clone(), piece.to_owned());
        self.pieces.get(&key).map(Vec::as_slice)
    }

    /// Keeps a piece that is not there yet, if there is room for it.
    pub(super) fn keep(&mut self, lang: &Lang, piece: &str, samples: &[i16]) -> bool {
        let cost = size_of_val(samples) + OVERHEAD_BYTES;
        if self.bytes + cost > self.limit_bytes {
            return false;
        }
        self.bytes += cost;
        self.pieces
            .insert((lang.clone(), piece.to_owned()), samples.to_vec());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_holds() {
        let en = "en".parse().unwrap();
        let piece = [1; 100];
        let mut cache = Cache::new(size_of_val(&piece) + OVERHEAD_BYTES);
        assert!(cache.keep(&en, "a", &piece));
        assert!(!cache.keep(&en, "b", &piece));
        assert_eq!(cache.get(&en, "a"), Some(&piece[..]));
        assert_eq!(cache.get(&en, "b"), None);
        assert!(!Cache::default().keep(&en, "a", &[1]));
    }
}
