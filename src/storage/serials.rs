//! Serial numbers that left, here or elsewhere: never again, unless the server takes a use back because the unit never
//! left or came home. Must never forget a use that the server was not told of yet.

use super::{Res, meta, records, uuid};
use crate::protocol::wire::{ChangeKind, FulfillmentRecord, SerialUsedRecord};
use crate::sql::{Conn, Val};
use uuid::Uuid;

/// What the server says of a number. It knows better than this station which order the number left with.
pub(super) fn store(c: &mut dyn Conn, r: &SerialUsedRecord, snapshot: Option<Uuid>) -> Res<()> {
    let f: Option<FulfillmentRecord> = records::get(c, ChangeKind::Fulfillment, r.fulfillment_id.0)?;
    let number = f.map_or_else(String::new, |f| f.number);
    c.exec(
        "INSERT INTO serial (product, serial, number, id, fulfillment, snapshot) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (product, serial) DO UPDATE SET id = excluded.id, fulfillment = excluded.fulfillment,
         snapshot = excluded.snapshot,
         number = CASE WHEN excluded.number = '' THEN serial.number ELSE excluded.number END",
        &[
            uuid(r.product_id.0),
            (&r.serial).into(),
            number.into(),
            uuid(r.id.0),
            uuid(r.fulfillment_id.0),
            snapshot.map_or(Val::Null, uuid),
        ],
    )?;
    Ok(())
}

/// A use that is over: the scan was undone, the order called off, or the unit is on the shelf again.
pub(super) fn free(c: &mut dyn Conn, id: Uuid) -> Res<()> {
    c.exec("DELETE FROM serial WHERE id = $1", &[uuid(id)])?;
    Ok(())
}

/// Uses that the server's whole list did not bring are over, but for those it was not told of yet.
pub(super) fn drop_strangers(c: &mut dyn Conn, snapshot: Uuid) -> Res<()> {
    let (epoch, pushed) = (meta::int(c, meta::key::EPOCH)?, meta::int(c, meta::key::PUSHED)?);
    c.exec(
        "DELETE FROM serial WHERE (snapshot IS NULL OR snapshot <> $1) AND (fulfillment IS NULL OR fulfillment NOT IN
         (SELECT fulfillment FROM event WHERE epoch = $2 AND seq > $3 AND fulfillment IS NOT NULL))",
        &[uuid(snapshot), epoch.into(), pushed.into()],
    )?;
    Ok(())
}

/// A serial number has left with that order, packed here.
///
/// # Errors
/// If the database refuses.
pub fn left(c: &mut dyn Conn, product: Uuid, serial: &str, of: (Uuid, &str)) -> Res<()> {
    let (fulfillment, number) = of;
    c.exec(
        "INSERT INTO serial (product, serial, number, fulfillment) VALUES ($1, $2, $3, $4)
         ON CONFLICT (product, serial) DO NOTHING",
        &[uuid(product), serial.into(), number.into(), uuid(fulfillment)],
    )?;
    Ok(())
}

/// The order a serial number left with, if it did; not of the work `except`, whose boxes are still open.
///
/// # Errors
/// If the database refuses.
pub fn used(c: &mut dyn Conn, product: Uuid, serial: &str, except: Option<Uuid>) -> Res<Option<String>> {
    let row = c.one(
        "SELECT number FROM serial WHERE product = $1 AND serial = $2 AND (fulfillment IS NULL OR fulfillment <> $3)",
        // No work has the nil identity.
        &[uuid(product), serial.into(), uuid(except.unwrap_or_default())],
    )?;
    Ok(row.map(|r| r.at(0)).transpose()?)
}
