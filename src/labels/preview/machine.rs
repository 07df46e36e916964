//! The state of a printer while it reads a job: where the label begins, which font and bars are set, the field being gathered.

use super::canvas::{Bitmap, Canvas, Ink, Turn};
use super::codes::{DataMatrixAsked, Pdf417};
use super::fields::{BarDefaults, Block, Content, Field, Origin, drawn};
use super::formats::Formats;
use super::graphics;
use super::letters::Lettering;
use super::lex::Command;
use super::maxicode;
use super::{FIELDS_MAX, HEIGHT_DOTS_MAX, Preview, PreviewError, STORED_BYTES_MAX, WIDTH_DOTS_MAX};
use crate::labels::bars::BarsKind;
use crate::labels::raster::Picture;
use std::collections::BTreeMap;

/// Commands that change nothing on the picture: media, speed, darkness, counters, networks, comments.
const SILENT: &[&str] = &[
    "^FX", "^MM", "^MN", "^MT", "^MD", "^MF", "^MC", "^MP", "^MU", "^PR", "^PQ", "^PF", "^PP", "^PH", "^PM", "^PN",
    "^JM", "^JS", "^JU", "^JZ", "^CI", "^CV", "^ID", "^EG", "^XB", "^SD", "^SP", "^ST", "^SZ", "^SS", "^TO", "^LF",
    "^HH", "^CM", "^CW", "^FP", "^CO", "^KL", "^RS", "^RF", "^ZZ", "~SD", "~TA", "~JS", "~JA", "~JC", "~JR", "~PS",
    "~PR", "~PH", "~HS", "~JD", "~JE", "~EG", "~CC", "~CT", "~CD", "^CC", "^CT", "^CD", "^RW", "^RB", "^RR", "^HR",
    "^HZ", "^WD",
];
/// Most names of commands that are listed as not drawn.
const LISTED_MAX: usize = 100;

pub(super) struct Machine {
    dpi: u32,
    wanted: u32,
    labels: u32,
    /// Inside `^XA` … `^XZ`, and whether anything of it printed.
    inside: bool,
    printed: usize,
    size: (i32, i32),
    home: (i32, i32),
    shift: i32,
    top: i32,
    upside_down: bool,
    reverse_all: bool,
    turn: Turn,
    lettering: Lettering,
    bars: BarDefaults,
    field: Field,
    canvas: Option<Canvas>,
    shown: Option<Canvas>,
    stored: BTreeMap<String, Bitmap>,
    stored_bytes: usize,
    formats: Formats,
    /// The commands of a stored format are being taken.
    replaying: bool,
    not_drawn: Vec<String>,
}

/// A parameter as a whole number; what follows a decimal point is left off.
fn number(parameters: &[String], at: usize) -> Option<i32> {
    let text = parameters.get(at)?;
    let whole = text.split('.').next().unwrap_or_default();
    whole.parse::<i32>().ok().map(|n| n.clamp(-32_000, 32_000))
}

fn letter(parameters: &[String], at: usize) -> Option<u8> {
    parameters.get(at).and_then(|p| p.bytes().next()).map(|b| b.to_ascii_uppercase())
}

/// A size in dots.
fn size(parameters: &[String], at: usize, otherwise: i32) -> i32 {
    number(parameters, at).unwrap_or(otherwise).clamp(1, HEIGHT_DOTS_MAX)
}

impl Machine {
    pub(super) fn new(dpi: u32, wanted: u32) -> Self {
        let inches = |n: u32| (n * dpi) as i32;
        Self {
            dpi,
            wanted,
            labels: 0,
            inside: false,
            printed: 0,
            // Four by six inches, where a job does not say: the usual label of a carrier.
            size: (inches(4).min(WIDTH_DOTS_MAX), inches(6).min(HEIGHT_DOTS_MAX)),
            home: (0, 0),
            shift: 0,
            top: 0,
            upside_down: false,
            reverse_all: false,
            turn: Turn::Normal,
            lettering: Lettering { font: b'A', height: 9, width: 5 },
            bars: BarDefaults { module: 2, ratio_tenths: 30, height: 10 },
            field: Field::EMPTY,
            canvas: None,
            shown: None,
            stored: BTreeMap::new(),
            stored_bytes: 0,
            formats: Formats::default(),
            replaying: false,
            not_drawn: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> Result<Preview, PreviewError> {
        self.end_label()?;
        let Some(canvas) = self.shown else {
            let labels = self.labels;
            return Err(if labels == 0 { PreviewError::NoLabel } else { PreviewError::NoSuchLabel { labels } });
        };
        let picture = Picture::of_dots(canvas.w as u32, canvas.h as u32, self.dpi, canvas.grey);
        Ok(Preview { picture, labels: self.labels, not_drawn: self.not_drawn })
    }

    pub(super) fn take(&mut self, command: &Command<'_>) -> Result<(), PreviewError> {
        let label = matches!(command.name.as_str(), "^XA" | "^XZ");
        if !label && !self.replaying && self.formats.keep(command)? {
            return Ok(());
        }
        let p = command.parameters();
        match command.name.as_str() {
            "^XA" => self.begin_label()?,
            "^XZ" => self.end_label()?,
            "^DF" if self.inside && !self.replaying => {
                self.formats.record(stored_name(p.first().map_or("", String::as_str)));
            }
            "^XF" if !self.replaying && self.formats.recall(stored_name(p.first().map_or("", String::as_str))) => {}
            "^FN" => self.field.number = field_number(command.rest),
            "^FS" => self.end_field()?,
            "^FD" | "^FV" => self.field.data = Some(command.rest.to_vec()),
            "^FH" => self.field.hex = Some(command.rest.trim_ascii().first().copied().unwrap_or(b'_')),
            "^FO" | "^FT" => self.origin(&p, command.name == "^FT"),
            "^FR" => self.field.reverse = true,
            "^FB" => self.field.block = Some(block(&p)),
            "^A" => self.font(&p),
            "^CF" => {
                let before = self.lettering;
                let font = letter(&p, 0).unwrap_or(before.font);
                self.lettering = Lettering::of(font, number(&p, 1), number(&p, 2), before);
            }
            "^FW" => self.turn = p.first().and_then(|t| Turn::of(t)).unwrap_or(self.turn),
            "^BY" => self.bar_defaults(&p),
            "^GB" | "^GC" | "^GE" | "^GD" => self.shape(&command.name, &p),
            "^GF" => self.graphic(command),
            "~DG" => self.store(command)?,
            "^XG" | "^IM" => self.recall(&p),
            name if name.starts_with("^B") && self.code(name, &p) => {}
            name if name.starts_with("^B") => {
                // What cannot be drawn leaves its place empty; its data must not be printed as text.
                self.list(name);
                self.field.content = Some(Content::Shape(Bitmap::default(), Ink::Black));
                self.field.turn = p.first().and_then(|t| Turn::of(t)).or(self.field.turn);
            }
            name if self.setting(name, &p) || SILENT.contains(&name) => {}
            name => self.list(name),
        }
        Ok(())
    }

    fn list(&mut self, name: &str) {
        let clean: String = name.chars().filter(|c| !c.is_control()).collect();
        if self.not_drawn.len() < LISTED_MAX && !self.not_drawn.contains(&clean) {
            self.not_drawn.push(clean);
        }
    }

    /// Settings of the label; `false` for what is none.
    fn setting(&mut self, name: &str, p: &[String]) -> bool {
        let wanted = |n: Option<i32>, most: i32, now: i32| n.filter(|n| *n > 0).map_or(now, |n| n.min(most));
        match name {
            "^PW" => self.size.0 = wanted(number(p, 0), WIDTH_DOTS_MAX, self.size.0),
            "^LL" => self.size.1 = wanted(number(p, 0), HEIGHT_DOTS_MAX, self.size.1),
            "^LH" => self.home = (number(p, 0).unwrap_or(self.home.0), number(p, 1).unwrap_or(self.home.1)),
            "^LS" => self.shift = number(p, 0).unwrap_or(0),
            "^LT" => self.top = number(p, 0).unwrap_or(0).clamp(-120, 120),
            "^PO" => self.upside_down = letter(p, 0) == Some(b'I'),
            "^LR" => self.reverse_all = letter(p, 0) == Some(b'Y'),
            _ => return false,
        }
        if self.printed == 0 && self.canvas.is_some() {
            // The size may come after the beginning of the label, as long as nothing is drawn.
            self.canvas = Some(Canvas::new(self.size.0, self.size.1));
        }
        true
    }

    fn begin_label(&mut self) -> Result<(), PreviewError> {
        self.end_label()?;
        self.formats.begin();
        self.inside = true;
        self.printed = 0;
        self.field = Field::EMPTY;
        self.canvas = (self.labels + 1 == self.wanted).then(|| Canvas::new(self.size.0, self.size.1));
        Ok(())
    }

    fn end_label(&mut self) -> Result<(), PreviewError> {
        if self.inside {
            // The formats that it prints come last: only now is the data of all their fields known.
            let kept = self.formats.end();
            self.field = Field::EMPTY;
            self.replaying = true;
            let taken = kept.iter().try_for_each(|kept| self.take(&kept.command()));
            self.replaying = false;
            taken?;
        }
        if !std::mem::take(&mut self.inside) || self.printed == 0 {
            self.canvas = None;
            return Ok(());
        }
        self.labels += 1;
        if let Some(mut canvas) = self.canvas.take() {
            if self.upside_down {
                canvas.grey.reverse();
            }
            self.shown = Some(canvas);
        }
        Ok(())
    }

    fn origin(&mut self, p: &[String], typeset: bool) {
        let x = number(p, 0).unwrap_or(0).saturating_add(self.home.0).saturating_sub(self.shift);
        let y = number(p, 1).unwrap_or(0).saturating_add(self.home.1).saturating_add(self.top);
        self.field.origin = Some(Origin { x, y, typeset, right: number(p, 2) == Some(1) });
    }

    /// `^A0N,40,30` and `^A@N,40,30,E:FONT.TTF`: the font's name stands before the direction.
    fn font(&mut self, p: &[String]) {
        let first = p.first().map_or("", String::as_str);
        let name = first.bytes().next().unwrap_or(b'0').to_ascii_uppercase();
        self.field.turn = first.get(1..).and_then(Turn::of).or(self.field.turn);
        let font = if name == b'@' { b'0' } else { name };
        self.field.content = Some(Content::Text(Lettering::of(font, number(p, 1), number(p, 2), self.lettering)));
    }

    fn bar_defaults(&mut self, p: &[String]) {
        self.bars.module = number(p, 0).unwrap_or(self.bars.module).clamp(1, 100);
        let tenths = p.get(1).and_then(|t| crate::labels::template::raw::thousandths(t)).map(|n| (n / 100) as i32);
        self.bars.ratio_tenths = tenths.unwrap_or(self.bars.ratio_tenths).clamp(20, 30);
        self.bars.height = size(p, 2, self.bars.height);
    }

    /// Bars and matrices; `false` for those that are not known here.
    fn code(&mut self, name: &str, p: &[String]) -> bool {
        let yes = |at: usize, otherwise: bool| letter(p, at).map_or(otherwise, |b| b == b'Y');
        let height = |at: usize| size(p, at, self.bars.height);
        let bars = |kind, height, text, above, check| Content::Bars { kind, height, text, above, check };
        let content = match name {
            "^BC" => {
                let mode = letter(p, 5).map_or('N', char::from);
                Content::Code128 { height: height(1), text: yes(2, true), above: yes(3, false), mode }
            }
            "^B3" => bars(BarsKind::Code39, height(2), yes(3, true), yes(4, false), false),
            "^BE" => bars(BarsKind::Ean13, height(1), yes(2, true), yes(3, false), false),
            "^B8" => bars(BarsKind::Ean8, height(1), yes(2, true), yes(3, false), false),
            "^BU" => bars(BarsKind::UpcA, height(1), yes(2, true), yes(3, false), false),
            "^B2" => bars(BarsKind::Itf, height(1), yes(2, true), yes(3, false), yes(4, false)),
            // The first model of QR codes is another symbol.
            "^BQ" if number(p, 1) != Some(1) => {
                let magnification = number(p, 2).unwrap_or(if self.dpi > 250 { 3 } else { 2 }).clamp(1, 100);
                Content::Qr { magnification }
            }
            "^BX" if number(p, 2) == Some(200) => {
                let count = |at: usize| number(p, at).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                Content::DataMatrix(DataMatrixAsked {
                    module: number(p, 1).unwrap_or(0).clamp(0, 100),
                    columns: count(3),
                    rows: count(4),
                    oblong: number(p, 7) == Some(2),
                    escape: p.get(6).and_then(|sign| sign.bytes().next()).unwrap_or(b'_'),
                })
            }
            "^B7" => {
                let asked = |at: usize, most: i32| number(p, at).unwrap_or(0).clamp(0, most);
                Content::Pdf417(Pdf417 {
                    row: asked(1, 1_000),
                    level: asked(2, 8) as u8,
                    columns: asked(3, 30) as u8,
                    rows: asked(4, 90) as u8,
                    truncated: yes(5, false),
                })
            }
            "^B0" | "^BO" => {
                let module = number(p, 1).unwrap_or(self.dpi as i32 / 100).clamp(1, 10);
                Content::Aztec { module, asked: number(p, 3).unwrap_or(0).clamp(0, 999) as u16 }
            }
            "^BD" => {
                let asked = |at: usize, otherwise: i32| number(p, at).unwrap_or(otherwise);
                let (mode, number, of) = (asked(0, 2), asked(1, 1), asked(2, 1));
                Content::MaxiCode(maxicode::Asked { mode, number, of, dpi: self.dpi })
            }
            _ => return false,
        };
        self.field.turn = p.first().and_then(|t| Turn::of(t)).or(self.field.turn);
        self.field.content = Some(content);
        true
    }

    fn shape(&mut self, name: &str, p: &[String]) {
        // A circle has one measure where the others have two.
        let after = if name == "^GC" { 1 } else { 2 };
        let thick = size(p, after, 1);
        let (w, h) = (size(p, 0, thick), size(p, after - 1, thick));
        let ink = if letter(p, after + 1) == Some(b'W') { Ink::White } else { Ink::Black };
        let bitmap = match name {
            "^GB" => graphics::framed(w, h, thick, number(p, 4).unwrap_or(0)),
            "^GD" => graphics::diagonal(w, h, thick, letter(p, 4) != Some(b'L')),
            _ => graphics::ellipse(w, h, thick),
        };
        self.field.content = Some(Content::Shape(bitmap, ink));
    }

    /// `^GFA,total,total,row,data`; only `A` is hexadecimal.
    fn graphic(&mut self, command: &Command<'_>) {
        let mut parts = command.rest.splitn(5, |b| *b == command.delimiter);
        let kind = parts.next().and_then(|k| k.trim_ascii().first().copied()).unwrap_or(b'A').to_ascii_uppercase();
        let mut count = || {
            let text = parts.next().map(String::from_utf8_lossy);
            text.and_then(|t| t.trim().parse::<usize>().ok()).unwrap_or(0)
        };
        let (_, total, row) = (count(), count(), count());
        let data = parts.next().unwrap_or_default();
        match graphics::bitmap(data, row, total, kind != b'A') {
            Some(bitmap) => self.field.content = Some(Content::Shape(bitmap, Ink::Black)),
            None => self.list("^GF"),
        }
    }

    /// `~DGR:LOGO.GRF,total,row,data`.
    fn store(&mut self, command: &Command<'_>) -> Result<(), PreviewError> {
        let mut parts = command.rest.splitn(4, |b| *b == command.delimiter);
        let mut text = || parts.next().map(|t| String::from_utf8_lossy(t).trim().to_owned()).unwrap_or_default();
        let (name, total, row) = (text(), text().parse().unwrap_or(0), text().parse().unwrap_or(0));
        match graphics::bitmap(parts.next().unwrap_or_default(), row, total, false) {
            Some(bitmap) => {
                self.stored_bytes += bitmap.dots.len();
                if self.stored_bytes > STORED_BYTES_MAX {
                    return Err(PreviewError::TooMuch { what: "bytes of bitmaps", most: STORED_BYTES_MAX as u64 });
                }
                self.stored.insert(stored_name(&name), bitmap);
            }
            None => self.list("~DG"),
        }
        Ok(())
    }

    fn recall(&mut self, p: &[String]) {
        let name = stored_name(p.first().map_or("", String::as_str));
        match self.stored.get(&name) {
            Some(bitmap) => {
                let (x, y) = (number(p, 1).unwrap_or(1), number(p, 2).unwrap_or(1));
                self.field.content = Some(Content::Shape(bitmap.enlarged(x, y), Ink::Black));
            }
            None => self.list("^XG"),
        }
    }

    fn end_field(&mut self) -> Result<(), PreviewError> {
        let mut field = std::mem::replace(&mut self.field, Field::EMPTY);
        match (field.number, field.data.take()) {
            (Some(number), None) => field.data = self.formats.data_of(number),
            (Some(number), Some(data)) if field.origin.is_none() && !self.replaying => {
                // It prints nothing here: a recalled format has the place for it.
                self.formats.tell(number, data);
                return Ok(());
            }
            (_, data) => field.data = data,
        }
        let content = match (&field.content, &field.data) {
            (Some(content), _) => content.clone(),
            (None, Some(_)) => Content::Text(self.lettering),
            (None, None) => return Ok(()),
        };
        if matches!(&content, Content::Text(_)) && field.data.is_none() {
            return Ok(());
        }
        self.printed += 1;
        if self.printed > FIELDS_MAX {
            return Err(PreviewError::TooMuch { what: "fields", most: FIELDS_MAX as u64 });
        }
        if self.canvas.is_none() {
            return Ok(());
        }
        let Some(mut drawn) = drawn(&field, &content, self.bars) else {
            self.list("data of a barcode that cannot be encoded");
            return Ok(());
        };
        if field.reverse || self.reverse_all {
            drawn.ink = Ink::Reverse;
        }
        let turn = match &content {
            Content::Shape(..) => Turn::Normal,
            // Two-dimensional codes do not turn with `^FW`; `^BQ` and `^BD` have no direction at all.
            Content::Qr { .. } | Content::MaxiCode(_) => Turn::Normal,
            Content::Text(_)
            | Content::Code128 { .. }
            | Content::Bars { .. }
            | Content::DataMatrix(_)
            | Content::Pdf417(_)
            | Content::Aztec { .. } => field.turn.unwrap_or(self.turn),
        };
        let origin = field.origin.unwrap_or(Origin { x: self.home.0, y: self.home.1, typeset: false, right: false });
        let (w, h, baseline) = (drawn.bitmap.w, drawn.bitmap.h, drawn.baseline);
        let (dx, dy) = match (origin.typeset, turn) {
            // Printers set a `^BQ` at `^FO` lower by the height of `^BY`.
            (false, _) if matches!(&content, Content::Qr { .. }) => (0, self.bars.height.min(10)),
            (false, _) => (0, 0),
            (true, Turn::Normal) => (0, -baseline),
            (true, Turn::Right) => (baseline - h, 0),
            (true, Turn::Inverted) => (-w, baseline - h),
            (true, Turn::Bottom) => (-baseline, -w),
        };
        let bitmap = drawn.bitmap.turned(turn);
        let right = if origin.right { bitmap.w } else { 0 };
        let (x, y) = (origin.x.saturating_add(dx).saturating_sub(right), origin.y.saturating_add(dy));
        if let Some(canvas) = &mut self.canvas {
            canvas.put(&bitmap, x, y, drawn.ink)?;
        }
        Ok(())
    }
}

/// The number of `^FN`, before the prompt that may follow it.
fn field_number(rest: &[u8]) -> Option<i32> {
    let digits: String = rest.iter().take_while(|b| b.is_ascii_digit()).take(4).map(|b| char::from(*b)).collect();
    digits.parse().ok()
}

/// `R:LOGO.GRF`, `LOGO.GRF` and `LOGO` are one.
fn stored_name(name: &str) -> String {
    let name = name.rsplit(':').next().unwrap_or_default();
    name.split('.').next().unwrap_or_default().to_ascii_uppercase()
}

fn block(p: &[String]) -> Block {
    Block {
        width: number(p, 0).unwrap_or(0).clamp(1, WIDTH_DOTS_MAX),
        lines: number(p, 1).unwrap_or(1).clamp(1, 200) as usize,
        spacing: number(p, 2).unwrap_or(0).clamp(-500, 500),
        align: letter(p, 3).unwrap_or(b'L'),
        indent: number(p, 4).unwrap_or(0).clamp(0, WIDTH_DOTS_MAX),
    }
}
