//! The invoice of an order, drawn from the order itself whenever somebody asks for it. Nothing is stored: the same order gives the same
//! paper. Its number came with the first lease, its date is the day of packing.

use super::kits;
use super::table::slips::party;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::settings;
use crate::central::store::sites;
use crate::labels::documents::invoice::{Invoice, InvoiceLine, invoice as draw};
use crate::labels::documents::{LINES_MAX, Party, Words};
use crate::labels::format::Currency;
use crate::labels::pdf;
use crate::protocol::wire::SiteId;
use crate::protocol::wire::order::Address;
use crate::sql::{Conn, Row};
use crate::vals;
use jiff::tz::TimeZone;

/// An invoice is there once something is packed, the order stands, and the customer was not forgotten.
const THERE: &str = "o.invoice_no IS NOT NULL AND o.status <> 'cancelled' AND c.erased_ms IS NULL \
    AND EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.packed > 0)";

/// Is there an invoice of the order with this id?
///
/// # Errors
/// Any fault of the store.
pub fn has_invoice(tx: &mut dyn Conn, order: &str) -> Res<bool> {
    let sql =
        format!("SELECT COUNT(*) FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id = $1 AND {THERE}");
    Ok(tx.int(&sql, vals![order])? > 0)
}

fn address(text: Option<String>) -> Res<Option<Address>> {
    let read = |text: String| serde_json::from_str(&text).map_err(|_| CentralError::Stored { what: "address" });
    text.map(read).transpose()
}

/// The invoice of the order with this id, as a PDF file.
///
/// # Errors
/// [`Refusal::Missing`] if there is none; any fault of the store; a text that fits no paper.
pub fn invoice(tx: &mut dyn Conn, site: SiteId, order: &str, words: &Words, zone: &TimeZone) -> Res<Vec<u8>> {
    let row = tx.one(
        &format!(
            "SELECT o.number, o.invoice_no, o.currency, o.paid_minor, o.ship_to, c.address, c.name, \
             (SELECT MIN(f.packed_ms) FROM fulfillments f WHERE f.order_id = o.id) AS packed_ms FROM orders o \
             JOIN customers c ON c.id = o.customer WHERE o.id = $1 AND o.site = $2 AND {THERE}"
        ),
        vals![order, site.to_string()],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "invoice" })?;
    let paper = |_| CentralError::Inner { what: "drawing an invoice" };
    let bill = bill(tx, site, order, &row, zone)?;
    let sheets = draw(&bill, words).map_err(paper)?;
    pdf::render(&sheets).map_err(paper)
}

fn bill(tx: &mut dyn Conn, site: SiteId, order: &str, row: &Row, zone: &TimeZone) -> Res<Invoice> {
    let seller = house(tx, site)?;
    let (own, ship_to) = (address(row.get("address")?)?, address(row.get("ship_to")?)?);
    let named = |known: &Option<Address>| known.as_ref().map(party);
    let nameless = Party { name: row.get("name")?, lines: Vec::new() };
    let buyer = named(&own).or_else(|| named(&ship_to)).unwrap_or(nameless);
    let recipient = named(&ship_to).filter(|to| *to != buyer);
    let lines = lines(tx, order)?;
    let beyond = || CentralError::Inner { what: "adding up an invoice" };
    let sum = |of: fn(&InvoiceLine) -> i64| lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(of(line)));
    let net_minor = sum(|line| line.net_minor).ok_or_else(beyond)?;
    let tax_minor = sum(|line| line.tax_minor).ok_or_else(beyond)?;
    let packed_ms: Option<i64> = row.get("packed_ms")?;
    let date = packed_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    Ok(Invoice {
        number: row.get("invoice_no")?,
        date: date.map(|at| at.to_zoned(zone.clone()).date().to_string()).unwrap_or_default(),
        due_date: String::new(),
        order_number: row.get("number")?,
        seller,
        buyer,
        recipient,
        currency: Currency::new(&row.get::<String>("currency")?)
            .map_err(|_| CentralError::Stored { what: "currency" })?,
        lines,
        net_minor,
        tax_minor,
        gross_minor: net_minor.checked_add(tax_minor).ok_or_else(beyond)?,
        paid_minor: row.get("paid_minor")?,
        note: String::new(),
    })
}

/// What was sold: a kit as one line with its own price and tax, and what it is made of beneath it.
fn lines(tx: &mut dyn Conn, order: &str) -> Res<Vec<InvoiceLine>> {
    let most = i64::try_from(LINES_MAX).unwrap_or(i64::MAX);
    let rows = tx.all(
        "SELECT p.sku, COALESCE(l.name, p.name) AS called, l.quantity, l.unit_price_minor, l.tax_rate_bp, l.tax_minor \
         FROM order_lines l JOIN products p ON p.id = l.product WHERE l.order_id = $1 AND l.kit_no IS NULL \
         ORDER BY l.line_no LIMIT $2",
        vals![order, most],
    )?;
    let beyond = || CentralError::Inner { what: "adding up an invoice" };
    let line = |row: &Row| -> Res<InvoiceLine> {
        let (quantity, price): (i64, i64) = (row.get("quantity")?, row.get("unit_price_minor")?);
        Ok(InvoiceLine {
            sku: row.get("sku")?,
            description: row.get("called")?,
            // A rebate is a service of fewer than none: the paper shows it as one of a price below zero.
            quantity: u32::try_from(quantity.unsigned_abs()).unwrap_or(u32::MAX),
            unit_net_minor: if quantity < 0 { price.checked_neg().ok_or_else(beyond)? } else { price },
            net_minor: price.checked_mul(quantity).ok_or_else(beyond)?,
            tax_rate_bp: row.get("tax_rate_bp")?,
            tax_minor: row.get("tax_minor")?,
            content: Vec::new(),
        })
    };
    let mut lines = rows.iter().map(line).collect::<Res<Vec<InvoiceLine>>>()?;
    for kit in kits::sold(tx, order)? {
        let units = |one: i64| u32::try_from(one.saturating_mul(kit.quantity)).unwrap_or(u32::MAX);
        lines.push(InvoiceLine {
            quantity: units(1),
            unit_net_minor: kit.price_minor,
            net_minor: kit.price_minor.checked_mul(kit.quantity).ok_or_else(beyond)?,
            tax_rate_bp: kit.tax_rate_bp,
            tax_minor: kit.tax_minor,
            content: kit.content.iter().map(|part| (units(part.units), part.name.clone())).collect(),
            sku: kit.sku,
            description: kit.name,
        });
    }
    lines.truncate(LINES_MAX);
    Ok(lines)
}

/// The house as papers name it.
///
/// # Errors
/// Any fault of the store.
pub fn house(tx: &mut dyn Conn, site: SiteId) -> Res<Party> {
    let settings = settings::of(&sites::get(tx, site)?)?;
    let mut party = party(&settings.shipper.address);
    party.lines.extend(settings.shipper.tax_number);
    Ok(party)
}
