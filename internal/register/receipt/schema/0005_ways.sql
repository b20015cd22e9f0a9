-- How receipts were given is counted unit by unit; this serves what the longer one did.
CREATE INDEX receipt_ways ON receipt (reading, takes_back, how, unit);
DROP INDEX receipt_how;
