//! One pair of languages of Mozilla's Firefox Translations.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use fxtranslate::engine::Engine;
use fxtranslate::segment::MAX_SOURCE_TOKENS;
use fxtranslate::shortlist::Shortlist;

use super::guard::Model;
use super::links::Links;

/// The model of a pair.
pub(super) struct Firefox {
    engine: Engine,
    /// Whether it has met bytes in its files that no sound model has.
    damaged: bool,
}

const DAMAGED: &str = "its files are damaged";

impl Firefox {
    /// Loads the pair whose files stand in `dir`, under the names that Mozilla gives them.
    pub(super) fn load(dir: &Path) -> Result<Self, String> {
        // The engine's kernel is chosen when it is built, and would end the program elsewhere.
        #[cfg(target_arch = "x86_64")]
        if !std::arch::is_x86_feature_detected!("avx2") {
            return Err("this processor lacks AVX2, which translating needs".to_owned());
        }
        let names: Vec<PathBuf> = std::fs::read_dir(dir)
            .map_err(|error| error.to_string())?
            .flatten()
            .map(|entry| entry.path())
            .collect();
        let find = |prefix: &str, extension: &str| {
            names.iter().find(|path| {
                let name = path
                    .file_name()
                    .and_then(|name| name.to_str())
                    .unwrap_or_default();
                name.starts_with(prefix) && name.ends_with(extension)
            })
        };
        let model = find("model.", ".bin").ok_or("there is no model.*.bin")?;
        let source = find("srcvocab.", ".spm").or_else(|| find("vocab.", ".spm"));
        let target = find("trgvocab.", ".spm").or_else(|| find("vocab.", ".spm"));
        let (Some(source), Some(target)) = (source, target) else {
            return Err("there is no vocab.*.spm".to_owned());
        };
        let shortlist = find("lex.", ".bin");
        // The parsers of these files panic on bytes that they don't expect.
        let engine = catch_unwind(AssertUnwindSafe(|| {
            // Before the model: read beside all of it, the list's file would be the peak of the
            // speech part's memory.
            let shortlist = shortlist.map(Shortlist::load).transpose();
            let shortlist = shortlist.map_err(|error| error.to_string())?;
            let engine = Engine::load(model, source, target)?;
            Ok(match shortlist {
                Some(shortlist) => engine.with_shortlist(shortlist),
                None => engine,
            })
        }))
        .unwrap_or_else(|_| Err(DAMAGED.to_owned()))?;
        Ok(Self {
            engine,
            damaged: false,
        })
    }

    /// Translates one sentence. One that is longer than what the model was taught to read is cut
    /// at the comma or space that is nearest to its middle.
    fn render(&self, sentence: &str) -> String {
        if self.fits(sentence) {
            // The path for several sentences keeps what one step of the decoder leaves to the next.
            return self.engine.translate_batch(&[sentence]).concat();
        }
        let (left, right) = sentence.split_at(middle(sentence));
        let gap = &left[left.trim_end().len()..];
        format!(
            "{}{gap}{}",
            self.render(left.trim()),
            self.render(right.trim())
        )
    }

    fn fits(&self, sentence: &str) -> bool {
        self.engine.src_ids(sentence).len() <= MAX_SOURCE_TOKENS + 1
    }

    /// What the engine makes of damaged weights or lists may be a panic; it is asked once only.
    fn carefully<T>(&mut self, work: impl FnOnce(&Self) -> T) -> Result<T, String> {
        if !self.damaged {
            match catch_unwind(AssertUnwindSafe(|| work(self))) {
                Ok(done) => return Ok(done),
                Err(_) => self.damaged = true,
            }
        }
        Err(format!("{DAMAGED}; run `madoguchi-robot models fetch`"))
    }
}

impl Model for Firefox {
    fn translate(&mut self, sentence: &str) -> Result<String, String> {
        self.carefully(|own| own.render(sentence))
    }

    fn align(&mut self, sentence: &str) -> Option<Links> {
        self.carefully(|own| {
            let fits = own.fits(sentence);
            fits.then(|| Links::of(&own.engine.translate_aligned(sentence)))
        })
        .ok()
        .flatten()
    }
}

/// Where a long sentence is cut, in bytes; never at its very start or end.
fn middle(sentence: &str) -> usize {
    let half = sentence.len() / 2;
    let nearest = |wanted: fn(char) -> bool| {
        let cuts = sentence.char_indices().filter(|(_, c)| wanted(*c));
        let after = cuts.map(|(at, c)| at + c.len_utf8());
        let inside = after.filter(|at| *at > sentence.len() / 4 && *at < sentence.len() / 4 * 3);
        inside.min_by_key(|at| at.abs_diff(half))
    };
    nearest(|c| matches!(c, ',' | ';' | '、' | '，' | '；' | '،'))
        .or_else(|| nearest(char::is_whitespace))
        .unwrap_or_else(|| {
            let boundaries = sentence.char_indices().map(|(at, _)| at);
            boundaries
                .skip(1)
                .min_by_key(|at| at.abs_diff(half))
                .unwrap_or(sentence.len())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sentence_is_cut_where_somebody_would_breathe() {
        assert_eq!(middle("one two, three four"), 8);
        assert_eq!(middle("one two three four"), 8);
        assert_eq!(middle("窓口窓口"), 6);
    }
}
