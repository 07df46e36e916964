//! The language of receipt printers (ESC/POS) as far as a status goes: real-time questions, their answers, and the answer that
//! comes in turn. Pure. Must never take a byte for an answer whose fixed bits are not those of one.
//!
//! `DLE EOT n` is answered at once, whatever waits; `GS r 1` only when all before it was worked off. So the first tells why nothing
//! comes, and the second that the paper is out.

use super::NotReady;
use crate::devices::event::DeviceWarning;

const DLE: u8 = 0x10;
const EOT: u8 = 0x04;

/// The real-time questions: printer, why it is offline, error, paper.
pub const QUESTIONS: [[u8; 3]; 4] = [[DLE, EOT, 1], [DLE, EOT, 2], [DLE, EOT, 3], [DLE, EOT, 4]];
/// The question that is answered in turn: paper sensor status.
pub const IN_TURN: [u8; 3] = [0x1d, b'r', 1];

/// What a receipt printer says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReceiptStatus {
    /// It takes nothing.
    pub offline: bool,
    /// The cover is open.
    pub cover_open: bool,
    /// Paper is fed by the button.
    pub feeding: bool,
    /// Stopped because the paper ended.
    pub stopped_by_paper: bool,
    /// The cutter is stuck.
    pub cutter: bool,
    /// Too hot or too cold, gone when it has cooled down.
    pub recovers: bool,
    /// An error that only switching it off ends.
    pub broken: bool,
    /// The roll is at its end.
    pub paper_out: bool,
    /// The roll is nearly at its end.
    pub paper_low: bool,
}

/// An answer byte of a real-time question: bits 0 and 7 clear, bits 1 and 4 set.
#[must_use]
pub fn is_real_time(byte: u8) -> bool {
    byte & 0b1001_0011 == 0b0001_0010
}

/// An answer byte that came in turn: bits 4 and 7 clear.
#[must_use]
pub fn is_in_turn(byte: u8) -> bool {
    byte & 0b1001_0000 == 0
}

/// Reads the four answers in the order of [`QUESTIONS`]; `None` if one is none.
#[must_use]
pub fn read(answers: [u8; 4]) -> Option<ReceiptStatus> {
    if !answers.iter().all(|b| is_real_time(*b)) {
        return None;
    }
    let [printer, offline, error, paper] = answers;
    Some(ReceiptStatus {
        offline: printer & 0x08 != 0,
        cover_open: offline & 0x04 != 0,
        feeding: offline & 0x08 != 0,
        stopped_by_paper: offline & 0x20 != 0,
        cutter: error & 0x08 != 0,
        broken: error & 0x20 != 0,
        recovers: error & 0x40 != 0,
        paper_low: paper & 0x0c != 0,
        paper_out: paper & 0x60 != 0,
    })
}

impl ReceiptStatus {
    /// What keeps it from printing, the most telling first.
    #[must_use]
    pub fn not_ready(&self) -> Option<NotReady> {
        [
            (self.cover_open, NotReady::CoverOpen),
            (self.paper_out || self.stopped_by_paper, NotReady::PaperOut),
            (self.cutter, NotReady::CutterFault),
            (self.broken, NotReady::Stopped),
            (self.recovers, NotReady::TooHot),
            (self.feeding, NotReady::Paused),
            (self.offline, NotReady::Stopped),
        ]
        .into_iter()
        .find_map(|(is, what)| is.then_some(what))
    }

    /// What a person should know.
    #[must_use]
    pub fn warning(&self) -> Option<DeviceWarning> {
        self.not_ready().map(NotReady::warning).or(self.paper_low.then_some(DeviceWarning::PaperLow))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_has_its_word() {
        const WELL: [u8; 4] = [0x12; 4];
        assert_eq!(read(WELL), Some(ReceiptStatus::default()));
        let with = |at: usize, bits: u8| {
            let mut answers = WELL;
            answers[at] |= bits;
            read(answers).unwrap()
        };
        for (at, bits, word) in [
            (0, 0x08, NotReady::Stopped),
            (1, 0x04, NotReady::CoverOpen),
            (1, 0x20, NotReady::PaperOut),
            (2, 0x08, NotReady::CutterFault),
            (2, 0x20, NotReady::Stopped),
            (2, 0x40, NotReady::TooHot),
            (3, 0x60, NotReady::PaperOut),
        ] {
            assert_eq!(with(at, bits).not_ready(), Some(word), "question {at}, bits {bits:02x}");
        }
        let low = with(3, 0x0c);
        assert_eq!((low.not_ready(), low.warning()), (None, Some(DeviceWarning::PaperLow)));
    }

    #[test]
    fn no_other_byte_is_an_answer() {
        let real_time = (0..=u8::MAX).filter(|b| is_real_time(*b)).count();
        assert_eq!(real_time, 16);
        assert!((0..=u8::MAX).all(|b| !(is_real_time(b) && is_in_turn(b))), "the two kinds are told apart");
        assert_eq!(read([0x12, 0x12, 0x12, 0x00]), None);
        assert_eq!(read([0xff; 4]), None);
    }
}
