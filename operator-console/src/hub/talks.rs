//! Two operators who talk before one takes a visitor over from the other.

use madoguchi_shared::ids::{CaseId, OperatorId, UnixMs};
use madoguchi_shared::packet::OperatorCard;
use madoguchi_shared::transfer::{
    TALK_MAX_CHARS, TALK_MAX_LINES, Talk, TalkLine, Transfer, TransferEnd,
};

use super::{Hub, Result, now};
use crate::board::ConnectionId;
use crate::routing::TALK_MS;

impl Hub {
    /// An operator comes to talk to the colleague who passes a case on.
    pub(super) async fn join(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        case: CaseId,
    ) -> Result<()> {
        let _change = self.changes.lock().await;
        let asked = self.lock().board.passed_on_to(operator.id, case);
        let Some(transfer) = asked.filter(|transfer| transfer.warm) else {
            self.refuse_gone(page, case);
            return Ok(());
        };
        if transfer.talk.is_some() {
            return self.open(page, case).await;
        }
        let occupied = self.talks_elsewhere(operator.id, case);
        if occupied || self.lock().board.holds(operator.id) {
            self.refuse_another(page, case);
            return Ok(());
        }
        let talks = Transfer {
            until: UnixMs(now().0 + TALK_MS),
            talk: Some(Talk {
                with: operator.clone(),
                lines: Vec::new(),
            }),
            ..transfer.clone()
        };
        if self.change_talk(case, &transfer, &talks).await? {
            tracing::info!(%case, from = %transfer.from.id, operator = %operator.id, "two operators talk before one takes over");
            self.open(page, case).await
        } else {
            self.refuse_gone(page, case);
            Ok(())
        }
    }

    /// One of the two writes a line to the other.
    pub(super) async fn tell(
        &self,
        page: ConnectionId,
        operator: OperatorId,
        case: CaseId,
        text: &str,
    ) -> Result<()> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > TALK_MAX_CHARS {
            let remedy = format!("Write 1 to {TALK_MAX_CHARS} characters at once.");
            self.refuse(page, case, "text_length", remedy);
            return Ok(());
        }
        let _change = self.changes.lock().await;
        let transfer = self.transfer(case);
        let Some((transfer, mut talk)) =
            transfer.and_then(|transfer| Some((transfer.clone(), transfer.talk?)))
        else {
            self.refuse_gone(page, case);
            return Ok(());
        };
        if talk.with.id != operator && !self.carries(page, case) {
            self.refuse_gone(page, case);
            return Ok(());
        }
        talk.lines.push(TalkLine {
            by: operator,
            text: text.to_owned(),
            at: now(),
        });
        let overflow = talk.lines.len().saturating_sub(TALK_MAX_LINES);
        talk.lines.drain(..overflow);
        let told = Transfer {
            talk: Some(talk),
            ..transfer.clone()
        };
        if !self.change_talk(case, &transfer, &told).await? {
            self.refuse_gone(page, case);
        }
        Ok(())
    }

    /// An operator who has signed out takes nothing over.
    pub(super) async fn leave_talk(&self, operator: OperatorId) -> Result<()> {
        let talk = self.lock().board.talk_of(operator);
        match talk {
            Some((case, transfer)) => {
                let end = Some(TransferEnd::Declined);
                self.end_transfer(case, &transfer, end).await
            }
            None => Ok(()),
        }
    }

    /// Whether an operator talks about another case than this one.
    pub(super) fn talks_elsewhere(&self, operator: OperatorId, case: CaseId) -> bool {
        let talk = self.lock().board.talk_of(operator);
        talk.is_some_and(|(id, _)| id != case)
    }

    async fn change_talk(&self, case: CaseId, from: &Transfer, to: &Transfer) -> Result<bool> {
        let changed = self
            .store
            .change_transfer(case, from, Some(to), now())
            .await?;
        let done = changed.is_some();
        if let Some(record) = changed {
            self.act(None, |board| board.call_changed(record));
        }
        Ok(done)
    }

    pub(super) fn refuse_gone(&self, page: ConnectionId, case: CaseId) {
        let why = "Your colleague keeps this conversation, or somebody else has taken it over.";
        self.refuse(page, case, "gone", why);
    }
}
