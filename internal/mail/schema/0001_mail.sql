-- What is to be mailed, and what became of it. A text is kept no longer than
-- until it is sent.
CREATE TABLE work_mail (
	id      TEXT PRIMARY KEY,
	once    TEXT NOT NULL UNIQUE,
	person  TEXT NOT NULL,
	address TEXT NOT NULL,
	lang    TEXT NOT NULL,
	subject TEXT NOT NULL,
	text    TEXT NOT NULL,
	why     TEXT NOT NULL,
	path    TEXT NOT NULL,
	writer  TEXT NOT NULL,
	state   TEXT NOT NULL,
	queued  TEXT NOT NULL,
	due     TEXT NOT NULL,
	tries   BIGINT NOT NULL,
	claim   TEXT NOT NULL,
	lease   TEXT NOT NULL,
	ended   TEXT NOT NULL,
	answer  TEXT NOT NULL
);
CREATE INDEX work_mail_due    ON work_mail (state, due, id);
CREATE INDEX work_mail_claim  ON work_mail (claim);
CREATE INDEX work_mail_ended  ON work_mail (state, ended, id);
CREATE INDEX work_mail_person ON work_mail (person, state);

-- How the way to the mail server was last.
CREATE TABLE work_mail_way (
	one    INTEGER PRIMARY KEY CHECK (one = 1),
	worked TEXT NOT NULL,
	failed TEXT NOT NULL,
	fault  TEXT NOT NULL
);
