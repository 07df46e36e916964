-- Why: what stations told and what they are told. station_events is the truth of every station, kept for ever and never
-- changed: its two unique keys are what makes a repeated push harmless. changes is what a station pulls: one row per
-- record, moved to the newest gseq whenever the record changes, so the log never outgrows the records themselves and
-- reading it from 0 is a snapshot.

CREATE TABLE station_events (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    schema BIGINT NOT NULL,
    fulfillment TEXT,
    fence BIGINT,
    wall_ms BIGINT NOT NULL,
    mono_ms BIGINT NOT NULL,
    boot_id TEXT NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    payload TEXT NOT NULL,
    outcome TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    UNIQUE (station, epoch, seq)
);
CREATE INDEX station_events_fulfillment ON station_events (fulfillment, wall_ms);

CREATE TABLE changes (
    site TEXT NOT NULL,
    kind TEXT NOT NULL,
    record TEXT NOT NULL,
    gseq BIGINT NOT NULL,
    station TEXT NOT NULL DEFAULT '',
    gone BIGINT NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
    PRIMARY KEY (site, kind, record)
);
CREATE UNIQUE INDEX changes_order ON changes (site, gseq);

-- Blocks of parcel numbers per station epoch: stations never invent one. A burnt block is never used again.
CREATE TABLE number_blocks (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    station TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    first_no BIGINT NOT NULL,
    last_no BIGINT NOT NULL,
    first_serial BIGINT NOT NULL,
    burnt BIGINT NOT NULL DEFAULT 0 CHECK (burnt IN (0, 1)),
    granted_ms BIGINT NOT NULL,
    CHECK (first_no <= last_no)
);
CREATE INDEX number_blocks_station ON number_blocks (station, epoch);

-- A station whose database was restored sends old facts under new numbers. The fact stays stored once; this names the
-- further numbers it came under, so that the new stream is dense too.
CREATE TABLE station_event_aliases (
    station TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    hash BYTEA NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (station, epoch, seq)
);
