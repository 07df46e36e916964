//! The camera as the window shows it: the newest live picture while a screen asks for it, and the photo taken last. It reads what lies
//! ready and swaps one texture for each; it must never wait, take a picture apart, or know where a photo goes.

use egui::{
    Align2, Color32, ColorImage, Context, CornerRadius, Rect, Stroke, StrokeKind, TextureHandle, TextureId,
    TextureOptions, Ui, Vec2, pos2, vec2,
};

use super::icons::Icon;
use super::panel::Picture;
use super::theme::{Type, Weight, measure, palette};
use super::widgets::text;

/// How long a photo that was just taken is shown over the screen, ms.
pub const TAKEN_MS: u64 = 2_500;
/// Width of that picture with its frame, px at zoom 1.
const TAKEN_WIDTH: f32 = 300.0;

/// The station's cameras as the window sees them. No call may block.
pub trait CameraPort {
    /// Somebody looks at this camera now; an empty name is the one that photos are taken with.
    fn look(&self, name: &str);
    /// Its newest live picture; none while it shows nothing.
    fn live(&self, name: &str) -> Option<Picture>;
    /// The photo taken last.
    fn taken(&self) -> Option<Picture>;
}

/// A picture that the graphics card has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    texture: TextureId,
    size: Vec2,
}

/// What screens may draw of the camera in this frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// There is a camera to ask.
    pub here: bool,
    /// Its live picture.
    pub live: Option<Shown>,
}

/// One texture, changed in place with each new picture.
struct Slot {
    name: &'static str,
    id: u64,
    texture: Option<TextureHandle>,
}

impl Slot {
    const fn new(name: &'static str) -> Self {
        Self { name, id: 0, texture: None }
    }

    /// Takes a picture; the one it has stays where nothing is new.
    fn take(&mut self, ctx: &Context, picture: Option<&Picture>) -> Option<Shown> {
        let Some(picture) = picture else {
            self.texture = None;
            return None;
        };
        let bytes = picture.width.checked_mul(picture.height).and_then(|pixels| pixels.checked_mul(3));
        if bytes != Some(picture.rgb.len()) || picture.rgb.is_empty() {
            return None;
        }
        if self.texture.is_none() || self.id != picture.id {
            let image = ColorImage::from_rgb([picture.width, picture.height], &picture.rgb);
            match &mut self.texture {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                None => self.texture = Some(ctx.load_texture(self.name, image, TextureOptions::LINEAR)),
            }
            self.id = picture.id;
        }
        self.texture.as_ref().map(|texture| Shown { texture: texture.id(), size: texture.size_vec2() })
    }
}

/// The window's own memory of the camera.
pub struct Eyepiece {
    port: Box<dyn CameraPort>,
    live: Slot,
    taken: Slot,
    /// The photo that was there when the window opened, or was shown long enough.
    known: u64,
    /// Until when the new one is shown, in the window's own milliseconds.
    until_ms: Option<u64>,
}

impl Eyepiece {
    /// Over these cameras.
    #[must_use]
    pub fn new(port: Box<dyn CameraPort>) -> Self {
        let known = port.taken().map_or(0, |picture| picture.id);
        Self { port, live: Slot::new("camera-live"), taken: Slot::new("camera-taken"), known, until_ms: None }
    }

    /// What screens may draw; `wanted` is the camera that the last frame asked for.
    pub fn see(&mut self, ctx: &Context, wanted: Option<&str>) -> Seen {
        let live = match wanted {
            Some(name) => {
                self.port.look(name);
                let picture = self.port.live(name);
                self.live.take(ctx, picture.as_ref())
            }
            None => self.live.take(ctx, None),
        };
        Seen { here: true, live }
    }

    /// The photo that was just taken, for as long as it is shown, and how much longer that is in ms.
    pub fn just_taken(&mut self, ctx: &Context, now_ms: u64) -> Option<(Shown, u64)> {
        let picture = self.port.taken()?;
        if picture.id != self.known {
            self.known = picture.id;
            self.until_ms = Some(now_ms + TAKEN_MS);
        }
        let left_ms = self.until_ms.and_then(|until| until.checked_sub(now_ms)).filter(|left| *left > 0);
        let Some(left_ms) = left_ms else {
            self.until_ms = None;
            self.taken.take(ctx, None);
            return None;
        };
        self.taken.take(ctx, Some(&picture)).map(|shown| (shown, left_ms))
    }
}

/// The live picture in its frame; words in its place while there is none.
pub fn live(ui: &mut Ui, area: Rect, shown: Option<Shown>, name: &str, without: &str) {
    let colours = palette(ui);
    let corner = CornerRadius::same(12);
    ui.painter().rect_filled(area, corner, colours.sunken);
    match shown {
        Some(shown) => {
            let place = fitted(area.shrink(6.0), shown.size);
            paint(ui, place, shown);
            super::widgets::picture_named(ui, place, name);
        }
        None => {
            let square = Rect::from_center_size(area.center() - vec2(0.0, 36.0), vec2(88.0, 88.0));
            Icon::Camera.paint(ui.painter(), square, colours.muted, 1.8);
            let below =
                Rect::from_min_max(pos2(area.left() + 12.0, square.bottom() + 12.0), area.max - vec2(12.0, 12.0));
            let style = Type::new(20.0, Weight::Regular);
            text::put_fitted(ui, below, Align2::CENTER_TOP, style, 14.0, without, colours.muted);
        }
    }
    ui.painter().rect_stroke(area, corner, Stroke::new(measure::STROKE_CARD, colours.line_strong), StrokeKind::Inside);
}

/// The photo that was just taken, above the actions: it takes no press.
pub fn taken(ui: &mut Ui, window: Rect, shown: Shown, words: &str) {
    let colours = palette(ui);
    let picture = vec2(TAKEN_WIDTH - 16.0, (TAKEN_WIDTH - 16.0) * shown.size.y / shown.size.x.max(1.0))
        .min(vec2(TAKEN_WIDTH - 16.0, TAKEN_WIDTH));
    let size = vec2(TAKEN_WIDTH, picture.y + 60.0);
    let corner_point = pos2(window.left() + 24.0, window.bottom() - measure::ACTIONS_HEIGHT - 12.0 - size.y);
    let frame = Rect::from_min_size(corner_point, size);
    let corner = CornerRadius::same(12);
    ui.painter().rect_filled(frame, corner, colours.raised);
    ui.painter().rect_stroke(frame, corner, Stroke::new(4.0, colours.ok), StrokeKind::Inside);
    let place = fitted(Rect::from_min_size(frame.min + vec2(8.0, 8.0), picture), shown.size);
    paint(ui, place, shown);
    super::widgets::picture_named(ui, place, words);
    let row = Rect::from_min_max(pos2(frame.left() + 12.0, frame.bottom() - 48.0), frame.max - vec2(12.0, 6.0));
    let tick = Rect::from_min_size(row.min + vec2(0.0, 4.0), vec2(34.0, 34.0));
    Icon::Check.paint(ui.painter(), tick, colours.ok, 3.0);
    let beside = Rect::from_min_max(pos2(tick.right() + 10.0, row.top()), row.max);
    text::paint_fitted(ui, beside, Align2::LEFT_CENTER, Type::new(20.0, Weight::Bold), 14.0, words, colours.text);
}

/// The largest place of these proportions within an area.
fn fitted(area: Rect, size: Vec2) -> Rect {
    let scale = (area.width() / size.x.max(1.0)).min(area.height() / size.y.max(1.0));
    Rect::from_center_size(area.center(), size * scale)
}

fn paint(ui: &Ui, place: Rect, shown: Shown) {
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter().image(shown.texture, place, whole, Color32::WHITE);
}
