//! The bundled fonts and the type scale. Sizes are named, never typed at the place of use; one egui
//! `FontFamily` stands for one weight, because egui has no weights of its own.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontData, FontDefinitions, FontFamily, FontId, FontTweak, Galley, Ui};

/// A face of the bundled fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// Noto Sans Regular.
    Regular,
    /// Noto Sans SemiBold.
    SemiBold,
    /// Noto Sans Bold.
    Bold,
    /// JetBrains Mono Regular: times in logs.
    Mono,
    /// JetBrains Mono Bold: bins, codes, SSCC, slots.
    MonoBold,
}

impl Weight {
    /// Every face.
    pub const ALL: [Self; 5] = [Self::Regular, Self::SemiBold, Self::Bold, Self::Mono, Self::MonoBold];

    const fn name(self) -> &'static str {
        match self {
            Self::Regular => "sans",
            Self::SemiBold => "sans-semibold",
            Self::Bold => "sans-bold",
            Self::Mono => "mono",
            Self::MonoBold => "mono-bold",
        }
    }

    const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf"),
            Self::SemiBold => include_bytes!("../../../assets/fonts/NotoSans-SemiBold.ttf"),
            Self::Bold => include_bytes!("../../../assets/fonts/NotoSans-Bold.ttf"),
            Self::Mono => include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf"),
            Self::MonoBold => include_bytes!("../../../assets/fonts/JetBrainsMono-Bold.ttf"),
        }
    }

    /// The egui family that holds this face.
    #[must_use]
    pub fn family(self) -> FontFamily {
        match self {
            Self::Regular => FontFamily::Proportional,
            Self::Mono => FontFamily::Monospace,
            Self::SemiBold | Self::Bold | Self::MonoBold => FontFamily::Name(self.name().into()),
        }
    }
}

/// The face of Chinese, Japanese and Korean, which stands in where the others lack a letter.
const HAN: &str = "han";

/// Loads the bundled faces into `ctx`; egui's own fonts stay as fallback for signs the faces lack.
///
/// Letters keep the shape they were drawn with: fitting them to the pixels runs a program in the font for every size and
/// letter when it is first seen, which is most of the work of a screen's first frame, and shows in none of our sizes.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let mut fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    // Names of customers and goods may be Chinese, Japanese or Korean.
    let han = FontData::from_static(include_bytes!("../../../assets/fonts/NotoSansCJKsc-Regular.otf"));
    let han = han.tweak(FontTweak { hinting: Some(false), ..FontTweak::default() });
    fonts.font_data.insert(HAN.to_owned(), Arc::new(han));
    fallback.push(HAN.to_owned());
    for weight in Weight::ALL {
        let data =
            FontData::from_static(weight.bytes()).tweak(FontTweak { hinting: Some(false), ..FontTweak::default() });
        fonts.font_data.insert(weight.name().to_owned(), Arc::new(data));
        let mut chain = vec![weight.name().to_owned()];
        if weight == Weight::Mono || weight == Weight::MonoBold {
            chain.push(Weight::Regular.name().to_owned());
        }
        chain.extend(fallback.iter().cloned());
        fonts.families.insert(weight.family(), chain);
    }
    ctx.set_fonts(fonts);
}

/// One step of the type scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Font size, px.
    pub px: f32,
    /// Face.
    pub weight: Weight,
    /// Line height as a multiple of the size.
    pub line: f32,
    /// Extra space between letters, px; negative pulls them together.
    pub spacing: f32,
}

impl Type {
    /// A size in a face, with the scale's line height: 1.15 from 28 px up, 1.25 below.
    #[must_use]
    pub const fn new(px: f32, weight: Weight) -> Self {
        let line = if px >= 28.0 { 1.15 } else { 1.25 };
        Self { px, weight, line, spacing: 0.0 }
    }

    /// The same type in another face.
    #[must_use]
    pub const fn in_face(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    /// The same type in another size, keeping its line height.
    #[must_use]
    pub const fn at(self, px: f32) -> Self {
        Self { px, ..self }
    }

    /// The same type with another line height.
    #[must_use]
    pub const fn line(self, line: f32) -> Self {
        Self { line, ..self }
    }

    /// The same type with other letter spacing, px.
    #[must_use]
    pub const fn spaced(self, spacing: f32) -> Self {
        Self { spacing, ..self }
    }

    /// egui's name for this face and size.
    #[must_use]
    pub fn font_id(self) -> FontId {
        FontId::new(self.px, self.weight.family())
    }

    /// Height of one line, px.
    #[must_use]
    pub fn line_height(self) -> f32 {
        self.px * self.line
    }

    /// Format for a [`LayoutJob`].
    #[must_use]
    pub fn format(self, colour: Color32) -> TextFormat {
        TextFormat {
            font_id: self.font_id(),
            color: colour,
            line_height: Some(self.line_height()),
            extra_letter_spacing: self.spacing,
            ..TextFormat::default()
        }
    }

    /// Lays out one line.
    #[must_use]
    pub fn one_line(self, ui: &Ui, text: &str, colour: Color32) -> Arc<Galley> {
        self.wrapped(ui, text, colour, f32::INFINITY)
    }

    /// Lays out text that wraps at `width` px. A hyphenated word is never broken inside.
    #[must_use]
    pub fn wrapped(self, ui: &Ui, text: &str, colour: Color32, width: f32) -> Arc<Galley> {
        // A space at the end of a row may hang over the edge; the layouter counts it, so it is given that room
        // first, and taken back if a letter used it.
        let hanging = self.laid_out(ui, text, colour, width + self.px * 0.27);
        let fits = hanging.rows.iter().all(|row| {
            let letters = row.row.glyphs.iter().rev().find(|glyph| !glyph.chr.is_whitespace());
            letters.is_none_or(|glyph| glyph.pos.x + glyph.advance_width <= width + 0.5)
        });
        if fits { hanging } else { self.laid_out(ui, text, colour, width) }
    }

    fn laid_out(self, ui: &Ui, text: &str, colour: Color32, width: f32) -> Arc<Galley> {
        let job = LayoutJob {
            wrap: TextWrapping { max_width: width, ..TextWrapping::default() },
            ..LayoutJob::single_section(self.unbroken(text, width), self.format(colour))
        };
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    }

    fn unbroken(self, text: &str, width: f32) -> String {
        match self.weight {
            Weight::Regular | Weight::SemiBold | Weight::Bold if width.is_finite() => keep_hyphens(text),
            Weight::Regular | Weight::SemiBold | Weight::Bold | Weight::Mono | Weight::MonoBold => text.to_owned(),
        }
    }

    /// Width of `text` on one line, px.
    #[must_use]
    pub fn width(self, ui: &Ui, text: &str) -> f32 {
        self.one_line(ui, text, Color32::WHITE).size().x
    }
}

/// Hyphens inside words become unbreakable ones (U+2011), so that "T-LIGHT" stays whole.
#[must_use]
pub fn keep_hyphens(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = before.is_alphanumeric() && chars.peek().is_some_and(|n| n.is_alphanumeric());
        out.push(if c == '-' && inside { '\u{2011}' } else { c });
        before = c;
    }
    out
}

/// Count of the item being checked: read from 3 m.
#[must_use]
pub const fn figure_xxl() -> Type {
    Type::new(220.0, Weight::Bold).line(0.9)
}

/// Weight, backlog age, order time: read from 2.5 m. `px` is 168, 144 or 132.
#[must_use]
pub const fn figure_xl(px: f32) -> Type {
    Type::new(px, Weight::Bold).line(1.0)
}

/// Quantity and order number: read from 2 m. `px` is 120 or 104.
#[must_use]
pub const fn figure_l(px: f32) -> Type {
    Type::new(px, Weight::Bold).line(1.0)
}

/// A bin, in the face of machines and shelves: read from 2 m.
#[must_use]
pub const fn figure_bin() -> Type {
    Type::new(120.0, Weight::MonoBold).line(1.0).spaced(-5.0)
}

/// Second figure, units, a label's tail: read from 1.5 m. `px` is 72 or 88.
#[must_use]
pub const fn figure_m(px: f32) -> Type {
    Type::new(px, Weight::Bold).line(1.0)
}

/// A figure beside others, below the main one.
#[must_use]
pub const fn figure_s(px: f32) -> Type {
    Type::new(px, Weight::Bold).line(1.0)
}

/// Say band, first line: read from 1.5 m.
#[must_use]
pub const fn say() -> Type {
    Type::new(38.0, Weight::Bold).line(1.12)
}

/// Say band, first line when it is long.
#[must_use]
pub const fn say_long() -> Type {
    Type::new(32.0, Weight::Bold).line(1.12)
}

/// Product name on the stage: read from 1.5 m.
#[must_use]
pub const fn title() -> Type {
    Type::new(38.0, Weight::Bold)
}

/// Card titles, choices, order number in the top bar: read from 1 m.
#[must_use]
pub const fn lead() -> Type {
    Type::new(28.0, Weight::Bold)
}

/// Second line of the say band, button words.
#[must_use]
pub const fn body() -> Type {
    Type::new(22.0, Weight::Regular)
}

/// Rail, side list, hints: the smallest text a packer must read.
#[must_use]
pub const fn label() -> Type {
    Type::new(18.0, Weight::Regular)
}

/// Hints under a card's title.
#[must_use]
pub const fn hint() -> Type {
    Type::new(20.0, Weight::Regular)
}

/// Key hint in a button's corner, which may be missed without loss.
#[must_use]
pub const fn key() -> Type {
    Type::new(14.0, Weight::Regular)
}
