//! Opening hours of the day that was asked about, worked out from the pack's data.

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use madoguchi_shared::ids::Lang;

use super::Machine;
use crate::lines::AgentLine;
use crate::pack::{Hours, Phrase, Texts};
use crate::slot::{self, Asked, Value, When, clock_in_words, in_words};
use crate::time::Now;

impl Machine {
    /// What the hours of a topic say for the day that a line asks about.
    pub(super) fn hours_asked(&self, topic: &str, turn: u32, now: Now) -> Option<AgentLine> {
        let visit = self.visit.as_ref()?;
        let said = &visit.line(turn)?.turn.text;
        let asked = slot::asked(said, &visit.language, self.today)?;
        self.hours_for(topic, asked, now).map(AgentLine::Written)
    }

    fn hours_for(&self, topic: &str, asked: Asked, now: Now) -> Option<Texts> {
        let hours = self.pack.hours(self.pack.topic(topic)?.hours.as_ref()?)?;
        self.hours_in_words(hours, asked, now)
    }

    /// Answers "and on Saturdays?" about the topic that was answered last; whether it was that.
    pub(super) fn answered_for_the_day(&mut self, turn: u32, now: Now) -> bool {
        let carried_on = || {
            let visit = self.visit.as_ref()?;
            let said = &visit.line(turn)?.turn.text;
            let topic = visit.about.clone()?;
            let asked = slot::asked(said, &visit.language, self.today)?;
            if !slot::asks_only_when(said, &visit.language) {
                return None;
            }
            // It carries on a question that may have been "when?".
            let asked = Asked {
                whether: false,
                ..asked
            };
            let texts = self.hours_for(&topic, asked, now)?;
            Some((topic, texts))
        };
        let Some((topic, texts)) = carried_on() else {
            return false;
        };
        if self.may_answer(&topic, turn, now) {
            self.say(&AgentLine::About(topic, texts), now);
        }
        true
    }

    fn hours_in_words(&self, hours: &Hours, asked: Asked, now: Now) -> Option<Texts> {
        let languages = self.pack.languages().iter();
        let texts = languages.map(|language| {
            let told = match asked.when {
                When::Now => self.hours_now(hours, language, now)?,
                When::Day(day) => self.hours_on(hours, language, day)?,
                When::Weekday(day) => self.hours_on_weekdays(hours, language, day)?,
            };
            let mut text = self.whether_open(hours, asked, language, now);
            text.push(told);
            Some((language.clone(), text.join(" ")))
        });
        texts.collect()
    }

    /// Yes or no, where that is an answer, and the time of day that was meant.
    fn whether_open(&self, hours: &Hours, asked: Asked, language: &Lang, now: Now) -> Vec<String> {
        let open_at = |day: Date, time: Time| {
            let mut spans = hours.on(day)?.into_iter();
            Some(spans.any(|(from, until)| from <= time && time < until))
        };
        let open_on = |day: Date| hours.on(day).map(|spans| !spans.is_empty());
        let clock = slot::clock(now.wall, self.pack.time_zone());
        let open = match (asked.when, asked.at) {
            (When::Now, _) => open_at(clock.date(), clock.time()),
            (When::Day(day), None) => open_on(day),
            (When::Day(day) | When::Weekday(day), Some(time)) => open_at(day, time),
            // Some are open on every other such day.
            (When::Weekday(_), None) => None,
        };
        let phrase = |phrase| self.pack.phrase(language, phrase).to_owned();
        let mut words = Vec::new();
        if let Some(open) = open.filter(|_| asked.whether) {
            words.push(phrase(if open { Phrase::Yes } else { Phrase::No }));
        }
        if let Some((open, time)) = open.zip(asked.at) {
            let text = phrase(match open {
                true => Phrase::HoursOpenAt,
                false => Phrase::HoursClosedAt,
            });
            let text = text.replace("{time}", &clock_in_words(time, language));
            words.push(text.replace("{place}", hours.name(language)));
        }
        words
    }

    fn hours_now(&self, hours: &Hours, language: &Lang, now: Now) -> Option<String> {
        let clock = slot::clock(now.wall, self.pack.time_zone());
        let (day, time) = (clock.date(), clock.time());
        let spans = hours.on(day)?;
        let own = spans
            .iter()
            .find(|(from, until)| *from <= time && time < *until);
        let place = hours.name(language);
        if let Some((_, until)) = own {
            let phrase = self.pack.phrase(language, Phrase::HoursNow);
            let until = clock_in_words(*until, language);
            return Some(phrase.replace("{place}", place).replace("{until}", &until));
        }
        let closed = self.pack.phrase(language, Phrase::HoursClosedNow);
        let closed = closed.replace("{place}", place);
        let later = spans.iter().any(|(from, _)| time < *from);
        let next = later.then_some(day).or_else(|| hours.next_open_after(day));
        let next = next.and_then(|next| self.hours_on(hours, language, next));
        Some(match next {
            Some(next) => format!("{closed} {next}"),
            None => closed,
        })
    }

    /// The next such weekday, and the next on which it is otherwise: some are open twice a month.
    fn hours_on_weekdays(&self, hours: &Hours, language: &Lang, day: Date) -> Option<String> {
        let open = |day: Date| hours.on(day).map(|spans| !spans.is_empty());
        let first = open(day)?;
        let others = (1..=4).filter_map(|weeks| day.checked_add((weeks * 7).days()).ok());
        let mut others = others.filter(|other| open(*other) == Some(!first));
        let line = self.hours_on(hours, language, day)?;
        let other = others.next();
        let other = other.and_then(|other| self.hours_on(hours, language, other));
        Some(match other {
            Some(other) => format!("{line} {other}"),
            None => line,
        })
    }

    fn hours_on(&self, hours: &Hours, language: &Lang, day: Date) -> Option<String> {
        let spans = hours.on(day)?;
        let phrase = match spans.is_empty() {
            true => Phrase::HoursClosedOn,
            false => Phrase::HoursOn,
        };
        let span = self.pack.phrase(language, Phrase::HoursSpan);
        let times = spans.iter().map(|(from, until)| {
            let until = clock_in_words(*until, language);
            let from = clock_in_words(*from, language);
            span.replace("{from}", &from).replace("{until}", &until)
        });
        let times: Vec<String> = times.collect();
        let text = self.pack.phrase(language, phrase);
        let text = text.replace("{day}", &in_words(&Value::Date(day), language));
        let text = text.replace("{place}", hours.name(language));
        Some(text.replace("{times}", &times.join(", ")))
    }
}
