-- Who holds what today, and where everybody is, is read from an index alone;
-- these serve what the narrower ones did.
CREATE INDEX holding_held ON holding (person, ends, starts, position);
DROP INDEX holding_person;
CREATE INDEX person_place ON person (unit, ends, id, category, mail);
DROP INDEX person_home;
