//! Opening hours of the day that was asked about, worked out from the pack's data.

use jiff::ToSpan;
use jiff::civil::Date;
use madoguchi_shared::ids::Lang;

use super::Machine;
use crate::lines::AgentLine;
use crate::pack::{Hours, Phrase, Texts};
use crate::slot::{self, Asked, Value, clock_in_words, in_words};
use crate::time::Now;

impl Machine {
    /// What the hours of a topic say for the day that a line asks about.
    pub(super) fn hours_asked(&self, topic: &str, turn: u32, now: Now) -> Option<AgentLine> {
        let visit = self.visit.as_ref()?;
        let said = &visit.line(turn)?.turn.text;
        let asked = slot::asked(said, &visit.language, self.today)?;
        let hours = self.pack.hours(self.pack.topic(topic)?.hours.as_ref()?)?;
        Some(AgentLine::Written(self.hours_in_words(hours, asked, now)?))
    }

    /// Answers "and on Saturdays?" about the topic that was answered last; whether it was that.
    pub(super) fn answered_for_the_day(&mut self, turn: u32, now: Now) -> bool {
        let carried_on = || {
            let visit = self.visit.as_ref()?;
            let said = &visit.line(turn)?.turn.text;
            let topic = visit.about.clone()?;
            let bare = slot::asks_only_when(said, &visit.language);
            match self.hours_asked(&topic, turn, now).filter(|_| bare)? {
                AgentLine::Written(texts) => Some((topic, texts)),
                _ => None,
            }
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
            let text = match asked {
                Asked::Now => self.hours_now(hours, language, now)?,
                Asked::Day(day) => self.hours_on(hours, language, day)?,
                Asked::Weekday(day) => self.hours_on_weekdays(hours, language, day)?,
            };
            Some((language.clone(), text))
        });
        texts.collect()
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
