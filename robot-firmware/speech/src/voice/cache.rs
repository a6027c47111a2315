//! Sound that was made before, in memory only: at most a number of bytes, the latest used.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

/// What a piece costs beside its samples: key and tree node, about.
const OVERHEAD_BYTES: usize = 200;

/// See the module. The default keeps nothing.
#[derive(Debug, Default)]
pub(super) struct Cache {
    limit_bytes: usize,
    bytes: usize,
    entries: BTreeMap<Key, Entry>,
    /// Counts uses.
    clock: u64,
}

type Key = (Lang, String);

#[derive(Debug)]
struct Entry {
    samples: Vec<i16>,
    used: u64,
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

    pub(super) fn contains(&self, lang: &Lang, piece: &str) -> bool {
        self.entries.contains_key(&key(lang, piece))
    }

    pub(super) fn get(&mut self, lang: &Lang, piece: &str) -> Option<Vec<i16>> {
        self.clock += 1;
        let entry = self.entries.get_mut(&key(lang, piece))?;
        entry.used = self.clock;
        Some(entry.samples.clone())
    }

    /// Keeps a piece; the longest unused ones make room.
    pub(super) fn keep(&mut self, lang: &Lang, piece: &str, samples: &[i16]) {
        let cost = cost(samples);
        if cost > self.limit_bytes {
            return;
        }
        while self.bytes + cost > self.limit_bytes {
            self.drop_oldest();
        }
        self.insert(key(lang, piece), samples);
    }

    /// Keeps a piece only where there is room for it.
    pub(super) fn keep_if_roomy(&mut self, lang: &Lang, piece: &str, samples: &[i16]) -> bool {
        let roomy = self.bytes + cost(samples) <= self.limit_bytes;
        if roomy {
            self.insert(key(lang, piece), samples);
        }
        roomy
    }

    fn insert(&mut self, key: Key, samples: &[i16]) {
        self.clock += 1;
        let entry = Entry {
            samples: samples.to_vec(),
            used: self.clock,
        };
        self.bytes += cost(samples);
        if let Some(old) = self.entries.insert(key, entry) {
            self.bytes -= cost(&old.samples);
        }
    }

    fn drop_oldest(&mut self) {
        let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used);
        let Some(key) = oldest.map(|(key, _)| key.clone()) else {
            return;
        };
        if let Some(entry) = self.entries.remove(&key) {
            self.bytes -= cost(&entry.samples);
        }
    }
}

fn key(lang: &Lang, piece: &str) -> Key {
    (lang.clone(), piece.to_owned())
}

fn cost(samples: &[i16]) -> usize {
    size_of_val(samples) + OVERHEAD_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn en() -> Lang {
        "en".parse().unwrap()
    }

    #[test]
    fn the_longest_unused_piece_makes_room() {
        let piece = [1; 100];
        let mut cache = Cache::new(3 * cost(&piece));
        for name in ["a", "b", "c"] {
            cache.keep(&en(), name, &piece);
        }
        assert_eq!(cache.get(&en(), "a"), Some(piece.to_vec()));
        cache.keep(&en(), "d", &piece);
        assert!(!cache.contains(&en(), "b"));
        assert!(cache.contains(&en(), "a") && cache.contains(&en(), "d"));
        assert_eq!(cache.bytes(), 3 * cost(&piece));
    }

    #[test]
    fn what_is_prepared_pushes_nothing_out() {
        let piece = [1; 100];
        let mut cache = Cache::new(cost(&piece));
        assert!(cache.keep_if_roomy(&en(), "a", &piece));
        assert!(!cache.keep_if_roomy(&en(), "b", &piece));
        assert!(cache.contains(&en(), "a"));
    }

    #[test]
    fn the_limit_holds_whatever_comes() {
        let mut cache = Cache::new(10_000);
        for n in 0..500 {
            cache.keep(&en(), &(n % 70).to_string(), &vec![0; n * 37 % 6_000]);
            assert!(cache.bytes() <= 10_000);
        }
        let mut nothing = Cache::default();
        nothing.keep(&en(), "a", &[1]);
        assert_eq!(nothing.get(&en(), "a"), None);
    }
}
