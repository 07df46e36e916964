//! Spellings of FNC1. Scanners send it as GS (ASCII 29); keyboards, files and people write something else instead.

use super::reader::GS;

/// Spellings that are taken for FNC1 unless others are named. None of them can be part of a value, because each has a
/// character that no value has; `<GS>` or `%1D` could be. Longer ones stand before those they begin with.
pub const SUBSTITUTES: &[&str] =
    &["{FNC1}", "{GS}", "{gs}", "\\u001d", "\\u001D", "\\x1d", "\\x1D", "^]", "^", "~", "|", "␝"];

/// [`SUBSTITUTES`] as a list that can be added to.
pub(super) fn usual() -> Vec<String> {
    SUBSTITUTES.iter().map(|s| (*s).to_owned()).collect()
}

/// The substitute that a text begins with.
fn leading<'a>(text: &[u8], substitutes: &'a [String]) -> Option<&'a str> {
    substitutes.iter().map(String::as_str).find(|s| !s.is_empty() && text.starts_with(s.as_bytes()))
}

/// Writes a text with every substitute as GS; whether there was any.
pub(super) fn replace(text: &[u8], substitutes: &[String], out: &mut Vec<u8>) -> bool {
    let (mut at, mut any) = (0, false);
    while let Some(byte) = text.get(at) {
        match leading(&text[at..], substitutes) {
            Some(s) => {
                out.push(GS);
                (at, any) = (at + s.len(), true);
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    any
}

/// Where byte `n` of the text with GS stands in the text that was given.
pub(super) fn place(text: &[u8], substitutes: &[String], n: usize) -> usize {
    let mut at = 0;
    for _ in 0..n {
        at += leading(text.get(at..).unwrap_or(&[]), substitutes).map_or(1, str::len);
    }
    at.min(text.len())
}
