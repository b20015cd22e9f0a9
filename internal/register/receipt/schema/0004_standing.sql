-- How everybody stands is read from an index alone; it serves what the narrower one did.
CREATE INDEX asked_place ON asked (reading, unit, state, person);
DROP INDEX asked_unit;
