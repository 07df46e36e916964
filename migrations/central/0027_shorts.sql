-- Why: the table of orders says of every row how many units are missing. Few lines ever miss any, so what is read for that must not be
-- all lines of the orders of a page: the largest orders have hundreds.

CREATE INDEX order_lines_short ON order_lines (order_id, short) WHERE short > 0;
