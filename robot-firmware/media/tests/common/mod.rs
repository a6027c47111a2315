//! A robot's engine, and pages that answer it in the same process over real sockets.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod page;
pub mod path;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use madoguchi_media::{AudioBlock, CallConfig, MediaConfig, MediaEngine, MediaEvent};
use madoguchi_shared::signal::Signal;
use tokio::runtime::Runtime;

use page::Page;
use path::Path;

/// Far beyond what anything takes on an idle machine; tests share theirs.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Robot {
    pub engine: MediaEngine,
    pub blocks: Receiver<AudioBlock>,
    /// What the operator says, as the recogniser gets it.
    pub operator_voice: Receiver<AudioBlock>,
    pub runtime: Runtime,
    events: Receiver<MediaEvent>,
    seen: Mutex<Vec<MediaEvent>>,
    operator: Mutex<Option<Arc<Page>>>,
    screen: Mutex<Option<Arc<Page>>>,
    /// The only way between robot and operator, once it is asked for.
    path: Mutex<Option<Path>>,
    path_wanted: AtomicBool,
    ports: Mutex<Vec<u16>>,
}

impl Robot {
    pub fn new(config: MediaConfig) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let (event_sender, events) = bounded(1_024);
        let (block_sender, blocks) = bounded(256);
        let (voice_sender, operator_voice) = bounded(256);
        let handle = runtime.handle();
        let engine =
            MediaEngine::start(config, handle, event_sender, block_sender, voice_sender).unwrap();
        Self {
            engine,
            blocks,
            operator_voice,
            runtime,
            events,
            seen: Mutex::default(),
            operator: Mutex::default(),
            screen: Mutex::default(),
            path: Mutex::default(),
            path_wanted: AtomicBool::new(false),
            ports: Mutex::default(),
        }
    }

    /// Offers a call to a new operator's page, which sends picture and sound.
    pub fn call(&self, session: u32) -> Arc<Page> {
        let operator = Arc::new(self.runtime.block_on(Page::operator()));
        *self.operator.lock().unwrap() = Some(Arc::clone(&operator));
        self.engine.start_call(CallConfig {
            bind: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))],
            ..CallConfig::new(session)
        });
        operator
    }

    /// Like [`Robot::call`], over a path that [`Robot::cut`] cuts.
    pub fn call_over_path(&self, session: u32) -> Arc<Page> {
        self.path_wanted.store(true, Ordering::Relaxed);
        self.call(session)
    }

    /// Cuts the path to the operator, or mends it.
    pub fn cut(&self, cut: bool) {
        let path = self.path.lock().unwrap();
        path.as_ref().unwrap().cut.store(cut, Ordering::Relaxed);
    }

    /// Sends this to the robot from where it knows its operator.
    pub fn throw(&self, datagram: &[u8]) {
        let path = self.path.lock().unwrap();
        path.as_ref().unwrap().throw(datagram);
    }

    /// The next call goes over no path.
    pub fn direct(&self) {
        self.path_wanted.store(false, Ordering::Relaxed);
    }

    /// Where the robot waits for its operator's packets.
    pub fn ports(&self) -> Vec<u16> {
        self.ports.lock().unwrap().clone()
    }

    /// Carries signals for this page from now on.
    pub fn keep(&self, operator: Page) -> Arc<Page> {
        let operator = Arc::new(operator);
        *self.operator.lock().unwrap() = Some(Arc::clone(&operator));
        operator
    }

    fn note_port(&self, signal: &Signal) {
        if let Signal::Candidate { candidate, .. } = signal
            && let Some(port) = candidate.split(' ').nth(5)
        {
            self.ports.lock().unwrap().push(port.parse().unwrap());
        }
    }

    /// Lays the path where the page's candidate leads, and leads the candidate there.
    fn over_path(&self, signal: Signal) -> Signal {
        let Signal::Candidate {
            session,
            candidate,
            sdp_mid,
            sdp_m_line_index,
        } = signal
        else {
            return signal;
        };
        let mut words: Vec<String> = candidate.split(' ').map(str::to_owned).collect();
        let mut path = self.path.lock().unwrap();
        let path = path.get_or_insert_with(|| Path::to(words[5].parse().unwrap()));
        words[5] = path.port.to_string();
        Signal::Candidate {
            session,
            candidate: words.join(" "),
            sdp_mid,
            sdp_m_line_index,
        }
    }

    /// Opens the screen page, in place of an older one.
    pub fn open_screen(&self) -> Arc<Page> {
        let screen = Arc::new(self.runtime.block_on(Page::screen()));
        *self.screen.lock().unwrap() = Some(Arc::clone(&screen));
        self.engine.screen_ready();
        screen
    }

    /// Waits for an event, carrying signals between engine and pages meanwhile.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&MediaEvent) -> bool) -> MediaEvent {
        let deadline = Instant::now() + PATIENCE;
        loop {
            {
                let mut seen = self.seen.lock().unwrap();
                if let Some(found) = seen.iter().position(&wanted) {
                    return seen.remove(found);
                }
            }
            assert!(
                Instant::now() < deadline,
                "no {what}; seen instead: {:?}",
                self.seen_but_levels()
            );
            self.step();
        }
    }

    /// Waits until something outside holds, carrying signals meanwhile.
    pub fn wait_until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < deadline, "never: {what}");
            self.step();
        }
    }

    /// Carries signals for a while.
    pub fn run_for(&self, time: Duration) {
        let deadline = Instant::now() + time;
        while Instant::now() < deadline {
            self.step();
        }
    }

    /// Waits for the offer of a call and keeps it from the page.
    pub fn wait_for_offer(&self, session: u32) -> Signal {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let MediaEvent::OperatorSignal(signal) = self.events.recv_deadline(deadline).unwrap()
                && matches!(signal, Signal::Offer { session: offered, .. } if offered == session)
            {
                return signal;
            }
        }
    }

    /// A page's answer, kept from the robot.
    pub fn answer_of(&self, page: &Page) -> String {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            for signal in page.signals() {
                if let Signal::Answer { sdp, .. } = signal {
                    return sdp;
                }
            }
        }
        panic!("no answer");
    }

    /// Forgets the events seen so far.
    pub fn forget(&self) {
        self.seen.lock().unwrap().clear();
    }

    pub fn has_seen(&self, wanted: impl Fn(&MediaEvent) -> bool) -> bool {
        self.seen.lock().unwrap().iter().any(wanted)
    }

    fn seen_but_levels(&self) -> Vec<MediaEvent> {
        let mut seen = self.seen.lock().unwrap().clone();
        seen.retain(|event| !matches!(event, MediaEvent::Levels { .. }));
        seen
    }

    fn step(&self) {
        if let Ok(event) = self.events.recv_timeout(Duration::from_millis(10)) {
            if let MediaEvent::OperatorSignal(signal) = &event {
                self.note_port(signal);
            }
            match event {
                MediaEvent::OperatorSignal(Signal::Candidate { .. })
                    if self.path_wanted.load(Ordering::Relaxed) => {}
                MediaEvent::OperatorSignal(signal) => self.deliver(&self.operator, signal),
                MediaEvent::ScreenSignal(signal) => self.deliver(&self.screen, signal),
                other => self.seen.lock().unwrap().push(other),
            }
        }
        for signal in signals_of(&self.operator) {
            let signal = if self.path_wanted.load(Ordering::Relaxed) {
                self.over_path(signal)
            } else {
                signal
            };
            self.engine.operator_signal(signal);
        }
        for signal in signals_of(&self.screen) {
            self.engine.screen_signal(signal);
        }
    }

    fn deliver(&self, page: &Mutex<Option<Arc<Page>>>, signal: Signal) {
        if let Some(page) = page.lock().unwrap().clone() {
            self.runtime.block_on(page.take(signal));
        }
    }
}

fn signals_of(page: &Mutex<Option<Arc<Page>>>) -> Vec<Signal> {
    let page = page.lock().unwrap();
    page.as_ref().map(|page| page.signals()).unwrap_or_default()
}

/// The level at the loudspeaker, where the event tells it.
pub fn loudspeaker_above(limit: f32) -> impl Fn(&MediaEvent) -> bool {
    move |event| matches!(event, MediaEvent::Levels { loudspeaker, .. } if *loudspeaker > limit)
}

/// A tone of 440 Hz.
pub fn tone(rate_hz: u32, seconds: f32) -> Vec<f32> {
    (0..(rate_hz as f32 * seconds) as usize)
        .map(|n| (n as f32 * 440.0 / rate_hz as f32 * std::f32::consts::TAU).sin() * 0.5)
        .collect()
}
