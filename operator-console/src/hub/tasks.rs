//! What was promised to residents.

use madoguchi_shared::ids::{CaseId, RobotId, TaskId, UnixMs};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::operator::ConsoleToOperator;
use madoguchi_shared::packet::{OperatorCard, Task};

use super::{Hub, NOTE_MAX_CHARS, Result, now};
use crate::board::{ConnectionId, Effect};

impl Hub {
    pub(super) async fn take_task(
        &self,
        robot: RobotId,
        link: ConnectionId,
        task: Task,
    ) -> Result<()> {
        let task_id = task.task_id;
        let _change = self.changes.lock().await;
        let due_at = UnixMs(task.promised_at.0.min(now().0).saturating_add(Task::DUE_MS));
        let Some(entry) = self.store.add_task(robot, &task, due_at, now()).await? else {
            tracing::warn!(%robot, task = %task_id, "another robot's task was dropped");
            return Ok(());
        };
        self.act(None, |board| {
            let mut effects = vec![Effect::Robot(link, ConsoleToRobot::TaskSaved { task_id })];
            if !entry.done {
                effects.push(board.task_to_all(entry));
            }
            effects
        });
        Ok(())
    }

    pub(super) async fn try_task(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        task: TaskId,
        done: bool,
        note: &str,
    ) -> Result<()> {
        if note.chars().count() > NOTE_MAX_CHARS {
            let remedy = format!("Write at most {NOTE_MAX_CHARS} characters into the note.");
            self.refuse(page, None::<CaseId>, "text_length", remedy);
            return Ok(());
        }
        let _change = self.changes.lock().await;
        let (id, now) = (operator.id, now());
        if let Some(entry) = self.store.try_task(task, id, done, note, now).await? {
            self.act(None, |board| vec![board.task_to_all(entry)]);
        }
        Ok(())
    }

    pub(super) async fn tasks_to(&self, page: ConnectionId) -> Result<()> {
        let tasks = self.store.open_tasks().await?;
        self.act(None, |_| {
            let tasks = tasks.into_iter();
            tasks
                .map(|task| Effect::Pages(vec![page], ConsoleToOperator::Task { task }))
                .collect()
        });
        Ok(())
    }
}
