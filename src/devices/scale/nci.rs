//! NCI, also called SCP-01 (Weigh-Tronix, Brecknell, Salter, some Adam). Pure; must never send anything itself.
//!
//! `W CR` is answered by LF, a figure with its unit, CR, LF, two or more status bytes, CR, ETX. Some builds leave out the LF and
//! the CR around the status. A figure in pounds and ounces is `2lb 3.5oz`; above the range it is drawn as `^^^^^^`, below it as
//! `______`, without a valid zero as `------`. A command that is not known is answered by `?`.

use super::{Confirms, MassUnit, ProtocolTable, Reply, ScaleProtocol, grams, grams_lb_oz};
use crate::devices::line::LineSettings;
use std::borrow::Cow;

/// The protocol.
pub struct Nci {
    /// The first status byte means the opposite: one maker sends 0 for "moves" and for "at zero".
    h1_inverted: bool,
}

/// As most makers build it.
pub static NCI: Nci = Nci { h1_inverted: false };
/// With the first status byte inverted.
pub static NCI_INVERTED: Nci = Nci { h1_inverted: true };

static TABLE: ProtocolTable = ProtocolTable {
    name: "NCI",
    lines: &[LineSettings::e71(9_600), LineSettings::n81(9_600)],
    // An LF stands both before the figure and before the status, so only the end is sure.
    start: None,
    ends: Cow::Borrowed(b"\x03"),
    ask: Some(Cow::Borrowed(b"W\r")),
    probe: None,
    zero: Some(Cow::Borrowed(b"Z\r")),
    tare: Some(Cow::Borrowed(b"T\r")),
    confirms: Confirms::ByState,
    silent_unchanged: false,
};

/// Bits 4 and 5, which every status byte has.
const MARK: u8 = 0x30;

/// The status bytes, understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Status {
    moves: bool,
    at_zero: bool,
    under: bool,
    over: bool,
    broken: bool,
    net: bool,
}

impl Nci {
    fn status(&self, bytes: &[u8]) -> Option<Status> {
        let [h1, h2, more @ ..] = bytes else { return None };
        let marked = bytes.iter().all(|byte| byte & MARK == MARK);
        // Bit 6 of the second byte announces a third: without it the answer was cut.
        let whole = h2 & 0x40 == 0 || !more.is_empty();
        if !marked || !whole || more.len() > 2 {
            return None;
        }
        let h1 = if self.h1_inverted { h1 ^ 0x0f } else { *h1 };
        let h3 = more.first().copied().unwrap_or(MARK);
        Some(Status {
            moves: h1 & 0x01 != 0,
            at_zero: h1 & 0x02 != 0,
            under: h2 & 0x01 != 0,
            over: h2 & 0x02 != 0,
            // Errors of RAM, EEPROM, ROM and of the calibration.
            broken: h1 & 0x0c != 0 || h2 & 0x0c != 0,
            net: h3 & 0x04 != 0,
        })
    }

    fn weight(figure: &[u8], status: Status, unit: MassUnit) -> Reply {
        if status.broken {
            return Reply::Broken;
        }
        match drawn(figure) {
            _ if status.over => return Reply::Overload,
            _ if status.under => return Reply::Underload,
            Some(b'^') => return Reply::Overload,
            Some(b'_') => return Reply::Underload,
            Some(_) => return Reply::NoFigure,
            None => {}
        }
        figure_grams(figure, unit).map_or(Reply::Unknown, |grams| Reply::Weight { grams, stable: !status.moves })
    }
}

/// The sign that a display without a figure is filled with.
fn drawn(figure: &[u8]) -> Option<u8> {
    let signs = figure.iter().copied().filter(|byte| !byte.is_ascii_alphabetic() && *byte != b' ' && *byte != b'.');
    let signs: Vec<u8> = signs.collect();
    let first = signs.first().copied().filter(|sign| matches!(sign, b'^' | b'_' | b'-'))?;
    (signs.len() > 1 && signs.iter().all(|sign| *sign == first)).then_some(first)
}

fn figure_grams(figure: &[u8], usual: MassUnit) -> Option<i64> {
    let text = figure.trim_ascii();
    let (sign, rest) = match text {
        [sign @ (b'-' | b'+'), rest @ ..] => (Some(*sign), rest.trim_ascii()),
        all => (None, all),
    };
    let digits = rest.iter().position(u8::is_ascii_alphabetic).unwrap_or(rest.len());
    let (number, word) = rest.split_at(digits);
    let mut signed: Vec<u8> = sign.into_iter().collect();
    signed.extend_from_slice(number.trim_ascii());
    // Pounds and ounces: a second figure follows the first unit.
    if let Some(ounces) = word.get(..2).filter(|lb| lb.eq_ignore_ascii_case(b"lb")).and_then(|_| word.get(2..)) {
        let ounces = ounces.trim_ascii();
        if !ounces.is_empty() {
            let tail = ounces.len().checked_sub(2)?;
            let (number, unit) = ounces.split_at(tail);
            return unit.eq_ignore_ascii_case(b"oz").then(|| grams_lb_oz(&signed, number.trim_ascii()).ok())?;
        }
    }
    let unit = match std::str::from_utf8(word.trim_ascii()).ok()? {
        "" => usual,
        word => MassUnit::from_word(word)?,
    };
    grams(&signed, unit).ok()
}

impl ScaleProtocol for Nci {
    fn table(&self) -> &ProtocolTable {
        &TABLE
    }

    fn parse(&self, frame: &[u8], unit: MassUnit) -> Reply {
        // A parity bit stays where the line was set to eight data bits; the protocol has none of its own.
        let frame: Vec<u8> = frame.iter().map(|byte| byte & 0x7f).collect();
        let parts: Vec<&[u8]> =
            frame.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [b"?"] => Reply::NotKnown,
            [bytes] => match self.status(bytes) {
                Some(status) if status.broken => Reply::Broken,
                Some(status) => Reply::State { at_zero: status.at_zero, net: status.net },
                None => Reply::Unknown,
            },
            [figure, bytes] => self.status(bytes).map_or(Reply::Unknown, |status| Self::weight(figure, status, unit)),
            [] | [..] => Reply::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(frame: &str) -> Reply {
        NCI.parse(frame.as_bytes(), MassUnit::Pound)
    }

    const fn rests(grams: i64) -> Reply {
        Reply::Weight { grams, stable: true }
    }

    #[test]
    fn figures_of_the_manuals() {
        let cases: &[(&str, Reply)] = &[
            ("\n0001.25kg\r\n00\r", rests(1_250)),
            ("\n0002.50lb\r\n00\r", rests(1_134)),
            ("\n 0016.0oz\r\n00\r", rests(454)),
            ("\n  500g \r\n00\r", rests(500)),
            ("\n02lb03.5oz\r\n00\r", rests(1_006)),
            ("\n 2lb  3.5oz\r\n00\r", rests(1_006)),
            ("\n-00lb08.0oz\r\n00\r", rests(-227)),
            ("\n-  0.05kg\r\n00\r", rests(-50)),
            ("\n0001.25kg\r10", Reply::Weight { grams: 1_250, stable: false }),
            ("\n0001.25kg\r00", rests(1_250)),
            ("\n0001.25\r\n00\r", rests(567)),
            ("\n0000.00kg\r\n20\r", rests(0)),
            ("\n0001.25kg\r\n0p4\r", rests(1_250)),
        ];
        for (frame, expected) in cases {
            assert_eq!(parse(frame), *expected, "{frame:?}");
        }
    }

    #[test]
    fn states_go_before_figures() {
        let cases: &[(&str, Reply)] = &[
            ("\n0030.00kg\r\n02\r", Reply::Overload),
            ("\n0000.00kg\r\n01\r", Reply::Underload),
            ("\n^^^^^^kg\r\n00\r", Reply::Overload),
            ("\n______kg\r\n00\r", Reply::Underload),
            ("\n------kg\r\n00\r", Reply::NoFigure),
            ("\n0001.25kg\r\n40\r", Reply::Broken),
            ("\n0001.25kg\r\n04\r", Reply::Broken),
            ("\n08\r", Reply::Broken),
            ("\n20\r", Reply::State { at_zero: true, net: false }),
            ("\n0p4\r", Reply::State { at_zero: false, net: true }),
            ("\n?\r", Reply::NotKnown),
        ];
        for (frame, expected) in cases {
            assert_eq!(parse(frame), *expected, "{frame:?}");
        }
    }

    #[test]
    fn the_first_status_byte_may_be_inverted_and_the_second_never_is() {
        // 0 says "moves, at zero" there; all four bits set say "rests, not at zero, memory in order".
        let inverted = |frame: &str| NCI_INVERTED.parse(frame.as_bytes(), MassUnit::Pound);
        assert_eq!(inverted("\n0001.25kg\r\n?0\r"), rests(1_250));
        assert_eq!(inverted("\n0001.25kg\r\n>0\r"), Reply::Weight { grams: 1_250, stable: false });
        assert_eq!(inverted("\n=0\r"), Reply::State { at_zero: true, net: false });
        assert_eq!(inverted("\n0001.25kg\r\n?2\r"), Reply::Overload);
        assert_eq!(inverted("\n0001.25kg\r\n30\r"), Reply::Broken, "an ordinary scale, read as an inverted one");
    }

    #[test]
    fn a_parity_bit_that_was_not_stripped_does_no_harm() {
        let frame: Vec<u8> = b"\n0001.25kg\r\n00\r"
            .iter()
            .map(|byte| if byte.count_ones() % 2 == 1 { byte | 0x80 } else { *byte })
            .collect();
        assert_eq!(NCI.parse(&frame, MassUnit::Pound), rests(1_250));
    }

    #[test]
    fn cut_and_strange_frames_are_unknown() {
        let strange = [
            "",
            "\n\r",
            "\n0001.25kg\r\n0",
            "\n0001.25kg\r\n0p",
            "\n0001.25kg",
            "\n01.2.5kg\r\n00\r",
            "\n0001.25st\r\n00\r",
            "\n02lb03.5xx\r\n00\r",
            "\n02lbo\r\n00\r",
            "\n0001.25kg\r\n\x01\x01\r",
            "\n0001.25kg\r\n00000\r",
            "1.25kg\r\n0001.25kg\r\n00\r",
        ];
        for frame in strange {
            assert_eq!(parse(frame), Reply::Unknown, "{frame:?}");
        }
    }
}
