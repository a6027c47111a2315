//! The PIN behind which staff in the room find the visitor's case on the robot's own screen: its
//! Argon2id hash (RFC 9106) in the state folder, in PHC format.

use std::io;
use std::path::{Path, PathBuf};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use crossbeam_channel::Sender;
use madoguchi_core::Input;
use madoguchi_core::onsite::Staff;
use madoguchi_shared::onsite::{PIN_MAX_DIGITS, PIN_MIN_DIGITS, Pin};
use tokio::runtime::Handle;
use tracing::error;

use crate::event::Event;
use crate::files::write_private;

/// File name in the state folder.
const FILE: &str = "staff.pin";

/// Why no PIN was set.
#[derive(Debug, thiserror::Error)]
pub enum StaffPinError {
    /// It is too short, too long, or has something else than digits.
    #[error("a PIN has {PIN_MIN_DIGITS} to {PIN_MAX_DIGITS} digits and nothing else")]
    Digits,
    /// It is one that is tried first.
    #[error("that PIN is easily guessed; choose one that isn't a row of digits or a repetition")]
    Guessable,
    /// It couldn't be hashed.
    #[error("the PIN can't be hashed on this machine; check that 32 MiB of memory are free")]
    Hashing,
    /// The state folder can't be written.
    #[error("cannot write {}; run this as the user of the robot's service", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// Sets the PIN of the robot with that state folder; one that runs takes it at once.
///
/// # Errors
/// [`StaffPinError`]; then the PIN before stays.
pub fn set(state: &Path, pin: &str) -> Result<(), StaffPinError> {
    let digits = pin.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !(PIN_MIN_DIGITS..=PIN_MAX_DIGITS).contains(&pin.len()) {
        return Err(StaffPinError::Digits);
    }
    if is_guessable(pin.as_bytes()) {
        return Err(StaffPinError::Guessable);
    }
    let hash = Argon2::default()
        .hash_password(pin.as_bytes())
        .map_err(|_| StaffPinError::Hashing)?;
    let path = state.join(FILE);
    write_private(&path, hash.to_string().as_bytes())
        .map_err(|source| StaffPinError::Io { path, source })
}

/// A PIN that nobody has thought of.
pub fn random() -> String {
    loop {
        let pin: String = (0..PIN_MIN_DIGITS)
            .map(|_| char::from(b'0' + rand::random_range(0..10_u8)))
            .collect();
        if !is_guessable(pin.as_bytes()) {
            return pin;
        }
    }
}

/// `123456`, `987654`, and what repeats itself: `111111`, `121212`, `123123`.
fn is_guessable(digits: &[u8]) -> bool {
    let step = |pair: &[u8]| i16::from(pair[1]) - i16::from(pair[0]);
    let mut steps = digits.windows(2).map(step);
    let first = steps.next().unwrap_or_default();
    let is_row = first.abs() <= 1 && steps.all(|next| next == first);
    let repeats = |length: usize| {
        let (block, rest) = digits.split_at(length);
        rest.chunks(length).all(|next| next == block)
    };
    is_row || (1..=digits.len() / 2).any(repeats)
}

/// What checks PINs for the loop, which can't wait for that.
pub struct StaffPins {
    path: PathBuf,
    runtime: Handle,
    events: Sender<Event>,
}

impl StaffPins {
    /// For the robot with that state folder; answers go to `events`.
    pub fn new(state: &Path, runtime: &Handle, events: &Sender<Event>) -> Self {
        Self {
            path: state.join(FILE),
            runtime: runtime.clone(),
            events: events.clone(),
        }
    }

    /// Whether a PIN was set.
    pub fn is_set(&self) -> bool {
        self.path.is_file()
    }

    /// Checks a PIN; the answer comes as [`Staff::Checked`]. Core asks for one at a time.
    pub fn check(&self, pin: Pin) {
        let (path, events) = (self.path.clone(), self.events.clone());
        self.runtime.spawn_blocking(move || {
            let right = is_right(&path, &pin);
            let _ = events.send(Event::Core(Input::Staff(Staff::Checked { right })));
        });
    }
}

fn is_right(path: &Path, Pin(pin): &Pin) -> bool {
    let stored = match std::fs::read_to_string(path) {
        Ok(stored) => stored,
        Err(error) => {
            error!(
                "the PIN of staff can't be read, set it again with `madoguchi-robot staff-pin`: {error}"
            );
            return false;
        }
    };
    let Ok(hash) = PasswordHash::new(stored.trim()) else {
        error!("the file of staff's PIN is damaged; set it again with `madoguchi-robot staff-pin`");
        return false;
    };
    pin.len() <= PIN_MAX_DIGITS
        && Argon2::default()
            .verify_password(pin.as_bytes(), &hash)
            .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pin_that_was_set_last_is_right() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        set(dir.path(), "204613").unwrap();
        set(dir.path(), "730518").unwrap();
        let right = |pin: &str| is_right(&path, &Pin(pin.to_owned()));
        assert!(right("730518"));
        for wrong in ["204613", "730519", "", "7305180", "73051", "７３０５１８"] {
            assert!(!right(wrong), "{wrong}");
        }
        let stored = std::fs::read_to_string(&path).unwrap();
        assert!(stored.starts_with("$argon2id$"), "{stored}");
    }

    #[test]
    fn a_pin_that_is_tried_first_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for pin in [
            "12345",
            "1234567890123",
            "12a456",
            "000000",
            "123456",
            "987654",
            "121212",
            "123123",
            "40694069",
            "",
        ] {
            assert!(set(dir.path(), pin).is_err(), "{pin}");
        }
        assert!(!dir.path().join(FILE).exists());
        for _ in 0..20 {
            set(dir.path(), &random()).unwrap();
        }
    }
}
