-- Why: a stage tells the customer by itself that the order came into it, instead of a clerk who forgets to write. mail is the word of a
-- kind of messages, or empty; a sub-status has its own in the JSON of subs. A message knows which stage and sub-status queued it, so that
-- it is taken back when the order leaves before it is sent; taken_by is the move that did so, so that taking the move back sends it after all.

ALTER TABLE pipeline_stages ADD COLUMN mail TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN by_stage TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN by_sub TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN taken_by TEXT NOT NULL DEFAULT '';
