-- Who is to read what now, for others to see.
CREATE VIEW pub_waiting AS
	SELECT a.reading, a.person, a.unit, a.due, a.minutes, r.edition, r.title FROM asked a JOIN reading r ON r.id = a.reading
	WHERE a.state = 'open' AND a.here = 1 AND r.state = 'open';
