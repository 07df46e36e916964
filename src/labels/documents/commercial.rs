//! The commercial invoice for customs: what crosses the border, of what origin, worth what, and why.
//!
//! This file must never guess a customs fact; totals that differ from the lines are refused.

use super::cn22::{CustomsLine, verify};
use super::page::{Column, Pages};
use super::{Paper, Party, Words};
use crate::labels::LabelError;
use crate::labels::format::{Currency, kilograms};
use crate::labels::sheet::{Sheet, tenths};
use crate::labels::text::Face;

/// A commercial invoice; plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommercialInvoice {
    /// Document number.
    pub number: String,
    /// Date as text.
    pub date: String,
    /// Order number.
    pub order_number: String,
    /// Exporter with its customs and tax numbers.
    pub exporter: Party,
    /// Importer or consignee.
    pub importer: Party,
    /// Delivery term with place, such as `DAP Oslo`.
    pub delivery_term: String,
    /// Reason for export.
    pub export_reason: String,
    /// Country of destination.
    pub destination: String,
    /// Number of parcels.
    pub parcel_count: u32,
    /// Gross weight in grams; not below the sum of the lines.
    pub gross_weight_g: u32,
    /// Currency of the values.
    pub currency: Currency,
    /// Lines, at most [`super::LINES_MAX`].
    pub lines: Vec<CustomsLine>,
    /// Sum of the values; verified.
    pub total_value_minor: i64,
    /// Date and name for the signature line.
    pub date_signature: String,
}

/// The pages.
///
/// # Errors
/// [`LabelError::Sums`], [`LabelError::Overflow`], [`LabelError::TooMany`], and what the sheet refuses.
pub fn commercial_invoice(invoice: &CommercialInvoice, words: &Words) -> Result<Vec<Sheet>, LabelError> {
    verify(&invoice.lines, u64::from(invoice.gross_weight_g), invoice.total_value_minor)?;
    let net_g: u64 = invoice.lines.iter().map(|l| u64::from(l.weight_g)).sum();
    let mass = |weight_g: u64| format!("{} {}", kilograms(weight_g, words), words.unit_kg);
    let mut pages = Pages::new(Paper::A4, words)?;
    pages.title(&words.commercial_title, &invoice.number)?;
    pages.parties(&[(&words.exporter, &invoice.exporter), (&words.importer, &invoice.importer)])?;
    let facts = [
        (words.date.as_str(), invoice.date.clone()),
        (&words.order, invoice.order_number.clone()),
        (&words.delivery_term, invoice.delivery_term.clone()),
        (&words.export_reason, invoice.export_reason.clone()),
        (&words.destination, invoice.destination.clone()),
        (&words.parcels, invoice.parcel_count.to_string()),
        (&words.net_weight, mass(net_g)),
        (&words.gross_weight, mass(u64::from(invoice.gross_weight_g))),
    ];
    let facts: Vec<(&str, &str)> = facts.iter().map(|(c, v)| (*c, v.as_str())).collect();
    pages.facts(&facts, 4)?;
    let columns = [
        Column::left(&words.description, 38),
        Column::mono(&words.hs_code, 14),
        Column::left(&words.origin, 9),
        Column::right(&words.quantity, 10),
        Column::right(&words.weight_kg, 13),
        Column::right(&words.value, 16),
    ];
    let row = |l: &CustomsLine| {
        vec![
            l.description.clone(),
            l.hs_code.clone(),
            l.origin.clone(),
            l.quantity.to_string(),
            kilograms(u64::from(l.weight_g), words),
            invoice.currency.amount(l.value_minor, words),
        ]
    };
    let rows: Vec<Vec<String>> = invoice.lines.iter().map(row).collect();
    pages.table(&columns, &rows)?;
    let total = invoice.currency.amount_with_code(invoice.total_value_minor, words);
    pages.totals(&[(words.total_value.clone(), total)])?;
    pages.paragraph(&words.commercial_declaration, Face::Regular, pages.font.body_um)?;
    pages.ensure(tenths(220))?;
    pages.skip(tenths(60));
    pages.facts(&[(&words.date_signature, &invoice.date_signature)], 2)?;
    pages.finish(&invoice.number)
}
