package store

// Tamper changes the database behind the ledger's back.
func (s *Store) Tamper(query string) error {
	_, err := s.db.Exec(query)
	return err
}
