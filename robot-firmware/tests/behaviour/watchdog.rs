//! A robot that hangs doesn't look like one that listens: it tells its service manager, and ends.

use std::fs;
use std::io::Write;
use std::os::unix::net::UnixDatagram;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use crate::support::{Daemon, Robot};
use nix::sys::ptrace;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use tempfile::TempDir;

/// The service manager's socket.
struct Manager {
    socket: UnixDatagram,
    folder: TempDir,
}

impl Manager {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let socket = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        let patience = Some(Duration::from_secs(20));
        socket.set_read_timeout(patience).unwrap();
        Self { socket, folder }
    }

    fn start(&self, robot: &Robot) -> Daemon {
        let path = self.folder.path().join("notify");
        let environment = [("NOTIFY_SOCKET", path.to_str().unwrap())];
        Daemon::start_with(robot, &[], &environment)
    }

    fn is_told(&self) -> String {
        let mut told = [0; 256];
        let length = self.socket.recv(&mut told).unwrap();
        String::from_utf8_lossy(&told[..length]).trim().to_owned()
    }

    /// Reads until it is told `wanted`; what came before, but for the daemon's signs of life.
    fn is_told_at_last(&self, wanted: &str) -> Vec<String> {
        let told = std::iter::repeat_with(|| self.is_told());
        let before = told.take_while(|told| told != wanted);
        before.filter(|told| told != "WATCHDOG=1").collect()
    }
}

/// Whether this machine lets a process be traced; a container may forbid it.
fn may_trace() -> bool {
    let mut child = Command::new("sleep").arg("60").spawn().unwrap();
    let id = Pid::from_raw(child.id().try_into().unwrap());
    let seized = ptrace::seize(id, ptrace::Options::empty());
    child.kill().unwrap();
    child.wait().unwrap();
    seized.is_ok()
}

/// Stops one thread of a process and lets the others run, until the process has ended.
fn wedge(process: u32, thread: &str) -> JoinHandle<()> {
    let named = |task: &Path| {
        // Other threads come and go.
        fs::read_to_string(task.join("comm")).is_ok_and(|name| name.trim() == thread)
    };
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let mut tasks = tasks.map(|task| task.unwrap().path());
    let task = tasks.find(|task| named(task)).unwrap();
    let id = Pid::from_raw(task.file_name().unwrap().to_str().unwrap().parse().unwrap());
    spawn(move || {
        ptrace::seize(id, ptrace::Options::empty()).unwrap();
        ptrace::interrupt(id).unwrap();
        loop {
            match waitpid(id, Some(WaitPidFlag::__WALL)) {
                Ok(WaitStatus::Exited(..) | WaitStatus::Signaled(..)) | Err(_) => return,
                Ok(_) => {}
            }
        }
    })
}

#[test]
fn the_service_manager_is_told_of_the_beginning_of_life_and_of_the_end() {
    let (robot, manager) = (Robot::without_models(), Manager::new());
    let daemon = manager.start(&robot);
    assert_eq!(manager.is_told(), "READY=1");
    assert_eq!(manager.is_told(), "WATCHDOG=1");
    let (status, ..) = daemon.stop();
    assert_eq!(status.code(), Some(0));
    let before = manager.is_told_at_last("STOPPING=1");
    assert!(before.is_empty(), "{before:?}");
}

#[test]
fn a_robot_of_which_one_part_hangs_says_which_and_ends() {
    if !may_trace() {
        let told = b"SKIPPED: this machine forbids tracing, by which a thread is stopped\n";
        // The test harness doesn't hide what is written here.
        std::io::stderr().write_all(told).unwrap();
        return;
    }
    for part in ["loop", "hearing"] {
        let (robot, manager) = (Robot::without_models(), Manager::new());
        let daemon = manager.start(&robot);
        manager.is_told_at_last("WATCHDOG=1");
        let wedged = wedge(daemon.id(), part);
        let before = manager.is_told_at_last("WATCHDOG=trigger");
        assert!(before.is_empty(), "{before:?}");
        let (status, log) = daemon.ended();
        wedged.join().unwrap();
        assert_eq!(status.signal(), Some(nix::libc::SIGABRT), "{log}");
        assert!(log.contains(&format!("`{part}` hangs")), "{log}");
    }
}
