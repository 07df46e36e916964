-- Why: returns that an import brought in are taken in at benches as those that were made here. Those of the last 180 days (by the newest
-- change of an order) that are on their way get their place in the stream here; what is older is history, and stays the office's.
INSERT INTO changes (site, kind, record, gseq, station, gone)
    SELECT r.site, 'return', r.id, s.gseq + ROW_NUMBER() OVER (PARTITION BY r.site ORDER BY r.id), '', 0
    FROM returns r JOIN sites s ON s.id = r.site WHERE r.state <> 'closed' AND r.order_id IS NULL
    AND r.at_ms > (SELECT COALESCE(MAX(o.updated_ms), 0) FROM orders o WHERE o.site = r.site) - 15552000000
    AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.site = r.site AND c.kind = 'return' AND c.record = r.id);
UPDATE sites SET gseq = COALESCE((SELECT MAX(c.gseq) FROM changes c WHERE c.site = sites.id AND c.gseq > sites.gseq), gseq);
