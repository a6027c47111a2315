//! Random secrets and their hashes.

use madoguchi_shared::hex;
use sha2::{Digest, Sha256};

/// Letters that are told apart when read aloud or copied by hand (Crockford's base 32).
const READABLE: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 256 random bits as 64 hexadecimal digits, for session tokens.
pub fn token() -> String {
    hex::of(&rand::random::<[u8; 32]>())
}

/// 32 random bytes, for challenges.
pub fn nonce() -> [u8; 32] {
    rand::random()
}

/// A one-time code of 80 random bits in readable letters, such as `7K3M-9QRT-0XWZ-HB52`.
pub fn readable_code() -> String {
    grouped(rand::random::<[u8; 16]>())
}

/// A password of 100 random bits in readable letters.
pub fn readable_password() -> String {
    grouped(rand::random::<[u8; 20]>())
}

fn grouped<const N: usize>(random: [u8; N]) -> String {
    let mut code = String::with_capacity(N + N / 4);
    for (index, byte) in random.into_iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(READABLE[usize::from(byte % 32)]));
    }
    code
}

/// A code as typed by a person in its canonical form: separators dropped, upper case, and letters
/// that are easily confused read as the digits they look like.
pub fn canonical_code(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// SHA-256 in lower-case hexadecimal digits. Enough for secrets of full entropy, never for
/// passwords.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex::of(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_being_copied_by_hand() {
        let code = readable_code();
        assert_eq!(code.len(), 19);
        let typed = code
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l");
        assert_eq!(canonical_code(&typed), canonical_code(&code));
        assert_ne!(readable_code(), code);
    }
}
