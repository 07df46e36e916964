//! The packing slip: what is in the parcel. It never shows a price unless asked to, and never for a gift.

use super::page::{Column, Pages};
use super::{Group, Paper, Party, Words};
use crate::labels::LabelError;
use crate::labels::format::{self, Currency};
use crate::labels::sheet::{Sheet, Symbology, tenths};
use crate::labels::text::Face;

/// One line of a packing slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipLine {
    /// Article number.
    pub sku: String,
    /// What it is.
    pub description: String,
    /// Units ordered.
    pub ordered: u32,
    /// Units in this parcel.
    pub packed: u32,
    /// Price of one unit in minor units.
    pub unit_price_minor: i64,
    /// Whether it is a kit or a part of one.
    pub group: Group,
}

impl SlipLine {
    fn text(&self) -> String {
        match self.group {
            Group::Alone | Group::Kit => self.description.clone(),
            Group::Part => format!("\u{2013} {}", self.description),
        }
    }
}

/// A packing slip; plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackingSlip {
    /// Paper.
    pub paper: Paper,
    /// Order number, shown and encoded as Code 128.
    pub order_number: String,
    /// Date as text.
    pub date: String,
    /// Sender.
    pub sender: Party,
    /// Recipient.
    pub recipient: Party,
    /// This parcel, counted from 1.
    pub parcel_number: u32,
    /// Parcels of the fulfillment.
    pub parcel_count: u32,
    /// Lines, at most [`super::LINES_MAX`].
    pub lines: Vec<SlipLine>,
    /// Currency of the prices; `None` prints no prices.
    pub currency: Option<Currency>,
    /// A gift prints no price, whatever `currency` says.
    pub gift: bool,
    /// Message for a gift; empty prints none.
    pub gift_message: String,
    /// Address for help and returns, shown as QR code; empty prints none.
    pub link: String,
}

/// The slip's pages.
///
/// # Errors
/// [`LabelError::TooMany`] lines or pages, [`LabelError::Overflow`], and what the sheet refuses.
pub fn packing_slip(slip: &PackingSlip, words: &Words) -> Result<Vec<Sheet>, LabelError> {
    let mut pages = Pages::new(slip.paper, words)?;
    let parcel = format::fill(&words.n_of_m, slip.parcel_number, slip.parcel_count);
    pages.title(&words.slip_title, &slip.order_number)?;
    let top_um = pages.y_um;
    let code_um = tenths(150);
    // Half the page: even drawn as wide as a receipt printer's roll its bars keep two dots.
    let code = pages.cell(50, 100, code_um);
    pages.sheet.barcode(code, Symbology::Code128(&slip.order_number), 375, 190)?;
    pages.facts(&[(&words.date, &slip.date), (&words.parcel, &parcel)], 4)?;
    pages.y_um = pages.y_um.max(top_um + code_um + tenths(20));
    pages.parties(&[(&words.to, &slip.recipient), (&words.from, &slip.sender)])?;
    match slip.currency.as_ref().filter(|_| !slip.gift) {
        Some(currency) => table_with_prices(&mut pages, slip, currency, words)?,
        None => table(&mut pages, slip, words)?,
    }
    let units: u64 = slip.lines.iter().filter(|l| l.group != Group::Kit).map(|l| u64::from(l.packed)).sum();
    pages.facts(&[(&words.units, &units.to_string())], 4)?;
    if !slip.gift_message.trim().is_empty() {
        pages.paragraph(&words.gift_message, Face::Regular, pages.font.caption_um)?;
        pages.paragraph(&slip.gift_message, Face::SemiBold, pages.font.heading_um)?;
    }
    if !slip.link.trim().is_empty() {
        let side_um = tenths(260);
        pages.ensure(side_um)?;
        let area = crate::labels::sheet::Area { w_um: side_um, ..pages.cell(0, 100, side_um) };
        pages.sheet.barcode(area, Symbology::Qr(&slip.link), 800, 250)?;
        pages.skip(side_um);
    }
    pages.finish(&slip.order_number)
}

fn table(pages: &mut Pages<'_>, slip: &PackingSlip, words: &Words) -> Result<(), LabelError> {
    let columns = [
        Column::mono(&words.sku, 22),
        Column::left(&words.description, 50),
        Column::right(&words.ordered, 14),
        Column::right(&words.packed, 14),
    ];
    let packed = |l: &SlipLine| if l.group == Group::Kit { String::new() } else { l.packed.to_string() };
    let row = |l: &SlipLine| vec![l.sku.clone(), l.text(), l.ordered.to_string(), packed(l)];
    let rows: Vec<Vec<String>> = slip.lines.iter().map(row).collect();
    pages.table(&columns, &rows)
}

fn table_with_prices(
    pages: &mut Pages<'_>,
    slip: &PackingSlip,
    currency: &Currency,
    words: &Words,
) -> Result<(), LabelError> {
    let columns = [
        Column::mono(&words.sku, 20),
        Column::left(&words.description, 40),
        Column::right(&words.packed, 12),
        Column::right(&words.unit_price, 14),
        Column::right(&words.amount, 14),
    ];
    let overflow = LabelError::Overflow { what: "amounts of the packing slip" };
    let mut total_minor = 0_i64;
    let mut rows = Vec::with_capacity(slip.lines.len());
    for line in &slip.lines {
        if line.group == Group::Kit {
            rows.push(vec![line.sku.clone(), line.text(), String::new(), String::new(), String::new()]);
            continue;
        }
        let amount_minor = line.unit_price_minor.checked_mul(i64::from(line.packed)).ok_or(overflow.clone())?;
        total_minor = total_minor.checked_add(amount_minor).ok_or(overflow.clone())?;
        rows.push(vec![
            line.sku.clone(),
            line.text(),
            line.packed.to_string(),
            currency.amount(line.unit_price_minor, words),
            currency.amount(amount_minor, words),
        ]);
    }
    pages.table(&columns, &rows)?;
    pages.totals(&[(words.total.clone(), currency.amount_with_code(total_minor, words))])
}
