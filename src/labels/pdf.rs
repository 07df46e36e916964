//! Sheets as PDF: vector rules and codes, text as text with the used glyphs of the embedded fonts.
//!
//! One sheet is one page of its own size. No date and no random identifier goes in, so equal sheets give equal bytes.
//! This file must never lay out, only draw.

use super::LabelError;
use super::sheet::{Area, Barcode, Element, Ink, Pattern, Polygon, Sheet, edges};
use super::text::{Face, Text, glyphs, units_per_em};
use krilla::color::luma;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Paint};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

/// Most pages in one file.
pub const PAGES_MAX: usize = 500;
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
    let fonts = Fonts::load()?;
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

struct Fonts(Vec<(Face, Font)>);

impl Fonts {
    fn load() -> Result<Self, LabelError> {
        let load = |face: Face| {
            let font = Font::new(face.bytes().into(), 0).ok_or(LabelError::Font { face })?;
            Ok((face, font))
        };
        Face::ALL.into_iter().map(load).collect::<Result<Vec<_>, LabelError>>().map(Self)
    }

    fn get(&self, face: Face) -> Result<Font, LabelError> {
        let found = self.0.iter().find(|(f, _)| *f == face);
        found.map(|(_, font)| font.clone()).ok_or(LabelError::Font { face })
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
    let module = barcode.module_um;
    match &barcode.pattern {
        Pattern::Linear(code) => {
            let mut x_um = dark.x_um;
            let mut bars = Vec::new();
            for (i, width) in code.widths().into_iter().enumerate() {
                let w_um = i32::from(width) * module;
                if i % 2 == 0 {
                    bars.push(Area { x_um, w_um, ..dark });
                }
                x_um += w_um;
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
    let font = fonts.get(face)?;
    let units = units_per_em(face)? as f32;
    set_ink(surface, if text.style.inverse { Ink::White } else { Ink::Black });
    for line in &text.lines {
        let glyph = |g: super::text::PlacedGlyph| {
            let range = g.byte..g.byte + g.bytes;
            let id = GlyphId::new(u32::from(g.id.0));
            KrillaGlyph::new(id, g.advance_units as f32 / units, 0.0, 0.0, 0.0, range, None)
        };
        let placed: Vec<KrillaGlyph> = glyphs(&line.text, face)?.into_iter().map(glyph).collect();
        let start = Point::from_xy(points(line.x_um), points(line.baseline_um));
        surface.draw_glyphs(start, &placed, font.clone(), &line.text, points(text.size_um), false);
    }
    Ok(())
}
