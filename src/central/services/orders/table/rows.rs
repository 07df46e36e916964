//! What a row of the table shows, gathered for the orders of one page: a handful of questions, however many rows.

use super::alerts::{Alert, alerts};
use super::rules::{RuleKind, Rules, rules};
use super::{BACKORDER, OFFICE_HOLD, OFFICE_HOLD_KEPT};
use crate::central::error::{CentralError, Res};
use crate::central::services::settings;
use crate::central::store::sites;
use crate::core::pickup::Pickups;
use crate::core::time::UtcMs;
use crate::protocol::pickups;
use crate::protocol::wire::{CarrierRecord, SettingsRecord, SiteId};
use crate::sql::{Conn, Query, Row, Val};
use crate::vals;
use std::collections::BTreeMap;

/// Most orders asked for in one question.
const AT_ONCE: usize = 100;

/// When an order is expected to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It left, was called off, or has nothing to send.
    Over,
    /// With the pick-up at this moment.
    At(UtcMs),
    /// When its stock has come.
    AfterStock,
    /// When the office lets it go.
    AfterHold,
    /// Nobody knows: its carrier has no pick-ups.
    Unknown,
}

/// Who bought, for one who may see personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Name, or empty.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone.
    pub phone: Option<String>,
}

/// An order in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// Id.
    pub id: String,
    /// Version.
    pub version: i64,
    /// Number.
    pub number: String,
    /// When it was placed, UTC ms.
    pub placed_ms: i64,
    /// Number of the customer, or empty.
    pub customer_no: String,
    /// Name and ways to reach them; only for one who may see personal data.
    pub profile: Option<Profile>,
    /// `person`, `business` or `guest`.
    pub buyer: String,
    /// The customer goes before others.
    pub vip: bool,
    /// Their first order, UTC ms.
    pub first_order_ms: Option<i64>,
    /// ISO 3166-1 alpha-2, or empty.
    pub country: String,
    /// Country as it came.
    pub country_text: String,
    /// First axis.
    pub status: String,
    /// Second axis.
    pub payment: String,
    /// Third axis.
    pub fulfillment: String,
    /// Is open.
    pub open: bool,
    /// ISO 4217.
    pub currency: String,
    /// Total with tax, minor units.
    pub total_minor: i64,
    /// Tax within the total, minor units.
    pub tax_minor: i64,
    /// By rate in basis points: what was taxed and the tax, minor units; empty where nothing is taxed.
    pub taxes: Vec<(i64, i64, i64)>,
    /// How it was paid, the words of the methods.
    pub methods: Vec<String>,
    /// `carrier/service`.
    pub shipping: String,
    /// When it must have left, UTC ms.
    pub ship_by_ms: Option<i64>,
    /// When it is expected to leave.
    pub expected: Expected,
    /// Units.
    pub units: i64,
    /// Units packed, counted while it is being packed.
    pub packed: i64,
    /// Units missing.
    pub short: i64,
    /// Sold as rush.
    pub rush: bool,
    /// A lead put it first.
    pub expedited: bool,
    /// Suspected fraud.
    pub fraud: bool,
    /// Its address is in doubt.
    pub address: bool,
    /// Must be paid before it leaves, and is not.
    pub unpaid: bool,
    /// A present.
    pub gift: bool,
    /// Bears a note.
    pub noted: bool,
    /// The note; only for one who may see personal data.
    pub note: Option<String>,
    /// The office's own note; only for one who may see personal data.
    pub office_note: Option<String>,
    /// Waits for stock.
    pub waits: bool,
    /// The office holds it.
    pub held: bool,
    /// Station that has it, or empty.
    pub station: String,
    /// Number of another order of the same customer with the same total, placed within a day of this one.
    pub twin: Option<String>,
    /// Open questions about it.
    pub questions: i64,
    /// `b2b`, `b2c`, or empty.
    pub desk: String,
    /// What to look at, the worst first.
    pub alerts: Vec<Alert>,
}

impl TableRow {
    /// It is expected to leave after the promise.
    #[must_use]
    pub fn late(&self) -> bool {
        matches!((self.expected, self.ship_by_ms), (Expected::At(at), Some(by)) if at.0 > by)
    }
}

/// The pick-ups of the services that orders of this page go with, made once each.
struct Timetable {
    site: SettingsRecord,
    carriers: Vec<CarrierRecord>,
    tables: BTreeMap<String, Option<Pickups>>,
    processing_ms: i64,
    now: UtcMs,
}

impl Timetable {
    fn read(tx: &mut dyn Conn, site: SiteId, rules: &Rules, now: UtcMs) -> Res<Timetable> {
        let rows = tx.all("SELECT record FROM carriers WHERE site = $1 LIMIT 100", vals![site.to_string()])?;
        let carriers = rows.iter().map(|row| {
            serde_json::from_str(&row.at::<String>(0)?).map_err(|_| CentralError::Stored { what: "carrier" })
        });
        Ok(Timetable {
            carriers: carriers.collect::<Res<_>>()?,
            site: settings::of(&sites::get(tx, site)?)?,
            tables: BTreeMap::new(),
            processing_ms: rules.active(RuleKind::Processing).map_or(0, |rule| rule.amount.saturating_mul(60_000)),
            now,
        })
    }

    fn expected(&mut self, row: &TableRow) -> Expected {
        if !row.open || matches!(row.fulfillment.as_str(), "nothing_to_ship" | "shipped" | "delivered") {
            return Expected::Over;
        }
        if row.held {
            return Expected::AfterHold;
        }
        if row.waits {
            return Expected::AfterStock;
        }
        let table = match self.tables.get(&row.shipping) {
            Some(table) => table,
            None => {
                let (carrier, service) = row.shipping.split_once('/').unwrap_or((&row.shipping, ""));
                let carrier = self.carriers.iter().find(|known| known.code == carrier);
                let made = carrier.and_then(|carrier| pickups::table(carrier, service, &self.site, self.now));
                self.tables.entry(row.shipping.clone()).or_insert(made)
            }
        };
        let work_ms = if row.fulfillment == "packed" { 0 } else { self.processing_ms };
        let ready = UtcMs(self.now.0.max(row.placed_ms).saturating_add(work_ms));
        table.as_ref().and_then(|table| table.serving(None, ready)).map_or(Expected::Unknown, |at| Expected::At(at.at))
    }
}

/// The rows of these orders, in this order; an order that is gone is left out.
///
/// # Errors
/// Any fault of the store.
pub fn rows(tx: &mut dyn Conn, site: SiteId, ids: &[String], personal: bool, now: UtcMs) -> Res<Vec<TableRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rules = rules(tx, site)?;
    let mut timetable = Timetable::read(tx, site, &rules, now)?;
    let mut found: BTreeMap<String, TableRow> = BTreeMap::new();
    for ids in ids.chunks(AT_ONCE) {
        let ids: Vec<Val> = ids.iter().map(Val::from).collect();
        for row in base(tx, site, &ids, personal)? {
            found.insert(row.id.clone(), row);
        }
        lines(tx, &ids, &mut found)?;
        works(tx, &ids, &mut found)?;
    }
    for row in found.values_mut() {
        row.expected = timetable.expected(row);
        row.alerts = alerts(row, &rules);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn base(tx: &mut dyn Conn, site: SiteId, ids: &[Val], personal: bool) -> Res<Vec<TableRow>> {
    let mut query = Query::new(
        "SELECT o.id, o.version, o.number, o.placed_ms, o.status, o.payment_status, o.fulfillment_status, o.is_open, \
         o.currency, o.total_minor, o.tax_minor, o.carrier, o.service, o.ship_by_ms, o.units, o.rush, o.expedited_by, \
         o.flag_fraud, o.flag_address, o.flag_unpaid, o.gift, o.note, o.office_note, o.desk, \
         COALESCE(o.country, '') AS country, o.country_text, COALESCE(c.number, '') AS customer_no, c.name, c.email, \
         c.phone, c.kind, c.vip, c.first_order_ms FROM orders o JOIN customers c ON c.id = o.customer WHERE 1 = 1",
    );
    // Wrapped: SQLite would rather read all orders of the site than look so many up.
    query.push(" AND (CASE WHEN o.site = ? THEN 1 ELSE 0 END) = 1", vals![site.to_string()]).any_of("o.id", ids);
    query.all(tx)?.iter().map(|row| one(row, personal)).collect()
}

fn one(row: &Row, personal: bool) -> Res<TableRow> {
    let profile = Profile { name: row.get("name")?, email: row.get("email")?, phone: row.get("phone")? };
    let note: Option<String> = row.get("note")?;
    Ok(TableRow {
        id: row.get("id")?,
        version: row.get("version")?,
        number: row.get("number")?,
        placed_ms: row.get("placed_ms")?,
        customer_no: row.get("customer_no")?,
        profile: personal.then_some(profile),
        buyer: row.get("kind")?,
        vip: row.get("vip")?,
        first_order_ms: row.get("first_order_ms")?,
        country: row.get("country")?,
        country_text: row.get("country_text")?,
        status: row.get("status")?,
        payment: row.get("payment_status")?,
        fulfillment: row.get("fulfillment_status")?,
        open: row.get("is_open")?,
        currency: row.get("currency")?,
        total_minor: row.get("total_minor")?,
        tax_minor: row.get("tax_minor")?,
        taxes: Vec::new(),
        methods: Vec::new(),
        shipping: format!("{}/{}", row.get::<String>("carrier")?, row.get::<String>("service")?),
        ship_by_ms: row.get("ship_by_ms")?,
        expected: Expected::Unknown,
        units: row.get("units")?,
        packed: 0,
        short: 0,
        rush: row.get("rush")?,
        expedited: row.get::<Option<String>>("expedited_by")?.is_some(),
        fraud: row.get("flag_fraud")?,
        address: row.get("flag_address")?,
        unpaid: row.get("flag_unpaid")?,
        gift: row.get("gift")?,
        noted: note.is_some(),
        note: note.filter(|_| personal),
        office_note: row.get::<Option<String>>("office_note")?.filter(|_| personal),
        waits: false,
        held: false,
        station: String::new(),
        twin: None,
        questions: 0,
        desk: row.get("desk")?,
        alerts: Vec::new(),
    })
}

/// Runs a question for these orders and hands over each answer with its row.
fn each(
    tx: &mut dyn Conn,
    text: &str,
    (column, ids): (&'static str, &[Val]),
    tail: &str,
    found: &mut BTreeMap<String, TableRow>,
    take: impl Fn(&mut TableRow, &Row) -> Res<()>,
) -> Res<()> {
    let mut query = Query::new(text);
    query.any_of(column, ids).push(tail, &[]);
    for row in query.all(tx)? {
        if let Some(of) = found.get_mut(&row.get::<String>("order_id")?) {
            take(of, &row)?;
        }
    }
    Ok(())
}

/// Whether the lines of an order tell more than its own row: its tax by rate, or how far the packing is.
fn asks_lines(row: &TableRow) -> bool {
    row.tax_minor != 0 || matches!(row.fulfillment.as_str(), "in_progress" | "partially_shipped")
}

/// Sums of the lines, and how money came. The largest orders have hundreds of lines, so they are read only where they tell something.
fn lines(tx: &mut dyn Conn, ids: &[Val], found: &mut BTreeMap<String, TableRow>) -> Res<()> {
    let asks = |id: &&Val| matches!(id, Val::Text(id) if found.get(id).is_some_and(asks_lines));
    let asked: Vec<Val> = ids.iter().filter(asks).cloned().collect();
    if !asked.is_empty() {
        each(
            tx,
            "SELECT order_id, tax_rate_bp, CAST(SUM(quantity * unit_price_minor) AS BIGINT) AS base, \
             CAST(SUM(tax_minor) AS BIGINT) AS tax, CAST(SUM(packed) AS BIGINT) AS packed FROM order_lines WHERE 1 = 1",
            ("order_id", &asked),
            " GROUP BY order_id, tax_rate_bp ORDER BY order_id, tax_rate_bp",
            found,
            |of, row| {
                of.packed += row.get::<i64>("packed")?;
                of.taxes.push((row.get("tax_rate_bp")?, row.get("base")?, row.get("tax")?));
                Ok(())
            },
        )?;
    }
    each(
        tx,
        "SELECT order_id, CAST(SUM(short) AS BIGINT) AS short FROM order_lines WHERE short > 0",
        ("order_id", ids),
        " GROUP BY order_id",
        found,
        |of, row| {
            of.short = row.get("short")?;
            Ok(())
        },
    )?;
    each(
        tx,
        "SELECT DISTINCT order_id, method FROM payments WHERE 1 = 1",
        ("order_id", ids),
        " ORDER BY order_id, method",
        found,
        |of, row| {
            of.methods.push(row.get("method")?);
            Ok(())
        },
    )
}

/// The state of the work, and open questions.
fn works(tx: &mut dyn Conn, ids: &[Val], found: &mut BTreeMap<String, TableRow>) -> Res<()> {
    each(
        tx,
        "SELECT f.order_id, f.state, COALESCE(f.hold_reason, '') AS reason, COALESCE(s.name, '') AS station \
         FROM fulfillments f LEFT JOIN stations s ON s.id = f.lease_station AND f.lease_held = 1 WHERE 1 = 1",
        ("f.order_id", ids),
        " ORDER BY f.order_id, f.part",
        found,
        |of, row| {
            let (state, reason): (String, String) = (row.get("state")?, row.get("reason")?);
            of.waits |= state == "blocked" && reason == BACKORDER;
            of.held |= state == "blocked" && (reason == OFFICE_HOLD || reason == OFFICE_HOLD_KEPT);
            let station: String = row.get("station")?;
            if of.station.is_empty() {
                of.station = station;
            }
            Ok(())
        },
    )?;
    each(
        tx,
        "SELECT o.id AS order_id, MIN(d.number) AS twin FROM orders o JOIN customers c ON c.id = o.customer \
         AND c.kind <> 'guest' JOIN orders d ON d.customer = o.customer AND d.total_minor = o.total_minor AND d.id <> o.id \
         AND d.status <> 'cancelled' AND d.placed_ms BETWEEN o.placed_ms - 86400000 AND o.placed_ms + 86400000 \
         WHERE o.is_open = 1 AND o.total_minor > 0",
        ("o.id", ids),
        " GROUP BY o.id",
        found,
        |of, row| {
            of.twin = row.get("twin")?;
            Ok(())
        },
    )?;
    each(
        tx,
        "SELECT order_id, COUNT(*) AS n FROM exceptions WHERE state = 'open'",
        ("order_id", ids),
        " GROUP BY order_id",
        found,
        |of, row| {
            of.questions = row.get("n")?;
            Ok(())
        },
    )
}
