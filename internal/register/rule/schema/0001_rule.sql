CREATE TABLE rule (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	number     TEXT NOT NULL UNIQUE, number_sort  TEXT NOT NULL,
	title      TEXT NOT NULL,        title_sort   TEXT NOT NULL,
	chapter    TEXT NOT NULL,        chapter_sort TEXT NOT NULL,
	text       TEXT NOT NULL,
	themes     TEXT NOT NULL,
	owner      TEXT NOT NULL,
	document   TEXT NOT NULL,
	withdrawn  TEXT
);
CREATE INDEX rule_unit    ON rule (unit);
CREATE INDEX rule_number  ON rule (number_sort, id);
CREATE INDEX rule_title   ON rule (title_sort, id);
CREATE INDEX rule_chapter ON rule (chapter_sort, id);
