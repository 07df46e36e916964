//! Reading manifests: what waits for each carrier, pages of manifests, and one whole.

use super::find::{ParcelRow, on_sheet, waiting as wait};
use super::{State, Why, sheet};
use crate::central::error::{Refusal, Res};
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, Row, desc};
use crate::vals;

/// Manifests on one page of the console.
pub const PAGE_ROWS: u32 = 50;
/// Most parcels that are listed as waiting.
pub const WAITING_MAX: i64 = 200;
/// Parcels that were packed longer ago than this are not counted as waiting, ms: a house that began with manifests late is not
/// reminded of its past. Scanned, they leave all the same.
pub const WAITING_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Most parcels that are counted.
const COUNTED_MAX: i64 = 10_000;

/// A carrier with what waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Packed parcels that no manifest has.
    pub waiting: i64,
    /// Number of its open manifest, and parcels on it.
    pub open: Option<(String, i64)>,
}

/// A manifest in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Number.
    pub number: String,
    /// Code of the carrier, and its name.
    pub carrier: (String, String),
    /// How far it is.
    pub state: State,
    /// Parcels on it.
    pub parcels: i64,
    /// When it was opened, UTC ms.
    pub opened_ms: i64,
    /// When it was closed, UTC ms.
    pub closed_ms: Option<i64>,
    /// Initials of who closed it, or empty.
    pub closed_by: String,
}

/// That a manifest was closed and taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// When, UTC ms.
    pub at_ms: i64,
    /// Initials of who did it, or empty.
    pub by: String,
    /// Why.
    pub why: Why,
    /// What that person typed besides, or empty.
    pub note: String,
}

/// A manifest whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// As lists show it.
    pub head: Listed,
    /// Name of the driver, or empty.
    pub driver: String,
    /// The pick-up that was next when it was opened, UTC ms.
    pub pickup_ms: Option<i64>,
    /// In the order they were scanned.
    pub parcels: Vec<ParcelRow>,
    /// That it was closed and taken back, the last time.
    pub reopened: Option<TakenBack>,
    /// Version.
    pub version: i64,
}

/// The name in a carrier's record; its code where it has none.
fn name_in(record: &str, code: &str) -> String {
    let record: serde_json::Value = serde_json::from_str(record).unwrap_or_default();
    record["name"].as_str().filter(|name| !name.is_empty()).unwrap_or(code).to_owned()
}

/// The carriers of the site, with what waits since `WAITING_MS` before now.
///
/// # Errors
/// Any fault of the store.
pub fn carriers(tx: &mut dyn Conn, site: SiteId, now_ms: i64) -> Res<Vec<CarrierRow>> {
    let site = site.to_string();
    let counts = tx.all(
        "SELECT w.carrier, COUNT(*) AS parcels FROM (SELECT o.carrier FROM fulfillments f \
         JOIN orders o ON o.id = f.order_id JOIN parcels p ON p.fulfillment = f.id LEFT JOIN manifest_parcels mp \
         ON mp.fulfillment = p.fulfillment AND mp.parcel = p.no WHERE f.site = $1 AND f.state = 'packed' AND f.packed_ms > $2 \
         AND p.void = 0 AND mp.manifest IS NULL LIMIT $3) w GROUP BY w.carrier",
        vals![&site, now_ms - WAITING_MS, COUNTED_MAX],
    )?;
    let open = tx.all(
        "SELECT m.carrier, m.number, (SELECT COUNT(*) FROM manifest_parcels mp WHERE mp.manifest = m.id) AS parcels \
         FROM manifests m WHERE m.site = $1 AND m.state = 'open'",
        vals![&site],
    )?;
    let rows = tx.all("SELECT code, record FROM carriers WHERE site = $1 ORDER BY code LIMIT 100", vals![&site])?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let code: String = row.at(0)?;
        let mut one = CarrierRow { name: name_in(&row.at::<String>(1)?, &code), code, waiting: 0, open: None };
        for count in &counts {
            if count.get::<String>("carrier")? == one.code {
                one.waiting = count.get("parcels")?;
            }
        }
        for sheet in &open {
            if sheet.get::<String>("carrier")? == one.code {
                one.open = Some((sheet.get("number")?, sheet.get("parcels")?));
            }
        }
        found.push(one);
    }
    Ok(found)
}

/// Packed parcels of a carrier that no manifest has, the longest packed first.
///
/// # Errors
/// Any fault of the store.
pub fn waiting(tx: &mut dyn Conn, site: SiteId, carrier: &str, now_ms: i64) -> Res<Vec<ParcelRow>> {
    wait(tx, site, carrier, (now_ms - WAITING_MS, WAITING_MAX))
}

const LISTED: &str = "SELECT m.id, m.number, m.carrier, COALESCE(k.record, '') AS record, m.state, m.opened_ms, m.closed_ms, \
    CASE WHEN m.state = 'closed' THEN m.parcels ELSE (SELECT COUNT(*) FROM manifest_parcels mp WHERE mp.manifest = m.id) END \
    AS parcels, COALESCE(u.initials, '') AS closed_by, m.driver, m.pickup_ms, m.version, m.reopened_ms, \
    COALESCE(b.initials, '') AS reopened_by, m.reopen_reason, m.reopen_note FROM manifests m \
    LEFT JOIN users b ON b.id = m.reopened_by AND m.reopened_by_kind = 'user' \
    LEFT JOIN carriers k ON k.site = m.site AND k.code = m.carrier \
    LEFT JOIN users u ON u.id = m.closed_by AND m.closed_by_kind = 'user'";

fn listed(row: &Row) -> Res<Listed> {
    let code: String = row.get("carrier")?;
    let closed = row.get::<String>("state")? == State::Closed.word();
    Ok(Listed {
        number: row.get("number")?,
        carrier: (code.clone(), name_in(&row.get::<String>("record")?, &code)),
        state: if closed { State::Closed } else { State::Open },
        parcels: row.get("parcels")?,
        opened_ms: row.get("opened_ms")?,
        closed_ms: row.get("closed_ms")?,
        closed_by: row.get("closed_by")?,
    })
}

fn taken_back(row: &Row) -> Res<Option<TakenBack>> {
    let Some(at_ms) = row.get::<Option<i64>>("reopened_ms")? else { return Ok(None) };
    Ok(Some(TakenBack {
        at_ms,
        by: row.get("reopened_by")?,
        why: Why::of(&row.get::<String>("reopen_reason")?).unwrap_or(Why::Other),
        note: row.get("reopen_note")?,
    }))
}

/// One page, the newest first, and the cursor of the next; of one carrier, where `carrier` is not empty.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn page(
    tx: &mut dyn Conn,
    site: SiteId,
    (only, carrier): (Option<State>, &str),
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<Listed>, Option<String>)> {
    let mut query = Query::new(&format!("{LISTED} WHERE 1 = 1"));
    query.push(" AND m.site = ?", vals![site.to_string()]);
    query.when(" AND m.state = ?", only.map(State::word));
    query.when(" AND m.carrier = ?", Some(carrier.to_owned()).filter(|code| !code.is_empty()));
    let page = query.page(tx, &[desc("m.opened_ms"), desc("m.id")], cursor, rows)?;
    Ok((page.rows.iter().map(listed).collect::<Res<_>>()?, page.next))
}

/// The manifest of that number.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn one(tx: &mut dyn Conn, site: SiteId, number: &str) -> Res<Manifest> {
    let found = sheet(tx, site, number)?;
    let row = tx.one(&format!("{LISTED} WHERE m.id = $1"), vals![&found.id])?;
    let row = row.ok_or(Refusal::Missing { entity: "manifest" })?;
    Ok(Manifest {
        head: listed(&row)?,
        driver: row.get("driver")?,
        pickup_ms: row.get("pickup_ms")?,
        parcels: on_sheet(tx, &found.id)?,
        reopened: taken_back(&row)?,
        version: row.get("version")?,
    })
}
