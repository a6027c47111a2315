//! The words before a pause tell whether somebody has finished.

use crate::support::{lang, packs};
use madoguchi_core::endpoint::Completeness;
use madoguchi_core::turn_taking::{SoFar, completeness};
use madoguchi_core::understanding::Index;

fn judged(index: &Index, tag: &str, text: &str, all: f32, last: f32) -> Completeness {
    let so_far = SoFar {
        text,
        language: &lang(tag),
        confidence: all,
        last_word: last,
    };
    completeness(so_far, index)
}

#[test]
fn words_that_were_guessed_tell_less() {
    let index = Index::new(&packs::sample());
    use Completeness::{Complete, Unfinished, Unknown};
    for (tag, text, all, last, expected) in [
        ("en", "What are your opening hours?", 0.9, 0.3, Unknown),
        ("en", "What are your opening hours?", 0.4, 0.9, Complete),
        ("en", "I am looking for them.", 0.8, 0.3, Unfinished),
        ("en", "My cousin lives in Brazil.", 0.4, 0.9, Unfinished),
        ("ja", "アノイ", 0.3, 0.4, Unfinished),
        ("en", "I moved here last week and", 0.4, 0.3, Unfinished),
    ] {
        let judged = judged(&index, tag, text, all, last);
        assert_eq!(judged, expected, "{text} {all} {last}");
    }
}

#[test]
fn words_tell_whether_somebody_has_finished() {
    let index = Index::new(&packs::sample());
    let judge = |tag: &str, text: &str| judged(&index, tag, text, 0.9, 0.9);
    use Completeness::{Complete, Unfinished, Unknown};
    for (tag, text, expected) in [
        ("en", "What are your opening hours?", Complete),
        ("en", "What are your opening hours", Complete),
        ("en", "Where is it from?", Unknown),
        ("en", "When is the garbage collected in?", Unknown),
        ("en", "If I lose my card, what?", Unknown),
        ("en", "Could you?", Unknown),
        ("en", "Opening hours?", Complete),
        ("en", "Thank you very much.", Complete),
        ("en", "Yes.", Unknown),
        ("en", "Can you tell me if?", Unfinished),
        ("en", "Do I have to bring my?", Unfinished),
        ("en", "I don't know whether", Unfinished),
        ("ja", "もし時間があれば", Unfinished),
        ("en", "I want to speak with a person.", Complete),
        ("en", "I moved here last week and", Unfinished),
        ("en", "I moved here last week, and...", Unfinished),
        ("en", "I need the um", Unfinished),
        ("en", "I would like to go to the.", Unfinished),
        ("en", "My number is 0 3 1 2", Unfinished),
        ("en", "My number is three five.", Unfinished),
        ("en", "My cousin lives in Brazil.", Unknown),
        ("ja", "ゴミの日はいつですか", Complete),
        ("ja", "住民票が欲しいんですけど、", Unfinished),
        ("ja", "引っ越したので", Unfinished),
        ("ja", "えっと", Unfinished),
        ("ja", "道を教えて", Complete),
        ("ja", "昨日の天気", Unknown),
        ("ja", "マイナンバーカード", Unknown),
        ("ja", "どこ？", Complete),
        ("pt", "Quando é a coleta de lixo?", Complete),
        ("pt", "Posso pagar com?", Unfinished),
        ("pt", "Desde quando?", Unknown),
        ("pt", "Eu queria saber se", Unfinished),
        ("pt", "É que...", Unfinished),
        ("pt", "Eu moro perto da estação.", Unknown),
        ("sw", "Habari gani?", Complete),
        ("sw", "Habari", Unknown),
        ("sw", "", Unknown),
    ] {
        assert_eq!(judge(tag, text), expected, "{text}");
    }
}
