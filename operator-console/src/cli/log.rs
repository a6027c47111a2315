//! What a serving console logs, to standard error.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

/// A filter as it was written, when it is one.
pub(super) fn filter(text: &str) -> Result<String, String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("{error}; try `info`")),
    }
}

/// Logs what the flag's filter wants, else `RUST_LOG` where it holds one, else `info`.
pub(super) fn start(flag: Option<&str>) {
    let environment = std::env::var(EnvFilter::DEFAULT_ENV).ok();
    let wanted = [flag, environment.as_deref()]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .find_map(|text| EnvFilter::try_new(text).ok());
    tracing_subscriber::fmt()
        .with_env_filter(wanted.unwrap_or_else(|| EnvFilter::new("info")))
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    log_panics();
}

/// Logs a panic by its place: its message may quote what somebody said.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panicked; at `debug` the log shows the message");
        tracing::debug!("{panic}");
    }));
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn the_log_says_where_a_panic_was_and_keeps_its_words() {
        let before = std::panic::take_hook();
        log_panics();
        let log = tempfile::NamedTempFile::new().unwrap();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(Mutex::new(log.reopen().unwrap()))
            .finish();
        let panicked = std::thread::spawn(|| {
            tracing::subscriber::with_default(subscriber, || panic!("inside `Kunigunde`"));
        });
        assert!(panicked.join().is_err());
        std::panic::set_hook(before);
        let log = std::fs::read_to_string(log.path()).unwrap();
        assert!(log.contains("log.rs:"), "{log}");
        assert!(!log.contains("Kunigunde"), "{log}");
    }
}
