//! One thread per device: it owns the device's pipeline, watches its bus and, when the device goes
//! away, builds the pipeline again until it is back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, select};
use gstreamer as gst;
use gstreamer::prelude::*;
use tracing::debug;

use super::PipelineError;
use super::level;
use crate::error::MediaError;

const FIRST_RETRY: Duration = Duration::from_millis(250);
const LAST_RETRY: Duration = Duration::from_secs(10);
/// A device that has run for this long starts again with the shortest delay when it goes away.
const STABLE: Duration = Duration::from_secs(10);
/// A device that delivers nothing for this long is gone, though it reports no error.
const STALLED: Duration = Duration::from_secs(3);
/// How often it is looked at whether a device delivers.
const TICK: Duration = Duration::from_millis(250);
const COMMAND_QUEUE: usize = 32;
const BUS_QUEUE: usize = 64;

/// What a device's thread drives.
pub(crate) trait Device: Send + 'static {
    /// What others may ask of it.
    type Command: Send + 'static;
    /// Name of the thread, 15 bytes at most.
    const THREAD: &'static str;

    /// Builds the pipeline. Whatever moves data adds to `progress`.
    fn build(&mut self, progress: &Progress) -> Result<gst::Pipeline, PipelineError>;
    /// Carries out a command; `pipeline` is absent while the device is away.
    fn command(&mut self, pipeline: Option<&gst::Pipeline>, command: Self::Command);
    /// Takes a measured sound level, 0 to 1.
    fn level(&mut self, _level: f32) {}
    /// The device went away.
    fn lost(&mut self, reason: String);
    /// The device is back.
    fn back(&mut self);
}

/// Counts what a device has delivered or taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress(Arc<AtomicU64>);

impl Progress {
    pub(crate) fn step(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Whether others were told that a device is away. Threads that drive the same device one after
/// the other share it, so that its return is told by the later one, too.
#[derive(Debug, Clone, Default)]
pub(crate) struct Absence(Arc<AtomicBool>);

impl Absence {
    /// Notes that the device is away; `false` when that was known.
    fn begin(&self) -> bool {
        !self.0.swap(true, Ordering::Relaxed)
    }

    /// Notes that the device is back; `false` when it wasn't away.
    fn end(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// A running device. Dropping it stops the device without waiting.
pub(crate) struct DeviceThread<C> {
    commands: Sender<C>,
    /// Held open; closing it stops the device.
    running: Option<Sender<std::convert::Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl<C: Send + 'static> DeviceThread<C> {
    /// Starts a device that nobody drove before.
    pub(crate) fn start<D: Device<Command = C>>(device: D) -> Result<Self, MediaError> {
        Self::start_again(device, Absence::default())
    }

    /// Starts a device that another thread may have driven before.
    pub(crate) fn start_again<D: Device<Command = C>>(
        device: D,
        absence: Absence,
    ) -> Result<Self, MediaError> {
        let (commands, command_queue) = bounded(COMMAND_QUEUE);
        let (running, stop) = bounded(0);
        let thread = std::thread::Builder::new()
            .name(D::THREAD.to_owned())
            .spawn(move || {
                run(
                    device,
                    &absence,
                    &Inbox {
                        commands: command_queue,
                        stop,
                    },
                );
            })
            .map_err(|source| MediaError::Thread {
                thread: D::THREAD,
                source,
            })?;
        Ok(Self {
            commands,
            running: Some(running),
            thread: Some(thread),
        })
    }

    /// Asks the device for something. A device that is stuck loses it.
    pub(crate) fn command(&self, command: C) {
        let _ = self.commands.try_send(command);
    }

    /// A further way to ask. It doesn't keep the device running.
    pub(crate) fn commands(&self) -> Sender<C> {
        self.commands.clone()
    }

    /// Stops the device and waits until its pipeline has let go of it.
    pub(crate) fn stop(mut self) {
        self.running = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Inbox<C> {
    commands: Receiver<C>,
    stop: Receiver<std::convert::Infallible>,
}

enum End {
    Stop,
    Lost(String),
}

fn run<D: Device>(mut device: D, absence: &Absence, inbox: &Inbox<D::Command>) {
    let mut delay = FIRST_RETRY;
    loop {
        let started = Instant::now();
        let reason = match play(&mut device, inbox, absence) {
            End::Stop => return,
            End::Lost(reason) => reason,
        };
        if started.elapsed() > STABLE {
            delay = FIRST_RETRY;
        }
        if absence.begin() {
            device.lost(reason);
        } else {
            debug!(thread = D::THREAD, reason, "the device is still away");
        }
        let retry_at = Instant::now() + delay;
        delay = (delay * 2).min(LAST_RETRY);
        loop {
            select! {
                recv(inbox.stop) -> _ => return,
                recv(inbox.commands) -> command => match command {
                    Ok(command) => device.command(None, command),
                    Err(_) => return,
                },
                default(retry_at.saturating_duration_since(Instant::now())) => break,
            }
        }
    }
}

fn play<D: Device>(device: &mut D, inbox: &Inbox<D::Command>, absence: &Absence) -> End {
    let progress = Progress::default();
    let pipeline = match device.build(&progress) {
        Ok(pipeline) => pipeline,
        Err(error) => return End::Lost(error.to_string()),
    };
    let messages = watch(&pipeline);
    let end = if pipeline.set_state(gst::State::Playing).is_err() {
        End::Lost(first_error(&messages).unwrap_or_else(|| "it can't be opened".to_owned()))
    } else {
        attend(device, &pipeline, inbox, &messages, &progress, absence)
    };
    let _ = pipeline.set_state(gst::State::Null);
    if let Some(bus) = pipeline.bus() {
        bus.unset_sync_handler();
    }
    end
}

fn attend<D: Device>(
    device: &mut D,
    pipeline: &gst::Pipeline,
    inbox: &Inbox<D::Command>,
    messages: &Receiver<gst::Message>,
    progress: &Progress,
    absence: &Absence,
) -> End {
    let mut seen = progress.count();
    let mut deadline = Instant::now() + STALLED;
    loop {
        select! {
            recv(inbox.stop) -> _ => return End::Stop,
            recv(inbox.commands) -> command => match command {
                Ok(command) => device.command(Some(pipeline), command),
                Err(_) => return End::Stop,
            },
            recv(messages) -> message => {
                let Ok(message) = message else {
                    return End::Lost("its message bus is closed".to_owned());
                };
                match message.view() {
                    gst::MessageView::Error(error) => return End::Lost(describe(error)),
                    gst::MessageView::Eos(_) => return End::Lost("it delivers no more".to_owned()),
                    gst::MessageView::Element(element) => {
                        if let Some(level) = element.structure().and_then(level::from_message) {
                            device.level(level);
                        }
                    }
                    _ => {}
                }
            },
            default(TICK) => {}
        }
        let now = Instant::now();
        let count = progress.count();
        if count == seen {
            if now > deadline {
                return End::Lost("it delivers nothing".to_owned());
            }
            continue;
        }
        seen = count;
        deadline = now + STALLED;
        if absence.end() {
            device.back();
        }
    }
}

/// The bus's messages as a channel, so that the thread can wait for them and for commands at once.
fn watch(pipeline: &gst::Pipeline) -> Receiver<gst::Message> {
    let (sender, receiver) = bounded(BUS_QUEUE);
    if let Some(bus) = pipeline.bus() {
        bus.set_sync_handler(move |_, message| {
            use gst::MessageType;
            if matches!(
                message.type_(),
                MessageType::Error | MessageType::Eos | MessageType::Element
            ) {
                let _ = sender.try_send(message.clone());
            }
            gst::BusSyncReply::Drop
        });
    }
    receiver
}

fn first_error(messages: &Receiver<gst::Message>) -> Option<String> {
    messages
        .try_iter()
        .find_map(|message| match message.view() {
            gst::MessageView::Error(error) => Some(describe(error)),
            _ => None,
        })
}

fn describe(error: &gst::message::Error) -> String {
    let source = error
        .src()
        .map(|source| source.name().to_string())
        .unwrap_or_default();
    format!("{} ({source})", error.error())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Told {
        Lost(String),
        Back,
        Command { playing: bool, number: u32 },
    }

    /// Can't be built at first, then runs dry again and again.
    struct Flaky {
        refusals: u32,
        told: Sender<Told>,
    }

    impl Device for Flaky {
        type Command = u32;
        const THREAD: &'static str = "test-flaky";

        fn build(&mut self, progress: &Progress) -> Result<gst::Pipeline, PipelineError> {
            if self.refusals > 0 {
                self.refusals -= 1;
                return Err(PipelineError::Element("flakysrc"));
            }
            let pipeline = gst::parse::launch(
                "audiotestsrc num-buffers=60 is-live=true ! fakesink name=sink sync=true",
            )
            .unwrap()
            .downcast::<gst::Pipeline>()
            .unwrap();
            let progress = progress.clone();
            pipeline
                .by_name("sink")
                .unwrap()
                .static_pad("sink")
                .unwrap()
                .add_probe(gst::PadProbeType::BUFFER, move |_, _| {
                    progress.step();
                    gst::PadProbeReturn::Ok
                });
            Ok(pipeline)
        }

        fn command(&mut self, pipeline: Option<&gst::Pipeline>, number: u32) {
            let playing = pipeline.is_some();
            self.told.send(Told::Command { playing, number }).unwrap();
        }

        fn lost(&mut self, reason: String) {
            self.told.send(Told::Lost(reason)).unwrap();
        }

        fn back(&mut self) {
            self.told.send(Told::Back).unwrap();
        }
    }

    #[test]
    fn a_device_that_comes_and_goes_is_told_of_once_each_time() {
        gst::init().unwrap();
        let (told, events) = bounded(16);
        let next = || events.recv_timeout(Duration::from_secs(20)).unwrap();
        let thread = DeviceThread::start(Flaky { refusals: 2, told }).unwrap();
        assert!(matches!(next(), Told::Lost(reason) if reason.contains("flakysrc")));
        thread.command(1);
        assert_eq!(
            next(),
            Told::Command {
                playing: false,
                number: 1
            }
        );
        assert_eq!(next(), Told::Back);
        thread.command(2);
        assert_eq!(
            next(),
            Told::Command {
                playing: true,
                number: 2
            }
        );
        assert!(matches!(next(), Told::Lost(_)));
        assert_eq!(next(), Told::Back);
        thread.stop();
        assert!(events.recv_timeout(Duration::from_secs(20)).is_err());
    }

    #[test]
    fn a_device_that_was_lost_by_an_earlier_thread_is_told_back_by_the_next() {
        gst::init().unwrap();
        let (told, events) = bounded(16);
        let next = || events.recv_timeout(Duration::from_secs(20)).unwrap();
        let absence = Absence::default();
        let start = |refusals| {
            let device = Flaky {
                refusals,
                told: told.clone(),
            };
            DeviceThread::start_again(device, absence.clone()).unwrap()
        };
        let first = start(u32::MAX);
        assert!(matches!(next(), Told::Lost(_)));
        first.stop();
        let second = start(1);
        assert_eq!(next(), Told::Back, "what was known was told again");
        second.stop();
        let third = start(0);
        assert!(matches!(next(), Told::Lost(_)), "it was never away");
        third.stop();
    }
}
