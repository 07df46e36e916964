//! Sheets as pixels: grey pictures for screens and PNG, black and white ones for print heads.
//!
//! Bars and modules stand on whole dots, so a code drawn at a printer's resolution is exact; text is anti-aliased.
//! Red is drawn dark: this is what a thermal head prints. This file must never lay out, only draw.

use super::LabelError;
use super::sheet::{Area, Barcode, Element, Ink, Pattern, Polygon, Sheet, dots, edges};
use super::text::{Text, TextLine, glyphs, units_per_em};
use ab_glyph::{Font, PxScale, point};
use image::{ExtendedColorType, ImageEncoder, codecs::png};

/// Lowest and highest resolution in dots per inch.
pub const DPI_MIN: u32 = 72;
/// Highest resolution in dots per inch.
pub const DPI_MAX: u32 = 600;
const WHITE: u8 = 255;
const BLACK: u8 = 0;
/// Below this a pixel prints when there is only black and white.
const MONO_THRESHOLD: u8 = 128;
/// Samples per pixel and direction when a shape is filled.
const SAMPLES: i32 = 4;

/// A grey picture, row by row, 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width_px: u32,
    height_px: u32,
    dpi: u32,
    grey: Vec<u8>,
}

impl Picture {
    fn white(width_px: u32, height_px: u32, dpi: u32) -> Self {
        Self { width_px, height_px, dpi, grey: vec![WHITE; width_px as usize * height_px as usize] }
    }

    /// Pixels across.
    #[must_use]
    pub fn width_px(&self) -> u32 {
        self.width_px
    }

    /// Pixels down.
    #[must_use]
    pub fn height_px(&self) -> u32 {
        self.height_px
    }

    /// Brightness of every pixel, row by row.
    #[must_use]
    pub fn grey(&self) -> &[u8] {
        &self.grey
    }

    /// The picture as black and white: one bit per pixel, 1 is black, rows padded to whole bytes.
    #[must_use]
    pub fn mono_rows(&self) -> Vec<Vec<u8>> {
        let row_of = |row: &[u8]| {
            let pack = |bits: &[u8]| {
                let on = |(i, &g): (usize, &u8)| if g < MONO_THRESHOLD { 0x80_u8 >> i } else { 0 };
                bits.iter().enumerate().map(on).fold(0, |a, b| a | b)
            };
            row.chunks(8).map(pack).collect()
        };
        self.grey.chunks(self.width_px.max(1) as usize).map(row_of).collect()
    }

    /// The picture as a PNG file, 8-bit grey.
    ///
    /// # Errors
    /// [`LabelError::Encoder`].
    pub fn png(&self) -> Result<Vec<u8>, LabelError> {
        let mut out = Vec::new();
        let encoder = png::PngEncoder::new_with_quality(&mut out, png::CompressionType::Fast, png::FilterType::Up);
        encoder
            .write_image(&self.grey, self.width_px, self.height_px, ExtendedColorType::L8)
            .map_err(|e| LabelError::Encoder { format: "PNG", reason: e.to_string() })?;
        Ok(out)
    }

    fn mix(&mut self, x: i32, y: i32, ink: u8, coverage: f32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if x >= self.width_px || y >= self.height_px {
            return;
        }
        if let Some(pixel) = self.grey.get_mut((y * self.width_px + x) as usize) {
            let share = coverage.clamp(0.0, 1.0);
            *pixel = (f32::from(*pixel) * (1.0 - share) + f32::from(ink) * share).round() as u8;
        }
    }

    /// Fills pixels from `x0`,`y0` to before `x1`,`y1`.
    fn block(&mut self, x0: i32, y0: i32, x1: i32, y1: i32, ink: u8) {
        let clamp = |v: i32, most: u32| v.clamp(0, most as i32) as usize;
        let (x0, x1) = (clamp(x0, self.width_px), clamp(x1, self.width_px));
        for y in clamp(y0, self.height_px)..clamp(y1, self.height_px) {
            let row = y * self.width_px as usize;
            if let Some(span) = self.grey.get_mut(row + x0..row + x1.max(x0)) {
                span.fill(ink);
            }
        }
    }

    /// Fills an area; whatever has a size covers at least one pixel.
    fn area(&mut self, area: Area, ink: u8) {
        let (x0, y0) = (dots(area.x_um, self.dpi), dots(area.y_um, self.dpi));
        let (x1, y1) = (dots(area.right_um(), self.dpi), dots(area.bottom_um(), self.dpi));
        self.block(x0, y0, x1.max(x0 + 1), y1.max(y0 + 1), ink);
    }
}

fn shade(ink: Ink) -> u8 {
    match ink {
        Ink::Black | Ink::Red => BLACK,
        Ink::White => WHITE,
    }
}

/// Draws a sheet at `dpi` dots per inch (held between [`DPI_MIN`] and [`DPI_MAX`]).
///
/// # Errors
/// [`LabelError::BarcodeTooWide`] when a code cannot be shown at this resolution, [`LabelError::Font`].
pub fn render(sheet: &Sheet, dpi: u32) -> Result<Picture, LabelError> {
    let dpi = dpi.clamp(DPI_MIN, DPI_MAX);
    let page = sheet.area();
    let mut picture = Picture::white(dots(page.w_um, dpi).max(1) as u32, dots(page.h_um, dpi).max(1) as u32, dpi);
    for element in sheet.elements() {
        match element {
            Element::Text(text) => draw_text(&mut picture, text, (0, 0))?,
            Element::Line(area) => picture.area(*area, BLACK),
            Element::Fill(area, ink) => picture.area(*area, shade(*ink)),
            Element::Outline { area, width_um } => {
                for side in edges(*area, *width_um) {
                    picture.area(side, BLACK);
                }
            }
            Element::Barcode(barcode) => draw_barcode(&mut picture, barcode, (0, 0))?,
            Element::Polygon(polygon) => draw_polygon(&mut picture, polygon, (0, 0)),
        }
    }
    Ok(picture)
}

/// A part of a sheet as its own picture, for printers that take it as a bitmap: top left dot and picture.
pub(super) struct Patch {
    pub x: i32,
    pub y: i32,
    pub picture: Picture,
}

/// One line of text as a patch, black on white whatever its style.
pub(super) fn line_patch(text: &Text, line: &TextLine, dpi: u32) -> Result<Patch, LabelError> {
    let area = text.line_area(line);
    let single =
        Text { style: super::text::Style { inverse: false, ..text.style }, lines: vec![line.clone()], ..text.clone() };
    patch(area, dpi, |picture, origin| draw_text(picture, &single, origin))
}

/// A barcode as a patch, quiet zones included.
pub(super) fn barcode_patch(barcode: &Barcode, dpi: u32) -> Result<Patch, LabelError> {
    patch(barcode.area, dpi, |picture, origin| draw_barcode(picture, barcode, origin))
}

/// A shape as a patch, dark on white whatever its ink.
pub(super) fn polygon_patch(polygon: &Polygon, dpi: u32) -> Result<Patch, LabelError> {
    let dark = Polygon { ink: Ink::Black, ..polygon.clone() };
    patch(polygon.area(), dpi, |picture, origin| {
        draw_polygon(picture, &dark, origin);
        Ok(())
    })
}

fn patch(
    area: Area,
    dpi: u32,
    draw: impl FnOnce(&mut Picture, (i32, i32)) -> Result<(), LabelError>,
) -> Result<Patch, LabelError> {
    let (x, y) = (dots(area.x_um, dpi), dots(area.y_um, dpi));
    let (right, bottom) = (dots(area.right_um(), dpi) + 1, dots(area.bottom_um(), dpi) + 1);
    let mut picture = Picture::white((right - x).max(1) as u32, (bottom - y).max(1) as u32, dpi);
    draw(&mut picture, (x, y))?;
    Ok(Patch { x, y, picture })
}

fn draw_text(picture: &mut Picture, text: &Text, origin: (i32, i32)) -> Result<(), LabelError> {
    let face = text.style.face;
    let font = face.font()?;
    let ink = if text.style.inverse { WHITE } else { BLACK };
    let dots_per_um = picture.dpi as f32 / 25_400.0;
    let em_px = text.size_um as f32 * dots_per_um;
    let unit_px = em_px / units_per_em(face)? as f32;
    let scale = PxScale::from(font.height_unscaled() * unit_px);
    for line in &text.lines {
        let left_px = line.x_um as f32 * dots_per_um - origin.0 as f32;
        let baseline_px = (dots(line.baseline_um, picture.dpi) - origin.1) as f32;
        for placed in glyphs(&line.text, face)? {
            let at = point(left_px + placed.x_units as f32 * unit_px, baseline_px);
            let Some(outline) = font.outline_glyph(placed.id.with_scale_and_position(scale, at)) else { continue };
            let bounds = outline.px_bounds();
            let (x0, y0) = (bounds.min.x as i32, bounds.min.y as i32);
            outline.draw(|x, y, coverage| picture.mix(x0 + x as i32, y0 + y as i32, ink, coverage));
        }
    }
    Ok(())
}

fn draw_barcode(picture: &mut Picture, barcode: &Barcode, origin: (i32, i32)) -> Result<(), LabelError> {
    let dpi = picture.dpi;
    let module = barcode.module_dots(dpi)? as i32;
    let (across, down) = barcode.pattern.modules();
    let area = barcode.area;
    let x0 = linear_left_dots(barcode, dpi, module, across as i32) - origin.0;
    match &barcode.pattern {
        Pattern::Linear(code) => {
            let (y0, y1) = (dots(area.y_um, dpi) - origin.1, dots(area.bottom_um(), dpi) - origin.1);
            let mut x = x0;
            for (i, width) in code.widths().into_iter().enumerate() {
                let next = x + i32::from(width) * module;
                if i % 2 == 0 {
                    picture.block(x, y0, next, y1, BLACK);
                }
                x = next;
            }
        }
        Pattern::Matrix { columns, dark } => {
            let spare = dots(area.h_um, dpi) - down as i32 * module;
            let y0 = dots(area.y_um, dpi) - origin.1 + spare / 2;
            for (i, _) in dark.iter().enumerate().filter(|(_, d)| **d) {
                let (x, y) = (x0 + (i as u32 % columns) as i32 * module, y0 + (i as u32 / columns) as i32 * module);
                picture.block(x, y, x + module, y + module, BLACK);
            }
        }
    }
    Ok(())
}

/// First dark dot of a code that stands in the middle of its area.
pub(super) fn linear_left_dots(barcode: &Barcode, dpi: u32, module: i32, across: i32) -> i32 {
    dots(barcode.area.x_um, dpi) + (dots(barcode.area.w_um, dpi) - across * module) / 2
}

/// Even-odd fill with [`SAMPLES`] × [`SAMPLES`] samples per pixel.
fn draw_polygon(picture: &mut Picture, polygon: &Polygon, origin: (i32, i32)) {
    let scale = picture.dpi as f32 / 25_400.0 * SAMPLES as f32;
    let shift = ((origin.0 * SAMPLES) as f32, (origin.1 * SAMPLES) as f32);
    let corner = |p: &(i32, i32)| (p.0 as f32 * scale - shift.0, p.1 as f32 * scale - shift.1);
    let points: Vec<(f32, f32)> = polygon.points.iter().map(corner).collect();
    let top = points.iter().map(|p| p.1).fold(f32::MAX, f32::min).floor() as i32;
    let bottom = points.iter().map(|p| p.1).fold(f32::MIN, f32::max).ceil() as i32;
    let share = 1.0 / (SAMPLES * SAMPLES) as f32;
    let ink = shade(polygon.ink);
    let first_row = top.div_euclid(SAMPLES);
    for row in first_row..=bottom.div_euclid(SAMPLES) {
        let mut counts = vec![0_u32; picture.width_px as usize];
        for sub in 0..SAMPLES {
            count_samples(&points, row * SAMPLES + sub, &mut counts);
        }
        for (x, count) in counts.iter().enumerate().filter(|(_, c)| **c > 0) {
            picture.mix(x as i32, row, ink, *count as f32 * share);
        }
    }
}

/// Adds to every pixel how many of its samples on sample row `row` lie inside.
fn count_samples(points: &[(f32, f32)], row: i32, counts: &mut [u32]) {
    let y = row as f32 + 0.5;
    let mut crossings = Vec::new();
    for (a, b) in points.iter().zip(points.iter().cycle().skip(1)) {
        if (a.1 <= y) != (b.1 <= y) {
            crossings.push(a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0));
        }
    }
    crossings.sort_by(f32::total_cmp);
    for pair in crossings.chunks_exact(2) {
        let [from, to] = [pair[0], pair[1]].map(|x| (x - 0.5).ceil().max(0.0) as usize);
        for sample in from..to.min(counts.len() * SAMPLES as usize) {
            counts[sample / SAMPLES as usize] += 1;
        }
    }
}
