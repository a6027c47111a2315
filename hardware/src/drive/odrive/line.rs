//! The ASCII protocol's lines.
//!
//! Source: ODrive documentation for firmware 0.5, "ASCII Protocol": a line is
//! `command *checksum`, ended by a newline; the checksum is the bitwise exclusive or of all
//! characters before the asterisk, in decimal. A device that was given a checksum gives one with
//! its answer, and ignores a line whose checksum is wrong.

/// Why a line is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// There are bytes that no line has.
    #[error("it has bytes that are no ASCII text")]
    NotText,
    /// There is no checksum.
    #[error("it has no checksum")]
    NoChecksum,
    /// The checksum is another.
    #[error("its checksum is wrong")]
    WrongChecksum,
}

/// The line that carries `body`, its end included. `body` has neither asterisk nor semicolon.
pub fn encode(body: &str) -> String {
    format!("{body}*{}\n", checksum(body.as_bytes()))
}

/// What a line carries whose end is already cut off.
pub fn decode(line: &[u8]) -> Result<&str, LineError> {
    let line = std::str::from_utf8(line).map_err(|_| LineError::NotText)?;
    if !line
        .bytes()
        .all(|byte| byte == b' ' || byte.is_ascii_graphic())
    {
        return Err(LineError::NotText);
    }
    let (body, given) = line.rsplit_once('*').ok_or(LineError::NoChecksum)?;
    if given.trim().parse() == Ok(checksum(body.as_bytes())) {
        Ok(body.trim())
    } else {
        Err(LineError::WrongChecksum)
    }
}

fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_documentations() {
        assert_eq!(encode("r vbus_voltage "), "r vbus_voltage *93\n");
        assert_eq!(decode(b"r vbus_voltage *93"), Ok("r vbus_voltage"));
    }

    #[test]
    fn what_is_no_line_is_refused() {
        assert_eq!(decode(b"r vbus_voltage *92"), Err(LineError::WrongChecksum));
        assert_eq!(decode(b"r vbus_voltage *"), Err(LineError::WrongChecksum));
        assert_eq!(decode(b"24.08"), Err(LineError::NoChecksum));
        assert_eq!(decode(&[0xff, b'*', b'1']), Err(LineError::NotText));
        assert_eq!(decode(b"a\tb*3"), Err(LineError::NotText));
    }
}
