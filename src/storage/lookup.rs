//! What a scanned text can stand for: every table that knows codes is asked, and whoever answers is
//! returned; choosing among several is the engine's business.

use super::{Res, uuid_at};
use crate::core::ids::{PackagingId, ProductId, UserId};
use crate::sql::Conn;
use crate::vals;
use uuid::Uuid;

/// One thing a code stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// A product, and base units behind one scan.
    Product(ProductId, u32),
    /// A kind of box.
    Packaging(PackagingId),
    /// A place with a code of its own, tote or slot included.
    Location(Uuid),
    /// An order.
    Order(Uuid),
    /// A person's badge (asked for by the hash of the scanned text).
    Badge(UserId),
}

/// Everything a code stands for, at most eight.
///
/// # Errors
/// If the database refuses.
pub fn code(c: &mut dyn Conn, text: &str) -> Res<Vec<Known>> {
    let rows = c.all("SELECT kind, id, units FROM code WHERE code = $1 ORDER BY kind, id LIMIT 8", vals![text])?;
    let mut list = Vec::new();
    for r in &rows {
        let id = uuid_at(r, "id")?;
        let units: u32 = r.get("units")?;
        match r.get::<String>("kind")?.as_str() {
            "product" => list.push(Known::Product(ProductId(id), units)),
            "packaging" => list.push(Known::Packaging(PackagingId(id))),
            "location" => list.push(Known::Location(id)),
            "order" => list.push(Known::Order(id)),
            "user" => list.push(Known::Badge(UserId(id))),
            _ => {}
        }
    }
    Ok(list)
}
