//! Reports of a barcode scanner in HID POS mode (usage page 0x8C) become gestures; a code may come in several reports. Pure;
//! must never give half a code as a whole one, and never hold more than one code of the allowed length.

use super::descriptor::{Field, Layout, ReportKind, Usage};
use crate::core::aim::{self, AimId};
use crate::devices::scanner::ScanFault;

/// The page of barcode scanners.
pub const PAGE: u16 = 0x8c;
/// The three bytes of the AIM identifier.
const SYMBOLOGY: [Usage; 3] = [Usage::new(PAGE, 0xfb), Usage::new(PAGE, 0xfc), Usage::new(PAGE, 0xfd)];
const DATA: Usage = Usage::new(PAGE, 0xfe);
/// More of the same code follows in the next report.
const CONTINUED: Usage = Usage::new(PAGE, 0xff);
/// How many of the data bytes are meant (generic desktop page).
const BYTE_COUNT: Usage = Usage::new(0x01, 0x3b);
/// What a scanner may be set to put behind a code; no code of this station ends in one.
const ENDS: [u8; 2] = [b'\r', b'\n'];

/// Whether an interface is a scanner.
#[must_use]
pub fn is_scanner(layout: &Layout) -> bool {
    layout.with(ReportKind::Input, DATA).next().is_some()
}

/// One gesture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gesture {
    /// A whole code.
    Code {
        /// The identifier, where the scanner sent one that is known.
        symbology: Option<AimId>,
        /// The code.
        bytes: Vec<u8>,
    },
    /// A gesture without a usable code.
    Fault(ScanFault),
}

/// Puts the reports of one scanner together.
#[derive(Debug)]
pub struct Assembler {
    layout: Layout,
    bytes_max: usize,
    held: Vec<u8>,
    identifier: Vec<u8>,
    /// Bytes of the code so far, also those beyond the allowed length, which are counted and dropped.
    count: usize,
    begun: bool,
}

impl Assembler {
    /// For a scanner with this descriptor; codes longer than `bytes_max` are refused.
    #[must_use]
    pub fn new(layout: Layout, bytes_max: usize) -> Self {
        Self { layout, bytes_max, held: Vec::new(), identifier: Vec::new(), count: 0, begun: false }
    }

    /// Takes one report and gives the gesture that it ends. Reports of other kinds (status, settings) and empty ones are none.
    pub fn push(&mut self, report: &[u8]) -> Option<Gesture> {
        let (id, payload) = self.layout.split(report)?;
        let of = |usage: Usage| self.layout.with(ReportKind::Input, usage).find(move |f| f.report_id == id);
        let data = of(DATA)?;
        let part = bytes_of(data, payload);
        let continued = value(of(CONTINUED), CONTINUED, payload).is_some_and(|flag| flag != 0);
        let told = value(of(BYTE_COUNT), BYTE_COUNT, payload).and_then(|n| usize::try_from(n).ok());
        let part = match told {
            Some(told) => part.get(..told.min(part.len())).unwrap_or_default().to_vec(),
            // Without a count, the last report of a code is filled up with zeros; the others are full.
            None if continued => part,
            None => until_zeros(&part),
        };
        if !self.begun {
            self.identifier = SYMBOLOGY
                .iter()
                .filter_map(|usage| value(of(*usage), *usage, payload).and_then(|n| u8::try_from(n).ok()))
                .collect();
            self.begun = true;
        }
        self.count = self.count.saturating_add(part.len());
        let room = self.bytes_max.saturating_sub(self.held.len());
        self.held.extend(part.into_iter().take(room));
        if continued { None } else { self.finish() }
    }

    /// Whether a code has begun and not ended.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.begun
    }

    /// To be called when the scanner vanished or fell silent in the middle: a begun code is a fault, never a shorter code.
    pub fn cut(&mut self) -> Option<Gesture> {
        let (begun, bytes) = (self.begun, self.count);
        self.clear();
        begun.then_some(Gesture::Fault(ScanFault::Cut { bytes }))
    }

    fn clear(&mut self) -> Vec<u8> {
        self.begun = false;
        self.count = 0;
        std::mem::take(&mut self.held)
    }

    fn finish(&mut self) -> Option<Gesture> {
        let count = self.count;
        let mut bytes = self.clear();
        if count > self.bytes_max {
            return Some(Gesture::Fault(ScanFault::TooLong { bytes: count }));
        }
        while bytes.last().is_some_and(|last| ENDS.contains(last)) {
            bytes.pop();
        }
        if bytes.is_empty() {
            return None;
        }
        // The identifier came in fields of its own: a code that itself begins with `]` stays whole.
        let named = [self.identifier.as_slice(), &bytes].concat();
        let symbology = if self.identifier.len() == SYMBOLOGY.len() { aim::take(named).0 } else { None };
        Some(Gesture::Code { symbology, bytes })
    }
}

fn value(field: Option<&Field>, usage: Usage, payload: &[u8]) -> Option<u32> {
    let field = field?;
    field.raw(payload, field.index_of(usage)?)
}

/// The bytes of a field, as far as the report has them.
fn bytes_of(field: &Field, payload: &[u8]) -> Vec<u8> {
    (0..field.count).map_while(|at| field.raw(payload, at)).filter_map(|n| u8::try_from(n).ok()).collect()
}

fn until_zeros(bytes: &[u8]) -> Vec<u8> {
    let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::usb::descriptor::parse;

    /// With a byte count, as most makers send it.
    const COUNTED: &[u8] = &[
        0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x12, 0xa1, 0x02, 0x85, 0x02, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75,
        0x08, 0x95, 0x01, 0x05, 0x01, 0x09, 0x3b, 0x81, 0x02, 0x95, 0x03, 0x05, 0x8c, 0x09, 0xfb, 0x09, 0xfc, 0x09,
        0xfd, 0x81, 0x02, 0x09, 0xfe, 0x95, 0x38, 0x82, 0x02, 0x01, 0x25, 0x01, 0x09, 0xff, 0x75, 0x01, 0x95, 0x01,
        0x81, 0x02, 0x95, 0x07, 0x81, 0x03, 0xc0, 0xc0,
    ];
    /// Without one: identifier fields one by one, eight data bytes, no report id.
    const PLAIN: &[u8] = &[
        0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x01, 0x09, 0xfb, 0x81,
        0x02, 0x09, 0xfc, 0x81, 0x02, 0x09, 0xfd, 0x81, 0x02, 0x95, 0x08, 0x09, 0xfe, 0x81, 0x02, 0x75, 0x08, 0x95,
        0x01, 0x09, 0xff, 0x81, 0x02, 0xc0,
    ];

    fn counted(identifier: &[u8], data: &[u8], told: u8, more: bool) -> Vec<u8> {
        let mut report = vec![2, told];
        report.extend(identifier.iter().copied().chain(std::iter::repeat(0)).take(3));
        report.extend(data.iter().copied().chain(std::iter::repeat(0)).take(56));
        report.push(u8::from(more));
        report
    }

    fn plain(identifier: &[u8], data: &[u8], more: bool) -> Vec<u8> {
        let mut report: Vec<u8> = identifier.iter().copied().chain(std::iter::repeat(0)).take(3).collect();
        report.extend(data.iter().copied().chain(std::iter::repeat(0)).take(8));
        report.push(u8::from(more));
        report
    }

    fn scanner(descriptor: &[u8], bytes_max: usize) -> Assembler {
        let layout = parse(descriptor).unwrap();
        assert!(is_scanner(&layout));
        Assembler::new(layout, bytes_max)
    }

    fn code(identifier: &str, text: &[u8]) -> Option<Gesture> {
        let symbology = aim::take([identifier.as_bytes(), b"x"].concat()).0;
        Some(Gesture::Code { symbology, bytes: text.to_vec() })
    }

    #[test]
    fn one_report_is_one_code_with_its_identifier() {
        let mut reader = scanner(COUNTED, 512);
        let gs1 = b"0109506000134352\x1d21AB";
        assert_eq!(reader.push(&counted(b"]C1", gs1, 21, false)), code("]C1", gs1));
        assert_eq!(reader.push(&counted(b"]E0", b"5012345678900\r\n", 15, false)), code("]E0", b"5012345678900"));
        assert_eq!(reader.push(&counted(b"", b"]C1abc", 6, false)), code("", b"]C1abc"), "a code may begin with ]");
        assert_eq!(reader.push(&counted(b"]y0", b"abc", 3, false)), code("", b"abc"), "an unknown family");
        let with_zero = [b'a', 0, b'b', 0];
        assert_eq!(reader.push(&counted(b"", &with_zero, 4, false)), code("", &with_zero), "the count decides");
        let mut simple = scanner(PLAIN, 512);
        assert_eq!(simple.push(&plain(b"]Q1", b"A1", false)), code("]Q1", b"A1"));
    }

    #[test]
    fn a_long_code_comes_in_several_reports() {
        let mut reader = scanner(PLAIN, 512);
        assert_eq!(reader.push(&plain(b"]d2", b"01095060", true)), None);
        assert!(reader.begun());
        assert_eq!(reader.push(&plain(b"]d2", b"00134352", true)), None);
        assert_eq!(reader.push(&plain(b"]d2", b"10A", false)), code("]d2", b"010950600013435210A"));
        assert!(!reader.begun());
        assert_eq!(reader.push(&plain(b"]d2", b"01095060", true)), None);
        assert_eq!(reader.cut(), Some(Gesture::Fault(ScanFault::Cut { bytes: 8 })));
        assert_eq!(reader.cut(), None);
        assert_eq!(reader.push(&plain(b"]E0", b"12345670", false)), code("]E0", b"12345670"), "nothing is left over");
    }

    #[test]
    fn nonsense_is_no_code() {
        let mut reader = scanner(COUNTED, 512);
        assert_eq!(reader.push(&[]), None);
        assert_eq!(reader.push(&[7, 1, 2, 3]), None, "another report");
        assert_eq!(reader.push(&counted(b"]C1", b"", 0, false)), None, "an empty code");
        assert_eq!(reader.push(&[2, 5, b']', b'C', b'0', b'A', b'B']), code("]C0", b"AB"), "a short packet");
        assert_eq!(reader.push(&counted(b"", &[b'x'; 56], 255, false)), code("", &[b'x'; 56]), "a count too large");
        let mut small = scanner(PLAIN, 10);
        for _ in 0..100_000 {
            assert_eq!(small.push(&plain(b"", b"xxxxxxxx", true)), None);
        }
        assert!(small.held.len() <= 10);
        let end = small.push(&plain(b"", b"x", false));
        assert_eq!(end, Some(Gesture::Fault(ScanFault::TooLong { bytes: 800_001 })));
        let keyboard = parse(&[0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x95, 0x08, 0x75, 0x08, 0x81, 0x02, 0xc0]).unwrap();
        assert!(!is_scanner(&keyboard));
    }
}
