//! Places and kinds of box: set many at once, by their codes, and read with what lies there.

use crate::central::error::Res;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::{Conn, Query, Row, asc};
use crate::vals;
use uuid::Uuid;

/// A place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLocation {
    /// Code on its sign and barcode.
    pub code: String,
    /// `bin`, `consolidation`, `tote`, `put_wall_slot` or `dock`.
    pub kind: &'static str,
    /// Name of its aisle, as drawn.
    pub aisle: String,
    /// Bay from the front, from 1.
    pub bay: u16,
    /// Level from the floor, from 1.
    pub level: u16,
    /// On the right side of the aisle.
    pub right: bool,
    /// Where a picker stands for it, mm.
    pub x_mm: i32,
    /// Where a picker stands for it, mm.
    pub y_mm: i32,
    /// Place in the walking order.
    pub walk_rank: u32,
}

/// Sets places; new ones are made, known ones moved.
///
/// # Errors
/// Any fault of the store; an unknown kind breaks the table's rule.
pub fn set_locations(work: &mut Work<'_>, locations: &[NewLocation]) -> Res<()> {
    for place in locations {
        let id = Uuid::new_v5(&work.ctx.site.0, format!("location/{}", place.code).as_bytes()).to_string();
        work.exec(
            "INSERT INTO locations (id, site, code, kind, aisle_name, bay, level, side, x_mm, y_mm, walk_rank, updated_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, \
             aisle_name = excluded.aisle_name, bay = excluded.bay, level = excluded.level, side = excluded.side, \
             x_mm = excluded.x_mm, y_mm = excluded.y_mm, walk_rank = excluded.walk_rank, gone = 0, \
             version = locations.version + 1, updated_ms = excluded.updated_ms",
            vals![
                &id, work.site(), &place.code, place.kind, &place.aisle, place.bay, place.level,
                if place.right { "right" } else { "left" }, place.x_mm, place.y_mm, place.walk_rank, work.now_ms()
            ],
        )?;
        work.changed(ChangeKind::Location, id);
    }
    work.audit("locations.set", "site", work.site(), serde_json::json!({ "locations": locations.len() }));
    Ok(())
}

/// A kind of box or envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPackaging {
    /// Short name, also on the stack: `L`.
    pub name: String,
    /// Its barcode.
    pub code: String,
    /// An envelope, not a box.
    pub envelope: bool,
    /// Room inside: length, width, height in mm.
    pub inner_mm: [u32; 3],
    /// Mass when empty, with filling, g.
    pub tare_g: u32,
    /// Most content, g.
    pub max_g: u32,
}

/// Sets kinds of packaging.
///
/// # Errors
/// Any fault of the store.
pub fn set_packagings(work: &mut Work<'_>, packagings: &[NewPackaging]) -> Res<()> {
    for box_ in packagings {
        let id = Uuid::new_v5(&work.ctx.site.0, format!("packaging/{}", box_.code).as_bytes()).to_string();
        let [length, width, height] = box_.inner_mm;
        work.exec(
            "INSERT INTO packagings (id, site, name, code, kind, length_mm, width_mm, height_mm, tare_g, max_g, updated_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
             kind = excluded.kind, length_mm = excluded.length_mm, width_mm = excluded.width_mm, \
             height_mm = excluded.height_mm, tare_g = excluded.tare_g, max_g = excluded.max_g, \
             version = packagings.version + 1, updated_ms = excluded.updated_ms",
            vals![
                &id, work.site(), &box_.name, &box_.code, if box_.envelope { "envelope" } else { "box" }, length, width,
                height, box_.tare_g, box_.max_g, work.now_ms()
            ],
        )?;
        work.changed(ChangeKind::Packaging, id);
    }
    work.audit("packagings.set", "site", work.site(), serde_json::json!({ "packagings": packagings.len() }));
    Ok(())
}

/// A place as the office sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceView {
    /// Code on its sign and barcode.
    pub code: String,
    /// `bin`, `consolidation`, `tote`, `put_wall_slot` or `dock`.
    pub kind: String,
    /// Zone it belongs to, or empty.
    pub zone: String,
    /// Name of its aisle, or empty.
    pub aisle: String,
    /// Bay and level, from 1; 0 where it has none.
    pub bay_level: (i64, i64),
    /// On the right side of the aisle.
    pub right: bool,
    /// Where a picker stands for it, mm.
    pub at_mm: (i64, i64),
    /// Balances that hold any, and their units.
    pub holds: (i64, i64),
}

const PLACES: &str = "SELECT l.id, l.code, l.kind, l.zone, l.aisle_name, l.bay, l.level, l.side, l.x_mm, l.y_mm, \
    (SELECT COUNT(*) FROM stock_levels s WHERE s.location = l.id AND s.quantity <> 0) AS balances, \
    (SELECT CAST(COALESCE(SUM(s.quantity), 0) AS BIGINT) FROM stock_levels s WHERE s.location = l.id) AS units \
    FROM locations l WHERE l.gone = 0";
/// Most places that are drawn.
pub const DRAWN_MAX: u32 = 1_000;

fn place_view(row: &Row) -> Res<PlaceView> {
    Ok(PlaceView {
        code: row.get("code")?,
        kind: row.get("kind")?,
        zone: row.get("zone")?,
        aisle: row.get("aisle_name")?,
        bay_level: (row.get("bay")?, row.get("level")?),
        right: row.get::<String>("side")? == "right",
        at_mm: (row.get("x_mm")?, row.get("y_mm")?),
        holds: (row.get("balances")?, row.get("units")?),
    })
}

/// One page of places by code, whose code contains the text, and the cursor of the next.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn places(
    tx: &mut dyn Conn,
    site: SiteId,
    text: &str,
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<PlaceView>, Option<String>)> {
    let mut query = Query::new(PLACES);
    query.push(" AND l.site = ?", vals![site.to_string()]);
    if !text.is_empty() {
        query.contains("l.code", text);
    }
    let page = query.page(tx, &[asc("l.code"), asc("l.id")], cursor, rows)?;
    Ok((page.rows.iter().map(place_view).collect::<Res<_>>()?, page.next))
}

/// The bins that stand somewhere, for the map; at most [`DRAWN_MAX`].
///
/// # Errors
/// Any fault of the store.
pub fn drawn(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<PlaceView>> {
    let mut query = Query::new(PLACES);
    query.push(" AND l.site = ? AND l.kind = 'bin'", vals![site.to_string()]);
    let page = query.page(tx, &[asc("l.code"), asc("l.id")], None, DRAWN_MAX)?;
    page.rows.iter().map(place_view).collect()
}
