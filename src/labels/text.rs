//! Text on sheets: the embedded faces, their metrics, wrapping and shrinking until everything fits its cell.
//!
//! Widths come from the fonts' own advances in integers, so raster, PDF and ZPL agree on where a line breaks.
//! No kerning and no complex shaping: scripts that need joined or reordered glyphs are out of scope, and characters
//! without a glyph are reported by [`missing_glyphs`]. This file must never cut text off: what cannot fit is an error.

use super::LabelError;
use super::sheet::Area;
use ab_glyph::{Font, FontRef, GlyphId};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Most characters in one text cell.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Smallest em size text may shrink to, in micrometres (about 4.5 pt: legible print, not beautiful).
pub const TEXT_SIZE_UM_MIN: i32 = 1_600;
/// Line pitch as a share of the em size, in percent.
const PITCH_PERCENT: i32 = 120;
/// Ink above the baseline as a share of the em size, in percent: capitals with an accent reach here.
pub const ASCENT_PERCENT: i32 = 95;
/// Ink below the baseline as a share of the em size, in percent.
pub const DESCENT_PERCENT: i32 = 25;
/// Each try shrinks the text to this share of the size before, in percent.
const SHRINK_PERCENT: i32 = 95;

/// The faces embedded in the executable (SIL Open Font License, texts beside the files).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// Noto Sans Regular.
    Regular,
    /// Noto Sans SemiBold.
    SemiBold,
    /// Noto Sans Bold.
    Bold,
    /// JetBrains Mono Regular.
    Mono,
    /// JetBrains Mono Bold.
    MonoBold,
}

impl Face {
    /// Every face.
    pub const ALL: [Face; 5] = [Face::Regular, Face::SemiBold, Face::Bold, Face::Mono, Face::MonoBold];

    /// The font file.
    #[must_use]
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Face::Regular => include_bytes!("../../assets/fonts/NotoSans-Regular.ttf"),
            Face::SemiBold => include_bytes!("../../assets/fonts/NotoSans-SemiBold.ttf"),
            Face::Bold => include_bytes!("../../assets/fonts/NotoSans-Bold.ttf"),
            Face::Mono => include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf"),
            Face::MonoBold => include_bytes!("../../assets/fonts/JetBrainsMono-Bold.ttf"),
        }
    }

    /// The parsed font.
    ///
    /// # Errors
    /// [`LabelError::Font`] when the embedded file is damaged.
    pub fn font(self) -> Result<&'static FontRef<'static>, LabelError> {
        static REGULAR: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| parse(Face::Regular));
        static SEMI_BOLD: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| parse(Face::SemiBold));
        static BOLD: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| parse(Face::Bold));
        static MONO: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| parse(Face::Mono));
        static MONO_BOLD: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| parse(Face::MonoBold));
        let font = match self {
            Face::Regular => &REGULAR,
            Face::SemiBold => &SEMI_BOLD,
            Face::Bold => &BOLD,
            Face::Mono => &MONO,
            Face::MonoBold => &MONO_BOLD,
        };
        font.as_ref().ok_or(LabelError::Font { face: self })
    }
}

fn parse(face: Face) -> Option<FontRef<'static>> {
    FontRef::try_from_slice(face.bytes()).ok()
}

/// Where lines stand in their cell, across.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// Where lines stand in their cell, up and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rise {
    /// At the top edge.
    Top,
    /// In the middle.
    Middle,
    /// At the bottom edge.
    Bottom,
}

/// How a text is set in its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Font.
    pub face: Face,
    /// Wanted em size in micrometres; shrinks when the text does not fit.
    pub size_um: i32,
    /// Across.
    pub align: Align,
    /// Up and down.
    pub rise: Rise,
    /// May break into several lines; otherwise it stays on one and shrinks.
    pub wrap: bool,
    /// White on a dark ground instead of black.
    pub inverse: bool,
}

impl Style {
    /// Left, top, one line, black.
    #[must_use]
    pub const fn new(face: Face, size_um: i32) -> Self {
        Self { face, size_um, align: Align::Left, rise: Rise::Top, wrap: false, inverse: false }
    }

    /// May wrap.
    #[must_use]
    pub const fn wrapped(mut self) -> Self {
        self.wrap = true;
        self
    }

    /// Another alignment across.
    #[must_use]
    pub const fn align(mut self, align: Align) -> Self {
        self.align = align;
        self
    }

    /// Another alignment up and down.
    #[must_use]
    pub const fn rise(mut self, rise: Rise) -> Self {
        self.rise = rise;
        self
    }

    /// White text.
    #[must_use]
    pub const fn inverse(mut self) -> Self {
        self.inverse = true;
        self
    }
}

/// One line, placed: left edge, baseline and width in micrometres from the sheet's top left corner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLine {
    /// Characters of the line.
    pub text: String,
    /// Left edge.
    pub x_um: i32,
    /// Baseline.
    pub baseline_um: i32,
    /// Measured width.
    pub width_um: i32,
}

/// A text laid out in its cell; every line lies within the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The cell.
    pub area: Area,
    /// How it was asked for.
    pub style: Style,
    /// Em size it got, in micrometres.
    pub size_um: i32,
    /// The lines.
    pub lines: Vec<TextLine>,
}

impl Text {
    /// Lays `text` out in `area`.
    ///
    /// # Errors
    /// [`LabelError::TextTooLong`] when it does not fit even at [`TEXT_SIZE_UM_MIN`], [`LabelError::Font`].
    pub fn lay_out(area: Area, text: &str, style: Style) -> Result<Self, LabelError> {
        let clean = clean(text);
        let chars = clean.chars().count();
        let too_long = LabelError::TextTooLong { chars, width_um: area.w_um, height_um: area.h_um };
        if chars > TEXT_CHARS_MAX {
            return Err(too_long);
        }
        let meter = Meter::new(style.face)?;
        for break_words in [false, true] {
            let mut size_um = style.size_um.min(area.h_um * 100 / (ASCENT_PERCENT + DESCENT_PERCENT));
            while size_um >= TEXT_SIZE_UM_MIN {
                if let Some(lines) = fit(&meter, &clean, area, style.wrap, size_um, break_words) {
                    return Ok(Self { area, style, size_um, lines: place(lines, area, style, size_um) });
                }
                size_um = size_um * SHRINK_PERCENT / 100;
            }
        }
        Err(too_long)
    }

    /// What a line covers with ink at most.
    #[must_use]
    pub fn line_area(&self, line: &TextLine) -> Area {
        let ascent_um = self.size_um * ASCENT_PERCENT / 100;
        Area {
            x_um: line.x_um,
            y_um: line.baseline_um - ascent_um,
            w_um: line.width_um,
            h_um: self.size_um * (ASCENT_PERCENT + DESCENT_PERCENT) / 100,
        }
    }
}

/// Height in micrometres that `text` needs when wrapped at `width_um` in its full size.
///
/// # Errors
/// [`LabelError::Font`], or [`LabelError::TextTooLong`] when it has too many characters.
pub fn wrapped_height_um(text: &str, face: Face, size_um: i32, width_um: i32) -> Result<i32, LabelError> {
    let clean = clean(text);
    let chars = clean.chars().count();
    if chars > TEXT_CHARS_MAX {
        return Err(LabelError::TextTooLong { chars, width_um, height_um: 0 });
    }
    let meter = Meter::new(face)?;
    let lines = break_lines(&meter, &clean, i64::from(width_um), size_um, true).unwrap_or_default();
    Ok(block_height_um(lines.len().max(1), size_um))
}

/// Characters the face has no glyph for: they would print as empty boxes, so a caller warns before printing.
///
/// # Errors
/// [`LabelError::Font`].
pub fn missing_glyphs(text: &str, face: Face) -> Result<BTreeSet<char>, LabelError> {
    let font = face.font()?;
    Ok(clean(text).chars().filter(|c| !c.is_whitespace() && font.glyph_id(*c) == GlyphId(0)).collect())
}

/// Glyphs of a line with the left edge of each in font units and the byte where its character starts.
///
/// # Errors
/// [`LabelError::Font`].
pub fn glyphs(text: &str, face: Face) -> Result<Vec<PlacedGlyph>, LabelError> {
    let font = face.font()?;
    let mut x_units = 0;
    let place = |(byte, c): (usize, char)| {
        let id = font.glyph_id(c);
        let advance_units = font.h_advance_unscaled(id) as i32;
        let glyph = PlacedGlyph { id, byte, bytes: c.len_utf8(), x_units, advance_units };
        x_units += advance_units;
        glyph
    };
    Ok(text.char_indices().map(place).collect())
}

/// One glyph of a line; units are the font's (see [`units_per_em`]).
#[derive(Debug, Clone, Copy)]
pub struct PlacedGlyph {
    /// Glyph in the font.
    pub id: GlyphId,
    /// Where its character starts in the line.
    pub byte: usize,
    /// Bytes of its character.
    pub bytes: usize,
    /// Left edge.
    pub x_units: i32,
    /// Advance.
    pub advance_units: i32,
}

/// Font units in one em.
///
/// # Errors
/// [`LabelError::Font`].
pub fn units_per_em(face: Face) -> Result<i32, LabelError> {
    let units = face.font()?.units_per_em().ok_or(LabelError::Font { face })? as i32;
    if units > 0 { Ok(units) } else { Err(LabelError::Font { face }) }
}

/// Line breaks stay; other control characters and the direction marks that message catalogues put around arguments
/// (U+2066..=U+2069, U+200E, U+200F) leave; tabs become spaces.
fn clean(text: &str) -> String {
    let keep = |c: char| match c {
        '\n' => Some('\n'),
        '\t' => Some(' '),
        '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
        c if c.is_control() => None,
        c => Some(c),
    };
    text.chars().filter_map(keep).collect()
}

/// Measures with one face.
struct Meter {
    font: &'static FontRef<'static>,
    units_per_em: i64,
}

impl Meter {
    fn new(face: Face) -> Result<Self, LabelError> {
        Ok(Self { font: face.font()?, units_per_em: i64::from(units_per_em(face)?) })
    }

    fn units(&self, text: &str) -> i64 {
        text.chars().map(|c| self.font.h_advance_unscaled(self.font.glyph_id(c)) as i64).sum()
    }

    /// Width in micrometres, rounded up.
    fn width_um(&self, text: &str, size_um: i32) -> i64 {
        (self.units(text) * i64::from(size_um) + self.units_per_em - 1) / self.units_per_em
    }
}

type Measured = (String, i64);

fn fit(meter: &Meter, text: &str, area: Area, wrap: bool, size_um: i32, break_words: bool) -> Option<Vec<Measured>> {
    let limit_um = i64::from(area.w_um);
    let lines = if wrap {
        break_lines(meter, text, limit_um, size_um, break_words)?
    } else {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let width_um = meter.width_um(&line, size_um);
        if width_um > limit_um {
            return None;
        }
        vec![(line, width_um)]
    };
    (block_height_um(lines.len(), size_um) <= area.h_um).then_some(lines)
}

/// Greedy line breaking at white space; a word wider than the line is broken inside or refuses (`None`).
fn break_lines(meter: &Meter, text: &str, limit_um: i64, size_um: i32, break_words: bool) -> Option<Vec<Measured>> {
    let mut lines = Vec::new();
    let space_um = meter.width_um(" ", size_um);
    for paragraph in text.split('\n') {
        let (mut line, mut line_um) = (String::new(), 0);
        for word in paragraph.split_whitespace() {
            let word_um = meter.width_um(word, size_um);
            if !line.is_empty() && line_um + space_um + word_um <= limit_um {
                line.push(' ');
                line.push_str(word);
                line_um += space_um + word_um;
                continue;
            }
            if !line.is_empty() {
                lines.push((std::mem::take(&mut line), line_um));
            }
            if word_um <= limit_um {
                (line, line_um) = (word.to_owned(), word_um);
            } else if break_words {
                (line, line_um) = break_word(meter, word, limit_um, size_um, &mut lines)?;
            } else {
                return None;
            }
        }
        lines.push((line, line_um));
    }
    Some(lines)
}

/// Breaks one word by characters; full pieces go to `lines`, the rest is returned.
fn break_word(meter: &Meter, word: &str, limit_um: i64, size_um: i32, lines: &mut Vec<Measured>) -> Option<Measured> {
    let (mut piece, mut piece_um) = (String::new(), 0);
    let mut buffer = [0; 4];
    for c in word.chars() {
        let char_um = meter.width_um(c.encode_utf8(&mut buffer), size_um);
        if char_um > limit_um {
            return None;
        }
        if piece_um + char_um > limit_um {
            lines.push((std::mem::take(&mut piece), piece_um));
            piece_um = 0;
        }
        piece.push(c);
        piece_um += char_um;
    }
    Some((piece, piece_um))
}

fn pitch_um(size_um: i32) -> i32 {
    size_um * PITCH_PERCENT / 100
}

fn block_height_um(lines: usize, size_um: i32) -> i32 {
    let between = i32::try_from(lines.saturating_sub(1)).unwrap_or(i32::MAX);
    pitch_um(size_um).saturating_mul(between).saturating_add(size_um * (ASCENT_PERCENT + DESCENT_PERCENT) / 100)
}

fn place(lines: Vec<Measured>, area: Area, style: Style, size_um: i32) -> Vec<TextLine> {
    let spare_um = area.h_um - block_height_um(lines.len(), size_um);
    let top_um = area.y_um
        + match style.rise {
            Rise::Top => 0,
            Rise::Middle => spare_um / 2,
            Rise::Bottom => spare_um,
        };
    let first_um = top_um + size_um * ASCENT_PERCENT / 100;
    let mut out = Vec::with_capacity(lines.len());
    let mut baseline_um = first_um;
    for (text, width) in lines {
        let width_um = i32::try_from(width).unwrap_or(area.w_um);
        let shift_um = match style.align {
            Align::Left => 0,
            Align::Centre => (area.w_um - width_um) / 2,
            Align::Right => area.w_um - width_um,
        };
        if !text.is_empty() {
            out.push(TextLine { text, x_um: area.x_um + shift_um, baseline_um, width_um });
        }
        baseline_um += pitch_um(size_um);
    }
    out
}
