//! The state of a printer while it reads a job: where the label begins, which font and bars are set, the field being gathered.

use super::canvas::{Bitmap, Canvas, Ink, Size, Turn};
use super::charset::Charset;
use super::codes::{DataMatrixAsked, Pdf417};
use super::fields::{BarDefaults, Content, Field, Origin, drawn};
use super::formats::Formats;
use super::graphics::{self, Shape};
use super::letters::Lettering;
use super::lex::Command;
use super::lines::{Beyond, Block, Run};
use super::maxicode;
use super::parameters::{Parameters, Units};
use super::{FIELDS_MAX, HEIGHT_DOTS_MAX, Preview, PreviewError, STORED_BYTES_MAX, WIDTH_DOTS_MAX, Warning};
use crate::labels::bars::BarsKind;
use crate::labels::raster::Picture;
use std::collections::BTreeMap;

/// Commands that change nothing on the picture: media, speed, darkness, counters, networks, comments.
const SILENT: &[&str] = &[
    "^FX", "^MM", "^MN", "^MT", "^MD", "^MF", "^MC", "^MP", "^ML", "^MA", "^MW", "^MI", "^PR", "^PQ", "^PF", "^PP",
    "^PH", "^PN", "^JM", "^JS", "^JT", "^JU", "^JW", "^JZ", "^CV", "^ID", "^EG", "^XB", "^XS", "^SD", "^SF", "^SL",
    "^SP", "^SR", "^ST", "^SZ", "^SS", "^TO", "^LF", "^HH", "^CM", "^CW", "^CO", "^KD", "^KL", "^KN", "^KP", "^RS",
    "^ZZ", "~SD", "~TA", "~JS", "~JA", "~JC", "~JR", "~PS", "~PR", "~PH", "~HS", "~JD", "~JE", "~JO", "~JP", "~DN",
    "^DN", "^PA", "~EG", "~CC", "~CT", "~CD", "^CC", "^CT", "^CD", "^RW", "^RB", "^RR", "^HR", "^HV", "^HZ", "^WD",
];
/// Most names of commands that are listed as not drawn.
const LISTED_MAX: usize = 100;

pub(super) struct Machine {
    dpi: u32,
    wanted: u32,
    labels: u32,
    /// Where the last text ended, on its baseline.
    pen: (i32, i32),
    /// Inside `^XA` … `^XZ`, and whether anything of it printed.
    inside: bool,
    printed: usize,
    units: Units,
    charset: Charset,
    size: Size,
    home: (i32, i32),
    shift: i32,
    top: i32,
    upside_down: bool,
    mirrored: bool,
    reverse_all: bool,
    /// `^FW`: how fields are turned, and whether their place is their right end, where they do not say.
    turn: Turn,
    right: bool,
    lettering: Lettering,
    bars: BarDefaults,
    field: Field,
    canvas: Option<Canvas>,
    /// The label that was asked for, and whether it is mirrored and upside down.
    shown: Option<(Canvas, bool, bool)>,
    stored: BTreeMap<String, Bitmap>,
    stored_bytes: usize,
    formats: Formats,
    /// The commands of a stored format are being taken.
    replaying: bool,
    not_drawn: Vec<String>,
    warnings: Vec<Warning>,
}

impl Machine {
    pub(super) fn new(dpi: u32, wanted: u32) -> Self {
        let inches = |n: u32| (n * dpi) as i32;
        Self {
            dpi,
            wanted,
            labels: 0,
            pen: (0, 0),
            inside: false,
            printed: 0,
            units: Units::Dots,
            charset: Charset::initial(),
            // Four by six inches, where a job does not say: the usual label of a carrier. It grows with what is on it.
            size: Size {
                w: inches(4).min(WIDTH_DOTS_MAX),
                h: inches(6).min(HEIGHT_DOTS_MAX),
                most_w: inches(10).min(WIDTH_DOTS_MAX),
                most_h: inches(20).min(HEIGHT_DOTS_MAX),
            },
            home: (0, 0),
            shift: 0,
            top: 0,
            upside_down: false,
            mirrored: false,
            reverse_all: false,
            turn: Turn::Normal,
            right: false,
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
            warnings: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> Result<Preview, PreviewError> {
        self.end_label()?;
        let Some((canvas, mirrored, upside_down)) = self.shown else {
            let labels = self.labels;
            return Err(if labels == 0 { PreviewError::NoLabel } else { PreviewError::NoSuchLabel { labels } });
        };
        let (w, h) = canvas.size();
        let picture = Picture::of_dots(w as u32, h as u32, self.dpi, canvas.into_grey(mirrored, upside_down));
        Ok(Preview { picture, labels: self.labels, not_drawn: self.not_drawn, warnings: self.warnings })
    }

    pub(super) fn take(&mut self, command: &Command<'_>) -> Result<(), PreviewError> {
        let label = matches!(command.name.as_str(), "^XA" | "^XZ");
        if !label && !self.replaying && self.formats.keep(command)? {
            return Ok(());
        }
        let p = Parameters::new(command.parameters(), self.units, self.dpi);
        match command.name.as_str() {
            "^XA" => self.begin_label()?,
            "^XZ" => self.end_label()?,
            "^DF" if self.inside && !self.replaying => self.formats.record(stored_name(p.text(0))),
            "^XF" if !self.replaying && self.formats.recall(stored_name(p.text(0))) => {}
            "^FS" => self.end_field()?,
            "^FN" => self.field.number = field_number(command.rest),
            "^FD" | "^FV" => self.field.data = Some(command.rest.to_vec()),
            // What counts up begins with its first number, and only the first label is shown.
            "^SN" => self.field.data = command.rest.split(|b| *b == command.delimiter).next().map(<[u8]>::to_vec),
            "^FH" => self.field.hex = Some(command.rest.trim_ascii().first().copied().unwrap_or(b'_')),
            "^GB" | "^GC" | "^GE" | "^GD" => self.shape(&command.name, &p),
            "^GF" => self.graphic(command),
            "~DG" => self.store(command)?,
            "^XG" | "^IM" => self.recall(&p),
            "^BY" => self.bar_defaults(&p),
            name if name.starts_with("^B") && self.code(name, &p) => {}
            name if name.starts_with("^B") => {
                // What cannot be drawn leaves its place empty; its data must not be printed as text.
                self.list(name);
                self.field.content = Some(Content::Unprinted);
            }
            name if self.of_field(name, &p) || self.setting(name, &p) || SILENT.contains(&name) => {}
            name => self.list(name),
        }
        Ok(())
    }

    /// Where the field stands and how its text runs; `false` for what says nothing of that.
    fn of_field(&mut self, name: &str, p: &Parameters) -> bool {
        match name {
            "^FO" | "^FT" => self.origin(p, name == "^FT"),
            "^FR" => self.field.reverse = true,
            "^FB" | "^TB" => self.block(name, p),
            "^FP" => self.run(p),
            "^A" => self.font(p),
            "^GS" => {
                let (height, width) = (p.dots(1), p.dots(2));
                self.field.turn = Turn::of(p.text(0)).or(self.field.turn);
                self.field.content = Some(Content::Sign(Lettering::of(b'0', height, width, self.lettering)));
            }
            // Data for the tag in the label.
            "^RF" | "^RT" | "^WT" | "^WV" => self.field.content = Some(Content::Unprinted),
            _ => return false,
        }
        true
    }

    fn list(&mut self, name: &str) {
        let clean: String = name.chars().filter(|c| !c.is_control()).collect();
        if self.not_drawn.len() < LISTED_MAX && !self.not_drawn.contains(&clean) {
            self.not_drawn.push(clean);
        }
    }

    fn warn(&mut self, warning: Warning) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Settings of the label and of what follows; `false` for what is none.
    fn setting(&mut self, name: &str, p: &Parameters) -> bool {
        match name {
            "^CF" => {
                let before = self.lettering;
                let font = p.letter(0).unwrap_or(before.font);
                self.lettering = Lettering::of(font, p.dots(1), p.dots(2), before);
            }
            "^CI" => self.characters(p),
            "^MU" => self.measure(p),
            "^FW" => {
                self.turn = Turn::of(p.text(0)).unwrap_or(self.turn);
                if self.field.content.is_some() {
                    // Behind `^A` it goes before what that said.
                    self.field.turn = Turn::of(p.text(0)).or(self.field.turn);
                }
                self.right = p.number(1).map_or(self.right, |n| n == 1);
            }
            "^LH" => self.home = (p.dots(0).unwrap_or(self.home.0), p.dots(1).unwrap_or(self.home.1)),
            "^LS" => self.shift = p.dots(0).unwrap_or(0),
            "^LT" => self.top = p.number(0).unwrap_or(0).clamp(-120, 120),
            "^LR" => self.reverse_all = p.yes(0, false),
            "^PO" => self.upside_down = p.letter(0) == Some(b'I'),
            "^PM" => self.mirrored = p.yes(0, false),
            // Half the dots: everything would be twice as large.
            "^JM" if p.letter(0) == Some(b'B') => self.list(name),
            "^PW" | "^LL" => self.resize(name, p),
            _ => return false,
        }
        true
    }

    /// `^PW` and `^LL`: what is told does not grow.
    fn resize(&mut self, name: &str, p: &Parameters) {
        let Some(asked) = p.dots(0).filter(|n| *n > 0) else { return };
        if name == "^PW" {
            let w = asked.min(WIDTH_DOTS_MAX);
            (self.size.w, self.size.most_w) = (w, w);
        } else {
            let h = asked.min(HEIGHT_DOTS_MAX);
            (self.size.h, self.size.most_h) = (h, h);
        }
        if self.printed == 0 && self.canvas.is_some() {
            // The size may come after the beginning of the label, as long as nothing is drawn.
            self.canvas = Some(Canvas::new(self.size));
        }
    }

    fn characters(&mut self, p: &Parameters) {
        let Some(number) = p.number(0) else { return };
        let pairs: Vec<u8> = p.from(1).map_while(|text| text.parse().ok()).collect();
        self.charset.set(number, &pairs);
    }

    fn measure(&mut self, p: &Parameters) {
        match p.letter(0) {
            Some(b'D') => self.units = Units::Dots,
            Some(b'I') => self.units = Units::Inches,
            Some(b'M') => self.units = Units::Millimetres,
            Some(_) | None => {}
        }
        // A format for a coarser printer, enlarged.
        if let (Some(base), Some(wanted)) = (p.number(1), p.number(2))
            && base != wanted
        {
            self.list("^MU");
        }
    }

    fn begin_label(&mut self) -> Result<(), PreviewError> {
        self.end_label()?;
        self.formats.begin();
        self.inside = true;
        self.printed = 0;
        self.field = Field::EMPTY;
        self.canvas = (self.labels + 1 == self.wanted).then(|| Canvas::new(self.size));
        Ok(())
    }

    fn end_label(&mut self) -> Result<(), PreviewError> {
        if self.inside {
            if matches!(self.field.content, Some(Content::Bitmap(_))) && !self.formats.is_recording() {
                // A bitmap needs no `^FS`: its data is all of it.
                self.end_field()?;
            }
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
        if let Some(canvas) = self.canvas.take() {
            if canvas.cut {
                self.warn(Warning::BeyondTheEdge);
            }
            self.shown = Some((canvas, self.mirrored, self.upside_down));
        }
        Ok(())
    }

    fn origin(&mut self, p: &Parameters, typeset: bool) {
        let mut x = p.dots(0).unwrap_or(0).saturating_add(self.home.0).saturating_sub(self.shift);
        let mut y = p.dots(1).unwrap_or(0).saturating_add(self.home.1).saturating_add(self.top);
        if typeset {
            // Behind the text before it.
            x = if p.dots(0).is_none() { self.pen.0 } else { x };
            y = if p.dots(1).is_none() { self.pen.1 } else { y };
        }
        let right = p.number(2).map_or(self.right, |n| n == 1);
        self.field.origin = Some(Origin { x, y, typeset, right });
    }

    /// `^A0N,40,30` and `^A@N,40,30,E:FONT.TTF`: the font's name stands before the direction.
    fn font(&mut self, p: &Parameters) {
        let first = p.text(0);
        let name = first.bytes().next().unwrap_or(b'0').to_ascii_uppercase();
        self.field.turn = first.get(1..).and_then(Turn::of).or(self.field.turn);
        let font = if name == b'@' { b'0' } else { name };
        self.field.content = Some(Content::Text(Lettering::of(font, p.dots(1), p.dots(2), self.lettering)));
    }

    /// `^FB` counts its lines, `^TB` the dots that they may be high.
    fn block(&mut self, name: &str, p: &Parameters) {
        let block = if name == "^FB" {
            Block {
                width: p.dots(0).unwrap_or(0).clamp(0, WIDTH_DOTS_MAX),
                height: None,
                lines: p.number(1).unwrap_or(1).max(1),
                spacing: p.dots(2).unwrap_or(0).clamp(-500, 500),
                align: p.letter(3).unwrap_or(b'L'),
                indent: p.dots(4).unwrap_or(0).clamp(0, WIDTH_DOTS_MAX),
                beyond: Beyond::Overprinted,
            }
        } else {
            self.field.turn = Turn::of(p.text(0)).or(self.field.turn);
            Block {
                width: p.dots(1).unwrap_or(1).clamp(0, WIDTH_DOTS_MAX),
                height: Some(p.size(2, 1)),
                lines: 1,
                spacing: 0,
                align: b'L',
                indent: 0,
                beyond: Beyond::LeftOut,
            }
        };
        self.field.block = Some(block);
    }

    fn run(&mut self, p: &Parameters) {
        match p.letter(0).unwrap_or(b'H') {
            b'V' => self.field.run = Run::Down,
            b'R' => self.list("^FPR"),
            _ => self.field.run = Run::Across(p.dots(1).unwrap_or(0).clamp(0, 9_999)),
        }
    }

    fn bar_defaults(&mut self, p: &Parameters) {
        self.bars.module = p.dots(0).unwrap_or(self.bars.module).clamp(1, 100);
        self.bars.ratio_tenths = p.tenths(1).unwrap_or(self.bars.ratio_tenths).clamp(20, 30);
        self.bars.height = p.size(2, self.bars.height);
    }

    /// Bars and matrices; `false` for those that are not known here.
    fn code(&mut self, name: &str, p: &Parameters) -> bool {
        let yes = |at: usize, otherwise: bool| p.yes(at, otherwise);
        let height = |at: usize| p.size(at, self.bars.height);
        let bars = |kind, height, text, above, check| Content::Bars { kind, height, text, above, check };
        let content = match name {
            "^BC" => {
                let mode = p.letter(5).map_or('N', char::from);
                let (text, above, check) = (yes(2, true), yes(3, false), yes(4, false));
                Content::Code128 { height: height(1), text, above, check, mode }
            }
            "^B3" => bars(BarsKind::Code39, height(2), yes(3, true), yes(4, false), yes(1, false)),
            "^BE" => bars(BarsKind::Ean13, height(1), yes(2, true), yes(3, false), false),
            "^B8" => bars(BarsKind::Ean8, height(1), yes(2, true), yes(3, false), false),
            "^BU" => bars(BarsKind::UpcA, height(1), yes(2, true), yes(3, false), false),
            "^B2" => bars(BarsKind::Itf, height(1), yes(2, true), yes(3, false), yes(4, false)),
            // The first model of QR codes is another symbol.
            "^BQ" if p.number(1) != Some(1) => {
                let magnification = p.number(2).unwrap_or(if self.dpi > 250 { 3 } else { 2 }).clamp(1, 100);
                Content::Qr { magnification }
            }
            "^BX" if p.number(2) == Some(200) => {
                let count = |at: usize| p.number(at).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                Content::DataMatrix(DataMatrixAsked {
                    module: p.dots(1).unwrap_or(0).clamp(0, 100),
                    columns: count(3),
                    rows: count(4),
                    oblong: p.number(7) == Some(2),
                    escape: p.text(6).bytes().next().unwrap_or(b'_'),
                })
            }
            "^B7" => {
                let asked = |at: usize, most: i32| p.number(at).unwrap_or(0).clamp(0, most);
                Content::Pdf417(Pdf417 {
                    row: p.dots(1).unwrap_or(0).clamp(0, 1_000),
                    level: asked(2, 8) as u8,
                    columns: asked(3, 30) as u8,
                    rows: asked(4, 90) as u8,
                    truncated: yes(5, false),
                })
            }
            "^B0" | "^BO" => {
                let module = p.number(1).unwrap_or(self.dpi as i32 / 100).clamp(1, 10);
                Content::Aztec { module, asked: p.number(3).unwrap_or(0).clamp(0, 999) as u16 }
            }
            "^BD" => {
                let asked = |at: usize, otherwise: i32| p.number(at).unwrap_or(otherwise);
                let (mode, number, of) = (asked(0, 2), asked(1, 1), asked(2, 1));
                Content::MaxiCode(maxicode::Asked { mode, number, of, dpi: self.dpi })
            }
            _ => return false,
        };
        self.field.turn = Turn::of(p.text(0)).or(self.field.turn);
        self.field.content = Some(content);
        true
    }

    fn shape(&mut self, name: &str, p: &Parameters) {
        // A circle has one measure where the others have two.
        let after = if name == "^GC" { 1 } else { 2 };
        let thick = p.size(after, 1);
        let (w, h) = (p.size(0, thick), p.size(after - 1, thick));
        let ink = if p.letter(after + 1) == Some(b'W') { Ink::White } else { Ink::Black };
        let shape = match name {
            "^GB" => Shape::Frame { w, h, thick, rounding: p.number(4).unwrap_or(0) },
            "^GD" => Shape::Diagonal { w, h, thick, right: !matches!(p.letter(4), Some(b'L' | b'\\')) },
            _ => Shape::Ellipse { w, h, thick },
        };
        self.field.content = Some(Content::Shape(shape, ink));
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
            Some(bitmap) => self.field.content = Some(Content::Bitmap(bitmap)),
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

    fn recall(&mut self, p: &Parameters) {
        let name = stored_name(p.text(0));
        match self.stored.get(&name) {
            Some(bitmap) => {
                let (x, y) = (p.number(1).unwrap_or(1), p.number(2).unwrap_or(1));
                self.field.content = Some(Content::Bitmap(bitmap.enlarged(x, y)));
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
        self.put(&field, &content)
    }

    /// Draws a field that is whole.
    fn put(&mut self, field: &Field, content: &Content) -> Result<(), PreviewError> {
        if self.canvas.is_none() {
            return Ok(());
        }
        let read = field.text(&self.charset);
        if content.is_text() {
            if let Some(number) = read.unknown {
                self.list(&format!("^CI{number}"));
            }
            if read.mistaken_utf8 {
                self.warn(Warning::Utf8Mistaken);
            }
            if field.block.is_some_and(|block| block.beyond == Beyond::LeftOut) && read.text.contains('<') {
                // Its escapes stand between signs like this.
                self.list("^TB with <");
            }
        }
        let Some(mut drawn) = drawn(field, content, &read.text, self.bars) else {
            self.list(if content.is_text() { "^GS" } else { "data of a barcode that cannot be encoded" });
            return Ok(());
        };
        if field.reverse || self.reverse_all {
            drawn.ink = Ink::Reverse;
        }
        let turn = if content.turns() { field.turn.unwrap_or(self.turn) } else { Turn::Normal };
        let (x, y) = self.home;
        let origin = field.origin.unwrap_or(Origin { x, y, typeset: false, right: false });
        let (x, mut y) = drawn.corner(origin, turn);
        if content.is_text() {
            self.pen = drawn.end((x, y), turn);
        }
        if !origin.typeset && matches!(content, Content::Qr { .. }) {
            // Printers set a `^BQ` at `^FO` lower by the height of `^BY`.
            y = y.saturating_add(self.bars.height.min(10));
        }
        let bitmap = drawn.bitmap.turned(turn);
        // Carriers draw their rules and frames up to the edge and a little over it; 3 mm of those are nothing to tell.
        let slack = if content.is_drawing() { self.dpi as i32 / 8 } else { 0 };
        if let Some(canvas) = &mut self.canvas {
            canvas.put(&bitmap, x, y, drawn.ink, slack)?;
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
