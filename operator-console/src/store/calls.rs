//! Hold, and passing a case on.
//!
//! As in [`super::cases`], every change is one transaction with its conditions in the SQL: a
//! passing on is compared with what was read of it, so that of two words about it one counts.

use madoguchi_shared::ids::{CaseId, OperatorId, UnixMs};
use madoguchi_shared::transfer::{Hold, Transfer, TransferEnd};

use super::case_rows::{CaseRecord, load};
use super::{Result, Store, is_unique_violation, to_text};

/// What became of the wish to take a case over from a colleague.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "an answer is taken apart as soon as it is there; none is kept"
)]
pub enum TakingOver {
    /// The operator holds it now.
    Holds(CaseRecord),
    /// The operator holds another case.
    HoldsAnother,
    /// It isn't passed on (any more).
    Gone,
}

impl Store {
    /// Puts the visitor of a case that an operator holds on hold, or takes them up again. `None`
    /// when the operator doesn't hold it.
    pub async fn hold(
        &self,
        case: CaseId,
        operator: OperatorId,
        hold: Option<Hold>,
        now: UnixMs,
    ) -> Result<Option<CaseRecord>> {
        let hold = hold.map(|hold| to_text(&hold, "hold")).transpose()?;
        let mut tx = self.begin().await?;
        let changed = sqlx::query(
            "UPDATE cases SET hold = $1, updated_at = $2 WHERE id = $3 AND operator_id = $4 \
             AND return_packet IS NULL AND state <> 'closed'",
        )
        .bind(hold)
        .bind(now.0)
        .bind(case.to_string())
        .bind(operator.to_string())
        .execute(&mut *tx)
        .await?
        .rows_affected();
        let stored = load(&mut tx, case).await?;
        tx.commit().await?;
        Ok(stored.filter(|_| changed == 1))
    }

    /// Begins to pass a case on. `None` when the operator doesn't hold it.
    pub async fn pass_on(
        &self,
        case: CaseId,
        transfer: &Transfer,
        now: UnixMs,
    ) -> Result<Option<CaseRecord>> {
        let mut tx = self.begin().await?;
        let changed = sqlx::query(
            "UPDATE cases SET transfer = $1, updated_at = $2 WHERE id = $3 AND operator_id = $4 \
             AND return_packet IS NULL AND state <> 'closed'",
        )
        .bind(to_text(transfer, "transfer")?)
        .bind(now.0)
        .bind(case.to_string())
        .bind(transfer.from.id.to_string())
        .execute(&mut *tx)
        .await?
        .rows_affected();
        let stored = load(&mut tx, case).await?;
        tx.commit().await?;
        Ok(stored.filter(|_| changed == 1))
    }

    /// Changes a passing on: ended, the case stays with who holds it; without one, it is as if it
    /// had never been. `None` when it is another one by now.
    pub async fn change_transfer(
        &self,
        case: CaseId,
        transfer: &Transfer,
        becomes: Option<&Transfer>,
        now: UnixMs,
    ) -> Result<Option<CaseRecord>> {
        let becomes = becomes.map(|transfer| to_text(transfer, "transfer"));
        let mut tx = self.begin().await?;
        let changed = sqlx::query(
            "UPDATE cases SET transfer = $1, updated_at = $2 WHERE id = $3 AND transfer = $4 \
             AND state <> 'closed'",
        )
        .bind(becomes.transpose()?)
        .bind(now.0)
        .bind(case.to_string())
        .bind(to_text(transfer, "transfer")?)
        .execute(&mut *tx)
        .await?
        .rows_affected();
        let stored = load(&mut tx, case).await?;
        tx.commit().await?;
        Ok(stored.filter(|_| changed == 1))
    }

    /// Gives a case that is passed on to the colleague who accepts it; until this moment it is
    /// held by who passes it on, and from it on by the colleague.
    pub async fn take_over(
        &self,
        case: CaseId,
        transfer: &Transfer,
        operator: OperatorId,
        now: UnixMs,
    ) -> Result<TakingOver> {
        let mut tx = self.begin().await?;
        let taken = sqlx::query(
            "UPDATE cases SET operator_id = $1, state = 'accepted', owner = 'operator', \
             hold = NULL, transfer = $2, updated_at = $3 WHERE id = $4 AND operator_id = $5 \
             AND transfer = $6 AND return_packet IS NULL AND state NOT IN ('returning', 'closed')",
        )
        .bind(operator.to_string())
        .bind(to_text(
            &transfer.ending(TransferEnd::Accepted),
            "transfer",
        )?)
        .bind(now.0)
        .bind(case.to_string())
        .bind(transfer.from.id.to_string())
        .bind(to_text(transfer, "transfer")?)
        .execute(&mut *tx)
        .await;
        let changed = match taken {
            Err(error) if is_unique_violation(&error) => return Ok(TakingOver::HoldsAnother),
            Err(error) => return Err(error.into()),
            Ok(done) => done.rows_affected(),
        };
        let stored = load(&mut tx, case).await?;
        tx.commit().await?;
        Ok(match stored.filter(|_| changed == 1) {
            Some(stored) => TakingOver::Holds(stored),
            None => TakingOver::Gone,
        })
    }
}
