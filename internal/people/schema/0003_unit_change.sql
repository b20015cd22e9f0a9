-- A change of the organisation: planned until its day comes.
CREATE TABLE unit_change (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	title      TEXT NOT NULL, title_sort TEXT NOT NULL,
	act        TEXT NOT NULL,
	subject    TEXT NOT NULL REFERENCES unit (id),
	target     TEXT NOT NULL,
	name       TEXT NOT NULL,
	number     TEXT NOT NULL,
	along      TEXT NOT NULL,
	effective  TEXT NOT NULL,
	state      TEXT NOT NULL,
	outcome    TEXT NOT NULL
);
CREATE INDEX unit_change_unit      ON unit_change (unit);
CREATE INDEX unit_change_title     ON unit_change (title_sort, id);
CREATE INDEX unit_change_effective ON unit_change (effective, id);
CREATE INDEX unit_change_state     ON unit_change (state, effective);

-- What a unit was called and where it lay, from the first day to the last; ends
-- is '' for what is so now. Derived from units and their changes.
CREATE TABLE unit_span (
	unit   TEXT NOT NULL,
	starts TEXT NOT NULL,
	ends   TEXT NOT NULL,
	above  TEXT NOT NULL,
	number TEXT NOT NULL,
	name   TEXT NOT NULL,
	kind   TEXT NOT NULL,
	PRIMARY KEY (unit, starts)
);
CREATE INDEX unit_span_above ON unit_span (above, starts);
INSERT INTO unit_span (unit, starts, ends, above, number, name, kind)
SELECT id, substr(updated_at, 1, 10), coalesce(closes, ''), unit, number, name, kind FROM unit;

