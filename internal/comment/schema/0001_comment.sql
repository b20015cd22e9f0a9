-- What people say about a record. Whom they mention stands as ids in the text.
CREATE TABLE comment (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	kind       TEXT NOT NULL,
	record     TEXT NOT NULL,
	person     TEXT NOT NULL,
	at         TEXT NOT NULL,
	text       TEXT NOT NULL,
	withdrawn  BIGINT NOT NULL
);
CREATE INDEX comment_record ON comment (record, id);
