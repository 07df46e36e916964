//! The colour tokens of both themes and how the five signals look. The only file with colour values of the interface.

use egui::Color32;

use crate::core::signal::Signal;
use crate::station::icons::Icon;

/// Every colour of the interface, by the name of its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// Window, behind cards.
    pub surface: Color32,
    /// Cards, bars, sheets (the one elevation step).
    pub raised: Color32,
    /// Bar tracks, neutral tags, kanban columns.
    pub sunken: Color32,
    /// Dividers only, never a control edge.
    pub line: Color32,
    /// Edges of controls and of waiting steps.
    pub line_strong: Color32,
    /// Text, also fill of the ink button.
    pub text: Color32,
    /// Second line, units, key hints.
    pub muted: Color32,
    /// Signal NOW; primary button while the signal is NOW.
    pub accent: Color32,
    /// Text on `accent`.
    pub on_accent: Color32,
    /// Current row.
    pub accent_soft: Color32,
    /// Icons and links in accent.
    pub accent_text: Color32,
    /// Signal OK.
    pub ok: Color32,
    /// Text on `ok`.
    pub on_ok: Color32,
    /// Soft ground of OK.
    pub ok_soft: Color32,
    /// Icons and words in OK.
    pub ok_text: Color32,
    /// Signal DECIDE.
    pub warn: Color32,
    /// Text on `warn`.
    pub on_warn: Color32,
    /// Soft ground of DECIDE.
    pub warn_soft: Color32,
    /// Icons and words in DECIDE.
    pub warn_text: Color32,
    /// Signal STOP.
    pub stop: Color32,
    /// Text on `stop`.
    pub on_stop: Color32,
    /// Soft ground of STOP.
    pub stop_soft: Color32,
    /// Icons and words in STOP.
    pub stop_text: Color32,
    /// Stripes on stop.
    pub stop_stripe: Color32,
    /// Signal WAIT, offline.
    pub info: Color32,
    /// Text on `info`.
    pub on_info: Color32,
    /// Soft ground of WAIT.
    pub info_soft: Color32,
    /// Icons and words in WAIT.
    pub info_text: Color32,
    /// Accepted flash, same in both themes.
    pub ok_flash: Color32,
    /// Refused flash, same in both themes.
    pub stop_flash: Color32,
    /// Text on both flashes.
    pub on_flash: Color32,
    /// Behind product pictures, same in both themes, so outlines and true colours hold.
    pub mat: Color32,
    /// Box drawing, top face.
    pub kraft_top: Color32,
    /// Box drawing, left face.
    pub kraft_left: Color32,
    /// Box drawing, right face.
    pub kraft_right: Color32,
    /// Box drawing, inside.
    pub kraft_in: Color32,
    /// Box drawing, edges.
    pub kraft_line: Color32,
}

/// The light theme.
pub static LIGHT: Palette = Palette {
    surface: Color32::from_rgb(0xEF, 0xED, 0xE8),
    raised: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    sunken: Color32::from_rgb(0xE2, 0xDF, 0xD8),
    line: Color32::from_rgb(0xCF, 0xCB, 0xC1),
    line_strong: Color32::from_rgb(0x7A, 0x76, 0x6C),
    text: Color32::from_rgb(0x15, 0x18, 0x1E),
    muted: Color32::from_rgb(0x54, 0x52, 0x4B),
    accent: Color32::from_rgb(0x1E, 0x3E, 0xB8),
    on_accent: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    accent_soft: Color32::from_rgb(0xE0, 0xE6, 0xFB),
    accent_text: Color32::from_rgb(0x1E, 0x3E, 0xB8),
    ok: Color32::from_rgb(0x0A, 0x6B, 0x4E),
    on_ok: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    ok_soft: Color32::from_rgb(0xD2, 0xEB, 0xE0),
    ok_text: Color32::from_rgb(0x0A, 0x5C, 0x43),
    warn: Color32::from_rgb(0xF4, 0xB3, 0x22),
    on_warn: Color32::from_rgb(0x1E, 0x15, 0x00),
    warn_soft: Color32::from_rgb(0xFC, 0xEC, 0xC6),
    warn_text: Color32::from_rgb(0x70, 0x46, 0x00),
    stop: Color32::from_rgb(0xBC, 0x1F, 0x0C),
    on_stop: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    stop_soft: Color32::from_rgb(0xFB, 0xDF, 0xD8),
    stop_text: Color32::from_rgb(0xA3, 0x1A, 0x09),
    stop_stripe: Color32::from_rgb(0x8C, 0x15, 0x05),
    info: Color32::from_rgb(0x3D, 0x4A, 0x5C),
    on_info: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    info_soft: Color32::from_rgb(0xDE, 0xE4, 0xEC),
    info_text: Color32::from_rgb(0x36, 0x42, 0x53),
    ok_flash: Color32::from_rgb(0x0A, 0x6B, 0x4E),
    stop_flash: Color32::from_rgb(0xBC, 0x1F, 0x0C),
    on_flash: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    mat: Color32::from_rgb(0xEF, 0xED, 0xE8),
    kraft_top: Color32::from_rgb(0xE6, 0xCD, 0xA2),
    kraft_left: Color32::from_rgb(0xCD, 0xA8, 0x72),
    kraft_right: Color32::from_rgb(0xB9, 0x8F, 0x55),
    kraft_in: Color32::from_rgb(0xD9, 0xBB, 0x8A),
    kraft_line: Color32::from_rgb(0x5A, 0x3E, 0x1A),
};

/// The dark theme.
pub static DARK: Palette = Palette {
    surface: Color32::from_rgb(0x0F, 0x12, 0x16),
    raised: Color32::from_rgb(0x1A, 0x1F, 0x26),
    sunken: Color32::from_rgb(0x09, 0x0B, 0x0E),
    line: Color32::from_rgb(0x36, 0x3E, 0x49),
    line_strong: Color32::from_rgb(0x87, 0x92, 0xA2),
    text: Color32::from_rgb(0xF4, 0xF5, 0xF7),
    muted: Color32::from_rgb(0xB6, 0xBD, 0xC8),
    accent: Color32::from_rgb(0x3D, 0x5F, 0xE6),
    on_accent: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    accent_soft: Color32::from_rgb(0x22, 0x2D, 0x59),
    accent_text: Color32::from_rgb(0xA9, 0xBC, 0xFF),
    ok: Color32::from_rgb(0x0E, 0x7F, 0x5D),
    on_ok: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    ok_soft: Color32::from_rgb(0x10, 0x39, 0x2D),
    ok_text: Color32::from_rgb(0x6F, 0xE0, 0xBA),
    warn: Color32::from_rgb(0xFF, 0xC7, 0x44),
    on_warn: Color32::from_rgb(0x26, 0x1A, 0x00),
    warn_soft: Color32::from_rgb(0x43, 0x32, 0x0B),
    warn_text: Color32::from_rgb(0xFF, 0xD3, 0x6B),
    stop: Color32::from_rgb(0xD0, 0x36, 0x22),
    on_stop: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    stop_soft: Color32::from_rgb(0x4A, 0x17, 0x10),
    stop_text: Color32::from_rgb(0xFF, 0x9C, 0x8D),
    stop_stripe: Color32::from_rgb(0x8C, 0x15, 0x05),
    info: Color32::from_rgb(0x5D, 0x6D, 0x83),
    on_info: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    info_soft: Color32::from_rgb(0x28, 0x31, 0x3D),
    info_text: Color32::from_rgb(0xC2, 0xCC, 0xD9),
    ok_flash: Color32::from_rgb(0x0A, 0x6B, 0x4E),
    stop_flash: Color32::from_rgb(0xBC, 0x1F, 0x0C),
    on_flash: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    mat: Color32::from_rgb(0xEF, 0xED, 0xE8),
    kraft_top: Color32::from_rgb(0xE6, 0xCD, 0xA2),
    kraft_left: Color32::from_rgb(0xCD, 0xA8, 0x72),
    kraft_right: Color32::from_rgb(0xB9, 0x8F, 0x55),
    kraft_in: Color32::from_rgb(0xD9, 0xBB, 0x8A),
    kraft_line: Color32::from_rgb(0x5A, 0x3E, 0x1A),
};

/// Ink that stays dark in both themes: drawn over pictures, whose ground is the same in both.
pub const PICTURE_INK: Color32 = Color32::from_rgb(0x15, 0x18, 0x1E);
/// Amber corner of the product's mark.
pub const MARK_AMBER: Color32 = Color32::from_rgb(0xF4, 0xB3, 0x22);
/// How strongly a sheet dims what lies behind it, in percent.
pub const DIM_PERCENT: u8 = 55;

/// How a signal looks. A trait, because the signal itself belongs to the domain and knows no colour.
pub trait SignalLook: Copy {
    /// Ground of the say band, of the rail's current step and of the frame.
    fn fill(self, palette: &Palette) -> Color32;
    /// Text and icons on [`Self::fill`].
    fn on(self, palette: &Palette) -> Color32;
    /// Soft ground of the current row and of tags.
    fn soft(self, palette: &Palette) -> Color32;
    /// Icons and words in the signal's colour on paper.
    fn text(self, palette: &Palette) -> Color32;
    /// Colour of the stage's frame.
    fn frame(self, palette: &Palette) -> Color32;
    /// Width of the stage's frame, px.
    fn frame_px(self) -> f32;
    /// Only a refusal is striped, so that it is known in grey.
    fn striped(self) -> bool;
    /// The shape that means this signal where the screen names no other icon.
    fn icon(self) -> Icon;
}

impl SignalLook for Signal {
    fn fill(self, palette: &Palette) -> Color32 {
        match self {
            Self::Now => palette.accent,
            Self::Ok => palette.ok,
            Self::Decide => palette.warn,
            Self::Stop => palette.stop,
            Self::Wait => palette.info,
        }
    }

    fn on(self, palette: &Palette) -> Color32 {
        match self {
            Self::Now => palette.on_accent,
            Self::Ok => palette.on_ok,
            Self::Decide => palette.on_warn,
            Self::Stop => palette.on_stop,
            Self::Wait => palette.on_info,
        }
    }

    fn soft(self, palette: &Palette) -> Color32 {
        match self {
            Self::Now => palette.accent_soft,
            Self::Ok => palette.ok_soft,
            Self::Decide => palette.warn_soft,
            Self::Stop => palette.stop_soft,
            Self::Wait => palette.info_soft,
        }
    }

    fn text(self, palette: &Palette) -> Color32 {
        match self {
            Self::Now => palette.accent_text,
            Self::Ok => palette.ok_text,
            Self::Decide => palette.warn_text,
            Self::Stop => palette.stop_text,
            Self::Wait => palette.info_text,
        }
    }

    fn frame(self, palette: &Palette) -> Color32 {
        match self {
            Self::Now | Self::Wait => palette.line,
            Self::Ok => palette.ok,
            Self::Decide => palette.warn,
            Self::Stop => palette.stop,
        }
    }

    fn frame_px(self) -> f32 {
        match self {
            Self::Now | Self::Wait => 2.0,
            Self::Ok | Self::Decide | Self::Stop => 6.0,
        }
    }

    fn striped(self) -> bool {
        match self {
            Self::Stop => true,
            Self::Now | Self::Ok | Self::Decide | Self::Wait => false,
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Now => Icon::Scan,
            Self::Ok => Icon::Okc,
            Self::Decide => Icon::Tri,
            Self::Stop => Icon::Oct,
            Self::Wait => Icon::Wait,
        }
    }
}
