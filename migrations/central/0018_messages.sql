-- Why: customers are told by mail what becomes of their orders, and look at a page of their own instead of calling. A message is
-- written in the transaction of what it tells, waits until next_ms so that a mistaken click can be taken back, and is sent by the
-- server afterwards. Templates are texts with names in braces; a change is a new version, and the older ones stay.

ALTER TABLE customers ADD COLUMN language TEXT NOT NULL DEFAULT '' CHECK (language IN ('', 'en', 'es', 'ms', 'ru'));

-- Where no row is, the text the program ships with holds.
CREATE TABLE message_templates (
    site TEXT NOT NULL REFERENCES sites (id),
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (site, kind, language, version)
);

-- Which kinds go out by themselves, and how long each can be taken back. Where no row is, what the program ships with holds.
CREATE TABLE message_rules (
    site TEXT NOT NULL REFERENCES sites (id),
    kind TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    delay_ms BIGINT NOT NULL CHECK (delay_ms >= 0),
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (site, kind)
);

-- Where a carrier shows how far a parcel is: an address with {number} in it.
CREATE TABLE tracking_links (
    site TEXT NOT NULL REFERENCES sites (id),
    carrier TEXT NOT NULL,
    url TEXT NOT NULL,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (site, carrier)
);

-- recipient, subject and body are empty until the first try, unless a person wrote them (written), and again when they are old:
-- they hold personal data. next_ms is when the next try is due; of one that is being sent, when it is taken for lost. fresh_ms is
-- when it was queued, or a person asked for it again: what waits for too long after it is given up. A message without an order
-- tries the mail server or a template out.
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    order_id TEXT REFERENCES orders (id),
    kind TEXT NOT NULL,
    part TEXT REFERENCES fulfillments (id),
    language TEXT NOT NULL,
    written BIGINT NOT NULL CHECK (written IN (0, 1)),
    recipient TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT '',
    message_id TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'given_up', 'taken_back')),
    tries BIGINT NOT NULL DEFAULT 0,
    next_ms BIGINT NOT NULL,
    fault TEXT NOT NULL DEFAULT '',
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    fresh_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
CREATE INDEX messages_due ON messages (site, next_ms, id) WHERE state IN ('queued', 'sending', 'failed');
CREATE INDEX messages_order ON messages (order_id, created_ms, id);
CREATE INDEX messages_listed ON messages (site, created_ms, id);
CREATE INDEX messages_state ON messages (site, state, created_ms, id);
CREATE INDEX messages_texts ON messages (site, created_ms) WHERE body <> '';

-- What each try met: the code of the mail server's answer or a word for what went wrong, and the answer's words.
CREATE TABLE message_tries (
    message TEXT NOT NULL REFERENCES messages (id),
    no BIGINT NOT NULL,
    site TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    status BIGINT,
    fault TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (message, no)
);
CREATE INDEX message_tries_when ON message_tries (site, at_ms);

-- The customer's page of an order: who knows the token sees it. It is stored as it is, so that a clerk can show the link again.
CREATE TABLE track_links (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    site TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    made_ms BIGINT NOT NULL
);
