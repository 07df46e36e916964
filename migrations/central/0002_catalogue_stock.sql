-- Why: what can be ordered and where it lies. Stock is an append-only ledger of movements; stock_levels is its sum,
-- kept in the transaction of every movement so that a check and an allocation see one truth. Unknown facts are NULL:
-- "nobody has said" is not "no".

CREATE TABLE products (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    search TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('goods', 'service')),
    weight_g BIGINT CHECK (weight_g > 0),
    weight_spread_g BIGINT CHECK (weight_spread_g >= 0),
    length_mm BIGINT CHECK (length_mm > 0),
    width_mm BIGINT CHECK (width_mm > 0),
    height_mm BIGINT CHECK (height_mm > 0),
    track_serial BIGINT NOT NULL DEFAULT 0 CHECK (track_serial IN (0, 1)),
    track_lot BIGINT NOT NULL DEFAULT 0 CHECK (track_lot IN (0, 1)),
    track_expiry BIGINT NOT NULL DEFAULT 0 CHECK (track_expiry IN (0, 1)),
    un_number BIGINT,
    lithium TEXT CHECK (lithium IN ('ion_alone', 'ion_with_equipment', 'metal_alone', 'metal_with_equipment')),
    dangerous BIGINT NOT NULL DEFAULT 0 CHECK (dangerous IN (0, 1)),
    hs_code TEXT,
    origin TEXT,
    customs_value_minor BIGINT,
    customs_currency TEXT,
    adult_signature BIGINT NOT NULL DEFAULT 0 CHECK (adult_signature IN (0, 1)),
    temperature_min_c BIGINT,
    temperature_max_c BIGINT,
    fragile BIGINT NOT NULL DEFAULT 0 CHECK (fragile IN (0, 1)),
    picture TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, sku)
);

CREATE TABLE barcodes (
    product TEXT NOT NULL REFERENCES products (id),
    site TEXT NOT NULL REFERENCES sites (id),
    code TEXT NOT NULL,
    units BIGINT NOT NULL CHECK (units > 0),
    PRIMARY KEY (site, code)
);
CREATE INDEX barcodes_product ON barcodes (product);

CREATE TABLE substitutes (
    product TEXT NOT NULL REFERENCES products (id),
    substitute TEXT NOT NULL REFERENCES products (id),
    PRIMARY KEY (product, substitute),
    CHECK (product <> substitute)
);

CREATE TABLE packagings (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('box', 'envelope')),
    length_mm BIGINT NOT NULL CHECK (length_mm > 0),
    width_mm BIGINT NOT NULL CHECK (width_mm > 0),
    height_mm BIGINT NOT NULL CHECK (height_mm > 0),
    tare_g BIGINT NOT NULL CHECK (tare_g >= 0),
    max_g BIGINT NOT NULL CHECK (max_g > 0),
    on_hand BIGINT NOT NULL DEFAULT 1 CHECK (on_hand IN (0, 1)),
    version BIGINT NOT NULL DEFAULT 1,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, code)
);

CREATE TABLE locations (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    code TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('bin', 'consolidation', 'tote', 'put_wall_slot', 'dock')),
    aisle_name TEXT NOT NULL DEFAULT '',
    bay BIGINT NOT NULL DEFAULT 0,
    level BIGINT NOT NULL DEFAULT 0,
    side TEXT NOT NULL DEFAULT 'left' CHECK (side IN ('left', 'right')),
    x_mm BIGINT NOT NULL DEFAULT 0,
    y_mm BIGINT NOT NULL DEFAULT 0,
    walk_rank BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, code)
);

-- The key of a balance: lot, expiry and serial are '' where there is none, because NULLs never equal each other.
-- quantity may fall below zero: a shelf that gave more than the book said is a fact, and a count task sets it right.
CREATE TABLE stock_levels (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    location TEXT NOT NULL REFERENCES locations (id),
    product TEXT NOT NULL REFERENCES products (id),
    lot TEXT NOT NULL DEFAULT '',
    expiry TEXT NOT NULL DEFAULT '',
    serial TEXT NOT NULL DEFAULT '',
    condition TEXT NOT NULL DEFAULT 'good',
    owner TEXT NOT NULL DEFAULT '',
    quantity BIGINT NOT NULL,
    held BIGINT NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, location, product, lot, expiry, serial, condition, owner)
);
CREATE INDEX stock_levels_product ON stock_levels (product);

CREATE TABLE stock_movements (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    level TEXT NOT NULL REFERENCES stock_levels (id),
    kind TEXT NOT NULL CHECK (kind IN ('receive', 'allocate', 'release', 'pick', 'unpick', 'ship', 'transfer', 'count',
        'adjust', 'return', 'consume')),
    quantity BIGINT NOT NULL CHECK (quantity <> 0),
    at_ms BIGINT NOT NULL,
    ref_kind TEXT NOT NULL,
    ref_id TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL
);
CREATE INDEX stock_movements_level ON stock_movements (level);
CREATE INDEX stock_movements_ref ON stock_movements (ref_id);

-- A serial number leaves once. The row is the proof, whoever asks.
CREATE TABLE serials (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    product TEXT NOT NULL REFERENCES products (id),
    serial TEXT NOT NULL,
    fulfillment TEXT NOT NULL,
    parcel BIGINT,
    used_ms BIGINT NOT NULL,
    UNIQUE (product, serial)
);
CREATE INDEX serials_fulfillment ON serials (fulfillment);
