-- What a person ties together: two records of any kind, and why.
CREATE TABLE link (
	id          TEXT PRIMARY KEY,
	version     BIGINT NOT NULL,
	updated_at  TEXT NOT NULL,
	updated_by  TEXT NOT NULL,
	kind        TEXT NOT NULL,
	record      TEXT NOT NULL,
	to_kind     TEXT NOT NULL,
	to_record   TEXT NOT NULL,
	reason      TEXT NOT NULL,
	UNIQUE (record, to_record)
);
CREATE INDEX link_to ON link (to_record);
