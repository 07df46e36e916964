-- Why: the office brings its lists in by itself: orders, products, customers, stock. The row says how far a list came, so that a
-- server that was cut off goes on where it was and takes no row twice. Which column is which is remembered by the head of the
-- file. No cell of a list is kept here: rows that were not taken are told by number, field and reason.

CREATE TABLE sheet_imports (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    owner TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('orders', 'products', 'customers', 'stock')),
    name TEXT NOT NULL,
    form TEXT NOT NULL,
    head TEXT NOT NULL,
    mapping TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'trying', 'tried', 'running', 'done', 'stopped', 'failed')),
    rows_all BIGINT NOT NULL,
    units_all BIGINT NOT NULL DEFAULT 0,
    units_done BIGINT NOT NULL DEFAULT 0,
    units_bad BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL,
    finished_ms BIGINT
);
CREATE INDEX sheet_imports_owner ON sheet_imports (site, owner, created_ms, id);
CREATE INDEX sheet_imports_age ON sheet_imports (site, created_ms);

CREATE TABLE sheet_faults (
    import TEXT NOT NULL REFERENCES sheet_imports (id),
    row_no BIGINT NOT NULL,
    field TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (import, row_no)
);

CREATE TABLE sheet_mappings (
    site TEXT NOT NULL REFERENCES sites (id),
    kind TEXT NOT NULL,
    head_mark TEXT NOT NULL,
    mapping TEXT NOT NULL,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (site, kind, head_mark)
);
