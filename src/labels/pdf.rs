//! Sheets as PDF: vector rules and codes, text as text with the used glyphs of the embedded fonts.
//!
//! One sheet is one page of its own size. No date and no random identifier goes in, so equal sheets give equal bytes.
//! This file must never lay out, only draw.

use super::LabelError;
use super::sheet::{Area, Barcode, Element, Ink, Pattern, Polygon, Sheet, edges};
use super::text::{Face, PlacedGlyph, Text, units_per_em};
use krilla::color::luma;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Paint};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use std::cell::OnceCell;

/// Most pages in one file.
pub const PAGES_MAX: usize = 10_000;
/// Points in a micrometre: 72 in 25.4 mm.
const POINTS_PER_UM: f32 = 72.0 / 25_400.0;
/// The red of the hatching of transport marks (ISO 3864 safety red as sRGB).
const RED: (u8, u8, u8) = (0xC8, 0x10, 0x2E);

/// The sheets as the pages of one PDF file.
///
/// # Errors
/// [`LabelError::TooMany`] pages, [`LabelError::Font`], [`LabelError::Encoder`].
pub fn render(sheets: &[Sheet]) -> Result<Vec<u8>, LabelError> {
    if sheets.len() > PAGES_MAX {
        return Err(LabelError::TooMany { what: "pages", most: PAGES_MAX });
    }
    let fonts = Fonts::new();
    let settings = SerializeSettings { xmp_metadata: false, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    for sheet in sheets {
        let area = sheet.area();
        let size = PageSettings::from_wh(points(area.w_um), points(area.h_um));
        let size = size.ok_or(LabelError::SheetSize { width_um: area.w_um, height_um: area.h_um })?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for element in sheet.elements() {
            draw(&mut surface, element, &fonts)?;
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|e| LabelError::Encoder { format: "PDF", reason: format!("{e:?}") })
}

/// Every face, read when the first text in it is drawn.
struct Fonts(Vec<(Face, OnceCell<Font>)>);

impl Fonts {
    fn new() -> Self {
        Self(Face::ALL.map(|face| (face, OnceCell::new())).into())
    }

    fn get(&self, face: Face) -> Result<Font, LabelError> {
        let wrong = LabelError::Font { face };
        let Some((_, cell)) = self.0.iter().find(|(f, _)| *f == face) else { return Err(wrong) };
        if let Some(font) = cell.get() {
            return Ok(font.clone());
        }
        let font = Font::new(face.bytes().into(), 0).ok_or(wrong)?;
        Ok(cell.get_or_init(|| font).clone())
    }
}

fn points(um: i32) -> f32 {
    um as f32 * POINTS_PER_UM
}

fn paint(ink: Ink) -> Paint {
    match ink {
        Ink::Black => luma::Color::black().into(),
        Ink::White => luma::Color::white().into(),
        Ink::Red => rgb::Color::new(RED.0, RED.1, RED.2).into(),
    }
}

fn set_ink(surface: &mut Surface<'_>, ink: Ink) {
    surface.set_fill(Some(Fill { paint: paint(ink), rule: FillRule::EvenOdd, ..Fill::default() }));
}

fn draw(surface: &mut Surface<'_>, element: &Element, fonts: &Fonts) -> Result<(), LabelError> {
    match element {
        Element::Text(text) => draw_text(surface, text, fonts)?,
        Element::Line(area) => draw_areas(surface, &[*area], Ink::Black),
        Element::Fill(area, ink) => draw_areas(surface, &[*area], *ink),
        Element::Outline { area, width_um } => draw_areas(surface, &edges(*area, *width_um), Ink::Black),
        Element::Barcode(barcode) => draw_areas(surface, &dark_areas(barcode), Ink::Black),
        Element::Polygon(polygon) => draw_polygon(surface, polygon),
        Element::Image { area, columns, dark } => draw_areas(surface, &image_runs(*area, *columns, dark), Ink::Black),
    }
    Ok(())
}

/// All areas as one path: one fill, so neighbouring modules leave no hairline.
fn draw_areas(surface: &mut Surface<'_>, areas: &[Area], ink: Ink) {
    let mut path = PathBuilder::new();
    for area in areas {
        if let Some(rect) = Rect::from_xywh(points(area.x_um), points(area.y_um), points(area.w_um), points(area.h_um))
        {
            path.push_rect(rect);
        }
    }
    if let Some(path) = path.finish() {
        set_ink(surface, ink);
        surface.draw_path(&path);
    }
}

/// The dark bars, or the dark runs of each row of a matrix.
fn dark_areas(barcode: &Barcode) -> Vec<Area> {
    let dark = barcode.dark_area();
    let module = barcode.module_page_um;
    match &barcode.pattern {
        Pattern::Linear(_) | Pattern::Bars(_) => {
            let bearer_um = barcode.pattern.bearer_modules() as i32 * module;
            let between = Area { y_um: dark.y_um + bearer_um, h_um: dark.h_um - 2 * bearer_um, ..dark };
            let mut x_um = dark.x_um;
            let mut bars = Vec::new();
            for (i, width) in barcode.pattern.widths().unwrap_or_default().into_iter().enumerate() {
                let w_um = i32::from(width) * module;
                if i % 2 == 0 {
                    bars.push(Area { x_um, w_um, ..between });
                }
                x_um += w_um;
            }
            if bearer_um > 0 {
                // Areas of one path must not overlap: where they do, the even-odd rule leaves them white.
                bars.push(Area { h_um: bearer_um, ..dark });
                bars.push(Area { y_um: between.bottom_um(), h_um: bearer_um, ..dark });
            }
            bars
        }
        Pattern::Matrix { columns, dark: modules } => {
            let mut runs = Vec::new();
            for (row, cells) in modules.chunks((*columns).max(1) as usize).enumerate() {
                let mut column = 0;
                for run in cells.chunk_by(|a, b| a == b) {
                    if run[0] {
                        runs.push(Area {
                            x_um: dark.x_um + column * module,
                            y_um: dark.y_um + row as i32 * module,
                            w_um: run.len() as i32 * module,
                            h_um: module,
                        });
                    }
                    column += run.len() as i32;
                }
            }
            runs
        }
    }
}

/// The dark runs of each row of a picture.
fn image_runs(area: Area, columns: u32, dark: &[bool]) -> Vec<Area> {
    let columns = columns.max(1) as usize;
    let rows = dark.len() / columns;
    let part = |whole: i32, n: usize, of: usize| (i64::from(whole) * n as i64 / of.max(1) as i64) as i32;
    let mut runs = Vec::new();
    for (row, cells) in dark.chunks_exact(columns).enumerate() {
        let (y_um, bottom_um) = (area.y_um + part(area.h_um, row, rows), area.y_um + part(area.h_um, row + 1, rows));
        let mut column = 0;
        for run in cells.chunk_by(|a, b| a == b) {
            let next = column + run.len();
            if run[0] {
                let (x_um, right_um) = (part(area.w_um, column, columns), part(area.w_um, next, columns));
                runs.push(Area { x_um: area.x_um + x_um, y_um, w_um: right_um - x_um, h_um: bottom_um - y_um });
            }
            column = next;
        }
    }
    runs
}

fn draw_polygon(surface: &mut Surface<'_>, polygon: &Polygon) {
    let mut path = PathBuilder::new();
    let mut corners = polygon.points.iter();
    if let Some(first) = corners.next() {
        path.move_to(points(first.0), points(first.1));
    }
    for corner in corners {
        path.line_to(points(corner.0), points(corner.1));
    }
    path.close();
    if let Some(path) = path.finish() {
        set_ink(surface, polygon.ink);
        surface.draw_path(&path);
    }
}

fn draw_text(surface: &mut Surface<'_>, text: &Text, fonts: &Fonts) -> Result<(), LabelError> {
    let face = text.style.face;
    let units = units_per_em(face)? as f32;
    set_ink(surface, if text.style.inverse { Ink::White } else { Ink::Black });
    for line in &text.lines {
        for run in line.glyphs(face)?.chunk_by(|a, b| a.face == b.face) {
            let Some(first) = run.first() else { continue };
            let mut pen = first.x_units;
            let glyph = |g: &PlacedGlyph| {
                let range = g.byte..g.byte + g.bytes;
                let id = GlyphId::new(u32::from(g.id.0));
                let em = |n: i32| n as f32 / units;
                let (x, y) = (em(g.x_units - pen), em(g.y_units));
                pen += g.advance_units;
                KrillaGlyph::new(id, em(g.advance_units), x, y, 0.0, range, None)
            };
            let placed: Vec<KrillaGlyph> = run.iter().map(glyph).collect();
            let left = points(line.x_um) + first.x_units as f32 / units * points(text.size_um);
            let start = Point::from_xy(left, points(line.baseline_um));
            surface.draw_glyphs(start, &placed, fonts.get(first.face)?, &line.text, points(text.size_um), false);
        }
    }
    Ok(())
}
