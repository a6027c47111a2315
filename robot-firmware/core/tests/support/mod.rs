//! A machine on a virtual clock, with the sample pack and without any model.
#![allow(clippy::unwrap_used, dead_code)]

pub mod attacks;
pub mod authored;
pub mod office;
pub mod packs;
pub mod staff;
pub mod torch;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use madoguchi_core::input::{Ability, Heard, NoWords, SpokenLanguage};
use madoguchi_core::machine::{Machine, Patience, Settings};
use madoguchi_core::pack::Pack;
use madoguchi_core::understanding::{Duals, Example, Index, Label, Lessons};
use madoguchi_core::{Input, Now, Output};
use madoguchi_shared::ids::{Lang, OperatorId, UnixMs};
use madoguchi_shared::packet::{Disposition, OperatorCard, Packet, ReturnPacket};
use madoguchi_shared::screen::ScreenView;
use uuid::Uuid;

pub fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

/// The sample pack with `pt-BR` for `pt`.
pub fn regional_pack() -> Pack {
    let mut files = packs::sample_files();
    for file in &mut files {
        for [plain, regional] in [
            ["\npt = ", "\npt-BR = "],
            [" pt = ", " pt-BR = "],
            [".pt]", ".pt-BR]"],
            ["\"pt\"", "\"pt-BR\""],
        ] {
            file.text = file.text.replace(plain, regional);
        }
        if file.path == "phrases/pt.toml" {
            file.path = "phrases/pt-BR.toml".to_owned();
        }
    }
    packs::parsed(&files)
}

pub fn settings() -> Settings {
    Settings {
        seed: 7,
        site: "Test office".to_owned(),
        place: "Hall".to_owned(),
        software: "0".to_owned(),
        recogniser: None,
        packet_language: lang("en"),
        translations: vec![(lang("en"), lang("pt")), (lang("pt"), lang("en"))],
        barge_in: true,
        bell: true,
        motion: true,
        sample_visitors: Vec::new(),
        patience: Patience::default(),
    }
}

static OFFICE: LazyLock<(Pack, Index)> = LazyLock::new(|| {
    let pack = packs::sample();
    let index = Index::new(&pack);
    (pack, index)
});

/// What the sample pack's examples came to, so that a pack that differs from it in a few lines is
/// not learned from nothing.
static LEARNED: LazyLock<BTreeMap<(Label, Lang, String), Duals>> = LazyLock::new(|| {
    let mut index = OFFICE.1.clone();
    let duals = index.take_duals();
    let examples = index.examples().iter().map(key);
    examples.zip(duals).collect()
});

fn key(example: &Example) -> (Label, Lang, String) {
    let Example {
        label,
        language,
        text,
    } = example.clone();
    (label, language, text)
}

fn index_of(pack: &Pack) -> Index {
    let lessons = Lessons::new(pack);
    if lessons.labels() != OFFICE.1.labels() {
        return Index::new(pack);
    }
    let examples = lessons.examples().iter();
    let known = examples.map(|example| LEARNED.get(&key(example)).cloned().unwrap_or_default());
    let known = known.collect();
    Index::going_on(pack, lessons, known)
}

pub struct Robot {
    pub machine: Machine,
    pub ms: u64,
    pub view: Option<ScreenView>,
    /// Everything since the last [`Robot::take`], views left out.
    pub outputs: Vec<Output>,
    utterance: u32,
}

impl Robot {
    pub fn new() -> Self {
        Self::with(settings())
    }

    pub fn with(settings: Settings) -> Self {
        let (pack, index) = OFFICE.clone();
        Self::made_of(pack, index, settings)
    }

    /// The robot of another office.
    pub fn of(pack: Pack, settings: Settings) -> Self {
        let index = index_of(&pack);
        Self::made_of(pack, index, settings)
    }

    pub fn made_of(pack: Pack, index: Index, settings: Settings) -> Self {
        let mut robot = Self {
            machine: Machine::new(pack, index, settings),
            ms: 1_000,
            view: None,
            outputs: Vec::new(),
            utterance: 0,
        };
        robot.drain();
        for ability in [Ability::Microphone, Ability::Recogniser, Ability::Camera] {
            robot.input(Input::Ability {
                ability,
                available: true,
            });
        }
        robot
    }

    pub fn now(&self) -> Now {
        Now {
            monotonic_ms: self.ms,
            wall: UnixMs(1_700_000_000_000 + self.ms as i64),
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.machine.poll_output() {
            match output {
                Output::View(view) => self.view = Some(*view),
                other => self.outputs.push(other),
            }
        }
    }

    pub fn input(&mut self, input: Input) {
        let now = self.now();
        self.machine.handle(input, now);
        self.drain();
    }

    /// Lets time pass, acting on every deadline at its moment.
    pub fn wait_ms(&mut self, ms: u64) {
        let end = self.ms + ms;
        while let Some((at, _)) = self.machine.poll_timeout()
            && at <= end
        {
            self.ms = self.ms.max(at);
            let now = self.now();
            self.machine.handle_timeout(now);
            self.drain();
        }
        self.ms = end;
    }

    pub fn view(&self) -> &ScreenView {
        self.view.as_ref().unwrap()
    }

    pub fn take(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }

    /// A voice begins; the number of its utterance.
    pub fn speech_starts(&mut self) -> u32 {
        self.utterance += 1;
        let utterance = self.utterance;
        self.input(Input::SpeechStarted { utterance });
        utterance
    }

    /// An utterance that began ends and is recognised, without a sentence vector.
    pub fn is_heard(&mut self, utterance: u32, confidence: f32, tag: &str, text: &str) {
        self.ends(utterance, confidence, SpokenLanguage::Pack(lang(tag)), text);
    }

    fn ends(&mut self, utterance: u32, confidence: f32, language: SpokenLanguage, text: &str) {
        self.ms += 1_500;
        self.input(Input::SpeechEnded { utterance });
        self.ms += 400;
        self.input(Input::Heard(Heard {
            utterance,
            text: text.to_owned(),
            language,
            language_probability: 0.97,
            confidence,
            words: Vec::new(),
        }));
        self.embed();
    }

    /// A spoken sentence from voice to words, and the (missing) sentence vector.
    pub fn hears(&mut self, language: SpokenLanguage, text: &str) {
        let utterance = self.speech_starts();
        self.ends(utterance, 0.9, language, text);
    }

    pub fn hears_pack(&mut self, tag: &str, text: &str) {
        self.hears(SpokenLanguage::Pack(lang(tag)), text);
    }

    pub fn types(&mut self, text: &str) {
        self.input(Input::Typed(text.to_owned()));
        self.embed();
    }

    /// Words in a language that the screen's button named, and the (missing) sentence vector.
    pub fn types_in(&mut self, tag: &str, text: &str) {
        self.input(Input::TypedIn {
            language: lang(tag),
            text: text.to_owned(),
        });
        self.embed();
    }

    fn embed(&mut self) {
        // A line of several questions asks for more after the first.
        let mut answered = 0;
        while let Some(request) = self.outputs.iter().filter_map(embed_request).nth(answered) {
            answered += 1;
            self.input(Input::Embedded {
                request,
                vector: None,
            });
        }
    }

    /// Number and words of the newest translation that was asked for.
    pub fn translation(&self) -> (u64, String) {
        let newest = self.outputs.iter().rev().find_map(|output| match output {
            Output::Translate { request, text, .. } => Some((*request, text.clone())),
            _ => None,
        });
        newest.expect("no translation was asked for")
    }

    /// Takes up what was cut off; whether there was something.
    pub fn resumes(&mut self) -> bool {
        let now = self.now();
        let resumed = self.machine.resume_saying(now);
        self.drain();
        resumed
    }

    /// The robot's speech is played to its end.
    pub fn finishes_speaking(&mut self) {
        let last = self.said().last().cloned();
        if let Some((id, _, text)) = last {
            self.ms += 80 * text.chars().count() as u64;
            self.input(Input::SayEnded { id });
        }
    }

    /// What was said since the last [`Robot::take`]: number, language, words.
    pub fn said(&self) -> Vec<(u64, String, String)> {
        self.outputs
            .iter()
            .filter_map(|output| match output {
                Output::Say { id, language, text } => {
                    Some((*id, language.to_string(), text.clone()))
                }
                _ => None,
            })
            .collect()
    }

    pub fn packets(&self) -> Vec<Packet> {
        self.outputs
            .iter()
            .filter_map(|output| match output {
                Output::SendCase(packet) => Some((**packet).clone()),
                _ => None,
            })
            .collect()
    }

    pub fn packet(&self) -> Packet {
        self.packets().pop().expect("no case was sent")
    }
}

/// An utterance that was a cough.
pub fn nothing(utterance: u32) -> Input {
    let why = NoWords::Nobody;
    Input::HeardNothing { utterance, why }
}

/// An utterance whose words could not be made out.
pub fn not_caught(utterance: u32) -> Input {
    let why = NoWords::NotCaught;
    Input::HeardNothing { utterance, why }
}

pub fn operator() -> OperatorCard {
    OperatorCard {
        id: OperatorId(Uuid::from_u128(9)),
        name: "Sato Hana".to_owned(),
        languages: vec![lang("en"), lang("ja")],
    }
}

pub fn back(resume: bool) -> ReturnPacket {
    ReturnPacket {
        disposition: Disposition::Resolved,
        note: String::new(),
        resume,
        promise: None,
    }
}

fn embed_request(output: &Output) -> Option<u64> {
    match output {
        Output::Embed { request, .. } => Some(*request),
        _ => None,
    }
}
