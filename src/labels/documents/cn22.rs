//! Customs declaration CN 22 of the Universal Postal Union (Convention Manual, forms annex): 74 × 105 mm.
//!
//! Also the contents table and the category boxes that CN 23 shares. This file must never guess a customs fact: HS numbers and
//! origins come in, and totals that differ from the lines are refused.

use super::Words;
use crate::labels::LabelError;
use crate::labels::format::{Currency, kilograms};
use crate::labels::sheet::{Area, Ink, Sheet, tenths};
use crate::labels::text::{Align, Face, Rise, Style};

/// Most content lines a CN 22 has room for.
pub const CN22_LINES_MAX: usize = 4;
/// Width and height of a CN 22 in tenths of a millimetre.
const SIZE: (i32, i32) = (740, 1_050);

/// What kind of item it is, ticked on the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Gift.
    Gift,
    /// Documents.
    Documents,
    /// Commercial sample.
    Sample,
    /// Returned goods.
    Returned,
    /// Sale of goods.
    Sale,
    /// Something else.
    Other,
}

impl Category {
    /// In the order of the form.
    pub const ALL: [Category; 6] =
        [Category::Gift, Category::Documents, Category::Sample, Category::Returned, Category::Sale, Category::Other];

    fn word(self, words: &Words) -> &str {
        match self {
            Category::Gift => &words.category_gift,
            Category::Documents => &words.category_documents,
            Category::Sample => &words.category_sample,
            Category::Returned => &words.category_returned,
            Category::Sale => &words.category_sale,
            Category::Other => &words.category_other,
        }
    }
}

/// One line of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomsLine {
    /// Detailed description.
    pub description: String,
    /// Units.
    pub quantity: u32,
    /// Net weight of all units in grams.
    pub weight_g: u32,
    /// Value of all units in minor units.
    pub value_minor: i64,
    /// HS tariff number.
    pub hs_code: String,
    /// ISO 3166 code of the country of origin.
    pub origin: String,
}

/// What a CN 22 declares; plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cn22 {
    /// Designated operator that takes the item.
    pub operator: String,
    /// Kind of item.
    pub category: Category,
    /// Contents, at most [`CN22_LINES_MAX`].
    pub lines: Vec<CustomsLine>,
    /// Currency of the values.
    pub currency: Currency,
    /// Gross weight of the item in grams; not below the sum of the lines.
    pub total_weight_g: u32,
    /// Sum of the values; verified.
    pub total_value_minor: i64,
    /// Date and name for the signature line.
    pub date_signature: String,
}

/// The form as a sheet.
///
/// # Errors
/// [`LabelError::TooMany`] lines (use a CN 23), [`LabelError::Sums`], and what the sheet refuses.
pub fn cn22(form: &Cn22, words: &Words) -> Result<Sheet, LabelError> {
    if form.lines.len() > CN22_LINES_MAX {
        return Err(LabelError::TooMany { what: "content lines on a CN22", most: CN22_LINES_MAX });
    }
    verify(&form.lines, u64::from(form.total_weight_g), form.total_value_minor)?;
    let mut sheet = Sheet::new(tenths(SIZE.0), tenths(SIZE.1))?;
    sheet.outline(Area::tenths(15, 15, 710, 1_020), tenths(4))?;
    sheet.text(Area::tenths(30, 26, 470, 44), &words.cn22_title, Style::new(Face::Bold, tenths(36)))?;
    let right = Style::new(Face::Bold, tenths(40)).align(Align::Right);
    sheet.text(Area::tenths(520, 24, 190, 50), "CN 22", right)?;
    sheet.text(Area::tenths(30, 72, 400, 34), &words.may_be_opened, Style::new(Face::Regular, tenths(25)).wrapped())?;
    let right = Style::new(Face::Regular, tenths(25)).wrapped().align(Align::Right);
    sheet.text(Area::tenths(440, 76, 270, 32), &form.operator, right)?;
    sheet.rule(tenths(15), tenths(114), tenths(710), tenths(3))?;
    categories(&mut sheet, Area::tenths(30, 124, 680, 108), form.category, words)?;
    sheet.rule(tenths(15), tenths(238), tenths(710), tenths(3))?;
    contents(&mut sheet, form, words)?;
    sheet.rule(tenths(15), tenths(780), tenths(710), tenths(3))?;
    let declaration = Style::new(Face::Regular, tenths(22)).wrapped();
    sheet.text(Area::tenths(30, 788, 680, 126), &words.customs_declaration, declaration)?;
    sheet.rule(tenths(15), tenths(920), tenths(710), tenths(3))?;
    sheet.text(Area::tenths(30, 928, 680, 30), &words.date_signature, Style::new(Face::Regular, tenths(22)))?;
    let signature = Style::new(Face::SemiBold, tenths(34)).wrapped().rise(Rise::Middle);
    sheet.text(Area::tenths(30, 962, 680, 62), &form.date_signature, signature)?;
    Ok(sheet)
}

/// Refuses totals that contradict the lines: values must be equal, the gross weight not below the net weights.
pub(super) fn verify(lines: &[CustomsLine], total_weight_g: u64, total_value_minor: i64) -> Result<(), LabelError> {
    let net_g: u64 = lines.iter().map(|l| u64::from(l.weight_g)).sum();
    let value = lines.iter().try_fold(0_i64, |sum, l| sum.checked_add(l.value_minor));
    let value = value.ok_or(LabelError::Overflow { what: "customs values" })?;
    if value != total_value_minor {
        return Err(LabelError::Sums { what: "customs values" });
    }
    if net_g > total_weight_g {
        return Err(LabelError::Sums { what: "customs weights" });
    }
    Ok(())
}

/// Boxes in two columns, the right one ticked.
pub(super) fn categories(sheet: &mut Sheet, area: Area, ticked: Category, words: &Words) -> Result<(), LabelError> {
    let step_um = area.h_um / 3;
    let side_um = (step_um * 75 / 100).min(tenths(32));
    for (i, category) in Category::ALL.into_iter().enumerate() {
        let (column, row) = (i as i32 / 3, i as i32 % 3);
        let x_um = area.x_um + column * area.w_um / 2;
        let y_um = area.y_um + row * step_um;
        let tick = Area { x_um, y_um, w_um: side_um, h_um: side_um };
        sheet.outline(tick, tenths(3))?;
        if category == ticked {
            cross(sheet, tick.inset(tenths(6)))?;
        }
        let text =
            Area { x_um: x_um + side_um + tenths(12), y_um, w_um: area.w_um / 2 - side_um - tenths(24), h_um: side_um };
        sheet.text(text, category.word(words), Style::new(Face::Regular, tenths(26)).rise(Rise::Middle))?;
    }
    Ok(())
}

/// An X of two diagonal bars.
fn cross(sheet: &mut Sheet, a: Area) -> Result<(), LabelError> {
    let t = tenths(4);
    let (l, r, top, low) = (a.x_um, a.right_um(), a.y_um, a.bottom_um());
    sheet.polygon(vec![(l, top), (l + t, top), (r, low - t), (r, low), (r - t, low), (l, top + t)], Ink::Black)?;
    sheet.polygon(vec![(r, top), (r, top + t), (l + t, low), (l, low), (l, low - t), (r - t, top)], Ink::Black)
}

fn contents(sheet: &mut Sheet, form: &Cn22, words: &Words) -> Result<(), LabelError> {
    let caption = Style::new(Face::SemiBold, tenths(21)).wrapped();
    let right = caption.align(Align::Right);
    let columns = [(30, 275), (313, 105), (426, 124), (558, 154)];
    let value_title = format!("{} ({})", words.value, form.currency.code());
    sheet.text(Area::tenths(columns[0].0, 246, columns[0].1, 58), &words.contents, caption)?;
    sheet.text(Area::tenths(columns[1].0, 246, columns[1].1, 58), &words.weight_kg, right)?;
    sheet.text(Area::tenths(columns[2].0, 246, columns[2].1, 58), &value_title, right)?;
    let hs_origin = format!("{} / {}", words.hs_code, words.origin);
    sheet.text(Area::tenths(columns[3].0, 246, columns[3].1, 58), &hs_origin, right)?;
    sheet.rule(tenths(15), tenths(308), tenths(710), tenths(2))?;
    let body = Style::new(Face::Regular, tenths(27)).wrapped();
    let figure = Style::new(Face::Regular, tenths(27)).wrapped().align(Align::Right);
    for (i, line) in form.lines.iter().enumerate() {
        let y = 316 + i as i32 * 95;
        let text = format!("{} × {}", line.quantity, line.description);
        sheet.text(Area::tenths(columns[0].0, y, columns[0].1, 86), &text, body)?;
        let weight = kilograms(u64::from(line.weight_g), words);
        sheet.text(Area::tenths(columns[1].0, y, columns[1].1, 40), &weight, figure)?;
        let value = form.currency.amount(line.value_minor, words);
        sheet.text(Area::tenths(columns[2].0, y, columns[2].1, 40), &value, figure)?;
        sheet.text(Area::tenths(columns[3].0, y, columns[3].1, 40), &line.hs_code, figure)?;
        sheet.text(Area::tenths(columns[3].0, y + 42, columns[3].1, 40), &line.origin, figure)?;
    }
    sheet.rule(tenths(15), tenths(700), tenths(710), tenths(2))?;
    sheet.text(Area::tenths(30, 706, 330, 30), &words.total_weight, caption)?;
    sheet.text(Area::tenths(370, 706, 340, 30), &words.total_value, right)?;
    let strong = Style::new(Face::Bold, tenths(32)).wrapped();
    let weight = format!("{} {}", kilograms(u64::from(form.total_weight_g), words), words.unit_kg);
    sheet.text(Area::tenths(30, 736, 330, 40), &weight, strong)?;
    let value = form.currency.amount_with_code(form.total_value_minor, words);
    sheet.text(Area::tenths(370, 736, 340, 40), &value, strong.align(Align::Right))
}
