//! Residents, and how they show who they are.

use sqlx::Row;
use time::{Date, Duration, OffsetDateTime};

use super::{Store, StoreError};
use crate::calendar::iso;

/// Wrong answers to a letter code before it is locked.
const TRIES: i64 = 3;
/// How long it stays locked.
const LOCKED: Duration = Duration::hours(24);
/// How long a verification holds.
const HOLDS: Duration = Duration::minutes(15);

/// A resident to be entered.
#[derive(Debug, Clone)]
pub struct NewResident<'a> {
    /// Number at the office.
    pub id: i64,
    /// Name as it is written.
    pub name: &'a str,
    /// Birthday.
    pub born: Date,
    /// Eight digits from the office's letter.
    pub letter_code: &'a str,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Letter and birthday belong together.
    Yes {
        /// Shows it to the other tools, for a quarter of an hour.
        token: String,
        /// The resident's name.
        name: String,
    },
    /// They don't.
    No {
        /// Tries that are left for this letter code.
        tries_left: u32,
    },
}

impl Store {
    /// Enters a resident.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_resident(&self, resident: &NewResident<'_>) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO resident (id, name, born, letter_code) VALUES (?, ?, ?, ?)")
            .bind(resident.id)
            .bind(resident.name)
            .bind(iso(resident.born))
            .bind(resident.letter_code)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whether there is nobody.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let found = sqlx::query("SELECT 1 FROM resident LIMIT 1");
        Ok(found.fetch_optional(&self.pool).await?.is_none())
    }

    /// Checks a letter code and a birthday. A code that doesn't exist is treated like a wrong
    /// birthday: nobody learns which codes there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn verify(
        &self,
        letter_code: &str,
        born: Date,
        now: OffsetDateTime,
    ) -> Result<Verified, StoreError> {
        let now = now.unix_timestamp();
        // A write first: two processes must not both read the count before either adds to it.
        let mut work = self.pool.begin().await?;
        sqlx::query("DELETE FROM failed_try WHERE at <= ?")
            .bind(now - LOCKED.whole_seconds())
            .execute(&mut *work)
            .await?;
        let failed: i64 = sqlx::query("SELECT COUNT(*) FROM failed_try WHERE letter_code = ?")
            .bind(letter_code)
            .fetch_one(&mut *work)
            .await?
            .try_get(0)?;
        let found = sqlx::query("SELECT id, name FROM resident WHERE letter_code = ? AND born = ?")
            .bind(letter_code)
            .bind(iso(born))
            .fetch_optional(&mut *work)
            .await?;
        let verified = match found {
            Some(row) if failed < TRIES => {
                let token = format!("v-{:032x}", rand::random::<u128>());
                sqlx::query("INSERT INTO verification (token, resident, until) VALUES (?, ?, ?)")
                    .bind(&token)
                    .bind(row.try_get::<i64, _>("id")?)
                    .bind(now + HOLDS.whole_seconds())
                    .execute(&mut *work)
                    .await?;
                sqlx::query("DELETE FROM failed_try WHERE letter_code = ?")
                    .bind(letter_code)
                    .execute(&mut *work)
                    .await?;
                let name = row.try_get("name")?;
                Verified::Yes { token, name }
            }
            _ => {
                if failed < TRIES {
                    sqlx::query("INSERT INTO failed_try (letter_code, at) VALUES (?, ?)")
                        .bind(letter_code)
                        .bind(now)
                        .execute(&mut *work)
                        .await?;
                }
                let tries_left = u32::try_from(TRIES - failed - 1).unwrap_or(0);
                Verified::No { tries_left }
            }
        };
        work.commit().await?;
        Ok(verified)
    }

    /// Whose verification this is, if it still holds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn resident_of(
        &self,
        token: &str,
        now: OffsetDateTime,
    ) -> Result<Option<i64>, StoreError> {
        let row = sqlx::query("SELECT resident FROM verification WHERE token = ? AND until > ?")
            .bind(token)
            .bind(now.unix_timestamp())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get("resident")).transpose()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Clock, date};
    use crate::store::scratch;

    #[tokio::test]
    async fn the_third_wrong_try_locks_even_the_right_one_out() {
        let (_dir, store) = scratch().await;
        let born = date("1988-05-12").unwrap();
        let resident = NewResident {
            id: 1,
            name: "田中",
            born,
            letter_code: "48213507",
        };
        store.add_resident(&resident).await.unwrap();
        let now = Clock::new(date("2026-12-01").ok()).now();
        let other = date("1988-05-13").unwrap();
        for tries_left in [2, 1, 0, 0] {
            let tried = store.verify("48213507", other, now).await.unwrap();
            assert_eq!(tried, Verified::No { tries_left });
        }
        let locked = store.verify("48213507", born, now).await.unwrap();
        assert_eq!(locked, Verified::No { tries_left: 0 });
        let tomorrow = now + LOCKED;
        let Verified::Yes { token, name } = store.verify("48213507", born, tomorrow).await.unwrap()
        else {
            panic!("still locked a day later");
        };
        assert_eq!(name, "田中");
        let holds = |later| store.resident_of(&token, tomorrow + later);
        assert_eq!(holds(Duration::minutes(14)).await.unwrap(), Some(1));
        assert_eq!(holds(Duration::minutes(15)).await.unwrap(), None);
    }
}
