-- Why: programs are told of orders that change instead of asking again and again. What is to be told is written in the transaction of
-- the change, so nothing is told that did not happen and nothing that happened is left out. The secret is stored as it is, because
-- the server signs with it; previous_secret signs beside it until previous_until_ms, so that a receiver can change over.
CREATE TABLE webhook_endpoints (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    url TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    events TEXT NOT NULL,
    secret TEXT NOT NULL,
    previous_secret TEXT NOT NULL DEFAULT '',
    previous_until_ms BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'enabled' CHECK (state IN ('enabled', 'disabled', 'gone')),
    lost_ms BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_site ON webhook_endpoints (site, state, id);

-- One message for one endpoint. payload is JSON and holds no personal data. attempts counts what was tried; next_ms is when the next
-- try is due.
CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY,
    endpoint TEXT NOT NULL REFERENCES webhook_endpoints (id),
    kind TEXT NOT NULL,
    record TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts BIGINT NOT NULL DEFAULT 0,
    next_ms BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint, state, next_ms, id);
CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (endpoint, created_ms, id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_ms);

-- What each try met: the status of the answer, or a word for what went wrong.
CREATE TABLE webhook_attempts (
    delivery TEXT NOT NULL REFERENCES webhook_deliveries (id),
    no BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    status BIGINT,
    fault TEXT,
    PRIMARY KEY (delivery, no)
);
