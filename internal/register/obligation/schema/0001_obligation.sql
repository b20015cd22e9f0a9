CREATE TABLE obligation (
	id            TEXT PRIMARY KEY,
	version       BIGINT NOT NULL,
	unit          TEXT NOT NULL REFERENCES unit (id),
	updated_at    TEXT NOT NULL,
	updated_by    TEXT NOT NULL,
	search        TEXT NOT NULL,
	number        TEXT NOT NULL UNIQUE, number_sort    TEXT NOT NULL,
	title         TEXT NOT NULL,        title_sort     TEXT NOT NULL,
	reference     TEXT NOT NULL,        reference_sort TEXT NOT NULL,
	owner         TEXT NOT NULL,
	review_months BIGINT NOT NULL,
	reviewed      TEXT,
	due           TEXT,
	valid_from    TEXT,
	valid_to      TEXT,
	themes        TEXT NOT NULL,
	document      TEXT NOT NULL,
	note          TEXT NOT NULL
);
CREATE INDEX obligation_unit       ON obligation (unit);
CREATE INDEX obligation_number     ON obligation (number_sort, id);
CREATE INDEX obligation_title      ON obligation (title_sort, id);
CREATE INDEX obligation_reference  ON obligation (reference_sort, id);
CREATE INDEX obligation_reviewed   ON obligation (reviewed, id);
CREATE INDEX obligation_due        ON obligation (due, id);
CREATE INDEX obligation_valid_from ON obligation (valid_from, id);
CREATE INDEX obligation_valid_to   ON obligation (valid_to, id);
