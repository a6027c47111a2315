//! An operator's page.

use std::net::SocketAddr;

use madoguchi_shared::ids::CaseId;
use madoguchi_shared::operator::{CaseEntry, ConsoleToOperator, OperatorToConsole};
use madoguchi_shared::packet::{CaseState, Packet};
use madoguchi_shared::signal::Signal;

use super::{Line, back};

pub struct Desk {
    pub line: Line,
    pub snapshot: ConsoleToOperator,
}

impl Desk {
    pub async fn connect(addr: SocketAddr, cookie: &str) -> Self {
        let origin = format!("http://{addr}");
        let headers = [("cookie", cookie), ("origin", origin.as_str())];
        let mut line = Line::dial(addr, "/api/live", &headers).await.unwrap();
        let snapshot = line.hear().await.unwrap();
        Self { line, snapshot }
    }

    pub async fn say(&mut self, message: OperatorToConsole) {
        self.line.say(&message).await;
    }

    pub async fn hear(&mut self) -> ConsoleToOperator {
        self.line.hear().await.expect("the console hung up")
    }

    pub async fn until<T>(&mut self, mut wanted: impl FnMut(ConsoleToOperator) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.hear().await) {
                return found;
            }
        }
    }

    /// The next change of this case that the queue is told of.
    pub async fn change(&mut self, id: CaseId) -> CaseEntry {
        self.until(|message| match message {
            ConsoleToOperator::Case { case } if case.case_id == id => Some(case),
            _ => None,
        })
        .await
    }

    /// Waits until the queue shows the case in this state.
    pub async fn sees(&mut self, id: CaseId, state: CaseState) -> CaseEntry {
        loop {
            let case = self.change(id).await;
            if case.state == state {
                return case;
            }
        }
    }

    /// Waits until a robot is no longer connected.
    pub async fn sees_a_robot_leave(&mut self) {
        self.until(|message| match message {
            ConsoleToOperator::Robot { robot } if !robot.online => Some(()),
            _ => None,
        })
        .await;
    }

    pub async fn open(&mut self, case_id: CaseId) {
        self.say(OperatorToConsole::Open { case_id }).await;
    }

    /// The next whole packet of an opened case.
    pub async fn packet(&mut self) -> Packet {
        self.until(|message| match message {
            ConsoleToOperator::Packet { packet } => Some(*packet),
            _ => None,
        })
        .await
    }

    /// The case that this operator holds and the call that carries it, as the snapshot tells.
    pub fn holding(&self) -> Option<(CaseId, Option<u32>)> {
        match &self.snapshot {
            ConsoleToOperator::Snapshot { holding, call, .. } => holding.map(|id| (id, *call)),
            other => panic!("no snapshot first: {other:?}"),
        }
    }

    /// Accepts with the page's first call; the error's code when it was refused.
    pub async fn accept(&mut self, case_id: CaseId) -> Result<(), String> {
        self.carry(case_id, 1).await
    }

    /// Accepts, or takes the case up again, with a call of this number.
    pub async fn carry(&mut self, case_id: CaseId, call: u32) -> Result<(), String> {
        self.say(accept(case_id, call)).await;
        self.until(|message| match message {
            ConsoleToOperator::Accepted { case_id: id, .. } if id == case_id => Some(Ok(())),
            ConsoleToOperator::Error { error, .. } => Some(Err(error.code)),
            _ => None,
        })
        .await
    }

    pub async fn signal(&mut self, case_id: CaseId, signal: Signal) {
        self.say(OperatorToConsole::Signal { case_id, signal })
            .await;
    }

    /// Types English words for the resident.
    pub async fn types(&mut self, case_id: CaseId, message: u32, text: &str) {
        let language = "en".parse().unwrap();
        self.say(OperatorToConsole::Say {
            case_id,
            message,
            text: text.into(),
            language,
        })
        .await;
    }

    /// Puts the visitor on hold, or takes them up again.
    pub async fn hold(&mut self, case_id: CaseId, minutes: Option<u32>) {
        self.say(OperatorToConsole::Hold { case_id, minutes }).await;
    }

    pub async fn end(&mut self, case_id: CaseId) {
        let back = back();
        self.say(OperatorToConsole::End { case_id, back }).await;
    }

    pub async fn error(&mut self) -> String {
        self.until(|message| match message {
            ConsoleToOperator::Error { error, .. } => Some(error.code),
            _ => None,
        })
        .await
    }
}

/// A page's wish to carry a case with a call of this number.
pub fn accept(case_id: CaseId, call: u32) -> OperatorToConsole {
    OperatorToConsole::Accept {
        case_id,
        call,
        nonce: format!("nonce of {call}"),
    }
}
