//! The screen's picture of the machine.

use madoguchi_shared::ids::Lang;
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{OperatorCard, Speaker};
use madoguchi_shared::screen::{
    Activity, Caption, Form, FormChoice, FormKind, Greeting, Interpreted, InterpreterSide,
    InterpreterView, LanguageChoice, LanguageQuestion, Notice, OnHold, PlaceInLine, ScreenView,
    Stage, TextSpan, Tone,
};

use crate::case::{Deserted, WaitingLine};
use crate::lines::AgentLine;
use crate::machine::Machine;
use crate::pack::{Pack, Phrase, ScreenLabel};
use crate::run::State;
use crate::slot::{Kind, in_words};
use crate::visit::{MediaState, Phase, Visit};

/// Buttons with frequent questions; more would not be read.
const SUGGESTIONS: usize = 6;
/// Older lines than these are not sent to the screen; the packet has as many.
const CAPTIONS: usize = 200;

pub(crate) fn of(machine: &Machine) -> ScreenView {
    let pack = machine.pack();
    let visit = machine.visit();
    let language = visit.map_or_else(|| pack.default_language().clone(), |v| v.language.clone());
    let call = visit.and_then(|visit| match &visit.phase {
        Phase::Operator {
            operator,
            media,
            aside,
            ..
        } => Some((operator, media, aside)),
        _ => None,
    });
    let reaches_a_person =
        call.is_some_and(|(_, media, aside)| media.stands() && aside.hold.is_none());
    let microphone_off = visit.is_some_and(|visit| visit.microphone_off);
    ScreenView {
        stage: visit.map_or(Stage::Greeting, stage),
        activity: activity(machine),
        office: pack.office(&language).to_owned(),
        languages: choices(pack),
        captions: visit
            .iter()
            .flat_map(|visit| &visit.lines[visit.lines.len().saturating_sub(CAPTIONS)..])
            .map(|line| with_sounding(machine, line.caption.clone()))
            .chain(machine.provisional())
            .collect(),
        hushed: machine.is_hushed(),
        operator_words: machine.operator_words(),
        no_captions: machine.lacks_captions(),
        labels: pack.labels(&language, false),
        notice: visit.and_then(|visit| notice(machine, visit)),
        greetings: in_each_language(pack, Phrase::Greeting),
        renewing: match visit.is_none() && machine.is_renewing() {
            true => in_each_language(pack, Phrase::Renewing),
            false => Vec::new(),
        },
        suggestions: suggestions(machine, visit, &language),
        operator: call.map(|(operator, ..): (&OperatorCard, _, _)| operator.clone()),
        next_operator: call.and_then(|(_, _, aside)| aside.asked.clone()?.colleague),
        hold: call
            .and_then(|(_, _, aside)| aside.hold)
            .map(|hold| OnHold {
                minutes: (!hold.is_long).then_some(hold.minutes),
            }),
        motion: machine.motion_card(),
        still: machine.still_card(),
        shown: machine.shown(),
        camera_in_use: reaches_a_person && machine.abilities().camera,
        microphone_in_use: reaches_a_person && machine.abilities().microphone && !microphone_off,
        watched: machine.is_watched(),
        microphone_off,
        which_language: visit.map(|v| which_language(pack, v)).unwrap_or_default(),
        form: form(machine, &language),
        together: machine.visitors_form(),
        may_interpret: visit.is_none_or(|visit| matches!(visit.phase, Phase::Agent))
            && !machine.settings().translations.is_empty(),
        interpreter: interpreter(machine),
        line: visit.and_then(place_in_line),
        nobody: machine.nobody_view(),
        staff: machine.staff_view(),
        sample_visitors: machine.settings().sample_visitors.clone(),
        language,
    }
}

fn with_sounding(machine: &Machine, mut caption: Caption) -> Caption {
    caption.sounding = machine
        .sounding()
        .filter(|(turn, ..)| *turn == caption.number)
        .map(|(_, text, piece)| {
            let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
            let start = units(&text[..piece.start]);
            TextSpan {
                start,
                end: start + units(&text[piece]),
            }
        });
    caption
}

fn interpreter(machine: &Machine) -> Option<InterpreterView> {
    let (pack, visit) = (machine.pack(), machine.visit()?);
    let own = visit.interpreting.as_ref()?;
    let sounding = machine.sounding().map(|(turn, ..)| turn);
    let lines = visit.lines.iter().filter_map(|line| {
        let side = match line.turn.speaker {
            Speaker::Clerk => InterpreterSide::Clerk,
            Speaker::Resident => InterpreterSide::Visitor,
            Speaker::Agent | Speaker::Operator => return None,
        };
        let translation = line.turn.translation.as_ref();
        Some(Interpreted {
            number: line.turn.number,
            side,
            text: line.turn.text.clone(),
            translation: translation.map(|own| own.text.clone()),
            untranslated: line.caption.untranslated,
            sounding: sounding == Some(line.turn.number),
        })
    });
    let since = |line: &Interpreted| own.running && line.number >= own.first_line;
    let choices = machine.interpreters_languages().into_iter();
    Some(InterpreterView {
        running: own.running,
        refused: own.refused,
        turned: own.turned,
        clerk: own.clerk.clone(),
        visitor: own.visitor.clone(),
        clerk_labels: pack.labels(&own.clerk, false),
        choices: choices.map(|language| choice(pack, language)).collect(),
        lines: lines.filter(since).collect(),
    })
}

fn stage(visit: &Visit) -> Stage {
    match &visit.phase {
        Phase::Agent if visit.interpreting.is_some() => Stage::Interpreting,
        Phase::Agent => Stage::Conversation,
        Phase::Waiting { .. } => Stage::Waiting,
        Phase::Operator {
            away_until: Some(_),
            ..
        } => Stage::Connecting,
        Phase::Operator { media, .. } => match media.state {
            MediaState::SettingUp { .. } => Stage::Connecting,
            MediaState::Flowing | MediaState::Interrupted | MediaState::GivenUp => Stage::Live,
        },
        Phase::Onsite { .. } => Stage::Onsite,
        Phase::Leaving { .. } => Stage::Goodbye,
    }
}

fn activity(machine: &Machine) -> Activity {
    if machine.is_speaking() {
        return Activity::Speaking;
    }
    if machine
        .visit()
        .is_some_and(|visit| matches!(visit.phase, Phase::Operator { .. } | Phase::Onsite { .. }))
    {
        return Activity::Quiet;
    }
    if machine.is_hearing() {
        return Activity::Hearing;
    }
    if machine.is_thinking() {
        return Activity::Thinking;
    }
    if machine.visit().is_some_and(|visit| visit.microphone_off) {
        return Activity::MicrophoneOff;
    }
    let abilities = machine.abilities();
    if abilities.microphone && abilities.recogniser {
        Activity::Listening
    } else {
        Activity::CannotHear
    }
}

/// The emergency number, with the office's sentence where the language has one.
fn emergency(machine: &Machine, visit: &Visit) -> Option<Notice> {
    let rules = machine.watch().rules().dangers.get(&visit.danger?)?;
    let sentence = rules.sentence(&visit.language);
    Some(Notice {
        tone: Tone::Trouble,
        text: sentence.unwrap_or_else(|| rules.number.clone()),
        language: visit.language.clone(),
    })
}

fn notice(machine: &Machine, visit: &Visit) -> Option<Notice> {
    // In a call the operator tells it, and their face has the room.
    let alone = matches!(visit.phase, Phase::Agent | Phase::Waiting { .. });
    let emergency = alone.then(|| emergency(machine, visit)).flatten();
    emergency.or_else(|| phase_notice(machine, visit))
}

fn phase_notice(machine: &Machine, visit: &Visit) -> Option<Notice> {
    let pack = machine.pack();
    let has_rung = visit
        .nobody
        .as_ref()
        .is_some_and(crate::machine::Nobody::has_rung);
    let (tone, phrase) = match &visit.phase {
        // Somebody comes after all; a language without this sentence has it on the card.
        Phase::Waiting { .. } if has_rung && pack.languages().contains(&visit.language) => {
            (Tone::Info, Phrase::BellRung)
        }
        Phase::Waiting { .. } if !machine.abilities().console => {
            (Tone::Trouble, Phrase::ConsoleUnreachable)
        }
        Phase::Waiting { case, .. }
            if case.deserted == Deserted::Told && visit.nobody.is_some() =>
        {
            (Tone::Info, Phrase::NobodyNow)
        }
        Phase::Waiting { case, .. }
            if case.operators == Some(0) || case.line.is_some_and(WaitingLine::is_overdue) =>
        {
            (Tone::Info, Phrase::WaitingLong)
        }
        // A language without answers is told why a person comes, and stays told.
        Phase::Waiting { .. } if !pack.languages().contains(&visit.language) => {
            (Tone::Info, Phrase::Transferring)
        }
        Phase::Waiting { .. } => (Tone::Info, Phrase::Waiting),
        Phase::Operator {
            away_until: Some(_),
            ..
        } => (Tone::Trouble, Phrase::OperatorAway),
        Phase::Operator {
            media, aside, case, ..
        } => match (media.state, aside.hold) {
            (MediaState::SettingUp { .. }, _) => (Tone::Info, Phrase::Connecting),
            (_, Some(hold)) if hold.is_long => (Tone::Info, Phrase::HoldLonger),
            (_, Some(_)) => (Tone::Info, Phrase::OnHold),
            (_, None) if aside.asked.is_some() => (Tone::Info, aside.asked_phrase()?),
            (MediaState::Interrupted, None) => (Tone::Info, Phrase::Connecting),
            (MediaState::GivenUp, None) if case.failure == Some(Failure::Untrusted) => {
                (Tone::Trouble, Phrase::NotGenuine)
            }
            (MediaState::GivenUp, None) => (Tone::Trouble, Phrase::NoPicture),
            (MediaState::Flowing, None) => return None,
        },
        Phase::Onsite { .. } => (Tone::Good, Phrase::StaffHere),
        Phase::Agent if visit.watch.is_some() => (Tone::Info, Phrase::Watched),
        Phase::Agent if machine.told_trouble().is_some() => {
            (Tone::Trouble, machine.told_trouble()?)
        }
        Phase::Agent | Phase::Leaving { .. } => return None,
    };
    let line = AgentLine::Phrase(phrase).sayable_in(pack, &visit.language);
    let authored = line.render(pack, &visit.language);
    Some(Notice {
        tone,
        text: authored.text,
        language: authored.language,
    })
}

fn choices(pack: &Pack) -> Vec<LanguageChoice> {
    let own = pack.languages().iter().cloned();
    own.map(|language| choice(pack, language)).collect()
}

fn choice(pack: &Pack, language: Lang) -> LanguageChoice {
    LanguageChoice {
        name: pack.language_name(&language).to_owned(),
        language,
    }
}

fn place_in_line(visit: &Visit) -> Option<PlaceInLine> {
    let Phase::Waiting { case, .. } = &visit.phase else {
        return None;
    };
    let line = case.line?;
    Some(PlaceInLine {
        place: line.place,
        minutes: line.minutes(),
    })
}

/// The question in each language that may have been spoken.
fn which_language(pack: &Pack, visit: &Visit) -> Vec<LanguageQuestion> {
    let languages = visit.asked.iter().flat_map(|asked| &asked.languages);
    languages
        .map(|language| LanguageQuestion {
            language: language.clone(),
            name: pack.language_name(language).to_owned(),
            text: pack.label(language, ScreenLabel::ChooseLanguage).to_owned(),
        })
        .collect()
}

fn in_each_language(pack: &Pack, phrase: Phrase) -> Vec<Greeting> {
    pack.languages()
        .iter()
        .filter_map(|language| {
            let text = pack.courtesy(language, phrase)?.to_owned();
            Some(Greeting {
                language: language.clone(),
                text,
            })
        })
        .collect()
}

fn suggestions(machine: &Machine, visit: Option<&Visit>, language: &Lang) -> Vec<String> {
    let pack = machine.pack();
    if !pack.languages().contains(language) {
        return Vec::new();
    }
    if let Some(visit) = visit
        && !visit.offered().is_empty()
    {
        let offered = visit.offered();
        return offered
            .iter()
            .filter_map(|topic| pack.title(topic, language))
            .map(str::to_owned)
            .collect();
    }
    let mut suggestions = pack.suggestions(language, machine.today().into());
    suggestions.truncate(SUGGESTIONS);
    suggestions
}

/// How a question is answered on a screen, and with how many digits at most.
pub(crate) fn kind_of(kind: Kind) -> (FormKind, Option<u32>) {
    let kind = match kind {
        Kind::Date(_) => FormKind::Date,
        Kind::Name => FormKind::Name,
        Kind::Number { most, .. } => {
            let digits = u32::try_from(most).unwrap_or(u32::MAX);
            return (FormKind::Number, Some(digits));
        }
        Kind::Choice => FormKind::Choice,
        Kind::Address => FormKind::Address,
        Kind::YesNo => FormKind::Confirm,
    };
    (kind, None)
}

/// The question that a flow waits for.
fn form(machine: &Machine, language: &Lang) -> Option<Form> {
    let run = machine.run()?;
    let flow = machine.pack().flow(&run.flow)?;
    let ask = run.ask(machine.pack());
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let mut form = Form {
        number: run.number,
        title: flow.title(language).to_owned(),
        prompt: String::new(),
        kind: FormKind::Confirm,
        choices: Vec::new(),
        value: None,
        secret: ask.is_some_and(|ask| ask.secret),
        digits: None,
        step: count(run.asked.len()),
        of: count(run.questions(flow)),
        can_go_back: run.previous().is_some(),
    };
    let texts = match &run.state {
        State::Calling { .. } => return None,
        State::Consent => machine.consent_text(run)?,
        State::ReadingBack(value) => {
            form.value = Some(in_words(value, language));
            run.fill(&ask?.prompt)
        }
        State::Asking => {
            let ask = ask?;
            (form.kind, form.digits) = kind_of(ask.kind);
            let choices = run.choices(ask, language).into_iter();
            form.choices = choices
                .map(|choice| FormChoice {
                    value: choice.value,
                    label: choice.label,
                })
                .collect();
            run.fill(&ask.prompt)
        }
    };
    form.prompt = texts.get(language).or(texts.values().next())?.clone();
    Some(form)
}
