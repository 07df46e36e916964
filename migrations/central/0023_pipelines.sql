-- Why: the office moves orders through a business process of its own, beside the three axes that money and work set. A pipeline is
-- that process, its stages are the columns of the board, and all of it is data. A stage may follow what happens at the benches, may
-- demand facts before an order enters, and may bound how many are in it. Names are JSON, one text a language.

CREATE TABLE pipelines (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    code TEXT NOT NULL,
    names TEXT NOT NULL,
    takes TEXT NOT NULL DEFAULT '' CHECK (takes IN ('', 'all', 'b2b', 'b2c')),
    position BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    updated_ms BIGINT NOT NULL,
    UNIQUE (site, code)
);

-- follows is the word of what work says that brings an order here by itself; by_work keeps hands out. needs are words of facts, apart
-- by blanks. subs is a JSON array of codes with names. wip_limit 0 is none. done takes an order off what is open on the board.
CREATE TABLE pipeline_stages (
    id TEXT PRIMARY KEY,
    pipeline TEXT NOT NULL REFERENCES pipelines (id),
    code TEXT NOT NULL,
    names TEXT NOT NULL,
    position BIGINT NOT NULL,
    look TEXT NOT NULL DEFAULT 'plain' CHECK (look IN ('plain', 'now', 'ok', 'decide', 'stop')),
    wip_limit BIGINT NOT NULL DEFAULT 0 CHECK (wip_limit >= 0),
    follows TEXT NOT NULL DEFAULT '',
    by_work BIGINT NOT NULL DEFAULT 0 CHECK (by_work IN (0, 1)),
    needs TEXT NOT NULL DEFAULT '',
    subs TEXT NOT NULL DEFAULT '[]',
    done BIGINT NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
    remind_after_min BIGINT NOT NULL DEFAULT 0 CHECK (remind_after_min >= 0),
    updated_ms BIGINT NOT NULL,
    UNIQUE (pipeline, code)
);

-- Where an order is. fact is what work said when this was last looked at; back is the stage it was in before it was held. The sort
-- columns and those that lanes are made of are copies, so that a column of a hundred thousand cards is read by an index alone: in a
-- stage that is done sort_due_ms is the negative of since_ms, so that the newest stands first.
CREATE TABLE order_places (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    site TEXT NOT NULL,
    pipeline TEXT NOT NULL,
    stage TEXT NOT NULL REFERENCES pipeline_stages (id),
    sub TEXT NOT NULL DEFAULT '',
    note TEXT,
    fact TEXT NOT NULL,
    back TEXT NOT NULL DEFAULT '',
    by_hand BIGINT NOT NULL DEFAULT 0 CHECK (by_hand IN (0, 1)),
    since_ms BIGINT NOT NULL,
    sort_rank BIGINT NOT NULL,
    sort_due_ms BIGINT NOT NULL,
    buyer TEXT NOT NULL,
    shipping TEXT NOT NULL,
    category TEXT NOT NULL DEFAULT '',
    calls BIGINT NOT NULL DEFAULT 0,
    remind_ms BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX order_places_column ON order_places (stage, sort_rank, sort_due_ms, order_id);
CREATE INDEX order_places_since ON order_places (stage, since_ms);
CREATE INDEX order_places_buyer ON order_places (stage, buyer, sort_rank, sort_due_ms, order_id);
CREATE INDEX order_places_shipping ON order_places (stage, shipping, sort_rank, sort_due_ms, order_id);
CREATE INDEX order_places_category ON order_places (stage, category, sort_rank, sort_due_ms, order_id);
CREATE INDEX order_places_remind ON order_places (site, remind_ms, order_id) WHERE remind_ms IS NOT NULL;

-- Every step from stage to stage. It says how long orders stay, and what an undo goes back to.
CREATE TABLE stage_moves (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    from_stage TEXT NOT NULL,
    from_sub TEXT NOT NULL,
    from_note TEXT,
    from_since_ms BIGINT NOT NULL,
    to_stage TEXT NOT NULL,
    to_sub TEXT NOT NULL,
    by_hand BIGINT NOT NULL CHECK (by_hand IN (0, 1)),
    undone BIGINT NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE INDEX stage_moves_order ON stage_moves (order_id, at_ms, id);
CREATE INDEX stage_moves_from ON stage_moves (from_stage, at_ms);

-- What somebody is to think of. person is empty for whoever looks; made_by names the move that set it, empty where a person did.
CREATE TABLE reminders (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    order_id TEXT NOT NULL REFERENCES orders (id),
    due_ms BIGINT NOT NULL,
    person TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    made_by TEXT NOT NULL DEFAULT '',
    done_ms BIGINT,
    done_by TEXT,
    created_ms BIGINT NOT NULL
);
CREATE INDEX reminders_order ON reminders (order_id, due_ms, id);
CREATE INDEX reminders_due ON reminders (site, due_ms, id) WHERE done_ms IS NULL;

-- Calls with customers: when, by whom, how it ended. The note is personal data.
CREATE TABLE order_calls (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    at_ms BIGINT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('answered', 'no_answer', 'busy', 'wrong_number', 'call_back')),
    note TEXT NOT NULL DEFAULT '',
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX order_calls_order ON order_calls (order_id, at_ms, id);

-- That a customer has it, where no carrier says so by itself.
CREATE TABLE order_deliveries (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    at_ms BIGINT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);
