-- Whom a document, or a part of it, is for: one rule a row. part is empty for
-- the whole document, s:3.1 for a section, c:3.4 for a sentence.
CREATE TABLE audience (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	document   TEXT NOT NULL,
	part       TEXT NOT NULL,
	way        TEXT NOT NULL,
	kind       TEXT NOT NULL,
	value      TEXT NOT NULL
);
CREATE INDEX audience_document ON audience (document, part);

-- A version that people are asked to read. changed are the sentences that made
-- it ask, as JSON; all of it is asked for where first is 1. more are the rules
-- that widen or narrow this once, for the reason why.
CREATE TABLE reading (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	title      TEXT NOT NULL,
	document   TEXT NOT NULL,
	edition    TEXT NOT NULL UNIQUE,
	state      TEXT NOT NULL,
	first      BIGINT NOT NULL,
	changed    TEXT NOT NULL,
	skipped    TEXT NOT NULL,
	more       TEXT NOT NULL,
	why        TEXT NOT NULL,
	opened     TEXT,
	due        TEXT,
	days       BIGINT NOT NULL,
	minutes    BIGINT NOT NULL,
	wanted     BIGINT NOT NULL,
	reached    BIGINT NOT NULL
);
CREATE INDEX reading_document ON reading (document, id);
CREATE INDEX reading_state    ON reading (state, opened);

-- Who is asked to read what, worked out from audiences, people and receipts.
-- state is open, done, kept (the earlier receipt still counts) or spared; here
-- is 0 for whoever is not in the audience any more.
CREATE TABLE asked (
	reading  TEXT NOT NULL REFERENCES reading (id),
	person   TEXT NOT NULL REFERENCES person (id),
	unit     TEXT NOT NULL REFERENCES unit (id),
	state    TEXT NOT NULL,
	here     BIGINT NOT NULL,
	clauses  TEXT NOT NULL,
	minutes  BIGINT NOT NULL,
	asked_at TEXT NOT NULL,
	due      TEXT NOT NULL,
	done_at  TEXT NOT NULL,
	told     TEXT NOT NULL,
	PRIMARY KEY (reading, person)
);
CREATE INDEX asked_person ON asked (person, state);
CREATE INDEX asked_unit   ON asked (reading, unit, state);

-- That somebody has read a version, and how we know. A receipt is never
-- changed; one that was wrong is taken back by another.
CREATE TABLE receipt (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	title      TEXT NOT NULL, title_sort TEXT NOT NULL,
	person     TEXT NOT NULL REFERENCES person (id),
	document   TEXT NOT NULL,
	edition    TEXT NOT NULL,
	reading    TEXT NOT NULL REFERENCES reading (id),
	how        TEXT NOT NULL,
	read_on    TEXT NOT NULL,
	meeting    TEXT NOT NULL,
	takes_back TEXT NOT NULL,
	note       TEXT NOT NULL
);
CREATE INDEX receipt_unit    ON receipt (unit);
CREATE INDEX receipt_title   ON receipt (title_sort, id);
CREATE INDEX receipt_day     ON receipt (read_on, id);
CREATE INDEX receipt_person  ON receipt (person, document, id);
CREATE INDEX receipt_reading ON receipt (reading, id);
CREATE INDEX receipt_meeting ON receipt (meeting);
CREATE INDEX receipt_back    ON receipt (takes_back);

-- A meeting where a leader went through a version with those present.
CREATE TABLE reading_meeting (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	reading    TEXT NOT NULL REFERENCES reading (id),
	held_on    TEXT NOT NULL,
	about      TEXT NOT NULL
);
CREATE INDEX reading_meeting_reading ON reading_meeting (reading, unit);

-- What a reader said instead of, or besides, the receipt.
CREATE TABLE reading_reply (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	reading    TEXT NOT NULL REFERENCES reading (id),
	person     TEXT NOT NULL REFERENCES person (id),
	kind       TEXT NOT NULL,
	text       TEXT NOT NULL
);
CREATE INDEX reading_reply_reading ON reading_reply (reading, id);

-- A screen that people of a unit share to read and confirm.
CREATE TABLE kiosk (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	name       TEXT NOT NULL,
	expires    TEXT NOT NULL,
	ended      BIGINT NOT NULL,
	hash_secret TEXT NOT NULL
);
CREATE INDEX kiosk_hash ON kiosk (hash_secret);
CREATE INDEX kiosk_unit ON kiosk (unit);

-- What a link in a mail is good for: one person, one version, for a while.
CREATE TABLE reading_link (
	hash    TEXT PRIMARY KEY,
	reading TEXT NOT NULL REFERENCES reading (id),
	person  TEXT NOT NULL REFERENCES person (id),
	expires TEXT NOT NULL
);
CREATE INDEX reading_link_person ON reading_link (reading, person);

-- How often a shared screen was given a number that is nobody's.
CREATE TABLE work_kiosk (
	kiosk TEXT PRIMARY KEY,
	tries BIGINT NOT NULL,
	until TEXT NOT NULL
);
