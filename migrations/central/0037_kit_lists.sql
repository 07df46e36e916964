-- Why: what kits are made of is brought in as a list, too. A column's closed list of words cannot be changed on either engine, so the two
-- tables are made anew, with their rows.
CREATE TABLE sheet_imports_new (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    owner TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('orders', 'products', 'kits', 'customers', 'stock')),
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
CREATE TABLE sheet_faults_new (
    import TEXT NOT NULL REFERENCES sheet_imports_new (id),
    row_no BIGINT NOT NULL,
    field TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (import, row_no)
);
INSERT INTO sheet_imports_new (id, site, owner, kind, name, form, head, mapping, state, rows_all, units_all, units_done, units_bad,
    created_ms, finished_ms)
    SELECT id, site, owner, kind, name, form, head, mapping, state, rows_all, units_all, units_done, units_bad, created_ms, finished_ms
    FROM sheet_imports;
INSERT INTO sheet_faults_new (import, row_no, field, why) SELECT import, row_no, field, why FROM sheet_faults;
DROP TABLE sheet_faults;
DROP TABLE sheet_imports;
ALTER TABLE sheet_imports_new RENAME TO sheet_imports;
ALTER TABLE sheet_faults_new RENAME TO sheet_faults;
CREATE INDEX sheet_imports_owner ON sheet_imports (site, owner, created_ms, id);
CREATE INDEX sheet_imports_age ON sheet_imports (site, created_ms);
