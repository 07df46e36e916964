//! Lots: held, so that nobody picks them, and let go again; and where one went, down to the parcel.

use super::release_for;
use crate::central::error::{Refusal, Res};
use crate::central::services::stock::low;
use crate::central::store::work::Work;
use crate::protocol::wire::product::HELD_LOTS_MAX;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;

/// Longest reason of a hold, characters.
pub const HOLD_REASON_MAX: usize = 300;
/// Most parcels that one look at a lot lists.
pub const WENT_MAX: i64 = 500;
/// Most held lots that are listed.
const HELD_MAX: i64 = 200;

/// A lot that nobody may pick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Code and name of the product.
    pub product: (String, String),
    /// The lot.
    pub lot: String,
    /// Why.
    pub reason: String,
    /// Units of it here.
    pub quantity: i64,
    /// Since when, UTC ms.
    pub at_ms: i64,
}

/// Units of a lot in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotPlace {
    /// Code of the place.
    pub location: String,
    /// Day of expiry, or empty.
    pub expiry: String,
    /// `good`, `returned` or `damaged`.
    pub condition: String,
    /// Units.
    pub quantity: i64,
}

/// Units of a lot in one parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotParcel {
    /// Number of the order.
    pub order: String,
    /// Number of the parcel within its work.
    pub parcel: i64,
    /// Serial shipping container code, once it has one.
    pub sscc: Option<String>,
    /// What the carrier calls it.
    pub tracking: Option<String>,
    /// When its work was packed, UTC ms.
    pub packed_ms: Option<i64>,
    /// Units.
    pub quantity: i64,
    /// Number of the customer; none for a guest.
    pub customer: Option<String>,
    /// Name of the customer, for who may see it; else empty.
    pub name: String,
}

/// Where a lot is and where it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotTrace {
    /// Code and name of the product.
    pub product: (String, String),
    /// The lot.
    pub lot: String,
    /// Why it is held, if it is.
    pub held: Option<String>,
    /// Units that came in under this lot.
    pub received: i64,
    /// Where it lies.
    pub places: Vec<LotPlace>,
    /// In which parcels it went, the newest first; at most [`WENT_MAX`].
    pub parcels: Vec<LotParcel>,
    /// There are more.
    pub more: bool,
}

fn product(tx: &mut dyn Conn, site: SiteId, sku: &str) -> Res<(String, String)> {
    let row = tx.one("SELECT id, name FROM products WHERE site = $1 AND sku = $2", vals![site.to_string(), sku])?;
    let row = row.ok_or(Refusal::Missing { entity: "product" })?;
    Ok((row.at(0)?, row.at(1)?))
}

/// Holds a lot or lets it go; stations are told of every balance of it. A lot that is not here yet can be held before it comes.
///
/// # Errors
/// [`Refusal::Missing`] for an unknown product, [`Refusal::Field`] for no lot or no reason, [`Refusal::State`] if it is so already.
pub fn hold(work: &mut Work<'_>, sku: &str, lot: &str, reason: Option<&str>) -> Res<()> {
    let (product, _) = product(work.tx, work.ctx.site, sku)?;
    if lot.is_empty() || lot.chars().count() > super::change::MARK_MAX || lot.contains(char::is_control) {
        return Err(Refusal::Field { field: "stock.lot", why: "must be the name of a lot" }.into());
    }
    if reason.is_some() && holds(work, &product)? >= HELD_LOTS_MAX as i64 {
        let why = "is one held lot of the product too many: let an old one go first";
        return Err(Refusal::Field { field: "stock.held", why }.into());
    }
    let changed = match reason {
        Some(reason) if reason.trim().is_empty() || reason.chars().count() > HOLD_REASON_MAX => {
            let why = "must say why in 1 to 300 characters";
            return Err(Refusal::Field { field: "stock.hold-reason", why }.into());
        }
        Some(reason) => work.exec(
            "INSERT INTO lot_holds (site, product, lot, reason, actor_kind, actor, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (product, lot) DO NOTHING",
            vals![
                work.site(), &product, lot, reason.trim(), work.ctx.actor.kind(), work.ctx.actor.id(), work.now_ms()
            ],
        )?,
        None => work.exec("DELETE FROM lot_holds WHERE product = $1 AND lot = $2", vals![&product, lot])?,
    };
    if changed == 0 {
        let state = if reason.is_some() { "held already" } else { "not held" };
        return Err(Refusal::State { entity: "lot", state: state.to_owned() }.into());
    }
    let levels = work.all(
        "UPDATE stock_levels SET held = $3, updated_ms = $4 WHERE product = $1 AND lot = $2 RETURNING id",
        vals![&product, lot, reason.is_some(), work.now_ms()],
    )?;
    for level in levels {
        work.changed(ChangeKind::StockLevel, level.at::<String>(0)?);
    }
    // The hold travels with the product too: a station must know of it where no balance of the lot is left, or never was.
    work.changed(ChangeKind::Product, &product);
    if reason.is_none() {
        release_for(work, std::slice::from_ref(&product))?;
    }
    low::watch(work, &product)?;
    let kind = if reason.is_some() { "lot.held" } else { "lot.let_go" };
    work.audit(kind, "product", product, serde_json::json!({ "sku": sku, "lot": lot }));
    Ok(())
}

fn holds(work: &mut Work<'_>, product: &str) -> Res<i64> {
    Ok(work.tx.int("SELECT COUNT(*) FROM lot_holds WHERE product = $1", vals![product])?)
}

/// Lots that are held, the newest first.
///
/// # Errors
/// Any fault of the store.
pub fn held(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<Held>> {
    let rows = tx.all(
        "SELECT p.sku, p.name, h.lot, h.reason, h.at_ms, (SELECT CAST(COALESCE(SUM(s.quantity), 0) AS BIGINT) \
         FROM stock_levels s WHERE s.product = h.product AND s.lot = h.lot) AS quantity \
         FROM lot_holds h JOIN products p ON p.id = h.product WHERE h.site = $1 ORDER BY h.at_ms DESC, p.sku, h.lot LIMIT $2",
        vals![site.to_string(), HELD_MAX],
    )?;
    let one = |row: &crate::sql::Row| {
        Ok(Held {
            product: (row.get("sku")?, row.get("name")?),
            lot: row.get("lot")?,
            reason: row.get("reason")?,
            quantity: row.get("quantity")?,
            at_ms: row.get("at_ms")?,
        })
    };
    rows.iter().map(one).collect()
}

/// Where a lot is and where it went. `personal` says whether customers' names are told.
///
/// # Errors
/// [`Refusal::Missing`] for an unknown product, or a lot that was never here nor held.
pub fn went(tx: &mut dyn Conn, site: SiteId, sku: &str, lot: &str, personal: bool) -> Res<LotTrace> {
    let (id, name) = product(tx, site, sku)?;
    let held = tx.one("SELECT reason FROM lot_holds WHERE product = $1 AND lot = $2", vals![&id, lot])?;
    let places = places(tx, &id, lot)?;
    let mut parcels = parcels(tx, &id, lot, personal)?;
    if held.is_none() && places.is_empty() && parcels.is_empty() {
        return Err(Refusal::Missing { entity: "lot" }.into());
    }
    let received = tx.int(
        "SELECT CAST(COALESCE(SUM(m.quantity), 0) AS BIGINT) FROM stock_movements m JOIN stock_levels s ON s.id = m.level \
         WHERE s.product = $1 AND s.lot = $2 AND m.kind = 'receive'",
        vals![&id, lot],
    )?;
    let more = parcels.len() as i64 > WENT_MAX;
    parcels.truncate(WENT_MAX as usize);
    Ok(LotTrace {
        product: (sku.to_owned(), name),
        lot: lot.to_owned(),
        held: held.map(|row| row.at(0)).transpose()?,
        received,
        places: places.into_iter().filter(|place| place.quantity != 0).collect(),
        parcels,
        more,
    })
}

fn places(tx: &mut dyn Conn, product: &str, lot: &str) -> Res<Vec<LotPlace>> {
    let rows = tx.all(
        "SELECT l.code, s.expiry, s.condition, s.quantity FROM stock_levels s JOIN locations l ON l.id = s.location \
         WHERE s.product = $1 AND s.lot = $2 ORDER BY l.walk_rank, l.code, s.id LIMIT 500",
        vals![product, lot],
    )?;
    let one = |row: &crate::sql::Row| {
        Ok(LotPlace { location: row.at(0)?, expiry: row.at(1)?, condition: row.at(2)?, quantity: row.at(3)? })
    };
    rows.iter().map(one).collect()
}

fn parcels(tx: &mut dyn Conn, product: &str, lot: &str, personal: bool) -> Res<Vec<LotParcel>> {
    let rows = tx.all(
        "SELECT o.number, i.parcel, b.sscc, b.tracking, f.packed_ms, CAST(SUM(i.quantity) AS BIGINT) AS quantity, \
         c.number AS customer, c.name FROM parcel_items i JOIN fulfillments f ON f.id = i.fulfillment \
         JOIN orders o ON o.id = f.order_id JOIN customers c ON c.id = o.customer \
         LEFT JOIN parcels b ON b.fulfillment = i.fulfillment AND b.no = i.parcel WHERE i.product = $1 AND i.lot = $2 \
         GROUP BY f.id, o.number, i.parcel, b.sscc, b.tracking, f.packed_ms, c.number, c.name \
         ORDER BY COALESCE(f.packed_ms, 253402214400000) DESC, o.number, i.parcel LIMIT $3",
        vals![product, lot, WENT_MAX + 1],
    )?;
    let one = |row: &crate::sql::Row| {
        Ok(LotParcel {
            order: row.at(0)?,
            parcel: row.at(1)?,
            sscc: row.at(2)?,
            tracking: row.at(3)?,
            packed_ms: row.at(4)?,
            quantity: row.at(5)?,
            customer: row.at(6)?,
            name: if personal { row.at(7)? } else { String::new() },
        })
    };
    rows.iter().map(one).collect()
}
