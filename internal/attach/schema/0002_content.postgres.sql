-- The content of files, where no folder is shared by all nodes.
CREATE TABLE attachment_content (sha256 TEXT PRIMARY KEY, content BYTEA NOT NULL);
