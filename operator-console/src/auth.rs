//! Operators' passwords, and the brake on guessing them.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// Shortest password in characters (NIST SP 800-63B asks for 8; a public office's for 10).
pub const PASSWORD_MIN_CHARS: usize = 10;
/// Longest password in bytes; longer ones only cost time.
pub const PASSWORD_MAX_BYTES: usize = 512;

/// What is wrong with a name or password.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AuthError {
    /// Not an account name.
    #[error("`{0}` is no account name; use 1 to 64 of a-z, 0-9, `.`, `_`, `-`")]
    AccountName(String),
    /// Too short or too long.
    #[error(
        "the password must have at least {PASSWORD_MIN_CHARS} characters and at most {PASSWORD_MAX_BYTES} bytes"
    )]
    PasswordLength,
    /// The hash could not be computed.
    #[error("the password can't be hashed on this machine; check that 32 MiB of memory are free")]
    Hashing,
}

/// An account name in its one spelling: trimmed, lower case.
pub fn account_name(typed: &str) -> Result<String, AuthError> {
    let name = typed.trim().to_ascii_lowercase();
    let letters = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'));
    if letters && (1..=64).contains(&name.len()) {
        Ok(name)
    } else {
        Err(AuthError::AccountName(typed.chars().take(80).collect()))
    }
}

/// Hashes a new password by Argon2id (RFC 9106; 19 MiB, 2 passes, 1 lane), in PHC format. Blocks
/// for some tens of milliseconds.
pub fn hash_password(password: &str) -> Result<String, AuthError> {
    if password.chars().count() < PASSWORD_MIN_CHARS || password.len() > PASSWORD_MAX_BYTES {
        return Err(AuthError::PasswordLength);
    }
    hash_unchecked(password)
}

fn hash_unchecked(password: &str) -> Result<String, AuthError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| AuthError::Hashing)
}

/// Checks passwords with the same work whether or not the account exists, a few at a time.
#[derive(Debug)]
pub struct PasswordChecker {
    decoy: String,
    /// Each check takes 19 MiB: a flood of sign-ins waits here instead of eating the memory.
    at_once: Semaphore,
}

impl PasswordChecker {
    /// Prepares the decoy hash that stands in for unknown accounts.
    pub fn new() -> Result<Self, AuthError> {
        Ok(Self {
            decoy: hash_unchecked(&crate::secret::token())?,
            at_once: Semaphore::new(2),
        })
    }

    /// Whether `password` is the one behind `stored`; always false for an unknown account.
    pub async fn check(&self, stored: Option<&str>, password: String) -> bool {
        let known = stored.is_some();
        let hash = stored.unwrap_or(&self.decoy).to_owned();
        let Ok(_permit) = self.at_once.acquire().await else {
            return false;
        };
        let fits = tokio::task::spawn_blocking(move || {
            password.len() <= PASSWORD_MAX_BYTES
                && PasswordHash::new(&hash).is_ok_and(|hash| {
                    Argon2::default()
                        .verify_password(password.as_bytes(), &hash)
                        .is_ok()
                })
        })
        .await
        .unwrap_or(false);
        fits && known
    }
}

/// Attempts on one account that cost nothing but the work.
const FREE_PER_ACCOUNT: u32 = 4;
/// Attempts from one address, whatever the account; a whole office may share one.
const FREE_PER_ADDRESS: u32 = 30;
/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// After this long without an attempt all is forgotten.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// Accounts and addresses remembered at most.
const REMEMBERED: usize = 20_000;

#[derive(Debug, Clone)]
struct Attempts {
    count: u32,
    last: Instant,
}

/// An address, and the account when it is about one.
type Whose = (IpAddr, Option<String>);

/// Slows guessing down: after four failed attempts on an account from an address, or thirty from
/// an address on any, each next one waits twice as long, from 1 s to 15 min.
#[derive(Debug, Default)]
pub struct Brake {
    attempts: Mutex<HashMap<Whose, Attempts>>,
}

impl Brake {
    /// Counts an attempt before it is checked, so that parallel guesses count too. `Err` holds
    /// the time to wait; such an attempt must not be checked.
    pub fn attempt(&self, account: &str, from: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut attempts = self
            .attempts
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        make_room(&mut attempts, now);
        let next = whose(account, from).map(|(key, free)| {
            let seen = attempts.get(&key);
            let seen = seen.filter(|seen| now.duration_since(seen.last) < MEMORY);
            let wait = seen.map_or(Duration::ZERO, |seen| {
                wait_after(seen.count, free).saturating_sub(now.duration_since(seen.last))
            });
            let count = seen.map_or(0, |seen| seen.count) + 1;
            (key, wait, count)
        });
        let wait = next.iter().map(|(_, wait, _)| *wait).max();
        if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
            return Err(wait);
        }
        for (key, _, count) in next {
            attempts.insert(key, Attempts { count, last: now });
        }
        Ok(())
    }

    /// Forgets the attempts after a right password.
    pub fn succeeded(&self, account: &str, from: IpAddr) {
        let mut attempts = self
            .attempts
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        for (key, _) in whose(account, from) {
            attempts.remove(&key);
        }
    }
}

fn whose(account: &str, from: IpAddr) -> [(Whose, u32); 2] {
    let network = network(from);
    [
        ((network, Some(account.to_owned())), FREE_PER_ACCOUNT),
        ((network, None), FREE_PER_ADDRESS),
    ]
}

/// Drops what is old, then what has done little, so that a flood of names doesn't wash away those
/// who keep guessing.
fn make_room(attempts: &mut HashMap<Whose, Attempts>, now: Instant) {
    if attempts.len() < REMEMBERED {
        return;
    }
    attempts.retain(|_, seen| now.duration_since(seen.last) < MEMORY);
    if attempts.len() >= REMEMBERED {
        attempts.retain(|_, seen| seen.count > FREE_PER_ACCOUNT);
    }
    if attempts.len() >= REMEMBERED {
        attempts.clear();
    }
}

fn wait_after(attempts: u32, free: u32) -> Duration {
    match attempts.checked_sub(free) {
        None => Duration::ZERO,
        Some(over) => Duration::from_secs(1 << over.min(20)).min(LONGEST_WAIT),
    }
}

/// One subscriber owns a whole IPv6 /64: its addresses count as one.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_slowed_down_and_forgiven() {
        let brake = Brake::default();
        let here: IpAddr = [192, 0, 2, 1].into();
        let start = Instant::now();
        for _ in 0..4 {
            assert_eq!(brake.attempt("aiko", here, start), Ok(()));
        }
        assert_eq!(
            brake.attempt("aiko", here, start),
            Err(Duration::from_secs(1))
        );
        assert_eq!(brake.attempt("aiko", [192, 0, 2, 2].into(), start), Ok(()));
        assert_eq!(brake.attempt("bruno", here, start), Ok(()));

        let later = start + Duration::from_secs(1);
        assert_eq!(brake.attempt("aiko", here, later), Ok(()));
        assert_eq!(
            brake.attempt("aiko", here, later),
            Err(Duration::from_secs(2))
        );

        brake.succeeded("aiko", here);
        assert_eq!(brake.attempt("aiko", here, later), Ok(()));
        assert_eq!(wait_after(u32::MAX, 4), LONGEST_WAIT);
    }

    #[test]
    fn trying_many_names_from_one_address_is_slowed_down_too() {
        let brake = Brake::default();
        let start = Instant::now();
        for n in 0..30 {
            assert_eq!(
                brake.attempt(&format!("user{n}"), [192, 0, 2, 1].into(), start),
                Ok(())
            );
        }
        let here = brake.attempt("user99", [192, 0, 2, 1].into(), start);
        assert_eq!(here, Err(Duration::from_secs(1)));
        assert_eq!(
            brake.attempt("user99", [192, 0, 2, 2].into(), start),
            Ok(())
        );
    }

    #[test]
    fn account_names_have_one_spelling() {
        assert_eq!(account_name(" Aiko.T "), Ok("aiko.t".to_owned()));
        for bad in ["", "a b", "愛子", "x'--", &"a".repeat(65)] {
            assert!(account_name(bad).is_err(), "{bad} was taken");
        }
    }
}
