//! The real program, run as a person or systemd runs it.
#![allow(dead_code, unused_imports, unreachable_pub, clippy::unwrap_used)]

mod daemon;
mod known;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub use self::daemon::{Daemon, Page, free_address};

/// The checkout's folder of this crate.
pub const CRATE: &str = env!("CARGO_MANIFEST_DIR");

/// A folder with a configuration.
pub struct Robot {
    pub dir: TempDir,
}

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Robot {
    /// With the models that `make demo` and `make test` install, state of its own, and what robots
    /// find out about board and pack already known.
    pub fn with_models() -> Self {
        let models = installed_models();
        assert!(models.is_dir(), "no models; `make setup` installs them");
        let robot = Self::new(&models, Path::new("state"));
        known::put_into(&robot.path("state"));
        robot
    }

    /// On a machine where nothing was fetched, with state of its own.
    pub fn without_models() -> Self {
        Self::new(Path::new("models"), Path::new("state"))
    }

    fn new(models: &Path, state: &Path) -> Self {
        let robot = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let pack = Path::new(CRATE).join("pack");
        let text = format!("pack = {pack:?}\nmodels = {models:?}\nstate = {state:?}\n");
        fs::create_dir(robot.path("models")).unwrap();
        robot.write("robot.toml", text);
        robot
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Adds to the configuration.
    pub fn configure(&self, text: &str) {
        let path = self.path("robot.toml");
        let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
        writeln!(file, "{text}").unwrap();
    }

    /// The program in this folder, with this folder's configuration.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_madoguchi-robot"));
        command
            .args(["--config", "robot.toml"])
            .args(args)
            .current_dir(self.dir.path())
            .env_remove("RUST_LOG")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.command(args).output().unwrap().into()
    }

    pub fn run_with_input(&self, args: &[&str], input: &[u8]) -> Ran {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that fails early doesn't read its input.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap().into()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Standard output of a command that did its work.
    pub fn done(&self) -> &str {
        assert_eq!(self.code, 0, "{self:#?}");
        &self.out
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(self.done()).unwrap()
    }

    /// The one line that a failed command says, without its prefix.
    pub fn complaint(&self) -> &str {
        self.sentence(1)
    }

    /// The one line that answers arguments which don't go together.
    pub fn correction(&self) -> &str {
        self.sentence(2)
    }

    fn sentence(&self, code: i32) -> &str {
        assert_eq!(self.code, code, "{self:#?}");
        assert_eq!(self.out, "", "{self:#?}");
        let sentence = self.err.strip_prefix("madoguchi-robot: ").unwrap();
        let sentence = sentence.strip_suffix('\n').unwrap();
        assert!(!sentence.contains('\n'), "{self:#?}");
        assert_plain(sentence);
        sentence
    }
}

/// Words for people: no panic, no escape codes, no `Debug` output, no cause told twice.
pub fn assert_plain(text: &str) {
    for trace in [
        "panicked",
        "backtrace",
        "\u{1b}",
        "Some(",
        "Err(",
        " { ",
        "kind:",
        ".;",
    ] {
        assert!(!text.contains(trace), "{trace:?} in {text}");
    }
    let causes: Vec<&str> = text.split(": ").collect();
    for (index, cause) in causes.iter().enumerate() {
        assert!(
            !causes[index + 1..].iter().any(|later| later == cause),
            "told twice: {text}"
        );
    }
}

/// The sorted keys of a JSON object.
pub fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

pub fn installed_models() -> PathBuf {
    Path::new(CRATE).join("../.demo/models")
}

/// "Ten of clubs", spoken in English, as Debian's pocketsphinx-testdata brings it.
pub fn ten_of_clubs() -> &'static str {
    let path = "/usr/share/pocketsphinx/test/data/cards/001.wav";
    assert!(
        Path::new(path).exists(),
        "{path} is missing; `make setup` installs pocketsphinx-testdata"
    );
    path
}
