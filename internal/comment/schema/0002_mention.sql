-- Whom a comment mentions, and when that person had seen it; '' is not yet.
CREATE TABLE work_mention (
	comment TEXT NOT NULL,
	person  TEXT NOT NULL,
	kind    TEXT NOT NULL,
	record  TEXT NOT NULL,
	seen    TEXT NOT NULL,
	PRIMARY KEY (comment, person)
);
CREATE INDEX work_mention_person ON work_mention (person, seen);
