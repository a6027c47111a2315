-- What was promised to residents whom nobody could serve at once. `body` is the task as the robot
-- wrote it; it is erased with its case's retention, counted from its last change.
CREATE TABLE tasks (
    id TEXT NOT NULL PRIMARY KEY,
    robot_id TEXT NOT NULL REFERENCES robots (id) ON DELETE CASCADE,
    body TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    done BIGINT NOT NULL,
    note TEXT NOT NULL,
    operator_id TEXT REFERENCES operators (id) ON DELETE SET NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX tasks_by_due ON tasks (due_at);
