-- A batch leaf speaks of many records: those whose row has its time. So a
-- record's history finds its batches without a row for each record.
CREATE INDEX ledger_leaf_batch ON ledger_leaf (at) WHERE type = 'batch';
