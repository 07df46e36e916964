//! The embedded faces: their files, their glyphs and how wide these are.
//!
//! A character that a face lacks comes from [`Face::Han`], which has Chinese, Japanese and Korean. Advances are the fonts' own, in
//! integers. No kerning and no complex shaping: scripts that need joined or reordered glyphs are out of scope. This file must
//! never lay out or draw.

use super::LabelError;
use super::text::clean;
use ab_glyph::{Font, FontRef, GlyphId};
use std::collections::BTreeSet;
use std::sync::LazyLock;

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
}

impl Face {
    /// Every face.
    pub const ALL: [Face; 6] = [Face::Regular, Face::SemiBold, Face::Bold, Face::Mono, Face::MonoBold, Face::Han];

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
        let loaded = match self {
            Face::Regular => &REGULAR,
            Face::SemiBold => &SEMI_BOLD,
            Face::Bold => &BOLD,
            Face::Mono => &MONO,
            Face::MonoBold => &MONO_BOLD,
            Face::Han => &HAN,
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

    /// Width in font units.
    pub(super) fn units(&self, text: &str) -> i64 {
        text.chars().map(|c| i64::from(self.loaded.advance(c))).sum()
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

/// Characters that neither the face nor [`Face::Han`] has a glyph for: they would print as empty boxes, so a caller warns
/// before printing.
///
/// # Errors
/// [`LabelError::Font`].
pub fn missing_glyphs(text: &str, face: Face) -> Result<BTreeSet<char>, LabelError> {
    let loaded = face.loaded()?;
    Ok(clean(text).chars().filter(|c| !c.is_whitespace() && loaded.glyph(*c).1 == GlyphId(0)).collect())
}

/// Glyphs of a line with the left edge of each in font units and the byte where its character starts.
///
/// # Errors
/// [`LabelError::Font`].
pub fn glyphs(text: &str, face: Face) -> Result<Vec<PlacedGlyph>, LabelError> {
    let loaded = face.loaded()?;
    let mut x_units = 0;
    let place = |(byte, c): (usize, char)| {
        let (face, id, advance_units) = loaded.glyph(c);
        let glyph = PlacedGlyph { face, id, byte, bytes: c.len_utf8(), x_units, advance_units };
        x_units += advance_units;
        glyph
    };
    Ok(text.char_indices().map(place).collect())
}

/// One glyph of a line; units are those of the face that was asked for (see [`units_per_em`]).
#[derive(Debug, Clone, Copy)]
pub struct PlacedGlyph {
    /// The face that has it.
    pub face: Face,
    /// Glyph in that face's font.
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
    face.loaded().map(|loaded| loaded.units_per_em)
}
