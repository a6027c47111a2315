-- The public half of the key that the operator's page made for the session; absent for a page that
-- made none.
ALTER TABLE sessions ADD COLUMN page_key TEXT;
