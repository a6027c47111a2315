use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serialport::{SerialPort, TTYPort};

use super::Controller;

/// How soon an unplugged line is noticed by its thread.
const PATIENCE: Duration = Duration::from_millis(20);

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mischief {
    /// Nothing.
    #[default]
    None,
    /// The controller hears and is not heard.
    Mute,
    /// The controller hears nothing.
    Deaf,
    /// Every answer is these bytes instead.
    Garbage(Vec<u8>),
    /// Of every answer only so many bytes arrive.
    Cut(usize),
    /// One bit of every answer's first byte is turned.
    Noise,
}

/// A controller at the far end of a pseudo-terminal, whose near end has a stable name, as udev
/// gives one to a serial adapter.
///
/// A controller has power of its own: unplugging cuts the line and leaves it running.
pub struct SimulatedLine<C> {
    controller: Arc<Mutex<C>>,
    mischief: Arc<Mutex<Mischief>>,
    name: PathBuf,
    plugged: Option<Plugged>,
}

struct Plugged {
    pulled: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl<C: Controller> SimulatedLine<C> {
    /// Connects `controller`; the drivers find it at `name`, which must be free.
    pub fn plug(controller: C, name: impl Into<PathBuf>) -> std::io::Result<Self> {
        let mut line = Self {
            controller: Arc::new(Mutex::new(controller)),
            mischief: Arc::default(),
            name: name.into(),
            plugged: None,
        };
        line.replug()?;
        Ok(line)
    }

    /// The port's name for a driver.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// The controller. What arrives meanwhile waits.
    pub fn controller(&self) -> MutexGuard<'_, C> {
        lock(&self.controller)
    }

    /// From now on this is wrong with the line.
    pub fn misbehave(&self, mischief: Mischief) {
        *lock(&self.mischief) = mischief;
    }

    /// Pulls the cable: the port and its name vanish, who holds it open notices.
    pub fn unplug(&mut self) {
        if self.plugged.take().is_some() {
            // Whoever removed the name before did the same.
            let _ = std::fs::remove_file(&self.name);
        }
    }

    /// Connects the cable again, at the same name.
    pub fn replug(&mut self) -> std::io::Result<()> {
        self.unplug();
        let (mut far, near) = TTYPort::pair()?;
        far.set_timeout(PATIENCE)?;
        let device = near
            .name()
            .ok_or_else(|| std::io::Error::other("the pseudo-terminal has no name"))?;
        symlink(device, &self.name)?;
        let pulled = Arc::new(AtomicBool::new(false));
        let worker = Worker {
            far,
            near,
            pulled: Arc::clone(&pulled),
            controller: Arc::clone(&self.controller),
            mischief: Arc::clone(&self.mischief),
        };
        let thread = std::thread::Builder::new()
            .name("simulated-line".to_owned())
            .spawn(move || worker.run())?;
        self.plugged = Some(Plugged {
            pulled,
            thread: Some(thread),
        });
        Ok(())
    }
}

impl<C> Drop for SimulatedLine<C> {
    fn drop(&mut self) {
        if self.plugged.is_some() {
            let _ = std::fs::remove_file(&self.name);
        }
    }
}

impl Drop for Plugged {
    fn drop(&mut self) {
        self.pulled.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic of the controller was told by its thread already.
            let _ = thread.join();
        }
    }
}

struct Worker<C> {
    far: TTYPort,
    /// Held open, so that a driver may close the port and open it again.
    near: TTYPort,
    pulled: Arc<AtomicBool>,
    controller: Arc<Mutex<C>>,
    mischief: Arc<Mutex<Mischief>>,
}

impl<C: Controller> Worker<C> {
    fn run(mut self) {
        let mut buffer = [0; 256];
        while !self.pulled.load(Ordering::Relaxed) {
            match self.far.read(&mut buffer) {
                Ok(count) => self.serve(&buffer[..count]),
                Err(error) if error.kind() == ErrorKind::TimedOut => {}
                Err(_) => break,
            }
        }
        drop(self.near);
    }

    fn serve(&mut self, received: &[u8]) {
        let mischief = lock(&self.mischief).clone();
        if mischief == Mischief::Deaf {
            return;
        }
        let mut answer = lock(&self.controller).receive(received);
        if answer.is_empty() {
            return;
        }
        match mischief {
            Mischief::None => {}
            Mischief::Mute | Mischief::Deaf => return,
            Mischief::Garbage(bytes) => answer = bytes,
            Mischief::Cut(length) => answer.truncate(length),
            Mischief::Noise => {
                if let Some(first) = answer.first_mut() {
                    *first ^= 1;
                }
            }
        }
        // A line that takes no more bytes is one from which nobody reads.
        let _ = self.far.write_all(&answer);
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
