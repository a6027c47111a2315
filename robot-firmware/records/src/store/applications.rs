//! Applications and the steps they went through.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Store, StoreError};

/// An application to be entered.
#[derive(Debug, Clone)]
pub struct NewApplication<'a> {
    /// Its number.
    pub number: &'a str,
    /// Whose it is.
    pub resident: i64,
    /// What for.
    pub kind: &'a str,
    /// The day it can be collected, once it is known.
    pub ready_on: Option<String>,
    /// Papers that are missing, separated by commas.
    pub missing: &'a str,
    /// Day and status, the oldest first.
    pub steps: Vec<(String, &'a str)>,
}

/// An application as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its number.
    pub number: String,
    /// What for.
    pub kind: String,
    /// The day it can be collected, once it is known.
    pub ready_on: Option<String>,
    /// Papers that are missing.
    pub missing: Vec<String>,
    /// Day and status, the oldest first.
    pub steps: Vec<(String, String)>,
}

impl Store {
    /// Enters an application.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_application(&self, new: &NewApplication<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO application (number, resident, kind, ready_on, missing) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(new.number)
        .bind(new.resident)
        .bind(new.kind)
        .bind(&new.ready_on)
        .bind(new.missing)
        .execute(&self.pool)
        .await?;
        for (day, status) in &new.steps {
            sqlx::query("INSERT INTO application_step (application, day, status) VALUES (?, ?, ?)")
                .bind(new.number)
                .bind(day)
                .bind(*status)
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }

    /// All applications of a resident, by number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn applications(&self, resident: i64) -> Result<Vec<Application>, StoreError> {
        let rows = sqlx::query("SELECT * FROM application WHERE resident = ? ORDER BY number")
            .bind(resident)
            .fetch_all(&self.pool)
            .await?;
        let mut applications = Vec::with_capacity(rows.len());
        for row in rows {
            applications.push(self.application(&row).await?);
        }
        Ok(applications)
    }

    async fn application(&self, row: &SqliteRow) -> Result<Application, StoreError> {
        let number: String = row.try_get("number")?;
        let steps = sqlx::query(
            "SELECT day, status FROM application_step WHERE application = ? ORDER BY day, rowid",
        )
        .bind(&number)
        .fetch_all(&self.pool)
        .await?;
        let step = |row: &SqliteRow| Ok((row.try_get("day")?, row.try_get("status")?));
        let missing: String = row.try_get("missing")?;
        Ok(Application {
            number,
            kind: row.try_get("kind")?,
            ready_on: row.try_get("ready_on")?,
            missing: missing
                .split(',')
                .filter(|paper| !paper.is_empty())
                .map(str::to_owned)
                .collect(),
            steps: steps.iter().map(step).collect::<sqlx::Result<_>>()?,
        })
    }
}
