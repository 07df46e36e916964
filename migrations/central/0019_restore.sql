-- Why: a restored database does not know what happened after its backup was taken. It begins a new epoch: stations notice by the
-- name of the stream, give again what it lacks, and until each of them was heard nobody is given work that another may have done.
-- restored_from_ms is when the backup was taken; heard_epoch the newest epoch in which a station had nothing left to give.

ALTER TABLE sites ADD COLUMN epoch BIGINT NOT NULL DEFAULT 1;
ALTER TABLE sites ADD COLUMN restored_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN restored_from_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stations ADD COLUMN heard_epoch BIGINT NOT NULL DEFAULT 1;
