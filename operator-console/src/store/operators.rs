//! Operators' accounts and their sessions.

use madoguchi_shared::ids::{Lang, OperatorId, UnixMs};
use madoguchi_shared::packet::OperatorCard;
use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::{Result, Store, StoreError, from_text, id_column, is_unique_violation, to_text};
use crate::routing::Skills;

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewOperator {
    /// Sign-in name, as [`crate::auth::account_name`] gives it.
    pub account: String,
    /// Name that residents and colleagues see.
    pub name: String,
    /// Languages spoken, the best first.
    pub languages: Vec<Lang>,
    /// What they can do.
    pub skills: Skills,
    /// Argon2id hash in PHC format.
    pub password_hash: String,
}

/// An account as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OperatorRecord {
    /// Sign-in name.
    pub account: String,
    /// Identity, shown name and languages.
    #[serde(flatten)]
    pub card: OperatorCard,
    /// What they can do.
    pub skills: Skills,
    /// When it was made.
    pub created_at: UnixMs,
}

/// What sign-in needs.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Who.
    pub card: OperatorCard,
    /// Argon2id hash in PHC format.
    pub password_hash: String,
}

/// A session that still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorSession {
    /// Who.
    pub card: OperatorCard,
    /// SHA-256 of the token.
    pub token_hash: String,
    /// Public half of the page's key for this session, in base64.
    pub page_key: Option<String>,
    /// When it ends.
    pub expires_at: UnixMs,
}

pub(super) fn skills(row: &AnyRow) -> Result<Skills> {
    let text = row.try_get::<Option<String>, _>("skills")?;
    text.map_or(Ok(Skills::default()), |text| from_text(&text, "skills"))
}

fn card(row: &AnyRow) -> Result<OperatorCard> {
    Ok(OperatorCard {
        id: id_column(row, "id")?,
        name: row.try_get("name")?,
        languages: from_text(&row.try_get::<String, _>("languages")?, "languages")?,
    })
}

impl Store {
    /// Makes an account.
    pub async fn add_operator(&self, new: &NewOperator, now: UnixMs) -> Result<OperatorRecord> {
        let card = OperatorCard {
            id: OperatorId(Uuid::now_v7()),
            name: new.name.clone(),
            languages: new.languages.clone(),
        };
        let inserted = sqlx::query(
            "INSERT INTO operators (id, account, name, languages, password_hash, created_at, \
             skills) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(card.id.to_string())
        .bind(new.account.clone())
        .bind(card.name.clone())
        .bind(to_text(&card.languages, "languages")?)
        .bind(new.password_hash.clone())
        .bind(now.0)
        .bind(to_text(&new.skills, "skills")?)
        .execute(&self.pool)
        .await;
        match inserted {
            Ok(_) => Ok(OperatorRecord {
                account: new.account.clone(),
                card,
                skills: new.skills.clone(),
                created_at: now,
            }),
            Err(error) if is_unique_violation(&error) => Err(StoreError::Exists {
                what: "operator",
                name: new.account.clone(),
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// All accounts by name.
    pub async fn operators(&self) -> Result<Vec<OperatorRecord>> {
        let rows = sqlx::query(
            "SELECT id, account, name, languages, skills, created_at FROM operators \
             ORDER BY account",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(OperatorRecord {
                    account: row.try_get("account")?,
                    card: card(row)?,
                    skills: skills(row)?,
                    created_at: UnixMs(row.try_get("created_at")?),
                })
            })
            .collect()
    }

    /// Removes an account and its sessions. An operator who holds an open case is not removed.
    pub async fn remove_operator(&self, account: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let holds = sqlx::query(
            "SELECT c.id FROM cases c JOIN operators o ON o.id = c.operator_id \
             WHERE o.account = $1 AND c.return_packet IS NULL AND c.state <> 'closed'",
        )
        .bind(account.to_owned())
        .fetch_optional(&mut *tx)
        .await?
        .is_some();
        if holds {
            return Err(StoreError::Busy(account.to_owned()));
        }
        let removed = sqlx::query("DELETE FROM operators WHERE account = $1")
            .bind(account.to_owned())
            .execute(&mut *tx)
            .await?
            .rows_affected();
        tx.commit().await?;
        found(removed, account)
    }

    /// Replaces a password and ends all sessions of the account.
    pub async fn set_password(&self, account: &str, password_hash: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let changed = sqlx::query("UPDATE operators SET password_hash = $1 WHERE account = $2")
            .bind(password_hash.to_owned())
            .bind(account.to_owned())
            .execute(&mut *tx)
            .await?
            .rows_affected();
        sqlx::query(
            "DELETE FROM sessions WHERE operator_id IN \
             (SELECT id FROM operators WHERE account = $1)",
        )
        .bind(account.to_owned())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        found(changed, account)
    }

    /// An account's identity and password hash.
    pub async fn credentials(&self, account: &str) -> Result<Option<Credentials>> {
        let row = sqlx::query(
            "SELECT id, name, languages, password_hash FROM operators WHERE account = $1",
        )
        .bind(account.to_owned())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(Credentials {
                card: card(&row)?,
                password_hash: row.try_get("password_hash")?,
            })
        })
        .transpose()
    }

    /// Keeps a session; expired ones are swept out on the way.
    pub async fn add_session(&self, session: &OperatorSession, now: UnixMs) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO sessions (token_hash, operator_id, expires_at, page_key) \
             VALUES ($1, $2, $3, $4)",
        )
        .bind(session.token_hash.clone())
        .bind(session.card.id.to_string())
        .bind(session.expires_at.0)
        .bind(session.page_key.clone())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The session of a token's hash, unless it is over.
    pub async fn session(&self, token_hash: &str, now: UnixMs) -> Result<Option<OperatorSession>> {
        let row = sqlx::query(
            "SELECT o.id, o.name, o.languages, s.expires_at, s.page_key FROM sessions s \
             JOIN operators o ON o.id = s.operator_id \
             WHERE s.token_hash = $1 AND s.expires_at > $2",
        )
        .bind(token_hash.to_owned())
        .bind(now.0)
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(OperatorSession {
                card: card(&row)?,
                token_hash: token_hash.to_owned(),
                page_key: row.try_get("page_key")?,
                expires_at: UnixMs(row.try_get("expires_at")?),
            })
        })
        .transpose()
    }

    /// Lets a session that would be over before `soon` last until `until`; one that was ended is
    /// not brought back.
    pub async fn extend_session(
        &self,
        token_hash: &str,
        soon: UnixMs,
        until: UnixMs,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE sessions SET expires_at = $1 WHERE token_hash = $2 AND expires_at < $3",
        )
        .bind(until.0)
        .bind(token_hash.to_owned())
        .bind(soon.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn end_session(&self, token_hash: &str) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(token_hash.to_owned())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

pub(super) fn found(rows: u64, account: &str) -> Result<()> {
    if rows == 0 {
        return Err(StoreError::Missing {
            what: "operator",
            name: account.to_owned(),
        });
    }
    Ok(())
}
