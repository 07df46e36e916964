//! A place as people write it: what it is, where it stands, and when a picker comes by. Who writes over another's change is told which
//! facts differ. A place is taken away once nothing lies in it; its entries in the ledger stay.

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::returns::RETURNS;
use crate::central::services::stock::{QUARANTINE, UNPLACED};
use crate::central::store::work::Work;
use crate::core::command_code;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::{Conn, Query, Row, asc};
use crate::vals;
use serde_json::{Value, json};
use uuid::Uuid;

/// Longest code, characters.
pub const CODE_MAX: usize = 60;
/// Longest name of a zone, characters.
pub const ZONE_MAX: usize = 40;
/// Longest name of an aisle, characters.
pub const AISLE_MAX: usize = 20;
/// Highest bay.
pub const BAY_MAX: u16 = 9_999;
/// Highest level.
pub const LEVEL_MAX: u16 = 99;
/// Farthest position from the corner of the site, mm.
pub const AT_MM_MAX: i32 = 10_000_000;
/// Last place of the walking order.
pub const RANK_MAX: u32 = 1_000_000_000;

/// What a place is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PlaceKind {
    /// A shelf that orders are served from.
    #[default]
    Bin,
    /// Where the parts of a split order meet.
    Consolidation,
    /// A container that moves.
    Tote,
    /// A cell of a put wall.
    PutWallSlot,
    /// Where things are set aside.
    Dock,
}

impl PlaceKind {
    /// All, in the order people are shown.
    pub const ALL: [PlaceKind; 5] =
        [PlaceKind::Bin, PlaceKind::Consolidation, PlaceKind::Tote, PlaceKind::PutWallSlot, PlaceKind::Dock];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            PlaceKind::Bin => "bin",
            PlaceKind::Consolidation => "consolidation",
            PlaceKind::Tote => "tote",
            PlaceKind::PutWallSlot => "put_wall_slot",
            PlaceKind::Dock => "dock",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<PlaceKind> {
        PlaceKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What is known of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceSheet {
    /// What it is.
    pub kind: PlaceKind,
    /// Zone it belongs to, or empty.
    pub zone: String,
    /// Name of its aisle, or empty.
    pub aisle: String,
    /// Bay from the front, from 1; 0 where it has none.
    pub bay: u16,
    /// Level from the floor, from 1; 0 where it has none.
    pub level: u16,
    /// On the right side of the aisle.
    pub right: bool,
    /// Where a picker stands for it, mm from the corner of the site: across the aisles, along them.
    pub at_mm: (i32, i32),
    /// Place in the walking order.
    pub walk_rank: u32,
}

/// A place as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledPlace {
    /// Id.
    pub id: String,
    /// Code.
    pub code: String,
    /// What is known.
    pub sheet: PlaceSheet,
    /// Version.
    pub version: i64,
}

fn refuse<T>(field: &'static str, why: &'static str) -> Result<T, Refusal> {
    Err(Refusal::Field { field, why })
}

fn plain(text: &str, max: usize) -> bool {
    text.chars().count() <= max && !text.contains(char::is_control) && text.trim() == text
}

/// Checks a code by itself.
///
/// # Errors
/// [`Refusal::Field`] for one that is empty, too long, or could be a command barcode.
pub fn check_code(code: &str) -> Result<(), Refusal> {
    if code.is_empty() || !plain(code, CODE_MAX) || code.starts_with(command_code::PREFIX) {
        return refuse("place.code", "must have 1 to 60 characters and not begin with ZZPB");
    }
    Ok(())
}

impl PlaceSheet {
    /// Checks it by itself.
    ///
    /// # Errors
    /// [`Refusal::Field`] with the fact that is not usable.
    pub fn validate(&self) -> Result<(), Refusal> {
        if !plain(&self.zone, ZONE_MAX) {
            return refuse("place.zone", "must have at most 40 characters");
        }
        if !plain(&self.aisle, AISLE_MAX) {
            return refuse("place.aisle", "must have at most 20 characters");
        }
        if self.bay > BAY_MAX || self.level > LEVEL_MAX {
            return refuse("place.bay", "must be a bay up to 9,999 and a level up to 99");
        }
        let (x, y) = self.at_mm;
        if !(0..=AT_MM_MAX).contains(&x) || !(0..=AT_MM_MAX).contains(&y) {
            return refuse("place.at", "must be 0 to 10,000,000 mm from the corner");
        }
        if self.walk_rank > RANK_MAX {
            return refuse("place.rank", "must be 0 to 1,000,000,000");
        }
        Ok(())
    }

    /// Its facts by name, as the audit keeps them.
    fn facts(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("kind", json!(self.kind.word())),
            ("zone", json!(self.zone)),
            ("aisle", json!(self.aisle)),
            ("bay", json!([self.bay, self.level])),
            ("side", json!(if self.right { "right" } else { "left" })),
            ("at", json!([self.at_mm.0, self.at_mm.1])),
            ("rank", json!(self.walk_rank)),
        ]
    }

    /// Names of the facts in which two sheets differ.
    #[must_use]
    pub fn differs(&self, other: &PlaceSheet) -> Vec<&'static str> {
        let pairs = self.facts().into_iter().zip(other.facts());
        pairs.filter(|(own, theirs)| own.1 != theirs.1).map(|(own, _)| own.0).collect()
    }
}

/// Places that the server keeps for its own books: they stay what they are.
fn own(code: &str) -> bool {
    [QUARANTINE, UNPLACED, RETURNS].contains(&code)
}

/// The place with this code.
///
/// # Errors
/// [`Refusal::Missing`] if there is none, or not any more.
pub fn filed(tx: &mut dyn Conn, site: SiteId, code: &str) -> Res<FiledPlace> {
    let row =
        tx.one("SELECT * FROM locations WHERE site = $1 AND code = $2 AND gone = 0", vals![site.to_string(), code])?;
    filed_in(&row.ok_or(Refusal::Missing { entity: "location" })?)
}

fn filed_in(row: &Row) -> Res<FiledPlace> {
    Ok(FiledPlace { id: row.get("id")?, code: row.get("code")?, sheet: sheet(row)?, version: row.get("version")? })
}

/// One page by code, and the cursor of the next; of one kind, where that is named.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn page(
    tx: &mut dyn Conn,
    site: SiteId,
    kind: Option<PlaceKind>,
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<FiledPlace>, Option<String>)> {
    let mut query = Query::new("SELECT * FROM locations l WHERE l.gone = 0");
    query.push(" AND l.site = ?", vals![site.to_string()]);
    query.when(" AND l.kind = ?", kind.map(PlaceKind::word));
    let page = query.page(tx, &[asc("l.code"), asc("l.id")], cursor, rows)?;
    Ok((page.rows.iter().map(filed_in).collect::<Res<_>>()?, page.next))
}

fn sheet(row: &Row) -> Res<PlaceSheet> {
    let kind: String = row.get("kind")?;
    Ok(PlaceSheet {
        kind: PlaceKind::of(&kind).ok_or(CentralError::Stored { what: "kind of a place" })?,
        zone: row.get("zone")?,
        aisle: row.get("aisle_name")?,
        bay: row.get("bay")?,
        level: row.get("level")?,
        right: row.get::<String>("side")? == "right",
        at_mm: (row.get("x_mm")?, row.get("y_mm")?),
        walk_rank: row.get("walk_rank")?,
    })
}

/// Adds a place. One that was taken away comes back under its code.
///
/// # Errors
/// [`Refusal::Field`] for what is not usable, [`Refusal::Taken`] for a code that another place has.
pub fn add(work: &mut Work<'_>, code: &str, sheet: &PlaceSheet) -> Res<()> {
    check_code(code)?;
    sheet.validate()?;
    let known = work.one("SELECT id, gone FROM locations WHERE site = $1 AND code = $2", vals![work.site(), code])?;
    let id = match known {
        Some(row) if row.at::<bool>(1)? => row.at::<String>(0)?,
        Some(_) => return Err(Refusal::Taken { field: "place", entity: "location" }.into()),
        None => {
            let id = Uuid::new_v5(&work.ctx.site.0, format!("location/{code}").as_bytes()).to_string();
            work.exec(
                "INSERT INTO locations (id, site, code, kind, updated_ms, version) VALUES ($1, $2, $3, $4, $5, 0)",
                vals![&id, work.site(), code, sheet.kind.word(), work.now_ms()],
            )?;
            id
        }
    };
    write(work, &id, sheet)?;
    work.audit("place.added", "location", &id, json!({ "code": code }));
    Ok(())
}

/// Writes what is known of a place; its version then. `seen` is the version that the writer had before their eyes.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Version`] with the facts that differ, [`Refusal::State`] for a place that becomes something else
/// while things lie in it or that the server keeps for itself, and as [`add`].
pub fn save(work: &mut Work<'_>, code: &str, seen: i64, sheet: &PlaceSheet) -> Res<i64> {
    let now = filed(work.tx, work.ctx.site, code)?;
    let fields = sheet.differs(&now.sheet);
    if seen != now.version {
        return Err(Refusal::Version { newest: now.version, fields }.into());
    }
    sheet.validate()?;
    if fields.is_empty() {
        return Ok(now.version);
    }
    if sheet.kind != now.sheet.kind {
        free(work, &now)?;
    }
    write(work, &now.id, sheet)?;
    let was = now.sheet.facts().into_iter().zip(sheet.facts()).filter(|(was, is)| was.1 != is.1);
    let changed: serde_json::Map<String, Value> =
        was.map(|(was, is)| (was.0.to_owned(), json!([was.1, is.1]))).collect();
    work.audit("place.changed", "location", &now.id, Value::Object(changed));
    Ok(work.tx.int("SELECT version FROM locations WHERE id = $1", vals![&now.id])?)
}

/// Takes a place away.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Version`], [`Refusal::State`] while anything lies in it or waits to be counted there, or for a place
/// that the server keeps for itself.
pub fn remove(work: &mut Work<'_>, code: &str, seen: i64) -> Res<()> {
    let now = filed(work.tx, work.ctx.site, code)?;
    if seen != now.version {
        return Err(Refusal::Version { newest: now.version, fields: Vec::new() }.into());
    }
    free(work, &now)?;
    work.exec(
        "UPDATE locations SET gone = 1, version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![&now.id, work.now_ms()],
    )?;
    work.changed(ChangeKind::Location, &now.id);
    work.audit("place.removed", "location", &now.id, json!({ "code": code }));
    Ok(())
}

/// Nothing lies in it, nothing waits to be counted there, and it is none of the server's own.
fn free(work: &mut Work<'_>, place: &FiledPlace) -> Res<()> {
    let refuse = |state: &str| Err(Refusal::State { entity: "location", state: state.to_owned() }.into());
    if own(&place.code) {
        return refuse("kept by the server itself");
    }
    let full = work.tx.int(
        "SELECT COUNT(*) FROM stock_levels s WHERE s.location = $1 AND (s.quantity <> 0 OR EXISTS \
         (SELECT 1 FROM stock_counts c WHERE c.level = s.id AND c.state = 'waiting'))",
        vals![&place.id],
    )?;
    if full > 0 { refuse("not empty") } else { Ok(()) }
}

fn write(work: &mut Work<'_>, id: &str, sheet: &PlaceSheet) -> Res<()> {
    work.exec(
        "UPDATE locations SET kind = $2, zone = $3, aisle_name = $4, bay = $5, level = $6, side = $7, x_mm = $8, y_mm = $9, \
         walk_rank = $10, gone = 0, version = version + 1, updated_ms = $11 WHERE id = $1",
        vals![
            id, sheet.kind.word(), &sheet.zone, &sheet.aisle, sheet.bay, sheet.level,
            if sheet.right { "right" } else { "left" }, sheet.at_mm.0, sheet.at_mm.1, sheet.walk_rank, work.now_ms()
        ],
    )?;
    work.changed(ChangeKind::Location, id);
    Ok(())
}
