-- What kind of browser a session is in, in words for its person; and how often
-- somebody failed to get in as a person, by day.
ALTER TABLE work_session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
CREATE TABLE work_refused (
	person TEXT NOT NULL,
	day    TEXT NOT NULL,
	tries  BIGINT NOT NULL,
	newest TEXT NOT NULL,
	PRIMARY KEY (person, day)
);
