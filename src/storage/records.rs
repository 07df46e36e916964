//! Records the server owns: stored whole, with the few columns the queue and the scanner ask for
//! kept beside them. A page and its cursor land in one transaction.

use super::{Res, StorageError, meta, uuid};
use crate::protocol::wire::place::{Condition, LocationKind};
use crate::protocol::wire::{
    Change, ChangeKind, LocationRecord, OrderRecord, PackagingRecord, ProductRecord, PullPage, Put, ReturnRecord,
    StockLevelRecord, UserRecord,
};
use crate::sql::{Conn, Val};
use crate::vals;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Records looked at at a time when those that a snapshot did not bring are dropped: there may be any number of them.
const STRANGERS_MAX: u32 = 500;

/// Stores a page and where the next one begins.
///
/// # Errors
/// If the database refuses; nothing of the page is stored then.
pub fn store_page(c: &mut dyn Conn, page: &PullPage) -> Res<()> {
    let snapshot = page.snapshot.as_ref().map(|s| s.id);
    for change in &page.changes {
        store_change(c, change, snapshot)?;
    }
    if let Some(part) = page.snapshot.as_ref().filter(|s| s.last) {
        drop_strangers(c, part.id)?;
    }
    meta::set(c, meta::key::CURSOR, &page.next_cursor.0)?;
    meta::set(c, meta::key::AS_OF, &page.server_time_ms.to_string())
}

/// Records of an earlier snapshot that this one did not bring are gone on the server.
fn drop_strangers(c: &mut dyn Conn, snapshot: Uuid) -> Res<()> {
    let (mut kind, mut id) = (String::new(), Vec::new());
    loop {
        // What is being packed stays, so the next rows are those after the last, whether it went or not.
        let rows = c.all(
            "SELECT kind, id FROM record WHERE (kind, id) > ($2, $3) AND (snapshot IS NULL OR snapshot <> $1)
             ORDER BY kind, id LIMIT $4",
            &[uuid(snapshot), kind.into(), Val::Blob(id), STRANGERS_MAX.into()],
        )?;
        let Some(last) = rows.last() else { break };
        (kind, id) = (last.at(0)?, last.at(1)?);
        for r in &rows {
            let (kind, id): (String, Vec<u8>) = (r.at(0)?, r.at(1)?);
            if let (Some(kind), Ok(id)) = (ChangeKind::ALL.iter().find(|k| k.text() == kind), Uuid::from_slice(&id)) {
                remove(c, *kind, id)?;
            }
        }
    }
    c.exec("DELETE FROM stock WHERE snapshot IS NULL OR snapshot <> $1", &[uuid(snapshot)])?;
    super::serials::drop_strangers(c, snapshot)
}

fn store_change(c: &mut dyn Conn, change: &Change, snapshot: Option<Uuid>) -> Res<()> {
    let (kind, id) = (change.kind(), change.id());
    match change {
        Change::Product(Put::Upsert(r)) => {
            put(c, kind, id, r.as_ref(), snapshot)?;
            index_product(c, r)
        }
        Change::User(Put::Upsert(r)) => {
            put(c, kind, id, r.as_ref(), snapshot)?;
            index_user(c, r)
        }
        Change::Packaging(Put::Upsert(r)) => {
            put(c, kind, id, r.as_ref(), snapshot)?;
            index_packaging(c, r)
        }
        Change::Location(Put::Upsert(r)) => {
            put(c, kind, id, r.as_ref(), snapshot)?;
            index_location(c, r)
        }
        Change::StockLevel(Put::Upsert(r)) => index_stock(c, r, snapshot),
        Change::Order(Put::Upsert(r)) => {
            put(c, kind, id, r.as_ref(), snapshot)?;
            index_order(c, r)
        }
        Change::Fulfillment(Put::Upsert(r)) => {
            put(c, kind, id, r.as_ref(), snapshot)?;
            super::work::index(c, r)
        }
        Change::SsccBlock(Put::Upsert(r)) => super::numbers::add_block(c, r),
        Change::SerialUsed(Put::Upsert(r)) => super::serials::store(c, r, snapshot),
        // Acted on when they come, or told by the lease answer; nobody looks them up, and there is one for every order ever made.
        Change::Lease(Put::Upsert(_)) | Change::Recall(Put::Upsert(_)) | Change::Cancel(Put::Upsert(_)) => Ok(()),
        Change::Settings(Put::Upsert(r)) => put(c, kind, id, r.as_ref(), snapshot),
        Change::Carrier(Put::Upsert(r)) => put(c, kind, id, r.as_ref(), snapshot),
        Change::LabelTemplate(Put::Upsert(r)) => put(c, kind, id, r.as_ref(), snapshot),
        Change::Return(Put::Upsert(r)) => {
            put(c, kind, id, r.as_ref(), snapshot)?;
            index_return(c, r)
        }
        Change::Product(Put::Tombstone { .. })
        | Change::User(Put::Tombstone { .. })
        | Change::Packaging(Put::Tombstone { .. })
        | Change::Location(Put::Tombstone { .. })
        | Change::StockLevel(Put::Tombstone { .. })
        | Change::Order(Put::Tombstone { .. })
        | Change::Fulfillment(Put::Tombstone { .. })
        | Change::Lease(Put::Tombstone { .. })
        | Change::Recall(Put::Tombstone { .. })
        | Change::Cancel(Put::Tombstone { .. })
        | Change::SsccBlock(Put::Tombstone { .. })
        | Change::Settings(Put::Tombstone { .. })
        | Change::Carrier(Put::Tombstone { .. })
        | Change::SerialUsed(Put::Tombstone { .. })
        | Change::Return(Put::Tombstone { .. })
        | Change::LabelTemplate(Put::Tombstone { .. }) => remove(c, kind, id),
    }
}

fn put<T: Serialize>(c: &mut dyn Conn, kind: ChangeKind, id: Uuid, r: &T, snapshot: Option<Uuid>) -> Res<()> {
    let body = serde_json::to_string(r).map_err(|source| StorageError::Record { kind: kind.text(), source })?;
    c.exec(
        "INSERT INTO record (kind, id, body, snapshot) VALUES ($1, $2, $3, $4)
         ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, snapshot = excluded.snapshot",
        &[kind.text().into(), uuid(id), body.into(), snapshot.map_or(Val::Null, uuid)],
    )?;
    Ok(())
}

/// Forgets a record and what points at it, except what is being packed.
pub(super) fn remove(c: &mut dyn Conn, kind: ChangeKind, id: Uuid) -> Res<()> {
    // What is being packed keeps its records until it is over: the session cannot be shown without them.
    let begun = match kind {
        ChangeKind::Fulfillment => super::work::is_begun(c, id)?,
        ChangeKind::Order => super::work::is_order_begun(c, id)?,
        ChangeKind::Product
        | ChangeKind::User
        | ChangeKind::Packaging
        | ChangeKind::Location
        | ChangeKind::StockLevel
        | ChangeKind::Lease
        | ChangeKind::Recall
        | ChangeKind::Cancel
        | ChangeKind::SsccBlock
        | ChangeKind::Settings
        | ChangeKind::Carrier
        | ChangeKind::SerialUsed
        | ChangeKind::Return
        | ChangeKind::LabelTemplate => false,
    };
    if begun {
        return Ok(());
    }
    c.exec("DELETE FROM record WHERE kind = $1 AND id = $2", &[kind.text().into(), uuid(id)])?;
    c.exec("DELETE FROM code WHERE kind = $1 AND id = $2", &[kind.text().into(), uuid(id)])?;
    match kind {
        ChangeKind::StockLevel => {
            c.exec("DELETE FROM stock WHERE id = $1", &[uuid(id)])?;
        }
        ChangeKind::Fulfillment => super::work::remove(c, id)?,
        ChangeKind::Location => {
            c.exec("DELETE FROM place WHERE id = $1", &[uuid(id)])?;
        }
        ChangeKind::Return => super::returns::forget(c, id)?,
        ChangeKind::SerialUsed => super::serials::free(c, id)?,
        ChangeKind::Product
        | ChangeKind::User
        | ChangeKind::Packaging
        | ChangeKind::Order
        | ChangeKind::Lease
        | ChangeKind::Recall
        | ChangeKind::Cancel
        | ChangeKind::SsccBlock
        | ChangeKind::Settings
        | ChangeKind::Carrier
        | ChangeKind::LabelTemplate => {}
    }
    Ok(())
}

/// A record by kind and id.
///
/// # Errors
/// If the database refuses or the body cannot be read.
pub fn get<T: DeserializeOwned>(c: &mut dyn Conn, kind: ChangeKind, id: Uuid) -> Res<Option<T>> {
    let row = c.one("SELECT body FROM record WHERE kind = $1 AND id = $2", &[kind.text().into(), uuid(id)])?;
    row.map(|r| read(kind, &r.at::<String>(0)?)).transpose()
}

/// All records of a kind, at most `max`.
///
/// # Errors
/// If the database refuses or a body cannot be read.
pub fn all<T: DeserializeOwned>(c: &mut dyn Conn, kind: ChangeKind, max: u32) -> Res<Vec<T>> {
    let rows = c.all("SELECT body FROM record WHERE kind = $1 ORDER BY id LIMIT $2", vals![kind.text(), max])?;
    rows.iter().map(|r| read(kind, &r.at::<String>(0)?)).collect()
}

pub(super) fn read<T: DeserializeOwned>(kind: ChangeKind, body: &str) -> Res<T> {
    serde_json::from_str(body).map_err(|source| StorageError::Record { kind: kind.text(), source })
}

/// Replaces what a record's codes mean.
fn codes(c: &mut dyn Conn, kind: &str, id: Uuid, list: &[(String, u32)]) -> Res<()> {
    c.exec("DELETE FROM code WHERE kind = $1 AND id = $2", &[kind.into(), uuid(id)])?;
    for (code, units) in list {
        c.exec(
            "INSERT INTO code (code, kind, id, units) VALUES ($1, $2, $3, $4) ON CONFLICT (code, kind, id) DO NOTHING",
            &[code.into(), kind.into(), uuid(id), (*units).into()],
        )?;
    }
    Ok(())
}

fn index_product(c: &mut dyn Conn, r: &ProductRecord) -> Res<()> {
    let mut list: Vec<(String, u32)> = r.barcodes.iter().map(|b| (b.code.clone(), b.units_per_scan.max(1))).collect();
    // The code people know it by works as a barcode too, unless it is one already.
    if !list.iter().any(|(code, _)| *code == r.sku) {
        list.push((r.sku.clone(), 1));
    }
    codes(c, ChangeKind::Product.text(), r.id.0, &list)
}

fn index_user(c: &mut dyn Conn, r: &UserRecord) -> Res<()> {
    let list: Vec<(String, u32)> =
        if r.active { r.badge_sha256.iter().map(|h| (h.to_string(), 1)).collect() } else { Vec::new() };
    codes(c, ChangeKind::User.text(), r.id.0, &list)
}

fn index_packaging(c: &mut dyn Conn, r: &PackagingRecord) -> Res<()> {
    let code = r.barcode.clone().unwrap_or_else(|| r.code.clone());
    codes(c, ChangeKind::Packaging.text(), r.id.0, &if r.active { vec![(code, 1)] } else { Vec::new() })
}

fn index_location(c: &mut dyn Conn, r: &LocationRecord) -> Res<()> {
    let code = r.barcode.clone().unwrap_or_else(|| r.code.clone());
    codes(c, ChangeKind::Location.text(), r.id.0, &if r.active { vec![(code, 1)] } else { Vec::new() })?;
    c.exec(
        "INSERT INTO place (id, code, kind, walk_rank) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET
         code = excluded.code, kind = excluded.kind, walk_rank = excluded.walk_rank",
        &[uuid(r.id.0), (&r.code).into(), place_kind(r).into(), r.walk_rank.into()],
    )?;
    Ok(())
}

/// What a place is, as far as it is looked for by that.
fn place_kind(r: &LocationRecord) -> &'static str {
    match r.kind {
        LocationKind::Dock if r.active => "dock",
        LocationKind::Bin
        | LocationKind::Reserve
        | LocationKind::Tote
        | LocationKind::PutWallSlot
        | LocationKind::Bench
        | LocationKind::Dock
        | LocationKind::Quarantine => "other",
    }
}

/// Code of the dock that is walked to first: where the parts of split orders meet.
///
/// # Errors
/// If the database refuses.
pub fn first_dock(c: &mut dyn Conn) -> Res<Option<String>> {
    let row = c.one("SELECT code FROM place WHERE kind = 'dock' ORDER BY walk_rank, code LIMIT 1", &[])?;
    Ok(row.map(|r| r.at(0)).transpose()?)
}

fn index_order(c: &mut dyn Conn, r: &OrderRecord) -> Res<()> {
    let code = r.barcode.clone().unwrap_or_else(|| r.number.clone());
    codes(c, ChangeKind::Order.text(), r.id.0, &[(code, 1)])?;
    super::work::reindex_order(c, r)
}

/// A return is found by its own number, by its order's, and by the labels the order left under.
fn index_return(c: &mut dyn Conn, r: &ReturnRecord) -> Res<()> {
    let own = [&r.number, &r.order_number];
    // One that an import brought in may name no order.
    let known = own.into_iter().chain(&r.labels).filter(|code| !code.is_empty());
    let list: Vec<(String, u32)> = known.map(|code| (code.clone(), 1)).collect();
    codes(c, ChangeKind::Return.text(), r.id.0, &list)
}

fn index_stock(c: &mut dyn Conn, r: &StockLevelRecord, snapshot: Option<Uuid>) -> Res<()> {
    if r.condition != Condition::Good {
        // Not for sale: a shelf with nothing else is an empty shelf.
        c.exec("DELETE FROM stock WHERE id = $1", &[uuid(r.id.0)])?;
        return Ok(());
    }
    c.exec(
        "INSERT INTO stock (id, snapshot, product, place, lot, expiry, quantity, held, allocated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET snapshot = excluded.snapshot, product = excluded.product, place = excluded.place,
         lot = excluded.lot, expiry = excluded.expiry, quantity = excluded.quantity, held = excluded.held,
         allocated = excluded.allocated",
        &[
            uuid(r.id.0),
            snapshot.map_or(Val::Null, uuid),
            uuid(r.product_id.0),
            uuid(r.location_id.0),
            r.lot.clone().into(),
            r.expiry.as_ref().map(|d| d.0.clone()).into(),
            r.on_hand.into(),
            r.held.into(),
            r.allocated.into(),
        ],
    )?;
    Ok(())
}
