//! What operators can do, and whether they are there.

use madoguchi_shared::ids::{OperatorId, UnixMs};
use sqlx::Row;

use super::operators::{found, skills};
use super::{OperatorRecord, Result, Store, StoreError, to_text};
use crate::routing::Skills;

/// Off duty until the operator says otherwise.
pub const NEVER: UnixMs = UnixMs(i64::MAX);

/// What routing must know of an operator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staff {
    /// What they can do.
    pub skills: Skills,
    /// Until when they are off duty; absent when they aren't.
    pub away_until: Option<UnixMs>,
}

impl Store {
    /// An account as it is listed.
    pub async fn operator(&self, account: &str) -> Result<OperatorRecord> {
        let all = self.operators().await?;
        let found = all.into_iter().find(|operator| operator.account == account);
        found.ok_or_else(|| StoreError::Missing {
            what: "operator",
            name: account.to_owned(),
        })
    }

    /// Replaces an account's shown name, languages and skills. A console that runs takes them over
    /// at its pages' next ping.
    pub async fn change_operator(&self, changed: &OperatorRecord) -> Result<()> {
        let rows = sqlx::query(
            "UPDATE operators SET name = $1, languages = $2, skills = $3 WHERE account = $4",
        )
        .bind(changed.card.name.clone())
        .bind(to_text(&changed.card.languages, "languages")?)
        .bind(to_text(&changed.skills, "skills")?)
        .bind(changed.account.clone())
        .execute(&self.pool)
        .await?
        .rows_affected();
        found(rows, &changed.account)
    }

    /// What routing must know of an operator; nothing of one who was removed.
    pub async fn staff(&self, operator: OperatorId) -> Result<Staff> {
        let row = sqlx::query("SELECT skills, away_until FROM operators WHERE id = $1")
            .bind(operator.to_string())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else {
            return Ok(Staff::default());
        };
        Ok(Staff {
            skills: skills(&row)?,
            away_until: row.try_get::<Option<i64>, _>("away_until")?.map(UnixMs),
        })
    }

    /// Until when an operator is off duty; absent when they aren't.
    pub async fn set_away(&self, operator: OperatorId, until: Option<UnixMs>) -> Result<()> {
        sqlx::query("UPDATE operators SET away_until = $1 WHERE id = $2")
            .bind(until.map(|until| until.0))
            .bind(operator.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
