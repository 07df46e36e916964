//! The device-independent page: integer micrometres, a closed set of elements, and the rule that nothing overlaps.
//!
//! Everything is resolved when it is put on the sheet (text is wrapped and measured, barcodes are encoded and sized), so a
//! renderer only draws. The origin is the top left corner, y grows downwards. This file must never know a device's resolution.

use super::LabelError;
use super::bars::{Bars, BarsKind};
use super::code128::{CODE128_QUIET_MODULES, Code128};
use super::gs1::{self, ElementString};
use super::text::{Style, Text};
use datamatrix::{DataMatrix, SymbolList};
use qrcode::{Color, EcLevel, QrCode};

/// Most elements on one sheet.
pub const SHEET_ELEMENTS_MAX: usize = 5_000;
/// Longest edge of a sheet in micrometres.
pub const SHEET_EDGE_UM_MAX: i32 = 1_000_000;

/// Tenths of a millimetre as micrometres, the unit of this module.
#[must_use]
pub const fn tenths(tenths_mm: i32) -> i32 {
    tenths_mm * 100
}

/// A rectangle in micrometres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area {
    /// Left edge.
    pub x_um: i32,
    /// Top edge.
    pub y_um: i32,
    /// Width.
    pub w_um: i32,
    /// Height.
    pub h_um: i32,
}

impl Area {
    /// From tenths of a millimetre.
    #[must_use]
    pub const fn tenths(x: i32, y: i32, w: i32, h: i32) -> Self {
        Self { x_um: tenths(x), y_um: tenths(y), w_um: tenths(w), h_um: tenths(h) }
    }

    /// The edge after the last micrometre to the right.
    #[must_use]
    pub const fn right_um(self) -> i32 {
        self.x_um + self.w_um
    }

    /// The edge after the last micrometre down.
    #[must_use]
    pub const fn bottom_um(self) -> i32 {
        self.y_um + self.h_um
    }

    /// Smaller by `by_um` on every side.
    #[must_use]
    pub const fn inset(self, by_um: i32) -> Self {
        Self {
            x_um: self.x_um + by_um,
            y_um: self.y_um + by_um,
            w_um: self.w_um - 2 * by_um,
            h_um: self.h_um - 2 * by_um,
        }
    }

    /// Whether `other` lies wholly within.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.x_um <= other.x_um
            && self.y_um <= other.y_um
            && self.right_um() >= other.right_um()
            && self.bottom_um() >= other.bottom_um()
    }

    /// The smallest area that holds both.
    #[must_use]
    pub fn around(self, other: Self) -> Self {
        let (x_um, y_um) = (self.x_um.min(other.x_um), self.y_um.min(other.y_um));
        let (right_um, bottom_um) = (self.right_um().max(other.right_um()), self.bottom_um().max(other.bottom_um()));
        Self { x_um, y_um, w_um: right_um - x_um, h_um: bottom_um - y_um }
    }

    /// Whether the two share any point (touching edges do not count).
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.x_um < other.right_um()
            && other.x_um < self.right_um()
            && self.y_um < other.bottom_um()
            && other.y_um < self.bottom_um()
    }
}

/// Colour of an area or a shape. Label printers have one colour: there, red prints black.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Black.
    Black,
    /// White, over black.
    White,
    /// The red of hazard marks.
    Red,
}

/// A filled polygon, even-odd rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polygon {
    /// Corners in micrometres.
    pub points: Vec<(i32, i32)>,
    /// Fill.
    pub ink: Ink,
}

impl Polygon {
    /// The smallest area around the corners.
    #[must_use]
    pub fn area(&self) -> Area {
        let xs = || self.points.iter().map(|p| p.0);
        let ys = || self.points.iter().map(|p| p.1);
        let (x_um, y_um) = (xs().min().unwrap_or(0), ys().min().unwrap_or(0));
        let (right, bottom) = (xs().max().unwrap_or(0), ys().max().unwrap_or(0));
        Area { x_um, y_um, w_um: right - x_um, h_um: bottom - y_um }
    }
}

/// The picture of a barcode in modules, quiet zones not included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Code 128 and GS1-128: the codewords and their widths.
    Linear(Code128),
    /// Other bars.
    Bars(Bars),
    /// Square or rectangular matrix, row by row, `true` is dark.
    Matrix {
        /// Modules in a row.
        columns: u32,
        /// Rows by columns.
        dark: Vec<bool>,
    },
}

impl Pattern {
    /// Modules across and down; bars are one module high in this count.
    #[must_use]
    pub fn modules(&self) -> (u32, u32) {
        match self {
            Pattern::Linear(code) => (code.modules(), 1),
            Pattern::Bars(bars) => (bars.modules(), 1),
            Pattern::Matrix { columns, dark } => (*columns, dark.len() as u32 / (*columns).max(1)),
        }
    }

    /// Widths in modules of bar and space in turn; a matrix has none.
    #[must_use]
    pub fn widths(&self) -> Option<Vec<u8>> {
        match self {
            Pattern::Linear(code) => Some(code.widths()),
            Pattern::Bars(bars) => Some(bars.widths().to_vec()),
            Pattern::Matrix { .. } => None,
        }
    }

    /// Thickness in modules of the bearer bars above and below; 0 where there are none.
    #[must_use]
    pub fn bearer_modules(&self) -> u32 {
        match self {
            Pattern::Bars(bars) => bars.kind().bearer_modules(),
            Pattern::Linear(_) | Pattern::Matrix { .. } => 0,
        }
    }
}

/// What to encode and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbology<'a> {
    /// Code 128 with plain ASCII text.
    Code128(&'a str),
    /// GS1-128 with element strings.
    Gs1128(&'a [ElementString]),
    /// EAN, UPC, ITF or Code 39.
    Bars(BarsKind, &'a str),
    /// QR code, error correction level M.
    Qr(&'a str),
    /// Data Matrix ECC 200 with plain bytes.
    DataMatrix(&'a str),
    /// GS1 DataMatrix with element strings.
    Gs1DataMatrix(&'a [ElementString]),
}

impl Symbology<'_> {
    /// Modules of white each side must keep (ISO/IEC 15417, 18004, 16022).
    fn quiet_modules(self) -> u32 {
        match self {
            Symbology::Code128(_) | Symbology::Gs1128(_) => CODE128_QUIET_MODULES,
            Symbology::Bars(kind, _) => kind.quiet_modules(),
            Symbology::Qr(_) => 4,
            Symbology::DataMatrix(_) | Symbology::Gs1DataMatrix(_) => 1,
        }
    }

    fn pattern(self) -> Result<Pattern, LabelError> {
        match self {
            Symbology::Code128(text) => Ok(Pattern::Linear(Code128::from_text(text)?)),
            Symbology::Gs1128(elements) => Ok(Pattern::Linear(gs1::gs1_128(elements)?)),
            Symbology::Bars(kind, text) => Ok(Pattern::Bars(Bars::new(kind, text)?)),
            Symbology::Qr(text) => {
                let code = QrCode::with_error_correction_level(text, EcLevel::M)
                    .map_err(|_| LabelError::Matrix { bytes: text.len() })?;
                let columns = code.width() as u32;
                let dark = code.into_colors().into_iter().map(|c| c == Color::Dark).collect();
                Ok(Pattern::Matrix { columns, dark })
            }
            Symbology::DataMatrix(text) => {
                let code = DataMatrix::encode(text.as_bytes(), SymbolList::default())
                    .map_err(|_| LabelError::Matrix { bytes: text.len() })?;
                Ok(matrix_pattern(&code))
            }
            Symbology::Gs1DataMatrix(elements) => {
                let message = gs1::message(elements)?;
                let code = DataMatrix::encode_gs1(&message, SymbolList::default())
                    .map_err(|_| LabelError::Matrix { bytes: message.len() })?;
                Ok(matrix_pattern(&code))
            }
        }
    }
}

fn matrix_pattern(code: &DataMatrix) -> Pattern {
    let bitmap = code.bitmap();
    Pattern::Matrix { columns: bitmap.width() as u32, dark: bitmap.bits().to_vec() }
}

/// A barcode in its area; the area includes the quiet zones and nothing else may enter it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barcode {
    /// Reserved ground, quiet zones included.
    pub area: Area,
    /// Width of a module in micrometres; a printer rounds it to whole dots.
    pub module_um: i32,
    /// The same on a page whose printer is not known (PDF): whole dots of a printer with eight a millimetre, so that one draws all
    /// bars of a kind alike, unless the code would be narrower than it may be.
    pub module_page_um: i32,
    /// Modules of quiet zone each side.
    pub quiet_modules: u32,
    /// What to draw.
    pub pattern: Pattern,
}

impl Barcode {
    /// The dark part on a page in micrometres: in the middle, bars as high as the area.
    #[must_use]
    pub fn dark_area(&self) -> Area {
        let (across, down) = self.pattern.modules();
        let quiet_um = self.quiet_modules as i32 * self.module_page_um;
        let w_um = across as i32 * self.module_page_um;
        let x_um = self.area.x_um + on_grid((self.area.w_um - w_um) / 2, quiet_um, self.area.x_um);
        let (y_um, h_um) = match &self.pattern {
            Pattern::Linear(_) | Pattern::Bars(_) => (self.area.y_um, self.area.h_um),
            Pattern::Matrix { .. } => {
                let h_um = down as i32 * self.module_page_um;
                (self.area.y_um + on_grid((self.area.h_um - h_um) / 2, quiet_um, self.area.y_um), h_um)
            }
        };
        Area { x_um, y_um, w_um, h_um }
    }

    /// Whole dots per module at a resolution: the nearest to the wanted width that still fits the area.
    ///
    /// # Errors
    /// [`LabelError::BarcodeTooWide`] when not even one dot per module fits.
    pub fn module_dots(&self, dpi: u32) -> Result<u32, LabelError> {
        let (across, down) = self.pattern.modules();
        let down = match &self.pattern {
            Pattern::Linear(_) | Pattern::Bars(_) => 1,
            Pattern::Matrix { .. } => down + 2 * self.quiet_modules,
        };
        let across = across + 2 * self.quiet_modules;
        let fits = room_dots(self.area.w_um, dpi) / across as i32;
        let fits_down = room_dots(self.area.h_um, dpi) / down as i32;
        let wanted = dots(self.module_um, dpi).max(1);
        let most = wanted.min(fits).min(fits_down);
        if most < 1 {
            let needed_um = across as i32 * self.module_um;
            return Err(LabelError::BarcodeTooWide { needed_um, width_um: self.area.w_um });
        }
        Ok(most as u32)
    }
}

/// A dot of the printers of labels, eight a millimetre, in micrometres.
const DOT_UM: i32 = 125;

/// A margin such that what begins behind it stands on the dots of a label printer; as it is where the quiet zone would suffer on either
/// side.
fn on_grid(margin_um: i32, quiet_um: i32, from_um: i32) -> i32 {
    let off_um = (from_um + margin_um).rem_euclid(DOT_UM);
    let nearest = if 2 * off_um > DOT_UM { DOT_UM - off_um } else { -off_um };
    if margin_um - nearest.abs() >= quiet_um { margin_um + nearest } else { margin_um }
}

/// Dots for a code on a width of paper. Printers of "203 dpi" have eight dots a millimetre, which is 203.2: counted with 203, a code
/// that fits to the dot would lack one, and be drawn with one dot less in each module.
fn room_dots(um: i32, dpi: u32) -> i32 {
    if dpi == 203 { (um + DOT_UM / 2) / DOT_UM } else { dots(um, dpi) }
}

/// Micrometres as whole dots, rounded to the nearest.
#[must_use]
pub fn dots(um: i32, dpi: u32) -> i32 {
    let scaled = i64::from(um) * i64::from(dpi);
    let rounded = if scaled >= 0 { scaled + 12_700 } else { scaled - 12_700 } / 25_400;
    i32::try_from(rounded).unwrap_or(i32::MAX)
}

/// One thing on a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// Text, laid out.
    Text(Text),
    /// A rule: a thin filled area.
    Line(Area),
    /// A filled area.
    Fill(Area, Ink),
    /// The outline of an area, drawn inwards.
    Outline {
        /// Outer edge.
        area: Area,
        /// Thickness in micrometres.
        width_um: i32,
    },
    /// A barcode.
    Barcode(Barcode),
    /// A drawn shape.
    Polygon(Polygon),
    /// A picture in black and white, stretched over its area.
    Image {
        /// Where.
        area: Area,
        /// Pixels in a row.
        columns: u32,
        /// Pixels row by row, `true` is black.
        dark: Vec<bool>,
    },
}

impl Element {
    /// The ground the element covers.
    #[must_use]
    pub fn area(&self) -> Area {
        match self {
            Element::Text(text) => text.area,
            Element::Line(area)
            | Element::Fill(area, _)
            | Element::Outline { area, .. }
            | Element::Image { area, .. } => *area,
            Element::Barcode(barcode) => barcode.area,
            Element::Polygon(polygon) => polygon.area(),
        }
    }
}

/// One page or label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    width_um: i32,
    height_um: i32,
    elements: Vec<Element>,
}

impl Sheet {
    /// An empty sheet.
    ///
    /// # Errors
    /// [`LabelError::SheetSize`] when an edge is not between 1 µm and [`SHEET_EDGE_UM_MAX`].
    pub fn new(width_um: i32, height_um: i32) -> Result<Self, LabelError> {
        let fits = |edge_um: i32| (1..=SHEET_EDGE_UM_MAX).contains(&edge_um);
        if fits(width_um) && fits(height_um) {
            Ok(Self { width_um, height_um, elements: Vec::new() })
        } else {
            Err(LabelError::SheetSize { width_um, height_um })
        }
    }

    /// The whole sheet.
    #[must_use]
    pub fn area(&self) -> Area {
        Area { x_um: 0, y_um: 0, w_um: self.width_um, h_um: self.height_um }
    }

    /// What is on it, in drawing order.
    #[must_use]
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// All text on it, one line each, in drawing order.
    #[must_use]
    pub fn plain_text(&self) -> String {
        let mut out = String::new();
        for element in &self.elements {
            if let Element::Text(text) = element {
                for line in &text.lines {
                    out.push_str(&line.text);
                    out.push('\n');
                }
            }
        }
        out
    }

    /// Puts text into a cell; empty text puts nothing.
    ///
    /// # Errors
    /// [`LabelError::TextTooLong`], [`LabelError::OutsideSheet`], [`LabelError::Font`].
    pub fn text(&mut self, area: Area, text: &str, style: Style) -> Result<(), LabelError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        self.push(Element::Text(Text::lay_out(area, text, style)?))
    }

    /// A horizontal rule whose upper edge is at `y_um`.
    ///
    /// # Errors
    /// [`LabelError::OutsideSheet`].
    pub fn rule(&mut self, x_um: i32, y_um: i32, w_um: i32, thick_um: i32) -> Result<(), LabelError> {
        self.push(Element::Line(Area { x_um, y_um, w_um, h_um: thick_um }))
    }

    /// A vertical rule whose left edge is at `x_um`.
    ///
    /// # Errors
    /// [`LabelError::OutsideSheet`].
    pub fn post(&mut self, x_um: i32, y_um: i32, h_um: i32, thick_um: i32) -> Result<(), LabelError> {
        self.push(Element::Line(Area { x_um, y_um, w_um: thick_um, h_um }))
    }

    /// A filled area.
    ///
    /// # Errors
    /// [`LabelError::OutsideSheet`].
    pub fn fill(&mut self, area: Area, ink: Ink) -> Result<(), LabelError> {
        self.push(Element::Fill(area, ink))
    }

    /// An outline.
    ///
    /// # Errors
    /// [`LabelError::OutsideSheet`].
    pub fn outline(&mut self, area: Area, width_um: i32) -> Result<(), LabelError> {
        self.push(Element::Outline { area, width_um })
    }

    /// A shape.
    ///
    /// # Errors
    /// [`LabelError::OutsideSheet`].
    pub fn polygon(&mut self, points: Vec<(i32, i32)>, ink: Ink) -> Result<(), LabelError> {
        self.push(Element::Polygon(Polygon { points, ink }))
    }

    /// A picture, as large as its area; `dark` holds its pixels row by row.
    ///
    /// # Errors
    /// [`LabelError::OutsideSheet`].
    pub fn image(&mut self, area: Area, columns: u32, dark: Vec<bool>) -> Result<(), LabelError> {
        self.push(Element::Image { area, columns: columns.max(1), dark })
    }

    /// A barcode with modules of `module_um`, or narrower down to `module_um_min` when the area is too small for that.
    ///
    /// # Errors
    /// [`LabelError::BarcodeTooWide`] when it does not fit even then, and the encoders' errors.
    pub fn barcode(
        &mut self,
        area: Area,
        what: Symbology<'_>,
        module_um: i32,
        module_um_min: i32,
    ) -> Result<(), LabelError> {
        let quiet_modules = what.quiet_modules();
        let pattern = what.pattern()?;
        let (across, down) = pattern.modules();
        let across = across as i32 + 2 * quiet_modules as i32;
        let mut most_um = module_um.min(area.w_um / across);
        if let Pattern::Matrix { .. } = pattern {
            most_um = most_um.min(area.h_um / (down as i32 + 2 * quiet_modules as i32));
        }
        if most_um < module_um_min {
            return Err(LabelError::BarcodeTooWide { needed_um: across * module_um_min, width_um: area.w_um });
        }
        let even_um = most_um - most_um % DOT_UM;
        let module_page_um = if even_um >= module_um_min.max(DOT_UM) { even_um } else { most_um };
        self.push(Element::Barcode(Barcode { area, module_um: most_um, module_page_um, quiet_modules, pattern }))
    }

    fn push(&mut self, element: Element) -> Result<(), LabelError> {
        let area = element.area();
        if !self.area().contains(area) {
            return Err(LabelError::OutsideSheet { area });
        }
        if self.elements.len() >= SHEET_ELEMENTS_MAX {
            return Err(LabelError::TooMany { what: "elements", most: SHEET_ELEMENTS_MAX });
        }
        self.elements.push(element);
        Ok(())
    }
}

/// The four sides of an outline as areas.
#[must_use]
pub fn edges(area: Area, width_um: i32) -> [Area; 4] {
    let side_h = area.h_um - 2 * width_um;
    let side_y = area.y_um + width_um;
    [
        Area { h_um: width_um, ..area },
        Area { y_um: area.bottom_um() - width_um, h_um: width_um, ..area },
        Area { y_um: side_y, w_um: width_um, h_um: side_h, ..area },
        Area { x_um: area.right_um() - width_um, y_um: side_y, w_um: width_um, h_um: side_h },
    ]
}
