//! Reads a label printer's answer to `~HS` (host status return, ZPL II programming guide). Pure; must never guess a field
//! that did not come.
//!
//! The answer is three lines, each STX … ETX CR LF, fields separated by commas:
//! 1. settings, paper out, pause, label length, formats in buffer, buffer full, diagnostics, partial format, unused, RAM
//!    corrupt, too cold, too hot
//! 2. settings, unused, head up, ribbon out, thermal transfer, print mode, width mode, label waiting, labels left, …
//! 3. password, static RAM

use super::NotReady;
use crate::devices::event::DeviceWarning;

/// The question.
pub const ASK: &[u8] = b"~HS\r\n";
/// Longest answer in bytes.
pub const ANSWER_BYTES_MAX: usize = 512;

/// "Nothing waits" counts after a busy answer, or when it was said so many times: an early one is older than the job's arrival
/// inside the printer.
const EMPTY_LOOKS: u32 = 3;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// What a label printer says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HostStatus {
    /// No paper.
    pub paper_out: bool,
    /// Paused.
    pub paused: bool,
    /// Head or lid open.
    pub head_open: bool,
    /// No ribbon, where one is used.
    pub ribbon_out: bool,
    /// The receive buffer is full.
    pub buffer_full: bool,
    /// A format has begun and not ended.
    pub partial_format: bool,
    /// Head too cold.
    pub too_cold: bool,
    /// Head too hot.
    pub too_hot: bool,
    /// Formats that wait in the receive buffer.
    pub formats_waiting: u32,
    /// Labels of the present batch still to print.
    pub labels_left: u32,
}

impl HostStatus {
    /// What keeps it from printing, the most telling first.
    #[must_use]
    pub fn not_ready(&self) -> Option<NotReady> {
        [
            (self.head_open, NotReady::HeadOpen),
            (self.paper_out, NotReady::PaperOut),
            (self.ribbon_out, NotReady::RibbonOut),
            (self.paused, NotReady::Paused),
        ]
        .into_iter()
        .find_map(|(is, what)| is.then_some(what))
    }

    /// What a person should know.
    #[must_use]
    pub fn warning(&self) -> Option<DeviceWarning> {
        self.not_ready().map(NotReady::warning).or_else(|| {
            [
                (self.too_hot, DeviceWarning::TooHot),
                (self.too_cold, DeviceWarning::TooCold),
                (self.buffer_full, DeviceWarning::BufferFull),
            ]
            .into_iter()
            .find_map(|(is, what)| is.then_some(what))
        })
    }

    /// Nothing waits and nothing is half-received: everything taken was printed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.formats_waiting == 0 && self.labels_left == 0 && !self.partial_format
    }
}

/// Reads a complete answer; `None` while it is incomplete or is none.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<HostStatus> {
    let mut lines = bytes
        .split_inclusive(|b| *b == ETX)
        .filter(|part| part.last() == Some(&ETX))
        .filter_map(|part| part.iter().rposition(|b| *b == STX).and_then(|at| part.get(at + 1..part.len() - 1)))
        // The answer to `~HQES` is framed alike and has no fields.
        .filter(|line| line.contains(&b','))
        .map(|line| line.split(|b| *b == b',').collect::<Vec<_>>());
    let (first, second, _third) = (lines.next()?, lines.next()?, lines.next()?);
    Some(HostStatus {
        paper_out: flag(&first, 1)?,
        paused: flag(&first, 2)?,
        formats_waiting: number(&first, 4)?,
        buffer_full: flag(&first, 5)?,
        partial_format: flag(&first, 7)?,
        too_cold: flag(&first, 10)?,
        too_hot: flag(&first, 11)?,
        head_open: flag(&second, 2)?,
        ribbon_out: flag(&second, 3)?,
        labels_left: number(&second, 8)?,
    })
}

fn flag(fields: &[&[u8]], at: usize) -> Option<bool> {
    match fields.get(at)?.trim_ascii() {
        b"0" => Some(false),
        b"1" => Some(true),
        _ => None,
    }
}

fn number(fields: &[&[u8]], at: usize) -> Option<u32> {
    let field = fields.get(at)?.trim_ascii();
    if field.is_empty() || field.len() > 9 || !field.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(field).ok()?.parse().ok()
}

/// Waits for a printer's word that a job is out, by whatever way it is asked.
#[derive(Debug, Default)]
pub(crate) struct RunsEmpty {
    busy: bool,
    empty: u32,
}

impl RunsEmpty {
    /// Takes the next answer: whether nothing waits. `true` once that can be believed.
    pub(crate) fn now(&mut self, empty: bool) -> bool {
        if empty {
            self.empty += 1;
        } else {
            (self.busy, self.empty) = (true, 0);
        }
        empty && (self.busy || self.empty >= EMPTY_LOOKS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_early_word_that_nothing_waits_is_not_believed() {
        let cases: &[(&[bool], usize)] = &[
            (&[true, true, true], 2),
            (&[false, true], 1),
            (&[true, false, false, true], 3),
            (&[true, true, false, true], 3),
        ];
        for (answers, believed) in cases {
            let mut runs = RunsEmpty::default();
            assert_eq!(answers.iter().position(|empty| runs.now(*empty)), Some(*believed), "{answers:?}");
        }
        assert!(!RunsEmpty::default().now(false));
    }

    const IDLE: &[u8] =
        b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n";

    #[test]
    fn an_idle_printer() {
        let status = parse(IDLE).unwrap();
        assert_eq!(status, HostStatus::default());
        assert!(status.is_empty());
        assert_eq!((status.not_ready(), status.warning()), (None, None));
    }

    #[test]
    fn troubles_and_queue() {
        let answer = b"\x02030,1,1,1245,003,1,0,1,000,0,1,0\x03\r\n\x02000,0,1,1,0,2,4,0,00000012,1,000\x03\r\n\x021234,0\x03\r\n";
        let status = parse(answer).unwrap();
        assert!(status.paper_out && status.paused && status.head_open && status.ribbon_out);
        assert!(status.buffer_full && status.partial_format && status.too_cold && !status.too_hot);
        assert_eq!((status.formats_waiting, status.labels_left), (3, 12));
        assert!(!status.is_empty());
        assert_eq!(status.not_ready(), Some(NotReady::HeadOpen));
    }

    #[test]
    fn an_incomplete_or_strange_answer_is_none() {
        for end in 0..IDLE.len() - 3 {
            assert_eq!(parse(&IDLE[..end]), None, "cut at {end}");
        }
        assert_eq!(parse(b"HTTP/1.1 400 Bad Request\r\n\r\n"), None);
        assert_eq!(parse(b"\x02a\x03\x02b\x03\x02c\x03"), None);
        let letters = String::from_utf8(IDLE.to_vec()).unwrap().replace(",000,0,0,0,000", ",0x0,0,0,0,000");
        assert_eq!(parse(letters.as_bytes()), None);
        assert!(parse(&[b"noise\r\n", IDLE].concat()).is_some(), "noise before the answer is dropped");
    }
}
