//! Names of the machine itself.

use std::net::IpAddr;

/// Whether a `Host` header, with or without a port, names this machine by a loopback address or as
/// `localhost`: a foreign site whose name was rebound to 127.0.0.1 doesn't.
pub fn is_loopback_host(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_pass_for_loopback() {
        for own in [
            "127.0.0.1:8080",
            "127.0.0.1",
            "localhost",
            "LOCALHOST:1",
            "[::1]:8080",
            "[::1]",
        ] {
            assert!(is_loopback_host(own), "{own}");
        }
        for foreign in [
            "",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "10.0.0.1:8080",
        ] {
            assert!(!is_loopback_host(foreign), "{foreign}");
        }
    }
}
