-- How much of the ledger the indicators had seen when they were asked last: so
-- that any node can tell whether what another recorded is measured yet.
ALTER TABLE work_asked ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
