-- The newest answer of each indicator; what it answered before is in the
-- history. size is the size of the ledger when it was asked: what one knew then.
CREATE TABLE measure (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	met        BIGINT NOT NULL,
	total      BIGINT NOT NULL,
	state      TEXT NOT NULL,
	since      TEXT NOT NULL,
	size       BIGINT NOT NULL
);

-- What a municipality has set for an indicator, with its reason in the ledger.
CREATE TABLE target (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	goal       BIGINT NOT NULL,
	warning    BIGINT NOT NULL,
	most       BIGINT NOT NULL,
	owner      TEXT NOT NULL
);

-- An indicator of the municipality's own, over a register's declared fields.
CREATE TABLE own_indicator (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	title      TEXT NOT NULL UNIQUE, title_sort TEXT NOT NULL,
	register   TEXT NOT NULL,
	within     TEXT NOT NULL,
	good       TEXT NOT NULL,
	goal       BIGINT NOT NULL,
	warning    BIGINT NOT NULL,
	themes     TEXT NOT NULL,
	owner      TEXT NOT NULL
);
CREATE INDEX own_indicator_unit  ON own_indicator (unit);
CREATE INDEX own_indicator_title ON own_indicator (title_sort, id);

-- When each indicator was asked last.
CREATE TABLE work_asked (id TEXT PRIMARY KEY, at TEXT NOT NULL, failed TEXT NOT NULL);

-- The outcome of the latest verification of the ledger, and until when it is
-- fresh.
CREATE TABLE work_verified (
	one    INTEGER PRIMARY KEY CHECK (one = 1),
	at     TEXT NOT NULL,
	until  TEXT NOT NULL,
	leaves BIGINT NOT NULL,
	fault  TEXT NOT NULL
);
