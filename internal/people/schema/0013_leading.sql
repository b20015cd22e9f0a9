-- Who leads a unit is found without going through all positions in it; this serves
-- what the narrower index did.
CREATE INDEX position_place ON position (unit, level);
DROP INDEX position_unit;
