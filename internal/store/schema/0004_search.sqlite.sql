-- What search finds: a record, or a part of one such as a clause. words are the
-- terms it is found by, with a space between.
CREATE TABLE search_entry (
	id     INTEGER PRIMARY KEY,
	kind   TEXT NOT NULL,
	record TEXT NOT NULL,
	part   TEXT NOT NULL,
	unit   TEXT NOT NULL,
	owner  TEXT NOT NULL,
	title  TEXT NOT NULL,
	body   TEXT NOT NULL,
	words  TEXT NOT NULL
);
CREATE INDEX search_entry_record ON search_entry (record, kind);

-- The terms are made in Go: here a word is whatever stands between spaces.
CREATE VIRTUAL TABLE search_index USING fts5 (words, content = 'search_entry', content_rowid = 'id', detail = none, columnsize = 0,
	tokenize = "ascii tokenchars '.:=^~_-'");
CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
	INSERT INTO search_index (rowid, words) VALUES (new.id, new.words);
END;
CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN
	INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', old.id, old.words);
END;

-- How far the index has been filled with what was there before it.
CREATE TABLE work_search (
	kind   TEXT PRIMARY KEY,
	edition BIGINT NOT NULL,
	after  TEXT NOT NULL,
	done   BIGINT NOT NULL
);
