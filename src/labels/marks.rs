//! Handling marks as drawings: simplified ISO 780 pictures, a battery, a thermometer, an age limit.
//!
//! Each drawing is made of polygons on a square of 100 × 100 units. The words beside a mark come from the caller.
//! This file must never decide which mark a parcel needs.

use super::LabelError;
use super::sheet::{Area, Ink, Sheet, tenths};
use super::text::{Align, Face, Rise, Style};

/// The drawing of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkIcon {
    /// A glass (ISO 780 "fragile").
    Fragile,
    /// Two arrows (ISO 780 "this way up").
    ThisWayUp,
    /// An umbrella (ISO 780 "keep dry").
    KeepDry,
    /// A battery, for lithium and sodium cells.
    Battery,
    /// A thermometer, for a temperature range.
    Temperature,
    /// `18+`, for an adult's signature.
    Adult,
    /// No drawing, only words.
    Plain,
}

impl MarkIcon {
    /// Its word in the data of templates.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            MarkIcon::Fragile => "fragile",
            MarkIcon::ThisWayUp => "this-way-up",
            MarkIcon::KeepDry => "keep-dry",
            MarkIcon::Battery => "battery",
            MarkIcon::Temperature => "temperature",
            MarkIcon::Adult => "adult",
            MarkIcon::Plain => "",
        }
    }
}

/// A mark on a label: drawing and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Drawing.
    pub icon: MarkIcon,
    /// Words beside it, such as a class or a UN number.
    pub text: String,
}

type Shape = (&'static [(i32, i32)], Ink);

const FRAGILE: &[Shape] = &[
    (
        &[
            (24, 4),
            (76, 4),
            (73, 36),
            (64, 50),
            (55, 56),
            (55, 84),
            (72, 90),
            (72, 96),
            (28, 96),
            (28, 90),
            (45, 84),
            (45, 56),
            (36, 50),
            (27, 36),
        ],
        Ink::Black,
    ),
    (&[(50, 4), (60, 4), (52, 20), (61, 26), (50, 46), (54, 29), (44, 23)], Ink::White),
];
const THIS_WAY_UP: &[Shape] = &[
    (&[(28, 6), (48, 34), (35, 34), (35, 76), (21, 76), (21, 34), (8, 34)], Ink::Black),
    (&[(72, 6), (92, 34), (79, 34), (79, 76), (65, 76), (65, 34), (52, 34)], Ink::Black),
    (&[(6, 84), (94, 84), (94, 94), (6, 94)], Ink::Black),
];
const KEEP_DRY: &[Shape] = &[(
    &[
        (46, 6),
        (54, 6),
        (54, 13),
        (72, 20),
        (86, 34),
        (95, 54),
        (80, 48),
        (65, 54),
        (54, 49),
        (54, 82),
        (58, 87),
        (64, 84),
        (64, 78),
        (71, 78),
        (71, 86),
        (65, 93),
        (56, 94),
        (48, 90),
        (46, 84),
        (46, 49),
        (35, 54),
        (20, 48),
        (5, 54),
        (14, 34),
        (28, 20),
        (46, 13),
    ],
    Ink::Black,
)];
const BATTERY: &[Shape] = &[
    (&[(38, 4), (62, 4), (62, 14), (38, 14)], Ink::Black),
    (&[(24, 14), (76, 14), (76, 96), (24, 96)], Ink::Black),
    (&[(55, 24), (36, 60), (49, 60), (43, 88), (65, 48), (52, 48)], Ink::White),
];
const TEMPERATURE: &[Shape] = &[
    (
        &[
            (44, 6),
            (56, 6),
            (61, 11),
            (61, 60),
            (69, 70),
            (69, 82),
            (60, 93),
            (40, 93),
            (31, 82),
            (31, 70),
            (39, 60),
            (39, 11),
        ],
        Ink::Black,
    ),
    (&[(48, 13), (52, 13), (54, 16), (54, 40), (46, 40), (46, 16)], Ink::White),
    (&[(66, 14), (84, 14), (84, 20), (66, 20)], Ink::Black),
    (&[(66, 30), (78, 30), (78, 36), (66, 36)], Ink::Black),
    (&[(66, 46), (84, 46), (84, 52), (66, 52)], Ink::Black),
];

/// Draws the icon into the largest square at the left of `area` and returns what is free beside it.
///
/// # Errors
/// [`LabelError::OutsideSheet`], and text errors for [`MarkIcon::Adult`].
pub fn draw_icon(sheet: &mut Sheet, area: Area, icon: MarkIcon) -> Result<Area, LabelError> {
    let side_um = area.h_um.min(area.w_um);
    let square = Area { w_um: side_um, h_um: side_um, y_um: area.y_um + (area.h_um - side_um) / 2, ..area };
    match icon {
        MarkIcon::Fragile => draw_shapes(sheet, square, FRAGILE)?,
        MarkIcon::ThisWayUp => draw_shapes(sheet, square, THIS_WAY_UP)?,
        MarkIcon::KeepDry => draw_shapes(sheet, square, KEEP_DRY)?,
        MarkIcon::Battery => draw_shapes(sheet, square, BATTERY)?,
        MarkIcon::Temperature => draw_shapes(sheet, square, TEMPERATURE)?,
        MarkIcon::Adult => {
            sheet.outline(square, side_um / 14)?;
            let style = Style::new(Face::Bold, side_um / 2).align(Align::Centre).rise(Rise::Middle);
            sheet.text(square.inset(side_um / 12), "18+", style)?;
        }
        MarkIcon::Plain => return Ok(area),
    }
    Ok(Area { x_um: square.right_um(), w_um: area.w_um - side_um, ..area })
}

/// Draws marks side by side: up to four in one row, else two rows of half the height.
///
/// # Errors
/// [`LabelError::OutsideSheet`], [`LabelError::TextTooLong`].
pub fn draw_marks(sheet: &mut Sheet, area: Area, marks: &[Mark]) -> Result<(), LabelError> {
    let per_row = if marks.len() <= 4 { marks.len() } else { marks.len().div_ceil(2) };
    let rows = marks.len().div_ceil(per_row.max(1)) as i32;
    let (gap_um, between_um) = (tenths(12), tenths(4));
    let h_um = (area.h_um - between_um * (rows - 1)) / rows.max(1) / tenths(1) * tenths(1);
    for (r, row) in marks.chunks(per_row.max(1)).enumerate() {
        let count = row.len() as i32;
        let w_um = (area.w_um - gap_um * (count - 1)) / count.max(1) / tenths(1) * tenths(1);
        for (c, mark) in row.iter().enumerate() {
            let x_um = area.x_um + c as i32 * (w_um + gap_um);
            let cell = Area { x_um, y_um: area.y_um + r as i32 * (h_um + between_um), w_um, h_um };
            one_mark(sheet, cell, mark)?;
            if c > 0 {
                sheet.post(cell.x_um - gap_um / 2 - tenths(1), cell.y_um, cell.h_um, tenths(3))?;
            }
        }
    }
    Ok(())
}

fn one_mark(sheet: &mut Sheet, cell: Area, mark: &Mark) -> Result<(), LabelError> {
    let inner = cell.inset(tenths(5));
    let beside = draw_icon(sheet, inner, mark.icon)?;
    let (text, align) = match mark.icon {
        MarkIcon::Plain => (beside, Align::Centre),
        MarkIcon::Fragile
        | MarkIcon::ThisWayUp
        | MarkIcon::KeepDry
        | MarkIcon::Battery
        | MarkIcon::Temperature
        | MarkIcon::Adult => {
            (Area { x_um: beside.x_um + tenths(10), w_um: beside.w_um - tenths(10), ..beside }, Align::Left)
        }
    };
    sheet.text(text, &mark.text, Style::new(Face::Bold, tenths(52)).wrapped().align(align).rise(Rise::Middle))
}

fn draw_shapes(sheet: &mut Sheet, square: Area, shapes: &[Shape]) -> Result<(), LabelError> {
    let place = |p: &(i32, i32)| (square.x_um + p.0 * square.w_um / 100, square.y_um + p.1 * square.h_um / 100);
    for (points, ink) in shapes {
        sheet.polygon(points.iter().map(place).collect(), *ink)?;
    }
    Ok(())
}
