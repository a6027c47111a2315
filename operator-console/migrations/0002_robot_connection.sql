-- Until when a robot counts as connected; absent when it is not. A console renews it while the
-- connection stands, so that a console that was killed leaves no robot connected for ever.
ALTER TABLE robots ADD COLUMN connected_until BIGINT;
