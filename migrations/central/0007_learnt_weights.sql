-- Why: the weight of a product is learnt from parcels that passed the scale by themselves. A sample is one such parcel's
-- word on one product; few are kept per product. weight_refused_g is the learnt weight that a lead turned down last, so
-- that the same question is not asked again with every parcel.

CREATE TABLE weight_samples (
    event_id TEXT PRIMARY KEY,
    product TEXT NOT NULL REFERENCES products (id),
    unit_g BIGINT NOT NULL CHECK (unit_g > 0),
    units BIGINT NOT NULL CHECK (units > 0),
    received_ms BIGINT NOT NULL
);
CREATE INDEX weight_samples_product ON weight_samples (product, received_ms, event_id);

ALTER TABLE products ADD COLUMN weight_refused_g BIGINT;
