-- Files that belong to a record. The content is kept by its hash.
CREATE TABLE attachment (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	kind       TEXT NOT NULL,
	record     TEXT NOT NULL,
	title      TEXT NOT NULL,
	name       TEXT NOT NULL,
	type       TEXT NOT NULL,
	size       BIGINT NOT NULL,
	sha256     TEXT NOT NULL,
	starts     TEXT,
	ends       TEXT,
	uploaded   TEXT NOT NULL,
	uploaded_by TEXT NOT NULL,
	removed    BIGINT NOT NULL
);
CREATE INDEX attachment_record ON attachment (record, id);
CREATE INDEX attachment_sha256 ON attachment (sha256, removed);
