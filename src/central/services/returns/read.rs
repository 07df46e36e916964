//! Reading returns: pages of them, one whole, and those of an order.

use super::close::worth;
use super::{Grade, Resolution, State};
use crate::central::error::{CentralError, Refusal, Res};
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, Row, desc};
use crate::vals;

/// Returns on one page of the console.
pub const PAGE_ROWS: u32 = 50;

/// A return as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Number.
    pub number: String,
    /// How far it is.
    pub state: State,
    /// How it ended, once it did.
    pub resolution: Option<Resolution>,
    /// Number of its order, or empty.
    pub order: String,
    /// Number of the customer, or empty.
    pub customer: String,
    /// Word of the reason, or empty.
    pub reason: String,
    /// Units asked back, and units that came.
    pub units: (i64, i64),
    /// When it was asked for, UTC ms.
    pub at_ms: i64,
}

const LISTED: &str = "SELECT r.id, r.number, r.state, r.resolution, r.reason, r.at_ms, COALESCE(c.number, '') AS customer, \
    COALESCE((SELECT o.number FROM orders o WHERE o.id = COALESCE(r.order_id, (SELECT MIN(l.order_id) FROM return_lines l \
    WHERE l.return_id = r.id))), '') AS order_no, \
    (SELECT CAST(COALESCE(SUM(l.quantity), 0) AS BIGINT) FROM return_lines l WHERE l.return_id = r.id AND l.service = 0) AS asked, \
    (SELECT CAST(COALESCE(SUM(l.received), 0) AS BIGINT) FROM return_lines l WHERE l.return_id = r.id) AS came \
    FROM returns r JOIN customers c ON c.id = r.customer";

fn state(row: &Row) -> Res<(State, Option<Resolution>)> {
    let state = State::of(&row.get::<String>("state")?).ok_or(CentralError::Stored { what: "state of a return" })?;
    Ok((state, Resolution::of(&row.get::<String>("resolution")?)))
}

fn listed(row: &Row) -> Res<Listed> {
    let (state, resolution) = state(row)?;
    Ok(Listed {
        number: row.get("number")?,
        state,
        resolution,
        order: row.get("order_no")?,
        customer: row.get("customer")?,
        reason: row.get("reason")?,
        units: (row.get("asked")?, row.get("came")?),
        at_ms: row.get("at_ms")?,
    })
}

/// One page, the newest first, and the cursor of the next. `search` is the beginning of a number of a return, or the number of an order.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn page(
    tx: &mut dyn Conn,
    site: SiteId,
    (only, search): (Option<State>, &str),
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<Listed>, Option<String>)> {
    let mut query = Query::new(&format!("{LISTED} WHERE 1 = 1"));
    query.push(" AND r.site = ?", vals![site.to_string()]);
    query.when(" AND r.state = ?", only.map(State::word));
    let search = search.trim();
    if !search.is_empty() {
        let end = format!("{search}\u{10ffff}");
        query.push(
            " AND ((r.number >= ? AND r.number < ?) OR r.order_id IN (SELECT id FROM orders WHERE site = ? AND number = ?))",
            vals![search, end, site.to_string(), search],
        );
    }
    let page = query.page(tx, &[desc("r.at_ms"), desc("r.id")], cursor, rows)?;
    Ok((page.rows.iter().map(listed).collect::<Res<_>>()?, page.next))
}

/// The returns of an order, and the return that it goes out for.
///
/// # Errors
/// Any fault of the store.
pub fn of_order(tx: &mut dyn Conn, order: &str) -> Res<(Vec<Listed>, Option<String>)> {
    let sql = format!(
        "{LISTED} WHERE r.order_id = $1 OR r.id IN (SELECT l.return_id FROM return_lines l WHERE l.order_id = $1) \
         ORDER BY r.at_ms, r.id LIMIT 50"
    );
    let rows = tx.all(&sql, vals![order])?;
    let from = tx.one("SELECT number FROM returns WHERE exchange_order = $1", vals![order])?;
    Ok((rows.iter().map(listed).collect::<Res<_>>()?, from.map(|row| row.at(0)).transpose()?))
}

/// Units of a line as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What they are worth.
    pub grade: Grade,
    /// Units.
    pub quantity: i64,
    /// Code of the place they were put.
    pub location: String,
    /// Lot, or empty.
    pub lot: String,
    /// Serial, or empty.
    pub serial: String,
    /// When, UTC ms.
    pub at_ms: i64,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place in the return.
    pub no: u32,
    /// Its place in the order, if it is known.
    pub order_line: Option<u32>,
    /// Code of the product.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Units asked back.
    pub quantity: i64,
    /// Units that came.
    pub received: i64,
    /// Price of one without tax, minor units.
    pub price_minor: i64,
    /// Rate of the tax, basis points.
    pub tax_rate_bp: i64,
    /// Serial, lot, expiry are asked of every unit.
    pub track: [bool; 3],
    /// How they came.
    pub units: Vec<Unit>,
}

/// A return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// As lists show it.
    pub head: Listed,
    /// Name of the customer, for who may see it; else empty.
    pub name: String,
    /// Note, for who may see personal data; else empty.
    pub note: String,
    /// ISO 4217.
    pub currency: String,
    /// What was paid back, minor units, and the tax in it.
    pub refund: (i64, i64),
    /// What the units that came cost with their taxes, minor units: what is paid back unless somebody says another amount.
    pub worth_minor: i64,
    /// Number of the order that goes out for it.
    pub exchange: Option<String>,
    /// Version.
    pub version: i64,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
    /// What can come back.
    pub lines: Vec<Line>,
}

/// The return with this number. `personal` says whether the customer's name and the note are told.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn one(tx: &mut dyn Conn, site: SiteId, number: &str, personal: bool) -> Res<Case> {
    let sql = format!("{LISTED} WHERE r.site = $1 AND r.number = $2");
    let row = tx.one(&sql, vals![site.to_string(), number])?.ok_or(Refusal::Missing { entity: "return" })?;
    let id: String = row.get("id")?;
    let more = tx.one(
        "SELECT c.name, COALESCE(r.note, '') AS note, r.currency, r.refund_minor, r.refund_tax_minor, r.version, \
         r.updated_ms, o.number AS exchange FROM returns r JOIN customers c ON c.id = r.customer \
         LEFT JOIN orders o ON o.id = r.exchange_order WHERE r.id = $1",
        vals![&id],
    )?;
    let more = more.ok_or(Refusal::Missing { entity: "return" })?;
    let told = |column: &str| -> Res<String> { if personal { Ok(more.get(column)?) } else { Ok(String::new()) } };
    let (base, tax) = worth(tx, &id)?;
    Ok(Case {
        head: listed(&row)?,
        name: told("name")?,
        note: told("note")?,
        currency: more.get("currency")?,
        refund: (more.get("refund_minor")?, more.get("refund_tax_minor")?),
        worth_minor: base.saturating_add(tax),
        exchange: more.get("exchange")?,
        version: more.get("version")?,
        updated_ms: more.get("updated_ms")?,
        lines: lines(tx, &id)?,
    })
}

fn lines(tx: &mut dyn Conn, id: &str) -> Res<Vec<Line>> {
    let rows = tx.all(
        "SELECT l.line_no, l.order_line, p.sku, COALESCE(l.name, p.name) AS name, l.quantity, l.received, l.unit_price_minor, \
         l.tax_rate_bp, p.track_serial, p.track_lot, p.track_expiry FROM return_lines l JOIN products p ON p.id = l.product \
         WHERE l.return_id = $1 AND l.service = 0 ORDER BY l.line_no",
        vals![id],
    )?;
    let came = tx.all(
        "SELECT u.line_no, u.grade, u.quantity, b.code, u.lot, u.serial, u.at_ms FROM return_units u \
         JOIN locations b ON b.id = u.location WHERE u.return_id = $1 ORDER BY u.at_ms, u.id",
        vals![id],
    )?;
    let mut units = Vec::with_capacity(came.len());
    for row in &came {
        let grade =
            Grade::of(&row.get::<String>("grade")?).ok_or(CentralError::Stored { what: "grade of a return" })?;
        let unit = Unit {
            grade,
            quantity: row.get("quantity")?,
            location: row.get("code")?,
            lot: row.get("lot")?,
            serial: row.get("serial")?,
            at_ms: row.get("at_ms")?,
        };
        units.push((row.get::<u32>("line_no")?, unit));
    }
    let one = |row: &Row| -> Res<Line> {
        let no: u32 = row.get("line_no")?;
        Ok(Line {
            no,
            order_line: row.get("order_line")?,
            sku: row.get("sku")?,
            name: row.get("name")?,
            quantity: row.get("quantity")?,
            received: row.get("received")?,
            price_minor: row.get("unit_price_minor")?,
            tax_rate_bp: row.get("tax_rate_bp")?,
            track: [row.get("track_serial")?, row.get("track_lot")?, row.get("track_expiry")?],
            units: units.iter().filter(|(line, _)| *line == no).map(|(_, unit)| unit.clone()).collect(),
        })
    };
    rows.iter().map(one).collect()
}

/// How many returns are not over.
///
/// # Errors
/// Any fault of the store.
pub fn how_many_open(tx: &mut dyn Conn, site: SiteId) -> Res<i64> {
    let sql = "SELECT COUNT(*) FROM returns WHERE site = $1 AND state = 'received'";
    Ok(tx.int(sql, vals![site.to_string()])?)
}
