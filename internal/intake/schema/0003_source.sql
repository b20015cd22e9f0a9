-- What the rows were read from, where that is not all of the file: other sheets, those left out before among them, and hidden rows.
ALTER TABLE intake ADD COLUMN source TEXT NOT NULL DEFAULT '{}';
ALTER TABLE intake DROP COLUMN left_out;
