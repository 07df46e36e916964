//! The stock ledger: movements are only ever added, and the balance of their key is kept in the same transaction. A
//! balance's id is derived from its key, so that finding or making it is one statement.

mod allocation;
mod backorder;
mod change;
pub mod count;
pub mod look;
pub mod lots;
pub mod low;
pub mod read;
mod receive;
mod take;

pub use allocation::{Promised, allocation_changed, available};
pub(crate) use backorder::all_there;
pub use backorder::{BACKORDER, products_of, ready, release, release_after, release_for, release_waiting};
pub use change::{Change, Changed, Condition, Kind, MARK_MAX, NOTE_MAX, Outcome, Reason, Spot, as_seen, change};
pub(crate) use change::{check_marks, demanded};
pub use receive::{Receipt, receive, receive_once};
pub use take::{Shelves, damaged};

use crate::central::error::Res;
use crate::central::store::bulk::Column;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Val;
use crate::vals;
use uuid::Uuid;

/// Code of the place where broken goods lie. The server makes it when it is first needed.
pub const QUARANTINE: &str = "QUARANTINE";
/// Code of the place where goods are booked that no file gave a shelf, so it is none that is picked from. The server makes it
/// when it is first needed.
pub const UNPLACED: &str = "UNPLACED";

/// What a balance is kept by. Empty text means "none".
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Key {
    /// Id of the location.
    pub location: String,
    /// Id of the product.
    pub product: String,
    /// Lot.
    pub lot: String,
    /// Day of expiry, `YYYY-MM-DD`.
    pub expiry: String,
    /// Serial.
    pub serial: String,
    /// `good`, `returned` or `damaged`.
    pub condition: String,
    /// Whose, where it is not the site's own.
    pub owner: String,
}

impl Key {
    /// Good stock of the site's own without lot, expiry or serial.
    #[must_use]
    pub fn plain(location: String, product: String) -> Key {
        Key { location, product, condition: "good".to_owned(), ..Key::default() }
    }

    /// Id of the balance with this key.
    #[must_use]
    pub fn level_id(&self, site: SiteId) -> String {
        let parts =
            [&self.location, &self.product, &self.lot, &self.expiry, &self.serial, &self.condition, &self.owner];
        // The unit separator cannot occur in a scanned text, so that two keys never make the same name.
        let name = parts.map(String::as_str).join("\u{1f}");
        Uuid::new_v5(&site.0, format!("stock/{name}").as_bytes()).to_string()
    }
}

/// Why stock moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MovementKind {
    /// Came in.
    Receive,
    /// Promised to a fulfillment.
    Allocate,
    /// The promise was withdrawn.
    Release,
    /// Taken from its place.
    Pick,
    /// Put back.
    Unpick,
    /// Left with a parcel.
    Ship,
    /// From one place to another.
    Transfer,
    /// A count set it right.
    Count,
    /// Corrected for another reason: broken, lost.
    Adjust,
    /// Came back from a customer.
    Return,
    /// Used up here.
    Consume,
}

impl MovementKind {
    /// The word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            MovementKind::Receive => "receive",
            MovementKind::Allocate => "allocate",
            MovementKind::Release => "release",
            MovementKind::Pick => "pick",
            MovementKind::Unpick => "unpick",
            MovementKind::Ship => "ship",
            MovementKind::Transfer => "transfer",
            MovementKind::Count => "count",
            MovementKind::Adjust => "adjust",
            MovementKind::Return => "return",
            MovementKind::Consume => "consume",
        }
    }
}

/// One entry of the ledger.
#[derive(Clone, Debug)]
pub struct Movement {
    /// Its id, where it is derived from something that may be told twice; else one is made.
    pub id: Option<String>,
    /// Which balance.
    pub key: Key,
    /// Why.
    pub kind: MovementKind,
    /// Units, below zero for what leaves; never 0.
    pub quantity: i64,
    /// When, UTC ms.
    pub at_ms: i64,
    /// What it belongs to: kind and id, for example `("fulfillment", id)`.
    pub reference: (&'static str, String),
    /// Word or remark.
    pub reason: String,
}

/// Books a movement; false if one with its id is there already.
///
/// # Errors
/// Any fault of the store; a movement of nothing breaks the table's rule.
pub fn book(work: &mut Work<'_>, movement: &Movement) -> Res<bool> {
    // The balance first, at nothing: the movement refers to it, and only a new movement may change it.
    let level = seat(work, &movement.key)?;
    if !enter(work, &level, movement)? {
        return Ok(false);
    }
    work.exec(MOVE_LEVEL, vals![&level, movement.quantity, work.now_ms()])?;
    work.changed(ChangeKind::StockLevel, level);
    Ok(true)
}

/// Id of the balance of this key, which is there from now on. One of a lot that is held is held from its beginning.
fn seat(work: &mut Work<'_>, key: &Key) -> Res<String> {
    let level = key.level_id(work.ctx.site);
    work.exec(
        "INSERT INTO stock_levels (id, site, location, product, lot, expiry, serial, condition, owner, quantity, held, \
         updated_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, \
         (SELECT COUNT(*) FROM lot_holds h WHERE h.product = $4 AND h.lot = $5), $10) ON CONFLICT (id) DO NOTHING",
        vals![
            &level,
            work.site(),
            &key.location,
            &key.product,
            &key.lot,
            &key.expiry,
            &key.serial,
            &key.condition,
            &key.owner,
            work.now_ms()
        ],
    )?;
    Ok(level)
}

/// The columns of a movement, in the order of [`row`].
const MOVEMENT_COLUMNS: &[Column] = &[
    Column::Text("id"),
    Column::Text("site"),
    Column::Text("level"),
    Column::Text("kind"),
    Column::Int("quantity"),
    Column::Int("at_ms"),
    Column::Text("ref_kind"),
    Column::Text("ref_id"),
    Column::Text("reason"),
    Column::Text("actor_kind"),
    Column::Text("actor"),
];

const MOVE_LEVEL: &str = "UPDATE stock_levels SET quantity = quantity + $2, updated_ms = $3 WHERE id = $1";

/// Enters a movement on a balance that is there, without changing the balance; false if one with its id is there already.
fn enter(work: &mut Work<'_>, level: &str, movement: &Movement) -> Res<bool> {
    let new = work.exec(
        "INSERT INTO stock_movements (id, site, level, kind, quantity, at_ms, ref_kind, ref_id, reason, actor_kind, actor) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING",
        &row(work, level, movement),
    )?;
    Ok(new > 0)
}

/// A movement as a row.
fn row(work: &Work<'_>, level: &str, movement: &Movement) -> [Val; MOVEMENT_COLUMNS.len()] {
    [
        movement.id.clone().unwrap_or_else(|| work.new_id()).into(),
        work.site().into(),
        level.into(),
        movement.kind.word().into(),
        movement.quantity.into(),
        movement.at_ms.into(),
        movement.reference.0.into(),
        (&movement.reference.1).into(),
        (&movement.reason).into(),
        work.ctx.actor.kind().into(),
        work.ctx.actor.id().into(),
    ]
}

/// Id of a location, made if there is none with this code.
///
/// # Errors
/// Any fault of the store.
pub fn ensure_location(work: &mut Work<'_>, code: &str, kind: &str) -> Res<String> {
    if let Some(id) = find_location(work, code)? {
        return Ok(id);
    }
    // One that was taken away comes back: what is booked must lie somewhere.
    let back = work.one(
        "UPDATE locations SET gone = 0, kind = $3, version = version + 1, updated_ms = $4 WHERE site = $1 AND code = $2 RETURNING id",
        vals![work.site(), code, kind, work.now_ms()],
    )?;
    if let Some(row) = back {
        let id: String = row.at(0)?;
        work.changed(ChangeKind::Location, &id);
        return Ok(id);
    }
    let id = Uuid::new_v5(&work.ctx.site.0, format!("location/{code}").as_bytes()).to_string();
    work.exec(
        "INSERT INTO locations (id, site, code, kind, updated_ms) VALUES ($1, $2, $3, $4, $5)",
        vals![&id, work.site(), code, kind, work.now_ms()],
    )?;
    work.changed(ChangeKind::Location, &id);
    Ok(id)
}

/// Id of the location with this code.
///
/// # Errors
/// Any fault of the store.
pub fn find_location(work: &mut Work<'_>, code: &str) -> Res<Option<String>> {
    let row =
        work.one("SELECT id FROM locations WHERE site = $1 AND code = $2 AND gone = 0", vals![work.site(), code])?;
    Ok(row.map(|row| row.at(0)).transpose()?)
}
