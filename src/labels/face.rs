//! The embedded faces: their files, their glyphs and how wide these are.
//!
//! A character that a face lacks comes from [`Face::Han`], which has Chinese, Japanese and Korean. Advances are the fonts' own, in
//! integers, without kerning. Scripts that need joined or reordered glyphs come from faces of their own, shaped
//! ([`super::joined`]). This file must never lay out or draw.

use super::joined::{self, Joined, joins};
use super::text::{ASCENT_PERCENT, DESCENT_PERCENT, clean};
use super::{LabelError, direction};
use ab_glyph::{Font, FontRef, GlyphId};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_bidi::Level;

/// Characters whose advances are looked up once for all: those that most labels are made of.
const PLAIN: usize = 128;

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
    /// Noto Sans CJK Regular: stands in for the characters that the others lack.
    Han,
    /// Noto Sans Arabic Regular.
    Arabic,
    /// Noto Sans Hebrew Regular.
    Hebrew,
    /// Noto Sans Devanagari Regular.
    Devanagari,
    /// Noto Sans Thai Regular.
    Thai,
}

impl Face {
    /// Every face.
    pub const ALL: [Face; 10] = [
        Face::Regular,
        Face::SemiBold,
        Face::Bold,
        Face::Mono,
        Face::MonoBold,
        Face::Han,
        Face::Arabic,
        Face::Hebrew,
        Face::Devanagari,
        Face::Thai,
    ];

    /// The font file.
    #[must_use]
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Face::Regular => include_bytes!("../../assets/fonts/NotoSans-Regular.ttf"),
            Face::SemiBold => include_bytes!("../../assets/fonts/NotoSans-SemiBold.ttf"),
            Face::Bold => include_bytes!("../../assets/fonts/NotoSans-Bold.ttf"),
            Face::Mono => include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf"),
            Face::MonoBold => include_bytes!("../../assets/fonts/JetBrainsMono-Bold.ttf"),
            Face::Han => include_bytes!("../../assets/fonts/NotoSansCJKsc-Regular.otf"),
            Face::Arabic => include_bytes!("../../assets/fonts/NotoSansArabic-Regular.ttf"),
            Face::Hebrew => include_bytes!("../../assets/fonts/NotoSansHebrew-Regular.ttf"),
            Face::Devanagari => include_bytes!("../../assets/fonts/NotoSansDevanagari-Regular.ttf"),
            Face::Thai => include_bytes!("../../assets/fonts/NotoSansThai-Regular.ttf"),
        }
    }

    /// The parsed font.
    ///
    /// # Errors
    /// [`LabelError::Font`] when the embedded file is damaged.
    pub fn font(self) -> Result<&'static FontRef<'static>, LabelError> {
        self.loaded().map(|loaded| &loaded.font)
    }

    fn loaded(self) -> Result<&'static Loaded, LabelError> {
        static REGULAR: LazyLock<Option<Loaded>> = LazyLock::new(|| Loaded::of(Face::Regular));
        static SEMI_BOLD: LazyLock<Option<Loaded>> = LazyLock::new(|| Loaded::of(Face::SemiBold));
        static BOLD: LazyLock<Option<Loaded>> = LazyLock::new(|| Loaded::of(Face::Bold));
        static MONO: LazyLock<Option<Loaded>> = LazyLock::new(|| Loaded::of(Face::Mono));
        static MONO_BOLD: LazyLock<Option<Loaded>> = LazyLock::new(|| Loaded::of(Face::MonoBold));
        static HAN: LazyLock<Option<Loaded>> = LazyLock::new(|| Loaded::of(Face::Han));
        static ARABIC: LazyLock<Option<Loaded>> = LazyLock::new(|| Loaded::of(Face::Arabic));
        static HEBREW: LazyLock<Option<Loaded>> = LazyLock::new(|| Loaded::of(Face::Hebrew));
        static DEVANAGARI: LazyLock<Option<Loaded>> = LazyLock::new(|| Loaded::of(Face::Devanagari));
        static THAI: LazyLock<Option<Loaded>> = LazyLock::new(|| Loaded::of(Face::Thai));
        let loaded = match self {
            Face::Regular => &REGULAR,
            Face::SemiBold => &SEMI_BOLD,
            Face::Bold => &BOLD,
            Face::Mono => &MONO,
            Face::MonoBold => &MONO_BOLD,
            Face::Han => &HAN,
            Face::Arabic => &ARABIC,
            Face::Hebrew => &HEBREW,
            Face::Devanagari => &DEVANAGARI,
            Face::Thai => &THAI,
        };
        loaded.as_ref().ok_or(LabelError::Font { face: self })
    }
}

/// A parsed font with what is asked of it most.
struct Loaded {
    face: Face,
    font: FontRef<'static>,
    units_per_em: i32,
    /// Advances of the first [`PLAIN`] characters.
    plain: [i32; PLAIN],
}

impl Loaded {
    fn of(face: Face) -> Option<Self> {
        let font = FontRef::try_from_slice(face.bytes()).ok()?;
        let units_per_em = font.units_per_em().map(|units| units as i32).filter(|units| *units > 0)?;
        let mut plain = [0; PLAIN];
        for (c, advance) in (0_u8..).zip(&mut plain) {
            *advance = font.h_advance_unscaled(font.glyph_id(char::from(c))) as i32;
        }
        Some(Self { face, font, units_per_em, plain })
    }

    /// The glyph of a character and the face that has it; the empty box of this face where none has. Its advance in units of
    /// this face.
    fn glyph(&self, c: char) -> (Face, GlyphId, i32) {
        let id = self.font.glyph_id(c);
        if id == GlyphId(0)
            && (c as usize) >= PLAIN
            && let Ok(han) = Face::Han.loaded()
        {
            let other = han.font.glyph_id(c);
            if other != GlyphId(0) {
                let advance = i64::from(han.font.h_advance_unscaled(other) as i32) * i64::from(self.units_per_em);
                return (Face::Han, other, (advance / i64::from(han.units_per_em)) as i32);
            }
        }
        (self.face, id, self.font.h_advance_unscaled(id) as i32)
    }

    fn advance(&self, c: char) -> i32 {
        let known = self.plain.get(c as usize).copied();
        known.unwrap_or_else(|| self.glyph(c).2)
    }
}

/// Measures with one face.
#[derive(Clone, Copy)]
pub(super) struct Meter {
    loaded: &'static Loaded,
    units_per_em: i64,
}

impl Meter {
    pub(super) fn new(face: Face) -> Result<Self, LabelError> {
        let loaded = face.loaded()?;
        Ok(Self { loaded, units_per_em: i64::from(loaded.units_per_em) })
    }

    /// Width in font units of a text in its own order.
    pub(super) fn units(&self, text: &str) -> i64 {
        if joined::within(text) {
            return self.shaped(text, &[]).map_or(0, |set| i64::from(set.width_units));
        }
        text.chars().map(|c| i64::from(self.loaded.advance(c))).sum()
    }

    /// A text with letters that join, in the order that its levels tell.
    pub(super) fn shaped(&self, text: &str, levels: &[Level]) -> Result<SetLine, LabelError> {
        set(text, levels, self.loaded)
    }

    /// Width in font units of one character.
    pub(super) fn char_units(&self, c: char) -> i64 {
        i64::from(self.loaded.advance(c))
    }

    /// Font units in micrometres, rounded up.
    pub(super) fn um(&self, units: i64, size_um: i32) -> i64 {
        (units * i64::from(size_um) + self.units_per_em - 1) / self.units_per_em
    }
}

/// Characters that neither the face nor those that stand in for it have a glyph for: they would print as empty boxes, so a
/// caller warns before printing.
///
/// # Errors
/// [`LabelError::Font`].
pub fn missing_glyphs(text: &str, face: Face) -> Result<BTreeSet<char>, LabelError> {
    let loaded = face.loaded()?;
    let mut missing = BTreeSet::new();
    for c in clean(text).chars().filter(|c| !c.is_whitespace() && !joins(*c)) {
        let id = match Joined::of(c) {
            Some(script) => script.face().font()?.glyph_id(c),
            None => loaded.glyph(c).1,
        };
        if id == GlyphId(0) {
            missing.insert(c);
        }
    }
    Ok(missing)
}

/// Glyphs of a line from left to right, with the place of each in font units and the bytes of its characters.
///
/// # Errors
/// [`LabelError::Font`].
pub fn glyphs(text: &str, face: Face) -> Result<Vec<PlacedGlyph>, LabelError> {
    let levels = if direction::mixed(text) { direction::levels(text) } else { Vec::new() };
    glyphs_in_order(text, &levels, face)
}

/// The same where the levels of the line are known.
pub(super) fn glyphs_in_order(text: &str, levels: &[Level], face: Face) -> Result<Vec<PlacedGlyph>, LabelError> {
    let loaded = face.loaded()?;
    if joined::within(text) {
        return set(text, levels, loaded).map(|line| line.glyphs);
    }
    let mut x_units = 0;
    Ok(text.char_indices().map(|(byte, c)| plain_glyph(loaded, byte, c, c, &mut x_units)).collect())
}

/// The glyph that `drawn` has for the character `c`, and the pen behind it.
fn plain_glyph(loaded: &Loaded, byte: usize, c: char, drawn: char, x_units: &mut i32) -> PlacedGlyph {
    let (face, id, advance_units) = loaded.glyph(drawn);
    let glyph = PlacedGlyph { face, id, byte, bytes: c.len_utf8(), x_units: *x_units, y_units: 0, advance_units };
    *x_units += advance_units;
    glyph
}

/// A line with letters that join; units are those of the face that was asked for.
pub(super) struct SetLine {
    pub glyphs: Vec<PlacedGlyph>,
    pub width_units: i32,
    /// Ink over and under the baseline as a share of the em size, rounded up; never less than plain letters have.
    pub above_percent: i32,
    pub below_percent: i32,
}

fn set(text: &str, levels: &[Level], loaded: &Loaded) -> Result<SetLine, LabelError> {
    let mut line = SetLine {
        glyphs: Vec::with_capacity(text.len()),
        width_units: 0,
        above_percent: ASCENT_PERCENT,
        below_percent: DESCENT_PERCENT,
    };
    for segment in direction::from_left(joined::segments(text, levels)) {
        let rtl = segment.level.is_rtl();
        let Some(script) = segment.joined else {
            let part = text.get(segment.range.clone()).unwrap_or_default();
            let mut chars: Vec<(usize, char)> = part.char_indices().collect();
            if rtl {
                chars.reverse();
            }
            for (byte, c) in chars {
                let drawn = if rtl { direction::mirrored(c) } else { c };
                line.glyphs.push(plain_glyph(loaded, segment.range.start + byte, c, drawn, &mut line.width_units));
            }
            continue;
        };
        let shaped = joined::shape(text, segment.range, script, rtl)?;
        let own = script.face().loaded()?.units_per_em;
        let scaled = |units: i32| (i64::from(units) * i64::from(loaded.units_per_em) / i64::from(own)) as i32;
        line.glyphs.extend(shaped.glyphs.into_iter().map(|glyph| PlacedGlyph {
            x_units: line.width_units + scaled(glyph.x_units),
            y_units: scaled(glyph.y_units),
            advance_units: scaled(glyph.advance_units),
            ..glyph
        }));
        line.width_units += scaled(shaped.width_units);
        let percent = |units: i32| (units * 100 + own - 1) / own;
        line.above_percent = line.above_percent.max(percent(shaped.above_units));
        line.below_percent = line.below_percent.max(percent(shaped.below_units));
    }
    Ok(line)
}

/// One glyph of a line; units are those of the face that was asked for (see [`units_per_em`]).
#[derive(Debug, Clone, Copy)]
pub struct PlacedGlyph {
    /// The face that has it.
    pub face: Face,
    /// Glyph in that face's font.
    pub id: GlyphId,
    /// Where its characters start in the line.
    pub byte: usize,
    /// Bytes of its characters; glyphs that stand for the same ones have the same.
    pub bytes: usize,
    /// Left edge.
    pub x_units: i32,
    /// How far it is lifted over the baseline.
    pub y_units: i32,
    /// Advance.
    pub advance_units: i32,
}

/// Font units in one em.
///
/// # Errors
/// [`LabelError::Font`].
pub fn units_per_em(face: Face) -> Result<i32, LabelError> {
    face.loaded().map(|loaded| loaded.units_per_em)
}
