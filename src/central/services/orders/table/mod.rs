//! The office's table of orders: filtered, sorted by several columns, page after page, as fast among a million orders as among a
//! thousand; with what a clerk must see of each, saved views, and the rules that ask for a look.

pub mod act;
mod alerts;
pub mod export;
mod filter;
mod plan;
mod rows;
mod rules;
pub mod slips;
mod sort;
pub mod views;

pub use crate::central::services::stock::BACKORDER;
pub use alerts::Alert;
pub use filter::{BUYERS, FULFILLMENTS, Filter, Flag, PAYMENTS, STATUSES, TEXT_MAX};
pub use plan::{COUNT_MAX, Count, Narrow, how_many, narrow};
pub use rows::{Expected, Profile, TableRow, rows};
pub use rules::{Rule, RuleKind, Rules, rules, set_rule};
pub use sort::{KEYS_MAX, Sort, SortKey};

use crate::central::error::Res;
use crate::core::time::UtcMs;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;

/// Rows of one page.
pub const PAGE_ROWS: usize = 50;
/// Most rows of one page.
pub const PAGE_ROWS_MAX: usize = 1_000;
/// Why work is blocked that the office holds, as stored: it waited for stock, and is promised none.
pub const OFFICE_HOLD: &str = "office";
/// The same for work that was let go to the stations: it keeps what it is promised, and goes back as it was.
pub const OFFICE_HOLD_KEPT: &str = "office_kept";

/// A page of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TablePage {
    /// Its rows.
    pub rows: Vec<TableRow>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
    /// How many fit in all.
    pub count: Count,
}

/// The page behind the cursor, at most `rows_max` rows.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another order; any fault of the store.
pub fn page(
    tx: &mut dyn Conn,
    site: SiteId,
    filter: &Filter,
    sort: &Sort,
    (cursor, rows_max): (Option<&str>, usize),
    now: UtcMs,
) -> Res<TablePage> {
    let found = plan::find(tx, site, filter, sort, cursor, rows_max.clamp(1, PAGE_ROWS_MAX))?;
    let rows = rows(tx, site, &found.ids, filter.personal, now)?;
    Ok(TablePage { rows, next: found.next, count: found.count })
}

/// Ids of the orders that fit, in their order, at most `most`.
///
/// # Errors
/// Any fault of the store.
pub fn ids(tx: &mut dyn Conn, site: SiteId, filter: &Filter, sort: &Sort, most: usize) -> Res<Vec<String>> {
    Ok(plan::find(tx, site, filter, sort, None, most)?.ids)
}
