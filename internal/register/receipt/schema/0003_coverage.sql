-- Coverage is counted from these alone.
CREATE INDEX asked_stand ON asked (here, reading, unit, state);
CREATE INDEX receipt_how ON receipt (reading, takes_back, how, unit, id);
