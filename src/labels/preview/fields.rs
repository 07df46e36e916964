//! A field that is being gathered, and its dots when `^FS` ends it.

use super::canvas::{Bitmap, Ink, Turn};
use super::codes::{self, Barred, DataMatrixAsked, Pdf417};
use super::letters::{CHARS_MAX, Lettering};
use super::maxicode;
use crate::labels::bars::BarsKind;

/// Most lines of a text block.
const LINES_MAX: usize = 200;

/// What a field holds besides its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Text(Lettering),
    /// A finished shape or bitmap with its ink.
    Shape(Bitmap, Ink),
    Code128 {
        height: i32,
        text: bool,
        above: bool,
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

/// `^FB`: a block of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub width: i32,
    pub lines: usize,
    pub spacing: i32,
    pub align: u8,
    pub indent: i32,
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
        data: None,
        hex: None,
        reverse: false,
        number: None,
    };

    /// The data to be read by people: without control characters.
    pub(super) fn text(&self) -> String {
        readable(&self.payload()).chars().filter(|c| !c.is_control()).take(64 * CHARS_MAX).collect()
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

/// A field's dots, unturned, with the height of its baseline.
pub(super) struct Drawn {
    pub bitmap: Bitmap,
    pub baseline: i32,
    pub ink: Ink,
}

/// Bars' and codes' common settings of `^BY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BarDefaults {
    pub module: i32,
    pub ratio_tenths: i32,
    pub height: i32,
}

/// The dots of a field; `None` where nothing can be made of its data.
pub(super) fn drawn(field: &Field, content: &Content, defaults: BarDefaults) -> Option<Drawn> {
    let black = |bitmap: Bitmap| Drawn { baseline: bitmap.h, bitmap, ink: Ink::Black };
    match content {
        Content::Shape(bitmap, ink) => Some(Drawn { ink: *ink, ..black(bitmap.clone()) }),
        Content::Text(lettering) => Some(text(*lettering, &field.text(), field.block)),
        Content::Code128 { height, text, above, mode } => {
            let code = codes::code128(&field.payload(), *mode)?;
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

/// Bars with their text under or over them; the baseline is the lower end of the bars.
fn with_text(bars: Bitmap, code: &Barred, text: bool, above: bool, module: i32) -> Drawn {
    if !text {
        return Drawn { baseline: bars.h, bitmap: bars, ink: Ink::Black };
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
    Drawn { baseline: bars_y + bars.h, bitmap, ink: Ink::Black }
}

fn text(lettering: Lettering, text: &str, block: Option<Block>) -> Drawn {
    let Some(block) = block else {
        let line: String = text.chars().take(CHARS_MAX).collect();
        let (width, height) = (lettering.width_of(&line), lettering.line_height());
        let mut bitmap = Bitmap::new(width.min(20_000) + 2, height + height / 3);
        let baseline = lettering.baseline();
        lettering.draw(&mut bitmap, &line, 0, baseline);
        return Drawn { bitmap, baseline, ink: Ink::Black };
    };
    let lines = broken(lettering, text, block);
    let pitch = lettering.line_height().saturating_add(block.spacing).max(1);
    let shown = lines.len().max(1) as i32;
    let height = pitch.saturating_mul(shown).saturating_add(lettering.line_height() / 3).min(20_000);
    let mut bitmap = Bitmap::new(block.width, height);
    for (i, line) in lines.iter().enumerate() {
        let indent = if i == 0 { 0 } else { block.indent };
        let spare = block.width - lettering.width_of(line) - indent;
        let shift = match block.align {
            b'C' => spare / 2,
            b'R' => spare,
            _ => 0,
        };
        lettering.draw(&mut bitmap, line, indent + shift, pitch.saturating_mul(i as i32) + lettering.baseline());
    }
    // `^FT` with a block is the baseline of the last line the block may have.
    let last = pitch.saturating_mul(block.lines.clamp(1, LINES_MAX) as i32 - 1);
    Drawn { bitmap, baseline: last.saturating_add(lettering.baseline()), ink: Ink::Black }
}

/// Lines of a block: `\&` breaks, words wrap, and what is left after the last line prints over it, so it is left out here.
fn broken(lettering: Lettering, text: &str, block: Block) -> Vec<String> {
    let most = block.lines.clamp(1, LINES_MAX);
    let mut lines = Vec::new();
    for part in text.split("\\&") {
        let mut line = String::new();
        for word in part.split(' ').filter(|w| !w.is_empty()) {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if !line.is_empty() && lettering.width_of(&longer) > block.width - block.indent {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            } else {
                line = longer;
            }
            if lines.len() >= most {
                break;
            }
        }
        lines.push(line);
        if lines.len() >= most {
            break;
        }
    }
    lines.truncate(most);
    lines
}
