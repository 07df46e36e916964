//! The manifest: the parcels that a carrier takes along, with places to sign. It names orders and numbers, and no customer.

use super::page::{Column, Pages};
use super::{Paper, Party, Words};
use crate::labels::LabelError;
use crate::labels::format::mass;
use crate::labels::sheet::{Sheet, Symbology, tenths};
use crate::labels::text::{Face, Style};

/// One parcel of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestLine {
    /// Number on its label: the carrier's, or its SSCC.
    pub number: String,
    /// Number of its order.
    pub order: String,
    /// Country it goes to, as a code; may be empty.
    pub country: String,
    /// Its weight; none if it was not weighed.
    pub weight_g: Option<u32>,
}

/// A manifest; plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its number, shown and encoded as Code 128.
    pub number: String,
    /// Date and time as text.
    pub date: String,
    /// Who hands over.
    pub sender: Party,
    /// The carrier.
    pub carrier: Party,
    /// Name of the driver; empty prints none.
    pub driver: String,
    /// Short text such as the state of a manifest that is not closed yet; empty prints none.
    pub mark: String,
    /// Parcels, at most [`super::LINES_MAX`].
    pub lines: Vec<ManifestLine>,
}

/// The manifest's pages.
///
/// # Errors
/// [`LabelError::TooMany`] parcels or pages, [`LabelError::Overflow`], and what the sheet refuses.
pub fn manifest(manifest: &Manifest, words: &Words) -> Result<Vec<Sheet>, LabelError> {
    let mut pages = Pages::new(Paper::A4, words)?;
    pages.title(&words.manifest_title, &manifest.number)?;
    let top_um = pages.y_um;
    let code_um = tenths(150);
    let code = pages.cell(58, 100, code_um);
    pages.sheet.barcode(code, Symbology::Code128(&manifest.number), 375, 190)?;
    let known: Vec<u32> = manifest.lines.iter().filter_map(|line| line.weight_g).collect();
    let total_g = known.iter().fold(0_u32, |sum, grams| sum.saturating_add(*grams));
    let weight = if known.is_empty() { String::new() } else { mass(total_g, words) };
    pages.facts(&[(&words.date, &manifest.date), (&words.parcels, &manifest.lines.len().to_string())], 4)?;
    pages.facts(&[(&words.total_weight, &weight), (&words.driver, &manifest.driver)], 4)?;
    pages.y_um = pages.y_um.max(top_um + code_um + tenths(20));
    pages.paragraph(&manifest.mark, Face::Bold, pages.font.heading_um)?;
    pages.parties(&[(&words.from, &manifest.sender), (&words.carrier, &manifest.carrier)])?;
    table(&mut pages, manifest, words)?;
    signatures(&mut pages, words)?;
    pages.finish(&manifest.number)
}

fn table(pages: &mut Pages<'_>, manifest: &Manifest, words: &Words) -> Result<(), LabelError> {
    let columns = [
        Column::right(&words.position, 7),
        Column::mono(&words.parcel_number, 39),
        Column::left(&words.order, 21),
        Column::left(&words.destination, 17),
        Column::right(&words.weight, 16),
    ];
    let row = |(n, line): (usize, &ManifestLine)| {
        vec![
            n.to_string(),
            line.number.clone(),
            line.order.clone(),
            line.country.clone(),
            line.weight_g.map(|grams| mass(grams, words)).unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = (1..).zip(&manifest.lines).map(row).collect();
    pages.table(&columns, &rows)
}

/// Two lines to sign on: who hands over, and who takes along.
fn signatures(pages: &mut Pages<'_>, words: &Words) -> Result<(), LabelError> {
    let (room_um, caption_um) = (tenths(160), pages.font.caption_um * 130 / 100);
    pages.ensure(room_um + caption_um)?;
    pages.skip(room_um);
    for (from, to, caption) in [(0, 46, &words.handed_over_by), (54, 100, &words.taken_by)] {
        let line = pages.cell(from, to, caption_um);
        pages.sheet.rule(line.x_um, line.y_um, line.w_um, tenths(2))?;
        let below = crate::labels::sheet::Area { y_um: line.y_um + tenths(8), ..line };
        pages.sheet.text(below, caption, Style::new(Face::Regular, pages.font.caption_um).wrapped())?;
    }
    pages.skip(caption_um + tenths(10));
    Ok(())
}
