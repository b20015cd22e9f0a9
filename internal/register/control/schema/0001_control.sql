CREATE TABLE control (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	number     TEXT NOT NULL UNIQUE, number_sort TEXT NOT NULL,
	title      TEXT NOT NULL,        title_sort  TEXT NOT NULL,
	rule       TEXT NOT NULL,
	owner      TEXT NOT NULL,
	every      TEXT NOT NULL,
	done       TEXT,
	due        TEXT,
	result     TEXT NOT NULL,
	themes     TEXT NOT NULL
);
CREATE INDEX control_unit   ON control (unit);
CREATE INDEX control_number ON control (number_sort, id);
CREATE INDEX control_title  ON control (title_sort, id);
CREATE INDEX control_due    ON control (due, id);
CREATE INDEX control_done   ON control (done, id);
CREATE INDEX control_rule   ON control (rule);
