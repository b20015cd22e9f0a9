-- The position that answers for an external person.
ALTER TABLE person ADD COLUMN sponsor TEXT NOT NULL DEFAULT '';
CREATE INDEX person_sponsor ON person (sponsor);
