//! The battery mark of the UN Model Regulations (figure 5.2.5): 100 × 100 mm, hatched red edge, batteries and UN numbers.
//!
//! Hatching must be red: print it on a colour printer or on stock whose edge is printed; a thermal printer draws it black.
//! This file must never decide whether the mark is needed.

use super::Words;
use crate::labels::LabelError;
use crate::labels::sheet::{Area, Ink, Sheet, tenths};
use crate::labels::text::{Align, Face, Rise, Style};

/// Most UN numbers on one mark.
pub const UN_NUMBERS_MAX: usize = 4;
/// Width of the hatched edge in tenths of a millimetre (at least 5 mm).
const EDGE: i32 = 60;

/// What the mark says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatteryMark {
    /// UN numbers such as `UN3481`, at most [`UN_NUMBERS_MAX`].
    pub un_numbers: Vec<String>,
    /// Telephone number for information; empty prints none (no longer demanded since the 22nd revision).
    pub telephone: String,
}

/// The mark on A6 paper.
///
/// # Errors
/// [`LabelError::TooMany`] UN numbers, and what the sheet refuses.
pub fn battery_mark(mark: &BatteryMark, words: &Words) -> Result<Sheet, LabelError> {
    if mark.un_numbers.len() > UN_NUMBERS_MAX {
        return Err(LabelError::TooMany { what: "UN numbers", most: UN_NUMBERS_MAX });
    }
    let mut sheet = Sheet::new(tenths(1_050), tenths(1_480))?;
    let whole = Area::tenths(25, 40, 1_000, 1_000);
    hatched_edge(&mut sheet, whole)?;
    batteries(&mut sheet, Area::tenths(205, 160, 640, 560))?;
    let numbers = Style::new(Face::Bold, tenths(175)).align(Align::Centre).rise(Rise::Middle).wrapped();
    sheet.text(Area::tenths(105, 735, 840, 225), &mark.un_numbers.join("  "), numbers)?;
    if !mark.telephone.trim().is_empty() {
        let text = format!("{} {}", words.telephone, mark.telephone);
        let style = Style::new(Face::SemiBold, tenths(60)).align(Align::Centre).rise(Rise::Middle).wrapped();
        sheet.text(Area::tenths(25, 1_080, 1_000, 160), &text, style)?;
    }
    Ok(sheet)
}

/// A red frame with white stripes at 45 degrees; each stripe stays within its side.
fn hatched_edge(sheet: &mut Sheet, whole: Area) -> Result<(), LabelError> {
    let edge = tenths(EDGE);
    let (l, t, r, b) = (whole.x_um, whole.y_um, whole.right_um(), whole.bottom_um());
    sheet.fill(whole, Ink::Red)?;
    sheet.fill(whole.inset(edge), Ink::White)?;
    let (stripe, pitch) = (tenths(32), tenths(80));
    let mut at = 2 * edge;
    while at + stripe + edge < whole.w_um - edge {
        let (a, z) = (at, at + stripe);
        sheet.polygon(vec![(l + a + edge, t), (l + z + edge, t), (l + z, t + edge), (l + a, t + edge)], Ink::White)?;
        sheet.polygon(vec![(l + a + edge, b - edge), (l + z + edge, b - edge), (l + z, b), (l + a, b)], Ink::White)?;
        sheet.polygon(vec![(l, t + a + edge), (l, t + z + edge), (l + edge, t + z), (l + edge, t + a)], Ink::White)?;
        sheet.polygon(vec![(r - edge, t + a + edge), (r - edge, t + z + edge), (r, t + z), (r, t + a)], Ink::White)?;
        at += pitch;
    }
    Ok(())
}

/// Polygons on a grid of 160 × 140: three whole cells, one broken with a flame.
fn batteries(sheet: &mut Sheet, area: Area) -> Result<(), LabelError> {
    let place = |p: &(i32, i32)| (area.x_um + p.0 * area.w_um / 160, area.y_um + p.1 * area.h_um / 140);
    let mut draw = |points: &[(i32, i32)], ink| sheet.polygon(points.iter().map(place).collect(), ink);
    for left in [70, 102, 134] {
        draw(&[(left + 7, 52), (left + 17, 52), (left + 17, 59), (left + 7, 59)], Ink::Black)?;
        draw(&[(left, 60), (left + 24, 60), (left + 24, 138), (left, 138)], Ink::Black)?;
        draw(&[(left + 4, 72), (left + 20, 72), (left + 20, 77), (left + 4, 77)], Ink::White)?;
    }
    let broken_low = [(26, 100), (33, 108), (40, 96), (47, 107), (54, 98), (54, 138), (26, 138)];
    draw(&broken_low, Ink::Black)?;
    let broken_top = [(20, 66), (45, 60), (52, 88), (44, 96), (38, 84), (31, 97), (26, 92)];
    draw(&broken_top, Ink::Black)?;
    draw(&[(27, 57), (37, 54), (39, 59), (29, 62)], Ink::Black)?;
    let flame = [
        (14, 54),
        (6, 44),
        (4, 30),
        (11, 36),
        (12, 18),
        (20, 28),
        (27, 2),
        (35, 20),
        (42, 10),
        (44, 28),
        (52, 22),
        (50, 40),
        (57, 36),
        (52, 50),
        (44, 55),
        (46, 42),
        (38, 47),
        (36, 32),
        (30, 42),
        (25, 34),
        (24, 47),
        (18, 42),
    ];
    draw(&flame, Ink::Black)
}
