//! Very many orders of real shape: the whole Online Retail file, multiplied with shifted dates and new numbers, most of them over and
//! a month of them open, as at a site that has worked for long.

use packbench::core::time::UtcMs;
use packbench::sql::{Conn, Engine};

/// 2011-12-10: the day after the last of the file.
pub const NOW: UtcMs = UtcMs(1_323_500_000_000);

/// Copies of the imported orders with their lines, each a week before the one before; then most are over.
pub fn multiply(conn: &mut dyn Conn, wanted: i64) -> i64 {
    if conn.engine() == Engine::Postgres {
        conn.batch("SET statement_timeout = 0").expect("time for large statements");
    }
    let mut all = conn.int("SELECT COUNT(*) FROM orders", &[]).expect("a count");
    let mut copy: i64 = 0;
    while all < wanted {
        copy += 1;
        let shift = copy * 7 * 24 * 60 * 60 * 1000;
        let limit = wanted - all;
        let text = format!(
            "INSERT INTO orders (id, site, number, customer, placed_ms, status, payment_status, fulfillment_status, currency, \
             total_minor, paid_minor, units, country, country_text, note, rush, carrier, service, ship_by_ms, source, search, \
             is_open, updated_ms) SELECT id || '.{copy}', site, number || '.{copy}', customer, placed_ms - {shift}, status, \
             payment_status, fulfillment_status, currency, total_minor, paid_minor, units, country, country_text, note, rush, \
             carrier, service, ship_by_ms - {shift}, source, LOWER(number) || '.{copy}', is_open, updated_ms \
             FROM orders WHERE number NOT LIKE '%.%' ORDER BY id LIMIT {limit}"
        );
        conn.begin().expect("a transaction");
        conn.exec(&text, &[]).expect("copies");
        conn.exec(
            &format!(
                "INSERT INTO order_lines (order_id, line_no, product, service, quantity, unit_price_minor) SELECT \
                 l.order_id || '.{copy}', l.line_no, l.product, l.service, l.quantity, l.unit_price_minor FROM order_lines l \
                 JOIN orders o ON o.id = l.order_id || '.{copy}'"
            ),
            &[],
        )
        .expect("their lines");
        conn.commit().expect("a commit");
        all = conn.int("SELECT COUNT(*) FROM orders", &[]).expect("a count");
    }
    let month_ago = NOW.0 - 31 * 24 * 60 * 60 * 1000;
    conn.begin().expect("a transaction");
    for text in [
        format!("UPDATE orders SET status = 'closed', is_open = 0, fulfillment_status = 'shipped' WHERE placed_ms < {month_ago}"),
        "UPDATE orders SET payment_status = CASE WHEN total_minor % 997 = 0 THEN 'failed' WHEN total_minor % 13 = 0 THEN 'none' \
         ELSE 'paid' END"
            .to_owned(),
        "UPDATE orders SET rush = 1 WHERE units % 50 = 7".to_owned(),
    ] {
        conn.exec(&text, &[]).expect("the state of a site that has worked for long");
    }
    conn.commit().expect("a commit");
    if conn.engine() == Engine::Postgres {
        // What its own housekeeping does by itself after a while.
        conn.batch("VACUUM ANALYZE").expect("housekeeping");
    }
    all
}
