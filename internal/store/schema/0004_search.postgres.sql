-- What search finds: a record, or a part of one such as a clause. words are the
-- terms it is found by.
CREATE TABLE search_entry (
	id     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind   TEXT NOT NULL,
	record TEXT NOT NULL,
	part   TEXT NOT NULL,
	unit   TEXT NOT NULL,
	owner  TEXT NOT NULL,
	title  TEXT NOT NULL,
	body   TEXT NOT NULL,
	words  TSVECTOR NOT NULL
);
CREATE INDEX search_entry_record ON search_entry (record, kind);
CREATE INDEX search_entry_words ON search_entry USING gin (words) WITH (gin_pending_list_limit = 1024);

-- How far the index has been filled with what was there before it.
CREATE TABLE work_search (
	kind   TEXT PRIMARY KEY,
	edition BIGINT NOT NULL,
	after  TEXT NOT NULL,
	done   BIGINT NOT NULL
);
