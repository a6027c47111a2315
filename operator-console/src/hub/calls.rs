//! Hold, and passing a case on to a colleague.

use madoguchi_shared::ids::{CaseId, OperatorId, UnixMs};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::packet::OperatorCard;
use madoguchi_shared::show::{ShowWish, WISH_MAX_BYTES};
use madoguchi_shared::together::{FORM_TEXT_MAX_BYTES, FormWish};
use madoguchi_shared::transfer::{
    Hold, LONGEST_HOLD_MIN, PassOn, Transfer, TransferEnd, TransferTo,
};

use super::pages::NOT_HELD;
use super::{Hub, NOTE_MAX_CHARS, Result, now};
use crate::board::{Call, ConnectionId, Held, NotLeased};
use crate::routing::TRANSFER_MS;
use crate::store::TakingOver;

impl Hub {
    pub(super) async fn hold(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        case: CaseId,
        minutes: Option<u32>,
    ) -> Result<()> {
        let hold = minutes.map(|minutes| Hold {
            since: now(),
            minutes: minutes.clamp(1, LONGEST_HOLD_MIN),
        });
        let _change = self.changes.lock().await;
        if !self.carries(page, case) {
            self.refuse(page, case, "not_yours", NOT_HELD);
            return Ok(());
        }
        if let Some(record) = self.store.hold(case, operator.id, hold, now()).await? {
            self.act(None, |board| board.call_changed(record));
        }
        Ok(())
    }

    pub(super) async fn pass_on(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        wish: PassOn,
    ) -> Result<()> {
        let PassOn {
            case_id,
            to,
            note,
            warm,
        } = wish;
        if note.chars().count() > NOTE_MAX_CHARS {
            let remedy = format!("Write at most {NOTE_MAX_CHARS} characters into the note.");
            self.refuse(page, case_id, "text_length", remedy);
            return Ok(());
        }
        let _change = self.changes.lock().await;
        if !self.carries(page, case_id) {
            self.refuse(page, case_id, "not_yours", NOT_HELD);
            return Ok(());
        }
        let transfer = Transfer {
            colleague: match &to {
                TransferTo::Colleague { operator } => self.lock().board.card_of(*operator),
                TransferTo::Group { .. } => None,
            },
            to,
            from: operator.clone(),
            note,
            until: UnixMs(now().0 + TRANSFER_MS),
            warm,
            talk: None,
            ended: None,
        };
        if !self.lock().board.reaches_somebody(case_id, &transfer) {
            let why = "Nobody of those is on duty and free now; choose somebody else, or keep \
                       the conversation.";
            self.refuse(page, case_id, "nobody_there", why);
            return Ok(());
        }
        let passed = self.store.pass_on(case_id, &transfer, now()).await?;
        if let Some(record) = passed {
            tracing::info!(case = %case_id, from = %operator.id, "case is passed on");
            self.act(None, |board| board.call_changed(record));
        }
        Ok(())
    }

    /// A page shows something on the robot's screen, or takes it away. What may be shown is known
    /// to the robot's pack.
    pub(super) fn show(&self, page: ConnectionId, case_id: CaseId, wish: Option<ShowWish>) {
        if wish
            .as_ref()
            .is_some_and(|wish| wish.text().len() > WISH_MAX_BYTES)
        {
            let remedy = format!("Write an address of at most {WISH_MAX_BYTES} characters.");
            return self.refuse(page, case_id, "text_length", remedy);
        }
        self.to_robot(page, case_id, ConsoleToRobot::Show { case_id, wish });
    }

    /// A page writes in a form on the robot's screen. What it may is decided there.
    pub(super) fn fill_in(&self, page: ConnectionId, case_id: CaseId, wish: FormWish) {
        if wish.len_bytes() > FORM_TEXT_MAX_BYTES {
            let remedy = format!("Write at most {FORM_TEXT_MAX_BYTES} bytes into a field.");
            return self.refuse(page, case_id, "text_length", remedy);
        }
        self.to_robot(page, case_id, ConsoleToRobot::FillIn { case_id, wish });
    }

    /// A page wants to drive the robot of its case, or to go on; or it doesn't any more.
    pub(super) fn drive(&self, page: ConnectionId, case: CaseId, on: bool) {
        let mut refused = None;
        self.act(None, |board| {
            if !on {
                return board.give_lease_back(page, case);
            }
            board
                .lease(page, case, rand::random())
                .unwrap_or_else(|why| {
                    refused = Some(why);
                    Vec::new()
                })
        });
        let (code, remedy) = match refused {
            None => return,
            Some(NotLeased::NotHeld) => ("not_yours", NOT_HELD),
            Some(NotLeased::RobotAway) => (
                "robot_away",
                "The robot isn't connected right now; try again when it is back.",
            ),
            Some(NotLeased::NoDrive) => ("no_drive", "This robot has nothing that moves it."),
        };
        self.refuse(page, case, code, remedy);
    }

    /// The holder keeps the case.
    pub(super) async fn keep_case(&self, page: ConnectionId, case: CaseId) -> Result<()> {
        let _change = self.changes.lock().await;
        if !self.carries(page, case) {
            self.refuse(page, case, "not_yours", NOT_HELD);
            return Ok(());
        }
        match self.transfer(case) {
            Some(transfer) => self.end_transfer(case, &transfer, None).await,
            None => Ok(()),
        }
    }

    /// A case that waits, or is passed on, isn't taken by an operator.
    pub(super) async fn decline(&self, operator: OperatorId, case: CaseId) -> Result<()> {
        let _change = self.changes.lock().await;
        let mut nobody_left = None;
        self.act(None, |board| {
            nobody_left = board.not_taken_over(operator, case);
            Vec::new()
        });
        match nobody_left {
            Some(transfer) => {
                let end = Some(TransferEnd::Declined);
                self.end_transfer(case, &transfer, end).await
            }
            None => Ok(()),
        }
    }

    /// Gives a case that is passed on to who accepts it.
    pub(super) async fn take_over(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        (case, transfer): (CaseId, Transfer),
        call: Call,
    ) -> Result<()> {
        let taken = self.store.take_over(case, &transfer, operator.id, now());
        match taken.await? {
            TakingOver::Holds(record) => {
                tracing::info!(%case, from = %transfer.from.id, operator = %operator.id, "case taken over");
                self.act(None, |board| board.taken_over(record, page, call));
                self.open(page, case).await?;
            }
            TakingOver::HoldsAnother => self.refuse_another(page, case),
            TakingOver::Gone => self.refuse_gone(page, case),
        }
        Ok(())
    }

    pub(super) async fn end_overdue_transfers(&self) -> Result<()> {
        let _change = self.changes.lock().await;
        let overdue = self.lock().board.overdue_transfers();
        for (case, transfer) in overdue {
            let end = Some(TransferEnd::NoOneInTime);
            self.end_transfer(case, &transfer, end).await?;
        }
        Ok(())
    }

    pub(super) async fn end_transfer(
        &self,
        case: CaseId,
        transfer: &Transfer,
        end: Option<TransferEnd>,
    ) -> Result<()> {
        let ended = end.map(|end| transfer.ending(end));
        let kept = self
            .store
            .change_transfer(case, transfer, ended.as_ref(), now())
            .await?;
        if let Some(record) = kept {
            tracing::info!(%case, ?end, "case stays with its operator");
            self.act(None, |board| board.call_changed(record));
        }
        Ok(())
    }

    pub(super) fn transfer(&self, case: CaseId) -> Option<Transfer> {
        self.lock().board.transfer(case)
    }

    pub(super) fn carries(&self, page: ConnectionId, case: CaseId) -> bool {
        self.lock().board.robot_of_held(case, page) != Held::NotHeld
    }
}
