-- Who is where is counted from an index alone; it serves what the narrower one did.
CREATE INDEX person_home ON person (unit, ends, id);
DROP INDEX person_unit;
