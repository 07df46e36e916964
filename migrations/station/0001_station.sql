-- The station's database: what the server told it (records), what it may work on (work, lease), what
-- happened at its bench (event, which is the outbox too) and what a packer looks up later (parcel).
-- One writer; every commit is durable before anybody sees "OK".

-- Small facts about the database itself: who we are, epoch, cursor, counters.
CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Records the server owns, as they came: one row each, replaced whole. The body stays opaque here, so
-- that a field this version does not know survives until a newer version reads it.
CREATE TABLE record (
    kind TEXT NOT NULL,
    id BYTEA NOT NULL,
    body TEXT NOT NULL,
    snapshot BYTEA,
    PRIMARY KEY (kind, id)
);

-- What a scanned code can mean. A code may mean several things: then the packer is told so.
CREATE TABLE code (
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    id BYTEA NOT NULL,
    units BIGINT NOT NULL,
    PRIMARY KEY (code, kind, id)
);
CREATE INDEX code_of ON code (kind, id);

-- Places with a code, by what they are: the shelf a stock row means, and the dock where split orders meet.
CREATE TABLE place (
    id BYTEA NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    walk_rank BIGINT NOT NULL
);
CREATE INDEX place_kind ON place (kind, walk_rank, code);

-- Stock by product: the dated snapshot for working without the network.
CREATE TABLE stock (
    id BYTEA NOT NULL PRIMARY KEY,
    snapshot BYTEA,
    product BYTEA NOT NULL,
    place BYTEA NOT NULL,
    lot TEXT,
    expiry TEXT,
    quantity BIGINT NOT NULL,
    held BIGINT NOT NULL
);
CREATE INDEX stock_product ON stock (product);

-- Fulfillments the station knows, with what the queue sorts by, so that it never reads bodies to sort.
CREATE TABLE work (
    fulfillment BYTEA NOT NULL PRIMARY KEY,
    order_id BYTEA NOT NULL,
    number TEXT NOT NULL,
    status TEXT NOT NULL,
    rush BIGINT NOT NULL,
    expedited_by TEXT,
    vip BIGINT NOT NULL,
    ship_by BIGINT,
    placed BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    units BIGINT NOT NULL,
    container BYTEA,
    skipped_until BIGINT NOT NULL,
    local_state TEXT NOT NULL
);
CREATE INDEX work_order ON work (order_id);
CREATE INDEX work_queue ON work (local_state, status);
CREATE INDEX work_number ON work (number);
CREATE INDEX work_container ON work (container);

-- Which work needs which product: "grab, scan, the first order that needs it opens".
CREATE TABLE work_product (
    product BYTEA NOT NULL,
    fulfillment BYTEA NOT NULL,
    PRIMARY KEY (product, fulfillment)
);
CREATE INDEX work_product_of ON work_product (fulfillment);

-- Leases held. Their age is counted on the monotonic clock of the boot they were asked for in.
CREATE TABLE lease (
    fulfillment BYTEA NOT NULL PRIMARY KEY,
    fence BIGINT NOT NULL,
    begun BIGINT NOT NULL,
    sent_mono_ms BIGINT NOT NULL,
    sent_wall_ms BIGINT NOT NULL,
    boot_id BYTEA NOT NULL,
    ttl_ms BIGINT NOT NULL,
    invoice_no TEXT
);

-- Leases given up that the server has not confirmed yet, and the last event before that: the server hears
-- of the return only after the facts that belong to it.
CREATE TABLE lease_return (
    fulfillment BYTEA NOT NULL PRIMARY KEY,
    fence BIGINT NOT NULL,
    reason TEXT NOT NULL,
    after_seq BIGINT NOT NULL
);

-- Facts, dense within the epoch, and the outbox: everything above meta.pushed is still to be sent.
CREATE TABLE event (
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    id BYTEA NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    schema BIGINT NOT NULL,
    fulfillment BYTEA,
    fence BIGINT,
    wall_ms BIGINT NOT NULL,
    mono_ms BIGINT NOT NULL,
    boot_id BYTEA NOT NULL,
    prev_hash BYTEA NOT NULL,
    payload TEXT NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (epoch, seq)
);
CREATE INDEX event_fulfillment ON event (fulfillment, epoch, seq);

-- Sessions on this station: the events are the truth, this row finds them again.
CREATE TABLE session (
    fulfillment BYTEA NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    packer BYTEA NOT NULL,
    reason TEXT,
    since BIGINT NOT NULL,
    opened BIGINT NOT NULL,
    ended BIGINT,
    worked_ms BIGINT NOT NULL,
    units BIGINT NOT NULL,
    scans BIGINT NOT NULL,
    refused BIGINT NOT NULL
);
-- Few are open, and they stay few whatever was packed before.
CREATE INDEX session_open ON session (since) WHERE ended IS NULL;
CREATE INDEX session_ended ON session (state, ended);
CREATE INDEX session_packer ON session (packer, ended);

-- Parcels of this station, for history, reprint, and to name another parcel's label.
CREATE TABLE parcel (
    fulfillment BYTEA NOT NULL,
    no BIGINT NOT NULL,
    number TEXT NOT NULL,
    sscc TEXT NOT NULL UNIQUE,
    weight_g BIGINT,
    packer BYTEA NOT NULL,
    at BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    copies BIGINT NOT NULL,
    PRIMARY KEY (fulfillment, no)
);
CREATE INDEX parcel_at ON parcel (at DESC, fulfillment, no);

-- Blocks of parcel numbers, granted per epoch; a station never makes up a number.
CREATE TABLE number_block (
    id BYTEA NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL,
    extension BIGINT NOT NULL,
    company_prefix TEXT NOT NULL,
    first BIGINT NOT NULL,
    count BIGINT NOT NULL,
    next BIGINT NOT NULL
);

-- Serial numbers that left, here or elsewhere: never again.
CREATE TABLE serial (
    product BYTEA NOT NULL,
    serial TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (product, serial)
);

-- Print jobs: committed before the first byte leaves, so that a restart can ask about each.
CREATE TABLE print_job (
    fulfillment BYTEA NOT NULL,
    parcel BIGINT NOT NULL,
    document TEXT NOT NULL,
    copy BIGINT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (fulfillment, parcel, document, copy)
);
CREATE INDEX print_job_state ON print_job (state);

-- Photos: files are named by their hash and synced before this row exists.
CREATE TABLE photo (
    hash BYTEA NOT NULL PRIMARY KEY,
    fulfillment BYTEA NOT NULL,
    parcel BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    at BIGINT NOT NULL,
    pushed BIGINT NOT NULL
);
CREATE INDEX photo_pushed ON photo (pushed, at);

-- Unit weights measured from parcels that needed no override: the latest nine of a product are asked.
CREATE TABLE weight_sample (
    product BYTEA NOT NULL,
    at BIGINT NOT NULL,
    unit_g BIGINT NOT NULL,
    PRIMARY KEY (product, at)
);

-- Wrong PINs, so that guessing stays slow over a restart as well.
CREATE TABLE pin_try (
    who TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_wall_ms BIGINT NOT NULL
);
