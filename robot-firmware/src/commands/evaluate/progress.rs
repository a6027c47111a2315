//! How far a long evaluation is: a bar where standard error is a terminal, else a line now and then.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Time between two lines.
const PAUSE: Duration = Duration::from_secs(10);

/// Told by any of several threads.
pub(super) struct Progress {
    what: &'static str,
    of: usize,
    bar: Option<ProgressBar>,
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    done: usize,
    told: Option<Instant>,
}

impl Progress {
    pub(super) fn new(what: &'static str, of: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| bar(what, of));
        let lines = Mutex::new(Lines::default());
        Self {
            what,
            of,
            bar,
            lines,
        }
    }

    /// So many more are done.
    pub(super) fn step(&self, more: usize) {
        if let Some(bar) = &self.bar {
            return bar.inc(more as u64);
        }
        // A thread that panicked ends the evaluation; until then what it left is good enough.
        let mut lines = self.lines.lock().unwrap_or_else(|left| left.into_inner());
        lines.done += more;
        if lines.told.is_none_or(|told| told.elapsed() >= PAUSE) {
            lines.told = Some(Instant::now());
            eprintln!("{}: {} of {}", self.what, lines.done, self.of);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(what: &'static str, length: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} [{bar:32}] {pos} of {len}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(length as u64)
        .with_style(style.progress_chars("=> "))
        .with_message(what);
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}
