//! SentencePiece's unigram tokenizer, with XLM-RoBERTa's pieces.
//!
//! The text is normalised (NFKC by the file's map, white space joined), a space becomes `▁`, and
//! the pieces with the highest sum of scores are taken (Kudo, 2018, by Viterbi's algorithm).

use unicode_normalization::UnicodeNormalization;

use super::file::TokenizerTables;

/// Stands for a space inside pieces.
const SPACE: char = '▁';
/// How much worse than the worst piece an unknown character is, as in SentencePiece.
const UNKNOWN_PENALTY: f32 = 10.0;

/// Cuts text into the pieces that the network knows.
#[derive(Debug)]
pub(super) struct Tokenizer {
    tables: TokenizerTables,
    /// Piece numbers in the order of their bytes.
    sorted: Vec<u32>,
    longest_bytes: usize,
    unknown_score: f32,
}

impl Tokenizer {
    pub(super) fn new(tables: TokenizerTables) -> Self {
        let mut tokenizer = Self {
            tables,
            sorted: Vec::new(),
            longest_bytes: 0,
            unknown_score: 0.0,
        };
        let pieces = tokenizer.tables.scores.len() as u32;
        let mut sorted: Vec<u32> = (0..pieces).collect();
        sorted.sort_unstable_by_key(|piece| tokenizer.piece(*piece));
        tokenizer.sorted = sorted;
        let lengths = (0..pieces).map(|piece| tokenizer.piece(piece).len());
        tokenizer.longest_bytes = lengths.max().unwrap_or(0);
        let worst = tokenizer.tables.scores.iter().copied().fold(0.0, f32::min);
        tokenizer.unknown_score = worst - UNKNOWN_PENALTY;
        tokenizer
    }

    fn piece(&self, piece: u32) -> &[u8] {
        let offsets = &self.tables.offsets[piece as usize..];
        &self.tables.blob[offsets[0] as usize..offsets[1] as usize]
    }

    fn find(&self, bytes: &[u8]) -> Option<u32> {
        let at = self
            .sorted
            .binary_search_by(|piece| self.piece(*piece).cmp(bytes))
            .ok()?;
        Some(self.sorted[at]).filter(|piece| *piece != self.tables.unknown)
    }

    /// The pieces of `text` between the begin and end tokens, at most `longest` in all.
    pub(super) fn encode(&self, text: &str, longest: usize) -> Vec<u32> {
        let mut pieces = vec![self.tables.begin];
        pieces.extend(self.best_pieces(&self.normalise(text)));
        pieces.truncate(longest.saturating_sub(1));
        pieces.push(self.tables.end);
        pieces
    }

    fn normalise(&self, text: &str) -> String {
        let mut normal = String::new();
        // The map knows single characters only, so accents are put onto their letters first.
        for c in text.nfc() {
            match self.tables.replacements.get(&c) {
                Some(replacement) => normal.extend(replacement),
                None => normal.push(c),
            }
        }
        let mut spaced = String::with_capacity(normal.len() + 3);
        for word in normal.split_whitespace() {
            spaced.push(SPACE);
            spaced.push_str(word);
        }
        spaced
    }

    fn best_pieces(&self, text: &str) -> Vec<u32> {
        /// The best way to a character boundary: its score, its last piece and where that began.
        #[derive(Clone, Copy)]
        struct Way {
            score: f32,
            piece: u32,
            from: usize,
        }
        let boundaries: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        let mut ways: Vec<Option<Way>> = vec![None; boundaries.len()];
        let improve = |ways: &mut [Option<Way>], to: usize, way: Way| {
            if ways[to].is_none_or(|known| way.score > known.score) {
                ways[to] = Some(way);
            }
        };
        for from in 0..boundaries.len() - 1 {
            let so_far = ways[from].map_or(0.0, |way| way.score);
            let rest = &boundaries[from..];
            for (length, end) in rest.iter().enumerate().skip(1) {
                let bytes = &text.as_bytes()[rest[0]..*end];
                if bytes.len() > self.longest_bytes {
                    break;
                }
                if let Some(piece) = self.find(bytes) {
                    let score = so_far + self.tables.scores[piece as usize];
                    improve(&mut ways, from + length, Way { score, piece, from });
                }
            }
            let unknown = Way {
                score: so_far + self.unknown_score,
                piece: self.tables.unknown,
                from,
            };
            improve(&mut ways, from + 1, unknown);
        }
        let mut pieces = Vec::new();
        let mut at = boundaries.len() - 1;
        while let Some(way) = ways[at] {
            pieces.push(way.piece);
            at = way.from;
        }
        pieces.reverse();
        // Several unknown characters in a row are one unknown piece.
        pieces.dedup_by(|a, b| *a == self.tables.unknown && a == b);
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokenizer() -> Tokenizer {
        let pieces = [
            ("<s>", 0.0),
            ("</s>", 0.0),
            ("<unk>", 0.0),
            ("▁", -3.0),
            ("a", -4.0),
        ];
        let more = [("b", -4.0), ("ab", -5.0), ("▁ab", -6.0), ("é", -4.5)];
        let mut tables = TokenizerTables {
            begin: 0,
            end: 1,
            unknown: 2,
            ..Default::default()
        };
        tables.offsets.push(0);
        for (piece, score) in pieces.into_iter().chain(more) {
            tables.blob.extend(piece.as_bytes());
            tables.offsets.push(tables.blob.len() as u32);
            tables.scores.push(score);
        }
        tables.replacements.insert('Ａ', vec!['a']);
        Tokenizer::new(tables)
    }

    #[test]
    fn the_likeliest_pieces_are_taken() {
        let tokenizer = tokenizer();
        assert_eq!(tokenizer.encode("ab", 9), [0, 7, 1]);
        assert_eq!(tokenizer.encode(" abab  ab ", 9), [0, 7, 6, 7, 1]);
        assert_eq!(tokenizer.encode("Ａb", 9), [0, 7, 1]);
        assert_eq!(tokenizer.encode("e\u{301}", 9), [0, 3, 8, 1]);
    }

    #[test]
    fn what_is_unknown_is_one_piece() {
        assert_eq!(tokenizer().encode("a漢字b", 9), [0, 3, 4, 2, 5, 1]);
        assert_eq!(tokenizer().encode("", 9), [0, 1]);
    }

    #[test]
    fn a_long_text_is_cut_before_the_end_token() {
        assert_eq!(tokenizer().encode("ab ab ab ab", 4), [0, 7, 7, 1]);
    }
}
