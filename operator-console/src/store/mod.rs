//! What outlives a restart: operators, sessions, robots, claim codes, cases.
//!
//! One SQL text serves SQLite (the default) and PostgreSQL, by sqlx's `Any` driver. Nothing
//! outside this module knows SQL, and every answer is already a wire or domain type.

mod calls;
mod case_rows;
mod cases;
mod holding;
mod operators;
mod robots;
mod staff;
mod stills;
mod tasks;

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::{AnyPoolOptions, AnyRow};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, AnyPool, Row, SqlSafeStr, Transaction};

pub use calls::TakingOver;
pub use case_rows::CaseRecord;
pub use cases::{PacketSaved, ProgressSaved, TurnSaved, Word};
pub use holding::Accepting;
pub use operators::{Credentials, NewOperator, OperatorRecord, OperatorSession};
pub use robots::{ClaimOffer, RobotRecord};
pub use staff::{NEVER, Staff};

/// Where the console keeps its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file, made when absent.
    Sqlite(PathBuf),
    /// A PostgreSQL URL (`postgres://user:password@host/database`).
    Postgres(String),
}

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file can't be made or its rights can't be set.
    #[error(
        "the database file {path} can't be opened; check that its folder exists and is writable"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file holds something else, or what it holds is damaged.
    #[error(
        "the database file {path} is damaged or none of SQLite's ({reason}); put a backup in its \
         place, or move it away to begin with an empty one"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The database can't be reached or refuses.
    #[error("the database refused; check `database` in the configuration")]
    Database(#[from] sqlx::Error),
    /// The database's layout can't be brought up to date.
    #[error("the database can't be brought to this version's layout; restore it or start anew")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value doesn't read as what this version writes.
    #[error("the database holds an unreadable {what}; it was written by another version")]
    Unreadable {
        /// Which value.
        what: &'static str,
    },
    /// An account of that name exists already, or a value that must be unique is taken.
    #[error("{what} `{name}` exists already; choose another name")]
    Exists {
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Nothing has that name.
    #[error("there is no {what} `{name}`; `list` shows what there is")]
    Missing {
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// An operator who holds an open case can't be removed.
    #[error("operator `{0}` holds an open case; end it first")]
    Busy(String),
}

/// The layout of the database, step by step. What has been released stays as it was.
///
/// Written out, because sqlx's macro for it makes every build compile sqlx twice.
fn migrations() -> Migrator {
    let step = |version, description: &'static str, sql: &'static str| {
        Migration::new(
            version,
            description.into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(vec![
        step(
            1,
            "foundation",
            include_str!("../../migrations/0001_foundation.sql"),
        ),
        step(
            2,
            "robot connection",
            include_str!("../../migrations/0002_robot_connection.sql"),
        ),
        step(
            3,
            "routing",
            include_str!("../../migrations/0003_routing.sql"),
        ),
        step(4, "tasks", include_str!("../../migrations/0004_tasks.sql")),
        step(5, "calls", include_str!("../../migrations/0005_calls.sql")),
        step(6, "keys", include_str!("../../migrations/0006_keys.sql")),
        step(
            8,
            "stills",
            include_str!("../../migrations/0008_stills.sql"),
        ),
    ])
}

type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: AnyPool,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

impl Store {
    /// Opens the database and brings its layout up to date.
    ///
    /// A SQLite file is made with mode 0600, write-ahead log, full synchronisation, foreign keys
    /// and `secure_delete`, so that what is erased is overwritten; [`Store::erase_cases`] and
    /// [`Store::remove_robot`] empty the log, which held it too.
    pub async fn open(database: &Database) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let store = match database {
            Database::Sqlite(path) => Self::open_sqlite(path).await?,
            Database::Postgres(url) => {
                let pool = AnyPoolOptions::new()
                    .max_connections(8)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect(url)
                    .await?;
                Self {
                    pool,
                    kind: Kind::Postgres,
                }
            }
        };
        migrations().run(&store.pool).await?;
        Ok(store)
    }

    async fn open_sqlite(path: &std::path::Path) -> Result<Self> {
        create_private(path).map_err(|source| StoreError::File {
            path: path.to_owned(),
            source,
        })?;
        let damaged = |reason: String| StoreError::Damaged {
            path: path.to_owned(),
            reason,
        };
        if !has_sqlite_header(path).map_err(|error| damaged(error.to_string()))? {
            return Err(damaged("its beginning is another".to_owned()));
        }
        let encoded = path
            .to_string_lossy()
            .replace('%', "%25")
            .replace('?', "%3F")
            .replace('#', "%23");
        // SQLite has one writer: with one connection, writers queue fairly instead of polling the
        // lock, and a transaction never has to be repeated.
        let pool = AnyPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(
                        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
                         PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                         PRAGMA secure_delete = ON;",
                    )
                    .execute(connection)
                    .await
                    .map(|_| ())
                })
            })
            .connect(&format!("sqlite:{encoded}?mode=rw"))
            .await?;
        let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&pool)
            .await
            .unwrap_or_else(|error| error.to_string());
        if found != "ok" {
            return Err(damaged(found.lines().collect::<Vec<_>>().join(" ")));
        }
        Ok(Self {
            pool,
            kind: Kind::Sqlite,
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes all connections; a SQLite write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn begin(&self) -> Result<Transaction<'static, Any>> {
        let begin = match self.kind {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN",
        };
        Ok(self.pool.begin_with(begin).await?)
    }

    /// Folds SQLite's write-ahead log into the file and empties it: its old pages still hold what
    /// the file no longer does.
    async fn empty_log(&self) {
        if self.kind == Kind::Postgres {
            return;
        }
        let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&self.pool)
            .await
            .and_then(|row| row.try_get::<i64, _>("busy"));
        let until = "the database's log keeps what was erased until the next time";
        match emptied {
            Ok(0) => {}
            Ok(_) => tracing::warn!("another program reads the database: {until}"),
            Err(error) => tracing::error!(%error, "{until}"),
        }
    }
}

/// An empty file becomes a database.
fn has_sqlite_header(path: &std::path::Path) -> std::io::Result<bool> {
    use std::io::Read;
    let mut head = Vec::new();
    std::fs::File::open(path)?.take(16).read_to_end(&mut head)?;
    Ok(head.is_empty() || head == b"SQLite format 3\0")
}

fn create_private(path: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map(|_| ())
}

/// A value as its JSON text.
fn to_text<T: Serialize>(value: &T, what: &'static str) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Unreadable { what })
}

fn from_text<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable { what })
}

/// A unit variant as the bare word that the wire uses for it.
fn to_word<T: Serialize>(value: &T, what: &'static str) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Unreadable { what }),
    }
}

fn from_word<T: DeserializeOwned>(word: String, what: &'static str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(word))
        .map_err(|_| StoreError::Unreadable { what })
}

fn id_column<T: std::str::FromStr>(row: &AnyRow, column: &'static str) -> Result<T> {
    row.try_get::<String, _>(column)?
        .parse()
        .map_err(|_| StoreError::Unreadable { what: column })
}

fn is_unique_violation(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|cause| cause.is_unique_violation())
}
