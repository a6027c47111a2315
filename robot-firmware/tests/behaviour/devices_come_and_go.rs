//! Sound devices that are unplugged and plugged in again: a sound server of the test's own stands
//! for them.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Daemon, Page, Robot};
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{Activity, ScreenToRobot};

const PATIENCE: Duration = Duration::from_secs(20);
const CONFIG: &str = "[microphone]\nsource = \"pulse\"\ndevice = \"counter.monitor\"
[loudspeaker]\nsink = \"pulse\"\ndevice = \"counter\"";

/// PulseAudio with one sound card that plays into its own microphone.
struct SoundServer {
    folder: PathBuf,
    child: Child,
}

impl SoundServer {
    /// Absent, and says so, where PipeWire stands in its place.
    fn start(robot: &Robot) -> Option<Self> {
        let folder = robot.dir.path().to_owned();
        let socket = folder.join("sound");
        let _ = std::fs::remove_file(&socket);
        let protocol = format!(
            "module-native-protocol-unix auth-anonymous=1 socket={}",
            socket.display()
        );
        let child = Command::new("pulseaudio")
            .args(["-n", "--daemonize=no", "--use-pid-file=no"])
            .args(["--exit-idle-time=-1", "--load", &protocol])
            .args(["--load", "module-null-sink sink_name=counter"])
            .env("HOME", &folder)
            .env("XDG_RUNTIME_DIR", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(child) = child else {
            let replaced = Path::new("/usr/bin/pipewire-pulse").exists();
            assert!(replaced, "pulseaudio is missing; `make test` installs it");
            // Not by a macro, whose words a test keeps to itself.
            let skipped = b"SKIPPED: PipeWire stands in PulseAudio's place on this machine\n";
            std::io::stderr().write_all(skipped).unwrap();
            return None;
        };
        let until = Instant::now() + PATIENCE;
        while UnixStream::connect(&socket).is_err() {
            assert!(Instant::now() < until, "the sound server doesn't start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self { folder, child })
    }

    fn address(&self) -> String {
        format!("unix:{}", self.folder.join("sound").display())
    }
}

impl Drop for SoundServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_robot_without_its_sound_card_goes_on_in_writing_until_the_card_is_back() {
    let robot = Robot::with_models();
    let Some(server) = SoundServer::start(&robot) else {
        return;
    };
    robot.configure(CONFIG);
    let mut daemon = Daemon::start_with(&robot, &[], &[("PULSE_SERVER", &server.address())]);
    let mut page = daemon.page();
    page.wait_for(|view| view.activity == Activity::Listening);

    drop(server);
    page.wait_for(|view| view.activity == Activity::CannotHear);
    daemon.wait_for_log("the microphone is lost, typing goes on");
    daemon.wait_for_log("the loudspeaker is lost, captions go on");
    daemon.wait_for_log("`madoguchi-robot devices`");
    page.say(&ScreenToRobot::ChooseLanguage {
        language: "en".parse().unwrap(),
    });
    page.say(&ScreenToRobot::Typed {
        text: "What are your opening hours?".to_owned(),
    });
    let answered = |speaker| {
        move |line: &madoguchi_shared::screen::Caption| {
            line.speaker == speaker && line.text.contains("half past eight")
        }
    };
    page.wait_for(|view| {
        view.activity == Activity::CannotHear && view.captions.iter().any(answered(Speaker::Agent))
    });

    let server = SoundServer::start(&robot).unwrap();
    page.wait_for(|view| view.activity == Activity::Listening);
    daemon.wait_for_log("the microphone is back");
    daemon.wait_for_log("the loudspeaker is back");
    let (status, _, log) = daemon.stop();
    assert!(status.success(), "{log}");
    drop(server);
}

#[test]
fn a_sentence_that_loses_its_loudspeaker_ends_and_the_visit_goes_on() {
    let robot = Robot::without_models();
    let Some(server) = SoundServer::start(&robot) else {
        return;
    };
    robot.configure("[loudspeaker]\nsink = \"pulse\"\ndevice = \"counter\"");
    let mut daemon = Daemon::start_with(&robot, &[], &[("PULSE_SERVER", &server.address())]);
    let mut page = daemon.page();
    page.say(&ScreenToRobot::ChooseLanguage {
        language: "en".parse().unwrap(),
    });
    let ask = |page: &mut Page, question: &str, answer: &str| {
        page.say(&ScreenToRobot::Typed {
            text: question.to_owned(),
        });
        page.wait_for(|view| {
            let mut lines = view.captions.iter();
            lines.any(|line| line.speaker == Speaker::Agent && line.text.contains(answer))
        });
    };
    ask(&mut page, "What are your opening hours?", "half past eight");
    page.wait_for(|view| view.captions.iter().any(|line| line.sounding.is_some()));

    drop(server);
    daemon.wait_for_log("the loudspeaker is lost, captions go on");
    page.wait_for(|view| view.activity != Activity::Speaking);
    ask(&mut page, "When is the garbage collected?", "Tuesday");
    page.wait_for(|view| view.activity != Activity::Speaking);
    let (status, _, log) = daemon.stop();
    assert!(status.success(), "{log}");
}
