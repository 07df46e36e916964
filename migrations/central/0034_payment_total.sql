-- Why: the orders whose payment failed, the largest first, is what a clerk works off in the morning. Among a million orders such are some
-- thousands: too many to be gathered and sorted, too few to be met soon by walking all orders from the largest on.
CREATE INDEX orders_payment_total ON orders (site, payment_status, total_minor, id);
