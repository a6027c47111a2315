//! Words from outside, made safe to show beside others: one line, of bounded length, that doesn't
//! turn its neighbours around.

/// Longest line that anybody says or types here, in characters.
pub(crate) const LONGEST_LINE: usize = 500;
/// Longest that a recogniser makes of one utterance, and longest message of an operator.
pub(crate) const LONGEST_SPEECH: usize = 2_000;

/// The text as one line of at most `longest` characters, without control characters and without
/// the signs that override the direction of what follows (Unicode Standard Annex 9).
pub(crate) fn one_line(text: &str, longest: usize) -> String {
    // A flood is not looked at to its end.
    let most = longest.saturating_mul(4);
    let visible: String = text.chars().take(most).filter(|c| !is_hidden(*c)).collect();
    let words = visible.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let line: String = words.join(" ").chars().take(longest).collect();
    line.trim_end().to_owned()
}

/// Overrides and isolates of direction, and letters without width that only hide something. The
/// joiners U+200C and U+200D are left: Persian and Hindi are not written without them.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
    ) || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_line_of_visible_signs_and_no_longer_than_allowed() {
        for (text, line) in [
            ("", ""),
            (" \u{200b}\u{feff}\n\t ", ""),
            ("a\n\u{1b}[2Jb\u{2028}c", "a [2Jb c"),
            ("\u{202e}eef eht\u{202c} waive", "eef eht waive"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("👩\u{200d}👧 はい", "👩\u{200d}👧 はい"),
        ] {
            assert_eq!(one_line(text, 50), line);
        }
        assert_eq!(one_line(&"語".repeat(900), 500).chars().count(), 500);
        assert_eq!(one_line(&"a ".repeat(1_000_000), 5), "a a a");
    }
}
