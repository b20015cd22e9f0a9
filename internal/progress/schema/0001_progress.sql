-- Work that takes longer than a request: what it does to what, for whom, how
-- far it has come. One at a time of a kind for each thing.
CREATE TABLE progress_work (
	kind   TEXT NOT NULL,
	about  TEXT NOT NULL,
	person TEXT NOT NULL,
	state  TEXT NOT NULL,
	done   BIGINT NOT NULL,
	total  BIGINT NOT NULL,
	why_da TEXT NOT NULL,
	why_en TEXT NOT NULL,
	node   TEXT NOT NULL,
	begun  TEXT NOT NULL,
	moved  TEXT NOT NULL,
	PRIMARY KEY (kind, about)
);
CREATE INDEX progress_work_state ON progress_work (state, moved);
