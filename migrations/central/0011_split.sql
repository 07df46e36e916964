-- Why: an order can be split into parts that are packed apart, and a line's units can lie in several of them. What one part
-- has picked and packed must not count for another, so a split order counts per part here too; the order's own lines keep
-- the sums. An order of one part counts on its lines alone, as before.

ALTER TABLE fulfillment_lines ADD COLUMN picked BIGINT NOT NULL DEFAULT 0 CHECK (picked >= 0);
ALTER TABLE fulfillment_lines ADD COLUMN verified BIGINT NOT NULL DEFAULT 0 CHECK (verified >= 0);
ALTER TABLE fulfillment_lines ADD COLUMN packed BIGINT NOT NULL DEFAULT 0 CHECK (packed >= 0);
ALTER TABLE fulfillment_lines ADD COLUMN short BIGINT NOT NULL DEFAULT 0 CHECK (short >= 0);
