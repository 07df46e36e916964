//! Colours, type and measures of the window. Nothing here draws, and nothing outside this folder names a
//! colour value or a font file.

pub mod contrast;
pub mod fonts;
pub mod measure;
pub mod tokens;

pub use super::local::Look;
pub use crate::core::signal::Signal;
pub use fonts::{Type, Weight};
pub use tokens::{DARK, LIGHT, Palette, SignalLook};

/// The palette in force for this `ui`: egui's own light/dark switch decides, so one call to
/// [`apply`] changes every widget.
#[must_use]
pub fn palette(ui: &egui::Ui) -> &'static Palette {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// Prepares a context for the window: fonts, both styles, no keyboard zoom, no hover text.
pub fn install(ctx: &egui::Context) {
    fonts::install(ctx);
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    for (theme, palette) in [(egui::Theme::Light, &LIGHT), (egui::Theme::Dark, &DARK)] {
        ctx.style_mut_of(theme, |style| style_for(style, palette));
    }
}

/// Switches the whole window at once. A desktop that says nothing of its own look leaves it light.
pub fn apply(ctx: &egui::Context, look: Look) {
    ctx.options_mut(|options| options.fallback_theme = egui::Theme::Light);
    ctx.set_theme(match look {
        Look::Light => egui::ThemePreference::Light,
        Look::Dark => egui::ThemePreference::Dark,
        Look::System => egui::ThemePreference::System,
    });
}

fn style_for(style: &mut egui::Style, palette: &Palette) {
    style.spacing.interact_size = egui::vec2(measure::TARGET_MIN, measure::TARGET_MIN);
    style.spacing.item_spacing = egui::vec2(12.0, 12.0);
    style.animation_time = 0.0;
    style.interaction.selectable_labels = false;
    style.override_font_id = Some(fonts::body().font_id());
    let visuals = &mut style.visuals;
    visuals.panel_fill = palette.surface;
    visuals.window_fill = palette.raised;
    visuals.extreme_bg_color = palette.raised;
    visuals.override_text_color = Some(palette.text);
    visuals.selection.bg_fill = palette.accent_soft;
    visuals.selection.stroke = egui::Stroke::new(2.0, palette.accent_text);
    visuals.text_cursor.blink = false;
    let corner = egui::CornerRadius::same(measure::RADIUS_CONTROL);
    let states = &mut visuals.widgets;
    for state in
        [&mut states.noninteractive, &mut states.inactive, &mut states.hovered, &mut states.active, &mut states.open]
    {
        state.bg_fill = palette.raised;
        state.weak_bg_fill = palette.raised;
        state.bg_stroke = egui::Stroke::new(2.0, palette.line_strong);
        state.fg_stroke = egui::Stroke::new(2.0, palette.text);
        state.corner_radius = corner;
        state.expansion = 0.0;
    }
}
