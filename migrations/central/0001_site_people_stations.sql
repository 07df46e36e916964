-- Why: who works where. A site is the unit of distribution: its row holds the one counter (gseq) that numbers every
-- change of that site without holes, and updating that row is what makes writers of one site queue up on both engines.
-- Secrets are stored only as hashes: PINs and passwords (chosen by people) by argon2id, badges, tokens and codes (random) by SHA-256.

CREATE TABLE sites (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    country TEXT,
    currency TEXT NOT NULL,
    gseq BIGINT NOT NULL DEFAULT 0 CHECK (gseq >= 0),
    stream TEXT NOT NULL,
    sscc_prefix TEXT NOT NULL,
    sscc_next BIGINT NOT NULL DEFAULT 1,
    invoice_next BIGINT NOT NULL DEFAULT 1,
    lease_ttl_ms BIGINT NOT NULL DEFAULT 50400000,
    protocol_pull_min BIGINT NOT NULL DEFAULT 1,
    photo_quota_bytes BIGINT NOT NULL DEFAULT 21474836480,
    settings TEXT NOT NULL DEFAULT '{}',
    updated_ms BIGINT NOT NULL
);

-- Carriers as stations read them (JSON of the wire): services, cut-offs and label sources are data, never columns asked by.
CREATE TABLE carriers (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    code TEXT NOT NULL,
    record TEXT NOT NULL,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, code)
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    initials TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('picker', 'packer', 'quality', 'lead', 'office', 'admin')),
    pin_hash TEXT,
    badge_hash TEXT,
    password_hash TEXT,
    locale TEXT NOT NULL DEFAULT 'en',
    disabled BIGINT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    version BIGINT NOT NULL DEFAULT 1,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, login)
);
CREATE UNIQUE INDEX users_badge ON users (site, badge_hash);

CREATE TABLE sessions (
    token_hash BYTEA PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    csrf TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires_ms);

-- epoch: the life of the station's database that may push. head_hash is the hash of the event last_seq.
CREATE TABLE stations (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('pick', 'sort', 'pack', 'quality', 'ship')),
    token_hash BYTEA,
    epoch BIGINT NOT NULL DEFAULT 0,
    quarantined BIGINT NOT NULL DEFAULT 0 CHECK (quarantined IN (0, 1)),
    protocol BIGINT NOT NULL DEFAULT 0,
    software TEXT NOT NULL DEFAULT '',
    seen_ms BIGINT NOT NULL DEFAULT 0,
    oldest_unsynced_ms BIGINT NOT NULL DEFAULT 0,
    pulled_gseq BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, name)
);
CREATE UNIQUE INDEX stations_token ON stations (token_hash);

-- One row per life of a station's database. A restored or cloned database gets a new one; only the newest is open, so a
-- number that was given once is never given to another fact.
CREATE TABLE station_epochs (
    station TEXT NOT NULL REFERENCES stations (id),
    epoch BIGINT NOT NULL,
    nonce TEXT NOT NULL,
    reason TEXT NOT NULL,
    left_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL DEFAULT 0,
    head_hash BYTEA NOT NULL,
    request_no BIGINT NOT NULL DEFAULT 0,
    granted_ms BIGINT NOT NULL,
    PRIMARY KEY (station, epoch)
);
CREATE UNIQUE INDEX station_epochs_nonce ON station_epochs (station, nonce);

-- A code is shown once on the console and typed at the station: eight characters, ten minutes, one use, few attempts.
CREATE TABLE pairing_codes (
    code_hash BYTEA PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    station_name TEXT NOT NULL,
    role TEXT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_by TEXT,
    used_ms BIGINT,
    created_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);

-- Every change, with who made it. It names people by id and holds none of their data, so erasing a person leaves it whole.
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('user', 'station', 'key', 'job')),
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_entity ON audit (entity_id, at_ms);

-- The answer of a request that may be sent twice, stored in the transaction of its effect.
CREATE TABLE idempotency (
    caller TEXT NOT NULL,
    idem_key TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    status BIGINT,
    answer TEXT,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (caller, idem_key)
);
CREATE INDEX idempotency_age ON idempotency (created_ms);
