-- Why: what customers send back is taken in at a bench. Units that were graded here and are not told yet (told = 0: the last of a
-- return, which can still be taken back) or that central has not counted yet (told = 1) are kept until their return is over. The
-- identity of a row is that of the fact it becomes.
CREATE TABLE return_unit (
    id BYTEA NOT NULL PRIMARY KEY,
    return_id BYTEA NOT NULL,
    number TEXT NOT NULL,
    line BIGINT NOT NULL,
    product BYTEA NOT NULL,
    units BIGINT NOT NULL,
    grade TEXT NOT NULL,
    place TEXT NOT NULL,
    lot TEXT,
    expiry TEXT,
    serial TEXT,
    actor BYTEA NOT NULL,
    at BIGINT NOT NULL,
    told BIGINT NOT NULL
);
CREATE INDEX return_unit_of ON return_unit (return_id, at);
CREATE INDEX return_unit_untold ON return_unit (at, id) WHERE told = 0;

-- Returns that were opened here and are not finished: at most one is on the bench, the others were left for later.
CREATE TABLE return_open (
    return_id BYTEA NOT NULL PRIMARY KEY,
    on_bench BIGINT NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX return_open_since ON return_open (since);

-- An older version was not told of returns and went past them: the next pull begins anew.
DELETE FROM meta WHERE key = 'cursor';
