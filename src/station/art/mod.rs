//! Product pictures for products without a photo: simple line drawings chosen by the words of the product's
//! name and coloured by its colour word; a name without a known word shows its initial. Stand-ins only:
//! nothing here decides what a product is.

mod drawings;
mod words;

use std::sync::Arc;

use egui::{Align2, Color32, Id, Rect, Ui};

use super::theme::tokens::PICTURE_INK;
use super::theme::{Type, Weight, palette};
use super::vector::{Art, Paint, Part};

pub use drawings::Picture;

/// Outline of every drawing.
const LINE: Color32 = Color32::from_rgb(0x3A, 0x36, 0x2E);
/// Width of the outline on the 200-unit grid.
const LINE_WIDTH: f32 = 4.0;
/// Side of the grid.
const GRID: f32 = 200.0;
/// Size of the initial on a picture 288 px wide.
const INITIAL_SHARE: f32 = 160.0 / 288.0;

/// How one path of a drawing takes its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    /// The product's own colour, where its name tells one.
    Own,
    /// Always this colour, `0xRRGGBB`.
    Fixed(u32),
    /// Outline alone.
    None,
    /// A line of this colour and width without outline.
    Stripe(u32, u8),
}

const fn rgb(value: u32) -> Color32 {
    let [_, r, g, b] = value.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// Words of a name in capitals without a plural S.
fn split(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        let word = word.to_uppercase();
        match word.strip_suffix('S') {
            Some(stem) if stem.len() > 2 && !stem.ends_with('S') => stem.to_owned(),
            Some(_) | None => word,
        }
    })
}

/// The product's colour by its name, if the name tells one.
#[must_use]
pub fn colour_of(name: &str) -> Option<Color32> {
    split(name).find_map(|word| words::COLOURS.iter().find(|(colour, _)| *colour == word).map(|(_, value)| rgb(*value)))
}

/// The drawing for a product's name, if its words tell one.
#[must_use]
pub fn picture_of(name: &str) -> Option<Picture> {
    let found: Vec<String> = split(name).collect();
    words::picture(&found)
}

fn build(picture: Picture, own: Option<Color32>) -> Art {
    let piece = 3.0;
    let own = own.unwrap_or_else(|| rgb(picture.own()));
    let parts = picture
        .parts()
        .iter()
        .map(|(data, fill)| {
            let paint = match *fill {
                Fill::Own => Paint::FillAndLine(own, LINE, LINE_WIDTH),
                Fill::Fixed(value) => Paint::FillAndLine(rgb(value), LINE, LINE_WIDTH),
                Fill::None => Paint::Line(LINE, LINE_WIDTH),
                Fill::Stripe(value, width) => Paint::Line(rgb(value), f32::from(width)),
            };
            Part::new(data, paint, piece)
        })
        .collect();
    Art::new(GRID, parts)
}

/// Paints the stand-in for `name` into `rect`, which should lie on the `mat` colour.
pub fn paint(ui: &Ui, rect: Rect, name: &str) {
    if let Some(picture) = picture_of(name) {
        let own = colour_of(name);
        let id = Id::unique(("product-art", picture, own.map(|c| c.to_array())));
        let art: Arc<Art> =
            ui.data_mut(|data| data.get_temp_mut_or_insert_with(id, || Arc::new(build(picture, own))).clone());
        art.paint(ui.painter(), rect);
        return;
    }
    let initial: String =
        name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let font = Type::new(rect.height() * INITIAL_SHARE, Weight::Bold).font_id();
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, initial, font, PICTURE_INK);
}

/// Paints a picture on its mat: ground, corners and drawing. `inset` px stay free around the drawing.
pub fn paint_on_mat(ui: &Ui, rect: Rect, radius: u8, inset: f32, name: &str) {
    ui.painter().rect_filled(rect, radius, palette(ui).mat);
    paint(ui, rect.shrink(inset), name);
}
