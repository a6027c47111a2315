-- What operators can do, and until when they are off duty; absent when nothing was set.
ALTER TABLE operators ADD COLUMN skills TEXT;
ALTER TABLE operators ADD COLUMN away_until BIGINT;

-- To whom a case should go, and the visit it belongs to, so that the same operator is found again.
ALTER TABLE cases ADD COLUMN route TEXT;
ALTER TABLE cases ADD COLUMN visit_id TEXT;
CREATE INDEX cases_by_visit ON cases (visit_id);
