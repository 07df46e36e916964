-- Why: returns that are on their way are told to the stations, which take them in by scan. Those that were asked for before this
-- version get their place in the stream here, or no station would ever hear of them.
INSERT INTO changes (site, kind, record, gseq, station, gone)
    SELECT r.site, 'return', r.id, s.gseq + ROW_NUMBER() OVER (PARTITION BY r.site ORDER BY r.id), '', 0
    FROM returns r JOIN sites s ON s.id = r.site WHERE r.state <> 'closed' AND r.order_id IS NOT NULL;
UPDATE sites SET gseq = gseq + (SELECT COUNT(*) FROM changes c WHERE c.site = sites.id AND c.kind = 'return');
