//! Reads a label printer's answer to `~HQES` (host query, error status; ZPL II programming guide): flags as hexadecimal digits,
//! each digit four of them, the last digit first. Pure. A printer whose head is open or whose labels are out may leave `~HS`
//! unanswered and still answers this. Must never guess a flag that did not come.
//!
//! ```text
//! STX CR LF
//! PRINTER STATUS
//! ERRORS:         1 00000000 00000005
//! WARNINGS:       1 00000000 00000002
//! ETX
//! ```

use super::NotReady;
use crate::devices::event::DeviceWarning;

/// The question.
pub const ASK: &[u8] = b"~HQES\r\n";

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// What a printer says of its errors and warnings. Bits as the guide counts them, the last digit's lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ErrorStatus {
    /// Error bits.
    pub errors: u64,
    /// Warning bits.
    pub warnings: u64,
}

/// Error bits and what they keep from printing, the most telling first: with an open head the sensors see no labels.
const ERRORS: &[(u64, NotReady)] = &[
    (0x4, NotReady::HeadOpen),
    (0x1, NotReady::PaperOut),
    (0x2, NotReady::RibbonOut),
    (0x8, NotReady::CutterFault),
    (0x10, NotReady::TooHot),
    (0x20, NotReady::TooHot),
    (0x40, NotReady::HeadFault),
    (0x80, NotReady::HeadFault),
    (0x200, NotReady::HeadFault),
    (0x1000, NotReady::PaperJam),
    (0x2000, NotReady::PaperJam),
    (0x8000, NotReady::PaperJam),
    (0x1_0000, NotReady::Paused),
];

/// Warning bits.
const WARNINGS: &[(u64, DeviceWarning)] = &[
    (0x1, DeviceWarning::Uncalibrated),
    (0x2, DeviceWarning::CleanHead),
    (0x4, DeviceWarning::CleanHead),
    (0x8, DeviceWarning::PaperLow),
];

impl ErrorStatus {
    /// What keeps it from printing; a bit nobody knows stops it for a reason of its own.
    #[must_use]
    pub fn not_ready(&self) -> Option<NotReady> {
        let known = ERRORS.iter().find(|(bit, _)| self.errors & bit != 0).map(|(_, what)| *what);
        known.or((self.errors != 0).then_some(NotReady::Stopped))
    }

    /// What a person should know although it prints.
    #[must_use]
    pub fn warning(&self) -> Option<DeviceWarning> {
        WARNINGS.iter().find(|(bit, _)| self.warnings & bit != 0).map(|(_, what)| what.clone())
    }
}

/// Reads a complete answer; `None` while it is incomplete or is none.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<ErrorStatus> {
    let title = bytes.windows(14).position(|w| w == b"PRINTER STATUS")?;
    bytes.get(..title)?.iter().rposition(|b| *b == STX)?;
    let rest = bytes.get(title..)?;
    let end = rest.iter().position(|b| *b == ETX)?;
    let text = std::str::from_utf8(rest.get(..end)?).ok()?;
    Some(ErrorStatus { errors: flags(text, "ERRORS:")?, warnings: flags(text, "WARNINGS:")? })
}

/// `1 00000000 00000005` after a word; the first digit says whether any flag is set at all.
fn flags(text: &str, word: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix(word))?;
    let mut parts = line.split_ascii_whitespace();
    let (any, high, low) = (parts.next()?, parts.next()?, parts.next()?);
    if !matches!(any, "0" | "1") || high.len() != 8 || low.len() != 8 || parts.next().is_some() {
        return None;
    }
    let number = |digits: &str| u64::from_str_radix(digits, 16).ok();
    Some((number(high)? << 32) | number(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(errors: &str, warnings: &str) -> Vec<u8> {
        format!("\x02\r\n\r\nPRINTER STATUS\r\n ERRORS:         {errors}\r\n WARNINGS:       {warnings}\r\n\x03").into()
    }

    #[test]
    fn every_flag_has_its_word() {
        let none = "0 00000000 00000000";
        assert_eq!(parse(&answer(none, none)).unwrap(), ErrorStatus::default());
        for (errors, word) in [
            ("1 00000000 00000001", NotReady::PaperOut),
            ("1 00000000 00000002", NotReady::RibbonOut),
            ("1 00000000 00000005", NotReady::HeadOpen),
            ("1 00000000 00000008", NotReady::CutterFault),
            ("1 00000000 00000010", NotReady::TooHot),
            ("1 00000000 00000040", NotReady::HeadFault),
            ("1 00000000 00002000", NotReady::PaperJam),
            ("1 00000000 00010000", NotReady::Paused),
            ("1 00000001 00000000", NotReady::Stopped),
        ] {
            assert_eq!(parse(&answer(errors, none)).unwrap().not_ready(), Some(word), "{errors}");
        }
        let low = parse(&answer(none, "1 00000000 00000008")).unwrap();
        assert_eq!((low.not_ready(), low.warning()), (None, Some(DeviceWarning::PaperLow)));
        assert_eq!(parse(&answer(none, "1 00000000 00000006")).unwrap().warning(), Some(DeviceWarning::CleanHead));
    }

    #[test]
    fn an_incomplete_or_strange_answer_is_none() {
        let whole = answer("1 00000000 00000005", "0 00000000 00000000");
        for end in 0..whole.len() {
            assert_eq!(parse(&whole[..end]), None, "cut at {end}");
        }
        for bad in ["2 00000000 00000001", "1 0000000 00000001", "1 00000000 0000000g", "1 00000000", "1 0 0 0"] {
            assert_eq!(parse(&answer(bad, "0 00000000 00000000")), None, "{bad}");
        }
        assert_eq!(parse(b"PRINTER STATUS"), None);
        assert!(parse(&[b"noise", whole.as_slice()].concat()).is_some());
    }
}
