//! The order in which a line of mixed directions is set (Unicode Bidirectional Algorithm, UAX #9).
//!
//! Levels are resolved for a whole text, because what a number or a sign does depends on what stands before it, also on
//! another line; each line is then put in order by itself. This file must never break a line or measure one.

use super::joined::{Joined, Segment};
use unicode_bidi::{BidiInfo, Level};

/// Whether a text has anything that runs from right to left, or Arabic digits, whose place depends on it.
pub(super) fn mixed(text: &str) -> bool {
    let turns = |joined: Joined| joined.right_to_left() || joined == Joined::ArabicSign;
    text.bytes().any(|b| b >= 0xD6) && text.chars().any(|c| Joined::of(c).is_some_and(turns))
}

/// The level of every byte; each paragraph takes its direction from its first letter.
pub(super) fn levels(text: &str) -> Vec<Level> {
    BidiInfo::new(text, None).levels
}

/// The levels of the lines of a text, which stand in it in this order with white space between them.
pub(super) fn levels_of_lines<'a>(text: &str, lines: impl Iterator<Item = &'a str>) -> Vec<Vec<Level>> {
    let all = levels(text);
    let mut at = 0;
    let levels = |line: &str| {
        let rest = text.get(at..).unwrap_or_default();
        let start = at + rest.find(line).unwrap_or_default();
        at = start + line.len();
        all.get(start..at).map(<[Level]>::to_vec).unwrap_or_default()
    };
    lines.map(levels).collect()
}

/// The segments from left to right.
pub(super) fn from_left(segments: Vec<Segment>) -> Vec<Segment> {
    let levels: Vec<Level> = segments.iter().map(|segment| segment.level).collect();
    BidiInfo::reorder_visual(&levels).into_iter().filter_map(|i| segments.get(i).cloned()).collect()
}

/// The sign that opens where this one closes: brackets and quotes turn round in text that runs from right to left.
pub(super) fn mirrored(c: char) -> char {
    const PAIRS: &str = "()[]{}<>«»‹›≤≥（）［］｛｝「」『』【】〈〉《》〔〕";
    let Some(at) = PAIRS.chars().position(|sign| sign == c) else { return c };
    PAIRS.chars().nth(at ^ 1).unwrap_or(c)
}
