//! Numbers of the day's queue.

use sqlx::Row;
use time::Date;

use super::{Store, StoreError};
use crate::calendar::iso;

impl Store {
    /// Gives the next number of a service's queue, and how many wait before it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue_up(&self, service: &str, day: Date) -> Result<(i64, i64), StoreError> {
        let number: i64 = sqlx::query(
            "INSERT INTO queue_number (day, service, number) \
             SELECT ?1, ?2, COALESCE(MAX(number), 0) + 1 FROM queue_number \
             WHERE day = ?1 AND service = ?2 RETURNING number",
        )
        .bind(iso(day))
        .bind(service)
        .fetch_one(&self.pool)
        .await?
        .try_get("number")?;
        let before: i64 = sqlx::query(
            "SELECT COUNT(*) FROM queue_number \
             WHERE day = ? AND service = ? AND number < ? AND returned = 0",
        )
        .bind(iso(day))
        .bind(service)
        .bind(number)
        .fetch_one(&self.pool)
        .await?
        .try_get(0)?;
        Ok((number, before))
    }

    /// Takes a number out of the queue; whether it was there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn leave_queue(
        &self,
        service: &str,
        day: Date,
        number: i64,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE queue_number SET returned = 1 \
             WHERE day = ? AND service = ? AND number = ? AND returned = 0",
        )
        .bind(iso(day))
        .bind(service)
        .bind(number)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}

#[cfg(test)]
mod tests {
    use crate::calendar::date;
    use crate::store::scratch;

    #[tokio::test]
    async fn each_day_and_service_counts_from_one() {
        let (_dir, store) = scratch().await;
        let (monday, tuesday) = (date("2026-11-30").unwrap(), date("2026-12-01").unwrap());
        assert_eq!(store.queue_up("tax", monday).await.unwrap(), (1, 0));
        assert_eq!(store.queue_up("tax", monday).await.unwrap(), (2, 1));
        assert!(store.leave_queue("tax", monday, 1).await.unwrap());
        assert!(!store.leave_queue("tax", monday, 1).await.unwrap());
        assert_eq!(store.queue_up("tax", monday).await.unwrap(), (3, 1));
        assert_eq!(store.queue_up("tax", tuesday).await.unwrap(), (1, 0));
        assert_eq!(store.queue_up("insurance", monday).await.unwrap(), (1, 0));
    }
}
