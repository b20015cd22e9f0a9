-- Whether a row came by a file of the personnel system: only then a full file
-- says that who is missing has left. What people entered by hand is theirs.
ALTER TABLE person ADD COLUMN fed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN fed_ends TEXT;
ALTER TABLE holding ADD COLUMN fed BIGINT NOT NULL DEFAULT 0;

-- Files that were read and wait for somebody to say that they count, and what
-- became of earlier ones. The text goes when the file is taken or dropped.
CREATE TABLE work_feed (
	id     TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	at     TEXT NOT NULL,
	name   TEXT NOT NULL,
	state  TEXT NOT NULL,
	meant  TEXT NOT NULL,
	report TEXT NOT NULL,
	data   TEXT NOT NULL
);
CREATE INDEX work_feed_at ON work_feed (at);
