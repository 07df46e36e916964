//! Sheets of codes to cut out or hang up: command barcodes for the station and badges for people.
//!
//! This file must never invent a code: captions and codes come in, and a code that cannot be printed wide enough to scan is
//! refused.

use super::Paper;
use super::Words;
use super::page::Pages;
use crate::labels::LabelError;
use crate::labels::sheet::{Area, Sheet, Symbology, tenths};
use crate::labels::text::{Align, Face, Rise, Style};

/// Most cards in one document.
pub const CARDS_MAX: usize = 500;
/// Widest and narrowest module of a code on these sheets in micrometres.
const MODULE_UM: (i32, i32) = (500, 250);

/// A command: what it does, and the code that does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandCode {
    /// What people read.
    pub caption: String,
    /// What the scanner reads, ASCII.
    pub code: String,
}

/// A4 sheets with two columns of command barcodes under a title.
///
/// # Errors
/// [`LabelError::TooMany`] codes, [`LabelError::BarcodeTooWide`], and what the encoder refuses.
pub fn command_sheet(title: &str, commands: &[CommandCode], words: &Words) -> Result<Vec<Sheet>, LabelError> {
    if commands.len() > CARDS_MAX {
        return Err(LabelError::TooMany { what: "command codes", most: CARDS_MAX });
    }
    let mut pages = Pages::new(Paper::A4, words)?;
    pages.title(title, "")?;
    let (height_um, gap_um) = (tenths(345), tenths(30));
    for pair in commands.chunks(2) {
        pages.ensure(height_um)?;
        for (column, command) in pair.iter().enumerate() {
            let whole = pages.cell(0, 100, height_um);
            let w_um = (whole.w_um - gap_um) / 2;
            let card = Area { x_um: whole.x_um + column as i32 * (w_um + gap_um), w_um, ..whole };
            command_card(&mut pages.sheet, card, command)?;
        }
        pages.skip(height_um + gap_um);
    }
    pages.finish(title)
}

fn command_card(sheet: &mut Sheet, card: Area, command: &CommandCode) -> Result<(), LabelError> {
    sheet.outline(card, tenths(4))?;
    let inner = card.inset(tenths(14));
    let caption = Area { h_um: tenths(90), ..inner };
    let style = Style::new(Face::Bold, tenths(58)).wrapped().align(Align::Centre).rise(Rise::Middle);
    sheet.text(caption, &command.caption, style)?;
    let code = Area { y_um: caption.bottom_um() + tenths(6), h_um: tenths(165), ..inner };
    sheet.barcode(code, Symbology::Code128(&command.code), MODULE_UM.0, MODULE_UM.1)?;
    let text =
        Area { y_um: code.bottom_um() + tenths(6), h_um: inner.bottom_um() - code.bottom_um() - tenths(6), ..inner };
    sheet.text(
        text,
        &command.code,
        Style::new(Face::Mono, tenths(34)).wrapped().align(Align::Centre).rise(Rise::Middle),
    )
}

/// A badge: who, what for, where, and the code to scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// Name as the person is called at work.
    pub name: String,
    /// Role as text.
    pub role: String,
    /// Site or firm.
    pub site: String,
    /// Badge code, ASCII; not printed as text, so that it cannot be copied by reading.
    pub code: String,
}

/// A4 sheets of cards of 85.6 × 54 mm (ISO/IEC 7810 ID-1), two by five, outlined for cutting.
///
/// # Errors
/// [`LabelError::TooMany`] badges, [`LabelError::BarcodeTooWide`], and what the encoder refuses.
pub fn badge_sheet(badges: &[Badge]) -> Result<Vec<Sheet>, LabelError> {
    if badges.len() > CARDS_MAX {
        return Err(LabelError::TooMany { what: "badges", most: CARDS_MAX });
    }
    let (page_w_um, page_h_um) = Paper::A4.size_um();
    let mut sheets = Vec::new();
    for page in badges.chunks(10) {
        let mut sheet = Sheet::new(page_w_um, page_h_um)?;
        for (i, badge) in page.iter().enumerate() {
            let (column, row) = (i as i32 % 2, i as i32 / 2);
            badge_card(&mut sheet, Area::tenths(174 + column * 906, 110 + row * 556, 856, 540), badge)?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn badge_card(sheet: &mut Sheet, card: Area, badge: &Badge) -> Result<(), LabelError> {
    sheet.outline(card, tenths(2))?;
    let inner = card.inset(tenths(36));
    let row = |y: i32, h: i32| Area { y_um: inner.y_um + tenths(y), h_um: tenths(h), ..inner };
    sheet.text(row(0, 44), &badge.site, Style::new(Face::SemiBold, tenths(32)).wrapped().rise(Rise::Middle))?;
    sheet.text(row(54, 150), &badge.name, Style::new(Face::Bold, tenths(92)).wrapped().rise(Rise::Middle))?;
    sheet.text(row(210, 60), &badge.role, Style::new(Face::Regular, tenths(46)).wrapped().rise(Rise::Middle))?;
    sheet.barcode(row(292, 176), Symbology::Code128(&badge.code), MODULE_UM.0, MODULE_UM.1)
}
