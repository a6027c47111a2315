//! A robot's end of the link.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer, SigningKey};
use madoguchi_shared::PROTOCOL_VERSION;
use madoguchi_shared::ids::{CaseId, RobotId};
use madoguchi_shared::link::{
    Asked, ConsoleToRobot, Failure, Hello, RobotToConsole, hello_transcript,
};
use madoguchi_shared::packet::{CaseState, Owner, Packet, Turn};
use madoguchi_shared::signal::Signal;
use madoguchi_shared::transfer::Hold;

use super::Line;

pub struct Robot {
    pub line: Line,
    pub id: RobotId,
    pub key: SigningKey,
    /// How the conversation stood when it was accepted last: on hold, and who is asked.
    pub stands: (Option<Hold>, Option<Asked>),
}

impl Robot {
    pub async fn welcomed(addr: SocketAddr, key: &SigningKey, code: Option<String>) -> Self {
        let (line, answer) = introduce(addr, |nonce| hello(key, nonce, "", code)).await;
        match answer {
            ConsoleToRobot::Welcome { robot_id, .. } => Self {
                line,
                id: robot_id,
                key: key.clone(),
                stands: (None, None),
            },
            other => panic!("not welcome: {other:?}"),
        }
    }

    pub async fn hear(&mut self) -> ConsoleToRobot {
        self.line.hear().await.expect("the console hung up")
    }

    /// Sends a packet and waits until it is stored.
    pub async fn send(&mut self, packet: &Packet) {
        self.line
            .say(&RobotToConsole::Case {
                packet: Box::new(packet.clone()),
            })
            .await;
        let case_id = packet.case_id;
        self.until(|message| match message {
            ConsoleToRobot::CaseSaved { case_id: id, .. } if id == case_id => Some(()),
            _ => None,
        })
        .await;
    }

    pub async fn progress(&mut self, case_id: CaseId, state: CaseState, owner: Owner) {
        let message = RobotToConsole::Progress {
            case_id,
            revision: None,
            state,
            owner,
            failure: None,
        };
        self.line.say(&message).await;
    }

    /// Says that the case failed; it is the agent's again where that closes it.
    pub async fn fails(&mut self, case_id: CaseId, state: CaseState, failure: Failure) {
        let owner = match state {
            CaseState::Closed => Owner::Agent,
            _ => Owner::Operator,
        };
        let message = RobotToConsole::Progress {
            case_id,
            revision: None,
            state,
            owner,
            failure: Some(failure),
        };
        self.line.say(&message).await;
    }

    pub async fn signal(&mut self, case_id: CaseId, signal: Signal) {
        let message = RobotToConsole::Signal { case_id, signal };
        self.line.say(&message).await;
    }

    /// Sends one more line of the conversation.
    pub async fn turn(&mut self, case_id: CaseId, revision: u32, turn: Turn) {
        let message = RobotToConsole::Turn {
            case_id,
            revision,
            turn,
        };
        self.line.say(&message).await;
    }

    pub async fn until<T>(&mut self, mut wanted: impl FnMut(ConsoleToRobot) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.hear().await) {
                return found;
            }
        }
    }

    /// Waits until the case is shown to operators; how many of them.
    pub async fn offered(&mut self, id: CaseId) -> u32 {
        self.until(|message| match message {
            ConsoleToRobot::Offered {
                case_id, operators, ..
            } if case_id == id => Some(operators),
            _ => None,
        })
        .await
    }

    /// How the conversation stands, as it is told next: on hold, and who is asked to take over.
    pub async fn in_call(&mut self) -> (Option<Hold>, Option<Asked>) {
        self.until(|message| match message {
            ConsoleToRobot::InCall { hold, transfer, .. } => Some((hold, transfer)),
            _ => None,
        })
        .await
    }

    /// Waits until an operator has the case with a call of this number.
    pub async fn accepted_with(&mut self, call: u32) {
        while self.accepted().await != Some(call) {}
    }

    /// Waits for something that the console says.
    pub async fn says(&mut self, wanted: impl Fn(&ConsoleToRobot) -> bool) {
        self.until(|message| wanted(&message).then_some(())).await;
    }

    /// Waits until an operator has the case; the number of their call. How the conversation stands
    /// follows at once.
    pub async fn accepted(&mut self) -> Option<u32> {
        let accepted = |message| match message {
            ConsoleToRobot::Accepted { call, .. } => Some(call),
            _ => None,
        };
        let call = self.until(accepted).await;
        match self.hear().await {
            ConsoleToRobot::InCall { hold, transfer, .. } => self.stands = (hold, transfer),
            other => panic!("not how it stands: {other:?}"),
        }
        call
    }
}

/// Signs the challenge of a fresh connection as `hello` says.
pub async fn introduce(
    addr: SocketAddr,
    hello: impl FnOnce(&str) -> Hello,
) -> (Line, ConsoleToRobot) {
    let line = Line::dial(addr, "/robot/link", &[]).await.unwrap();
    introduce_on(line, hello).await
}

pub async fn introduce_on(
    mut line: Line,
    hello: impl FnOnce(&str) -> Hello,
) -> (Line, ConsoleToRobot) {
    let Some(ConsoleToRobot::Challenge { nonce }) = line.hear().await else {
        panic!("no challenge");
    };
    line.say(&RobotToConsole::Hello(hello(&nonce))).await;
    let answer = line.hear().await.unwrap();
    (line, answer)
}

pub fn hello(key: &SigningKey, nonce: &str, fingerprint: &str, code: Option<String>) -> Hello {
    Hello {
        protocol: PROTOCOL_VERSION,
        software: "test".into(),
        public_key: BASE64.encode(key.verifying_key().as_bytes()),
        signature: BASE64.encode(key.sign(&hello_transcript(nonce, fingerprint)).to_bytes()),
        claim_code: code,
    }
}
