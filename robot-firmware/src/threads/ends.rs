//! How the daemon learns that a part of it is gone.
//!
//! A robot whose recogniser or loop has panicked still shows its last picture and still looks as if
//! it listened. So every thread and task of the table reports a panic, and the daemon ends with
//! it: the service manager starts a whole one.

use std::future::Future;
use std::thread::{Builder, JoinHandle, panicking};

use tokio::sync::mpsc;
use tracing::{debug, error};

/// Reports that can wait; the first one ends the daemon.
const REPORTS: usize = 16;

/// A part of the daemon has panicked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{part}` has panicked, the log says where; the robot ends and has to be started again, \
     as its service is"
)]
pub struct Panicked {
    /// Its name in the table.
    pub part: String,
}

/// Where panics are reported.
#[derive(Debug, Clone)]
pub struct Ends(mpsc::Sender<Panicked>);

/// What threads and tasks report to, and where it comes out.
pub fn ends() -> (Ends, mpsc::Receiver<Panicked>) {
    let (reports, panics) = mpsc::channel(REPORTS);
    (Ends(reports), panics)
}

impl Ends {
    /// Reports that `part` has panicked.
    pub fn report(&self, part: &str) {
        let part = part.to_owned();
        // Behind as many others it changes nothing.
        let _ = self.0.try_send(Panicked { part });
    }

    /// Starts a named thread that reports its panic.
    ///
    /// # Errors
    /// When the system has no more threads.
    pub fn spawn(
        &self,
        name: &'static str,
        body: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<JoinHandle<()>> {
        let guard = self.guard(name);
        Builder::new().name(name.to_owned()).spawn(move || {
            let _guard = guard;
            body();
        })
    }

    /// A task that reports its panic.
    pub async fn watch(self, name: &'static str, task: impl Future<Output = ()>) {
        let _guard = self.guard(name);
        task.await;
    }

    fn guard(&self, part: &'static str) -> Guard {
        let ends = self.clone();
        Guard { part, ends }
    }
}

struct Guard {
    part: &'static str,
    ends: Ends,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if panicking() {
            self.ends.report(self.part);
        }
    }
}

/// Logs panics of this process by their place. A panic's message may quote what somebody said, as
/// that of a text cut inside a letter does.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("without a name");
        let place = panic.location().map(ToString::to_string);
        error!(thread, place, "panicked; RUST_LOG=debug shows the message");
        debug!("{panic}");
    }));
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn panics() {
        panic!("inside `Kunigunde`");
    }

    #[test]
    fn a_thread_that_panics_is_named_and_one_that_ends_is_not() {
        let (ends, mut panicked) = ends();
        let fine = ends.spawn("voice", || {}).unwrap();
        fine.join().unwrap();
        let bad = ends.spawn("recogniser", panics).unwrap();
        assert!(bad.join().is_err());
        assert_eq!(panicked.try_recv().unwrap().part, "recogniser");
        assert!(panicked.try_recv().is_err());
    }

    #[tokio::test]
    async fn a_task_that_panics_is_named_and_one_that_ends_is_not() {
        let (ends, mut panicked) = ends();
        let task = |name, body: fn()| {
            let watched = ends.clone().watch(name, async move {
                tokio::task::yield_now().await;
                body();
            });
            tokio::spawn(watched)
        };
        task("screen", || {}).await.unwrap();
        assert!(task("link", panics).await.is_err());
        assert_eq!(panicked.try_recv().unwrap().part, "link");
        assert!(panicked.try_recv().is_err());
    }

    #[test]
    fn the_log_says_where_a_panic_was_and_keeps_its_words() {
        let before = std::panic::take_hook();
        log_panics();
        let said = |level: &str| {
            let log = tempfile::NamedTempFile::new().unwrap();
            let subscriber = tracing_subscriber::fmt()
                .with_env_filter(level)
                .with_writer(Mutex::new(log.reopen().unwrap()))
                .finish();
            let thread = Builder::new().name("voice".to_owned()).spawn(move || {
                tracing::subscriber::with_default(subscriber, panics);
            });
            assert!(thread.unwrap().join().is_err());
            std::fs::read_to_string(log.path()).unwrap()
        };
        let (info, debug) = (said("info"), said("debug"));
        std::panic::set_hook(before);
        assert!(
            info.contains("voice") && info.contains("ends.rs:"),
            "{info}"
        );
        assert!(!info.contains("Kunigunde"), "{info}");
        assert!(debug.contains("Kunigunde"), "{debug}");
    }
}
