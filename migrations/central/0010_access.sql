-- Why: who may do what is data. A role brings permissions by name; a row here gives one to a role or takes one away, and
-- what no row speaks of is as the program ships it. Programs come with keys of their own: only a hash is stored, and a key
-- may do nothing that is not named in its scopes.

CREATE TABLE role_permissions (
    site TEXT NOT NULL REFERENCES sites (id),
    role TEXT NOT NULL,
    permission TEXT NOT NULL,
    allowed BIGINT NOT NULL CHECK (allowed IN (0, 1)),
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (site, role, permission)
);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    key_hash BYTEA NOT NULL,
    ending TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_ms BIGINT NOT NULL DEFAULT 0,
    revoked_ms BIGINT
);
CREATE UNIQUE INDEX api_keys_hash ON api_keys (key_hash);
CREATE INDEX api_keys_site ON api_keys (site, created_ms, id);

-- A session changes its cookie while it is used. previous_hash is the cookie before: for a moment both hold, because
-- requests overlap; later it can only come from somebody who copied it, and the session ends.
ALTER TABLE sessions ADD COLUMN seen_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN rotated_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN previous_hash BYTEA;
CREATE INDEX sessions_previous ON sessions (previous_hash);
CREATE INDEX sessions_user ON sessions (user_id);

-- The audit is a chain: every entry holds the hash of the one before, so that none can be changed, taken out or slipped in
-- without breaking all that follow. The site's row holds the last number and hash. Entries from before this migration
-- have no number and stand outside the chain.
ALTER TABLE audit ADD COLUMN no BIGINT;
ALTER TABLE audit ADD COLUMN hash TEXT;
CREATE UNIQUE INDEX audit_no ON audit (site, no);
ALTER TABLE sites ADD COLUMN audit_no BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN audit_hash TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_when ON audit (site, at_ms, id);
