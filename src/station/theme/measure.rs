//! Distances, radii, strokes and target sizes, in logical pixels (1 px = 1 point before zoom).

/// Least height and width of anything that can be touched.
pub const TARGET_MIN: f32 = 56.0;
/// Height of a button in the action bar.
pub const TARGET_ACTION: f32 = 64.0;
/// Height of a main button.
pub const TARGET_LARGE: f32 = 80.0;
/// Height of the one button that starts an order.
pub const TARGET_XL: f32 = 104.0;
/// Corner radius of tags and small pictures.
pub const RADIUS_TAG: u8 = 6;
/// Corner radius of buttons.
pub const RADIUS_CONTROL: u8 = 10;
/// Corner radius of cards.
pub const RADIUS_CARD: u8 = 16;
/// Stroke of rows in a list.
pub const STROKE_ROW: f32 = 1.0;
/// Stroke of cards and controls.
pub const STROKE_CARD: f32 = 2.0;
/// Stroke of a choice beside another.
pub const STROKE_CHOICE: f32 = 3.0;
/// Stroke of a frame that carries a signal.
pub const STROKE_SIGNAL: f32 = 6.0;
/// Height of the diagonal stripes of a refusal.
pub const STRIPES_HEIGHT: f32 = 20.0;
/// Least height of the say band.
pub const SAY_HEIGHT: f32 = 104.0;
/// Inner edge of a stage card.
pub const BODY_PADDING: f32 = 24.0;
/// Height of the top bar.
pub const TOP_HEIGHT: f32 = 64.0;
/// Height of the action bar with one row.
pub const ACTIONS_HEIGHT: f32 = 88.0;
/// Width of the rail.
pub const RAIL_WIDTH: f32 = 176.0;
/// Width of the side list.
pub const SIDE_WIDTH: f32 = 320.0;
