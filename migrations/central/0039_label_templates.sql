-- Why: a site lays out its own labels. A template is a text; a change is a new version, and the older ones stay to be looked at and
-- taken up again. An empty text says that the bundled template of that name holds again; where there is none, that it was taken away.
CREATE TABLE label_templates (
    site TEXT NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    text TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (site, name, version)
);
