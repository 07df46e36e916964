//! The house-carrier label, 100 × 150 mm: who, where, which order, which way, how heavy, and the SSCC to scan.
//!
//! The SSCC stands as GS1-128 after the GS1 logistic label guideline (bars ≥ 32 mm high, module 0.5 mm, quiet zones, human readable
//! text) and again as GS1 DataMatrix for when the bars are scuffed. This file must never number anything: the SSCC, the route
//! and the copy number come in.

use super::LabelError;
use super::documents::Words;
use super::format;
use super::gs1::{self, ElementString};
use super::marks::{Mark, draw_marks};
use super::sheet::{Area, Ink, Sheet, Symbology, tenths};
use super::text::{Align, Face, Rise, Style, wrapped_height_um};

/// Width of the label in tenths of a millimetre.
pub const HOUSE_WIDTH_TENTHS: i32 = 1_000;
/// Height of the label in tenths of a millimetre.
pub const HOUSE_HEIGHT_TENTHS: i32 = 1_500;
/// Most marks on one label.
pub const MARKS_MAX: usize = 8;
/// Module of the GS1-128 in micrometres: 4 dots at 203 dpi (GS1: 0.495 to 0.940 mm for logistic labels).
const MODULE_UM: i32 = 500;
/// Left edge of text, and width of the text column, in tenths of a millimetre.
const LEFT: i32 = 45;
const COLUMN: i32 = 910;
const CAPTION: Style = Style::new(Face::Regular, tenths(24));

/// What a house label shows; plain values, the caller maps its domain to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseLabel {
    /// Name of the sender.
    pub sender_name: String,
    /// Address of the sender, short.
    pub sender_lines: Vec<String>,
    /// Name of the recipient.
    pub recipient_name: String,
    /// Address of the recipient, from street to town, country not included.
    pub recipient_lines: Vec<String>,
    /// Name of the country, as the label's reader knows it.
    pub country: String,
    /// ISO 3166 code of the country.
    pub country_code: String,
    /// Service, printed white on black; empty prints none.
    pub service: String,
    /// Order number.
    pub order_number: String,
    /// This parcel, counted from 1.
    pub parcel_number: u32,
    /// Parcels of the fulfillment.
    pub parcel_count: u32,
    /// Day of shipment as text; empty prints none.
    pub ship_date: String,
    /// Where the sorter sends it, such as `R 12`.
    pub route: String,
    /// Gross weight in grams.
    pub weight_g: u32,
    /// Handling marks, at most [`MARKS_MAX`].
    pub marks: Vec<Mark>,
    /// The 18 digits of the SSCC.
    pub sscc: String,
    /// 0 for the first print, n for the n-th reprint.
    pub copy_number: u32,
}

/// The label as a sheet.
///
/// # Errors
/// [`LabelError::TooMany`] marks, [`LabelError::TextTooLong`], or an SSCC that is not one ([`LabelError::Gs1`]).
pub fn house_label(label: &HouseLabel, words: &Words) -> Result<Sheet, LabelError> {
    if label.marks.len() > MARKS_MAX {
        return Err(LabelError::TooMany { what: "marks", most: MARKS_MAX });
    }
    let sscc = [ElementString::sscc(&label.sscc)?];
    let mut sheet = Sheet::new(tenths(HOUSE_WIDTH_TENTHS), tenths(HOUSE_HEIGHT_TENTHS))?;
    sender(&mut sheet, label, words)?;
    separator(&mut sheet, 168)?;
    recipient(&mut sheet, label, words)?;
    separator(&mut sheet, 618)?;
    facts(&mut sheet, label, words)?;
    separator(&mut sheet, 724)?;
    let route_bottom = if label.marks.is_empty() { 1_058 } else { 940 };
    route(&mut sheet, label, words, &sscc, route_bottom)?;
    if !label.marks.is_empty() {
        separator(&mut sheet, 944)?;
        draw_marks(&mut sheet, Area::tenths(30, 952, 940, 107), &label.marks)?;
    }
    separator(&mut sheet, 1_062)?;
    licence_plate(&mut sheet, words, &sscc)?;
    Ok(sheet)
}

fn separator(sheet: &mut Sheet, y: i32) -> Result<(), LabelError> {
    sheet.rule(tenths(30), tenths(y), tenths(940), tenths(5))
}

fn sender(sheet: &mut Sheet, label: &HouseLabel, words: &Words) -> Result<(), LabelError> {
    let plates = !label.service.trim().is_empty() || label.copy_number > 0;
    let width = if plates { 560 } else { COLUMN };
    sheet.text(Area::tenths(LEFT, 28, width, 30), &words.from, CAPTION)?;
    sheet.text(
        Area::tenths(LEFT, 57, width, 44),
        &label.sender_name,
        Style::new(Face::SemiBold, tenths(36)).wrapped(),
    )?;
    let lines = label.sender_lines.join(", ");
    sheet.text(Area::tenths(LEFT, 102, width, 64), &lines, Style::new(Face::Regular, tenths(25)).wrapped())?;
    let copy = if label.copy_number > 0 { format::fill(&words.copy, label.copy_number, 0) } else { String::new() };
    let mut shown: Vec<&str> = vec![&label.service, &copy];
    shown.retain(|text| !text.trim().is_empty());
    let height = 130 / shown.len().max(1) as i32;
    for (i, text) in shown.into_iter().enumerate() {
        let area = Area::tenths(640, 30 + i as i32 * height, 330, height - if i == 0 { 6 } else { 0 });
        sheet.fill(area, Ink::Black)?;
        let style = Style::new(Face::Bold, tenths(50)).align(Align::Centre).rise(Rise::Middle).wrapped().inverse();
        sheet.text(area.inset(tenths(8)), text, style)?;
    }
    Ok(())
}

fn recipient(sheet: &mut Sheet, label: &HouseLabel, words: &Words) -> Result<(), LabelError> {
    sheet.text(Area::tenths(LEFT, 178, COLUMN, 29), &words.to, CAPTION)?;
    let (name_size, name_width) = (tenths(60), tenths(COLUMN));
    let wanted_um = wrapped_height_um(&label.recipient_name, Face::Bold, name_size, name_width)?;
    let name = Area { h_um: wanted_um.min(tenths(132)), ..Area::tenths(LEFT, 208, COLUMN, 0) };
    sheet.text(name, &label.recipient_name, Style::new(Face::Bold, name_size).wrapped())?;
    let top_um = name.bottom_um() + tenths(6);
    let lines = Area { y_um: top_um, h_um: tenths(510) - top_um, ..Area::tenths(LEFT, 0, COLUMN, 0) };
    sheet.text(lines, &label.recipient_lines.join("\n"), Style::new(Face::Regular, tenths(48)).wrapped())?;
    let code = Area::tenths(815, 516, 140, 92);
    sheet.outline(code, tenths(6))?;
    let style = Style::new(Face::Bold, tenths(70)).align(Align::Centre).rise(Rise::Middle);
    sheet.text(code.inset(tenths(8)), &label.country_code, style)?;
    let style = Style::new(Face::Bold, tenths(56)).wrapped().rise(Rise::Middle);
    sheet.text(Area::tenths(LEFT, 520, 750, 84), &label.country, style)
}

fn facts(sheet: &mut Sheet, label: &HouseLabel, words: &Words) -> Result<(), LabelError> {
    let parcel = format::fill(&words.n_of_m, label.parcel_number, label.parcel_count);
    let weight = format::mass(label.weight_g, words);
    let cells = [
        (LEFT, 300, &words.order, label.order_number.as_str()),
        (360, 185, &words.parcel, parcel.as_str()),
        (560, 195, &words.weight, weight.as_str()),
        (770, 185, &words.date, label.ship_date.as_str()),
    ];
    for (i, (x, width, caption, value)) in cells.into_iter().enumerate() {
        if i > 0 {
            sheet.post(tenths(x - 13), tenths(623), tenths(101), tenths(3))?;
        }
        sheet.text(Area::tenths(x, 630, width, 30), caption, CAPTION)?;
        let style = Style::new(Face::SemiBold, tenths(42)).wrapped().rise(Rise::Middle);
        sheet.text(Area::tenths(x, 660, width, 58), value, style)?;
    }
    Ok(())
}

fn route(
    sheet: &mut Sheet,
    label: &HouseLabel,
    words: &Words,
    sscc: &[ElementString],
    bottom: i32,
) -> Result<(), LabelError> {
    sheet.text(Area::tenths(LEFT, 734, 600, 30), &words.route, CAPTION)?;
    let style = Style::new(Face::Bold, tenths(240)).wrapped().rise(Rise::Middle);
    sheet.text(Area::tenths(LEFT, 764, 690, bottom - 766), &label.route, style)?;
    let code = Area::tenths(765, 734 + (bottom - 940) / 2, 200, 204);
    sheet.barcode(code, Symbology::Gs1DataMatrix(sscc), tenths(10), tenths(5))
}

/// The GS1-128 with its caption and human readable text.
fn licence_plate(sheet: &mut Sheet, words: &Words, sscc: &[ElementString]) -> Result<(), LabelError> {
    sheet.text(Area::tenths(LEFT, 1_072, COLUMN, 30), &words.sscc, CAPTION)?;
    sheet.barcode(Area::tenths(30, 1_104, 940, 322), Symbology::Gs1128(sscc), MODULE_UM, MODULE_UM)?;
    let style = Style::new(Face::MonoBold, tenths(46)).align(Align::Centre);
    sheet.text(Area::tenths(LEFT, 1_428, COLUMN, 58), &gs1::human_readable(sscc), style)
}
