//! Times of day as a question names them: "at 7 pm", "às 19h30", "夜の7時半", "at noon".

use jiff::civil::Time;
use madoguchi_shared::ids::Lang;

use super::numerals::{Piece, pieces};
use super::table::{Words, is_unspaced, spaced, words_of};
use crate::understanding::fold;

/// An hour up to this one, without a word for the half of the day, is in the afternoon: nobody
/// asks an office for three in the night.
const LAST_OF_AFTERNOON: i8 = 6;

/// The time of day that a question names; absent where it names none.
pub(super) fn read(said: &str, language: &Lang) -> Option<Time> {
    let words = words_of(language)?;
    let apart = apart(said);
    let folded = match is_unspaced(language) {
        true => spaced(said, language),
        false => spaced(&apart, language),
    };
    let finds = |entry: &String| folded.contains(&spaced(entry, language));
    if words.noon.iter().any(finds) {
        return Time::new(12, 0, 0, 0).ok();
    }
    let (hour, minute) = match is_unspaced(language) {
        true => counted(said, language)?,
        false => beside_a_word(&apart, words, language)?,
    };
    let hour = match hour {
        12 if words.morning.iter().any(finds) => 0,
        0..12 if words.afternoon.iter().any(finds) => hour + 12,
        1..=LAST_OF_AFTERNOON if !words.morning.iter().any(finds) => hour + 12,
        hour => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// A number between words that only stand beside a time of day.
fn beside_a_word(apart: &str, words: &Words, language: &Lang) -> Option<(i8, i8)> {
    let pieces = pieces(apart, language);
    let is = |piece: Option<&Piece>, list: &[String]| matches!(piece, Some(Piece::Word(word)) if list.contains(word));
    for (place, piece) in pieces.iter().enumerate() {
        let Some(hour) = hour(piece) else { continue };
        let next = pieces.get(place + 1);
        let parted = is(next, &words.minutes_after);
        let minute = pieces.get(place + if parted { 2 } else { 1 });
        let minute = minute.and_then(|piece| match piece {
            Piece::Number(digits) if digits.len() == 2 => minute_of(digits),
            _ => None,
        });
        let after = place + 1 + usize::from(parted) + usize::from(minute.is_some());
        let before = place.checked_sub(1).and_then(|place| pieces.get(place));
        if parted || is(before, &words.before_hour) || is(pieces.get(after), &words.after_hour) {
            return Some((hour, minute.unwrap_or(0)));
        }
    }
    None
}

/// A number that is counted in hours: 7時, 19時30分, 7時半.
fn counted(said: &str, language: &Lang) -> Option<(i8, i8)> {
    let said = fold(said).replace(':', "時");
    let pieces = pieces(&said, language);
    let at = pieces.windows(2).position(|pair| {
        hour(&pair[0]).is_some()
            && matches!(&pair[1], Piece::Word(word) if word.starts_with('時') && !word.starts_with("時間"))
    })?;
    let hour = hour(pieces.get(at)?)?;
    let minute = match (pieces.get(at + 1), pieces.get(at + 2)) {
        (Some(Piece::Word(word)), _) if word.starts_with("時半") => 30,
        (Some(Piece::Word(word)), Some(Piece::Number(digits))) if word == "時" => {
            minute_of(digits).unwrap_or(0)
        }
        _ => 0,
    };
    Some((hour, minute))
}

fn hour(piece: &Piece) -> Option<i8> {
    let hour = i8::try_from(piece.value()?).ok()?;
    (0..24).contains(&hour).then_some(hour)
}

fn minute_of(digits: &str) -> Option<i8> {
    let minute = digits.parse().ok()?;
    (0..60).contains(&minute).then_some(minute)
}

/// Figures parted from letters, "7pm" and "7h30" among them, and "p.m." in one word.
fn apart(said: &str) -> String {
    let said = fold(said)
        .replace("p.m", "pm")
        .replace("a.m", "am")
        .replace(':', " h ");
    let mut apart = String::new();
    let mut before: Option<char> = None;
    for letter in said.chars() {
        let changes = before.is_some_and(|before| {
            before.is_ascii_digit() != letter.is_ascii_digit()
                && before.is_alphanumeric()
                && letter.is_alphanumeric()
        });
        if changes {
            apart.push(' ');
        }
        apart.push(letter);
        before = Some(letter);
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_found_in_questions_and_other_numbers_are_none() {
        for (tag, said, time) in [
            ("en", "Are you open at 7 pm?", Some((19, 0))),
            ("en", "are you open at 7pm", Some((19, 0))),
            ("en", "Is anyone there at 7:30 p.m.?", Some((19, 30))),
            (
                "en",
                "can I come at seven thirty in the evening",
                Some((19, 30)),
            ),
            ("en", "Are you open at 8 in the morning?", Some((8, 0))),
            ("en", "Are you still open at three?", Some((15, 0))),
            ("en", "Do you close before 5 o'clock?", Some((17, 0))),
            ("en", "Are you open at noon?", Some((12, 0))),
            ("en", "are you open at 12 pm", Some((12, 0))),
            ("en", "are you open at 12 am", Some((0, 0))),
            ("en", "Are you open on 3 January?", None),
            ("en", "Where is counter 5?", None),
            ("pt", "Vocês estão abertos às 19h?", Some((19, 0))),
            ("pt", "tá aberto às 7 da noite", Some((19, 0))),
            ("pt", "Posso ir às 17h30?", Some((17, 30))),
            ("pt", "Abre às oito da manhã?", Some((8, 0))),
            ("pt", "Está aberto ao meio-dia?", Some((12, 0))),
            ("pt", "Abre no dia 3 de janeiro?", None),
            ("ja", "夜7時に開いていますか", Some((19, 0))),
            ("ja", "午後7時半はやってますか", Some((19, 30))),
            ("ja", "19:30に行ってもいいですか", Some((19, 30))),
            ("ja", "朝8時に開いてますか", Some((8, 0))),
            ("ja", "正午も開いていますか", Some((12, 0))),
            ("ja", "2時間待ちますか", None),
            ("ja", "1月3日は開いていますか", None),
            ("ja", "何時まで開いていますか", None),
        ] {
            let read = read(said, &tag.parse().unwrap());
            let read = read.map(|time| (time.hour(), time.minute()));
            assert_eq!(read, time, "{said}");
        }
    }
}
