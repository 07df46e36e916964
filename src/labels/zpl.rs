//! Sheets as ZPL II for label printers (Zebra ZPL II programming guide), UTF-8.
//!
//! Rules are `^GB`, Code 128 and GS1-128 are the printer's own `^BC` with every set change and FNC1 written out, text is the
//! printer's own font 0 where that has the letters. What a printer cannot be trusted with (other scripts, drawings,
//! two-dimensional codes, codes with control characters) goes as a `^GFA` bitmap of the exact size.
//! This file must never let data act as a command: `^`, `~`, `\` and `_` in texts are written as hexadecimal (`^FH`).

use super::LabelError;
use super::raster::{Patch, barcode_patch, line_patch, linear_left_dots, polygon_patch};
use super::sheet::{Area, Barcode, Element, Ink, Pattern, Sheet, dots, edges};
use super::text::{Align, Text, TextLine};
use std::fmt::Write;

/// Widest sign of font 0 as a share of its size, in percent.
const WIDE_SIGN_PERCENT: i32 = 65;
/// Width of letters and digits of font 0 against the measured faces at most, in percent.
const LETTERS_PERCENT: i32 = 92;

/// Print resolution of a label printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// 203 dots per inch (8 per millimetre).
    Dpi203,
    /// 300 dots per inch (12 per millimetre).
    Dpi300,
}

impl Resolution {
    /// Dots per inch.
    #[must_use]
    pub fn dpi(self) -> u32 {
        match self {
            Resolution::Dpi203 => 203,
            Resolution::Dpi300 => 300,
        }
    }
}

/// One label as a complete print job, `^XA` to `^XZ`, one command group per line.
///
/// # Errors
/// [`LabelError::BarcodeTooWide`] at this resolution, [`LabelError::Font`].
pub fn render(sheet: &Sheet, resolution: Resolution) -> Result<String, LabelError> {
    let mut job = Job { dpi: resolution.dpi(), out: String::new() };
    let page = sheet.area();
    job.line(format_args!("^XA"));
    job.line(format_args!("^CI28"));
    job.line(format_args!("^PW{}^LL{}^LH0,0^LS0", job.dots(page.w_um), job.dots(page.h_um)));
    for element in sheet.elements() {
        match element {
            Element::Text(text) => job.text(text)?,
            Element::Line(area) => job.filled(*area, Ink::Black),
            Element::Fill(area, ink) => job.filled(*area, *ink),
            Element::Outline { area, width_um } => {
                for side in edges(*area, *width_um) {
                    job.filled(side, Ink::Black);
                }
            }
            Element::Barcode(barcode) => job.barcode(barcode)?,
            Element::Polygon(polygon) => {
                let patch = polygon_patch(polygon, job.dpi)?;
                job.bitmap(&patch, polygon.ink == Ink::White);
            }
        }
    }
    job.line(format_args!("^XZ"));
    Ok(job.out)
}

struct Job {
    dpi: u32,
    out: String,
}

impl Job {
    fn line(&mut self, args: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(args);
        self.out.push('\n');
    }

    fn dots(&self, um: i32) -> i32 {
        dots(um, self.dpi)
    }

    /// A solid box: `^GB` whose border is as thick as its shorter side.
    fn filled(&mut self, area: Area, ink: Ink) {
        let (x, y) = (self.dots(area.x_um), self.dots(area.y_um));
        let w = (self.dots(area.right_um()) - x).max(1);
        let h = (self.dots(area.bottom_um()) - y).max(1);
        let colour = match ink {
            Ink::Black | Ink::Red => 'B',
            Ink::White => 'W',
        };
        self.line(format_args!("^FO{x},{y}^GB{w},{h},{},{colour}^FS", w.min(h)));
    }

    fn text(&mut self, text: &Text) -> Result<(), LabelError> {
        for line in &text.lines {
            if printer_has(&line.text) && printer_fits(text, line) {
                self.native_text(text, line);
            } else {
                let patch = line_patch(text, line, self.dpi)?;
                self.bitmap(&patch, text.style.inverse);
            }
        }
        Ok(())
    }

    /// The printer's own letters at the measured baseline; `^FB` aligns them in the cell.
    fn native_text(&mut self, text: &Text, line: &TextLine) {
        let size = self.dots(text.size_um).max(1);
        let baseline = self.dots(line.baseline_um);
        let (left, width) = (self.dots(text.area.x_um), self.dots(text.area.w_um).max(1));
        let reverse = if text.style.inverse { "^FR" } else { "" };
        let data = escape(&line.text);
        let block = match text.style.align {
            Align::Left => String::new(),
            Align::Centre => format!("^FB{width},1,0,C,0"),
            Align::Right => format!("^FB{width},1,0,R,0"),
        };
        self.line(format_args!("^FT{left},{baseline}^A0N,{size},{size}{block}{reverse}^FH_^FD{data}^FS"));
    }

    fn barcode(&mut self, barcode: &Barcode) -> Result<(), LabelError> {
        let native = match &barcode.pattern {
            Pattern::Linear(code) => code.zpl_data().map(|data| (data, code.modules())),
            Pattern::Matrix { .. } => None,
        };
        let Some((data, across)) = native else {
            let patch = barcode_patch(barcode, self.dpi)?;
            self.bitmap(&patch, false);
            return Ok(());
        };
        let module = barcode.module_dots(self.dpi)? as i32;
        let x = linear_left_dots(barcode, self.dpi, module, across as i32);
        let y = self.dots(barcode.area.y_um);
        let h = (self.dots(barcode.area.bottom_um()) - y).max(1);
        self.line(format_args!("^FO{x},{y}^BY{module}^BCN,{h},N,N,N,N^FD{data}^FS"));
        Ok(())
    }

    fn bitmap(&mut self, patch: &Patch, reverse: bool) {
        let rows = patch.picture.mono_rows();
        let row_bytes = rows.first().map_or(0, Vec::len);
        let total = rows.len() * row_bytes;
        let mut data = String::with_capacity(total);
        let mut before: Option<&Vec<u8>> = None;
        for row in &rows {
            if before == Some(row) {
                data.push(':');
            } else {
                push_row(&mut data, row);
            }
            before = Some(row);
        }
        let reverse = if reverse { "^FR" } else { "" };
        self.line(format_args!("^FO{},{}{reverse}^GFA,{total},{total},{row_bytes},{data}^FS", patch.x, patch.y));
    }
}

/// Whether font 0 surely has the letters: printable Latin-1.
fn printer_has(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{ff}'))
}

/// Whether the line surely keeps within its cell in font 0. Its letters and digits are narrower than the measured face's, its
/// hyphen and other signs wider: up to [`WIDE_SIGN_PERCENT`] of the size.
fn printer_fits(text: &Text, line: &TextLine) -> bool {
    let wide =
        |c: &char| c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ':' | ';' | '\'' | '!' | '|' | '(' | ')');
    let signs = line.text.chars().filter(wide).count();
    let extra_um = i32::try_from(signs).unwrap_or(i32::MAX).saturating_mul(text.size_um / 100 * WIDE_SIGN_PERCENT);
    let letters_um = line.width_um / 100 * LETTERS_PERCENT;
    letters_um.saturating_add(extra_um) <= text.area.w_um
}

/// Field data under `^FH_`: the command prefixes, the escape itself and the backslash of `^FB` become hexadecimal.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '^' => out.push_str("_5E"),
            '~' => out.push_str("_7E"),
            '\\' => out.push_str("_5C"),
            '_' => out.push_str("_5F"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// One row in the hexadecimal of `^GFA` with Zebra's compression: a count before a digit (`G`..`Y` are 1 to 19,
/// `g`..`z` 20 to 400), `,` fills the rest of the row with zeros; a row like the one above is `:`.
fn push_row(out: &mut String, row: &[u8]) {
    let nibble = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0').to_ascii_uppercase();
    let digits: Vec<char> = row.iter().flat_map(|b| [nibble(b >> 4), nibble(b & 15)]).collect();
    let used = digits.iter().rposition(|d| *d != '0').map_or(0, |i| i + 1);
    for run in digits[..used].chunk_by(|a, b| a == b) {
        push_run(out, run[0], run.len());
    }
    if used < digits.len() {
        out.push(',');
    }
}

fn push_run(out: &mut String, digit: char, mut count: usize) {
    while count > 0 {
        let part = count.min(419);
        count -= part;
        if part > 2 {
            let (twenties, ones) = (part / 20, part % 20);
            if twenties > 0 {
                out.push(char::from(b'g' + (twenties - 1) as u8));
            }
            if ones > 0 {
                out.push(char::from(b'G' + (ones - 1) as u8));
            }
            out.push(digit);
        } else {
            out.extend(std::iter::repeat_n(digit, part));
        }
    }
}
