//! A call with an operator, seen from both pages.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use common::{Robot, loudspeaker_above};
use madoguchi_media::{MediaConfig, MediaEvent};
use madoguchi_shared::signal::{CONTROL_CHANNEL, MOTION_CHANNEL, Signal};

#[test]
fn picture_and_sound_flow_both_ways_and_the_face_reaches_the_screen() {
    let robot = Robot::new(MediaConfig::default());
    let screen = robot.open_screen();
    let operator = robot.call(1);
    robot.wait_for("connection", |event| {
        matches!(event, MediaEvent::CallConnected { session: 1 })
    });
    robot.wait_for("picture of the operator", |event| {
        matches!(event, MediaEvent::OperatorVideo { session: 1 })
    });
    robot.wait_until(
        "a picture that stands alone and 100 packets of sound",
        || operator.got.key_frames.load(Relaxed) > 0 && operator.got.audio.load(Relaxed) > 100,
    );
    robot.wait_until("the face on the screen", || {
        screen.got.key_frames.load(Relaxed) > 0 && screen.got.video.load(Relaxed) > 30
    });
    robot.wait_for("the operator's voice", loudspeaker_above(0.5));
    robot.engine.shutdown();
}

#[test]
fn hold_stops_both_directions_and_ends_with_a_fresh_picture() {
    let robot = Robot::new(MediaConfig::default());
    let screen = robot.open_screen();
    let operator = robot.call(1);
    let counts = || {
        [
            operator.got.video.load(Relaxed),
            operator.got.audio.load(Relaxed),
            screen.got.video.load(Relaxed),
        ]
    };
    robot.wait_until("media", || counts().iter().all(|count| *count > 10));
    robot.wait_for("the operator's voice", loudspeaker_above(0.5));

    robot.engine.set_hold(true);
    let mut last = (counts(), Instant::now());
    robot.wait_until("half a second without a packet", || {
        if counts() != last.0 {
            last = (counts(), Instant::now());
        }
        last.1.elapsed() > Duration::from_millis(500)
    });
    robot.forget();
    robot.wait_for(
        "silence",
        |event| matches!(event, MediaEvent::Levels { loudspeaker, .. } if *loudspeaker < 0.01),
    );

    let held = counts();
    let key_frames = operator.got.key_frames.load(Relaxed);
    robot.engine.set_hold(false);
    robot.wait_until("media again", || {
        counts()
            .iter()
            .zip(held)
            .all(|(now, held)| *now > held + 10)
    });
    assert!(operator.got.key_frames.load(Relaxed) > key_frames);
    robot.wait_for("the operator's voice", loudspeaker_above(0.5));
    robot.engine.shutdown();
}

#[test]
fn five_calls_follow_each_other() {
    let robot = Robot::new(MediaConfig::default());
    let screen = robot.open_screen();
    for session in 1..=5 {
        let shown = screen.got.video.load(Relaxed);
        let screen = robot.open_screen();
        let operator = robot.call(session);
        robot.wait_for("connection", |event| {
            *event == MediaEvent::CallConnected { session }
        });
        robot.wait_until("media", || {
            operator.got.video.load(Relaxed) > 10
                && operator.got.audio.load(Relaxed) > 10
                && screen.got.video.load(Relaxed) > shown + 5
        });
        robot.engine.end_call();
        robot.runtime.block_on(operator.close());
    }
    robot.engine.shutdown();
}

#[test]
fn an_answer_that_makes_no_sense_fails_the_call_and_the_next_one_works() {
    let robot = Robot::new(MediaConfig::default());
    for (session, sdp) in [
        (1, "complete nonsense".to_owned()),
        (2, String::new()),
        (
            3,
            "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n".to_owned(),
        ),
        (4, "x".repeat(1 << 20)),
    ] {
        robot
            .engine
            .start_call(madoguchi_media::CallConfig::new(session));
        robot.engine.operator_signal(Signal::Answer {
            session,
            sdp,
            proof: None,
        });
        let failed = robot.wait_for("failure", |event| {
            matches!(event, MediaEvent::CallFailed { session: failed, .. } if *failed == session)
        });
        let MediaEvent::CallFailed { reason, .. } = failed else {
            unreachable!()
        };
        assert!(reason.contains("answer"), "{reason}");
    }
    let operator = robot.call(5);
    robot.wait_until("media", || operator.got.video.load(Relaxed) > 10);
    robot.engine.shutdown();
}

#[test]
fn a_signal_of_an_older_call_changes_nothing() {
    let robot = Robot::new(MediaConfig::default());
    let operator = robot.call(7);
    robot.engine.operator_signal(Signal::Answer {
        session: 6,
        sdp: "nonsense".to_owned(),
        proof: None,
    });
    robot.engine.operator_signal(Signal::Candidate {
        session: 6,
        candidate: "nonsense".to_owned(),
        sdp_mid: None,
        sdp_m_line_index: None,
    });
    robot.wait_until("media", || operator.got.video.load(Relaxed) > 10);
    assert!(!robot.has_seen(|event| matches!(event, MediaEvent::CallFailed { .. })));
    robot.engine.shutdown();
}

#[test]
fn a_screen_page_that_is_loaded_again_sees_the_face_again() {
    let robot = Robot::new(MediaConfig::default());
    let first = robot.open_screen();
    robot.call(1);
    robot.wait_until("the face", || first.got.video.load(Relaxed) > 10);
    let second = robot.open_screen();
    robot.wait_until("the face from a picture that stands alone", || {
        second.got.key_frames.load(Relaxed) > 0 && second.got.video.load(Relaxed) > 10
    });
    robot.engine.shutdown();
}

#[test]
fn words_pass_both_channels() {
    let robot = Robot::new(MediaConfig::default());
    let operator = robot.call(1);
    robot.wait_for("control channel", |event| {
        *event == MediaEvent::ControlOpen { session: 1 }
    });
    robot.engine.send_control("from the robot");
    robot.wait_until("the robot's words", || {
        let messages = operator.messages.lock().unwrap();
        messages
            .iter()
            .any(|(label, text)| label == CONTROL_CHANNEL && text == "from the robot")
    });
    robot.wait_until("both channels", || {
        operator.channels.lock().unwrap().len() == 2
    });
    robot.runtime.block_on(async {
        operator.say(CONTROL_CHANNEL, "reliable").await;
        operator.say(MOTION_CHANNEL, "quick").await;
    });
    robot.wait_for(
        "control",
        |event| matches!(event, MediaEvent::ControlMessage(text) if text == "reliable"),
    );
    robot.wait_for(
        "motion",
        |event| matches!(event, MediaEvent::MotionMessage(text) if text == "quick"),
    );
    robot.engine.shutdown();
}

#[test]
fn a_message_of_ten_megabytes_reaches_nobody_and_costs_nobody_the_engine() {
    let robot = Robot::new(MediaConfig::default());
    let operator = robot.call(1);
    robot.wait_until("media", || operator.got.video.load(Relaxed) > 10);
    robot.wait_until("both channels", || {
        operator.channels.lock().unwrap().len() == 2
    });
    let long = "x".repeat(10_000_000);
    let sent = robot.runtime.block_on(async {
        operator.try_say(CONTROL_CHANNEL, &long).await
            && operator.try_say(CONTROL_CHANNEL, "after it").await
    });
    // Whether the two libraries take it or end the connection over it is theirs.
    let dealt_with = |event: &MediaEvent| match event {
        MediaEvent::ControlMessage(text) => text == "after it",
        MediaEvent::CallInterrupted { .. } | MediaEvent::CallFailed { .. } => true,
        _ => false,
    };
    robot.wait_until("an end of it", || !sent || robot.has_seen(dealt_with));
    robot.engine.end_call();
    let operator = robot.call(2);
    robot.wait_until("media again", || operator.got.video.load(Relaxed) > 10);
    let heard = |event: &MediaEvent| match event {
        MediaEvent::ControlMessage(text) => text.len() > 16 * 1024,
        _ => false,
    };
    assert!(!robot.has_seen(heard));
    robot.engine.shutdown();
}

#[test]
fn a_page_without_the_robots_codecs_fails_the_call_with_its_name_and_the_next_one_works() {
    let robot = Robot::new(MediaConfig::default());
    let operator = robot.runtime.block_on(common::page::Page::operator());
    robot.engine.start_call(madoguchi_media::CallConfig::new(1));
    let offer = robot.wait_for_offer(1);
    robot.runtime.block_on(operator.take(offer));
    let answer = robot.answer_of(&operator);
    robot.engine.operator_signal(Signal::Answer {
        session: 1,
        sdp: answer.replace("VP8/90000", "H263/90000"),
        proof: None,
    });
    let failed = robot.wait_for("failure", |event| {
        matches!(event, MediaEvent::CallFailed { session: 1, .. })
    });
    let MediaEvent::CallFailed { reason, .. } = failed else {
        panic!("waited for a failure");
    };
    assert!(reason.contains("codecs for picture"), "{reason}");
    let operator = robot.call(2);
    robot.wait_until("media", || operator.got.video.load(Relaxed) > 10);
    robot.engine.shutdown();
}

#[test]
fn an_operator_who_goes_without_a_word_is_told_of() {
    let robot = Robot::new(MediaConfig::default());
    let operator = robot.call(1);
    robot.wait_until("media", || operator.got.video.load(Relaxed) > 10);
    robot.runtime.block_on(operator.close());
    robot.wait_for("interruption or end", |event| {
        matches!(
            event,
            MediaEvent::CallInterrupted { session: 1 } | MediaEvent::CallFailed { session: 1, .. }
        )
    });
    robot.engine.shutdown();
}

/// The answer comes from another machine. Whatever it says, the engine lives on.
#[test]
fn damaged_answers_never_take_the_engine_down() {
    let robot = Robot::new(MediaConfig::default());
    let mut random = Random(7);
    let mut answer = String::new();
    for session in 1..=60 {
        let operator = robot.runtime.block_on(common::page::Page::operator());
        robot
            .engine
            .start_call(madoguchi_media::CallConfig::new(session));
        let offer = robot.wait_for_offer(session);
        if session == 1 {
            robot.runtime.block_on(operator.take(offer));
            answer = robot.answer_of(&operator);
        }
        let sdp = random.damage(&answer);
        robot.engine.operator_signal(Signal::Answer {
            session,
            sdp,
            proof: None,
        });
        let candidate = random.damage("candidate:1 1 udp 2130706431 127.0.0.1 50000 typ host");
        robot.engine.operator_signal(Signal::Candidate {
            session,
            candidate,
            sdp_mid: None,
            sdp_m_line_index: Some(0),
        });
    }
    let operator = robot.call(100);
    robot.wait_until("media", || operator.got.video.load(Relaxed) > 10);
    robot.engine.shutdown();
}

/// A linear congruential generator (Knuth, MMIX): the same damage on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn damage(&mut self, text: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..1 + self.below(4) {
            let at = self.below(lines.len());
            match self.below(5) {
                0 => {
                    lines.remove(at);
                }
                1 => {
                    let from = self.below(lines.len());
                    lines.insert(at, lines[from].clone());
                }
                2 => {
                    let end = self.below(lines[at].len());
                    lines[at].truncate(end);
                }
                3 => lines[at] = lines[at].replace(|c: char| c.is_ascii_digit(), "99999999999"),
                _ => lines[at].push_str(":\u{7f}-1"),
            }
            if lines.is_empty() {
                break;
            }
        }
        lines.join("\r\n") + "\r\n"
    }
}

#[test]
fn the_recogniser_hears_what_the_operator_says_and_nobody_once_the_call_is_over() {
    let robot = Robot::new(MediaConfig::default());
    let _operator = robot.call(1);
    let loud = || {
        let blocks = robot.operator_voice.try_iter();
        let energy = |block: madoguchi_media::AudioBlock| {
            assert_eq!(
                block.samples.len(),
                madoguchi_media::MICROPHONE_BLOCK_SAMPLES
            );
            block.samples.iter().map(|s| s * s).sum::<f32>() / block.samples.len() as f32
        };
        blocks.map(energy).filter(|power| *power > 0.05).count()
    };
    let mut heard = 0;
    robot.wait_until("half a second of the operator's tone", || {
        heard += loud();
        heard > 50
    });
    robot.engine.end_call();
    let mut last = Instant::now();
    robot.wait_until("half a second of nothing", || {
        if loud() > 0 {
            last = Instant::now();
        }
        last.elapsed() > Duration::from_millis(500)
    });
    robot.engine.shutdown();
}
