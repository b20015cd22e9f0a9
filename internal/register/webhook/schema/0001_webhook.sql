CREATE TABLE webhook (
	id         TEXT PRIMARY KEY,
	version    BIGINT NOT NULL,
	unit       TEXT NOT NULL REFERENCES unit (id),
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	search     TEXT NOT NULL,
	title      TEXT NOT NULL, title_sort TEXT NOT NULL,
	url        TEXT NOT NULL,
	events     TEXT NOT NULL,
	active     BIGINT NOT NULL
);
CREATE INDEX webhook_unit   ON webhook (unit);
CREATE INDEX webhook_title  ON webhook (title_sort, id);
CREATE INDEX webhook_active ON webhook (active, id);

-- How far each has come in the ledger, and how it goes. Whoever holds the claim
-- sends, until the lease is over.
CREATE TABLE work_webhook (
	id         TEXT PRIMARY KEY,
	key_secret TEXT NOT NULL,
	cursor     BIGINT NOT NULL,
	tries      BIGINT NOT NULL,
	failing    TEXT NOT NULL,
	due        TEXT NOT NULL,
	stopped    TEXT NOT NULL,
	test       TEXT NOT NULL,
	claim      TEXT NOT NULL,
	lease      TEXT NOT NULL
);

-- What was sent lately, and what was answered.
CREATE TABLE work_webhook_sent (
	id      TEXT PRIMARY KEY,
	webhook TEXT NOT NULL,
	seq     BIGINT NOT NULL,
	verb    TEXT NOT NULL,
	about   TEXT NOT NULL,
	at      TEXT NOT NULL,
	tries   BIGINT NOT NULL,
	arrived BIGINT NOT NULL,
	answer  TEXT NOT NULL
);
CREATE INDEX work_webhook_sent_webhook ON work_webhook_sent (webhook, at);
