//! espeak-ng: a robotic voice for about a hundred languages, and the phonemes that Piper speaks.

use std::io;
use std::path::PathBuf;

use madoguchi_shared::ids::Lang;

use super::VoiceError;
use super::program;

const PACKAGE: &str = "espeak-ng";

/// Words a minute: slower than the program's own 175, for people who hear a second language.
const WORDS_PER_MINUTE: &str = "155";

/// espeak-ng as a program.
#[derive(Debug, Clone)]
pub(super) struct Espeak {
    pub(super) program: PathBuf,
}

impl Espeak {
    /// The sound of `text` and its rate.
    pub(super) fn say(&self, lang: &Lang, text: &str) -> Result<(u32, Vec<i16>), VoiceError> {
        let voice = voice_name(lang);
        let arguments = [
            "-v",
            &voice,
            "-s",
            WORDS_PER_MINUTE,
            "-b",
            "1",
            "--stdin",
            "--stdout",
        ];
        let output = match program::run(&self.program, PACKAGE, &arguments, text) {
            // The only reason for which espeak-ng ends badly once it runs.
            Err(VoiceError::Program { source, .. }) if source.kind() == io::ErrorKind::Other => {
                return Err(VoiceError::NoVoice { lang: lang.clone() });
            }
            other => other?,
        };
        program::parse_wav(&output).ok_or_else(|| VoiceError::NoSound {
            program: self.program.display().to_string(),
        })
    }

    /// The phonemes of `text` in the International Phonetic Alphabet, as the voice `voice` of
    /// espeak-ng would say it.
    pub(super) fn phonemes(&self, voice: &str, text: &str) -> Result<String, VoiceError> {
        let arguments = ["-v", voice, "-q", "-b", "1", "--ipa", "--stdin"];
        let output = program::run(&self.program, PACKAGE, &arguments, text)?;
        let text = String::from_utf8_lossy(&output);
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// What espeak-ng calls a language.
fn voice_name(lang: &Lang) -> String {
    match lang.as_str() {
        "pt" => "pt-br".to_owned(),
        "en" => "en-us".to_owned(),
        "zh" | "zh-Hans" | "zh-Hant" => "cmn".to_owned(),
        "no" => "nb".to_owned(),
        other => other.to_lowercase(),
    }
}
