-- The ledger: one head, its leaves, the nodes of the tree, signed checkpoints.
CREATE TABLE ledger_head (
	one    INTEGER PRIMARY KEY CHECK (one = 1),
	size   BIGINT NOT NULL,
	at     TEXT NOT NULL,
	edge   TEXT NOT NULL,
	origin TEXT NOT NULL
);
CREATE TABLE ledger_leaf (
	seq        BIGINT PRIMARY KEY,
	at         TEXT NOT NULL,
	actor      TEXT NOT NULL,
	verb       TEXT NOT NULL,
	kind       TEXT NOT NULL,
	id         TEXT NOT NULL,
	type       TEXT NOT NULL,
	salt       TEXT NOT NULL,
	body       TEXT NOT NULL,
	inner_hash TEXT NOT NULL
);
CREATE INDEX ledger_leaf_about ON ledger_leaf (kind, id, seq);
CREATE INDEX ledger_leaf_actor ON ledger_leaf (actor, seq);
CREATE TABLE ledger_hash (node BIGINT PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE ledger_checkpoint (size BIGINT PRIMARY KEY, at TEXT NOT NULL, note TEXT NOT NULL);

-- A unit is under itself and under all above it. Package people keeps it.
CREATE TABLE unit_under (
	top  TEXT NOT NULL,
	unit TEXT NOT NULL,
	PRIMARY KEY (top, unit)
);
CREATE INDEX unit_under_unit ON unit_under (unit, top);

-- What every record is called and which position owns it, for links, pickers
-- and search.
CREATE TABLE record_title (
	id     TEXT PRIMARY KEY,
	kind   TEXT NOT NULL,
	unit   TEXT NOT NULL,
	title  TEXT NOT NULL,
	owner  TEXT NOT NULL,
	search TEXT NOT NULL
);
CREATE INDEX record_title_owner ON record_title (owner);
CREATE INDEX record_title_kind ON record_title (kind, title, id);

-- What serves which theme: rules, controls, documents.
CREATE TABLE theme_link (
	kind  TEXT NOT NULL,
	id    TEXT NOT NULL,
	theme TEXT NOT NULL,
	PRIMARY KEY (kind, id, theme)
);
CREATE INDEX theme_link_theme ON theme_link (theme, kind, id);
