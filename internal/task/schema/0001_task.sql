-- What people have to do, besides what registers tell of by themselves.
CREATE TABLE task (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	title      TEXT NOT NULL,
	kind       TEXT NOT NULL,
	record     TEXT NOT NULL,
	position   TEXT NOT NULL,
	person     TEXT NOT NULL,
	due        TEXT NOT NULL,
	rests      TEXT NOT NULL,
	done       TEXT NOT NULL,
	made_by    TEXT NOT NULL
);
CREATE INDEX task_person   ON task (person, done);
CREATE INDEX task_position ON task (position, done);
CREATE INDEX task_record   ON task (record, done);
CREATE INDEX task_made_by  ON task (made_by, done);
