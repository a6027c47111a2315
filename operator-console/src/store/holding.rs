//! Who holds a case: taking it, giving it back, ending it.
//!
//! As in [`super::cases`], every change is one transaction with its conditions in the SQL.

use madoguchi_shared::ids::{CaseId, Lang, OperatorId, TaskId, UnixMs};
use madoguchi_shared::operator::{CaseEntry, TaskEntry};
use madoguchi_shared::packet::{
    CaseState, OperatorCard, Owner, Packet, Promise, ReturnPacket, SummaryLine, SummaryPart, Task,
    TaskKind,
};
use sqlx::{Any, Row, Transaction};

use super::case_rows::{CaseRecord, load, record, select_case};
use super::tasks::insert;
use super::{Result, Store, from_text, id_column, is_unique_violation, to_text};

/// What became of the wish to take a case.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "an answer is taken apart as soon as it is there; none is kept"
)]
pub enum Accepting {
    /// The operator holds it, now or since before.
    Holds(CaseRecord),
    /// A colleague was first.
    HeldBy(OperatorCard),
    /// Staff in the room have the visitor.
    Onsite,
    /// The operator holds another case.
    HoldsAnother,
    /// It has ended, or never was.
    Gone,
}

/// Makes a task of what an operator promised at the end of a case; a case has one at most.
async fn promised(
    tx: &mut Transaction<'_, Any>,
    case: CaseId,
    promise: &Promise,
    note: &str,
    now: UnixMs,
) -> Result<()> {
    let Some(stored) = load(tx, case).await? else {
        return Ok(());
    };
    let body: String = sqlx::query("SELECT body FROM packets WHERE case_id = $1")
        .bind(case.to_string())
        .fetch_one(&mut **tx)
        .await?
        .try_get("body")?;
    let packet: Packet = from_text(&body, "packet")?;
    let mut summary = packet.summary;
    summary.retain(|line| line.about != SummaryPart::Needed);
    summary.push(SummaryLine {
        about: SummaryPart::Needed,
        text: note.to_owned(),
        turns: Vec::new(),
    });
    let task_id = TaskId(case.0);
    let language = packet.resident.languages.first().cloned();
    let task = Task {
        task_id,
        case_id: case,
        visit_id: packet.visit_id,
        kind: TaskKind::FollowUp,
        reference: task_id.reference(),
        contact: promise.contact.clone(),
        language: language
            .or_else(|| stored.entry.language.clone())
            .unwrap_or_else(Lang::undetermined),
        reason: stored.entry.reason,
        summary,
        promised_at: now,
    };
    insert(&mut **tx, stored.entry.robot_id, &task, promise.due_at, now).await
}

/// Keeps what staff in the room gave back with a case, once: nobody else has ended it.
pub(super) async fn returned(
    tx: &mut Transaction<'_, Any>,
    case: CaseId,
    back: &ReturnPacket,
    now: UnixMs,
) -> Result<()> {
    let back = back.clone().bounded();
    let first = sqlx::query(
        "UPDATE cases SET return_packet = $1 WHERE id = $2 AND return_packet IS NULL \
         AND state = 'closed'",
    )
    .bind(to_text(&back, "return packet")?)
    .bind(case.to_string())
    .execute(&mut **tx)
    .await?
    .rows_affected()
        == 1;
    match &back.promise {
        Some(promise) if first => promised(tx, case, promise, &back.note, now).await,
        _ => Ok(()),
    }
}

impl Store {
    /// Gives a case to an operator, unless somebody holds it or it has ended.
    pub async fn accept(
        &self,
        case: CaseId,
        operator: OperatorId,
        now: UnixMs,
    ) -> Result<Accepting> {
        let mut tx = self.begin().await?;
        let taken = sqlx::query(
            "UPDATE cases SET operator_id = $1, state = 'accepted', owner = 'operator', \
             hold = NULL, transfer = NULL, updated_at = $2 WHERE id = $3 AND operator_id IS NULL AND return_packet IS NULL \
             AND owner <> 'onsite' AND state NOT IN ('returning', 'closed')",
        )
        .bind(operator.to_string())
        .bind(now.0)
        .bind(case.to_string())
        .execute(&mut *tx)
        .await;
        match taken {
            Err(error) if is_unique_violation(&error) => return Ok(Accepting::HoldsAnother),
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
        let Some(stored) = load(&mut tx, case).await? else {
            return Ok(Accepting::Gone);
        };
        tx.commit().await?;
        if stored.back.is_some()
            || matches!(stored.entry.state, CaseState::Returning | CaseState::Closed)
        {
            return Ok(Accepting::Gone);
        }
        Ok(match &stored.entry.operator {
            Some(holder) if holder.id == operator => Accepting::Holds(stored),
            Some(holder) => Accepting::HeldBy(holder.clone()),
            None if stored.entry.owner == Owner::Onsite => Accepting::Onsite,
            None => Accepting::Gone,
        })
    }

    /// Ends a case by the word of the operator who holds it, or tells how it ended whose visitor
    /// ended it. The first word stands, with what it promised; saying it again gives the same
    /// answer. `None` when the operator doesn't hold it and didn't at its end.
    pub async fn end(
        &self,
        case: CaseId,
        operator: OperatorId,
        back: &ReturnPacket,
        now: UnixMs,
    ) -> Result<Option<CaseRecord>> {
        let mut tx = self.begin().await?;
        let ended = sqlx::query(
            "UPDATE cases SET return_packet = $1, updated_at = $2, \
             owner = 'agent', state = CASE state WHEN 'closed' THEN state ELSE 'returning' END \
             WHERE id = $3 AND operator_id = $4 AND return_packet IS NULL",
        )
        .bind(to_text(back, "return packet")?)
        .bind(now.0)
        .bind(case.to_string())
        .bind(operator.to_string())
        .execute(&mut *tx)
        .await?
        .rows_affected()
            == 1;
        if let Some(promise) = back.promise.as_ref().filter(|_| ended) {
            promised(&mut tx, case, promise, &back.note, now).await?;
        }
        let stored = load(&mut tx, case).await?;
        tx.commit().await?;
        Ok(stored.filter(|stored| {
            stored.back.is_some()
                && stored
                    .entry
                    .operator
                    .as_ref()
                    .is_some_and(|holder| holder.id == operator)
        }))
    }

    /// What was promised at the end of a case.
    pub async fn promised_in(&self, case: CaseId) -> Result<Option<TaskEntry>> {
        self.task(TaskId(case.0)).await
    }

    /// Takes the case that an operator holds back into the queue. `None` when they hold none.
    pub async fn release(&self, operator: OperatorId, now: UnixMs) -> Result<Option<CaseRecord>> {
        let mut tx = self.begin().await?;
        let row = sqlx::query(
            "UPDATE cases SET operator_id = NULL, state = 'offered', owner = 'waiting', \
             hold = NULL, transfer = NULL, updated_at = $1 WHERE operator_id = $2 AND return_packet IS NULL \
             AND state <> 'closed' RETURNING id",
        )
        .bind(now.0)
        .bind(operator.to_string())
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let released = load(&mut tx, id_column(&row, "id")?).await?;
        tx.commit().await?;
        Ok(released)
    }

    /// The case that ended last of those that an operator held.
    pub async fn ended_last(&self, operator: OperatorId) -> Result<Option<CaseEntry>> {
        let row = sqlx::query(select_case!(
            "WHERE c.operator_id = $1 AND c.state = 'closed' ORDER BY c.updated_at DESC LIMIT 1"
        ))
        .bind(operator.to_string())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref()
            .map(|row| record(row).map(|case| case.entry))
            .transpose()
    }
}
