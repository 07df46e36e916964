-- Why: a site draws its warehouse itself. A layout is a text, the small file that tours are planned on; a change is a new version, and
-- the older ones stay to be looked at and taken up again. Stations get the newest one with the site's settings. The unit is the one
-- that lengths are typed in; what is stored is millimetres.
CREATE TABLE warehouse_layouts (
    site TEXT NOT NULL REFERENCES sites (id),
    version BIGINT NOT NULL CHECK (version > 0),
    plan TEXT NOT NULL,
    unit TEXT NOT NULL CHECK (unit IN ('mm', 'cm')),
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (site, version)
);
