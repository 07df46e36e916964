//! Buttons: the six equal ones of the action bar, the main ones on the stage, and the choices of a sheet. A
//! button that cannot be used says why, with a lock and a dashed edge, and is never merely pale.

use egui::{
    Align2, Color32, CornerRadius, Key, Modifiers, Pos2, Rect, Response, Shape, Stroke, StrokeKind, Ui, Vec2, pos2,
    vec2,
};

use super::text;
use crate::station::icons::Icon;
use crate::station::theme::{Palette, Signal, SignalLook, Type, Weight, fonts, measure, palette};

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Paper with an edge.
    Plain,
    /// The main act while the signal is NOW.
    Primary,
    /// The main act while another signal speaks.
    Ink,
    /// In a signal's colour: a choice that is taken.
    Signal(Signal),
    /// On the band of a sheet, in the band's own text colour.
    OnBand(Signal),
}

/// How large a button's word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 22 px, for 64 px high buttons.
    Action,
    /// 26 px, for 80 px high buttons.
    Large,
    /// 36 px, for the 104 px high button that starts an order.
    Huge,
}

/// Which side of the word its icon stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before the word.
    Before,
    /// After the word, for "go on".
    After,
}

/// One button.
#[derive(Debug, Clone, Copy)]
pub struct Button<'a> {
    word: &'a str,
    icon: Option<(Icon, Side)>,
    look: Look,
    size: Size,
    reason: Option<&'a str>,
    key: Option<Key>,
}

impl<'a> Button<'a> {
    /// A plain button with a word.
    #[must_use]
    pub const fn new(word: &'a str) -> Self {
        Self { word, icon: None, look: Look::Plain, size: Size::Action, reason: None, key: None }
    }

    /// With an icon before the word.
    #[must_use]
    pub const fn icon(self, icon: Icon) -> Self {
        Self { icon: Some((icon, Side::Before)), ..self }
    }

    /// With an icon after the word.
    #[must_use]
    pub const fn icon_after(self, icon: Icon) -> Self {
        Self { icon: Some((icon, Side::After)), ..self }
    }

    /// In another look.
    #[must_use]
    pub const fn look(self, look: Look) -> Self {
        Self { look, ..self }
    }

    /// In another size.
    #[must_use]
    pub const fn size(self, size: Size) -> Self {
        Self { size, ..self }
    }

    /// Out of use, and why: words that follow the button's own after a colon.
    #[must_use]
    pub const fn off(self, reason: &'a str) -> Self {
        Self { reason: Some(reason), ..self }
    }

    /// Also pressed by this key.
    #[must_use]
    pub const fn key(self, key: Key) -> Self {
        Self { key: Some(key), ..self }
    }

    const fn kind(&self) -> Type {
        match self.size {
            Size::Action => fonts::body().in_face(Weight::SemiBold),
            Size::Large => Type::new(26.0, Weight::SemiBold),
            Size::Huge => Type::new(36.0, Weight::Bold),
        }
    }

    const fn icon_px(&self) -> f32 {
        match self.size {
            Size::Action => 28.0,
            Size::Large => 32.0,
            Size::Huge => 44.0,
        }
    }

    fn words(&self) -> String {
        match self.reason {
            Some(reason) => format!("{}: {reason}", self.word),
            None => self.word.to_owned(),
        }
    }

    fn shown_icon(&self) -> Option<(Icon, Side)> {
        if self.reason.is_some() { Some((Icon::Lock, Side::Before)) } else { self.icon }
    }

    /// Width that shows word and icon on one line, px.
    #[must_use]
    pub fn width(&self, ui: &Ui) -> f32 {
        let icon = if self.shown_icon().is_some() { self.icon_px() + 12.0 } else { 0.0 };
        (self.kind().width(ui, &self.words()) + icon + 44.0).ceil().max(measure::TARGET_MIN)
    }

    /// Draws the button in `rect`. Use [`Press::pressed`] of the answer.
    pub fn show(self, ui: &mut Ui, rect: Rect) -> Press {
        let palette = palette(ui);
        let words = self.words();
        let enabled = self.reason.is_none();
        let response = super::press(ui, rect, ("button", self.word), &words, enabled);
        let down = response.is_pointer_button_down_on();
        let (ground, edge, ink) = colours(self.look, down, palette);
        let radius = if rect.height() > 100.0 { measure::RADIUS_CARD } else { measure::RADIUS_CONTROL };
        let corner = CornerRadius::same(radius);
        let mut ink = ink;
        if enabled {
            ui.painter().rect_filled(rect, corner, ground);
            ui.painter().rect_stroke(rect, corner, Stroke::new(measure::STROKE_CARD, edge), StrokeKind::Inside);
        } else {
            ink = palette.muted;
            ui.painter().rect_filled(rect, corner, palette.raised);
            dashed_edge(ui, rect, f32::from(radius), Stroke::new(measure::STROKE_CARD, palette.line_strong), 6.0);
        }
        self.content(ui, rect, &words, ink);
        let by_key = enabled
            && self.key.is_some_and(|key| ui.is_enabled() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, key)));
        Press { response, by_key }
    }

    fn content(&self, ui: &Ui, rect: Rect, words: &str, ink: Color32) {
        let icon = self.shown_icon();
        let icon_px = if icon.is_some() { self.icon_px() } else { 0.0 };
        let gap = if icon.is_some() && !words.is_empty() { 12.0 } else { 0.0 };
        let room = vec2(rect.width() - 24.0 - icon_px - gap, rect.height() - 8.0);
        let (_, galley) = text::fitted(ui, self.kind().line(1.12), 16.0, words, ink, room);
        let total = galley.size().x + gap + icon_px;
        let mut left = rect.center().x - total * 0.5;
        let weight = if self.kind().weight == Weight::Bold { 3.0 } else { 2.0 };
        let square =
            |left: f32| Rect::from_center_size(pos2(left + icon_px * 0.5, rect.center().y), Vec2::splat(icon_px));
        if let Some((icon, Side::Before)) = icon {
            icon.paint(ui.painter(), square(left), ink, weight);
            left += icon_px + gap;
        }
        let width = galley.size().x;
        let at = pos2(left, rect.center().y - galley.size().y * 0.5);
        ui.painter().galley(at, galley, ink);
        if let Some((icon, Side::After)) = icon {
            icon.paint(ui.painter(), square(left + width + gap), ink, weight.max(2.6));
        }
    }
}

/// What came of drawing a button.
#[derive(Debug, Clone)]
pub struct Press {
    /// egui's answer.
    pub response: Response,
    by_key: bool,
}

impl Press {
    /// True if it was pressed in this frame, by any means.
    #[must_use]
    pub fn pressed(&self) -> bool {
        self.by_key || self.response.clicked()
    }
}

fn colours(look: Look, down: bool, palette: &Palette) -> (Color32, Color32, Color32) {
    match look {
        Look::Plain if down => (palette.sunken, palette.text, palette.text),
        Look::Plain => (palette.raised, palette.line_strong, palette.text),
        Look::Primary if down => (palette.text, palette.text, palette.raised),
        Look::Primary => (palette.accent, palette.accent, palette.on_accent),
        Look::Ink if down => (palette.muted, palette.muted, palette.raised),
        Look::Ink => (palette.text, palette.text, palette.raised),
        Look::Signal(signal) => (signal.fill(palette), palette.text, signal.on(palette)),
        Look::OnBand(signal) => (signal.fill(palette), signal.on(palette), signal.on(palette)),
    }
}

/// A dashed edge that follows round corners.
pub fn dashed_edge(ui: &Ui, rect: Rect, radius: f32, stroke: Stroke, dash: f32) {
    let inner = rect.shrink(stroke.width * 0.5);
    let mut points: Vec<Pos2> = Vec::with_capacity(33);
    let corners = [
        (pos2(inner.right() - radius, inner.top() + radius), -90.0_f32),
        (pos2(inner.right() - radius, inner.bottom() - radius), 0.0),
        (pos2(inner.left() + radius, inner.bottom() - radius), 90.0),
        (pos2(inner.left() + radius, inner.top() + radius), 180.0),
    ];
    for (centre, from) in corners {
        for step in 0_u8..=7 {
            let angle = (from + 90.0 * f32::from(step) / 7.0).to_radians();
            points.push(centre + vec2(angle.cos(), angle.sin()) * radius);
        }
    }
    if let Some(first) = points.first().copied() {
        points.push(first);
    }
    ui.painter().extend(Shape::dashed_line(&points, stroke, dash, dash * 0.7));
}

/// One of the six buttons at the foot of a guided screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action<'a> {
    /// Its icon.
    pub icon: Icon,
    /// Its word; may take two lines.
    pub word: &'a str,
    /// The key that presses it, shown in its corner.
    pub key: Key,
    /// Why it cannot be used now; `None` if it can.
    pub off: Option<&'a str>,
}

/// Draws equal buttons, six in a row or three in portrait. Returns the one pressed.
pub fn action_bar(ui: &mut Ui, rect: Rect, actions: &[Action<'_>], portrait: bool) -> Option<usize> {
    let columns = if portrait { 3 } else { actions.len().max(1) };
    let area = Rect::from_min_max(rect.min + vec2(16.0, 2.0), rect.max - vec2(16.0, 0.0));
    let gap = 10.0;
    let width = (area.width() - gap * (columns as f32 - 1.0)) / columns as f32;
    let rows = actions.len().div_ceil(columns).max(1) as f32;
    let top = area.center().y - (rows * measure::TARGET_ACTION + (rows - 1.0) * gap) * 0.5;
    let mut pressed = None;
    for (index, action) in actions.iter().enumerate() {
        let (row, column) = (index / columns, index % columns);
        let at = pos2(area.left() + column as f32 * (width + gap), top + row as f32 * (measure::TARGET_ACTION + gap));
        let button = Rect::from_min_size(at, vec2(width, measure::TARGET_ACTION));
        if action_button(ui, button, action) {
            pressed = Some(index);
        }
    }
    pressed
}

fn action_button(ui: &mut Ui, rect: Rect, action: &Action<'_>) -> bool {
    let palette = palette(ui);
    let enabled = action.off.is_none();
    let name = match action.off {
        Some(reason) => format!("{}: {reason}", action.word),
        None => action.word.to_owned(),
    };
    let response = super::press(ui, rect, ("action", action.key), &name, enabled);
    let corner = CornerRadius::same(measure::RADIUS_CONTROL);
    let ground = if response.is_pointer_button_down_on() { palette.sunken } else { palette.raised };
    let stroke = Stroke::new(measure::STROKE_CARD, palette.line_strong);
    ui.painter().rect_filled(rect, corner, ground);
    let ink = if enabled { palette.text } else { palette.muted };
    if enabled {
        ui.painter().rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    } else {
        dashed_edge(ui, rect, f32::from(measure::RADIUS_CONTROL), stroke, 6.0);
    }
    let square = Rect::from_center_size(pos2(rect.left() + 29.0, rect.center().y), Vec2::splat(30.0));
    let icon = if enabled { action.icon } else { Icon::Lock };
    icon.paint(ui.painter(), square, ink, 2.0);
    let hint = action.key.name();
    let hint_width = fonts::key().width(ui, hint);
    let corner_at = pos2(rect.right() - 10.0, rect.top() + 8.0);
    text::paint(ui, corner_at, Align2::RIGHT_TOP, fonts::key(), hint, palette.muted);
    let words = match action.off {
        Some(reason) => reason,
        None => action.word,
    };
    let room = Rect::from_min_max(
        pos2(square.right() + 10.0, rect.top() + 4.0),
        pos2(rect.right() - 14.0 - hint_width, rect.bottom() - 4.0),
    );
    let kind = Type::new(21.0, Weight::SemiBold).line(1.1);
    text::paint_fitted(ui, room, Align2::LEFT_CENTER, kind, 16.0, words, ink);
    let by_key = enabled && ui.is_enabled() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, action.key));
    response.clicked() || by_key
}

/// A choice on a sheet: icon, title, hint.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// Its icon.
    pub icon: Icon,
    /// Its title.
    pub title: &'a str,
    /// What it means.
    pub hint: &'a str,
    /// True if it is taken; it then shows a check and the signal's soft ground.
    pub taken: bool,
    /// The signal of the sheet.
    pub signal: Signal,
}

impl Choice<'_> {
    /// Draws the choice; true if it was pressed.
    pub fn show(&self, ui: &mut Ui, rect: Rect) -> bool {
        let palette = palette(ui);
        let name = if self.hint.is_empty() { self.title.to_owned() } else { format!("{}: {}", self.title, self.hint) };
        let response = super::press(ui, rect, ("choice", self.title), &name, true);
        let tall = rect.height() > 100.0;
        let (ground, edge, width) = if self.taken {
            (self.signal.soft(palette), palette.text, 4.0)
        } else if response.is_pointer_button_down_on() {
            (palette.sunken, palette.text, 2.0)
        } else {
            (palette.raised, palette.line_strong, 2.0)
        };
        let corner = CornerRadius::same(12);
        ui.painter().rect_filled(rect, corner, ground);
        ui.painter().rect_stroke(rect, corner, Stroke::new(width, edge), StrokeKind::Inside);
        // Beside others in a row there is little room: the words need it more than the icon does.
        let narrow = rect.width() < 280.0;
        let (padding, icon_px, gap) = if tall && !narrow { (22.0, 48.0, 18.0) } else { (18.0, 34.0, 14.0) };
        let square =
            Rect::from_center_size(pos2(rect.left() + padding + icon_px * 0.5, rect.center().y), Vec2::splat(icon_px));
        let icon = if self.taken { Icon::Okc } else { self.icon };
        icon.paint(ui.painter(), square, palette.text, if tall { 1.9 } else { 2.0 });
        let (title, hint) = if tall && !narrow {
            (fonts::lead().line(1.1), fonts::hint().line(1.2))
        } else {
            (Type::new(24.0, Weight::Bold), fonts::label())
        };
        let left = square.right() + gap;
        let width = rect.right() - 12.0 - left;
        let budget = rect.height() - if narrow { 28.0 } else { 12.0 };
        let share = if self.hint.is_empty() { 1.0 } else { 0.62 };
        let (_, title) = text::fitted(ui, title, 18.0, self.title, palette.text, vec2(width, budget * share));
        let (_, hint) = text::fitted(ui, hint, 16.0, self.hint, palette.muted, vec2(width, budget - title.size().y));
        let hint_height = if self.hint.is_empty() { 0.0 } else { 4.0 + hint.size().y };
        let top = rect.center().y - (title.size().y + hint_height) * 0.5;
        let below = top + title.size().y + 4.0;
        ui.painter().galley(pos2(left, top), title, palette.text);
        ui.painter().galley(pos2(left, below), hint, palette.muted);
        response.clicked()
    }
}
