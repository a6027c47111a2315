//! What was promised to residents, until it is done.

use madoguchi_shared::ids::{OperatorId, RobotId, TaskId, UnixMs};
use madoguchi_shared::operator::TaskEntry;
use madoguchi_shared::packet::Task;
use sqlx::any::AnyRow;
use sqlx::{Any, Executor, Row};

use super::{Result, Store, StoreError, from_text, id_column, to_text};

/// The query that [`entry`] reads, with what follows its joins.
macro_rules! select_task {
    ($tail:literal) => {
        concat!(
            "SELECT t.robot_id, r.name AS robot_name, t.body, t.due_at, t.tries, t.done, t.note, ",
            "o.name AS operator_name FROM tasks t JOIN robots r ON r.id = t.robot_id ",
            "LEFT JOIN operators o ON o.id = t.operator_id ",
            $tail
        )
    };
}

fn entry(row: &AnyRow) -> Result<TaskEntry> {
    Ok(TaskEntry {
        task: from_text(&row.try_get::<String, _>("body")?, "task")?,
        robot_id: id_column(row, "robot_id")?,
        robot_name: row.try_get("robot_name")?,
        due_at: UnixMs(row.try_get("due_at")?),
        tries: u32::try_from(row.try_get::<i64, _>("tries")?)
            .map_err(|_| StoreError::Unreadable { what: "tries" })?,
        done: row.try_get::<i64, _>("done")? != 0,
        note: row.try_get("note")?,
        operator: row.try_get("operator_name")?,
    })
}

/// Adds a task that isn't there yet.
pub(super) async fn insert<'e>(
    to: impl Executor<'e, Database = Any>,
    robot: RobotId,
    task: &Task,
    due_at: UnixMs,
    now: UnixMs,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO tasks (id, robot_id, body, due_at, tries, done, note, updated_at) \
         VALUES ($1, $2, $3, $4, 0, 0, '', $5) ON CONFLICT (id) DO NOTHING",
    )
    .bind(task.task_id.to_string())
    .bind(robot.to_string())
    .bind(to_text(task, "task")?)
    .bind(due_at.0)
    .bind(now.0)
    .execute(to)
    .await?;
    Ok(())
}

impl Store {
    /// Keeps a task, once: the same one again changes nothing. Durable on return. `None` when it
    /// is another robot's.
    pub async fn add_task(
        &self,
        robot: RobotId,
        task: &Task,
        due_at: UnixMs,
        now: UnixMs,
    ) -> Result<Option<TaskEntry>> {
        insert(&self.pool, robot, task, due_at, now).await?;
        let stored = self.task(task.task_id).await?;
        Ok(stored.filter(|entry| entry.robot_id == robot))
    }

    /// A task, if there is one.
    pub(super) async fn task(&self, task: TaskId) -> Result<Option<TaskEntry>> {
        let row = sqlx::query(select_task!("WHERE t.id = $1"))
            .bind(task.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(entry).transpose()
    }

    /// All tasks that aren't done, the one that is due first first.
    pub async fn open_tasks(&self) -> Result<Vec<TaskEntry>> {
        let rows = sqlx::query(select_task!("WHERE t.done = 0 ORDER BY t.due_at, t.id"))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(entry).collect()
    }

    /// Notes that an operator tried, and whether the task is done by it. One that is done already
    /// stays as it was. `None` when there is no such task.
    pub async fn try_task(
        &self,
        task: TaskId,
        operator: OperatorId,
        done: bool,
        note: &str,
        now: UnixMs,
    ) -> Result<Option<TaskEntry>> {
        sqlx::query(
            "UPDATE tasks SET tries = tries + 1, done = $1, note = $2, operator_id = $3, \
             updated_at = $4 WHERE id = $5 AND done = 0",
        )
        .bind(i64::from(done))
        .bind(note.to_owned())
        .bind(operator.to_string())
        .bind(now.0)
        .bind(task.to_string())
        .execute(&self.pool)
        .await?;
        self.task(task).await
    }

    /// Erases every task that is done and didn't change since `before`.
    pub(super) async fn erase_tasks(&self, before: UnixMs) -> Result<()> {
        sqlx::query("DELETE FROM tasks WHERE done <> 0 AND updated_at < $1")
            .bind(before.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
