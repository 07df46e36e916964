//! Customers as a list, and what one of them bought. All of it is personal data: only who may see that asks.

use super::read::{CustomerView, SELECT, view};
use crate::central::error::Res;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, asc};
use crate::vals;

/// Most orders shown of a customer; the table of orders has them all.
const BOUGHT_MAX: i64 = 50;

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Who.
    pub customer: CustomerView,
    /// Orders they placed.
    pub orders: i64,
}

/// An order of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bought {
    /// Number.
    pub number: String,
    /// When it was placed, UTC ms.
    pub placed_ms: i64,
    /// First axis.
    pub status: String,
    /// Second axis.
    pub payment: String,
    /// Total, minor units.
    pub total_minor: i64,
    /// Its currency.
    pub currency: String,
}

/// One page of at most `rows` customers whose number, name or address of mail contains the text, by number, and the cursor of the
/// next. Guests are none.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn page(
    tx: &mut dyn Conn,
    site: SiteId,
    text: &str,
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<Listed>, Option<String>)> {
    let mut query = Query::new(&format!("{SELECT} WHERE kind <> 'guest'"));
    query.push(" AND site = ?", vals![site.to_string()]);
    let text = text.trim().to_lowercase();
    if !text.is_empty() {
        query.contains("search", &text);
    }
    let page = query.page(tx, &[asc("number"), asc("id")], cursor, rows)?;
    let mut all = Vec::with_capacity(page.rows.len());
    for row in &page.rows {
        let customer = view(row)?;
        let orders = super::read::orders(tx, &customer.id)?;
        all.push(Listed { customer, orders });
    }
    Ok((all, page.next))
}

/// The newest orders of a customer.
///
/// # Errors
/// Any fault of the store.
pub fn bought(tx: &mut dyn Conn, customer: &str) -> Res<Vec<Bought>> {
    let rows = tx.all(
        "SELECT number, placed_ms, status, payment_status, total_minor, currency FROM orders WHERE customer = $1 \
         ORDER BY placed_ms DESC, id LIMIT $2",
        vals![customer, BOUGHT_MAX],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Bought {
                number: row.get("number")?,
                placed_ms: row.get("placed_ms")?,
                status: row.get("status")?,
                payment: row.get("payment_status")?,
                total_minor: row.get("total_minor")?,
                currency: row.get("currency")?,
            })
        })
        .collect()
}
