package store

import "context"

// Tamper changes the database behind the ledger's back.
func (s *Store) Tamper(query string) error {
	_, err := s.db.Exec(query)
	return err
}

// Kept is how many bytes of statements a connection that reads keeps, in SQLite.
func Kept(s *Store) (bytes int, lite bool) {
	c, err := s.reader.Conn(context.Background())
	if err != nil {
		panic(err)
	}
	defer c.Close()
	err = c.Raw(func(c any) error {
		if k, ok := c.(*keeping); ok {
			bytes, lite = k.size, true
		}
		return nil
	})
	if err != nil {
		panic(err)
	}
	return bytes, lite
}

// LongestLog is how many pages SQLite's log may hold as the writer stands; 0 is
// another database.
func LongestLog(s *Store) (pages int) {
	if s.dialect == sqlite {
		if err := s.db.QueryRow(`PRAGMA wal_autocheckpoint`).Scan(&pages); err != nil {
			panic(err)
		}
	}
	return pages
}
