//! The still of a case.

use madoguchi_shared::ids::{CaseId, RobotId, UnixMs};
use madoguchi_shared::still::Still;
use sqlx::Row;

use super::{Result, Store};

impl Store {
    /// Stores a still with a robot's own case, instead of an earlier one, while an operator holds
    /// the case; `false` when none does.
    pub async fn save_still(&self, robot: RobotId, case: CaseId, still: &Still) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO stills (case_id, taken_at, jpeg) \
             SELECT id, $3, $4 FROM cases WHERE id = $1 AND robot_id = $2 \
             AND operator_id IS NOT NULL AND return_packet IS NULL AND state <> 'closed' \
             ON CONFLICT (case_id) DO UPDATE SET taken_at = excluded.taken_at, jpeg = excluded.jpeg",
        )
        .bind(case.to_string())
        .bind(robot.to_string())
        .bind(still.at.0)
        .bind(&still.jpeg)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The still of a case.
    pub async fn still(&self, case: CaseId) -> Result<Option<Still>> {
        let row = sqlx::query("SELECT taken_at, jpeg FROM stills WHERE case_id = $1")
            .bind(case.to_string())
            .fetch_optional(&self.pool)
            .await?;
        let still = |row: sqlx::any::AnyRow| -> Result<Still> {
            Ok(Still {
                at: UnixMs(row.try_get("taken_at")?),
                jpeg: row.try_get("jpeg")?,
            })
        };
        row.map(still).transpose()
    }
}
