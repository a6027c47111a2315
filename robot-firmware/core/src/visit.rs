//! One visit: what was said, in which language, and who holds the conversation.

use std::collections::BTreeMap;
use std::time::Duration;

use madoguchi_shared::ids::{Lang, UnixMs, VisitId};
use madoguchi_shared::link::Asked;
use madoguchi_shared::packet::{
    ActionRecord, Channel, Fact, OperatorCard, PolicyFlag, Speaker, Turn,
};
use madoguchi_shared::screen::{Caption, Original, TextSpan};

use crate::case::Case;
use crate::escalation::{Danger, Mood};
use crate::input::Heard;
use crate::machine::{
    Asked as AskedLanguage, Driving, Interpreting, Nobody, OnScreen, StillState, Together,
};
use crate::pack::Phrase;
use crate::run::{Known, Run};
use crate::time::Now;
use crate::tool::Tier;
use crate::translation::MachineTranslation;
use crate::understanding::Understanding;

/// Lines of a visit that are remembered, the newest.
const LINES: usize = 300;

/// One resident's time with the robot.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) id: VisitId,
    pub(crate) since: UnixMs,
    /// Who reads along while the agent serves.
    pub(crate) watch: Option<Watch>,
    pub(crate) language: Lang,
    /// Whether the visitor spoke, typed or chose that language.
    pub(crate) language_settled: bool,
    /// Utterances in a row that seem to be in another language, without that being sure.
    pub(crate) unsure: u32,
    /// An utterance whose language only the visitor can tell.
    pub(crate) asked: Option<AskedLanguage>,
    /// The same when that was told and its sound is being looked at again.
    pub(crate) heard_again: Option<Heard>,
    /// Whether the visitor wants no microphone.
    pub(crate) microphone_off: bool,
    pub(crate) lines: Vec<Line>,
    pub(crate) phase: Phase,
    /// Questions in a row that got no answer.
    pub(crate) failed_answers: u32,
    /// Utterances in a row whose words could not be made out.
    pub(crate) not_caught: u32,
    pub(crate) awaiting_vectors: Vec<AwaitedVector>,
    /// The newest line of several questions, until all are understood.
    pub(crate) several: Option<Several>,
    pub(crate) awaiting_translations: Vec<(u64, TranslationFor)>,
    pub(crate) answered: Vec<String>,
    /// Turns of the agent that were answers.
    pub(crate) answers: Vec<u32>,
    /// Topics offered as "is it about A or B?".
    pub(crate) offered_topics: Vec<String>,
    /// What is offered after an answer.
    pub(crate) follow_ups: Vec<String>,
    /// The topic that was answered last.
    pub(crate) about: Option<String>,
    /// Lines that are operator's messages, with the message's number.
    pub(crate) operator_messages: Vec<(u32, u32)>,
    /// Flows under way; the last one was begun by the one before.
    pub(crate) runs: Vec<Run>,
    /// Set while these are filled in together with the operator of a call.
    pub(crate) together: Option<Together>,
    /// The verification that the visitor has, with what it was made of.
    pub(crate) verified: Option<Verified>,
    /// Verifications that failed.
    pub(crate) failed_verifications: u8,
    /// What flows that are over have learned.
    pub(crate) facts: Vec<Fact>,
    /// Kinds of what may not be told.
    pub(crate) redacted: Vec<String>,
    pub(crate) actions: Vec<ActionRecord>,
    /// Calls of tools that haven't been answered.
    pub(crate) under_way: Vec<UnderWay>,
    /// How often each action was called.
    pub(crate) calls: BTreeMap<String, u32>,
    /// What the visitor wants once a change that is under way is done.
    pub(crate) wish: Option<Wish>,
    pub(crate) policy_flags: Vec<PolicyFlag>,
    pub(crate) mood: Mood,
    /// The danger that was told of last; its number stays on the screen.
    pub(crate) danger: Option<Danger>,
    /// Set in interpreter mode, and while its languages are being chosen.
    pub(crate) interpreting: Option<Interpreting>,
    /// What the visitor does while nobody comes.
    pub(crate) nobody: Option<Nobody>,
    /// What the visitor agreed to, for the packet.
    pub(crate) consents: Vec<String>,
    /// Whether an account was read out, and whether the silent visitor was asked after since.
    pub(crate) account_read: bool,
    pub(crate) asked_after: bool,
    /// How long a silent visitor is waited for, and until when.
    pub(crate) idle: Duration,
    pub(crate) idle_at: u64,
}

/// Somebody reads along.
#[derive(Debug, Clone)]
pub(crate) struct Watch {
    pub(crate) by: OperatorCard,
    /// Whether the visitor was told so by voice as well.
    pub(crate) said: bool,
}

/// A turn whose sentence vector is on its way.
#[derive(Debug, Clone)]
pub(crate) struct AwaitedVector {
    pub(crate) request: u64,
    pub(crate) turn: u32,
    /// The words, which the transcript may not have.
    pub(crate) text: String,
    /// Number of the question that they may answer.
    pub(crate) question: Option<u32>,
    /// Which of the line's several questions it is.
    pub(crate) part: Option<usize>,
    pub(crate) by: u64,
}

/// The questions of one line, which are understood one by one.
#[derive(Debug, Clone)]
pub(crate) struct Several {
    pub(crate) turn: u32,
    /// What the whole line was understood as.
    pub(crate) whole: Understanding,
    pub(crate) parts: Vec<Option<Understanding>>,
}

/// A call of a tool that hasn't been answered.
#[derive(Debug, Clone)]
pub(crate) struct UnderWay {
    pub(crate) call: u64,
    pub(crate) action: String,
    pub(crate) tier: Tier,
    /// Its place in the visit's list of actions.
    pub(crate) record: usize,
    /// The flow as it stood.
    pub(crate) run: Run,
    /// When it is given up; absent once it was.
    pub(crate) by: Option<u64>,
}

/// What the visitor wants once a change that is under way is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// No more questions.
    Cancel,
    /// To go.
    Leave,
}

/// Who the visitor showed to be.
#[derive(Debug, Clone)]
pub(crate) struct Verified {
    pub(crate) level: String,
    /// What the flow that verified them knew.
    pub(crate) known: BTreeMap<String, Known>,
    /// Until when another action may use it, in monotonic milliseconds.
    pub(crate) until: u64,
}

/// What a translation is for: the line of that number.
#[derive(Debug, Clone)]
pub(crate) enum TranslationFor {
    /// A line of the transcript, into this language of the operator.
    Turn(u32, Lang),
    /// What an operator typed or said, into the visitor's language.
    OperatorLine(u32),
    /// A line of interpreter mode, into this language of the other one.
    Interpreted(u32, Lang),
}

/// Who holds the conversation, with what belongs to that.
#[derive(Debug, Clone)]
pub(crate) enum Phase {
    Agent,
    Waiting {
        case: Case,
        give_up_at: u64,
        console_by: Option<u64>,
    },
    Operator {
        case: Case,
        operator: OperatorCard,
        /// Number of the page's call.
        call: Option<u32>,
        media: Media,
        away_until: Option<u64>,
        aside: Box<Aside>,
    },
    /// Staff in the room have the visitor.
    Onsite {
        case: Case,
        /// When they count as gone, unless somebody acts before.
        until: u64,
    },
    Leaving {
        until: u64,
    },
}

/// What an operator does besides talking.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aside {
    pub(crate) hold: Option<Held>,
    /// Who is asked to take over.
    pub(crate) asked: Option<Asked>,
    pub(crate) driving: Driving,
    /// What is shown.
    pub(crate) on_screen: Option<OnScreen>,
    pub(crate) still: Option<StillState>,
}

impl Aside {
    /// How far asking a colleague is.
    pub(crate) fn asked_phrase(&self) -> Option<Phrase> {
        self.asked.as_ref().map(|asked| match asked.talking {
            true => Phrase::ColleagueBriefed,
            false => Phrase::ColleagueAsked,
        })
    }
}

/// The visitor is on hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    /// How long it may take by the operator's word.
    pub(crate) minutes: u32,
    /// When the visitor is told (again) that it takes longer.
    pub(crate) long_at: u64,
    /// Whether they were.
    pub(crate) is_long: bool,
}

/// The media session of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Media {
    pub(crate) session: u32,
    pub(crate) attempts: u32,
    pub(crate) state: MediaState,
}

impl Media {
    /// Whether it was set up and isn't given up. Signals of one that isn't up yet may be lost with
    /// the link.
    pub(crate) fn stands(&self) -> bool {
        matches!(self.state, MediaState::Flowing | MediaState::Interrupted)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaState {
    SettingUp {
        by: u64,
    },
    Flowing,
    Interrupted,
    /// Words only.
    GivenUp,
}

/// A line of the transcript and how the screen shows it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) turn: Turn,
    pub(crate) caption: Caption,
}

/// Words that came from a side of the conversation.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub(crate) speaker: Speaker,
    pub(crate) channel: Channel,
    pub(crate) text: String,
    pub(crate) language: Option<Lang>,
    pub(crate) confidence: Option<f32>,
    pub(crate) doubtful: Vec<TextSpan>,
}

/// Whether a line's words were written down from an operator's voice by a machine.
pub(crate) fn is_recognised(speaker: Speaker, channel: Channel) -> bool {
    speaker == Speaker::Operator && channel == Channel::Speech
}

impl Visit {
    pub(crate) fn new(id: VisitId, language: Lang, idle: Duration, now: Now) -> Self {
        Self {
            id,
            since: now.wall,
            watch: None,
            language,
            language_settled: false,
            unsure: 0,
            asked: None,
            heard_again: None,
            microphone_off: false,
            lines: Vec::new(),
            phase: Phase::Agent,
            failed_answers: 0,
            not_caught: 0,
            awaiting_vectors: Vec::new(),
            several: None,
            awaiting_translations: Vec::new(),
            answered: Vec::new(),
            answers: Vec::new(),
            offered_topics: Vec::new(),
            follow_ups: Vec::new(),
            about: None,
            operator_messages: Vec::new(),
            runs: Vec::new(),
            together: None,
            verified: None,
            failed_verifications: 0,
            facts: Vec::new(),
            redacted: Vec::new(),
            actions: Vec::new(),
            under_way: Vec::new(),
            calls: BTreeMap::new(),
            wish: None,
            policy_flags: Vec::new(),
            mood: Mood::default(),
            danger: None,
            interpreting: None,
            nobody: None,
            consents: Vec::new(),
            account_read: false,
            asked_after: false,
            idle,
            idle_at: now.after(idle),
        }
    }

    pub(crate) fn has_resident_words(&self) -> bool {
        let mut speakers = self.lines.iter().map(|line| line.turn.speaker);
        speakers.any(|speaker| speaker == Speaker::Resident)
    }

    /// Adds a line and returns its number.
    pub(crate) fn add(&mut self, words: Words, at: UnixMs) -> u32 {
        let number = self.next_number();
        let said_by = match &self.phase {
            Phase::Operator { operator, .. } if words.speaker == Speaker::Operator => {
                Some(operator.name.clone())
            }
            _ => None,
        };
        let caption = Caption {
            number,
            speaker: words.speaker,
            said_by: said_by.clone(),
            text: words.text.clone(),
            language: words.language.clone(),
            original: None,
            detail: None,
            attachments: Vec::new(),
            untranslated: false,
            recognised: is_recognised(words.speaker, words.channel),
            partial: false,
            sounding: None,
        };
        let turn = Turn {
            number,
            speaker: words.speaker,
            said_by,
            channel: words.channel,
            text: words.text,
            language: words.language,
            translation: None,
            confidence: words.confidence,
            doubtful: words.doubtful,
            shown: None,
            interrupted: false,
            spoken: None,
            at,
        };
        self.lines.push(Line { turn, caption });
        if self.lines.len() > LINES {
            self.lines.remove(0);
        }
        number
    }

    /// The number of the line that comes next.
    pub(crate) fn next_number(&self) -> u32 {
        let last = self.lines.last().map_or(0, |line| line.turn.number);
        last.saturating_add(1)
    }

    /// Lines are numbered without gaps; the first may be forgotten.
    fn index(&self, number: u32) -> Option<usize> {
        let first = self.lines.first()?.turn.number;
        usize::try_from(number.checked_sub(first)?).ok()
    }

    /// Everything that is offered as a button, by its topic's or flow's name.
    pub(crate) fn offered(&self) -> Vec<String> {
        let all = self.offered_topics.iter().chain(&self.follow_ups);
        all.cloned().collect()
    }

    pub(crate) fn line(&self, number: u32) -> Option<&Line> {
        self.lines.get(self.index(number)?)
    }

    pub(crate) fn line_mut(&mut self, number: u32) -> Option<&mut Line> {
        let index = self.index(number)?;
        self.lines.get_mut(index)
    }

    pub(crate) fn case(&self) -> Option<&Case> {
        match &self.phase {
            Phase::Waiting { case, .. }
            | Phase::Operator { case, .. }
            | Phase::Onsite { case, .. } => Some(case),
            Phase::Agent | Phase::Leaving { .. } => None,
        }
    }

    pub(crate) fn case_mut(&mut self) -> Option<&mut Case> {
        match &mut self.phase {
            Phase::Waiting { case, .. }
            | Phase::Operator { case, .. }
            | Phase::Onsite { case, .. } => Some(case),
            Phase::Agent | Phase::Leaving { .. } => None,
        }
    }

    /// Languages heard or chosen, the one to use first.
    pub(crate) fn languages(&self) -> Vec<Lang> {
        let mut languages = vec![self.language.clone()];
        for line in &self.lines {
            if line.turn.speaker == Speaker::Resident
                && let Some(language) = &line.turn.language
                && !languages.contains(language)
            {
                languages.push(language.clone());
            }
        }
        languages
    }
}

impl Line {
    /// Shows a machine translation on the screen and keeps the original beside it.
    pub(crate) fn show_translated(&mut self, came: MachineTranslation, language: Lang) {
        if let Some(original) = self.turn.language.clone() {
            self.caption.original = Some(Original {
                language: original,
                text: self.turn.text.clone(),
            });
        }
        self.caption.text.clone_from(&came.text);
        self.caption.language = Some(language.clone());
        self.turn.translation = Some(came.into_language(language));
    }
}
