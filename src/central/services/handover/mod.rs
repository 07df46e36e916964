//! The hand-over: parcels leave the house with a carrier. A manifest is opened for a carrier, parcels are scanned on it, and when it is
//! closed they have left: lines count what was shipped, customers and programs are told, cards move on. Until then a cancellation
//! wins; from then on the fact does, unless a lead takes the manifest back on the same day. What a parcel is and holds was decided at the bench and is not touched here.

mod close;
mod find;
mod parcel;
pub mod read;
mod reopen;
mod scan;

pub use close::{Close, Closed, close};
pub use find::{Blocked, ParcelRow};
pub use parcel::{Delivery, Tracking, delivered, track};
pub use reopen::{REOPEN_NOTE_MAX, Reopen, Reopened, Stays, Why, reopen, stays, until_ms};
pub use scan::{Opened, Scan, Taken, off, open, scan};

use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;

/// Most parcels of one manifest: what fits a lorry, and what one transaction closes within a moment.
pub const PARCELS_MAX: i64 = 2_000;
/// Longest name of a driver, characters.
pub const DRIVER_MAX: usize = 80;
/// Longest number of a carrier, characters, and longest address, characters.
pub const TRACKING_MAX: usize = 60;
/// Longest address at which a carrier shows a parcel, characters.
pub const URL_MAX: usize = 400;
/// Type of the message that programs get when parcels of an order left.
pub const SHIPPED: &str = "order.shipped";
/// Type of the message that programs get when parcels of an order did not leave after all.
pub const UNSHIPPED: &str = "order.unshipped";
/// Type of the message that programs get when an order arrived.
pub const DELIVERED: &str = "order.delivered";

/// How far a manifest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Parcels are scanned on it.
    Open,
    /// Its parcels have left.
    Closed,
}

impl State {
    /// All, in the order of a life.
    pub const ALL: &'static [State] = &[State::Open, State::Closed];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Closed => "closed",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<State> {
        State::ALL.iter().copied().find(|state| state.word() == word)
    }
}

/// Units of an order's goods, summed over its lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// Ordered.
    pub quantity: i64,
    /// Picked.
    pub picked: i64,
    /// Packed.
    pub packed: i64,
    /// Not there when they were picked.
    pub short: i64,
    /// With the carrier.
    pub shipped: i64,
    /// With the customer.
    pub delivered: i64,
}

impl Units {
    /// Of the order with this id.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn of(tx: &mut dyn Conn, order: &str) -> Res<Units> {
        let row = tx.one(
            "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) AS quantity, \
             CAST(COALESCE(SUM(picked), 0) AS BIGINT) AS picked, CAST(COALESCE(SUM(packed), 0) AS BIGINT) AS packed, \
             CAST(COALESCE(SUM(short), 0) AS BIGINT) AS short, CAST(COALESCE(SUM(shipped), 0) AS BIGINT) AS shipped, \
             CAST(COALESCE(SUM(delivered), 0) AS BIGINT) AS delivered FROM order_lines WHERE order_id = $1 AND service = 0",
            vals![order],
        )?;
        let Some(row) = row else { return Ok(Units::default()) };
        Ok(Units {
            quantity: row.get("quantity")?,
            picked: row.get("picked")?,
            packed: row.get("packed")?,
            short: row.get("short")?,
            shipped: row.get("shipped")?,
            delivered: row.get("delivered")?,
        })
    }

    /// The third axis of the order; `packing` says that a bench has it in hand.
    #[must_use]
    pub const fn axis(self, packing: bool) -> &'static str {
        let complete = self.packed > 0 && self.packed + self.short >= self.quantity;
        let left = complete && self.shipped >= self.packed;
        if left && self.delivered >= self.shipped {
            "delivered"
        } else if left {
            "shipped"
        } else if self.shipped > 0 {
            "partially_shipped"
        } else if complete {
            "packed"
        } else if self.packed > 0 || self.picked > 0 || packing {
            "in_progress"
        } else {
            "unfulfilled"
        }
    }
}

/// A manifest as those see it who change it.
struct Sheet {
    id: String,
    number: String,
    carrier: String,
    state: State,
    closed_ms: Option<i64>,
}

fn sheet(tx: &mut dyn Conn, site: SiteId, number: &str) -> Res<Sheet> {
    let row = tx.one(
        "SELECT id, number, carrier, state, closed_ms FROM manifests WHERE site = $1 AND number = $2",
        vals![site.to_string(), number],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "manifest" })?;
    Ok(Sheet {
        id: row.get("id")?,
        number: row.get("number")?,
        carrier: row.get("carrier")?,
        state: if row.get::<String>("state")? == State::Open.word() { State::Open } else { State::Closed },
        closed_ms: row.get("closed_ms")?,
    })
}

/// [`sheet`] that is open.
fn open_sheet(work: &mut Work<'_>, number: &str) -> Res<Sheet> {
    let sheet = sheet(work.tx, work.ctx.site, number)?;
    match sheet.state {
        State::Open => Ok(sheet),
        State::Closed => Err(Refusal::State { entity: "manifest", state: State::Closed.word().to_owned() }.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::Units;

    #[test]
    fn the_third_axis_follows_from_the_counters_alone() {
        let units = |quantity, picked, packed, short, shipped, delivered| Units {
            quantity,
            picked,
            packed,
            short,
            shipped,
            delivered,
        };
        for (of, wanted) in [
            (units(3, 0, 0, 0, 0, 0), "unfulfilled"),
            (units(3, 1, 0, 0, 0, 0), "in_progress"),
            (units(3, 2, 2, 0, 0, 0), "in_progress"),
            (units(3, 3, 3, 0, 0, 0), "packed"),
            (units(3, 2, 2, 1, 0, 0), "packed"),
            (units(3, 2, 2, 0, 2, 0), "partially_shipped"),
            (units(3, 3, 3, 0, 2, 0), "partially_shipped"),
            (units(3, 3, 3, 0, 2, 2), "partially_shipped"),
            (units(3, 3, 3, 0, 3, 0), "shipped"),
            (units(3, 2, 2, 1, 2, 0), "shipped"),
            (units(3, 3, 3, 0, 3, 2), "shipped"),
            (units(3, 3, 3, 0, 3, 3), "delivered"),
            (units(0, 0, 0, 0, 0, 0), "unfulfilled"),
        ] {
            assert_eq!(of.axis(false), wanted, "{of:?}");
        }
        assert_eq!(units(3, 0, 0, 0, 0, 0).axis(true), "in_progress");
    }
}
