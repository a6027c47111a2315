//! "Are you open now, on Saturday, and on Sundays?" is answered from the office's data.

use crate::support::{Robot, lang};
use jiff::tz::TimeZone;
use madoguchi_core::{Input, Now};
use madoguchi_shared::ids::UnixMs;

/// A robot at an hour of its office's clock.
struct At {
    robot: Robot,
    wall: UnixMs,
}

impl At {
    fn new(clock: &str) -> Self {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let clock: jiff::civil::DateTime = clock.parse().unwrap();
        let wall = UnixMs(clock.to_zoned(zone).unwrap().timestamp().as_millisecond());
        let robot = Robot::new();
        Self { robot, wall }
    }

    fn asks(&mut self, tag: &str, text: &str) -> String {
        let (language, text) = (lang(tag), text.to_owned());
        let mut request = None;
        for input in [Some(Input::TypedIn { language, text }), None] {
            let input = input.or_else(|| {
                let request = request?;
                Some(Input::Embedded {
                    request,
                    vector: None,
                })
            });
            let now = Now {
                monotonic_ms: self.robot.ms,
                wall: self.wall,
            };
            let Some(input) = input else { break };
            self.robot.machine.handle(input, now);
            while let Some(output) = self.robot.machine.poll_output() {
                match output {
                    madoguchi_core::Output::Embed { request: own, .. } => request = Some(own),
                    madoguchi_core::Output::View(view) => self.robot.view = Some(*view),
                    other => self.robot.outputs.push(other),
                }
            }
        }
        self.robot.said().pop().expect("nothing was said").2
    }
}

#[test]
fn open_now_until_when_and_closed_now_until_when() {
    for (clock, said) in [
        (
            "2026-12-02T10:00",
            "Now the ward office is open, until 17:00.",
        ),
        (
            "2026-12-02T17:00",
            "Now the ward office is closed. Thursday 3 December 2026: the ward office is open from 8:30 to 17:00.",
        ),
        (
            "2026-12-02T07:00",
            "Now the ward office is closed. Wednesday 2 December 2026: the ward office is open from 8:30 to 17:00.",
        ),
        (
            "2026-12-12T09:30",
            "Now the ward office is open, until 12:00.",
        ),
        (
            "2026-12-31T10:00",
            "Now the ward office is closed. Monday 4 January 2027: the ward office is open from 8:30 to 17:00.",
        ),
    ] {
        let answer = At::new(clock).asks("en", "Are you open now? What are your opening hours?");
        assert!(answer.starts_with(said), "{clock}: {answer}");
        assert!(
            answer.contains("half past eight"),
            "the whole answer follows: {answer}"
        );
    }
}

#[test]
fn a_weekday_that_is_open_twice_a_month_is_told_with_both_days() {
    for (tag, asked, said) in [
        (
            "en",
            "Are you open on Saturdays?",
            [
                "Saturday 5 December 2026: the ward office is closed.",
                "Saturday 12 December 2026: the ward office is open from 9:00 to 12:00.",
            ],
        ),
        (
            "ja",
            "土曜日も開いてますか",
            [
                "2026年12月5日（土曜日）、区役所はお休みです。",
                "2026年12月12日（土曜日）、区役所は9時00分から12時00分まで開いています。",
            ],
        ),
        (
            "pt",
            "Abre no sábado?",
            [
                "a prefeitura fica fechada.",
                "a prefeitura abre das 9h00 às 12h00.",
            ],
        ),
    ] {
        let answer = At::new("2026-12-02T10:00").asks(tag, asked);
        for said in said {
            assert!(answer.contains(said), "{answer}");
        }
    }
}

#[test]
fn a_bare_day_carries_the_question_on() {
    for (tag, first, next, said) in [
        (
            "en",
            "What are your opening hours?",
            "And on Sundays?",
            "Sunday 6 December 2026: the ward office is closed.",
        ),
        (
            "ja",
            "受付時間",
            "明日は？",
            "2026年12月3日（木曜日）、区役所は8時30分から17時00分まで開いています。",
        ),
        (
            "pt",
            "Qual é o horário de atendimento?",
            "E amanhã?",
            "a prefeitura abre das 8h30 às 17h00.",
        ),
    ] {
        let mut robot = At::new("2026-12-02T10:00");
        robot.asks(tag, first);
        let answer = robot.asks(tag, next);
        assert!(answer.ends_with(said), "{answer}");
        let shown = robot.robot.view().captions.last().unwrap();
        assert!(shown.detail.as_deref().unwrap().contains("8:30–17:00"));
    }
}

#[test]
fn a_holiday_is_closed_and_a_year_that_nobody_wrote_down_is_not_guessed() {
    let mut robot = At::new("2026-11-02T10:00");
    let answer = robot.asks("en", "What time does the office close today?");
    assert!(answer.contains("is open from 8:30 to 17:00"), "{answer}");
    let answer = robot.asks("en", "what about tomorrow?");
    assert_eq!(
        answer,
        "Tuesday 3 November 2026: the ward office is closed."
    );
    let answer = At::new("2031-06-02T10:00").asks("en", "What time does the office close today?");
    assert!(
        answer.starts_with("The office is open Monday to Friday"),
        "{answer}"
    );
}

#[test]
fn what_follows_an_answer_is_offered_as_buttons() {
    let mut robot = At::new("2026-12-02T10:00");
    robot.asks("en", "What are your opening hours?");
    let offered = robot.robot.view().suggestions.clone();
    assert_eq!(offered[0], "Book an appointment");
    assert_eq!(offered.len(), 2);
    let answer = robot.asks("en", &offered[1]);
    assert!(!answer.contains("half past eight"), "{answer}");
}

#[test]
fn whether_it_is_open_at_an_hour_or_on_a_named_day_is_yes_or_no_and_then_the_hours() {
    for (tag, asked, said) in [
        (
            "en",
            "Are you open at 7 pm?",
            "No. At 19:00 the ward office is closed. Wednesday 2 December 2026: the ward office is open from 8:30 to 17:00.",
        ),
        (
            "en",
            "Are you open on Thursday at 3?",
            "Yes. At 15:00 the ward office is open. Thursday 3 December 2026:",
        ),
        (
            "en",
            "Are you open on Christmas Day?",
            "Yes. Friday 25 December 2026: the ward office is open from 8:30 to 17:00.",
        ),
        (
            "en",
            "Are you open on 3 January?",
            "No. Sunday 3 January 2027: the ward office is closed.",
        ),
        (
            "en",
            "What time do you open on Sunday?",
            "Sunday 6 December 2026: the ward office is closed.",
        ),
        (
            "ja",
            "夜7時に開いていますか",
            "いいえ。 19時00分には、区役所は閉まっています。 2026年12月2日（水曜日）、区役所は8時30分から17時00分まで開いています。",
        ),
        (
            "ja",
            "元日は開いていますか",
            "いいえ。 2027年1月1日（金曜日）、区役所はお休みです。",
        ),
        (
            "pt",
            "Vocês estão abertos às 19h?",
            "Não. Às 19h00, a prefeitura está fechada.",
        ),
        ("pt", "A prefeitura abre no Natal?", "Sim. "),
    ] {
        let answer = At::new("2026-12-02T10:00").asks(tag, asked);
        assert!(answer.starts_with(said), "{asked}: {answer}");
    }
}
