-- Why: the queue is ranked by the carrier's next pick-up, so it must know who takes each piece of work away without reading
-- whole records. Work that is here already takes it from its record.
ALTER TABLE work ADD COLUMN carrier TEXT NOT NULL DEFAULT '';
ALTER TABLE work ADD COLUMN service TEXT NOT NULL DEFAULT '';
UPDATE work SET
    carrier = COALESCE((SELECT r.body ->> '$.carrier.carrier_id' FROM record r
        WHERE r.kind = 'fulfillment' AND r.id = work.fulfillment), ''),
    service = COALESCE((SELECT r.body ->> '$.carrier.service' FROM record r
        WHERE r.kind = 'fulfillment' AND r.id = work.fulfillment), '');
