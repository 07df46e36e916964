//! The invoice: lines with their tax, a summary per rate, totals. Figures are printed as given and verified before.

use super::page::{Column, Pages};
use super::{Paper, Party, Words};
use crate::labels::LabelError;
use crate::labels::format::{Currency, percent};
use crate::labels::sheet::Sheet;
use crate::labels::text::Face;
use std::collections::BTreeMap;

/// One line of an invoice; amounts in minor units, already rounded by the rule of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLine {
    /// Article number.
    pub sku: String,
    /// What it is.
    pub description: String,
    /// Units.
    pub quantity: u32,
    /// Price of one unit without tax.
    pub unit_net_minor: i64,
    /// Amount without tax.
    pub net_minor: i64,
    /// Tax rate in basis points: 2000 is 20 %.
    pub tax_rate_bp: u32,
    /// Tax on this line.
    pub tax_minor: i64,
    /// What a kit is made of: units and names, printed beneath it without amounts. Empty for what is none.
    pub content: Vec<(u32, String)>,
}

/// An invoice; plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Invoice number, given by the server.
    pub number: String,
    /// Invoice date as text.
    pub date: String,
    /// Due date as text; empty prints none.
    pub due_date: String,
    /// Order number.
    pub order_number: String,
    /// Seller with tax number.
    pub seller: Party,
    /// Buyer.
    pub buyer: Party,
    /// Recipient when another than the buyer.
    pub recipient: Option<Party>,
    /// Currency of every amount.
    pub currency: Currency,
    /// Lines, at most [`super::LINES_MAX`].
    pub lines: Vec<InvoiceLine>,
    /// Sum without tax; verified against the lines.
    pub net_minor: i64,
    /// Sum of tax; verified against the lines.
    pub tax_minor: i64,
    /// What is to be paid; verified as net plus tax.
    pub gross_minor: i64,
    /// Already paid.
    pub paid_minor: i64,
    /// Notes such as payment terms or the reason for zero tax; empty prints none.
    pub note: String,
}

/// The invoice's pages.
///
/// # Errors
/// [`LabelError::Sums`] when totals do not equal the lines, [`LabelError::Overflow`], and what the sheet refuses.
pub fn invoice(invoice: &Invoice, words: &Words) -> Result<Vec<Sheet>, LabelError> {
    let by_rate = verify(invoice)?;
    let mut pages = Pages::new(Paper::A4, words)?;
    pages.title(&words.invoice_title, &invoice.number)?;
    let mut parties = vec![(words.seller.as_str(), &invoice.seller), (words.buyer.as_str(), &invoice.buyer)];
    if let Some(recipient) = &invoice.recipient {
        parties.push((&words.to, recipient));
    }
    pages.parties(&parties)?;
    let facts = [
        (words.invoice_number.as_str(), invoice.number.as_str()),
        (&words.date, &invoice.date),
        (&words.due_date, &invoice.due_date),
        (&words.order, &invoice.order_number),
    ];
    pages.facts(&facts, 4)?;
    lines(&mut pages, invoice, words)?;
    rates(&mut pages, invoice, &by_rate, words)?;
    totals(&mut pages, invoice, words)?;
    pages.paragraph(&invoice.note, Face::Regular, pages.font.body_um)?;
    pages.finish(&invoice.number)
}

/// Base and tax by rate, after checking that every sum is what the invoice says.
fn verify(invoice: &Invoice) -> Result<BTreeMap<u32, (i64, i64)>, LabelError> {
    let overflow = LabelError::Overflow { what: "amounts of the invoice" };
    let (mut net, mut tax) = (0_i64, 0_i64);
    let mut by_rate: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
    for line in &invoice.lines {
        net = net.checked_add(line.net_minor).ok_or(overflow.clone())?;
        tax = tax.checked_add(line.tax_minor).ok_or(overflow.clone())?;
        line.net_minor.checked_add(line.tax_minor).ok_or(overflow.clone())?;
        let sums = by_rate.entry(line.tax_rate_bp).or_default();
        sums.0 = sums.0.checked_add(line.net_minor).ok_or(overflow.clone())?;
        sums.1 = sums.1.checked_add(line.tax_minor).ok_or(overflow.clone())?;
    }
    let gross = net.checked_add(tax).ok_or(overflow.clone())?;
    invoice.gross_minor.checked_sub(invoice.paid_minor).ok_or(overflow)?;
    if (net, tax, gross) == (invoice.net_minor, invoice.tax_minor, invoice.gross_minor) {
        Ok(by_rate)
    } else {
        Err(LabelError::Sums { what: "totals of the invoice" })
    }
}

fn lines(pages: &mut Pages<'_>, invoice: &Invoice, words: &Words) -> Result<(), LabelError> {
    let columns = [
        Column::mono(&words.sku, 15),
        Column::left(&words.description, 32),
        Column::right(&words.quantity, 9),
        Column::right(&words.unit_price, 12),
        Column::right(&words.net, 12),
        Column::right(&words.tax_rate, 9),
        Column::right(&words.tax, 11),
        Column::right(&words.gross, 13),
    ];
    let currency = &invoice.currency;
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(invoice.lines.len());
    for l in &invoice.lines {
        rows.push(vec![
            l.sku.clone(),
            l.description.clone(),
            l.quantity.to_string(),
            currency.amount(l.unit_net_minor, words),
            currency.amount(l.net_minor, words),
            percent(l.tax_rate_bp, words),
            currency.amount(l.tax_minor, words),
            currency.amount(l.net_minor.saturating_add(l.tax_minor), words),
        ]);
        for (units, name) in &l.content {
            let mut row = vec![String::new(); columns.len()];
            if let (Some(text), true) = (row.get_mut(1), *units > 0) {
                *text = format!("\u{2013} {units} \u{00d7} {name}");
            }
            rows.push(row);
        }
    }
    pages.table(&columns, &rows)
}

fn rates(
    pages: &mut Pages<'_>,
    invoice: &Invoice,
    by_rate: &BTreeMap<u32, (i64, i64)>,
    words: &Words,
) -> Result<(), LabelError> {
    let columns = [
        Column::left(&words.tax_rate, 25),
        Column::right(&words.net, 25),
        Column::right(&words.tax, 25),
        Column::right(&words.gross, 25),
    ];
    let currency = &invoice.currency;
    let row = |(rate, (net, tax)): (&u32, &(i64, i64))| {
        let gross = currency.amount(net.saturating_add(*tax), words);
        vec![percent(*rate, words), currency.amount(*net, words), currency.amount(*tax, words), gross]
    };
    let rows: Vec<Vec<String>> = by_rate.iter().map(row).collect();
    pages.table(&columns, &rows)
}

fn totals(pages: &mut Pages<'_>, invoice: &Invoice, words: &Words) -> Result<(), LabelError> {
    let currency = &invoice.currency;
    let due_minor = invoice.gross_minor.saturating_sub(invoice.paid_minor);
    let row = |caption: &String, minor: i64| (caption.clone(), currency.amount_with_code(minor, words));
    pages.totals(&[
        row(&words.net, invoice.net_minor),
        row(&words.tax, invoice.tax_minor),
        row(&words.total, invoice.gross_minor),
        row(&words.paid, invoice.paid_minor),
        row(&words.due, due_minor),
    ])
}
