//! Proof that the two ends of a media session are the robot and the operator's page, and not
//! somebody on the way of their signalling.
//!
//! Both ends of a WebRTC connection know each other by the fingerprint of a certificate (RFC 8122,
//! RFC 8827), which arrives in the session description: whoever can alter the description can put
//! their own in its place. So each end signs its fingerprint (Ed25519, RFC 8032): the robot with its
//! device key, the page with the key of the operator's session.

use crate::ids::CaseId;

/// What a media session belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    /// The case.
    pub case_id: CaseId,
    /// What the page drew at random for its call ([`crate::operator::OperatorToConsole::Accept`]).
    pub nonce: &'a str,
    /// Number of the media session.
    pub session: u32,
}

impl Session<'_> {
    /// What the robot signs of its offer: a label, the session and the offer's fingerprint.
    pub fn of_offer(&self, fingerprint: &str) -> Vec<u8> {
        self.transcript("madoguchi-media-offer-v1", &[fingerprint])
    }

    /// What the page signs of its answer: a label, the session, and the fingerprints of the offer
    /// that it answers and of its own description.
    pub fn of_answer(&self, offered: &str, fingerprint: &str) -> Vec<u8> {
        self.transcript("madoguchi-media-answer-v1", &[offered, fingerprint])
    }

    fn transcript(&self, label: &str, fingerprints: &[&str]) -> Vec<u8> {
        let Self {
            case_id,
            nonce,
            session,
        } = self;
        let fingerprints = fingerprints.join("\n");
        format!("{label}\n{case_id}\n{nonce}\n{session}\n{fingerprints}\n").into_bytes()
    }
}

/// The fingerprint of a session description, 32 bytes as `AB:CD:…`: by SHA-256, and the same for
/// all of its media. `None` where it names none, another kind, or more than one.
pub fn fingerprint(sdp: &str) -> Option<String> {
    let mut found: Option<String> = None;
    for line in sdp.lines() {
        let Some((name, value)) = line.trim_end().split_once(':') else {
            continue;
        };
        if !name.eq_ignore_ascii_case("a=fingerprint") {
            continue;
        }
        let (algorithm, digest) = value.split_once(' ')?;
        let digest = digest.to_ascii_uppercase();
        let is_whole = digest.len() == 95 && digest.split(':').all(is_byte);
        let is_new = found.as_ref().is_some_and(|known| *known != digest);
        if !algorithm.eq_ignore_ascii_case("sha-256") || !is_whole || is_new {
            return None;
        }
        found = Some(digest);
    }
    found
}

fn is_byte(pair: &str) -> bool {
    pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(pair: &str) -> String {
        vec![pair; 32].join(":")
    }

    #[test]
    fn a_description_has_one_fingerprint_or_none() {
        let line = |pair: &str| format!("a=fingerprint:sha-256 {}\r\n", digest(pair));
        let ours = Some(digest("AB"));
        assert_eq!(fingerprint(&format!("v=0\r\n{}", line("ab"))), ours);
        assert_eq!(
            fingerprint(&format!("{}m=audio\r\n{}", line("AB"), line("ab"))),
            ours
        );
        for bad in [
            String::new(),
            "v=0\r\n".to_owned(),
            format!("{}{}", line("AB"), line("CD")),
            format!("{}a=fingerprint:sha-1 AB:CD\r\n", line("AB")),
            "a=fingerprint:sha-256\r\n".to_owned(),
            "a=fingerprint:sha-256 AB:CD\r\n".to_owned(),
            line("G1"),
            line("ABC"),
        ] {
            assert_eq!(fingerprint(&bad), None, "{bad}");
        }
    }

    #[test]
    fn every_part_of_a_session_changes_what_is_signed() {
        let case_id = CaseId(uuid::Uuid::from_u128(1));
        let session = Session {
            case_id,
            nonce: "n",
            session: 1,
        };
        let others = [
            Session {
                case_id: CaseId(uuid::Uuid::from_u128(2)),
                ..session
            },
            Session {
                nonce: "m",
                ..session
            },
            Session {
                session: 2,
                ..session
            },
        ];
        let signed = session.of_offer("AB");
        assert!(others.iter().all(|other| other.of_offer("AB") != signed));
        assert_ne!(session.of_offer("CD"), signed);
        assert_ne!(session.of_answer("AB", "AB"), signed);
        assert_ne!(session.of_answer("AB", "CD"), session.of_answer("CD", "AB"));
    }
}
