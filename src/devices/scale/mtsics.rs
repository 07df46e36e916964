//! MT-SICS, levels 0 and 1 (Mettler-Toledo Standard Interface Command Set). Pure; must never send anything itself.
//!
//! Answers are words separated by blanks and ended by CR LF: `S S     100.00 g`.

use super::{Confirms, MassUnit, ProtocolTable, Reply, ScaleProtocol, ScaleVerb, grams};
use crate::devices::line::LineSettings;
use std::borrow::Cow;

/// The protocol.
pub struct MtSics;

/// The only value of [`MtSics`].
pub static MT_SICS: MtSics = MtSics;

static TABLE: ProtocolTable = ProtocolTable {
    name: "MT-SICS",
    lines: &[LineSettings::n81(9_600), LineSettings::n81(2_400), LineSettings::n81(19_200)],
    start: None,
    ends: Cow::Borrowed(b"\n"),
    ask: Some(Cow::Borrowed(b"SI\r\n")),
    probe: None,
    zero: Some(Cow::Borrowed(b"Z\r\n")),
    tare: Some(Cow::Borrowed(b"T\r\n")),
    confirms: Confirms::ByWord,
    silent_unchanged: false,
};

/// What an answer's first two words mean.
#[derive(Clone, Copy)]
enum Meaning {
    Figure { stable: bool },
    Fixed(Reply),
}

/// The answers, by their first two words.
const ANSWERS: &[(&[u8], &[u8], Meaning)] = &[
    (b"S", b"S", Meaning::Figure { stable: true }),
    (b"S", b"D", Meaning::Figure { stable: false }),
    (b"S", b"I", Meaning::Fixed(Reply::NoFigure)),
    (b"S", b"+", Meaning::Fixed(Reply::Overload)),
    (b"S", b"-", Meaning::Fixed(Reply::Underload)),
    (b"Z", b"A", Meaning::Fixed(Reply::Done(ScaleVerb::Zero))),
    (b"Z", b"I", Meaning::Fixed(Reply::Refused(ScaleVerb::Zero))),
    (b"Z", b"+", Meaning::Fixed(Reply::Refused(ScaleVerb::Zero))),
    (b"Z", b"-", Meaning::Fixed(Reply::Refused(ScaleVerb::Zero))),
    (b"T", b"S", Meaning::Fixed(Reply::Done(ScaleVerb::Tare))),
    (b"T", b"I", Meaning::Fixed(Reply::Refused(ScaleVerb::Tare))),
    (b"T", b"+", Meaning::Fixed(Reply::Refused(ScaleVerb::Tare))),
    (b"T", b"-", Meaning::Fixed(Reply::Refused(ScaleVerb::Tare))),
    (b"I4", b"A", Meaning::Fixed(Reply::Alive)),
];

impl ScaleProtocol for MtSics {
    fn table(&self) -> &ProtocolTable {
        &TABLE
    }

    fn parse(&self, frame: &[u8], _unit: MassUnit) -> Reply {
        // The whole answers without a second word: not known, not understood, not possible now.
        if matches!(frame.trim_ascii(), b"ES" | b"ET" | b"EL") {
            return Reply::NotKnown;
        }
        let mut words = frame.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let (Some(first), Some(second)) = (words.next(), words.next()) else {
            return Reply::Unknown;
        };
        let row = ANSWERS.iter().find(|(a, b, _)| *a == first && *b == second);
        match row.map(|(.., meaning)| *meaning) {
            Some(Meaning::Fixed(reply)) => reply,
            Some(Meaning::Figure { stable }) => {
                let figure = words.next();
                let unit = words.next().and_then(|word| std::str::from_utf8(word).ok()).and_then(MassUnit::from_word);
                match (figure, unit, words.next()) {
                    (Some(figure), Some(unit), None) => {
                        grams(figure, unit).map_or(Reply::Unknown, |grams| Reply::Weight { grams, stable })
                    }
                    // A figure without a known unit is no weight: guessing would be off by a thousand.
                    _ => Reply::Unknown,
                }
            }
            None => Reply::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_the_manual() {
        let cases: &[(&str, Reply)] = &[
            ("S S     100.00 g\r", Reply::Weight { grams: 100, stable: true }),
            ("S D     1.2500 kg\r", Reply::Weight { grams: 1_250, stable: false }),
            ("S S      -0.50 g", Reply::Weight { grams: -1, stable: true }),
            ("S S 2.00 lb", Reply::Weight { grams: 907, stable: true }),
            ("S I\r", Reply::NoFigure),
            ("S +\r", Reply::Overload),
            ("S -\r", Reply::Underload),
            ("Z A\r", Reply::Done(ScaleVerb::Zero)),
            ("Z I\r", Reply::Refused(ScaleVerb::Zero)),
            ("T S 100.00 g", Reply::Done(ScaleVerb::Tare)),
            ("T -", Reply::Refused(ScaleVerb::Tare)),
            ("I4 A \"0123456789\"", Reply::Alive),
            ("ES\r", Reply::NotKnown),
            ("EL", Reply::NotKnown),
        ];
        for (text, expected) in cases {
            assert_eq!(MT_SICS.parse(text.as_bytes(), MassUnit::Gram), *expected, "{text:?}");
        }
    }

    #[test]
    fn other_bytes_are_unknown() {
        for bytes in [
            &b""[..],
            b"S",
            b"S S",
            b"S S 100.00",
            b"S S 100.00 x",
            b"S S abc g",
            b"S S 1 g more",
            b"ES S",
            b"\xff\x00 S",
            b"Q Q 1 g",
        ] {
            assert_eq!(MT_SICS.parse(bytes, MassUnit::Gram), Reply::Unknown, "{bytes:?}");
        }
    }
}
