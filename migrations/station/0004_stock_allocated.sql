-- Why: units that lie on a shelf may be promised to orders of other benches. Whoever is about to walk there must be told so, or
-- takes what somebody else was promised. What is here already counts as free until the server tells it next.
ALTER TABLE stock ADD COLUMN allocated BIGINT NOT NULL DEFAULT 0;
