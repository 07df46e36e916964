-- Why: the office keeps the places of the house here. A place belongs to a zone, and one that is taken away stays as a row, because what
-- once lay there is told by the ledger for ever; gone hides it, and nothing is put there any more.
ALTER TABLE locations ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE locations ADD COLUMN gone BIGINT NOT NULL DEFAULT 0 CHECK (gone IN (0, 1));
