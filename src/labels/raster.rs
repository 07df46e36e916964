//! Sheets as pixels: grey pictures for screens and PNG, black and white ones for print heads.
//!
//! Bars and modules stand on whole dots, so a code drawn at a printer's resolution is exact; text is anti-aliased.
//! Red is drawn dark: this is what a thermal head prints. This file must never lay out, only draw.

use super::LabelError;
use super::mono::Mono;
use super::sheet::{Area, Barcode, Element, Ink, Pattern, Polygon, Sheet, dots, edges};
use super::text::{Text, TextLine, units_per_em};
use ab_glyph::{Font, PxScale, point};
use image::{ExtendedColorType, ImageEncoder, codecs::jpeg, codecs::png};

/// Lowest and highest resolution in dots per inch.
pub const DPI_MIN: u32 = 72;
/// Highest resolution in dots per inch.
pub const DPI_MAX: u32 = 600;
/// Bars stay sharp at this quality.
const JPEG_QUALITY: u8 = 92;
const WHITE: u8 = 255;
const BLACK: u8 = 0;
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

    /// Brightness row by row as a picture; what is missing is white.
    pub(super) fn of_dots(width_px: u32, height_px: u32, dpi: u32, mut grey: Vec<u8>) -> Self {
        grey.resize(width_px as usize * height_px as usize, WHITE);
        Self { width_px, height_px, dpi, grey }
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

    /// The picture in black and white.
    pub(super) fn mono(&self) -> Mono {
        Mono::of_grey(&self.grey, self.width_px as usize)
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

    /// The picture as a JPEG file, 8-bit grey, with its resolution.
    ///
    /// # Errors
    /// [`LabelError::Encoder`].
    pub fn jpeg(&self) -> Result<Vec<u8>, LabelError> {
        let mut out = Vec::new();
        let mut encoder = jpeg::JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
        encoder.set_pixel_density(jpeg::PixelDensity::dpi(u16::try_from(self.dpi).unwrap_or(u16::MAX)));
        encoder
            .write_image(&self.grey, self.width_px, self.height_px, ExtendedColorType::L8)
            .map_err(|e| LabelError::Encoder { format: "JPEG", reason: e.to_string() })?;
        Ok(out)
    }

    fn mix(&mut self, x: i32, y: i32, ink: u8, coverage: f32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if x >= self.width_px || y >= self.height_px {
            return;
        }
        if let Some(pixel) = self.grey.get_mut((y * self.width_px + x) as usize) {
            let share = coverage.clamp(0.0, 1.0);
            if share == 0.0 {
                return;
            }
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
            Element::Barcode(barcode) => {
                draw_barcode(barcode, dpi, (0, 0), |x0, y0, x1, y1| picture.block(x0, y0, x1, y1, BLACK))?;
            }
            Element::Polygon(polygon) => draw_polygon(&mut picture, polygon, (0, 0)),
            Element::Image { area, columns, dark } => draw_image(&mut picture, *area, *columns, dark, (0, 0)),
        }
    }
    Ok(picture)
}

/// A part of a sheet as its own picture, for printers that take it as a bitmap: top left dot and picture.
pub(super) struct Patch {
    pub x: i32,
    pub y: i32,
    pub picture: Mono,
}

/// One line of text as a patch, black on white whatever its style.
pub(super) fn line_patch(text: &Text, line: &TextLine, dpi: u32) -> Result<Patch, LabelError> {
    let area = text.line_area(line);
    let single =
        Text { style: super::text::Style { inverse: false, ..text.style }, lines: vec![line.clone()], ..text.clone() };
    patch(area, dpi, |picture, origin| draw_text(picture, &single, origin))
}

/// A barcode as a patch, quiet zones included. It has no greys, so it is drawn in black and white from the start.
pub(super) fn barcode_patch(barcode: &Barcode, dpi: u32) -> Result<Patch, LabelError> {
    let (x, y, width, height) = ground(barcode.area, dpi);
    let mut picture = Mono::white(width, height);
    draw_barcode(barcode, dpi, (x, y), |x0, y0, x1, y1| picture.fill(x0, y0, x1, y1))?;
    Ok(Patch { x, y, picture })
}

/// A shape as a patch, dark on white whatever its ink.
pub(super) fn polygon_patch(polygon: &Polygon, dpi: u32) -> Result<Patch, LabelError> {
    let dark = Polygon { ink: Ink::Black, ..polygon.clone() };
    patch(polygon.area(), dpi, |picture, origin| {
        draw_polygon(picture, &dark, origin);
        Ok(())
    })
}

/// A picture as a patch.
pub(super) fn image_patch(area: Area, columns: u32, dark: &[bool], dpi: u32) -> Result<Patch, LabelError> {
    patch(area, dpi, |picture, origin| {
        draw_image(picture, area, columns, dark, origin);
        Ok(())
    })
}

fn patch(
    area: Area,
    dpi: u32,
    draw: impl FnOnce(&mut Picture, (i32, i32)) -> Result<(), LabelError>,
) -> Result<Patch, LabelError> {
    let (x, y, width, height) = ground(area, dpi);
    let mut picture = Picture::white(width as u32, height as u32, dpi);
    draw(&mut picture, (x, y))?;
    Ok(Patch { x, y, picture: picture.mono() })
}

/// First dot, width and height of what a patch covers: one dot more than the area, because letters and edges are rounded.
fn ground(area: Area, dpi: u32) -> (i32, i32, usize, usize) {
    let (x, y) = (dots(area.x_um, dpi), dots(area.y_um, dpi));
    let (right, bottom) = (dots(area.right_um(), dpi) + 1, dots(area.bottom_um(), dpi) + 1);
    (x, y, (right - x).max(1) as usize, (bottom - y).max(1) as usize)
}

fn draw_text(picture: &mut Picture, text: &Text, origin: (i32, i32)) -> Result<(), LabelError> {
    let face = text.style.face;
    let ink = if text.style.inverse { WHITE } else { BLACK };
    let dots_per_um = picture.dpi as f32 / 25_400.0;
    let em_px = text.size_um as f32 * dots_per_um;
    let unit_px = em_px / units_per_em(face)? as f32;
    for line in &text.lines {
        let left_px = line.x_um as f32 * dots_per_um - origin.0 as f32;
        let baseline_px = (dots(line.baseline_um, picture.dpi) - origin.1) as f32;
        for placed in line.glyphs(face)? {
            let font = placed.face.font()?;
            let scale = PxScale::from(font.height_unscaled() * (em_px / units_per_em(placed.face)? as f32));
            let lift_px = placed.y_units as f32 * unit_px;
            let at = point(left_px + placed.x_units as f32 * unit_px, baseline_px - lift_px);
            let Some(outline) = font.outline_glyph(placed.id.with_scale_and_position(scale, at)) else { continue };
            let bounds = outline.px_bounds();
            let (x0, y0) = (bounds.min.x as i32, bounds.min.y as i32);
            outline.draw(|x, y, coverage| picture.mix(x0 + x as i32, y0 + y as i32, ink, coverage));
        }
    }
    Ok(())
}

/// Tells `block` every dark rectangle of a code: first dots, and the dots after the last.
fn draw_barcode(
    barcode: &Barcode,
    dpi: u32,
    origin: (i32, i32),
    mut block: impl FnMut(i32, i32, i32, i32),
) -> Result<(), LabelError> {
    let module = barcode.module_dots(dpi)? as i32;
    let (across, down) = barcode.pattern.modules();
    let area = barcode.area;
    let x0 = linear_left_dots(barcode, dpi, module, across as i32) - origin.0;
    match &barcode.pattern {
        Pattern::Linear(_) | Pattern::Bars(_) => {
            let (y0, y1) = (dots(area.y_um, dpi) - origin.1, dots(area.bottom_um(), dpi) - origin.1);
            let mut x = x0;
            for (i, width) in barcode.pattern.widths().unwrap_or_default().into_iter().enumerate() {
                let next = x + i32::from(width) * module;
                if i % 2 == 0 {
                    block(x, y0, next, y1);
                }
                x = next;
            }
            let bearer = barcode.pattern.bearer_modules() as i32 * module;
            block(x0, y0, x, y0 + bearer);
            block(x0, y1 - bearer, x, y1);
        }
        Pattern::Matrix { columns, dark } => {
            let spare = dots(area.h_um, dpi) - down as i32 * module;
            let mut y = dots(area.y_um, dpi) - origin.1 + spare / 2;
            for row in dark.chunks((*columns).max(1) as usize) {
                let mut x = x0;
                for run in row.chunk_by(|a, b| a == b) {
                    let next = x + run.len() as i32 * module;
                    if run.first() == Some(&true) {
                        block(x, y, next, y + module);
                    }
                    x = next;
                }
                y += module;
            }
        }
    }
    Ok(())
}

/// Every dot takes the nearest pixel: a picture for a print head has no greys.
fn draw_image(picture: &mut Picture, area: Area, columns: u32, dark: &[bool], origin: (i32, i32)) {
    let dpi = picture.dpi;
    let rows = (dark.len() / columns.max(1) as usize) as i64;
    let (x0, y0) = (dots(area.x_um, dpi), dots(area.y_um, dpi));
    let (w, h) = ((dots(area.right_um(), dpi) - x0).max(1), (dots(area.bottom_um(), dpi) - y0).max(1));
    for y in 0..h {
        let row = i64::from(y) * rows / i64::from(h);
        for x in 0..w {
            let column = i64::from(x) * i64::from(columns) / i64::from(w);
            if dark.get((row * i64::from(columns) + column) as usize).copied().unwrap_or(false) {
                let (px, py) = (x0 + x - origin.0, y0 + y - origin.1);
                picture.block(px, py, px + 1, py + 1, BLACK);
            }
        }
    }
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
    const WHOLE: u32 = (SAMPLES * SAMPLES) as u32;
    let share = 1.0 / WHOLE as f32;
    let ink = shade(polygon.ink);
    let mut counts = vec![0_u32; picture.width_px as usize];
    let (mut near, mut crossings) = (Vec::new(), Vec::new());
    for row in top.div_euclid(SAMPLES)..=bottom.div_euclid(SAMPLES) {
        counts.fill(0);
        let (from, to) = ((row * SAMPLES) as f32, ((row + 1) * SAMPLES) as f32);
        let edges = points.iter().copied().zip(points.iter().copied().cycle().skip(1));
        near.clear();
        near.extend(edges.filter(|(a, b)| a.1.min(b.1) <= to && a.1.max(b.1) >= from));
        for sub in 0..SAMPLES {
            count_samples(&near, row * SAMPLES + sub, &mut crossings, &mut counts);
        }
        let mut x = 0;
        for run in counts.chunk_by(|a, b| a == b) {
            let next = x + run.len() as i32;
            match run.first() {
                Some(&WHOLE) => picture.block(x, row, next, row + 1, ink),
                Some(&count) if count > 0 => {
                    (x..next).for_each(|x| picture.mix(x, row, ink, count as f32 * share));
                }
                Some(_) | None => {}
            }
            x = next;
        }
    }
}

/// From corner to corner.
type Edge = ((f32, f32), (f32, f32));

/// Adds to every pixel how many of its samples on sample row `row` lie inside the edges.
fn count_samples(edges: &[Edge], row: i32, crossings: &mut Vec<f32>, counts: &mut [u32]) {
    const EACH: usize = SAMPLES as usize;
    let y = row as f32 + 0.5;
    crossings.clear();
    for (a, b) in edges {
        if (a.1 <= y) != (b.1 <= y) {
            crossings.push(a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0));
        }
    }
    crossings.sort_by(f32::total_cmp);
    for pair in crossings.chunks_exact(2) {
        let [from, to] = [pair[0], pair[1]].map(|x| ((x - 0.5).ceil().max(0.0) as usize).min(counts.len() * EACH));
        let (mut from, first) = (from, from / EACH);
        while from < to && from / EACH == first {
            counts[first] += 1;
            from += 1;
        }
        // Whole pixels at once, then what is begun of the last.
        for count in counts.iter_mut().take(to / EACH).skip(from / EACH) {
            *count += EACH as u32;
        }
        if from < to && to % EACH > 0 {
            counts[to / EACH] += (to % EACH) as u32;
        }
    }
}
