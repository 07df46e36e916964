//! The printed label as a picture: what the printer got, not a redrawing of it.

use egui::{
    Color32, ColorImage, CornerRadius, Rect, Stroke, StrokeKind, TextureFilter, TextureHandle, TextureOptions, Ui,
    Vec2, pos2,
};

use crate::station::theme::palette;

/// A rendered label, one byte per pixel: 0 black to 255 white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster<'a> {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Rows from the top, `width * height` bytes.
    pub grey: &'a [u8],
}

/// Uploads a rendered label. `None` if the bytes do not make up the picture.
#[must_use]
pub fn upload(ctx: &egui::Context, name: &str, raster: &Raster<'_>) -> Option<TextureHandle> {
    let pixels = raster.width.checked_mul(raster.height)?;
    if pixels == 0 || pixels != raster.grey.len() {
        return None;
    }
    let image = ColorImage::from_gray([raster.width, raster.height], raster.grey);
    // Bars that are made smaller without an average would lose some of them.
    let options = TextureOptions { mipmap_mode: Some(TextureFilter::Linear), ..TextureOptions::LINEAR };
    Some(ctx.load_texture(name, image, options))
}

/// Draws the label as large as it fits in `rect`, on paper with an edge. Without a picture the paper stays empty.
/// Returns the paper.
pub fn preview(ui: &mut Ui, rect: Rect, label: Option<&TextureHandle>, name: &str) -> Rect {
    let size = label.map_or(Vec2::new(300.0, 438.0), TextureHandle::size_vec2);
    let inset = 10.0;
    let room = rect.size() - Vec2::splat(inset * 2.0);
    let scale = (room.x / size.x).min(room.y / size.y);
    let paper = Rect::from_center_size(rect.center(), size * scale + Vec2::splat(inset * 2.0));
    let corner = CornerRadius::same(8);
    // Paper is white and its edge grey in both themes.
    ui.painter().rect_filled(paper, corner, Color32::WHITE);
    ui.painter().rect_stroke(paper, corner, Stroke::new(2.0, palette(ui).line_strong), StrokeKind::Inside);
    if let Some(texture) = label {
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(texture.id(), paper.shrink(inset), uv, Color32::WHITE);
    }
    super::picture_named(ui, paper, name);
    paper
}
