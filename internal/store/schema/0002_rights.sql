-- Who may open a closed case: a record that only the people it names can see.
CREATE TABLE record_member (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	kind       TEXT NOT NULL,
	record     TEXT NOT NULL,
	person     TEXT NOT NULL,
	UNIQUE (record, person)
);
CREATE INDEX record_member_person ON record_member (person, record);
