-- The content of files, where it is not kept in a folder.
CREATE TABLE attachment_content (sha256 TEXT PRIMARY KEY, content BLOB NOT NULL);
