-- Lists that people saved under a name, and the one that each begins with.
CREATE TABLE view (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	register   TEXT NOT NULL,
	name       TEXT NOT NULL, name_sort TEXT NOT NULL,
	person     TEXT NOT NULL,
	shared     BIGINT NOT NULL,
	filter     TEXT NOT NULL,
	sort       TEXT NOT NULL,
	columns    TEXT NOT NULL
);
CREATE INDEX view_register ON view (register, name_sort, id);
CREATE TABLE work_view_usual (
	person   TEXT NOT NULL,
	register TEXT NOT NULL,
	view     TEXT NOT NULL,
	PRIMARY KEY (person, register)
);
