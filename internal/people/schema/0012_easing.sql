-- That a demand in force be taken away, or wait until a day: proposed by one, and
-- it stands until another agrees. The id is the role; starts is '' for taken away.
CREATE TABLE code_easing (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	starts     TEXT NOT NULL,
	asked_by   TEXT NOT NULL
);
