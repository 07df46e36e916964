//! Cuts a scanner's byte stream into gestures. Pure; must never hold more than one code of the allowed length.

use super::ScanFault;
use crate::devices::config::ScanFraming;

/// One gesture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A code within the allowed length.
    Whole(Vec<u8>),
    /// A gesture without a usable code.
    Fault(ScanFault),
}

impl Frame {
    /// A gesture that came as a whole, not over a line; `None` when it is empty.
    #[must_use]
    pub fn of(bytes: Vec<u8>, bytes_max: usize) -> Option<Self> {
        match bytes.len() {
            0 => None,
            n if n > bytes_max => Some(Self::Fault(ScanFault::TooLong { bytes: n })),
            _ => Some(Self::Whole(bytes)),
        }
    }
}

/// Collects bytes until a terminator or a silence.
#[derive(Debug)]
pub struct Framer {
    framing: ScanFraming,
    held: Vec<u8>,
    /// All bytes of the present gesture, also those beyond the allowed length, which are counted and dropped.
    count: usize,
    last_ms: u64,
    /// Up to the next end everything belongs to a code that was cut.
    cut: bool,
}

impl Framer {
    /// An empty framer.
    #[must_use]
    pub fn new(framing: ScanFraming) -> Self {
        Self { held: Vec::with_capacity(framing.bytes_max), framing, count: 0, last_ms: 0, cut: false }
    }

    /// Takes bytes that arrived at `mono_ms` and appends every gesture that they end. The time between two calls never
    /// splits a code: when this program was slow, the bytes waited in the system, not in the scanner.
    pub fn push(&mut self, bytes: &[u8], mono_ms: u64, out: &mut Vec<Frame>) {
        self.last_ms = mono_ms;
        for &byte in bytes {
            if self.framing.terminators.contains(&byte) {
                out.extend(self.finish());
            } else {
                self.count = self.count.saturating_add(1);
                if self.held.len() < self.framing.bytes_max {
                    self.held.push(byte);
                }
            }
        }
    }

    /// To be called after a read that waited and found nothing: ends a code that has no terminator.
    pub fn silent(&mut self, mono_ms: u64) -> Option<Frame> {
        let idle_ms = self.framing.idle_ms?;
        if (self.count > 0 || self.cut) && mono_ms.saturating_sub(self.last_ms) >= idle_ms {
            self.finish()
        } else {
            None
        }
    }

    /// Whether a code has begun and not ended.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.count > 0 || self.cut
    }

    /// To be called when the line broke: a begun code is a fault, never a shorter code.
    pub fn cut(&mut self) -> Option<Frame> {
        let bytes = self.count;
        self.held.clear();
        self.count = 0;
        (bytes > 0).then_some(Frame::Fault(ScanFault::Cut { bytes }))
    }

    /// To be called when bytes were lost: a begun code is a fault, and what follows up to the next end or silence is half a
    /// code as well, even where nothing had begun.
    pub fn lost(&mut self, mono_ms: u64) -> Frame {
        let bytes = self.count;
        self.held.clear();
        self.count = 0;
        self.cut = true;
        self.last_ms = mono_ms;
        Frame::Fault(ScanFault::Cut { bytes })
    }

    /// To be called first, with bytes of a gesture that began before this framer: it is a fault, and what is still to come of it is
    /// no code of its own.
    pub fn begun_before(&mut self, bytes: &[u8], mono_ms: u64) -> Option<Frame> {
        let last = bytes.last()?;
        if !self.framing.terminators.contains(last) {
            self.lost(mono_ms);
        }
        Some(Frame::Fault(ScanFault::Cut { bytes: bytes.len() }))
    }

    fn finish(&mut self) -> Option<Frame> {
        let count = std::mem::take(&mut self.count);
        let held = std::mem::take(&mut self.held);
        if std::mem::take(&mut self.cut) {
            // Reported when it was cut.
            return None;
        }
        match count {
            // CR LF ends one code, not two.
            0 => None,
            n if n > self.framing.bytes_max => Some(Frame::Fault(ScanFault::TooLong { bytes: n })),
            _ => Some(Frame::Whole(held)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(framer: &mut Framer, bytes: &[u8]) -> Vec<Frame> {
        let mut out = Vec::new();
        framer.push(bytes, 0, &mut out);
        out
    }

    fn whole(text: &str) -> Frame {
        Frame::Whole(text.as_bytes().to_vec())
    }

    #[test]
    fn terminators_end_codes_and_empty_ones_are_none() {
        let mut framer = Framer::new(ScanFraming::default());
        assert_eq!(all(&mut framer, b"\r\nA1\r\nB2\rC3\n\n"), [whole("A1"), whole("B2"), whole("C3")]);
    }

    #[test]
    fn every_split_of_the_stream_gives_the_same_codes() {
        let stream = b"5012345678900\r\n]C10100\x1d21AB\r\n\xff\xfe\n";
        let mut one = Framer::new(ScanFraming::default());
        let expected = all(&mut one, stream);
        assert_eq!(expected.len(), 3);
        for cut in 0..=stream.len() {
            let mut framer = Framer::new(ScanFraming::default());
            let mut got = all(&mut framer, &stream[..cut]);
            got.extend(all(&mut framer, &stream[cut..]));
            assert_eq!(got, expected, "cut at {cut}");
        }
    }

    #[test]
    fn only_a_measured_silence_ends_a_code() {
        let mut framer = Framer::new(ScanFraming::default());
        let mut out = Vec::new();
        framer.push(b"AB", 1_000, &mut out);
        framer.push(b"CD", 5_000, &mut out);
        assert!(out.is_empty(), "a slow reader must not split a code");
        assert_eq!(framer.silent(5_099), None);
        assert_eq!(framer.silent(5_100), Some(whole("ABCD")));
        assert_eq!(framer.silent(9_000), None);
        let mut strict = Framer::new(ScanFraming { idle_ms: None, ..ScanFraming::default() });
        strict.push(b"AB", 0, &mut out);
        assert_eq!(strict.silent(60_000), None);
    }

    #[test]
    fn ten_thousand_bytes_are_one_fault_and_little_memory() {
        let mut framer = Framer::new(ScanFraming::default());
        assert!(all(&mut framer, &[b'x'; 10_240]).is_empty());
        assert!(framer.held.len() <= 512);
        assert_eq!(all(&mut framer, b"\rOK\r"), [Frame::Fault(ScanFault::TooLong { bytes: 10_240 }), whole("OK")]);
        let longest = "y".repeat(512);
        assert_eq!(all(&mut framer, format!("{longest}\r").as_bytes()), [whole(&longest)]);
        assert_eq!(
            all(&mut framer, format!("{longest}z\r").as_bytes()),
            [Frame::Fault(ScanFault::TooLong { bytes: 513 })]
        );
    }

    #[test]
    fn a_gesture_that_began_before_is_a_fault_and_its_rest_is_no_code() {
        let mut framer = Framer::new(ScanFraming::default());
        assert_eq!(framer.begun_before(b"", 0), None);
        assert_eq!(framer.begun_before(b"5012", 0), Some(Frame::Fault(ScanFault::Cut { bytes: 4 })));
        assert_eq!(all(&mut framer, b"345\rA1\r"), [whole("A1")]);
        assert_eq!(framer.begun_before(b"50123\r", 0), Some(Frame::Fault(ScanFault::Cut { bytes: 6 })));
        assert_eq!(all(&mut framer, b"\nB2\r"), [whole("B2")], "that one was over");
    }

    #[test]
    fn a_broken_line_makes_a_fault_of_half_a_code() {
        let mut framer = Framer::new(ScanFraming::default());
        all(&mut framer, b"50123");
        assert_eq!(framer.cut(), Some(Frame::Fault(ScanFault::Cut { bytes: 5 })));
        assert_eq!(framer.cut(), None);
        assert_eq!(all(&mut framer, b"45\r"), [whole("45")]);
    }
}
