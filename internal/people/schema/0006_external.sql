-- Who of the people with access is external, and who answers for them.
CREATE INDEX person_category ON person (category, ends, sponsor);
