//! A server that is a program of this machine.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop, ProcessGroup};
use tokio::io::AsyncReadExt;
use tokio::process::{ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::config::BackOffice;

/// All that a program learns of the daemon's environment.
const PASSED_ON: [&str; 5] = ["PATH", "HOME", "LANG", "LC_ALL", "TZ"];
/// A program that was asked to end by the end of its input does so within this.
const LEAVE: Duration = Duration::from_secs(1);
/// What a program may say on standard error before nobody listens any more, in bytes.
const HEARD_OUT: u64 = 64 * 1024;

/// Why a program doesn't run.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// It can't be started.
    #[error(
        "`{0}` can't be started; `command` names a program beside madoguchi-robot, in PATH, or with its path"
    )]
    Start(String, #[source] io::Error),
    /// Its environment can't be read.
    #[error("env_from = {}: {reason}", path.display())]
    Environment {
        /// The file.
        path: PathBuf,
        /// What is wrong, without what stands there.
        reason: String,
    },
}

/// A running program, and every program that it started; all end when it is dropped.
#[derive(Debug)]
pub struct Program(Box<dyn ChildWrapper>);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.start_kill();
    }
}

impl Program {
    /// Starts the program of `config`, and listens to its complaints.
    ///
    /// # Errors
    /// [`ChildError`] when it can't be started.
    pub fn start(
        config: &BackOffice,
        command: &str,
    ) -> Result<(Self, ChildStdout, ChildStdin), ChildError> {
        let mut prepared = Command::new(find(command, &config.folder));
        prepared
            .args(&config.args)
            .current_dir(&config.folder)
            .env_clear()
            .envs(
                PASSED_ON
                    .iter()
                    .filter_map(|key| Some((key, std::env::var_os(key)?))),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(path) = &config.env_from {
            prepared.envs(environment(path)?);
        }
        let mut wrapped = CommandWrap::from(prepared);
        wrapped.wrap(KillOnDrop).wrap(ProcessGroup::leader());
        let failed = |error| ChildError::Start(command.to_owned(), error);
        let mut child = wrapped.spawn().map_err(failed)?;
        let (stdout, stdin) = (child.stdout().take(), child.stdin().take());
        if let Some(stderr) = child.stderr().take() {
            tokio::spawn(hear_out(config.name.clone(), stderr));
        }
        let pipes = stdout.zip(stdin);
        let (stdout, stdin) = pipes.ok_or_else(|| failed(io::ErrorKind::BrokenPipe.into()))?;
        Ok((Self(child), stdout, stdin))
    }

    /// Waits for the end of a program whose input has ended, for a while; then ends it with all
    /// that it started.
    pub async fn end(mut self) {
        let _ = timeout(LEAVE, self.0.wait()).await;
    }
}

/// A bare name is looked for beside this program first: the two are installed together.
fn find(command: &str, folder: &Path) -> PathBuf {
    if command.contains('/') {
        return folder.join(command);
    }
    std::env::current_exe()
        .ok()
        .and_then(|own| Some(own.parent()?.join(command)))
        .filter(|beside| beside.is_file())
        .unwrap_or_else(|| command.into())
}

fn environment(path: &Path) -> Result<Vec<(String, String)>, ChildError> {
    let unusable = |reason: String| ChildError::Environment {
        path: path.to_owned(),
        reason,
    };
    let text = super::secret(path).map_err(|error| unusable(error.to_string()))?;
    let lines = text.lines().map(str::trim).enumerate();
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(index, line)| {
            let (key, value) = line
                .split_once('=')
                .filter(|(key, _)| !key.is_empty())
                .ok_or_else(|| unusable(format!("line {} is not KEY=VALUE", index + 1)))?;
            Ok((key.to_owned(), value.to_owned()))
        })
        .collect()
}

/// What a program complains of may be about a resident: it is for `debug` alone, and not endless.
async fn hear_out(server: String, stderr: ChildStderr) {
    let mut heard = stderr.take(HEARD_OUT);
    let mut bytes = [0; 4096];
    while let Ok(read @ 1..) = heard.read(&mut bytes).await {
        debug!(
            server,
            "{}",
            String::from_utf8_lossy(&bytes[..read]).trim_end()
        );
    }
    if heard.limit() == 0 {
        warn!(
            server,
            "the back office's program complains without end; it is not heard any more"
        );
        let _ = tokio::io::copy(&mut heard.into_inner(), &mut tokio::io::sink()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_is_lines_of_keys_and_values() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("records.env");
        std::fs::write(&path, "# for the records\n\nTOKEN=a=b \nEMPTY=\n").unwrap();
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            environment(&path).unwrap(),
            [pair("TOKEN", "a=b"), pair("EMPTY", "")]
        );
        std::fs::write(&path, "GOOD=1\nhunter2\n").unwrap();
        let error = environment(&path).unwrap_err().to_string();
        assert!(
            error.contains("line 2") && !error.contains("hunter2"),
            "{error}"
        );
    }
}
