//! Text on sheets: wrapping and shrinking until everything fits its cell.
//!
//! Widths come from the fonts' own advances in integers, so raster, PDF and ZPL agree on where a line breaks. Every word is
//! measured once, in font units; trying a size is arithmetic. This file must never cut text off: what cannot fit is an error.

pub use super::face::{Face, PlacedGlyph, glyphs, missing_glyphs, units_per_em};
use super::face::{Meter, glyphs_in_order};
use super::sheet::Area;
use super::{LabelError, direction, joined};
use std::borrow::Cow;
use unicode_bidi::Level;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// Most characters in one text cell.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Smallest em size text may shrink to, in micrometres (about 4.5 pt: legible print, not beautiful).
pub const TEXT_SIZE_UM_MIN: i32 = 1_600;
/// Ink above the baseline as a share of the em size, in percent: capitals with an accent reach here.
pub const ASCENT_PERCENT: i32 = 95;
/// Ink below the baseline as a share of the em size, in percent.
pub const DESCENT_PERCENT: i32 = 25;
/// Each try shrinks the text to this share of the size before, in percent.
const SHRINK_PERCENT: i32 = 95;

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

/// How far the ink of a text goes from its baselines, as a share of the em size in percent; lines stand as far apart as the two
/// together. Scripts with marks over and under their letters go further than plain letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Over the baseline.
    pub above_percent: i32,
    /// Under the baseline.
    pub below_percent: i32,
}

impl Reach {
    const PLAIN: Self = Self { above_percent: ASCENT_PERCENT, below_percent: DESCENT_PERCENT };

    fn above_um(self, size_um: i32) -> i32 {
        size_um * self.above_percent / 100
    }

    /// Height of a line, and from line to line.
    fn line_um(self, size_um: i32) -> i32 {
        size_um * (self.above_percent + self.below_percent) / 100
    }

    fn block_um(self, lines: usize, size_um: i32) -> i32 {
        self.line_um(size_um).saturating_mul(i32::try_from(lines).unwrap_or(i32::MAX))
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
    /// The direction of each byte; empty where all of it runs from left to right.
    levels: Vec<Level>,
}

impl TextLine {
    /// Its glyphs from left to right.
    ///
    /// # Errors
    /// [`LabelError::Font`].
    pub fn glyphs(&self, face: Face) -> Result<Vec<PlacedGlyph>, LabelError> {
        glyphs_in_order(&self.text, &self.levels, face)
    }
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
    /// How far its ink goes from the baselines.
    pub reach: Reach,
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
        let words = Words::of(&clean, Meter::new(style.face)?);
        let mut lines = Vec::new();
        // Text on one line has no words to break: once through the sizes is enough.
        for break_words in if style.wrap { &[false, true][..] } else { &[false][..] } {
            let mut size_um = style.size_um.min(area.h_um * 100 / (ASCENT_PERCENT + DESCENT_PERCENT));
            while size_um >= TEXT_SIZE_UM_MIN {
                if let Some(reach) = words.fit(area, style.wrap, size_um, *break_words, &mut lines)? {
                    let lines = words.place(&lines, area, style, size_um, reach);
                    return Ok(Self { area, style, size_um, reach, lines });
                }
                size_um = size_um * SHRINK_PERCENT / 100;
            }
        }
        Err(too_long)
    }

    /// What a line covers with ink at most.
    #[must_use]
    pub fn line_area(&self, line: &TextLine) -> Area {
        Area {
            x_um: line.x_um,
            y_um: line.baseline_um - self.reach.above_um(self.size_um),
            w_um: line.width_um,
            h_um: self.reach.line_um(self.size_um),
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
    let words = Words::of(&clean, Meter::new(face)?);
    let mut lines = Vec::new();
    let broken = words.break_lines(i64::from(width_um), size_um, true, &mut lines);
    let reach = words.reach(&lines)?;
    Ok(reach.block_um(if broken { lines.len().max(1) } else { 1 }, size_um))
}

/// Line breaks stay; other control characters, the direction marks that message catalogues put around arguments
/// (U+2066..=U+2069, U+200E, U+200F) and those that turn text round (U+202A..=U+202E, U+061C) leave; tabs become spaces.
/// Letters and marks that are written apart become one where there is one (NFC); a soft hyphen is no letter, nor are a joiner
/// of words and a space without width.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b)) {
        return Cow::Borrowed(text);
    }
    let keep = |c: char| match c {
        '\n' => Some('\n'),
        '\t' => Some(' '),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
        '\u{ad}' | '\u{200b}' | '\u{2060}' => None,
        c if c.is_control() => None,
        c => Some(c),
    };
    let kept: String = text.chars().filter_map(keep).collect();
    Cow::Owned(if is_nfc(&kept) { kept } else { kept.nfc().collect() })
}

/// A word, or a part of one at whose end a line may break, and its width in font units.
struct Word<'a> {
    text: &'a str,
    units: i64,
    /// A space stands before it, unless it begins a line.
    spaced: bool,
}

/// Chinese and Japanese: lines may break between any two of these characters. Korean breaks at its spaces.
fn breaks_anywhere(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
        && !matches!(c, '\u{3130}'..='\u{318f}')
}

/// Signs that no line begins with: closing brackets, stops, small kana and marks of length.
fn never_first(c: char) -> bool {
    "、。，．！？：；）」』】〉》〕］｝・ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ".contains(c)
}

/// Opening brackets, which no line ends with.
fn never_last(c: char) -> bool {
    "（「『【〈《〔［｛".contains(c)
}

/// The parts of a word between which a line may break.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let mut before = rest.chars().next()?;
        let breaks = |(byte, c): (usize, char)| {
            let left = std::mem::replace(&mut before, c);
            let free = breaks_anywhere(left) || breaks_anywhere(c);
            (byte > 0 && free && !never_first(c) && !never_last(left)).then_some(byte)
        };
        let end = rest.char_indices().find_map(breaks).unwrap_or(rest.len());
        let (part, left) = rest.split_at(end);
        rest = left;
        Some(part)
    })
}

/// A text as words that are measured once; the number of words up to the end of each paragraph.
struct Words<'a> {
    meter: Meter,
    words: Vec<Word<'a>>,
    paragraphs: Vec<usize>,
    /// Has letters that join.
    joined: bool,
}

/// One line: its first word or piece of a word, and which whole words follow.
struct Line<'a> {
    first: &'a str,
    next: usize,
    end: usize,
    width_um: i64,
}

impl<'a> Words<'a> {
    fn of(text: &'a str, meter: Meter) -> Self {
        let (mut words, mut paragraphs) = (Vec::new(), Vec::new());
        let joined = joined::within(text);
        for paragraph in text.split('\n') {
            for word in paragraph.split_whitespace() {
                if word.is_ascii() {
                    words.push(Word { text: word, units: meter.units(word), spaced: true });
                    continue;
                }
                let part = |(i, text)| Word { text, units: meter.units(text), spaced: i == 0 };
                if joined && joined::has_inner_breaks(word) {
                    words.extend(joined::parts(word).into_iter().enumerate().map(part));
                } else {
                    words.extend(parts(word).enumerate().map(part));
                }
            }
            paragraphs.push(words.len());
        }
        Self { meter, words, paragraphs, joined }
    }

    /// Lines of this size and how far their ink goes, if they fit the area.
    fn fit(
        &self,
        area: Area,
        wrap: bool,
        size_um: i32,
        break_words: bool,
        lines: &mut Vec<Line<'a>>,
    ) -> Result<Option<Reach>, LabelError> {
        let limit_um = i64::from(area.w_um);
        if wrap {
            if !self.break_lines(limit_um, size_um, break_words, lines) {
                return Ok(None);
            }
        } else {
            let spaces = self.words.iter().skip(1).filter(|w| w.spaced).count() as i64;
            let gaps = spaces * self.meter.char_units(' ');
            let width_um = self.meter.um(self.words.iter().map(|w| w.units).sum::<i64>() + gaps, size_um);
            if width_um > limit_um {
                return Ok(None);
            }
            lines.clear();
            let first = self.words.first().map_or("", |w| w.text);
            lines.push(Line { first, next: 1, end: self.words.len(), width_um });
        }
        let reach = self.reach(lines)?;
        Ok((reach.block_um(lines.len(), size_um) <= area.h_um).then_some(reach))
    }

    /// How far the ink of the lines goes: letters that join have other shapes where a line breaks.
    fn reach(&self, lines: &[Line<'a>]) -> Result<Reach, LabelError> {
        let mut reach = Reach::PLAIN;
        if self.joined {
            for line in lines {
                let set = self.meter.shaped(&self.text_of(line), &[])?;
                reach.above_percent = reach.above_percent.max(set.above_percent);
                reach.below_percent = reach.below_percent.max(set.below_percent);
            }
        }
        Ok(reach)
    }

    /// Greedy line breaking at white space; a word wider than the line is broken inside or refuses (`false`).
    fn break_lines(&self, limit_um: i64, size_um: i32, break_words: bool, lines: &mut Vec<Line<'a>>) -> bool {
        lines.clear();
        let space_um = self.meter.um(self.meter.char_units(' '), size_um);
        let mut at = 0;
        for end in &self.paragraphs {
            let mut line = Line { first: "", next: at, end: at, width_um: 0 };
            for (i, word) in self.words.iter().enumerate().take(*end).skip(at) {
                let word_um = self.meter.um(word.units, size_um);
                let gap_um = if word.spaced { space_um } else { 0 };
                if !line.first.is_empty() && line.width_um + gap_um + word_um <= limit_um {
                    line.end = i + 1;
                    line.width_um += gap_um + word_um;
                    continue;
                }
                if !line.first.is_empty() {
                    lines.push(line);
                }
                line = Line { first: word.text, next: i + 1, end: i + 1, width_um: word_um };
                if word_um > limit_um && !(break_words && self.break_word(&mut line, limit_um, size_um, lines)) {
                    return false;
                }
            }
            lines.push(line);
            at = *end;
        }
        true
    }

    /// Breaks the word of a line by characters; full pieces go to `lines`, the rest stays.
    fn break_word(&self, line: &mut Line<'a>, limit_um: i64, size_um: i32, lines: &mut Vec<Line<'a>>) -> bool {
        let word = line.first;
        if self.joined && joined::within(word) {
            return self.break_joined(line, limit_um, size_um, lines);
        }
        let (mut start, mut piece_um) = (0, 0);
        for (byte, c) in word.char_indices() {
            let char_um = self.meter.um(self.meter.char_units(c), size_um);
            if char_um > limit_um {
                return false;
            }
            if piece_um + char_um > limit_um {
                lines.push(Line { first: &word[start..byte], next: 0, end: 0, width_um: piece_um });
                (start, piece_um) = (byte, 0);
            }
            piece_um += char_um;
        }
        line.first = &word[start..];
        line.width_um = piece_um;
        true
    }

    /// The same for letters that join: between syllables, each piece measured as it will be drawn.
    fn break_joined(&self, line: &mut Line<'a>, limit_um: i64, size_um: i32, lines: &mut Vec<Line<'a>>) -> bool {
        let word = line.first;
        let ends = joined::cluster_ends(word);
        let mut rest = ends.as_slice();
        let mut start = 0;
        loop {
            let piece_um = |end: usize| self.meter.um(self.meter.units(&word[start..end]), size_um);
            let fits = rest.partition_point(|end| piece_um(*end) <= limit_um);
            let Some(end) = fits.checked_sub(1).and_then(|last| rest.get(last)).copied() else { return false };
            let (first, width_um) = (&word[start..end], piece_um(end));
            rest = &rest[fits..];
            start = end;
            if rest.is_empty() {
                (line.first, line.width_um) = (first, width_um);
                return true;
            }
            lines.push(Line { first, next: 0, end: 0, width_um });
        }
    }

    /// The text with one space where words were apart and, where it may break, a line break behind each paragraph.
    fn normal(&self, wrap: bool) -> String {
        let mut text = String::new();
        let mut at = 0;
        for end in &self.paragraphs {
            for word in self.words.get(at..*end).unwrap_or_default() {
                if word.spaced && !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(word.text);
            }
            if wrap {
                text.push('\n');
            }
            at = *end;
        }
        text
    }

    /// The directions of the lines, where there are two.
    fn levels(&self, lines: &[TextLine], wrap: bool) -> Vec<Vec<Level>> {
        let text = self.normal(wrap);
        if !direction::mixed(&text) {
            return Vec::new();
        }
        direction::levels_of_lines(&text, lines.iter().map(|line| line.text.as_str()))
    }

    fn text_of(&self, line: &Line<'a>) -> String {
        let mut text = String::from(line.first);
        for word in self.words.get(line.next..line.end).unwrap_or_default() {
            if word.spaced {
                text.push(' ');
            }
            text.push_str(word.text);
        }
        text
    }

    fn place(&self, lines: &[Line<'a>], area: Area, style: Style, size_um: i32, reach: Reach) -> Vec<TextLine> {
        let spare_um = area.h_um - reach.block_um(lines.len(), size_um);
        let top_um = area.y_um
            + match style.rise {
                Rise::Top => 0,
                Rise::Middle => spare_um / 2,
                Rise::Bottom => spare_um,
            };
        let mut out = Vec::with_capacity(lines.len());
        let mut baseline_um = top_um + reach.above_um(size_um);
        for line in lines {
            let width_um = i32::try_from(line.width_um).unwrap_or(area.w_um);
            let shift_um = match style.align {
                Align::Left => 0,
                Align::Centre => (area.w_um - width_um) / 2,
                Align::Right => area.w_um - width_um,
            };
            if !line.first.is_empty() {
                let (text, x_um) = (self.text_of(line), area.x_um + shift_um);
                out.push(TextLine { text, x_um, baseline_um, width_um, levels: Vec::new() });
            }
            baseline_um += reach.line_um(size_um);
        }
        if self.joined {
            let levels = self.levels(&out, style.wrap);
            for (line, levels) in out.iter_mut().zip(levels) {
                line.levels = levels;
            }
        }
        out
    }
}
