-- Why: the warehouse's work. A fulfillment belongs to at most one station at a time; fence grows with every grant and is
-- checked in the transaction of every effect, so a station that lost its lease cannot change what another has taken over.

CREATE TABLE fulfillments (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    order_id TEXT NOT NULL REFERENCES orders (id),
    part BIGINT NOT NULL DEFAULT 1 CHECK (part >= 1),
    parts BIGINT NOT NULL DEFAULT 1 CHECK (parts >= 1),
    state TEXT NOT NULL CHECK (state IN ('blocked', 'released', 'packing', 'held', 'packed', 'handed_over', 'cancelled')),
    entry_kind TEXT NOT NULL DEFAULT 'order' CHECK (entry_kind IN ('order', 'tote', 'slot')),
    entry_code TEXT NOT NULL DEFAULT '',
    consolidate_at TEXT,
    hold_reason TEXT,
    fence BIGINT NOT NULL DEFAULT 0,
    lease_station TEXT,
    lease_epoch BIGINT,
    lease_held BIGINT NOT NULL DEFAULT 0 CHECK (lease_held IN (0, 1)),
    lease_expires_ms BIGINT NOT NULL DEFAULT 0,
    lease_begun BIGINT NOT NULL DEFAULT 0 CHECK (lease_begun IN (0, 1)),
    lease_recalled BIGINT NOT NULL DEFAULT 0 CHECK (lease_recalled IN (0, 1)),
    lease_assigned BIGINT NOT NULL DEFAULT 0 CHECK (lease_assigned IN (0, 1)),
    lease_moved TEXT NOT NULL DEFAULT 'granted' CHECK (lease_moved IN ('granted', 'expired', 'taken_over', 'epoch_closed')),
    begun_ms BIGINT,
    packed_by TEXT,
    packed_fence BIGINT,
    packed_user TEXT,
    packed_ms BIGINT,
    handed_over_ms BIGINT,
    cancelled_ms BIGINT,
    sort_priority BIGINT NOT NULL DEFAULT 0,
    sort_due_ms BIGINT NOT NULL,
    sort_placed_ms BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    updated_ms BIGINT NOT NULL,
    UNIQUE (order_id, part)
);
CREATE INDEX fulfillments_queue ON fulfillments (site, state, sort_priority, sort_due_ms, sort_placed_ms, id);
CREATE INDEX fulfillments_lease ON fulfillments (lease_station, lease_held);
CREATE INDEX fulfillments_updated ON fulfillments (site, updated_ms);

CREATE TABLE fulfillment_lines (
    fulfillment TEXT NOT NULL REFERENCES fulfillments (id),
    line_no BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (fulfillment, line_no)
);

CREATE TABLE parcels (
    fulfillment TEXT NOT NULL REFERENCES fulfillments (id),
    no BIGINT NOT NULL CHECK (no >= 1),
    site TEXT NOT NULL,
    packaging TEXT,
    weight_g BIGINT,
    expected_g BIGINT,
    weight_override_by TEXT,
    sscc TEXT UNIQUE,
    label_copies BIGINT NOT NULL DEFAULT 0,
    tracking TEXT,
    confirmed_ms BIGINT,
    void BIGINT NOT NULL DEFAULT 0 CHECK (void IN (0, 1)),
    fence BIGINT NOT NULL DEFAULT 0,
    station TEXT NOT NULL,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (fulfillment, no)
);

CREATE TABLE parcel_items (
    fulfillment TEXT NOT NULL,
    parcel BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    product TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    lot TEXT NOT NULL DEFAULT '',
    expiry TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (fulfillment, parcel, line_no, product, lot, expiry)
);
CREATE INDEX parcel_items_lot ON parcel_items (product, lot);

-- The server asks for an unstarted lease back; the row goes when the station answers.
CREATE TABLE recalls (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    fulfillment TEXT NOT NULL REFERENCES fulfillments (id),
    station TEXT NOT NULL,
    fence BIGINT NOT NULL,
    reason TEXT NOT NULL,
    done BIGINT NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
    at_ms BIGINT NOT NULL
);
CREATE INDEX recalls_station ON recalls (station, done);

-- A question for a person, asked once per cause: the unique key keeps a repeated fact from asking twice.
CREATE TABLE exceptions (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    kind TEXT NOT NULL,
    cause TEXT NOT NULL,
    fulfillment TEXT,
    order_id TEXT,
    station TEXT,
    event_id TEXT,
    detail TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'decided')),
    decision TEXT,
    decided_by TEXT,
    decided_ms BIGINT,
    opened_ms BIGINT NOT NULL,
    UNIQUE (site, kind, cause)
);
CREATE INDEX exceptions_open ON exceptions (site, state, opened_ms, id);
CREATE INDEX exceptions_fulfillment ON exceptions (fulfillment);
CREATE INDEX exceptions_order ON exceptions (order_id);

-- Photos are files named by their hash; here is only what is known of them. bytes_received grows while a file arrives.
CREATE TABLE photos (
    hash TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    size_bytes BIGINT NOT NULL DEFAULT 0,
    received_bytes BIGINT NOT NULL DEFAULT 0,
    media_type TEXT NOT NULL DEFAULT 'image/jpeg',
    complete_ms BIGINT,
    erased_ms BIGINT,
    updated_ms BIGINT NOT NULL
);

CREATE TABLE parcel_photos (
    hash TEXT NOT NULL,
    fulfillment TEXT NOT NULL,
    parcel BIGINT NOT NULL,
    taken_ms BIGINT NOT NULL,
    user_id TEXT,
    station TEXT NOT NULL,
    PRIMARY KEY (fulfillment, parcel, hash)
);
