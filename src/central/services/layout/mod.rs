//! The warehouse's layout that a site draws: each change is a new version, and the newest one goes to stations with the site's
//! settings, where pick tours are planned on it. Nothing that is no layout is stored.

pub mod check;
pub mod file;
pub mod sample;

use super::settings;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::planning::tour;
use crate::protocol::domain;
use crate::protocol::wire::SiteId;
use crate::protocol::wire::layout::{AisleRecord, CornerRecord, CrossAisleRecord, LayoutRecord, PlanRecord};
use crate::protocol::wire::settings::{MapAisle, SiteMap};
use crate::sql::Conn;
use crate::vals;
use check::{Shelf, checked, off};

/// Versions that are listed.
const LISTED_MAX: i64 = 20;
/// Most shelves of places that are looked at.
const SHELVES_MAX: i64 = 20_000;
/// What a warehouse begins with where nothing is known of it.
const FIRST: (usize, usize, u8) = (5, 12, 4);

/// What lengths are typed in. They are stored in millimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Millimetres.
    #[default]
    Mm,
    /// Centimetres.
    Cm,
}

impl Unit {
    /// Both, in the order people are shown.
    pub const ALL: [Unit; 2] = [Unit::Mm, Unit::Cm];

    /// Its sign, also in the store.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Unit::Mm => "mm",
            Unit::Cm => "cm",
        }
    }

    /// Millimetres of one.
    #[must_use]
    pub const fn mm(self) -> i64 {
        match self {
            Unit::Mm => 1,
            Unit::Cm => 10,
        }
    }

    /// The unit of a sign; millimetres for what is none.
    #[must_use]
    pub fn of(sign: &str) -> Unit {
        Unit::ALL.into_iter().find(|unit| unit.sign() == sign).unwrap_or_default()
    }
}

/// The layout as it holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Newest version; 0 where the site never drew one: then it is what the map or the places tell.
    pub version: i64,
    /// The layout.
    pub plan: PlanRecord,
    /// What lengths were typed in.
    pub unit: Unit,
}

fn read(text: &str) -> Res<PlanRecord> {
    serde_json::from_str(text).map_err(|_| CentralError::Stored { what: "layout" })
}

/// The layout that holds.
///
/// # Errors
/// If the stored one has an unknown form; any fault of the store.
pub fn current(tx: &mut dyn Conn, site: SiteId) -> Res<Stored> {
    let row = tx.one(
        "SELECT version, plan, unit FROM warehouse_layouts WHERE site = $1 ORDER BY version DESC LIMIT 1",
        vals![site.to_string()],
    )?;
    if let Some(row) = row {
        let unit = Unit::of(&row.get::<String>("unit")?);
        return Ok(Stored { version: row.get("version")?, plan: read(&row.get::<String>("plan")?)?, unit });
    }
    Ok(Stored { version: 0, plan: begun(tx, site)?, unit: Unit::default() })
}

/// One version with its unit.
///
/// # Errors
/// [`Refusal::Missing`]; any fault of the store.
pub fn of_version(tx: &mut dyn Conn, site: SiteId, version: i64) -> Res<(PlanRecord, Unit)> {
    let row = tx.one(
        "SELECT plan, unit FROM warehouse_layouts WHERE site = $1 AND version = $2",
        vals![site.to_string(), version],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "layout" })?;
    Ok((read(&row.get::<String>("plan")?)?, Unit::of(&row.get::<String>("unit")?)))
}

/// The newest versions and when each was made (UTC ms), newest first.
///
/// # Errors
/// Any fault of the store.
pub fn versions(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<(i64, i64)>> {
    let rows = tx.all(
        "SELECT version, at_ms FROM warehouse_layouts WHERE site = $1 ORDER BY version DESC LIMIT $2",
        vals![site.to_string(), LISTED_MAX],
    )?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

/// The shelves that places stand on, by aisle and bay.
///
/// # Errors
/// Any fault of the store.
pub fn shelves(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<Shelf>> {
    let rows = tx.all(
        "SELECT aisle_name, bay, MAX(level) AS top, COUNT(*) AS places, MIN(code) AS code FROM locations \
         WHERE site = $1 AND gone = 0 AND kind = 'bin' AND aisle_name <> '' AND bay > 0 \
         GROUP BY aisle_name, bay ORDER BY aisle_name, bay LIMIT $2",
        vals![site.to_string(), SHELVES_MAX],
    )?;
    let shelf = |row: &crate::sql::Row| -> Res<Shelf> {
        Ok(Shelf {
            aisle: row.get("aisle_name")?,
            bay: row.get("bay")?,
            top: row.get("top")?,
            places: row.get("places")?,
            code: row.get("code")?,
        })
    };
    rows.iter().map(shelf).collect()
}

/// What a site that never drew a layout has: what its map says, else as many aisles and bays as its places tell.
fn begun(tx: &mut dyn Conn, site: SiteId) -> Res<PlanRecord> {
    let settings = settings::of(&sites::get(tx, site)?)?;
    if let Some(floor) = domain::floor(&settings)
        && let Ok(layout) = tour::drawn(&floor)
    {
        let xs = layout.aisles.iter().map(|a| a.x_mm);
        let aisles = floor.aisle_names.iter().zip(xs).map(|(name, x_mm)| aisle(name.clone(), x_mm)).collect();
        let levels = settings.map.aisles.iter().map(|a| a.levels).max().unwrap_or(1);
        let crosses = layout.cross_aisles.iter().map(|c| c.y_mm).collect();
        let levels = u8::try_from(levels).unwrap_or(check::LEVELS_MAX).clamp(1, check::LEVELS_MAX);
        return Ok(plan_of(aisles, crosses, layout.cells_mm, levels, usize::from(floor.bench_aisle)));
    }
    let known = shelves(tx, site)?;
    let mut names: Vec<String> = known.iter().map(|shelf| shelf.aisle.clone()).collect();
    names.dedup();
    names.truncate(check::AISLES_MAX);
    let (count, bays, levels) = FIRST;
    if names.is_empty() {
        names = ('A'..='Z').take(count).map(String::from).collect();
    }
    let most = |of: fn(&Shelf) -> i64| known.iter().map(of).max().and_then(|n| usize::try_from(n).ok());
    let bays = most(|shelf| shelf.bay).unwrap_or(bays).clamp(1, check::BAYS_MAX);
    let levels = most(|shelf| shelf.top).and_then(|n| u8::try_from(n).ok()).unwrap_or(levels);
    let aisles = (0_i64..).zip(names).map(|(n, name)| aisle(name, n * 3_000)).collect();
    let cells: Vec<i64> = (0_i64..).take(bays).map(|n| 1_500 + n * 1_000).collect();
    let back = cells.last().map_or(0, |y| y + 1_500);
    Ok(plan_of(aisles, vec![0, back], cells, levels.clamp(1, check::LEVELS_MAX), 0))
}

fn aisle(name: String, x_mm: i64) -> AisleRecord {
    AisleRecord { name, x_mm, ways: Vec::new(), closed_mm: Vec::new() }
}

fn plan_of(
    aisles: Vec<AisleRecord>,
    crosses: Vec<i64>,
    cells_mm: Vec<i64>,
    levels: u8,
    bench_aisle: usize,
) -> PlanRecord {
    let bench = aisles.get(bench_aisle).map(|a| a.name.clone()).unwrap_or_default();
    let cross_aisles = crosses.into_iter().map(|y_mm| CrossAisleRecord { y_mm, ways: Vec::new() }).collect();
    PlanRecord {
        layout: LayoutRecord { levels, climb_mm: 0, cells_mm, aisles, cross_aisles },
        start: CornerRecord { aisle: bench, cross_aisle: 0 },
        end: None,
    }
}

/// Makes a new version for one who saw `seen`, and tells it to stations. `leave` says that places which are not on it stay as they
/// are: packers find them by their code. The new version.
///
/// # Errors
/// [`Refusal::Field`] for what is no layout, or leaves places out unasked; [`Refusal::Version`] if somebody was faster.
pub fn save(work: &mut Work<'_>, plan: &PlanRecord, unit: Unit, seen: i64, leave: bool) -> Res<i64> {
    let site = work.ctx.site;
    let Ok(sound) = checked(plan) else {
        return Err(Refusal::Field { field: "layout.plan", why: "must be a sound layout" }.into());
    };
    let newest = work
        .tx
        .int("SELECT COALESCE(MAX(version), 0) FROM warehouse_layouts WHERE site = $1", vals![site.to_string()])?;
    if newest != seen {
        return Err(Refusal::Version { newest, fields: Vec::new() }.into());
    }
    let left_out = off(&sound, &shelves(work.tx, site)?);
    if !leave && !left_out.is_empty() {
        let why = "leaves places of the warehouse out; say that they may stay as they are";
        return Err(Refusal::Field { field: "layout.off", why }.into());
    }
    let text = serde_json::to_string(plan).map_err(|_| CentralError::Inner { what: "writing a layout as JSON" })?;
    work.exec(
        "INSERT INTO warehouse_layouts (site, version, plan, unit, actor_kind, actor, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![
            work.site(),
            newest + 1,
            text,
            unit.sign(),
            work.ctx.actor.kind(),
            work.ctx.actor.id(),
            work.now_ms()
        ],
    )?;
    let mut here = settings::of(&sites::get(work.tx, site)?)?;
    here.map = drawn(plan, &here.map);
    settings::set(work, here)?;
    let detail = serde_json::json!({
        "version": newest + 1, "aisles": plan.layout.aisles.len(), "bays": plan.layout.cells_mm.len(), "left_out": left_out.len(),
    });
    work.audit("layout.saved", "layout", work.site(), detail);
    Ok(newest + 1)
}

/// The map that stations are sent: the plan, and beside it as much of it as a station knows that never heard of plans.
fn drawn(plan: &PlanRecord, before: &SiteMap) -> SiteMap {
    let layout = &plan.layout;
    let small = |mm: i64| i32::try_from(mm).unwrap_or(i32::MAX);
    let big = |mm: i64| u32::try_from(mm).unwrap_or(0);
    let (first, last) = (layout.cells_mm.first().copied().unwrap_or(0), layout.cells_mm.last().copied().unwrap_or(0));
    let bays = i64::try_from(layout.cells_mm.len()).unwrap_or(i64::MAX).max(1);
    let front = layout.cross_aisles.first().map_or(0, |c| c.y_mm);
    let back = layout.cross_aisles.last().map_or(0, |c| c.y_mm);
    let bay = if bays > 1 { (last - first) / (bays - 1) } else { (2 * (first - front)).max(1) };
    let aisle = |a: &AisleRecord| MapAisle {
        name: a.name.clone(),
        x_mm: small(a.x_mm),
        y_front_mm: small(first - bay / 2),
        y_back_mm: small(first - bay / 2 + bay * bays),
        // Such a station takes the first bay to lie half a bay and half an aisle's width behind the front cross-aisle.
        width_mm: big(2 * (first - front - bay / 2)),
        rack_depth_mm: big(bay),
        bays: u16::try_from(bays).unwrap_or(u16::MAX),
        levels: u16::from(layout.levels),
        one_way: !a.ways.is_empty() && a.ways.iter().all(|w| *w == crate::protocol::wire::layout::WayRecord::Onward),
    };
    let start = layout.aisles.iter().find(|a| a.name == plan.start.aisle).map_or(0, |a| a.x_mm);
    let at = layout.cross_aisles.get(usize::from(plan.start.cross_aisle)).map_or(0, |c| c.y_mm);
    SiteMap {
        width_mm: layout.aisles.last().map_or(0, |a| big(a.x_mm)),
        depth_mm: big(back),
        aisles: layout.aisles.iter().map(aisle).collect(),
        marks: before.marks.clone(),
        start_x_mm: small(start),
        start_y_mm: small(at),
        plan: Some(plan.clone()),
    }
}
