//! Toledo 8217. Pure; must never send anything itself.
//!
//! An answer is STX, then a figure such as `  1.250` (with `N` when net), or `?` and a status byte, then CR. The figure has no
//! unit: the scale's build decides, so the settings say which.

use super::{Confirms, MassUnit, Probe, ProtocolTable, Reply, ScaleProtocol, grams};
use crate::devices::line::LineSettings;
use std::borrow::Cow;

/// The protocol.
pub struct Toledo8217;

/// The only value of [`Toledo8217`].
pub static TOLEDO_8217: Toledo8217 = Toledo8217;

static TABLE: ProtocolTable = ProtocolTable {
    name: "Toledo 8217",
    lines: &[LineSettings::e71(9_600)],
    start: Some(0x02),
    ends: Cow::Borrowed(b"\r"),
    ask: Some(Cow::Borrowed(b"W")),
    probe: Some(Probe { send: b"Ehello", leave: b"F" }),
    zero: Some(Cow::Borrowed(b"Z")),
    tare: None,
    // Some builds answer Z with their state, most with nothing: neither is a word to rely on.
    confirms: Confirms::Never,
    silent_unchanged: false,
};

/// Bits of the status byte, most telling first.
const STATUS: &[(u8, Reply)] = &[
    (1 << 1, Reply::Overload),
    (1 << 2, Reply::Underload),
    (1 << 0, Reply::NoFigure),
    // Outside the range in which zero can be captured: the figure is withheld.
    (1 << 3, Reply::NoFigure),
];

impl ScaleProtocol for Toledo8217 {
    fn table(&self) -> &ProtocolTable {
        &TABLE
    }

    fn parse(&self, frame: &[u8], unit: MassUnit) -> Reply {
        match frame {
            [b'?', status] => {
                // The highest bit is the parity bit where a line does not strip it.
                STATUS.iter().find(|(bit, _)| status & 0x7f & bit != 0).map_or(Reply::Alive, |(_, reply)| *reply)
            }
            b"E" => Reply::Alive,
            [..] => {
                let figure = frame.trim_ascii();
                let figure = figure.strip_suffix(b"N").unwrap_or(figure);
                // The scale answers with a figure only while the load rests.
                grams(figure, unit).map_or(Reply::Unknown, |grams| Reply::Weight { grams, stable: true })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &[u8]) -> Reply {
        TOLEDO_8217.parse(bytes, MassUnit::Kilogram)
    }

    #[test]
    fn figures_and_states() {
        assert_eq!(parse(b"  1.250"), Reply::Weight { grams: 1_250, stable: true });
        assert_eq!(parse(b"01.250N"), Reply::Weight { grams: 1_250, stable: true });
        assert_eq!(TOLEDO_8217.parse(b"02.50", MassUnit::Pound), Reply::Weight { grams: 1_134, stable: true });
        assert_eq!(parse(b"?\x41"), Reply::NoFigure);
        assert_eq!(parse(b"?\x42"), Reply::Overload);
        assert_eq!(parse(b"?\x43"), Reply::Overload, "moving and over: over says more");
        assert_eq!(parse(b"?\x44"), Reply::Underload);
        assert_eq!(parse(b"?\x48"), Reply::NoFigure);
        assert_eq!(parse(b"?\x50"), Reply::Alive, "centre of zero alone is no figure");
        assert_eq!(parse(b"?\xc2"), Reply::Overload, "parity bit set");
        assert_eq!(parse(b"E"), Reply::Alive);
    }

    #[test]
    fn other_bytes_are_unknown() {
        for bytes in [&b""[..], b"?", b"hello", b"1.2.3", b"?AB", b"\xff", b"N"] {
            assert_eq!(parse(bytes), Reply::Unknown, "{bytes:?}");
        }
    }
}
