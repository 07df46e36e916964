//! Scripts whose letters join, reorder or stack (Arabic, Hebrew, Devanagari, Thai): which characters they are, where a
//! line of them may break, and their glyphs as a shaper places them.
//!
//! A text is cut into segments of one script and one direction; each is shaped by itself with the script's own face. What the
//! ink of a segment needs beyond its advances is added to it, so no ink leaves the place that was measured for it. This file
//! must never choose a size or a place on the sheet.

use super::LabelError;
use super::face::{Face, PlacedGlyph};
use harfrust::{Direction, FontRef, Script, ShapeOptions, ShaperData, UnicodeBuffer, script};
use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{GraphemeClusterSegmenter, LineSegmenter};
use std::ops::Range;
use std::sync::LazyLock;
use unicode_bidi::Level;

/// No character before this belongs to these scripts.
const FIRST: char = '\u{591}';

/// What is shaped as one: the letters of a script, and apart from them the digits and signs of Arabic, which run the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    Arabic,
    ArabicSign,
    Hebrew,
    Devanagari,
    Thai,
}

impl Joined {
    /// The script of a character; `None` for all that stand side by side unshaped.
    pub(super) fn of(c: char) -> Option<Self> {
        if c < FIRST {
            return None;
        }
        match c {
            '\u{591}'..='\u{5f4}' | '\u{fb1d}'..='\u{fb4f}' => Some(Joined::Hebrew),
            '\u{600}'..='\u{605}' | '\u{60c}' | '\u{660}'..='\u{66c}' | '\u{6dd}' | '\u{6f0}'..='\u{6f9}' => {
                Some(Joined::ArabicSign)
            }
            '\u{606}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                Some(Joined::Arabic)
            }
            '\u{900}'..='\u{97f}' => Some(Joined::Devanagari),
            '\u{e01}'..='\u{e5b}' => Some(Joined::Thai),
            _ => None,
        }
    }

    pub(super) fn face(self) -> Face {
        match self {
            Joined::Arabic | Joined::ArabicSign => Face::Arabic,
            Joined::Hebrew => Face::Hebrew,
            Joined::Devanagari => Face::Devanagari,
            Joined::Thai => Face::Thai,
        }
    }

    fn script(self) -> Script {
        match self {
            Joined::Arabic | Joined::ArabicSign => script::ARABIC,
            Joined::Hebrew => script::HEBREW,
            Joined::Devanagari => script::DEVANAGARI,
            Joined::Thai => script::THAI,
        }
    }

    /// Runs from right to left, wherever it stands.
    pub(super) fn right_to_left(self) -> bool {
        match self {
            Joined::Arabic | Joined::Hebrew => true,
            Joined::ArabicSign | Joined::Devanagari | Joined::Thai => false,
        }
    }
}

/// Whether anything of a text must be shaped.
pub(super) fn within(text: &str) -> bool {
    // Letters of these scripts have two bytes from 0xD6 on, or three.
    text.bytes().any(|b| b >= 0xD6) && text.chars().any(|c| Joined::of(c).is_some())
}

/// Signs without ink that say how their neighbours join; they belong to the letters before them.
pub(super) fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{34f}')
}

/// A part of a line in one script and one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub range: Range<usize>,
    pub joined: Option<Joined>,
    pub level: Level,
}

/// The segments of a line in the order of reading; `levels` has one for each byte and may be empty: each script's own direction.
pub(super) fn segments(text: &str, levels: &[Level]) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::new();
    for (byte, c) in text.char_indices() {
        let joined = match out.last() {
            Some(last) if joins(c) => last.joined,
            Some(_) | None => Joined::of(c),
        };
        let own = if joined.is_some_and(Joined::right_to_left) { Level::rtl() } else { Level::ltr() };
        let level = levels.get(byte).copied().unwrap_or(own);
        let end = byte + c.len_utf8();
        match out.last_mut() {
            Some(last) if last.joined == joined && last.level == level => last.range.end = end,
            Some(_) | None => out.push(Segment { range: byte..end, joined, level }),
        }
    }
    out
}

/// A segment's glyphs from left to right; units are those of the script's face.
pub(super) struct Shaped {
    pub glyphs: Vec<PlacedGlyph>,
    /// Width with all its ink.
    pub width_units: i32,
    /// Ink over the baseline and under it.
    pub above_units: i32,
    pub below_units: i32,
}

/// Shapes a part of `text`, which is all of one script and direction.
///
/// # Errors
/// [`LabelError::Font`].
pub(super) fn shape(text: &str, range: Range<usize>, joined: Joined, rtl: bool) -> Result<Shaped, LabelError> {
    let face = joined.face();
    let wrong = LabelError::Font { face };
    let (font, data) = shaper(face).ok_or(wrong)?;
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text.get(range.clone()).unwrap_or_default());
    buffer.set_script(joined.script());
    buffer.set_direction(if rtl { Direction::RightToLeft } else { Direction::LeftToRight });
    let shaped = data.shaper(font).build().shape(buffer, ShapeOptions::new());
    let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut glyphs = Vec::with_capacity(shaped.len());
    let mut pen = 0;
    for (info, at) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let start = info.cluster as usize;
        let end = starts.iter().copied().find(|next| *next > start).unwrap_or(range.len());
        glyphs.push(PlacedGlyph {
            face,
            id: ab_glyph::GlyphId(u16::try_from(info.glyph_id).unwrap_or_default()),
            byte: range.start + start,
            bytes: end - start,
            x_units: pen + at.x_offset,
            y_units: at.y_offset,
            advance_units: at.x_advance,
        });
        pen += at.x_advance;
    }
    with_ink(glyphs, pen, face)
}

/// Makes room for the ink that leaves the advances.
fn with_ink(mut glyphs: Vec<PlacedGlyph>, advance: i32, face: Face) -> Result<Shaped, LabelError> {
    let font = face.font()?;
    let (mut left, mut right, mut above, mut below) = (0, advance, 0, 0);
    for glyph in &glyphs {
        let Some(outline) = ab_glyph::Font::outline(font, glyph.id) else { continue };
        let (a, b) = (outline.bounds.min, outline.bounds.max);
        left = left.min(glyph.x_units + a.x.min(b.x).floor() as i32);
        right = right.max(glyph.x_units + a.x.max(b.x).ceil() as i32);
        above = above.max(glyph.y_units + a.y.max(b.y).ceil() as i32);
        below = below.max(-(glyph.y_units + a.y.min(b.y).floor() as i32));
    }
    for glyph in &mut glyphs {
        glyph.x_units -= left;
    }
    Ok(Shaped { glyphs, width_units: right - left, above_units: above, below_units: below })
}

type Shaper = (FontRef<'static>, ShaperData);

fn shaper(face: Face) -> Option<&'static Shaper> {
    static ARABIC: LazyLock<Option<Shaper>> = LazyLock::new(|| read(Face::Arabic));
    static HEBREW: LazyLock<Option<Shaper>> = LazyLock::new(|| read(Face::Hebrew));
    static DEVANAGARI: LazyLock<Option<Shaper>> = LazyLock::new(|| read(Face::Devanagari));
    static THAI: LazyLock<Option<Shaper>> = LazyLock::new(|| read(Face::Thai));
    match face {
        Face::Arabic => ARABIC.as_ref(),
        Face::Hebrew => HEBREW.as_ref(),
        Face::Devanagari => DEVANAGARI.as_ref(),
        Face::Thai => THAI.as_ref(),
        Face::Regular | Face::SemiBold | Face::Bold | Face::Mono | Face::MonoBold | Face::Han => None,
    }
}

fn read(face: Face) -> Option<Shaper> {
    let font = FontRef::new(face.bytes()).ok()?;
    let data = ShaperData::new(&font);
    Some((font, data))
}

/// Whether a word has places inside where a line may break: Thai is written without spaces.
pub(super) fn has_inner_breaks(word: &str) -> bool {
    word.chars().any(|c| Joined::of(c) == Some(Joined::Thai))
}

/// The parts of such a word between which a line may break.
pub(super) fn parts(word: &str) -> Vec<&str> {
    between(word, LineSegmenter::new_lstm(LineBreakOptions::default()).segment_str(word))
}

/// Where a word may be broken that is too long for a line: the ends of its syllables and letters with their marks.
pub(super) fn cluster_ends(word: &str) -> Vec<usize> {
    // A Thai vowel that is written before its consonant stays with it.
    let leads = |end: usize| word[..end].ends_with(|c| matches!(c, '\u{e40}'..='\u{e44}'));
    GraphemeClusterSegmenter::new().segment_str(word).filter(|end| *end > 0 && !leads(*end)).collect()
}

fn between(word: &str, breaks: impl Iterator<Item = usize>) -> Vec<&str> {
    let mut start = 0;
    let mut parts = Vec::new();
    for end in breaks {
        if let Some(part) = word.get(start..end).filter(|part| !part.is_empty()) {
            parts.push(part);
            start = end;
        }
    }
    parts
}
