CREATE TABLE document (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	number     TEXT NOT NULL UNIQUE, number_sort TEXT NOT NULL,
	title      TEXT NOT NULL,        title_sort  TEXT NOT NULL,
	level      TEXT NOT NULL,
	owner      TEXT NOT NULL,
	audience   TEXT NOT NULL,
	review_by  TEXT,
	themes     TEXT NOT NULL
);
CREATE INDEX document_unit   ON document (unit);
CREATE INDEX document_number ON document (number_sort, id);
CREATE INDEX document_title  ON document (title_sort, id);
CREATE INDEX document_review ON document (review_by, id);
CREATE INDEX document_level  ON document (level);

-- One version of a document. outline holds its sections and clauses with their
-- ids as JSON, worked out from body when it is saved.
CREATE TABLE edition (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	document   TEXT NOT NULL REFERENCES document (id),
	label      TEXT NOT NULL,
	dated      TEXT,
	state      TEXT NOT NULL,
	starts     TEXT,
	ends       TEXT,
	answer_by  TEXT,
	author     TEXT NOT NULL,
	body       TEXT NOT NULL,
	outline    TEXT NOT NULL,
	findings   TEXT NOT NULL,
	UNIQUE (document, label)
);
CREATE INDEX edition_document ON edition (document, state);
CREATE UNIQUE INDEX edition_in_force ON edition (document) WHERE state = 'in_force';

-- Which clauses a version has, worked out from its outline.
CREATE TABLE edition_clause (
	edition TEXT NOT NULL REFERENCES edition (id),
	clause  TEXT NOT NULL,
	PRIMARY KEY (edition, clause)
);

-- A body's decision about a version on a date.
CREATE TABLE approval (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	title      TEXT NOT NULL, title_sort TEXT NOT NULL,
	edition    TEXT NOT NULL REFERENCES edition (id),
	body       TEXT NOT NULL REFERENCES body (id),
	decided    TEXT NOT NULL,
	way        TEXT NOT NULL,
	meeting    TEXT NOT NULL,
	case_number TEXT NOT NULL,
	registered TEXT NOT NULL,
	note       TEXT NOT NULL
);
CREATE INDEX approval_unit    ON approval (unit);
CREATE INDEX approval_title   ON approval (title_sort, id);
CREATE INDEX approval_decided ON approval (decided, id);
CREATE INDEX approval_edition ON approval (edition);

-- What a clause asks for, proposed or accepted; it follows the clause through
-- all versions.
CREATE TABLE binding (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	document   TEXT NOT NULL REFERENCES document (id),
	clause     TEXT NOT NULL,
	themes     TEXT NOT NULL,
	accepted   BIGINT NOT NULL,
	UNIQUE (document, clause)
);

-- The themes of a binding one by one, worked out from themes.
CREATE TABLE binding_theme (
	binding TEXT NOT NULL REFERENCES binding (id),
	theme   TEXT NOT NULL,
	PRIMARY KEY (binding, theme)
);
CREATE INDEX binding_theme_theme ON binding_theme (theme);

-- A remark on a version in review.
CREATE TABLE remark (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	edition    TEXT NOT NULL REFERENCES edition (id),
	clause     TEXT NOT NULL,
	author     TEXT NOT NULL,
	at         TEXT NOT NULL,
	answer_by  TEXT NOT NULL,
	text       TEXT NOT NULL,
	resolved   BIGINT NOT NULL
);
CREATE INDEX remark_edition ON remark (edition, resolved);

-- An import that somebody looks through and has not confirmed.
CREATE TABLE work_import (
	id       TEXT PRIMARY KEY,
	person   TEXT NOT NULL,
	at       TEXT NOT NULL,
	name     TEXT NOT NULL,
	proposal TEXT NOT NULL
);
CREATE INDEX work_import_person ON work_import (person, at);
