//! From the start of the daemon's process to the greeting on its screen and to its first answer.
//!
//! `cargo bench --bench cold_start`: 10 starts, each of a robot that has started here before, with
//! the models of `make setup` in the system's memory. The answer is to a typed question.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{ScreenToRobot, Stage};
use madoguchi_speech::scoring::percentile;
use support::{Daemon, Robot};

#[path = "../tests/support/mod.rs"]
mod support;

const RUNS: usize = 10;

fn main() {
    let (mut greetings, mut answers) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let robot = Robot::with_models();
        let start = Instant::now();
        let daemon = Daemon::start(&robot, &[]);
        let mut page = daemon.page();
        page.wait_for(|view| view.stage == Stage::Greeting);
        greetings.push(start.elapsed());
        page.say(&ScreenToRobot::Typed {
            text: "What are your opening hours?".to_owned(),
        });
        page.wait_for(|view| {
            let mut captions = view.captions.iter();
            captions.any(|caption| {
                caption.speaker == Speaker::Agent && caption.text.contains("Monday to Friday")
            })
        });
        answers.push(start.elapsed());
    }
    row("start → greeting on the screen", &greetings);
    row("start → first answer on the screen", &answers);
}

fn row(what: &str, times: &[Duration]) {
    let ms: Vec<f64> = times
        .iter()
        .map(|time| time.as_secs_f64() * 1000.0)
        .collect();
    let (p50, p95) = (percentile(&ms, 50.0), percentile(&ms, 95.0));
    println!("{what:<36} p50 {p50:>5.0} ms   p95 {p95:>5.0} ms   n {RUNS}");
}
