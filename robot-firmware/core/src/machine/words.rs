//! Words that cross between the languages of resident and operator.

use madoguchi_shared::ids::{CaseId, Lang};
use madoguchi_shared::packet::{Channel, Speaker};

use super::Machine;
use crate::bounded::LONGEST_SPEECH;
use crate::output::Output;
use crate::time::Now;
use crate::translation::MachineTranslation;
use crate::visit::{Phase, TranslationFor, Words};

impl Machine {
    pub(super) fn operator_said(
        &mut self,
        case_id: CaseId,
        message: u32,
        text: String,
        language: Lang,
        now: Now,
    ) {
        let text = text.chars().take(LONGEST_SPEECH).collect::<String>();
        let Some(case) = self.open_case(case_id) else {
            return;
        };
        if message <= case.last_message {
            return;
        }
        case.last_message = message;
        let words = Words {
            speaker: Speaker::Operator,
            channel: Channel::Typed,
            text,
            language: Some(language),
            confidence: None,
            doubtful: Vec::new(),
        };
        self.operator_line(words, Some(message), now);
    }

    /// Adds what the operator said, or typed as a message, and shows it in the visitor's language
    /// where that can be.
    pub(super) fn operator_line(&mut self, words: Words, message: Option<u32>, now: Now) {
        let Some(visit) = &mut self.visit else { return };
        let to = visit.language.clone();
        let (language, text) = (words.language.clone(), words.text.clone());
        let turn = visit.add(words, now.wall);
        visit
            .operator_messages
            .extend(message.map(|message| (turn, message)));
        let foreign = language.clone().filter(|language| *language != to);
        if let Some(from) = foreign.clone()
            && self.can_translate(&from, &to)
        {
            self.send_turn(turn);
            return self.translate(TranslationFor::OperatorLine(turn), from, to, text);
        }
        if let Some(line) = self.visit.as_mut().and_then(|visit| visit.line_mut(turn)) {
            line.caption.untranslated = foreign.is_some();
            line.turn.shown = language;
        }
        self.send_turn(turn);
        self.report_shown(turn, false);
        self.speak_suggestion(turn, now);
    }

    fn line_translated(&mut self, turn: u32, came: Option<MachineTranslation>, now: Now) {
        let Some(visit) = &mut self.visit else { return };
        let to = visit.language.clone();
        let Some(line) = visit.line_mut(turn) else {
            return;
        };
        let translated = came.is_some();
        match came {
            Some(came) => line.show_translated(came, to),
            None => line.caption.untranslated = true,
        }
        line.turn.shown.clone_from(&line.caption.language);
        self.send_changed(turn);
        self.report_shown(turn, translated);
        self.speak_suggestion(turn, now);
    }

    fn report_shown(&mut self, turn: u32, translated: bool) {
        let Some(visit) = &self.visit else { return };
        let Some(case) = visit.case() else { return };
        let message = visit
            .operator_messages
            .iter()
            .find(|(number, _)| *number == turn);
        let (Some((_, message)), Some(line)) = (message, visit.line(turn)) else {
            return;
        };
        let Some(language) = line.caption.language.clone() else {
            return;
        };
        let shown = Output::SendShown {
            case_id: case.id,
            message: *message,
            language,
            text: line.caption.text.clone(),
            translated,
        };
        self.emit(shown);
    }

    /// The language into which a resident's line is translated: in a call the first of the
    /// operator's that can be had, and before that the one in which operators read.
    fn readers_language(&self, from: &Lang) -> Lang {
        let phase = self.visit.as_ref().map(|visit| &visit.phase);
        let own = match phase {
            Some(Phase::Operator { operator, .. }) => operator.languages.as_slice(),
            _ => &[],
        };
        own.iter()
            .find(|to| *to == from || self.can_translate(from, to))
            .unwrap_or(&self.settings.packet_language)
            .clone()
    }

    /// Asks for the resident's line in the operators' language, where that is needed.
    pub(super) fn translate_turn(&mut self, number: u32) {
        let Some(visit) = &self.visit else { return };
        if visit.case().is_none() && !self.is_watched() {
            return;
        }
        let Some(line) = visit.line(number) else {
            return;
        };
        let Some(from) = line.turn.language.clone() else {
            return;
        };
        let to = self.readers_language(&from);
        let wanted =
            line.turn.speaker == Speaker::Resident && line.turn.translation.is_none() && from != to;
        if wanted && self.can_translate(&from, &to) {
            let text = line.turn.text.clone();
            self.translate(TranslationFor::Turn(number, to.clone()), from, to, text);
        }
    }

    fn turn_translated(&mut self, number: u32, to: Lang, came: Option<MachineTranslation>) {
        let Some(came) = came else { return };
        let Some(visit) = &mut self.visit else { return };
        let Some(line) = visit.line_mut(number) else {
            return;
        };
        line.turn.translation = Some(came.into_language(to));
        self.send_changed(number);
    }

    /// Sends a line that has changed to whoever reads it.
    fn send_changed(&mut self, number: u32) {
        let Some(visit) = &self.visit else { return };
        match visit.case() {
            Some(_) => self.send_case(),
            None => self.send_turn(number),
        }
    }

    pub(super) fn translate(
        &mut self,
        purpose: TranslationFor,
        from: Lang,
        to: Lang,
        text: String,
    ) {
        let request = self.next_request();
        if let Some(visit) = &mut self.visit {
            visit.awaiting_translations.push((request, purpose));
        }
        self.emit(Output::Translate {
            request,
            from,
            to,
            text,
        });
    }

    pub(super) fn translated(&mut self, request: u64, came: Option<MachineTranslation>, now: Now) {
        let Some(visit) = &mut self.visit else { return };
        let came = came.map(MachineTranslation::bounded);
        let awaited = &mut visit.awaiting_translations;
        let Some(index) = awaited.iter().position(|(number, _)| *number == request) else {
            return;
        };
        match awaited.remove(index).1 {
            TranslationFor::Turn(turn, language) => self.turn_translated(turn, language, came),
            TranslationFor::OperatorLine(turn) => self.line_translated(turn, came, now),
            TranslationFor::Interpreted(turn, to) => self.interpreted(turn, to, came, now),
        }
    }

    pub(super) fn can_translate(&self, from: &Lang, to: &Lang) -> bool {
        self.settings
            .translations
            .iter()
            .any(|(f, t)| f == from && t == to)
    }
}
