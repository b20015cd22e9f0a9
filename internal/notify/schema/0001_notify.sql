-- What people were told, or will be with the day's mail.
CREATE TABLE work_notice (
	id      TEXT PRIMARY KEY,
	once    TEXT NOT NULL UNIQUE,
	person  TEXT NOT NULL,
	kind    TEXT NOT NULL,
	record  TEXT NOT NULL,
	text_da TEXT NOT NULL,
	text_en TEXT NOT NULL,
	why_da  TEXT NOT NULL,
	why_en  TEXT NOT NULL,
	path    TEXT NOT NULL,
	urgent  BIGINT NOT NULL,
	task    TEXT NOT NULL,
	at      TEXT NOT NULL,
	mailed  TEXT NOT NULL
);
CREATE INDEX work_notice_person ON work_notice (person, mailed, id);

-- How a person wants mail, and in which language.
CREATE TABLE mail_choice (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	pace       TEXT NOT NULL,
	lang       TEXT NOT NULL
);
