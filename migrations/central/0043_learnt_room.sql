-- Why: the room that a product nobody measured takes at most was reckoned from up to 200 parcels for every product that a station pulled.
-- It is reckoned once now, with the guess of its sides, and stands beside them.
ALTER TABLE products ADD COLUMN guess_volume_mm3 BIGINT CHECK (guess_volume_mm3 > 0);

-- What was guessed before is looked at once more. Until then stations take the sides as the room.
INSERT INTO size_due (product, site, due_ms)
SELECT p.id, p.site, 0 FROM products p WHERE p.guess_length_mm IS NOT NULL AND p.length_mm IS NULL AND p.guess_dropped = 0
ON CONFLICT (product) DO NOTHING;
