//! A serial line to a controller (motor controller, sensor board, charger).
//!
//! What is said on the line is the business of the driver that owns the port.

use std::io::{ErrorKind as IoErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serialport::{ClearBuffer, ErrorKind, SerialPort};

use crate::{Device, Fault};

/// Why a serial line can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SerialError {
    /// There is no such port.
    #[error("there is no serial port {}; check the cable and the port's name in the config", .0.display())]
    Absent(PathBuf),
    /// The user may not open it.
    #[error("serial port {} may not be opened; add the service's user to the group `dialout`", .0.display())]
    Denied(PathBuf),
    /// Another program holds it.
    #[error("serial port {} is held by another program; stop that one", .0.display())]
    Busy(PathBuf),
    /// It is no serial port, or refuses the speed.
    #[error("{} can't be used as a serial port at this speed", path.display())]
    Unfit {
        /// The port.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: serialport::Error,
    },
}

/// An opened serial line: 8 data bits, no parity, 1 stop bit, no flow control, held exclusively.
///
/// Reads and writes give up with [`std::io::ErrorKind::TimedOut`] after the time set at opening.
#[derive(Debug)]
pub struct Port {
    port: Box<dyn SerialPort>,
}

impl Port {
    /// Opens the port at `path` with `baud` bits a second and forgets what was received before.
    ///
    /// `timeout` bounds each single read and write; a driver's silence limit is built on it.
    pub fn open(path: &Path, baud: u32, timeout: Duration) -> Result<Self, SerialError> {
        if !path.exists() {
            return Err(SerialError::Absent(path.to_owned()));
        }
        let port = serialport::new(path.to_string_lossy(), baud)
            .timeout(timeout)
            .exclusive(true)
            .open()
            .map_err(|error| refused(path, error))?;
        port.clear(ClearBuffer::Input)
            .map_err(|error| refused(path, error))?;
        Ok(Self { port })
    }

    /// Forgets what was received and not read.
    pub fn forget_input(&self) -> std::io::Result<()> {
        Ok(self.port.clear(ClearBuffer::Input)?)
    }

    /// Fills `answer`, all of it by `deadline`, however slowly the bytes trickle in.
    pub fn read_by(&mut self, deadline: Instant, answer: &mut [u8]) -> std::io::Result<()> {
        let mut filled = 0;
        while filled < answer.len() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(IoErrorKind::TimedOut.into());
            }
            self.port.set_timeout(left)?;
            match self.port.read(&mut answer[filled..])? {
                0 => return Err(IoErrorKind::UnexpectedEof.into()),
                count => filled += count,
            }
        }
        Ok(())
    }
}

impl SerialError {
    /// The fault of `device` that it means.
    pub(crate) fn fault(&self, device: Device) -> Fault {
        let detail = match self {
            Self::Unfit { path, source } => format!("{}: {source}", path.display()),
            Self::Absent(path) | Self::Denied(path) | Self::Busy(path) => {
                path.display().to_string()
            }
        };
        match self {
            Self::Absent(_) | Self::Unfit { .. } => Fault::Absent { device, detail },
            Self::Denied(_) => Fault::Denied { device, detail },
            Self::Busy(_) => Fault::Denied {
                device,
                detail: format!("{detail} is held by another program"),
            },
        }
    }
}

/// The fault of `device` that an error on its opened line means: silence, or else the cable.
pub(crate) fn line_fault(device: Device, asked: &str, error: &std::io::Error) -> Fault {
    let detail = format!("{asked}: {error}");
    match error.kind() {
        IoErrorKind::TimedOut => Fault::Silent { device, detail },
        _ => Fault::Absent { device, detail },
    }
}

fn refused(path: &Path, error: serialport::Error) -> SerialError {
    let path = path.to_owned();
    match error.kind() {
        ErrorKind::NoDevice => SerialError::Busy(path),
        ErrorKind::Io(std::io::ErrorKind::PermissionDenied) => SerialError::Denied(path),
        ErrorKind::Io(std::io::ErrorKind::NotFound) => SerialError::Absent(path),
        _ => SerialError::Unfit {
            path,
            source: error,
        },
    }
}

impl Read for Port {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.port.read(buffer)
    }
}

impl Write for Port {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.port.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.port.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serialport::TTYPort;

    const TIMEOUT: Duration = Duration::from_millis(200);

    /// A pseudo-terminal: the controller's end, and the path of ours.
    fn line() -> (TTYPort, PathBuf) {
        let (mut controller, ours) = TTYPort::pair().unwrap();
        controller.set_timeout(TIMEOUT).unwrap();
        let path = PathBuf::from(ours.name().unwrap());
        (controller, path)
    }

    #[test]
    fn bytes_go_both_ways() {
        let (mut controller, path) = line();
        let mut port = Port::open(&path, 115_200, TIMEOUT).unwrap();
        port.write_all(b"hello").unwrap();
        let mut heard = [0; 5];
        controller.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"hello");
        controller.write_all(b"\x00\xff\r\n").unwrap();
        let mut answer = [0; 4];
        port.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"\x00\xff\r\n");
    }

    #[test]
    fn a_silent_controller_is_a_timeout_and_no_hang() {
        let (_controller, path) = line();
        let mut port = Port::open(&path, 115_200, TIMEOUT).unwrap();
        let error = port.read(&mut [0; 1]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_port_that_is_not_there_is_named() {
        let error = Port::open(Path::new("/dev/ttyNONE9"), 115_200, TIMEOUT).unwrap_err();
        assert!(matches!(error, SerialError::Absent(_)));
        assert!(error.to_string().contains("/dev/ttyNONE9"));
    }

    #[test]
    fn a_port_in_use_is_refused() {
        let (_controller, path) = line();
        let _held = Port::open(&path, 115_200, TIMEOUT).unwrap();
        let error = Port::open(&path, 115_200, TIMEOUT).unwrap_err();
        assert!(matches!(error, SerialError::Busy(_)), "{error:?}");
    }

    #[test]
    fn a_file_that_is_no_port_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = Port::open(file.path(), 115_200, TIMEOUT).unwrap_err();
        assert!(matches!(error, SerialError::Unfit { .. }), "{error:?}");
    }
}
