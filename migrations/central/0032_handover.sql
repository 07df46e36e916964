-- Why: parcels leave the house. A manifest lists the parcels that one carrier takes along; when it is closed they have left, and the
-- counters, the customer and the carrier's paper follow from it. A parcel is on one manifest in its life: the key of
-- manifest_parcels keeps it from leaving twice, whoever scans and closes at the same moment. pickup_ms is the pick-up that was next
-- when the manifest was opened, where the carrier has any.
CREATE TABLE manifests (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    number TEXT NOT NULL,
    carrier TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    pickup_ms BIGINT,
    driver TEXT NOT NULL DEFAULT '',
    parcels BIGINT NOT NULL DEFAULT 0 CHECK (parcels >= 0),
    opened_by_kind TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_ms BIGINT NOT NULL,
    closed_by_kind TEXT,
    closed_by TEXT,
    closed_ms BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, number)
);
-- One manifest of a carrier is open at a time: who scans never has to say which.
CREATE UNIQUE INDEX manifests_open ON manifests (site, carrier) WHERE state = 'open';
CREATE INDEX manifests_listed ON manifests (site, opened_ms, id);
CREATE INDEX manifests_state ON manifests (site, state, opened_ms, id);

CREATE TABLE manifest_parcels (
    fulfillment TEXT NOT NULL REFERENCES fulfillments (id),
    parcel BIGINT NOT NULL,
    manifest TEXT NOT NULL REFERENCES manifests (id),
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (fulfillment, parcel)
);
CREATE INDEX manifest_parcels_of ON manifest_parcels (manifest, at_ms, fulfillment, parcel);

-- tracking_url is the carrier's own address of this parcel; where it is empty, that of the carrier (tracking_links) holds.
ALTER TABLE parcels ADD COLUMN tracking_url TEXT NOT NULL DEFAULT '';
ALTER TABLE parcels ADD COLUMN shipped_ms BIGINT;
ALTER TABLE parcels ADD COLUMN delivered_ms BIGINT;
ALTER TABLE sites ADD COLUMN manifest_next BIGINT NOT NULL DEFAULT 1;
-- What waits for a carrier is found without reading what left long ago.
CREATE INDEX fulfillments_packed ON fulfillments (site, packed_ms, id) WHERE state = 'packed';

-- Until now the mail "shipped" said that an order is packed, because nothing told when it left. It keeps its texts under its right
-- name; a site that sent it goes on sending it until somebody unticks it, for new sites it is off.
UPDATE messages SET kind = 'packed' WHERE kind = 'shipped';
UPDATE messages SET kind = 'partly_packed' WHERE kind = 'partly_shipped';
UPDATE message_templates SET kind = 'packed' WHERE kind = 'shipped';
UPDATE message_templates SET kind = 'partly_packed' WHERE kind = 'partly_shipped';
UPDATE message_rules SET kind = 'packed' WHERE kind = 'shipped';
UPDATE message_rules SET kind = 'partly_packed' WHERE kind = 'partly_shipped';
INSERT INTO message_rules (site, kind, active, delay_ms, updated_ms)
    SELECT DISTINCT site, 'packed', 1, 120000, 0 FROM messages WHERE kind IN ('packed', 'partly_packed')
    ON CONFLICT (site, kind) DO NOTHING;
INSERT INTO message_rules (site, kind, active, delay_ms, updated_ms)
    SELECT DISTINCT site, 'partly_packed', 1, 120000, 0 FROM messages WHERE kind IN ('packed', 'partly_packed')
    ON CONFLICT (site, kind) DO NOTHING;
