-- What a position owned, handed to another in one act that can be taken back.
CREATE TABLE handover (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	giver      TEXT NOT NULL REFERENCES position (id),
	taker      TEXT NOT NULL REFERENCES position (id),
	records    BIGINT NOT NULL,
	state      TEXT NOT NULL
);
CREATE INDEX handover_giver ON handover (giver);

-- The records that an act of handing over is about.
CREATE TABLE handover_item (
	handover TEXT NOT NULL,
	kind     TEXT NOT NULL,
	record   TEXT NOT NULL,
	PRIMARY KEY (handover, record)
);
