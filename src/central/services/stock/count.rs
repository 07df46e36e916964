//! Counts: who counts does not see what the book says. A small difference is booked at once; a large one waits until a second
//! person agrees, and then the difference is booked, not the figure: what moved meanwhile stays as it is.

use super::change::Outcome;
use super::{Key, Movement, MovementKind, book, low, release_for, seat};
use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;

/// Largest bound that can be set, units.
pub const COUNT_BOUND_MAX: i64 = 1_000_000;
/// Most counts that are listed.
const LISTED_MAX: i64 = 200;

/// A count that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Id.
    pub id: String,
    /// Code and name of the product.
    pub product: (String, String),
    /// Code of the place.
    pub location: String,
    /// Lot, or empty.
    pub lot: String,
    /// What the book said when it was counted.
    pub booked: i64,
    /// What was counted.
    pub counted: i64,
    /// Who counted, by kind and id, and the name if it is a person.
    pub by: (String, String, String),
    /// When, UTC ms.
    pub at_ms: i64,
}

/// From how many units of difference on a count waits.
///
/// # Errors
/// Any fault of the store.
pub fn bound(tx: &mut dyn Conn, site: SiteId) -> Res<i64> {
    Ok(tx.int("SELECT count_bound_units FROM sites WHERE id = $1", vals![site.to_string()])?)
}

/// Sets it.
///
/// # Errors
/// [`Refusal::Field`] for a bound below zero or above a million.
pub fn set_bound(work: &mut Work<'_>, units: i64) -> Res<()> {
    if !(0..=COUNT_BOUND_MAX).contains(&units) {
        return Err(Refusal::Field { field: "stock.bound", why: "must be 0 to 1,000,000 units" }.into());
    }
    work.exec("UPDATE sites SET count_bound_units = $2 WHERE id = $1", vals![work.site(), units])?;
    work.audit("stock.count_bound", "site", work.site(), serde_json::json!({ "units": units }));
    Ok(())
}

/// Notes a count and books its difference, or lets it wait. `(booked, counted)` are units.
pub(super) fn take(work: &mut Work<'_>, key: &Key, (booked, counted): (i64, i64), reason: &str) -> Res<(Outcome, i64)> {
    let difference = counted - booked;
    let waits = difference.abs() > bound(work.tx, work.ctx.site)?;
    let (id, level) = (work.new_id(), seat(work, key)?);
    work.exec(
        "INSERT INTO stock_counts (id, site, level, booked, counted, state, actor_kind, actor, at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            &id,
            work.site(),
            level,
            booked,
            counted,
            if waits { "waiting" } else { "done" },
            work.ctx.actor.kind(),
            work.ctx.actor.id(),
            work.now_ms()
        ],
    )?;
    if waits {
        return Ok((Outcome::Waits(id), difference));
    }
    if difference == 0 {
        return Ok((Outcome::Unchanged, 0));
    }
    book(work, &entry(work, key.clone(), difference, id, reason.to_owned()))?;
    Ok((Outcome::Booked, difference))
}

fn entry(work: &Work<'_>, key: Key, quantity: i64, count: String, reason: String) -> Movement {
    let reference = ("count", count);
    Movement { id: None, key, kind: MovementKind::Count, quantity, at_ms: work.now_ms(), reference, reason }
}

/// Counts that wait, the oldest first.
///
/// # Errors
/// Any fault of the store.
pub fn waiting(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<Waiting>> {
    let rows = tx.all(
        "SELECT c.id, p.sku, p.name, l.code, s.lot, c.booked, c.counted, c.actor_kind, c.actor, COALESCE(u.name, '') AS who, \
         c.at_ms FROM stock_counts c JOIN stock_levels s ON s.id = c.level JOIN products p ON p.id = s.product \
         JOIN locations l ON l.id = s.location LEFT JOIN users u ON u.id = c.actor \
         WHERE c.site = $1 AND c.state = 'waiting' ORDER BY c.at_ms, c.id LIMIT $2",
        vals![site.to_string(), LISTED_MAX],
    )?;
    rows.iter().map(row_of).collect()
}

fn row_of(row: &Row) -> Res<Waiting> {
    Ok(Waiting {
        id: row.get("id")?,
        product: (row.get("sku")?, row.get("name")?),
        location: row.get("code")?,
        lot: row.get("lot")?,
        booked: row.get("booked")?,
        counted: row.get("counted")?,
        by: (row.get("actor_kind")?, row.get("actor")?, row.get("who")?),
        at_ms: row.get("at_ms")?,
    })
}

/// How many wait.
///
/// # Errors
/// Any fault of the store.
pub fn how_many_wait(tx: &mut dyn Conn, site: SiteId) -> Res<i64> {
    Ok(tx.int("SELECT COUNT(*) FROM stock_counts WHERE site = $1 AND state = 'waiting'", vals![site.to_string()])?)
}

/// A second person agrees with a count, and its difference is booked; or drops it, and it must be counted again.
///
/// # Errors
/// [`Refusal::Missing`] for none of this id; [`Refusal::State`] if it was decided before; [`Refusal::Forbidden`] for who counted;
/// [`Refusal::Stock`] if fewer lie there now than the difference takes away.
pub fn decide(work: &mut Work<'_>, id: &str, agree: bool) -> Res<()> {
    let row = work.one(
        "SELECT c.state, c.actor, c.counted - c.booked AS difference, s.location, s.product, s.lot, s.expiry, s.serial, \
         s.condition, s.owner, s.quantity FROM stock_counts c JOIN stock_levels s ON s.id = c.level \
         WHERE c.id = $1 AND c.site = $2",
        vals![id, work.site()],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "count" })?;
    let state: String = row.get("state")?;
    if state != "waiting" {
        return Err(Refusal::State { entity: "count", state }.into());
    }
    if agree && row.get::<String>("actor")? == work.ctx.actor.id() {
        return Err(Refusal::Forbidden.into());
    }
    let (difference, now): (i64, i64) = (row.get("difference")?, row.get("quantity")?);
    if agree && difference < 0 && now + difference < 0 {
        return Err(Refusal::Stock { available: now.max(0) }.into());
    }
    work.exec(
        "UPDATE stock_counts SET state = $2, decided_kind = $3, decided_by = $4, decided_ms = $5 WHERE id = $1",
        vals![
            id,
            if agree { "approved" } else { "dropped" },
            work.ctx.actor.kind(),
            work.ctx.actor.id(),
            work.now_ms()
        ],
    )?;
    let key = Key {
        location: row.get("location")?,
        product: row.get("product")?,
        lot: row.get("lot")?,
        expiry: row.get("expiry")?,
        serial: row.get("serial")?,
        condition: row.get("condition")?,
        owner: row.get("owner")?,
    };
    let product = key.product.clone();
    if agree {
        book(work, &entry(work, key, difference, id.to_owned(), String::new()))?;
        if difference > 0 {
            release_for(work, std::slice::from_ref(&product))?;
        }
        low::watch(work, &product)?;
    }
    let kind = if agree { "stock.count_approved" } else { "stock.count_dropped" };
    work.audit(kind, "product", product, serde_json::json!({ "count": id, "units": difference }));
    Ok(())
}
