//! Open JTalk: Japanese text, kanji included, spoken by an HTS voice.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::VoiceError;
use super::program;

const PACKAGE: &str = "open-jtalk open-jtalk-mecab-naist-jdic";

/// Open JTalk as a program, with its dictionary and voice.
#[derive(Debug, Clone)]
pub(super) struct OpenJTalk {
    pub(super) program: PathBuf,
    pub(super) dictionary: PathBuf,
    pub(super) voice: PathBuf,
}

impl OpenJTalk {
    /// The sound of `text` and its rate.
    pub(super) fn say(&self, text: &str) -> Result<(u32, Vec<i16>), VoiceError> {
        let arguments = [
            OsStr::new("-x"),
            self.dictionary.as_os_str(),
            OsStr::new("-m"),
            self.voice.as_os_str(),
            OsStr::new("-ow"),
            OsStr::new("/dev/stdout"),
        ];
        // The program reads one line.
        let line = text.replace(['\n', '\r'], " ");
        let output = program::run(&self.program, PACKAGE, &arguments, &line)?;
        program::parse_wav(&output).ok_or_else(|| VoiceError::NoSound {
            program: self.program.display().to_string(),
        })
    }
}
