//! Which orders changed, in the order of the commits. The change log has one row per order, moved to the newest number
//! whenever the order changes, so a reader who was away gets each order once, as it is now.

use crate::central::error::{CentralError, Res};
use crate::central::store::sites;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::{Conn, Row, SqlError};
use crate::vals;

/// Most changes of one page.
pub const CHANGES_MAX: u32 = 200;

/// An order that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderChange {
    /// Where a reader of this goes on.
    pub cursor: String,
    /// Number.
    pub number: String,
    /// Version.
    pub version: i64,
    /// First axis.
    pub status: String,
    /// Second axis.
    pub payment: String,
    /// Third axis.
    pub fulfillment: String,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
}

/// The cursor behind everything so far, or before everything.
///
/// # Errors
/// Any fault of the store.
pub fn cursor(tx: &mut dyn Conn, site: SiteId, from_start: bool) -> Res<String> {
    let site = sites::get(tx, site)?;
    Ok(format!("{}.{}", site.stream, if from_start { 0 } else { site.gseq }))
}

/// The changes behind a cursor, at most [`CHANGES_MAX`].
///
/// # Errors
/// [`SqlError::Cursor`] for a cursor of another database or a number that was never given; any fault of the store.
pub fn since(tx: &mut dyn Conn, site: SiteId, cursor: &str) -> Res<Vec<OrderChange>> {
    let row = sites::get(tx, site)?;
    let place = cursor.rsplit_once('.').filter(|(stream, _)| *stream == row.stream);
    let place = place.and_then(|(_, place)| place.parse::<i64>().ok()).filter(|place| (0..=row.gseq).contains(place));
    let place = place.ok_or(CentralError::Store(SqlError::Cursor))?;
    let rows = tx.all(
        "SELECT c.gseq, o.number, o.version, o.status, o.payment_status, o.fulfillment_status, o.updated_ms \
         FROM changes c JOIN orders o ON o.id = c.record WHERE c.site = $1 AND c.kind = $2 AND c.gseq > $3 AND c.gone = 0 \
         ORDER BY c.gseq LIMIT $4",
        vals![site.to_string(), ChangeKind::Order.text(), place, CHANGES_MAX],
    )?;
    let change = |found: &Row| {
        Ok(OrderChange {
            cursor: format!("{}.{}", row.stream, found.get::<i64>("gseq")?),
            number: found.get("number")?,
            version: found.get("version")?,
            status: found.get("status")?,
            payment: found.get("payment_status")?,
            fulfillment: found.get("fulfillment_status")?,
            updated_ms: found.get("updated_ms")?,
        })
    };
    rows.iter().map(change).collect()
}
