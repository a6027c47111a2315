//! Bytes in hexadecimal digits, as fingerprints and checksums are written everywhere here.

/// Two lower-case digits for each byte.
pub fn of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(super::of(&[0x00, 0x0a, 0xff]), "000aff");
    }
}
