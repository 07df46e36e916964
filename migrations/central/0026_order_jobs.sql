-- Why: the office does one thing to all orders that fit a filter, thousands at once. Each order is still its own transaction with its
-- own answer, and what a cut-off server left is gone on with: the orders of a job and how it ended for each are kept here. The
-- job is over when no order waits; it can be taken back once, by a job that names it. Jobs go after a week.

CREATE TABLE order_jobs (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL REFERENCES sites (id),
    owner TEXT NOT NULL REFERENCES users (id),
    action TEXT NOT NULL CHECK (action IN ('hold', 'let_go', 'first', 'in_turn', 'assign', 'call_off')),
    station TEXT REFERENCES stations (id),
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'failed')),
    orders_all BIGINT NOT NULL,
    takes_back TEXT REFERENCES order_jobs (id),
    created_ms BIGINT NOT NULL,
    finished_ms BIGINT
);
CREATE INDEX order_jobs_owner ON order_jobs (site, owner, created_ms, id);
CREATE INDEX order_jobs_age ON order_jobs (site, created_ms);
CREATE UNIQUE INDEX order_jobs_taken_back ON order_jobs (takes_back) WHERE takes_back IS NOT NULL;

CREATE TABLE order_job_orders (
    job TEXT NOT NULL REFERENCES order_jobs (id),
    place BIGINT NOT NULL,
    order_id TEXT NOT NULL REFERENCES orders (id),
    outcome TEXT NOT NULL DEFAULT 'waiting' CHECK (outcome IN ('waiting', 'done', 'recalled', 'refused')),
    why TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (job, place)
);
CREATE INDEX order_job_orders_outcome ON order_job_orders (job, outcome, place);
CREATE INDEX order_job_orders_order ON order_job_orders (order_id);
