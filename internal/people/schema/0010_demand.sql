-- From which day a role demands a code; the id is the role.
CREATE TABLE code_demand (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	starts     TEXT NOT NULL
);

-- That a person may come in without the code until an instant, to set up another:
-- asked for by one and granted by another. The id is the person's; until is '' while
-- nobody has granted it.
CREATE TABLE code_waiver (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	reason     TEXT NOT NULL,
	asked_by   TEXT NOT NULL,
	granted_by TEXT NOT NULL,
	until      TEXT NOT NULL
);
