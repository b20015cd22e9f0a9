-- What clauses and remarks are called holds no word of a language.
UPDATE record_title SET title = substr(title, 9), search = substr(search, 9) WHERE kind = 'binding' AND title LIKE 'Sætning %';
UPDATE record_title SET title = substr(title, 16), search = substr(search, 16) WHERE kind = 'remark' AND title LIKE 'Bemærkning til %';
