//! The program, a controller at a pseudo-terminal, and an operator between them.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use madoguchi_hardware::drive::roboclaw::SimulatedRoboClaw;
use madoguchi_hardware::simulation::room::{BaseSettings, Plan, Room, SensorNoise};
use madoguchi_hardware::simulation::{Controller, Demand, Motion, SimulatedLine};
use madoguchi_shared::motion::{DriveState, DriveWish, PageToWheels, Twist};

use crate::support::Robot;

/// For a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a process is stopped at least.
pub const STOPPED_MS: u64 = 1_000;
const STEP: Duration = Duration::from_millis(1);
const BASE: BaseSettings = BaseSettings {
    mass_kg: 2.0,
    radius_m: 0.25,
    track_m: 0.4,
    motor_force_n: 90.0,
    force_per_ampere_n: 12.0,
    grip: 5.0,
};

/// A RoboClaw whose wheels turn in the air, and whose own clock tells how long it has heard
/// nothing.
pub struct Wheels {
    room: Room,
    controller: SimulatedRoboClaw,
    seen: Instant,
    silent: Duration,
    /// The longest silence on its clock after which it still drove.
    pub drove_after: Duration,
    /// When it heard first that it is to stand, since it drove.
    pub told_to_stand: Option<Instant>,
}

impl Wheels {
    fn new() -> Self {
        let noise = SensorNoise {
            range_m: 0.0,
            missed: 0.0,
        };
        Self {
            room: Room::new(Plan::default(), BASE, noise, 0),
            controller: SimulatedRoboClaw::new(0x80, 1000.0),
            seen: Instant::now(),
            silent: Duration::ZERO,
            drove_after: Duration::ZERO,
            told_to_stand: None,
        }
    }

    /// Lets the time pass for it that has passed.
    pub fn pass(&mut self) {
        let mut passed = self.seen.elapsed();
        self.seen = Instant::now();
        while !passed.is_zero() {
            let step = passed.min(STEP);
            passed -= step;
            self.silent += step;
            self.room.advance(step, &mut self.controller);
            if self.drives() {
                self.drove_after = self.drove_after.max(self.silent);
            }
        }
    }

    /// Whether its motors are to turn.
    pub fn drives(&self) -> bool {
        matches!(self.controller.demand(), Demand::Speed(speeds) if speeds != [0.0; 2])
    }
}

impl Controller for Wheels {
    fn receive(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.pass();
        self.silent = Duration::ZERO;
        let answer = self.controller.receive(bytes);
        self.told_to_stand = match self.drives() {
            true => None,
            false => self.told_to_stand.or_else(|| Some(Instant::now())),
        };
        answer
    }

    fn advance(&mut self, _: Duration) {}

    fn demand(&self) -> Demand {
        self.controller.demand()
    }

    fn feel(&mut self, motion: Motion) {
        self.controller.feel(motion);
    }
}

/// One robot on blocks, and who drives it.
pub struct Rig {
    pub line: SimulatedLine<Wheels>,
    pub robot: Robot,
    pub state: DriveState,
    pub sequence: u32,
    /// The command that was sent last.
    pub last: Option<DriveWish>,
    child: Child,
    input: ChildStdin,
    states: Receiver<DriveState>,
}

impl Rig {
    /// Starts the program on blocks and waits for its first step.
    pub fn start() -> Self {
        Self::start_on(Robot::without_models(), "bench", "")
    }

    /// The same with these sensors, and more of a configuration.
    pub fn start_on(robot: Robot, sensors: &str, more: &str) -> Self {
        Self::start_in(robot, sensors, more, [])
    }

    /// The same in this environment.
    pub fn start_in(
        robot: Robot,
        sensors: &str,
        more: &str,
        environment: impl IntoIterator<Item = (&'static str, PathBuf)>,
    ) -> Self {
        let line = SimulatedLine::plug(Wheels::new(), robot.path("wheels")).unwrap();
        robot.configure(&format!(
            "[drive]\ncontroller = \"roboclaw\"\nport = \"{}\"\nper_metre = 1000\ntrack_m = 0.4\n\
             sensors = \"{sensors}\"\nanswer_timeout_ms = 500\n{more}",
            line.name().display()
        ));
        let mut child = spared(&robot.command(&["drive-bench"]))
            .envs(environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        writeln!(input, "wheels up").unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (tell, states) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if tell.send(serde_json::from_str(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        let state = states.recv_timeout(PATIENCE).unwrap();
        Self {
            line,
            state,
            sequence: 0,
            last: None,
            child,
            input,
            states,
            robot,
        }
    }

    /// Takes what the program has told.
    fn listen(&mut self) {
        while let Ok(state) = self.states.try_recv() {
            self.state = state;
        }
        self.line.controller().pass();
    }

    /// The next state that the program tells.
    pub fn next_state(&mut self) -> DriveState {
        let until = Instant::now() + PATIENCE;
        loop {
            self.line.controller().pass();
            if let Ok(state) = self.states.recv_timeout(Duration::from_millis(5)) {
                self.state = state;
                return state;
            }
            assert!(Instant::now() < until, "the program tells nothing");
        }
    }

    /// The clock in the last state of a process that is stopped: for so long it tells nothing more.
    pub fn last_words(&mut self) -> u64 {
        while let Ok(state) = self.states.recv_timeout(Duration::from_millis(STOPPED_MS)) {
            self.state = state;
        }
        self.state.clock_ms
    }

    /// Asks for a motion.
    pub fn wish(&mut self, linear_m_s: f64) {
        self.sequence += 1;
        let wish = DriveWish {
            lease: 1,
            sequence: self.sequence,
            heard_ms: self.state.clock_ms,
            seen_ms: self.state.clock_ms,
            velocity: Twist {
                linear_m_s,
                angular_rad_s: 0.0,
            },
        };
        self.last = Some(wish);
        self.send(wish);
    }

    pub fn send(&mut self, wish: DriveWish) {
        self.say(PageToWheels::Command(wish));
    }

    pub fn say(&mut self, message: PageToWheels) {
        let line = serde_json::to_string(&message).unwrap();
        self.write(&line);
    }

    pub fn write(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// Holds on until the wheels turn. What comes late on a busy machine is a stop like any other,
    /// after which an operator lets go and holds again.
    pub fn drive(&mut self) {
        let until = Instant::now() + PATIENCE;
        let mut steady = 0;
        while steady < 10 {
            assert!(Instant::now() < until, "it never drives: {:?}", self.state);
            let state = self.next_state();
            let moves = state.commanded.linear_m_s > 0.1;
            let waits = serde_json::to_string(&state.held)
                .unwrap()
                .contains("let_go");
            self.wish(if waits { 0.0 } else { 0.3 });
            steady = if moves && self.line.controller().drives() {
                steady + 1
            } else {
                0
            };
        }
    }

    /// Waits, with nobody asking for anything, until `done`.
    pub fn wait(&mut self, mut done: impl FnMut(&mut Self) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !done(self) {
            self.listen();
            assert!(Instant::now() < until, "it never happens: {:?}", self.state);
            std::thread::sleep(STEP);
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(sent.success());
    }

    /// Takes something from it, in the words of `prlimit`.
    pub fn limit(&self, limit: &str) {
        let pid = self.child.id().to_string();
        let set = Command::new("prlimit")
            .args(["--pid", &pid, limit])
            .status();
        assert!(set.unwrap().success());
    }

    /// Whether it is gone.
    pub fn ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Nothing that came before counts any more.
    pub fn forget(&mut self) {
        self.line.controller().drove_after = Duration::ZERO;
    }
}

/// The same program, which isn't killed where a file can't grow, as where a disk is full.
fn spared(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.current_dir(command.get_current_dir().unwrap());
    shell.env_remove("RUST_LOG");
    shell
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
