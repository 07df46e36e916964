//! Customs declaration CN 23 of the Universal Postal Union (Convention Manual, forms annex): 210 × 148 mm.
//!
//! This file must never guess a customs fact; totals that differ from the lines are refused.

use super::cn22::{Category, CustomsLine, categories, verify};
use super::{Party, Words};
use crate::labels::LabelError;
use crate::labels::format::{Currency, kilograms};
use crate::labels::sheet::{Area, Sheet, Symbology, tenths};
use crate::labels::text::{Align, Face, Rise, Style};

/// Most content lines a CN 23 has room for.
pub const CN23_LINES_MAX: usize = 8;
const CAPTION: Style = Style::new(Face::Regular, tenths(22));
const VALUE: Style = Style::new(Face::SemiBold, tenths(29)).wrapped();
/// Left edge and width of the contents columns in tenths of a millimetre.
const COLUMNS: [(i32, i32); 6] = [(65, 850), (930, 170), (1_115, 190), (1_320, 240), (1_575, 260), (1_850, 175)];

/// What a CN 23 declares; plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cn23 {
    /// Number of the item, printed and encoded as Code 128.
    pub item_number: String,
    /// Sender.
    pub sender: Party,
    /// Addressee.
    pub addressee: Party,
    /// Sender's customs reference; may be empty.
    pub sender_reference: String,
    /// Importer's reference such as a tax number; may be empty.
    pub importer_reference: String,
    /// Kind of item.
    pub category: Category,
    /// Contents, at most [`CN23_LINES_MAX`].
    pub lines: Vec<CustomsLine>,
    /// Currency of the values.
    pub currency: Currency,
    /// Gross weight in grams; not below the sum of the lines.
    pub total_weight_g: u32,
    /// Sum of the values; verified.
    pub total_value_minor: i64,
    /// Postal charges in minor units.
    pub postal_charges_minor: i64,
    /// Quarantine, restrictions and the like; may be empty.
    pub comments: String,
    /// Licence, certificate and invoice numbers; may be empty.
    pub attached: String,
    /// Date and name for the signature line.
    pub date_signature: String,
}

/// The form as a sheet.
///
/// # Errors
/// [`LabelError::TooMany`] lines, [`LabelError::Sums`], and what the sheet refuses.
pub fn cn23(form: &Cn23, words: &Words) -> Result<Sheet, LabelError> {
    if form.lines.len() > CN23_LINES_MAX {
        return Err(LabelError::TooMany { what: "content lines on a CN23", most: CN23_LINES_MAX });
    }
    verify(&form.lines, u64::from(form.total_weight_g), form.total_value_minor)?;
    let mut sheet = Sheet::new(tenths(2_100), tenths(1_480))?;
    sheet.outline(Area::tenths(50, 50, 2_000, 1_380), tenths(5))?;
    head(&mut sheet, form, words)?;
    parties(&mut sheet, form, words)?;
    contents(&mut sheet, form, words)?;
    foot(&mut sheet, form, words)?;
    Ok(sheet)
}

/// A caption over a value.
fn field(sheet: &mut Sheet, area: Area, caption: &str, value: &str, style: Style) -> Result<(), LabelError> {
    let h_um = tenths(30);
    sheet.text(Area { h_um, ..area }, caption, CAPTION)?;
    let below = Area { y_um: area.y_um + h_um, h_um: area.h_um - h_um, ..area };
    sheet.text(below, value, style)
}

fn rule(sheet: &mut Sheet, y: i32) -> Result<(), LabelError> {
    sheet.rule(tenths(50), tenths(y), tenths(2_000), tenths(3))
}

fn head(sheet: &mut Sheet, form: &Cn23, words: &Words) -> Result<(), LabelError> {
    sheet.text(Area::tenths(65, 62, 780, 62), &words.cn23_title, Style::new(Face::Bold, tenths(50)))?;
    sheet.text(
        Area::tenths(65, 128, 780, 36),
        &words.may_be_opened,
        Style::new(Face::Regular, tenths(26)).wrapped(),
    )?;
    field(sheet, Area::tenths(870, 62, 330, 100), &words.item_number, &form.item_number, VALUE)?;
    sheet.barcode(Area::tenths(1_200, 62, 600, 106), Symbology::Code128(&form.item_number), 375, 190)?;
    let right = Style::new(Face::Bold, tenths(60)).align(Align::Right).rise(Rise::Middle);
    sheet.text(Area::tenths(1_810, 62, 225, 100), "CN 23", right)?;
    rule(sheet, 175)
}

fn parties(sheet: &mut Sheet, form: &Cn23, words: &Words) -> Result<(), LabelError> {
    let body = Style::new(Face::Regular, tenths(28)).wrapped();
    let columns = [(65, &words.from, &form.sender), (730, &words.to, &form.addressee)];
    for (x, caption, party) in columns {
        field(sheet, Area::tenths(x, 184, 630, 80), caption, &party.name, VALUE)?;
        sheet.text(Area::tenths(x, 258, 630, 190), &party.lines.join("\n"), body)?;
    }
    let (x, w) = (1_395, 640);
    field(sheet, Area::tenths(x, 184, w, 76), &words.sender_reference, &form.sender_reference, VALUE)?;
    field(sheet, Area::tenths(x, 268, w, 76), &words.importer_reference, &form.importer_reference, VALUE)?;
    sheet.text(Area::tenths(x, 352, w, 30), &words.category, CAPTION)?;
    categories(sheet, Area::tenths(x, 384, w, 108), form.category, words)?;
    sheet.post(tenths(712), tenths(178), tenths(322), tenths(3))?;
    sheet.post(tenths(1_378), tenths(178), tenths(322), tenths(3))?;
    rule(sheet, 500)
}

fn contents(sheet: &mut Sheet, form: &Cn23, words: &Words) -> Result<(), LabelError> {
    let value_title = format!("{} ({})", words.value, form.currency.code());
    let titles = [&words.contents, &words.quantity, &words.weight_kg, &value_title, &words.hs_code, &words.origin];
    for (i, (title, (x, w))) in titles.into_iter().zip(COLUMNS).enumerate() {
        let align = if i == 0 { Align::Left } else { Align::Right };
        let style = Style::new(Face::SemiBold, tenths(22)).wrapped().align(align).rise(Rise::Bottom);
        sheet.text(Area::tenths(x, 506, w, 56), title, style)?;
    }
    rule(sheet, 565)?;
    for (i, line) in form.lines.iter().enumerate() {
        let y = 570 + i as i32 * 56;
        let figures = [
            line.description.clone(),
            line.quantity.to_string(),
            kilograms(u64::from(line.weight_g), words),
            form.currency.amount(line.value_minor, words),
            line.hs_code.clone(),
            line.origin.clone(),
        ];
        for (i, (text, (x, w))) in figures.iter().zip(COLUMNS).enumerate() {
            let style = Style::new(Face::Regular, tenths(27)).wrapped().rise(Rise::Middle);
            let style = if i == 0 { style } else { style.align(Align::Right) };
            sheet.text(Area::tenths(x, y, w, 54), text, style)?;
        }
    }
    rule(sheet, 1_022)?;
    let strong = Style::new(Face::Bold, tenths(34)).wrapped();
    let weight = format!("{} {}", kilograms(u64::from(form.total_weight_g), words), words.unit_kg);
    field(sheet, Area::tenths(65, 1_030, 600, 76), &words.total_weight, &weight, strong)?;
    let value = form.currency.amount_with_code(form.total_value_minor, words);
    field(sheet, Area::tenths(730, 1_030, 600, 76), &words.total_value, &value, strong)?;
    let charges = form.currency.amount_with_code(form.postal_charges_minor, words);
    field(sheet, Area::tenths(1_395, 1_030, 640, 76), &words.postal_charges, &charges, strong)?;
    rule(sheet, 1_112)
}

fn foot(sheet: &mut Sheet, form: &Cn23, words: &Words) -> Result<(), LabelError> {
    let body = Style::new(Face::Regular, tenths(26)).wrapped();
    field(sheet, Area::tenths(65, 1_120, 940, 110), &words.comments, &form.comments, body)?;
    field(sheet, Area::tenths(1_040, 1_120, 990, 110), &words.attached, &form.attached, body)?;
    rule(sheet, 1_236)?;
    let small = Style::new(Face::Regular, tenths(24)).wrapped();
    sheet.text(Area::tenths(65, 1_244, 940, 178), &words.customs_declaration, small)?;
    field(sheet, Area::tenths(1_040, 1_244, 990, 150), &words.date_signature, &form.date_signature, VALUE)
}
