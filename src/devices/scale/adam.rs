//! Adam Equipment's own lines of text. Pure; must never send anything itself.
//!
//! `P CR LF` is answered by a figure and its unit, on some builds after a letter (`N +  1.00 kg`) or words (`ST,NT,+  1.234 kg`).
//! Many builds say nothing while the weight is zero or the same as before, so silence proves neither life nor a fault.

use super::{Confirms, MassUnit, ProtocolTable, Reply, ScaleProtocol, grams};
use crate::devices::line::LineSettings;
use std::borrow::Cow;

/// The protocol.
pub struct Adam;

/// The only value of [`Adam`].
pub static ADAM: Adam = Adam;

static TABLE: ProtocolTable = ProtocolTable {
    name: "Adam",
    lines: &[LineSettings::n81(4_800), LineSettings::n81(9_600)],
    start: None,
    ends: Cow::Borrowed(b"\n"),
    ask: Some(Cow::Borrowed(b"P\r\n")),
    probe: None,
    zero: Some(Cow::Borrowed(b"Z\r\n")),
    tare: Some(Cow::Borrowed(b"T\r\n")),
    confirms: Confirms::Never,
    silent_unchanged: true,
};

/// What a word before the figure says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Rests,
    Moves,
    Over,
    Under,
    Weight,
    Tare,
}

/// The words, by what they say.
const WORDS: &[(&[u8], Word)] = &[
    (b"ST", Word::Rests),
    (b"US", Word::Moves),
    (b"OL", Word::Over),
    (b"UL", Word::Under),
    (b"GS", Word::Weight),
    (b"NT", Word::Weight),
    (b"G", Word::Weight),
    (b"N", Word::Weight),
    (b"TR", Word::Tare),
    (b"T", Word::Tare),
];

/// Takes a known word, and the comma after it, off the front.
fn word(text: &[u8]) -> Option<(Word, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_uppercase()).unwrap_or(text.len());
    let (front, rest) = text.split_at(end);
    let (_, word) = WORDS.iter().find(|(known, _)| *known == front)?;
    Some((*word, rest.strip_prefix(b",").unwrap_or(rest).trim_ascii()))
}

impl ScaleProtocol for Adam {
    fn table(&self) -> &ProtocolTable {
        &TABLE
    }

    fn parse(&self, frame: &[u8], unit: MassUnit) -> Reply {
        let mut text = frame.trim_ascii();
        // A build that marks its figures says when one moves; the others send only what rests.
        let mut stable = true;
        while let Some((word, rest)) = word(text) {
            match word {
                Word::Rests | Word::Weight => {}
                Word::Moves => stable = false,
                Word::Over => return Reply::Overload,
                Word::Under => return Reply::Underload,
                // The tare alone is no weight of a load.
                Word::Tare => return Reply::Alive,
            }
            text = rest;
        }
        let (sign, rest) = match text {
            [sign @ (b'-' | b'+'), rest @ ..] => (Some(*sign), rest.trim_ascii()),
            all => (None, all),
        };
        let digits = rest.iter().position(u8::is_ascii_alphabetic).unwrap_or(rest.len());
        let (number, word) = rest.split_at(digits);
        let mut figure: Vec<u8> = sign.into_iter().collect();
        figure.extend_from_slice(number.trim_ascii());
        let unit = match std::str::from_utf8(word.trim_ascii()) {
            Ok("") => Some(unit),
            Ok(word) => MassUnit::from_word(word),
            Err(_) => None,
        };
        let grams = unit.and_then(|unit| grams(&figure, unit).ok());
        grams.map_or(Reply::Unknown, |grams| Reply::Weight { grams, stable })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_manuals() {
        let rests = |grams| Reply::Weight { grams, stable: true };
        let cases: &[(&str, Reply)] = &[
            ("   1.250kg\r", rests(1_250)),
            ("1.25 kg", rests(1_250)),
            ("N    +    1.00  kg\r", rests(1_000)),
            ("G    -    0.25  kg\r", rests(-250)),
            ("ST,GS,+  12.345 kg", rests(12_345)),
            ("ST,NT   500 g", rests(500)),
            ("US,GS,+  12.345 kg", Reply::Weight { grams: 12_345, stable: false }),
            ("  2.50 lb", rests(1_134)),
            ("OL", Reply::Overload),
            ("OL,GS,+ 99.999 kg", Reply::Overload),
            ("UL", Reply::Underload),
            ("T    +    1.00  kg", Reply::Alive),
            ("0.500", rests(500)),
        ];
        for (line, expected) in cases {
            assert_eq!(ADAM.parse(line.as_bytes(), MassUnit::Kilogram), *expected, "{line:?}");
        }
    }

    #[test]
    fn other_lines_are_unknown() {
        for line in ["", "P", "kg", "ER P", "1.2.3 kg", "1.25 pcs", "ST,GS", "1 kg 2", "\u{ff}", "XX,1.0kg", "- kg"] {
            assert_eq!(ADAM.parse(line.as_bytes(), MassUnit::Kilogram), Reply::Unknown, "{line:?}");
        }
    }
}
