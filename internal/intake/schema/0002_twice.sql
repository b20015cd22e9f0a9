-- Which of several rows of one key counts: '' where there are none, ask, first or last.
ALTER TABLE intake ADD COLUMN twice TEXT NOT NULL DEFAULT '';
