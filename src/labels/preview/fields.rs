//! A field that is being gathered, and its dots when `^FS` ends it.

use super::canvas::{Bitmap, Ink, Turn};
use super::charset::{Charset, Read};
use super::codes::{self, Barred, DataMatrixAsked, Pdf417};
use super::graphics::Shape;
use super::letters::{CHARS_MAX, Lettering};
use super::lines::{self, Block, Run};
use super::maxicode;
use crate::labels::bars::BarsKind;

/// What a field holds besides its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Text(Lettering),
    /// `^GS`: a sign that one letter means.
    Sign(Lettering),
    /// What the field's data is for is not the paper.
    Unprinted,
    /// A drawn shape with its ink.
    Shape(Shape, Ink),
    Bitmap(Bitmap),
    Code128 {
        height: i32,
        text: bool,
        above: bool,
        /// A check digit of its own beside the code's.
        check: bool,
        mode: char,
    },
    Bars {
        kind: BarsKind,
        height: i32,
        text: bool,
        above: bool,
        check: bool,
    },
    Qr {
        magnification: i32,
    },
    DataMatrix(DataMatrixAsked),
    Pdf417(Pdf417),
    Aztec {
        module: i32,
        asked: u16,
    },
    MaxiCode(maxicode::Asked),
}

impl Content {
    /// Whether its data is read by people.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Content::Text(_) | Content::Sign(_))
    }

    /// Whether there is nothing to read in it.
    pub(super) fn is_drawing(&self) -> bool {
        matches!(self, Content::Shape(..) | Content::Bitmap(_))
    }

    /// Whether it has a direction: shapes, `^BQ` and `^BD` have none.
    pub(super) fn turns(&self) -> bool {
        match self {
            Content::Shape(..)
            | Content::Bitmap(_)
            | Content::Unprinted
            | Content::Qr { .. }
            | Content::MaxiCode(_) => false,
            Content::Text(_)
            | Content::Sign(_)
            | Content::Code128 { .. }
            | Content::Bars { .. }
            | Content::DataMatrix(_)
            | Content::Pdf417(_)
            | Content::Aztec { .. } => true,
        }
    }
}

/// Where a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    pub x: i32,
    pub y: i32,
    /// `^FT`: the left end of the baseline, instead of the upper left corner.
    pub typeset: bool,
    /// Justified right: the origin is the right end.
    pub right: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub origin: Option<Origin>,
    pub content: Option<Content>,
    pub turn: Option<Turn>,
    pub block: Option<Block>,
    pub run: Run,
    pub data: Option<Vec<u8>>,
    /// The sign before hexadecimal, where `^FH` was given.
    pub hex: Option<u8>,
    pub reverse: bool,
    /// `^FN`: its data comes from another label.
    pub number: Option<i32>,
}

impl Field {
    pub(super) const EMPTY: Self = Self {
        origin: None,
        content: None,
        turn: None,
        block: None,
        run: Run::Across(0),
        data: None,
        hex: None,
        reverse: false,
        number: None,
    };

    /// The data to be read by people, without control characters other than those of blocks.
    pub(super) fn text(&self, charset: &Charset) -> Read {
        let read = charset.read(&match self.block {
            Some(block) => lines::unescaped(&self.payload(), block.beyond),
            None => self.payload(),
        });
        let kept =
            |c: &char| !c.is_control() || (self.block.is_some() && matches!(*c, lines::BREAK | lines::SOFT_HYPHEN));
        Read { text: read.text.chars().filter(kept).take(CHARS_MAX).collect(), ..read }
    }

    /// The data with hexadecimal resolved, which alone can give control characters: the bytes that codes hold.
    fn payload(&self) -> Vec<u8> {
        let data = self.data.as_deref().unwrap_or_default();
        let mut bytes = Vec::with_capacity(data.len());
        let mut i = 0;
        while let Some(byte) = data.get(i) {
            let pair = data.get(i + 1..i + 3).filter(|p| p.iter().all(u8::is_ascii_hexdigit));
            let pair = pair.and_then(|p| std::str::from_utf8(p).ok());
            match pair.and_then(|p| u8::from_str_radix(p, 16).ok()) {
                Some(value) if Some(*byte) == self.hex => {
                    bytes.push(value);
                    i += 3;
                }
                Some(_) | None => {
                    bytes.extend((!byte.is_ascii_control()).then_some(*byte));
                    i += 1;
                }
            }
        }
        bytes
    }
}

/// What is not UTF-8 is read as Latin-1.
fn readable(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned)
}

/// The part of a field's dots that its place means; what is around it hangs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub h: i32,
}

/// A field's dots, unturned, with the height of its baseline from the top of its cell.
pub(super) struct Drawn {
    pub bitmap: Bitmap,
    pub cell: Cell,
    pub baseline: i32,
    pub ink: Ink,
}

impl Drawn {
    /// All of a bitmap is what is placed.
    fn whole(bitmap: Bitmap, ink: Ink) -> Self {
        let cell = Cell { x: 0, y: 0, w: bitmap.w, h: bitmap.h };
        Self { baseline: bitmap.h, bitmap, cell, ink }
    }

    /// Where the upper left corner of the turned bitmap comes to be.
    pub(super) fn corner(&self, origin: Origin, turn: Turn) -> (i32, i32) {
        let (cell, baseline) = (self.cell, self.baseline);
        let below = baseline.saturating_sub(cell.h);
        // From the place that the job tells to the cell.
        let (dx, dy) = match (origin.typeset, turn) {
            (false, _) => (0, 0),
            (true, Turn::Normal) => (0, -baseline),
            (true, Turn::Right) => (below, 0),
            (true, Turn::Inverted) => (-cell.w, below),
            (true, Turn::Bottom) => (-baseline, -cell.w),
        };
        let across = match turn {
            Turn::Normal | Turn::Inverted => cell.w,
            Turn::Right | Turn::Bottom => cell.h,
        };
        // From the bitmap's corner to the cell's.
        let right = self.bitmap.w.saturating_sub(cell.x).saturating_sub(cell.w);
        let under = self.bitmap.h.saturating_sub(cell.y).saturating_sub(cell.h);
        let (over_x, over_y) = match turn {
            Turn::Normal => (cell.x, cell.y),
            Turn::Right => (under, cell.x),
            Turn::Inverted => (right, under),
            Turn::Bottom => (cell.y, right),
        };
        let justified = if origin.right { across } else { 0 };
        let sum = |at: i32, by: i32, over: i32| at.saturating_add(by).saturating_sub(over);
        (sum(origin.x, dx, over_x).saturating_sub(justified), sum(origin.y, dy, over_y))
    }

    /// Where what follows on the same baseline stands, with the turned bitmap's corner at a place.
    pub(super) fn end(&self, corner: (i32, i32), turn: Turn) -> (i32, i32) {
        let (along, down) = (self.cell.x.saturating_add(self.cell.w), self.cell.y.saturating_add(self.baseline));
        let (from_right, from_foot) = (self.bitmap.w.saturating_sub(along), self.bitmap.h.saturating_sub(down));
        let (dx, dy) = match turn {
            Turn::Normal => (along, down),
            Turn::Right => (from_foot, along),
            Turn::Inverted => (from_right, from_foot),
            Turn::Bottom => (down, from_right),
        };
        (corner.0.saturating_add(dx), corner.1.saturating_add(dy))
    }
}

/// Bars' and codes' common settings of `^BY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BarDefaults {
    pub module: i32,
    pub ratio_tenths: i32,
    pub height: i32,
}

/// The dots of a field; `None` where nothing can be made of its data. `text` is that data as letters.
pub(super) fn drawn(field: &Field, content: &Content, text: &str, defaults: BarDefaults) -> Option<Drawn> {
    let black = |bitmap: Bitmap| Drawn::whole(bitmap, Ink::Black);
    match content {
        Content::Shape(shape, ink) => Some(Drawn::whole(shape.dots(), *ink)),
        Content::Bitmap(bitmap) => Some(black(bitmap.clone())),
        Content::Unprinted => Some(black(Bitmap::default())),
        Content::Text(lettering) => Some(match field.block {
            Some(block) => lines::block(*lettering, text, block),
            None => lines::single(*lettering, text, field.run),
        }),
        Content::Sign(lettering) => {
            let sign = match text.chars().next()?.to_ascii_uppercase() {
                'A' => "®",
                'B' => "©",
                'C' => "™",
                _ => return None,
            };
            Some(lines::single(*lettering, sign, Run::Across(0)))
        }
        Content::Code128 { height, text, above, check, mode } => {
            let payload = field.payload();
            if *check && *mode == 'N' && payload.iter().all(u8::is_ascii_digit) {
                // Only digits have one, and the automatic modes have their own.
                return None;
            }
            let code = codes::code128(&payload, *mode)?;
            let bitmap = codes::dots(&code.widths, defaults.module, *height, None);
            Some(with_text(bitmap, &code, *text, *above, defaults.module))
        }
        Content::Bars { kind, height, text, above, check } => {
            let code = codes::bars(*kind, &field.payload(), *check)?;
            let ratio = match kind {
                BarsKind::Itf | BarsKind::Itf14 | BarsKind::Code39 => Some(defaults.ratio_tenths),
                BarsKind::Ean13 | BarsKind::Ean8 | BarsKind::UpcA => None,
            };
            let bitmap = codes::dots(&code.widths, defaults.module, *height, ratio);
            Some(with_text(bitmap, &code, *text, *above, defaults.module))
        }
        Content::Qr { magnification } => codes::qr(&field.payload(), *magnification).map(black),
        Content::DataMatrix(asked) => codes::data_matrix(&field.payload(), *asked, defaults.height).map(black),
        Content::Pdf417(asked) => codes::pdf417(&field.payload(), *asked, defaults.module, defaults.height).map(black),
        Content::Aztec { module, asked } => codes::aztec(&field.payload(), *asked, *module).map(black),
        Content::MaxiCode(asked) => maxicode::symbol(&readable(&field.payload()), *asked).map(black),
    }
}

/// Bars with their text under or over them, which hangs over: the bars stand where the job says.
fn with_text(bars: Bitmap, code: &Barred, text: bool, above: bool, module: i32) -> Drawn {
    if !text {
        return Drawn::whole(bars, Ink::Black);
    }
    let size = module.saturating_mul(9).clamp(9, 200);
    let lettering = Lettering::of(b'A', Some(size), None, Lettering { font: b'A', height: size, width: size });
    let gap = module.saturating_mul(2).clamp(2, 40);
    let room = size + 2 * gap;
    let width = lettering.width_of(&code.text);
    let mut bitmap = Bitmap::new(bars.w.max(width), bars.h.saturating_add(room));
    let (bars_y, text_y) = if above { (room, gap + size) } else { (0, bars.h + gap + size) };
    let left = (bitmap.w - bars.w) / 2;
    for (i, _) in bars.dots.iter().enumerate().filter(|(_, d)| **d) {
        bitmap.set(left + i as i32 % bars.w.max(1), bars_y + i as i32 / bars.w.max(1));
    }
    let text_x = (bitmap.w - width) / 2;
    lettering.draw(&mut bitmap, &code.text, text_x, text_y);
    let cell = Cell { x: left, y: bars_y, w: bars.w, h: bars.h };
    Drawn { bitmap, cell, baseline: bars.h, ink: Ink::Black }
}
