-- What programs were answered under an Idempotency-Key, for a day: the same
-- request is given the same answer again.
CREATE TABLE work_answer (
	owner    TEXT NOT NULL,
	name     TEXT NOT NULL,
	request  TEXT NOT NULL,
	status   BIGINT NOT NULL,
	tag      TEXT NOT NULL,
	location TEXT NOT NULL,
	body     TEXT NOT NULL,
	at       TEXT NOT NULL,
	PRIMARY KEY (owner, name)
);
CREATE INDEX work_answer_at ON work_answer (at);
