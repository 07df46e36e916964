-- Why: a manifest that was closed too early, or whose lorry never came, is taken back on the same day. It says how often that was done,
-- when, by whom and why the last time; reopen_reason is a word of a closed list, reopen_note what a person typed besides.
ALTER TABLE manifests ADD COLUMN reopened BIGINT NOT NULL DEFAULT 0;
ALTER TABLE manifests ADD COLUMN reopened_ms BIGINT;
ALTER TABLE manifests ADD COLUMN reopened_by_kind TEXT;
ALTER TABLE manifests ADD COLUMN reopened_by TEXT;
ALTER TABLE manifests ADD COLUMN reopen_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE manifests ADD COLUMN reopen_note TEXT NOT NULL DEFAULT '';
-- A program told something of the parcel after it left: then the carrier has it, and its manifest stays closed.
ALTER TABLE parcels ADD COLUMN carrier_told_ms BIGINT;
