//! Keeps text out that nobody said: Whisper writes subtitles' boilerplate over noise and silence.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::Rejection;
use crate::vad;

/// Speech shorter than this, in one stretch, is a click or a cough.
const SHORTEST_VOICE: Duration = Duration::from_millis(80);
/// Root mean square of a room with nobody in it, −60 dB of full scale.
const SILENCE_RMS: f32 = 0.001;
/// Probability of the no-speech token above which low confidence means noise.
const NO_SPEECH: f32 = 0.6;
/// Mean log probability of a token below which the text is a guess.
const GUESS_LOG_PROBABILITY: f32 = -1.0;
/// The same where nothing else speaks against the text.
const NONSENSE_LOG_PROBABILITY: f32 = -1.6;

/// How many times smaller deflate makes a text that repeats itself, as in OpenAI's Whisper.
const REPETITIVE_RATIO: f32 = 2.4;

/// What Whisper learnt from subtitles and says over noise. Compared without case and punctuation,
/// and only with whole sentences.
const BOILERPLATE: &[&str] = &[
    "thanks for watching",
    "thank you for watching",
    "thank you very much for watching",
    "thank you so much for watching",
    "please subscribe",
    "please subscribe to my channel",
    "like and subscribe",
    "see you next time",
    "see you in the next video",
    "subtitles by the amara org community",
    "ご視聴ありがとうございました",
    "ご視聴ありがとうございます",
    "ご視聴頂きありがとうございました",
    "最後までご視聴ありがとうございました",
    "チャンネル登録お願いします",
    "チャンネル登録をお願いします",
    "次回予告",
    "字幕視聴ありがとうございました",
    "legendas pela comunidade amara org",
    "legendas pela comunidade das amara org",
    "obrigado por assistir",
    "inscreva se no canal",
    "subtítulos realizados por la comunidad de amara org",
    "subtítulos por la comunidad de amara org",
    "gracias por ver el video",
    "suscríbete al canal",
    "sous titres réalisés par la communauté d amara org",
    "merci d avoir regardé cette vidéo",
    "untertitel der amara org community",
    "untertitel von stephanie geiges",
    "vielen dank fürs zuschauen",
    "sottotitoli creati dalla comunità amara org",
    "字幕由 amara org 社区提供",
    "字幕志愿者 李宗盛",
    "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
    "谢谢观看",
    "感谢观看",
    "mbc 뉴스 이덕영입니다",
    "시청해주셔서 감사합니다",
    "시청해 주셔서 감사합니다",
    "hãy subscribe cho kênh ghiền mì gõ để không bỏ lỡ những video hấp dẫn",
    "cảm ơn các bạn đã theo dõi và hẹn gặp lại",
    "продолжение следует",
    "субтитры сделал dimatorzok",
];

/// How long somebody speaks in the sound, or that nobody does.
pub(super) fn before(samples: &[f32]) -> Result<Duration, Rejection> {
    let power = samples.iter().map(|s| s * s).sum::<f32>() / samples.len().max(1) as f32;
    if power.sqrt() < SILENCE_RMS {
        return Err(Rejection::NoSpeech);
    }
    let voiced = vad::voiced_time(samples);
    if voiced.longest < SHORTEST_VOICE {
        return Err(Rejection::NoSpeech);
    }
    Ok(voiced.total)
}

/// Whether `text` is likely to have been said.
pub(super) fn after(
    text: &str,
    mean_log_probability: f32,
    no_speech_probability: f32,
) -> Option<Rejection> {
    if plain(text).is_empty() {
        Some(Rejection::NoSpeech)
    } else if without_boilerplate(text).is_empty() {
        Some(Rejection::Boilerplate)
    } else if no_speech_probability > NO_SPEECH && mean_log_probability < GUESS_LOG_PROBABILITY {
        Some(Rejection::NoSpeech)
    } else if mean_log_probability < NONSENSE_LOG_PROBABILITY {
        Some(Rejection::LowConfidence)
    } else if compression_ratio(text) > REPETITIVE_RATIO {
        Some(Rejection::Repetitive)
    } else {
        None
    }
}

/// `text` without the sentences at its end that are boilerplate; empty where nothing else is left.
pub(super) fn without_boilerplate(text: &str) -> &str {
    let mut kept = text.trim();
    while !kept.is_empty() {
        let sentence = last_sentence(kept);
        if !BOILERPLATE.contains(&plain(sentence).as_str()) {
            // A phrase that itself has a full stop in it, such as "Amara.org".
            let whole = BOILERPLATE.contains(&plain(kept).as_str());
            return if whole { "" } else { kept };
        }
        kept = kept[..kept.len() - sentence.len()].trim_end();
    }
    kept
}

/// From after the last but one end of a sentence.
fn last_sentence(text: &str) -> &str {
    const ENDS: [char; 7] = ['.', '!', '?', '。', '！', '？', '…'];
    let body = text.trim_end_matches(ENDS);
    let start = body.rfind(ENDS).map_or(0, |at| {
        at + body[at..].chars().next().map_or(0, char::len_utf8)
    });
    &text[start..]
}

/// Size of the text over its size when deflated.
fn compression_ratio(text: &str) -> f32 {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let deflated = encoder
        .write_all(text.as_bytes())
        .and_then(|()| encoder.finish())
        .map_or(text.len(), |bytes| bytes.len());
    text.len() as f32 / deflated.max(1) as f32
}

/// Lower-case words joined by single spaces, without punctuation.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boilerplate_is_rejected_where_nothing_else_was_said() {
        for text in [
            " Thanks for watching!",
            "Thanks for watching. Thanks for watching! Please subscribe.",
            "ご視聴ありがとうございました。",
            "Legendas pela comunidade Amara.org",
        ] {
            assert_eq!(
                after(text, -0.2, 0.1),
                Some(Rejection::Boilerplate),
                "{text}"
            );
        }
        assert_eq!(after("Thanks for watching my bag for me.", -0.2, 0.1), None);
        assert!(BOILERPLATE.iter().all(|phrase| plain(phrase) == *phrase));
    }

    #[test]
    fn boilerplate_after_real_words_is_cut_off() {
        for (text, kept) in [
            ("I lost my card. Thanks for watching!", "I lost my card."),
            (
                "住民票をください。ご視聴ありがとうございました。",
                "住民票をください。",
            ),
            (
                "Quero um atestado. Obrigado por assistir! Inscreva-se no canal.",
                "Quero um atestado.",
            ),
            (
                "Please subscribe me to the newsletter.",
                "Please subscribe me to the newsletter.",
            ),
            ("... e tal", "... e tal"),
        ] {
            assert_eq!(without_boilerplate(text), kept);
        }
    }

    #[test]
    fn a_text_that_repeats_itself_is_rejected() {
        let song = "la la la, what a day, ".repeat(12);
        assert_eq!(after(&song, -0.2, 0.1), Some(Rejection::Repetitive));
        let address = "Rua das Flores 22, apartamento 22, bloco 2, código postal 222 222";
        assert_eq!(after(address, -0.2, 0.1), None);
    }

    #[test]
    fn an_unlikely_text_is_rejected() {
        assert_eq!(after("so", -1.2, 0.9), Some(Rejection::NoSpeech));
        assert_eq!(after("so", -1.2, 0.1), None);
        assert_eq!(after("so", -2.0, 0.1), Some(Rejection::LowConfidence));
        assert_eq!(after(" ... ", -0.1, 0.1), Some(Rejection::NoSpeech));
    }

    #[test]
    fn silence_and_clicks_hold_no_speech() {
        assert_eq!(before(&[]), Err(Rejection::NoSpeech));
        assert_eq!(before(&[0.0; 16_000]), Err(Rejection::NoSpeech));
        let mut click = vec![0.0; 16_000];
        click[8_000] = 1.0;
        assert_eq!(before(&click), Err(Rejection::NoSpeech));
    }
}
