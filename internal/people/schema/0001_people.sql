-- A unit's column unit is the unit above it; the top is above itself.
CREATE TABLE unit (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	number     TEXT NOT NULL UNIQUE, number_sort TEXT NOT NULL,
	name       TEXT NOT NULL,        name_sort   TEXT NOT NULL,
	kind       TEXT NOT NULL,
	closes     TEXT
);
CREATE INDEX unit_unit   ON unit (unit);
CREATE INDEX unit_number ON unit (number_sort, id);
CREATE INDEX unit_name   ON unit (name_sort, id);

CREATE TABLE position (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	title      TEXT NOT NULL, title_sort TEXT NOT NULL,
	level      BIGINT NOT NULL,
	closes     TEXT
);
CREATE INDEX position_unit  ON position (unit);
CREATE INDEX position_title ON position (title_sort, id);
CREATE INDEX position_level ON position (level, id);

CREATE TABLE person (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	number     TEXT NOT NULL UNIQUE, number_sort TEXT NOT NULL,
	name       TEXT NOT NULL,        name_sort   TEXT NOT NULL,
	mail       TEXT NOT NULL,
	category   TEXT NOT NULL,
	ends       TEXT
);
CREATE INDEX person_unit   ON person (unit);
CREATE INDEX person_number ON person (number_sort, id);
CREATE INDEX person_name   ON person (name_sort, id);
CREATE INDEX person_ends   ON person (ends, id);
CREATE UNIQUE INDEX person_mail ON person (mail) WHERE mail <> '';

-- Who holds which position, from when to when.
CREATE TABLE holding (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	title      TEXT NOT NULL, title_sort TEXT NOT NULL,
	person     TEXT NOT NULL REFERENCES person (id),
	position   TEXT NOT NULL REFERENCES position (id),
	starts     TEXT NOT NULL,
	ends       TEXT
);
CREATE INDEX holding_unit     ON holding (unit);
CREATE INDEX holding_title    ON holding (title_sort, id);
CREATE INDEX holding_person   ON holding (person, ends);
CREATE INDEX holding_position ON holding (position, ends);
CREATE INDEX holding_starts   ON holding (starts, id);
CREATE INDEX holding_ends     ON holding (ends, id);

-- Whoever holds position acts for whoever holds absent, from when to when.
CREATE TABLE deputy (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	title      TEXT NOT NULL, title_sort TEXT NOT NULL,
	absent     TEXT NOT NULL REFERENCES position (id),
	position   TEXT NOT NULL REFERENCES position (id),
	starts     TEXT NOT NULL,
	ends       TEXT
);
CREATE INDEX deputy_unit     ON deputy (unit);
CREATE INDEX deputy_title    ON deputy (title_sort, id);
CREATE INDEX deputy_absent   ON deputy (absent);
CREATE INDEX deputy_position ON deputy (position, ends);
CREATE INDEX deputy_starts   ON deputy (starts, id);
CREATE INDEX deputy_ends     ON deputy (ends, id);

-- A role that a position carries, in the subtree of a unit.
CREATE TABLE role_grant (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	title      TEXT NOT NULL, title_sort TEXT NOT NULL,
	position   TEXT NOT NULL REFERENCES position (id),
	role       TEXT NOT NULL
);
CREATE INDEX role_grant_unit     ON role_grant (unit);
CREATE INDEX role_grant_title    ON role_grant (title_sort, id);
CREATE INDEX role_grant_position ON role_grant (position);

CREATE TABLE body (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	name       TEXT NOT NULL UNIQUE, name_sort TEXT NOT NULL,
	kind       TEXT NOT NULL,
	closes     TEXT
);
CREATE INDEX body_unit ON body (unit);
CREATE INDEX body_name ON body (name_sort, id);

-- A seat in a body, by office: whoever holds the position sits there.
CREATE TABLE office (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	title      TEXT NOT NULL, title_sort TEXT NOT NULL,
	body       TEXT NOT NULL REFERENCES body (id),
	position   TEXT NOT NULL REFERENCES position (id),
	chair      BIGINT NOT NULL
);
CREATE INDEX office_unit     ON office (unit);
CREATE INDEX office_title    ON office (title_sort, id);
CREATE INDEX office_body     ON office (body);
CREATE INDEX office_position ON office (position);

-- How a person signs in. What ends in _secret never reaches a leaf.
CREATE TABLE credential (
	id              TEXT PRIMARY KEY,
	version         BIGINT NOT NULL,
	updated_at      TEXT NOT NULL,
	updated_by      TEXT NOT NULL,
	password_secret TEXT NOT NULL,
	totp_secret     TEXT NOT NULL,
	totp            BIGINT NOT NULL
);

CREATE TABLE token (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	person     TEXT NOT NULL REFERENCES person (id),
	name       TEXT NOT NULL,
	expires    TEXT NOT NULL,
	hash_secret TEXT NOT NULL
);
CREATE INDEX token_hash ON token (hash_secret);

-- What signing in works with.
CREATE TABLE work_session (
	hash    TEXT PRIMARY KEY,
	person  TEXT NOT NULL,
	begun   TEXT NOT NULL,
	seen    TEXT NOT NULL,
	passed  BIGINT NOT NULL
);
CREATE INDEX work_session_person ON work_session (person);
CREATE TABLE work_link (
	hash    TEXT PRIMARY KEY,
	person  TEXT NOT NULL,
	action  TEXT NOT NULL,
	expires TEXT NOT NULL
);
CREATE TABLE work_totp (person TEXT PRIMARY KEY, step BIGINT NOT NULL);
CREATE TABLE work_throttle (
	bucket TEXT PRIMARY KEY,
	tries  BIGINT NOT NULL,
	until  TEXT NOT NULL
);
