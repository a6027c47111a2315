//! A private PostgreSQL for one test.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A server in a folder of its own, reached by a socket there; stopped when dropped.
pub struct Postgres {
    dir: TempDir,
    bin: PathBuf,
}

impl Postgres {
    pub fn start() -> Self {
        let server = Self {
            dir: tempfile::tempdir().unwrap(),
            bin: programs().expect("PostgreSQL is missing; `make setup` installs it"),
        };
        let path = server.dir.path();
        if is_root() {
            // The server refuses to run as root.
            let owned = Command::new("chown")
                .arg("postgres")
                .arg(path)
                .status()
                .unwrap();
            assert!(owned.success(), "the user `postgres` is missing");
        }
        let data = server.data();
        server.run(
            "initdb",
            &["-D", &data, "-A", "trust", "-U", "postgres", "-N"],
        );
        let options = format!("-k {} -c listen_addresses= -c fsync=off", path.display());
        let log = path.join("log").display().to_string();
        server.run(
            "pg_ctl",
            &["-D", &data, "-o", &options, "-l", &log, "-w", "start"],
        );
        server
    }

    pub fn url(&self) -> String {
        format!(
            "postgres://postgres@localhost/postgres?host={}",
            self.dir.path().display()
        )
    }

    fn data(&self) -> String {
        self.dir.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, args: &[&str]) {
        let program = self.bin.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // Not captured: the server inherits the pipe and would keep it open.
        let log = std::fs::File::create(self.dir.path().join("commands.log")).unwrap();
        let status = command
            .args(args)
            .current_dir(self.dir.path())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .status()
            .unwrap();
        let log = std::fs::read_to_string(self.dir.path().join("commands.log")).unwrap();
        assert!(status.success(), "{log}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.run(
            "pg_ctl",
            &["-D", &self.data(), "-m", "immediate", "-w", "stop"],
        );
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .map(|version| version.unwrap().path().join("bin"))
        .filter(|bin| Path::exists(&bin.join("initdb")))
        .collect();
    versions.sort();
    versions.pop()
}
