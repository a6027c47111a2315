//! What the robot will surely say some day is synthesised before anybody waits for it.

use std::collections::VecDeque;

use madoguchi_core::pack::{Pack, Phrase};
use madoguchi_shared::ids::Lang;
use madoguchi_speech::voice::{Voices, pieces};
use tracing::{info, warn};

/// The pieces of the pack's authored texts that are still to be synthesised: the first piece of
/// every text before any second one, answers before phrases.
#[derive(Debug, Default)]
pub struct Ahead {
    pieces: VecDeque<(Lang, String)>,
}

impl Ahead {
    /// Everything that the pack says in the languages that it serves.
    pub fn of(pack: &Pack) -> Self {
        let (mut first, mut later) = (Vec::new(), Vec::new());
        for (language, text) in texts(pack) {
            for (number, span) in pieces(language, text).into_iter().enumerate() {
                let piece = (language.clone(), text[span].to_owned());
                if number == 0 { &mut first } else { &mut later }.push(piece);
            }
        }
        Self {
            pieces: first.into_iter().chain(later).collect(),
        }
    }

    /// Whether all is done.
    pub fn is_done(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Synthesises one piece, which takes up to a second or two. Gives up when the cache is full
    /// or a voice fails: then nothing is lost but time.
    pub fn step(&mut self, voices: &mut Voices) {
        let Some((language, piece)) = self.pieces.pop_front() else {
            return;
        };
        match voices.prepare(&language, &piece) {
            Ok(true) => {}
            Ok(false) => self.pieces.clear(),
            Err(error) => {
                warn!(%language, "nothing is synthesised ahead in this language: {error}");
                self.pieces.retain(|(other, _)| *other != language);
            }
        }
        if self.is_done() {
            let kept_kb = voices.cached_bytes() / 1_000;
            info!(kept_kb, "the pack's sentences are synthesised ahead");
        }
    }
}

fn texts(pack: &Pack) -> impl Iterator<Item = (&Lang, &str)> {
    let answers = pack.topics().iter().flat_map(move |topic| {
        let in_language = |language| Some((language, topic.answer(language)?.say.as_str()));
        pack.languages().iter().filter_map(in_language)
    });
    let phrases = Phrase::ALL.iter().flat_map(move |phrase| {
        let in_language = |language| pack.phrase_with_language(language, *phrase);
        pack.languages().iter().map(in_language)
    });
    answers.chain(phrases)
}
