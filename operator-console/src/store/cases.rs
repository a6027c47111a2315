//! Cases, their packets and their transcripts.
//!
//! Every change is one transaction whose conditions stand in the SQL itself, so that two console
//! processes on one PostgreSQL can't both win.

use madoguchi_shared::ids::{CaseId, RobotId, UnixMs};
use madoguchi_shared::link::Failure;
use madoguchi_shared::packet::{CaseState, Owner, Packet, Turn};
use sqlx::{Any, Row, Transaction};

use super::case_rows::{CaseRecord, load, record, revision_of, select_case};
use super::holding::returned;
use super::{Result, Store, StoreError, from_text, id_column, to_text, to_word};
use crate::routing::agreed;

/// What became of a packet.
#[derive(Debug)]
pub enum PacketSaved {
    /// It is stored.
    Stored(CaseRecord),
    /// A packet at least as new was there; only state and owner were taken from an equal one.
    Known(CaseRecord),
    /// The case belongs to another robot; nothing was stored.
    Foreign,
}

/// What became of a transcript line.
#[derive(Debug, PartialEq, Eq)]
pub enum TurnSaved {
    /// It is stored.
    Stored,
    /// It was there already, or one before it is missing: the stored revision stands.
    Standing(u32),
    /// This robot has no such case.
    Foreign,
}

/// What became of a robot's word on where a case stands.
#[derive(Debug)]
pub enum ProgressSaved {
    /// The case stands there now.
    Moved(CaseRecord),
    /// A newer word was there, or the case was closed before; nothing changed.
    Standing(CaseRecord),
    /// This robot has no such case.
    Foreign,
}

/// A robot's word on where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Revision of the newest packet before it; absent when the robot doesn't hold the case.
    pub revision: Option<u32>,
    /// Where it stands.
    pub state: CaseState,
    /// Who holds the conversation.
    pub owner: Owner,
    /// What failed.
    pub failure: Option<Failure>,
}

async fn save_turn(tx: &mut Transaction<'_, Any>, case: CaseId, turn: &Turn) -> Result<()> {
    sqlx::query(
        "INSERT INTO turns (case_id, number, body) VALUES ($1, $2, $3) \
         ON CONFLICT (case_id, number) DO UPDATE SET body = excluded.body",
    )
    .bind(case.to_string())
    .bind(i64::from(turn.number))
    .bind(to_text(turn, "turn")?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Locks a robot's own case for this transaction; false when this robot has no such case.
async fn lock(
    tx: &mut Transaction<'_, Any>,
    robot: RobotId,
    case: CaseId,
    now: UnixMs,
) -> Result<bool> {
    let touched = sqlx::query("UPDATE cases SET updated_at = $1 WHERE id = $2 AND robot_id = $3")
        .bind(now.0)
        .bind(case.to_string())
        .bind(robot.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(touched.rows_affected() == 1)
}

/// Takes the robot's word on state and owner, as far as it agrees with what the console knows. The
/// first failure stands, and a closed case moves no more.
async fn move_case(
    tx: &mut Transaction<'_, Any>,
    stored: &mut CaseRecord,
    word: Word,
) -> Result<()> {
    let entry = &mut stored.entry;
    if entry.state == CaseState::Closed {
        return Ok(());
    }
    (entry.state, entry.owner) = agreed(
        Some(entry.state),
        entry.operator.is_some(),
        stored.back.is_some(),
        (word.state, word.owner),
    );
    entry.failure = entry.failure.or(word.failure);
    if entry.owner == Owner::Onsite {
        (entry.operator, entry.hold, entry.transfer) = (None, None, None);
        release_to_staff(tx, entry.case_id).await?;
    }
    sqlx::query("UPDATE cases SET state = $1, owner = $2, failure = $3 WHERE id = $4")
        .bind(entry.state.as_str())
        .bind(to_word(&entry.owner, "owner")?)
        .bind(failure_word(entry.failure)?)
        .bind(entry.case_id.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Staff in the room have the visitor: no operator does.
async fn release_to_staff(tx: &mut Transaction<'_, Any>, case: CaseId) -> Result<()> {
    sqlx::query("UPDATE cases SET operator_id = NULL, hold = NULL, transfer = NULL WHERE id = $1")
        .bind(case.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn failure_word(failure: Option<Failure>) -> Result<Option<String>> {
    failure
        .map(|failure| to_word(&failure, "failure"))
        .transpose()
}

impl Store {
    /// Stores a case's packet when it is newer than what is there. Durable on return.
    pub async fn save_packet(
        &self,
        robot: RobotId,
        packet: &Packet,
        now: UnixMs,
    ) -> Result<PacketSaved> {
        let case = packet.case_id;
        let language = packet
            .resident
            .languages
            .first()
            .or(packet.reason.language.as_ref());
        let mut bare = packet.clone();
        let transcript = std::mem::take(&mut bare.transcript);
        bare.robot_id = Some(robot);

        let (state, owner) = agreed(None, false, false, (packet.state, packet.owner));
        let mut tx = self.begin().await?;
        let new = sqlx::query(
            "INSERT INTO cases (id, robot_id, reason, language, priority, opened_at, state, \
             owner, failure, updated_at, route, visit_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(case.to_string())
        .bind(robot.to_string())
        .bind(to_word(&packet.reason.code, "reason")?)
        .bind(language.map(|tag| tag.as_str().to_owned()))
        .bind(i64::from(packet.route.priority))
        .bind(packet.opened_at.0)
        .bind(state.as_str())
        .bind(to_word(&owner, "owner")?)
        .bind(failure_word(packet.failure)?)
        .bind(now.0)
        .bind(to_text(&packet.route, "route")?)
        .bind(packet.visit_id.to_string())
        .execute(&mut *tx)
        .await?
        .rows_affected()
            == 1;

        if !new {
            if !lock(&mut tx, robot, case, now).await? {
                return Ok(PacketSaved::Foreign);
            }
            let Some(mut stored) = load(&mut tx, case).await? else {
                return Ok(PacketSaved::Foreign);
            };
            if packet.revision >= stored.revision {
                let word = Word {
                    revision: Some(packet.revision),
                    state: packet.state,
                    owner: packet.owner,
                    failure: packet.failure,
                };
                move_case(&mut tx, &mut stored, word).await?;
            }
            if packet.revision <= stored.revision {
                tx.commit().await?;
                return Ok(PacketSaved::Known(stored));
            }
            sqlx::query(
                "UPDATE cases SET reason = $1, language = $2, priority = $3, route = $4, \
                 visit_id = $5 WHERE id = $6",
            )
            .bind(to_word(&packet.reason.code, "reason")?)
            .bind(language.map(|tag| tag.as_str().to_owned()))
            .bind(i64::from(packet.route.priority))
            .bind(to_text(&packet.route, "route")?)
            .bind(packet.visit_id.to_string())
            .bind(case.to_string())
            .execute(&mut *tx)
            .await?;
            sqlx::query("DELETE FROM turns WHERE case_id = $1")
                .bind(case.to_string())
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query(
            "INSERT INTO packets (case_id, revision, body) VALUES ($1, $2, $3) \
             ON CONFLICT (case_id) DO UPDATE SET revision = excluded.revision, \
             body = excluded.body",
        )
        .bind(case.to_string())
        .bind(i64::from(packet.revision))
        .bind(to_text(&bare, "packet")?)
        .execute(&mut *tx)
        .await?;
        for turn in &transcript {
            save_turn(&mut tx, case, turn).await?;
        }
        if let Some(back) = &packet.returned {
            returned(&mut tx, case, back, now).await?;
        }
        let stored = load(&mut tx, case)
            .await?
            .ok_or(StoreError::Unreadable { what: "case" })?;
        tx.commit().await?;
        Ok(PacketSaved::Stored(stored))
    }

    /// Adds the next line to a case's transcript. Durable on return.
    pub async fn add_turn(
        &self,
        robot: RobotId,
        case: CaseId,
        revision: u32,
        turn: &Turn,
        now: UnixMs,
    ) -> Result<TurnSaved> {
        let mut tx = self.begin().await?;
        if !lock(&mut tx, robot, case, now).await? {
            return Ok(TurnSaved::Foreign);
        }
        let next =
            sqlx::query("UPDATE packets SET revision = $1 WHERE case_id = $2 AND revision = $3")
                .bind(i64::from(revision))
                .bind(case.to_string())
                .bind(i64::from(revision) - 1)
                .execute(&mut *tx)
                .await?
                .rows_affected();
        if next == 0 {
            let row = sqlx::query("SELECT revision FROM packets WHERE case_id = $1")
                .bind(case.to_string())
                .fetch_one(&mut *tx)
                .await?;
            return Ok(TurnSaved::Standing(revision_of(&row)?));
        }
        save_turn(&mut tx, case, turn).await?;
        tx.commit().await?;
        Ok(TurnSaved::Stored)
    }

    /// Moves a case as its robot reports. Durable on return.
    pub async fn progress(
        &self,
        robot: RobotId,
        case: CaseId,
        word: Word,
        now: UnixMs,
    ) -> Result<ProgressSaved> {
        let mut tx = self.begin().await?;
        if !lock(&mut tx, robot, case, now).await? {
            return Ok(ProgressSaved::Foreign);
        }
        let Some(mut stored) = load(&mut tx, case).await? else {
            return Ok(ProgressSaved::Foreign);
        };
        let old = word.revision.is_some_and(|said| said < stored.revision);
        if old || stored.entry.state == CaseState::Closed {
            tx.rollback().await?;
            return Ok(ProgressSaved::Standing(stored));
        }
        move_case(&mut tx, &mut stored, word).await?;
        tx.commit().await?;
        Ok(ProgressSaved::Moved(stored))
    }

    /// A case's whole packet, with the state and owner that are known now.
    pub async fn packet(&self, case: CaseId) -> Result<Option<Packet>> {
        let mut tx = self.begin().await?;
        let Some(stored) = load(&mut tx, case).await? else {
            return Ok(None);
        };
        let body: String = sqlx::query("SELECT body FROM packets WHERE case_id = $1")
            .bind(case.to_string())
            .fetch_one(&mut *tx)
            .await?
            .try_get("body")?;
        let turns = sqlx::query("SELECT body FROM turns WHERE case_id = $1 ORDER BY number")
            .bind(case.to_string())
            .fetch_all(&mut *tx)
            .await?;
        tx.commit().await?;
        let mut packet: Packet = from_text(&body, "packet")?;
        packet.revision = stored.revision;
        packet.state = stored.entry.state;
        packet.owner = stored.entry.owner;
        packet.failure = stored.entry.failure;
        packet.transcript = turns
            .iter()
            .map(|row| from_text(&row.try_get::<String, _>("body")?, "turn"))
            .collect::<Result<_>>()?;
        Ok(Some(packet))
    }

    /// All cases that aren't closed, the oldest first.
    pub async fn open_cases(&self) -> Result<Vec<CaseRecord>> {
        let rows = sqlx::query(select_case!(
            "WHERE c.state <> 'closed' ORDER BY c.opened_at, c.id"
        ))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(record).collect()
    }

    /// Erases every case, and every task that is done, that didn't change since `before`, and names
    /// the cases. What an earlier call
    /// had to leave in the log goes, too.
    pub async fn erase_cases(&self, before: UnixMs) -> Result<Vec<CaseId>> {
        let rows = sqlx::query("DELETE FROM cases WHERE updated_at < $1 RETURNING id")
            .bind(before.0)
            .fetch_all(&self.pool)
            .await?;
        self.erase_tasks(before).await?;
        self.empty_log().await;
        rows.iter().map(|row| id_column(row, "id")).collect()
    }
}
