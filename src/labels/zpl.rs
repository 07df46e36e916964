//! Sheets as ZPL II for label printers (Zebra ZPL II programming guide), UTF-8.
//!
//! Rules are `^GB`, Code 128 and GS1-128 are the printer's own `^BC` where the code keeps its set, text is the
//! printer's own font 0 where that has the letters. What a printer cannot be trusted with (other scripts, drawings,
//! two-dimensional codes, codes with control characters) goes as a `^GFA` bitmap of the exact size.
//! This file must never let data act as a command: `^`, `~`, `\` and `_` in texts are written as hexadecimal (`^FH`).

use super::LabelError;
use super::bars::{Bars, BarsKind, WIDE_MODULES};
use super::raster::{Patch, barcode_patch, image_patch, line_patch, linear_left_dots, polygon_patch};
use super::sheet::{Area, Barcode, Element, Ink, Pattern, Sheet, dots, edges};
use super::text::{Align, Text, TextLine};
use std::fmt::Write;

/// Widest sign of font 0 as a share of its size, in percent.
const WIDE_SIGN_PERCENT: i32 = 65;
/// Width of letters and digits of font 0 against the measured faces at most, in percent.
const LETTERS_PERCENT: i32 = 92;

/// Room for a usual job, so that it need not grow.
const JOB_BYTES: usize = 4_096;

/// Print resolution of a label printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// 203 dots per inch (8 per millimetre).
    Dpi203,
    /// 300 dots per inch (12 per millimetre).
    Dpi300,
    /// 600 dots per inch (24 per millimetre).
    Dpi600,
}

impl Resolution {
    /// Dots per inch.
    #[must_use]
    pub fn dpi(self) -> u32 {
        match self {
            Resolution::Dpi203 => 203,
            Resolution::Dpi300 => 300,
            Resolution::Dpi600 => 600,
        }
    }

    /// The resolution of so many dots per inch, if label printers have it.
    #[must_use]
    pub fn of_dpi(dpi: u32) -> Option<Self> {
        [Resolution::Dpi203, Resolution::Dpi300, Resolution::Dpi600].into_iter().find(|r| r.dpi() == dpi)
    }
}

/// One label as a complete print job, `^XA` to `^XZ`, one command group per line.
///
/// # Errors
/// [`LabelError::BarcodeTooWide`] at this resolution, [`LabelError::Font`].
pub fn render(sheet: &Sheet, resolution: Resolution) -> Result<String, LabelError> {
    let mut job = Job { dpi: resolution.dpi(), out: String::with_capacity(JOB_BYTES) };
    let page = sheet.area();
    job.line(format_args!("^XA"));
    // What another program's job set stays in the printer: turned, mirrored, reversed, halved or counted in other units it would print
    // ours too. These are what printers begin with.
    job.line(format_args!("^CI28^MUD^JMA^PON^PMN^LRN^FWN,0"));
    job.line(format_args!("^PW{}^LL{}^LH0,0^LS0^LT0", job.dots(page.w_um), job.dots(page.h_um)));
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
            Element::Image { area, columns, dark } => {
                job.bitmap(&image_patch(*area, *columns, dark, job.dpi)?, false);
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
        self.put(args);
        self.out.push('\n');
    }

    fn put(&mut self, args: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(args);
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
        self.put(format_args!("^FT{left},{baseline}^A0N,{size},{size}"));
        match text.style.align {
            Align::Left => {}
            Align::Centre => self.put(format_args!("^FB{width},1,0,C,0")),
            Align::Right => self.put(format_args!("^FB{width},1,0,R,0")),
        }
        self.out.push_str(reverse);
        self.out.push_str("^FH_^FD");
        push_escaped(&mut self.out, &line.text);
        self.out.push_str("^FS\n");
    }

    fn barcode(&mut self, barcode: &Barcode) -> Result<(), LabelError> {
        let native = match &barcode.pattern {
            Pattern::Linear(code) => code.zpl_data().map(|data| (String::from("^BCN"), ",N,N,N,N", data)),
            Pattern::Bars(bars) => bars_command(bars),
            Pattern::Matrix { .. } => None,
        };
        let Some((command, rest, data)) = native else {
            let patch = barcode_patch(barcode, self.dpi)?;
            self.bitmap(&patch, false);
            return Ok(());
        };
        let module = barcode.module_dots(self.dpi)? as i32;
        let across = barcode.pattern.modules().0 as i32;
        let x = linear_left_dots(barcode, self.dpi, module, across);
        let y = self.dots(barcode.area.y_um);
        let h = (self.dots(barcode.area.bottom_um()) - y).max(1);
        self.line(format_args!("^FO{x},{y}^BY{module}{command},{h}{rest}^FD{data}^FS"));
        let bearer = barcode.pattern.bearer_modules() as i32 * module;
        if bearer > 0 {
            let w = across * module;
            self.line(format_args!("^FO{x},{y}^GB{w},{bearer},{bearer},B^FS"));
            self.line(format_args!("^FO{x},{}^GB{w},{bearer},{bearer},B^FS", y + h - bearer));
        }
        Ok(())
    }

    fn bitmap(&mut self, patch: &Patch, reverse: bool) {
        let (row_bytes, total) = patch.picture.sizes();
        let reverse = if reverse { "^FR" } else { "" };
        self.put(format_args!("^FO{},{}{reverse}^GFA,{total},{total},{row_bytes},", patch.x, patch.y));
        patch.picture.push_zpl(&mut self.out);
        self.out.push_str("^FS\n");
    }
}

/// The printer's own command for bars up to the height, what follows the height (no text is printed), and the data: the printer
/// adds the check digit of an EAN-13 itself. `None` where the bars are drawn.
fn bars_command(bars: &Bars) -> Option<(String, &'static str, String)> {
    let text = bars.text();
    let unchecked = text.get(..text.len().saturating_sub(1)).unwrap_or(text);
    match bars.kind() {
        BarsKind::Ean13 => Some((String::from("^BEN"), ",N,N", unchecked.to_owned())),
        // A UPC-A is the EAN-13 that begins with 0, bar for bar.
        BarsKind::UpcA => Some((String::from("^BEN"), ",N,N", format!("0{unchecked}"))),
        // Its ratio of wide to narrow is the third parameter of `^BY`, written here behind the module.
        BarsKind::Itf | BarsKind::Itf14 => Some((format!(",{WIDE_MODULES}.0^B2N"), ",N,N,N", text.to_owned())),
        // `^B8` and `^B3` are not understood alike everywhere: the exact bars are.
        BarsKind::Ean8 | BarsKind::Code39 => None,
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
    push_escaped(&mut out, text);
    out
}

fn push_escaped(out: &mut String, text: &str) {
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
}
