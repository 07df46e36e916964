-- Why: a site lays its shipping label out itself, and a copy of a label must look as its first print did, whatever the office changed
-- since. The records hold the template that is in force now; here is every text that a label was printed from, by its SHA-256 (a server
-- that was restored may give the number of a version twice), as long as an order that has such a label can be looked up.
CREATE TABLE label_template (
    hash BYTEA NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    text TEXT NOT NULL
);

-- The template, its version and its text that a print job was made of; NULL: the program's own layout, as all labels of before.
ALTER TABLE print_job ADD COLUMN template TEXT;
ALTER TABLE print_job ADD COLUMN template_version BIGINT;
ALTER TABLE print_job ADD COLUMN template_hash BYTEA;

-- An older version was not told of templates and went past them: the next pull begins anew.
DELETE FROM meta WHERE key = 'cursor';
