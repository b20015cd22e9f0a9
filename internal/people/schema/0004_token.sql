-- A token may be good for reading only. When it was used last is no act of
-- anybody's, so it is not recorded.
ALTER TABLE token ADD COLUMN reads BIGINT NOT NULL DEFAULT 0;
CREATE INDEX token_person ON token (person, expires);
CREATE TABLE work_token (id TEXT PRIMARY KEY, used TEXT NOT NULL);
