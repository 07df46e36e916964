-- Why: what customers bought. Three independent axes (status, payment, fulfillment), never one status word. The counters
-- of a line are kept in order by the database itself, so no path of the program can ship what was not packed.

CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    number TEXT,
    name TEXT NOT NULL DEFAULT '',
    search TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL CHECK (kind IN ('person', 'business', 'guest')),
    vip BIGINT NOT NULL DEFAULT 0 CHECK (vip IN (0, 1)),
    paper_invoice BIGINT NOT NULL DEFAULT 0 CHECK (paper_invoice IN (0, 1)),
    country TEXT,
    address TEXT,
    phone TEXT,
    first_order_ms BIGINT,
    erased_ms BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, number)
);

-- ship_to is JSON and NULL where the customer's own address holds. total_minor sums the lines.
CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    number TEXT NOT NULL,
    customer TEXT NOT NULL REFERENCES customers (id),
    placed_ms BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'placed', 'cancelled', 'closed')),
    payment_status TEXT NOT NULL CHECK (payment_status IN ('none', 'authorized', 'partially_paid', 'paid',
        'partially_refunded', 'refunded', 'overcharged', 'voided', 'failed')),
    fulfillment_status TEXT NOT NULL CHECK (fulfillment_status IN ('unfulfilled', 'in_progress', 'packed',
        'partially_shipped', 'shipped', 'delivered', 'cancelled', 'nothing_to_ship')),
    currency TEXT NOT NULL,
    total_minor BIGINT NOT NULL,
    paid_minor BIGINT NOT NULL DEFAULT 0,
    units BIGINT NOT NULL DEFAULT 0,
    country TEXT,
    country_text TEXT NOT NULL DEFAULT '',
    ship_to TEXT,
    note TEXT,
    gift BIGINT NOT NULL DEFAULT 0 CHECK (gift IN (0, 1)),
    gift_message TEXT,
    flag_fraud BIGINT NOT NULL DEFAULT 0 CHECK (flag_fraud IN (0, 1)),
    flag_address BIGINT NOT NULL DEFAULT 0 CHECK (flag_address IN (0, 1)),
    flag_unpaid BIGINT NOT NULL DEFAULT 0 CHECK (flag_unpaid IN (0, 1)),
    rush BIGINT NOT NULL DEFAULT 0 CHECK (rush IN (0, 1)),
    expedited_by TEXT,
    expedited_ms BIGINT,
    carrier TEXT NOT NULL DEFAULT 'house',
    service TEXT NOT NULL DEFAULT 'parcel',
    route TEXT NOT NULL DEFAULT '',
    ship_by_ms BIGINT,
    ship_policy TEXT NOT NULL DEFAULT 'complete' CHECK (ship_policy IN ('complete', 'partial')),
    invoice_no TEXT,
    source TEXT NOT NULL,
    search TEXT NOT NULL,
    cancelled_ms BIGINT,
    cancel_reason TEXT NOT NULL DEFAULT '',
    is_open BIGINT NOT NULL CHECK (is_open IN (0, 1)),
    version BIGINT NOT NULL DEFAULT 1,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, number)
);
CREATE INDEX orders_placed ON orders (site, placed_ms, id);
CREATE INDEX orders_open ON orders (site, is_open, placed_ms, id);
CREATE INDEX orders_customer ON orders (customer);

-- name is what the order called the product, NULL where that is the product's own name.
CREATE TABLE order_lines (
    order_id TEXT NOT NULL REFERENCES orders (id),
    line_no BIGINT NOT NULL,
    product TEXT NOT NULL REFERENCES products (id),
    service BIGINT NOT NULL CHECK (service IN (0, 1)),
    name TEXT,
    quantity BIGINT NOT NULL CHECK (quantity <> 0),
    unit_price_minor BIGINT NOT NULL,
    tax_rate_bp BIGINT NOT NULL DEFAULT 0,
    gift_wrap BIGINT NOT NULL DEFAULT 0 CHECK (gift_wrap IN (0, 1)),
    note TEXT,
    picked BIGINT NOT NULL DEFAULT 0,
    verified BIGINT NOT NULL DEFAULT 0 CHECK (verified >= 0),
    packed BIGINT NOT NULL DEFAULT 0,
    shipped BIGINT NOT NULL DEFAULT 0,
    delivered BIGINT NOT NULL DEFAULT 0,
    short BIGINT NOT NULL DEFAULT 0 CHECK (short >= 0),
    return_requested BIGINT NOT NULL DEFAULT 0 CHECK (return_requested >= 0),
    returned BIGINT NOT NULL DEFAULT 0 CHECK (returned >= 0),
    written_off BIGINT NOT NULL DEFAULT 0 CHECK (written_off >= 0),
    PRIMARY KEY (order_id, line_no),
    CHECK (service = 1 OR quantity > 0),
    CHECK (0 <= delivered AND delivered <= shipped AND shipped <= packed AND packed <= picked
        AND (picked <= quantity OR (service = 1 AND picked = 0)))
);

-- Money as it came and went; an order's payment_status is derived from it and never set by hand.
CREATE TABLE payments (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    kind TEXT NOT NULL CHECK (kind IN ('authorize', 'void', 'capture', 'refund', 'fail')),
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    currency TEXT NOT NULL,
    method TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL
);
CREATE INDEX payments_order ON payments (order_id);

-- A return may answer several orders or none that is known: the link stands on its lines.
CREATE TABLE returns (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    number TEXT NOT NULL,
    customer TEXT NOT NULL REFERENCES customers (id),
    at_ms BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'received', 'closed')),
    total_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, number)
);

CREATE TABLE return_lines (
    return_id TEXT NOT NULL REFERENCES returns (id),
    line_no BIGINT NOT NULL,
    product TEXT NOT NULL REFERENCES products (id),
    service BIGINT NOT NULL CHECK (service IN (0, 1)),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    unit_price_minor BIGINT NOT NULL,
    order_id TEXT,
    order_line BIGINT,
    name TEXT,
    PRIMARY KEY (return_id, line_no)
);
CREATE INDEX return_lines_order ON return_lines (order_id);

-- What an import brought in, by the hash of its file: the same file again is known before a row is read.
CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    kind TEXT NOT NULL,
    file_hash BYTEA NOT NULL,
    report TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    UNIQUE (site, kind, file_hash)
);
