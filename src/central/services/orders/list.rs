//! The list of orders: searched, filtered, fifty a page, newest first.

use crate::central::error::Res;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, desc};
use crate::vals;

/// Rows of one page.
pub const PAGE_ROWS: u32 = 50;

/// Which orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Beginning of a number, customer's number or name; or a whole SSCC.
    pub search: String,
    /// Only open ones.
    pub open: bool,
    /// One of the statuses, or empty.
    pub status: String,
    /// One of the fulfillment statuses, or empty.
    pub fulfillment: String,
    /// Who asks may see customers' personal data; else customers are their numbers, and a name finds nothing.
    pub personal: bool,
}

/// What stands for a customer `c`, for one who may see personal data and for one who may not.
pub(super) const fn customer_text(personal: bool) -> &'static str {
    if personal { "COALESCE(NULLIF(c.name, ''), c.number, '')" } else { "COALESCE(c.number, '')" }
}

/// An order in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// When it was placed, UTC ms.
    pub placed_ms: i64,
    /// Customer's number or name; empty for a guest.
    pub customer: String,
    /// Country as it came.
    pub country: String,
    /// First axis.
    pub status: String,
    /// Second axis.
    pub payment: String,
    /// Third axis.
    pub fulfillment: String,
    /// When it must have left, UTC ms.
    pub ship_by_ms: Option<i64>,
    /// Units.
    pub units: i64,
    /// Total, minor units.
    pub total_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Units packed of all.
    pub packed: i64,
    /// Units short.
    pub short: i64,
}

/// A page of orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderPage {
    /// Its rows.
    pub rows: Vec<OrderRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// One page.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId, filter: &Filter, cursor: Option<&str>) -> Res<OrderPage> {
    let customer = customer_text(filter.personal);
    let mut query = Query::new(&format!(
        "SELECT id, number, placed_ms, country_text, status, payment_status, fulfillment_status, ship_by_ms, units, \
         total_minor, currency, \
         (SELECT {customer} FROM customers c WHERE c.id = orders.customer) AS customer_text, \
         (SELECT CAST(COALESCE(SUM(l.packed), 0) AS BIGINT) FROM order_lines l WHERE l.order_id = orders.id) AS packed, \
         (SELECT CAST(COALESCE(SUM(l.short), 0) AS BIGINT) FROM order_lines l WHERE l.order_id = orders.id) AS short \
         FROM orders WHERE 1 = 1",
    ));
    query.push(" AND site = ?", vals![site.to_string()]);
    if filter.open {
        query.push(" AND is_open = 1", &[]);
    }
    for (column, word) in [("status", &filter.status), ("fulfillment_status", &filter.fulfillment)] {
        if !word.is_empty() {
            query.push(&format!(" AND {column} = ?"), vals![word]);
        }
    }
    matching(&mut query, &filter.search, filter.personal);
    let page = query.page(tx, &[desc("placed_ms"), desc("id")], cursor, PAGE_ROWS)?;
    let rows = page.rows.iter().map(|row| {
        Ok(OrderRow {
            id: row.get("id")?,
            number: row.get("number")?,
            placed_ms: row.get("placed_ms")?,
            customer: row.get("customer_text")?,
            country: row.get("country_text")?,
            status: row.get("status")?,
            payment: row.get("payment_status")?,
            fulfillment: row.get("fulfillment_status")?,
            ship_by_ms: row.get("ship_by_ms")?,
            units: row.get("units")?,
            total_minor: row.get("total_minor")?,
            currency: row.get("currency")?,
            packed: row.get("packed")?,
            short: row.get("short")?,
        })
    });
    Ok(OrderPage { rows: rows.collect::<Res<_>>()?, next: page.next })
}

/// Keeps the orders that [`Filter::search`] means; empty keeps all.
pub(super) fn matching(query: &mut Query, search: &str, personal: bool) {
    let search = search.trim().to_lowercase();
    if search.is_empty() {
        return;
    }
    let like = format!("%{}%", search.replace(['%', '_', '\\'], ""));
    let of_customer = if personal { "c.search" } else { "c.number" };
    query.push(
        &format!(
            " AND (search LIKE ? OR customer IN (SELECT c.id FROM customers c WHERE {of_customer} LIKE ?) \
             OR id IN (SELECT f.order_id FROM parcels p JOIN fulfillments f ON f.id = p.fulfillment WHERE p.sscc = ?))"
        ),
        vals![&like, &like, &search],
    );
}
