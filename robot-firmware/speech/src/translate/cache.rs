//! The translations of this visit, in memory only.

use std::collections::VecDeque;

use super::{Asked, Translated};

/// So many are kept; a conversation asks for the same few again.
const MOST: usize = 128;

/// The newest translations, oldest first.
#[derive(Debug, Default)]
pub(super) struct Cache {
    kept: VecDeque<(Asked, Translated)>,
}

impl Cache {
    pub(super) fn get(&self, asked: &Asked) -> Option<&Translated> {
        self.kept
            .iter()
            .find(|(own, _)| own == asked)
            .map(|(_, translated)| translated)
    }

    pub(super) fn keep(&mut self, asked: Asked, translated: Translated) {
        if self.kept.len() == MOST {
            self.kept.pop_front();
        }
        self.kept.push_back((asked, translated));
    }

    pub(super) fn clear(&mut self) {
        self.kept.clear();
    }
}
