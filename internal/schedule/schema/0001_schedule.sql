-- Which day's work is under way or done, and by which node.
CREATE TABLE work_day (
	job    TEXT NOT NULL,
	day    TEXT NOT NULL,
	holder TEXT NOT NULL,
	lease  TEXT NOT NULL,
	done   TEXT NOT NULL,
	tries  BIGINT NOT NULL,
	fault  TEXT NOT NULL,
	PRIMARY KEY (job, day)
);
