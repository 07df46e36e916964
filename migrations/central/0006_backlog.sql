-- Why: people must see how far central's picture of a bench is behind. A station tells with every push and pull how many of
-- its facts wait and how old the oldest is; a station of an older version does not tell, so whether it ever did is kept too.

ALTER TABLE stations ADD COLUMN waiting_events BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stations ADD COLUMN waiting_told_ms BIGINT NOT NULL DEFAULT 0;
