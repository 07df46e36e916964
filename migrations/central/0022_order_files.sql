-- Why: what belongs to an order lies with it, not in somebody's mail. A file is named by its content and lies beside the photos; the
-- row says what it is and whose order it is. Every look is in the audit.

CREATE TABLE order_files (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    order_id TEXT NOT NULL REFERENCES orders (id),
    hash TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL CHECK (media_type IN ('application/pdf', 'image/png', 'image/jpeg')),
    size_bytes BIGINT NOT NULL CHECK (size_bytes > 0),
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE INDEX order_files_order ON order_files (order_id, at_ms, id);
CREATE INDEX order_files_hash ON order_files (hash);
