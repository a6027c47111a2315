//! What the office keeps, in one SQLite file. Nothing outside this module knows SQL.

mod applications;
mod appointments;
mod fees;
mod queue;
mod residents;

use std::path::{Path, PathBuf};

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

pub use applications::{Application, NewApplication};
pub use fees::{Fee, NewFee};
pub use residents::{NewResident, Verified};

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file can't be opened or is no database of this program's.
    #[error("the database {} can't be opened; name a file in a folder that can be written", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// The database refuses.
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
}

/// The store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Opens a file, made when absent.
    ///
    /// # Errors
    /// [`StoreError::Open`].
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Open {
            path: path.to_owned(),
            source,
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .map_err(failed)?;
        sqlx::raw_sql(include_str!("../schema.sql"))
            .execute(&pool)
            .await
            .map_err(failed)?;
        Ok(Self { pool })
    }
}

#[cfg(test)]
pub(crate) async fn scratch() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("records.db")).await.unwrap();
    (dir, store)
}
