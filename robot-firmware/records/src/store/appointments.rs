//! Appointments. At each time one visitor has one for a service.

use sqlx::Row;
use time::{Date, Time};

use super::{Store, StoreError};
use crate::calendar::{clock_time, iso};

impl Store {
    /// The times of a day that are taken, as `09:30`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn taken(&self, service: &str, day: Date) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(
            "SELECT time FROM appointment WHERE service = ? AND day = ? AND cancelled = 0",
        )
        .bind(service)
        .bind(iso(day))
        .fetch_all(&self.pool)
        .await?;
        let times = rows.iter().map(|row| row.try_get("time"));
        Ok(times.collect::<sqlx::Result<_>>()?)
    }

    /// Books a time; its number, or `None` when somebody else has it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn book(
        &self,
        service: &str,
        day: Date,
        time: Time,
    ) -> Result<Option<i64>, StoreError> {
        let Some(number) = self.free_number().await? else {
            return Ok(None);
        };
        let booked =
            sqlx::query("INSERT INTO appointment (number, service, day, time) VALUES (?, ?, ?, ?)")
                .bind(number)
                .bind(service)
                .bind(iso(day))
                .bind(clock_time(time))
                .execute(&self.pool)
                .await;
        match booked {
            Ok(_) => Ok(Some(number)),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A number that nobody guesses from their own.
    async fn free_number(&self) -> Result<Option<i64>, StoreError> {
        for _ in 0..1_000 {
            let number = rand::random_range(10_000..100_000_i64);
            let taken: Option<i64> =
                sqlx::query_scalar("SELECT number FROM appointment WHERE number = ?")
                    .bind(number)
                    .fetch_optional(&self.pool)
                    .await?;
            if taken.is_none() {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// Cancels an appointment of a day; whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cancel(&self, number: i64, day: Date) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE appointment SET cancelled = 1 WHERE number = ? AND day = ? AND cancelled = 0",
        )
        .bind(number)
        .bind(iso(day))
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;
    use crate::store::scratch;

    #[tokio::test]
    async fn a_time_is_booked_once_and_free_again_when_it_is_cancelled() {
        let (_dir, store) = scratch().await;
        let (day, time) = (
            date("2026-12-01").unwrap(),
            Time::from_hms(9, 30, 0).unwrap(),
        );
        let number = store.book("tax", day, time).await.unwrap().unwrap();
        assert!((10_000..100_000).contains(&number), "not counted from 1");
        assert_eq!(store.book("tax", day, time).await.unwrap(), None);
        assert!(store.book("insurance", day, time).await.unwrap().is_some());
        assert_eq!(store.taken("tax", day).await.unwrap(), ["09:30"]);
        let next_day = day.next_day().unwrap();
        assert!(!store.cancel(number, next_day).await.unwrap(), "a guess");
        assert!(store.cancel(number, day).await.unwrap());
        assert!(!store.cancel(number, day).await.unwrap());
        assert!(store.book("tax", day, time).await.unwrap().is_some());
    }
}
