-- Whether the visitor of a held case is on hold, and its newest passing on to a colleague, as the
-- wire writes them; absent when they aren't, or it never was.
ALTER TABLE cases ADD COLUMN hold TEXT;
ALTER TABLE cases ADD COLUMN transfer TEXT;
