-- Why: the server asks for unstarted work back when another station could do it sooner. For that it must know which station
-- found nothing to do at its last exchange, and how fast each one works; and a station that gave work back on request must
-- not be given the same work again before the one it is meant for has asked.

ALTER TABLE stations ADD COLUMN rate_per_hour BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stations ADD COLUMN starving_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE recalls ADD COLUMN done_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX recalls_fulfillment ON recalls (fulfillment, done);
