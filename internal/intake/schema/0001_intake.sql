-- Spreadsheets that people are about to read into a register: the file as it
-- was understood, in parts that are each stored in one change.
CREATE TABLE intake (
	id       TEXT PRIMARY KEY,
	register TEXT NOT NULL,
	person   TEXT NOT NULL,
	file     TEXT NOT NULL,
	headings TEXT NOT NULL,
	mapping  TEXT NOT NULL,
	left_out TEXT NOT NULL,
	step     TEXT NOT NULL,
	lines    BIGINT NOT NULL,
	batch    TEXT NOT NULL,
	begun    TEXT NOT NULL,
	moved    TEXT NOT NULL
);
CREATE INDEX intake_person ON intake (person, register, begun);
CREATE TABLE intake_part (
	intake  TEXT NOT NULL,
	part    BIGINT NOT NULL,
	content TEXT NOT NULL,
	verdict TEXT NOT NULL,
	state   TEXT NOT NULL,
	new     BIGINT NOT NULL,
	changed BIGINT NOT NULL,
	same    BIGINT NOT NULL,
	wrong   BIGINT NOT NULL,
	PRIMARY KEY (intake, part)
);
-- Which column was which field, the last time a spreadsheet had these headings.
CREATE TABLE intake_mapping (
	register TEXT NOT NULL,
	headings TEXT NOT NULL,
	mapping  TEXT NOT NULL,
	PRIMARY KEY (register, headings)
);
