//! Whether a media session is between this robot and the operator's page, and nobody between them
//! ([`madoguchi_shared::proof`]).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, VerifyingKey};
use madoguchi_shared::ids::CaseId;
use madoguchi_shared::link::PageKey;
use madoguchi_shared::proof::{Session, fingerprint};
use madoguchi_shared::signal::Signal;

use crate::device_key::DeviceKey;

/// Why an answer is not the page's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotGenuine {
    #[error("the console named no key of the operator's page; sign in there anew")]
    NoKey,
    #[error("the answer is not signed, or names no single fingerprint")]
    NoProof,
    #[error("the answer's signature is not that of the operator's page: it was changed on its way")]
    Signature,
}

/// Signs offers and verifies answers.
pub(super) struct Genuine {
    key: Arc<DeviceKey>,
    page: Option<PageKey>,
    /// The newest offer's session and fingerprint.
    offered: Option<(u32, String)>,
}

impl Genuine {
    pub(super) fn new(key: Arc<DeviceKey>) -> Self {
        Self {
            key,
            page: None,
            offered: None,
        }
    }

    /// An operator's page carries the call from now on.
    pub(super) fn expect(&mut self, page: Option<PageKey>) {
        self.page = page.or(self.page.take());
    }

    /// The signal with the robot's proof, where it is an offer.
    pub(super) fn sign(&mut self, case_id: CaseId, mut signal: Signal) -> Signal {
        if let Signal::Offer {
            session,
            sdp,
            proof,
        } = &mut signal
            && let (Some(page), Some(own)) = (&self.page, fingerprint(sdp))
        {
            let nonce = &page.nonce;
            let of = Session {
                case_id,
                nonce,
                session: *session,
            };
            *proof = Some(self.key.sign_base64(&of.of_offer(&own)));
            self.offered = Some((*session, own));
        }
        signal
    }

    /// The session of an answer that is not the page's, and why it isn't. What answers no offer of
    /// this call is dropped elsewhere.
    pub(super) fn doubt(&self, case_id: CaseId, signal: &Signal) -> Option<(u32, NotGenuine)> {
        let Signal::Answer {
            session,
            sdp,
            proof,
        } = signal
        else {
            return None;
        };
        let (_, offered) = self.offered.as_ref().filter(|(own, _)| own == session)?;
        let proof = proof.as_deref();
        let verified = self.verify(case_id, *session, offered, sdp, proof);
        Some((*session, verified.err()?))
    }

    fn verify(
        &self,
        case_id: CaseId,
        session: u32,
        offered: &str,
        sdp: &str,
        proof: Option<&str>,
    ) -> Result<(), NotGenuine> {
        let page = self.page.as_ref().ok_or(NotGenuine::NoKey)?;
        let key = page.key.as_deref().and_then(decoded::<32>);
        let key = key.and_then(|key| VerifyingKey::from_bytes(&key).ok());
        let key = key.ok_or(NotGenuine::NoKey)?;
        let signature = proof.and_then(decoded::<64>).ok_or(NotGenuine::NoProof)?;
        let own = fingerprint(sdp).ok_or(NotGenuine::NoProof)?;
        let of = Session {
            case_id,
            nonce: &page.nonce,
            session,
        };
        let signed = of.of_answer(offered, &own);
        key.verify_strict(&signed, &Signature::from_bytes(&signature))
            .map_err(|_| NotGenuine::Signature)
    }
}

fn decoded<const N: usize>(base64: &str) -> Option<[u8; N]> {
    BASE64.decode(base64).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use uuid::Uuid;

    use super::*;

    const CASE: CaseId = CaseId(Uuid::from_u128(1));

    fn description(pair: &str) -> String {
        format!("v=0\r\na=fingerprint:sha-256 {}\r\n", digest(pair))
    }

    fn digest(pair: &str) -> String {
        vec![pair; 32].join(":")
    }

    fn offer(session: u32) -> Signal {
        Signal::Offer {
            session,
            sdp: description("AA"),
            proof: None,
        }
    }

    /// A robot that has offered session 7 to a page with this key.
    fn offered(page: &SigningKey) -> (Genuine, tempfile::TempDir) {
        let state = tempfile::tempdir().unwrap();
        let key = Arc::new(DeviceKey::load_or_create(state.path()).unwrap());
        let mut genuine = Genuine::new(key);
        genuine.expect(Some(PageKey {
            nonce: "n".to_owned(),
            key: Some(BASE64.encode(page.verifying_key().as_bytes())),
        }));
        genuine.sign(CASE, offer(7));
        (genuine, state)
    }

    fn answer(by: &SigningKey, nonce: &str, told: &str, signed: &str) -> Signal {
        let of = Session {
            case_id: CASE,
            nonce,
            session: 7,
        };
        let signed = of.of_answer(&digest("AA"), &digest(signed));
        Signal::Answer {
            session: 7,
            sdp: description(told),
            proof: Some(BASE64.encode(by.sign(&signed).to_bytes())),
        }
    }

    #[test]
    fn an_offer_is_signed_so_that_the_enrolled_key_verifies_it() {
        let page = SigningKey::from_bytes(&[1; 32]);
        let (mut genuine, _state) = offered(&page);
        let Signal::Offer { proof, .. } = genuine.sign(CASE, offer(8)) else {
            panic!("an offer stays one");
        };
        let signature = Signature::from_bytes(&decoded::<64>(&proof.unwrap()).unwrap());
        let key = decoded::<32>(&genuine.key.public_base64()).unwrap();
        let of = Session {
            case_id: CASE,
            nonce: "n",
            session: 8,
        };
        let signed = of.of_offer(&digest("AA"));
        let key = VerifyingKey::from_bytes(&key).unwrap();
        assert!(key.verify_strict(&signed, &signature).is_ok());
    }

    #[test]
    fn only_the_page_that_the_console_named_can_answer() {
        let page = SigningKey::from_bytes(&[1; 32]);
        let other = SigningKey::from_bytes(&[2; 32]);
        let (genuine, _state) = offered(&page);
        assert_eq!(genuine.doubt(CASE, &answer(&page, "n", "BB", "BB")), None);
        for changed in [
            answer(&page, "n", "CC", "BB"),
            answer(&other, "n", "BB", "BB"),
            answer(&page, "older", "BB", "BB"),
        ] {
            let doubt = genuine.doubt(CASE, &changed);
            assert_eq!(doubt, Some((7, NotGenuine::Signature)));
        }
        let unsigned = Signal::Answer {
            session: 7,
            sdp: description("BB"),
            proof: None,
        };
        assert_eq!(
            genuine.doubt(CASE, &unsigned),
            Some((7, NotGenuine::NoProof))
        );
    }
}
