-- Why: several products are sold as one, under one price. A kit is never stock: whoever buys one is sold its parts. What a kit is
-- made of may change; what was sold does not, so an order keeps the kit's price and parts as they were, and each of its lines knows
-- the kit it came from.
CREATE TABLE kit_parts (
    kit TEXT NOT NULL REFERENCES products (id),
    product TEXT NOT NULL REFERENCES products (id),
    units BIGINT NOT NULL CHECK (units > 0),
    PRIMARY KEY (kit, product),
    CHECK (kit <> product)
);
CREATE INDEX kit_parts_product ON kit_parts (product);

-- kit_no is unique among the kits and lines of its order. parts is JSON: product, units in one kit, and weight of its share.
CREATE TABLE order_kits (
    order_id TEXT NOT NULL REFERENCES orders (id),
    kit_no BIGINT NOT NULL,
    product TEXT NOT NULL REFERENCES products (id),
    name TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    unit_price_minor BIGINT NOT NULL,
    tax_rate_bp BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    parts TEXT NOT NULL,
    PRIMARY KEY (order_id, kit_no)
);
ALTER TABLE order_lines ADD COLUMN kit_no BIGINT;
