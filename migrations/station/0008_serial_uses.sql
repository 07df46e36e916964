-- Why: the server takes the use of a serial number back when a scan is undone, an order is called off or a unit comes home, and
-- names the use by its id. A station that does not keep the id can never free the number again, and one that does not know whose
-- use it is refuses a unit of the very order on its bench.
ALTER TABLE serial ADD COLUMN id BYTEA;
ALTER TABLE serial ADD COLUMN fulfillment BYTEA;
-- Which snapshot of the server named it last, as for the other records.
ALTER TABLE serial ADD COLUMN snapshot BYTEA;
CREATE INDEX serial_id ON serial (id);

-- What is stored so far has no id: the next pull begins anew and brings them all.
DELETE FROM meta WHERE key = 'cursor';
