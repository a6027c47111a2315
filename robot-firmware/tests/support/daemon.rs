//! The daemon as a process, and a page that is connected to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use madoguchi_shared::screen::{RobotToScreen, ScreenToRobot, ScreenView};
use tokio_tungstenite::tungstenite::client::{IntoClientRequest, client};
use tokio_tungstenite::tungstenite::{Error, HandshakeError, Message, WebSocket};

use super::Robot;

/// The machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// An address on loopback where nobody listens, below the ports that the kernel gives to whoever
/// dials out, so that nobody takes it before the program does.
pub fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test programs that run side by side begin at different places.
    let first = 20_000 + u16::try_from(std::process::id() % 1_000).unwrap() * 10;
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if let Ok(free) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            return free.local_addr().unwrap();
        }
    }
}

/// `madoguchi-robot run`; killed when dropped.
pub struct Daemon {
    pub address: SocketAddr,
    child: Child,
    lines: Receiver<String>,
    log: String,
}

impl Daemon {
    /// Starts the daemon of `robot` on a free port and waits until its screen is served.
    pub fn start(robot: &Robot, args: &[&str]) -> Self {
        Self::start_with(robot, args, &[])
    }

    /// The same, with more in its environment.
    pub fn start_with(robot: &Robot, args: &[&str], environment: &[(&str, &str)]) -> Self {
        robot.configure("[screen]\nlisten = \"127.0.0.1:0\"");
        let mut child = robot
            .command(&["run"])
            .args(args)
            .env("RUST_LOG", "info")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (tell, lines) = channel();
        let outputs: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().unwrap()),
            Box::new(child.stderr.take().unwrap()),
        ];
        for output in outputs {
            let tell = tell.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines() {
                    let _ = tell.send(line.unwrap());
                }
            });
        }
        let mut daemon = Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            child,
            lines,
            log: String::new(),
        };
        daemon.wait_for_log("the screen is at http://");
        let (_, address) = daemon.log.split_once("the screen is at http://").unwrap();
        daemon.address = address.split('/').next().unwrap().parse().unwrap();
        daemon
    }

    /// Reads the log until a line has `words`.
    pub fn wait_for_log(&mut self, words: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.log.contains(words) {
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.log += &format!("{line}\n"),
                Err(_) => panic!("no “{words}” in:\n{}", self.log),
            }
        }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Stops it as systemd does; how it ended, after how long, and all that it wrote.
    pub fn stop(self) -> (ExitStatus, Duration, String) {
        let asked = Instant::now();
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
        let (status, log) = self.ended();
        (status, asked.elapsed(), log)
    }

    /// Waits until it has ended; how, and all that it wrote.
    pub fn ended(mut self) -> (ExitStatus, String) {
        let until = Instant::now() + PATIENCE;
        // Both ends of the channel's threads close when the process is gone.
        loop {
            match self
                .lines
                .recv_timeout(until.saturating_duration_since(Instant::now()))
            {
                Ok(line) => self.log += &format!("{line}\n"),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                    panic!("it doesn't end:\n{}", self.log)
                }
            }
        }
        let status = self.child.wait().unwrap();
        (status, std::mem::take(&mut self.log))
    }

    /// A plain HTTP/1.1 request, and the whole answer.
    pub fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let address = self.address;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Its own page.
    pub fn page(&self) -> Page {
        let address = self.address.to_string();
        self.connect(&address, Some(&format!("http://{address}")))
            .unwrap()
    }

    /// A page of `origin` that reached the daemon under the name `host`.
    ///
    /// # Errors
    /// The HTTP status with which it was refused.
    pub fn connect(&self, host: &str, origin: Option<&str>) -> Result<Page, u16> {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut request = format!("ws://{}/ws", self.address)
            .into_client_request()
            .unwrap();
        request
            .headers_mut()
            .insert("host", host.try_into().unwrap());
        if let Some(origin) = origin {
            request
                .headers_mut()
                .insert("origin", origin.try_into().unwrap());
        }
        match client(request, stream) {
            Ok((socket, _)) => Ok(Page { socket }),
            Err(HandshakeError::Failure(Error::Http(answer))) => Err(answer.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connected screen page.
pub struct Page {
    socket: WebSocket<TcpStream>,
}

impl Page {
    pub fn say(&mut self, message: &ScreenToRobot) {
        self.say_raw(&serde_json::to_string(message).unwrap());
    }

    pub fn say_raw(&mut self, text: &str) {
        self.socket.send(Message::text(text)).unwrap();
    }

    /// The next view that is as wanted.
    pub fn wait_for(&mut self, wanted: impl Fn(&ScreenView) -> bool) -> ScreenView {
        let until = Instant::now() + PATIENCE;
        let mut last = None;
        while Instant::now() < until {
            let Message::Text(text) = self.socket.read().unwrap() else {
                continue;
            };
            if let RobotToScreen::View { view } = serde_json::from_str(&text).unwrap() {
                if wanted(&view) {
                    return *view;
                }
                last = Some(view);
            }
        }
        panic!("not shown; the last view: {last:#?}")
    }
}
