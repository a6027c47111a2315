//! What residents owe.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Store, StoreError};

/// A fee to be entered.
#[derive(Debug, Clone)]
pub struct NewFee<'a> {
    /// Its number.
    pub number: &'a str,
    /// Whose it is.
    pub resident: i64,
    /// What for.
    pub kind: &'a str,
    /// How much.
    pub amount_yen: i64,
    /// The last day to pay it.
    pub due_on: String,
}

/// A fee that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// Its number.
    pub number: String,
    /// What for.
    pub kind: String,
    /// How much.
    pub amount_yen: i64,
    /// The last day to pay it.
    pub due_on: String,
}

impl Store {
    /// Enters a fee.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_fee(&self, new: &NewFee<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO fee (number, resident, kind, amount_yen, due_on) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(new.number)
        .bind(new.resident)
        .bind(new.kind)
        .bind(new.amount_yen)
        .bind(&new.due_on)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// What a resident has yet to pay, by the last day for it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fees_due(&self, resident: i64) -> Result<Vec<Fee>, StoreError> {
        let rows = sqlx::query(
            "SELECT number, kind, amount_yen, due_on FROM fee \
             WHERE resident = ? AND paid = 0 AND waived_because IS NULL ORDER BY due_on, number",
        )
        .bind(resident)
        .fetch_all(&self.pool)
        .await?;
        let fee = |row: &SqliteRow| {
            Ok(Fee {
                number: row.try_get("number")?,
                kind: row.try_get("kind")?,
                amount_yen: row.try_get("amount_yen")?,
                due_on: row.try_get("due_on")?,
            })
        };
        Ok(rows.iter().map(fee).collect::<sqlx::Result<_>>()?)
    }

    /// Waives a fee for good; whether it was due.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn waive(
        &self,
        resident: i64,
        number: &str,
        because: &str,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE fee SET waived_because = ? \
             WHERE number = ? AND resident = ? AND paid = 0 AND waived_because IS NULL",
        )
        .bind(because)
        .bind(number)
        .bind(resident)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}
