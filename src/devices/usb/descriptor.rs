//! Reads a HID report descriptor (HID 1.11, section 6.2.2): which report carries which usage at which bits. Pure; must never
//! trust a length, a count or a nesting that the device claims.

/// Longest descriptor that is read, in bytes.
pub const DESCRIPTOR_BYTES_MAX: usize = 4_096;
/// Fields kept of one descriptor, at most; more is nonsense.
const FIELDS_MAX: usize = 512;
/// Usages kept of one field, at most: what is read here lies far before that in its range.
const USAGES_MAX: usize = 256;
/// Depth of the push stack, at most.
const PUSHES_MAX: usize = 8;
/// Bits of one report, at most.
const REPORT_BITS_MAX: u32 = 8 * 4_096;

/// Where a report goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// From the device.
    Input,
    /// To the device.
    Output,
    /// Both ways, by request.
    Feature,
}

/// A usage page and a usage on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Usage {
    /// The page.
    pub page: u16,
    /// The usage.
    pub id: u16,
}

impl Usage {
    /// A usage by page and number.
    #[must_use]
    pub const fn new(page: u16, id: u16) -> Self {
        Self { page, id }
    }

    fn of(extended: u32) -> Self {
        Self { page: (extended >> 16) as u16, id: (extended & 0xffff) as u16 }
    }
}

/// One field of a report: `count` values of `size_bits` each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Direction.
    pub kind: ReportKind,
    /// The report's id; 0 where the device has only one report and sends none.
    pub report_id: u8,
    /// First bit after the report's id.
    pub bit: u32,
    /// Bits of one value.
    pub size_bits: u32,
    /// Number of values.
    pub count: u32,
    /// What the values are, in order; for an array what its numbers choose from. At most 256: of a longer range the first ones.
    pub usages: Vec<Usage>,
    /// The value is a number that chooses one of the usages.
    pub array: bool,
    /// Padding.
    pub constant: bool,
    /// Smallest value.
    pub logical_min: i32,
    /// Power of ten of the value.
    pub unit_exponent: i8,
}

impl Field {
    /// Which value of the field carries a usage: the last usage named counts for all further values.
    #[must_use]
    pub fn index_of(&self, usage: Usage) -> Option<u32> {
        if self.array || self.constant {
            return None;
        }
        u32::try_from(self.usages.iter().position(|u| *u == usage)?).ok().filter(|at| *at < self.count)
    }

    /// One value as a number without sign; `payload` is the report without its id.
    #[must_use]
    pub fn raw(&self, payload: &[u8], index: u32) -> Option<u32> {
        if index >= self.count || self.size_bits == 0 || self.size_bits > 32 {
            return None;
        }
        let start = self.bit.checked_add(index.checked_mul(self.size_bits)?)?;
        let mut value = 0u64;
        for at in 0..self.size_bits {
            let bit = start.checked_add(at)?;
            let byte = payload.get(usize::try_from(bit / 8).ok()?)?;
            value |= u64::from((byte >> (bit % 8)) & 1) << at;
        }
        u32::try_from(value).ok()
    }

    /// One value as a number with the sign that the descriptor gives it.
    #[must_use]
    pub fn signed(&self, payload: &[u8], index: u32) -> Option<i64> {
        let raw = i64::from(self.raw(payload, index)?);
        let negative = self.logical_min < 0 && self.size_bits < 64 && raw >> (self.size_bits - 1) & 1 == 1;
        Some(if negative { raw - (1i64 << self.size_bits) } else { raw })
    }

    /// What an array's number stands for, or the one usage of a plain field that stands for itself.
    #[must_use]
    pub fn chosen(&self, payload: &[u8]) -> Option<Usage> {
        let at = i64::from(self.raw(payload, 0)?) - i64::from(self.logical_min);
        self.usages.get(usize::try_from(at).ok()?).copied()
    }
}

/// A whole descriptor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Application collections at the top: what the interface is for.
    pub applications: Vec<Usage>,
    /// All fields, in the order of the descriptor.
    pub fields: Vec<Field>,
    /// Reports begin with an id.
    pub numbered: bool,
}

impl Layout {
    /// The fields of one direction that carry a usage.
    pub fn with(&self, kind: ReportKind, usage: Usage) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |f| f.kind == kind && !f.constant && f.usages.contains(&usage))
    }

    /// Splits a report into its id and the rest, as far as the descriptor knows the id.
    #[must_use]
    pub fn split<'a>(&self, report: &'a [u8]) -> Option<(u8, &'a [u8])> {
        if !self.numbered {
            return Some((0, report));
        }
        let (id, rest) = report.split_first()?;
        self.fields.iter().any(|f| f.report_id == *id).then_some((*id, rest))
    }

    /// Bytes of a report without its id.
    #[must_use]
    pub fn payload_bytes(&self, kind: ReportKind, report_id: u8) -> usize {
        let ends = self.fields.iter().filter(|f| f.kind == kind && f.report_id == report_id);
        let bits = ends.map(|f| f.bit.saturating_add(f.size_bits.saturating_mul(f.count))).max().unwrap_or(0);
        usize::try_from(bits.div_ceil(8)).unwrap_or(usize::MAX)
    }
}

/// Why a descriptor cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DescriptorError {
    /// It ends in the middle of an item.
    #[error("the HID report descriptor ends in the middle of an item; the device or its cable is faulty")]
    Cut,
    /// More of something than any device has.
    #[error("the HID report descriptor claims more than any device has; the device is faulty")]
    TooMuch,
}

#[derive(Debug, Clone, Default)]
struct Globals {
    page: u16,
    logical_min: i32,
    unit_exponent: i8,
    size_bits: u32,
    count: u32,
    report_id: u8,
}

#[derive(Debug, Default)]
struct Locals {
    usages: Vec<u32>,
    min: Option<u32>,
}

/// Walks over the items.
#[derive(Default)]
struct Walk {
    now: Globals,
    pushed: Vec<Globals>,
    local: Locals,
    depth: u32,
    /// Bits used so far, by report.
    used: std::collections::BTreeMap<(u8, u8), u32>,
    layout: Layout,
}

/// Reads a descriptor.
///
/// # Errors
/// [`DescriptorError`].
pub fn parse(bytes: &[u8]) -> Result<Layout, DescriptorError> {
    if bytes.len() > DESCRIPTOR_BYTES_MAX {
        return Err(DescriptorError::TooMuch);
    }
    let mut walk = Walk::default();
    let mut rest = bytes;
    while let [prefix, after @ ..] = rest {
        if *prefix == 0xfe {
            // A long item: its length, a tag, and data that no standard defines.
            let length = usize::from(*after.first().ok_or(DescriptorError::Cut)?);
            rest = after.get(length + 2..).ok_or(DescriptorError::Cut)?;
            continue;
        }
        let length = match prefix & 0x03 {
            3 => 4,
            n => usize::from(n),
        };
        let data = after.get(..length).ok_or(DescriptorError::Cut)?;
        walk.item(prefix & 0xfc, data)?;
        rest = after.get(length..).unwrap_or_default();
    }
    Ok(walk.layout)
}

fn unsigned(data: &[u8]) -> u32 {
    data.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte))
}

fn signed(data: &[u8]) -> i32 {
    match *data {
        [a] => i32::from(i8::from_le_bytes([a])),
        [a, b] => i32::from(i16::from_le_bytes([a, b])),
        [a, b, c, d] => i32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

impl Walk {
    fn item(&mut self, tag: u8, data: &[u8]) -> Result<(), DescriptorError> {
        let number = unsigned(data);
        match tag {
            // Main items.
            0x80 => self.field(ReportKind::Input, number)?,
            0x90 => self.field(ReportKind::Output, number)?,
            0xb0 => self.field(ReportKind::Feature, number)?,
            0xa0 => self.open(number),
            0xc0 => {
                self.depth = self.depth.saturating_sub(1);
                self.local = Locals::default();
            }
            // Global items.
            0x04 => self.now.page = (number & 0xffff) as u16,
            0x14 => self.now.logical_min = signed(data),
            0x54 => self.now.unit_exponent = exponent(number),
            0x74 => self.now.size_bits = number,
            0x94 => self.now.count = number,
            0x84 => {
                self.now.report_id = (number & 0xff) as u8;
                self.layout.numbered = true;
            }
            0xa4 if self.pushed.len() < PUSHES_MAX => self.pushed.push(self.now.clone()),
            0xa4 => return Err(DescriptorError::TooMuch),
            0xb4 => self.now = self.pushed.pop().unwrap_or_default(),
            // Local items.
            0x08 => self.usage(self.extended(number, data.len()))?,
            0x18 => self.local.min = Some(self.extended(number, data.len())),
            0x28 => {
                let max = self.extended(number, data.len());
                // The media keys of a keyboard are one range of hundreds, and four bytes may claim billions: never walked to its end.
                let room = USAGES_MAX.saturating_sub(self.local.usages.len());
                let range = self.local.min.take().unwrap_or(max)..=max;
                self.local.usages.extend(range.take(room));
            }
            // Limits, units, names and delimiters change nothing that is read here.
            _ => {}
        }
        Ok(())
    }

    /// A usage of four bytes carries its own page; a shorter one is on the present page.
    fn extended(&self, number: u32, length: usize) -> u32 {
        if length == 4 { number } else { u32::from(self.now.page) << 16 | number }
    }

    fn usage(&mut self, usage: u32) -> Result<(), DescriptorError> {
        if self.local.usages.len() >= USAGES_MAX {
            return Err(DescriptorError::TooMuch);
        }
        self.local.usages.push(usage);
        Ok(())
    }

    fn open(&mut self, collection: u32) {
        let local = std::mem::take(&mut self.local);
        if self.depth == 0 && collection == 1 {
            self.layout.applications.extend(local.usages.first().map(|u| Usage::of(*u)));
        }
        self.depth = self.depth.saturating_add(1);
    }

    fn field(&mut self, kind: ReportKind, flags: u32) -> Result<(), DescriptorError> {
        let local = std::mem::take(&mut self.local);
        let direction = match kind {
            ReportKind::Input => 0,
            ReportKind::Output => 1,
            ReportKind::Feature => 2,
        };
        let used = self.used.entry((direction, self.now.report_id)).or_default();
        let bit = *used;
        let bits = self.now.size_bits.checked_mul(self.now.count).ok_or(DescriptorError::TooMuch)?;
        *used = bit.checked_add(bits).filter(|end| *end <= REPORT_BITS_MAX).ok_or(DescriptorError::TooMuch)?;
        if self.layout.fields.len() >= FIELDS_MAX {
            return Err(DescriptorError::TooMuch);
        }
        self.layout.fields.push(Field {
            kind,
            report_id: self.now.report_id,
            bit,
            size_bits: self.now.size_bits,
            count: self.now.count,
            usages: local.usages.into_iter().map(Usage::of).collect(),
            array: flags & 0x02 == 0,
            constant: flags & 0x01 != 0,
            logical_min: self.now.logical_min,
            unit_exponent: self.now.unit_exponent,
        });
        Ok(())
    }
}

/// A unit exponent is a nibble in two's complement; some devices send the whole byte.
fn exponent(number: u32) -> i8 {
    match number {
        0..=7 => number as i8,
        8..=15 => number as i8 - 16,
        _ => (number & 0xff) as u8 as i8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scanner after the HID point-of-sale tables: byte count, three identifier bytes, 56 data bytes, a flag.
    const SCANNER: &[u8] = &[
        0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x12, 0xa1, 0x02, 0x85, 0x02, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75,
        0x08, 0x95, 0x01, 0x05, 0x01, 0x09, 0x3b, 0x81, 0x02, 0x95, 0x03, 0x05, 0x8c, 0x09, 0xfb, 0x09, 0xfc, 0x09,
        0xfd, 0x81, 0x02, 0x09, 0xfe, 0x95, 0x38, 0x82, 0x02, 0x01, 0x25, 0x01, 0x09, 0xff, 0x75, 0x01, 0x95, 0x01,
        0x81, 0x02, 0x95, 0x07, 0x81, 0x03, 0xc0, 0xc0,
    ];

    #[test]
    fn fields_are_found_by_usage_wherever_they_are() {
        let layout = parse(SCANNER).unwrap();
        assert!(layout.numbered);
        assert_eq!(layout.applications, [Usage::new(0x8c, 0x02)]);
        let at = |page, id| {
            let field = layout.with(ReportKind::Input, Usage::new(page, id)).next().unwrap();
            (field.report_id, field.bit, field.size_bits, field.count)
        };
        assert_eq!(at(0x01, 0x3b), (2, 0, 8, 1));
        assert_eq!(at(0x8c, 0xfc), (2, 8, 8, 3));
        assert_eq!(at(0x8c, 0xfe), (2, 32, 8, 56));
        assert_eq!(at(0x8c, 0xff), (2, 480, 1, 1));
        assert_eq!(layout.payload_bytes(ReportKind::Input, 2), 61);
        assert_eq!(layout.with(ReportKind::Output, Usage::new(0x8c, 0xfe)).count(), 0);
    }

    #[test]
    fn signs_arrays_and_unaligned_bits_are_read() {
        // -1 in 4 bits, then an array of one byte that chooses from usages 0x51 to 0x5c.
        let text = [
            0x05, 0x8d, 0x09, 0x41, 0x15, 0xf8, 0x25, 0x07, 0x75, 0x04, 0x95, 0x01, 0x81, 0x02, 0x95, 0x01, 0x81, 0x03,
            0x19, 0x51, 0x29, 0x5c, 0x15, 0x01, 0x75, 0x08, 0x81, 0x00,
        ];
        let layout = parse(&text).unwrap();
        let (scaling, unit) = (&layout.fields[0], &layout.fields[2]);
        assert_eq!(scaling.signed(&[0x0f], 0), Some(-1));
        assert_eq!(scaling.signed(&[0x07], 0), Some(7));
        assert_eq!(unit.chosen(&[0x0f, 3]), Some(Usage::new(0x8d, 0x53)));
        assert_eq!(unit.chosen(&[0x0f, 13]), None, "outside its range");
        assert_eq!(unit.chosen(&[0x0f, 0]), None, "a null value");
        assert_eq!(unit.chosen(&[0x0f]), None, "a report that is too short");
    }

    #[test]
    fn a_descriptor_that_lies_is_refused_and_never_walks_out() {
        for end in 1..SCANNER.len() {
            // Any cut is either understood as far as it goes or refused.
            let _ = parse(&SCANNER[..end]);
        }
        assert_eq!(parse(&[0x26, 0xff]), Err(DescriptorError::Cut));
        assert_eq!(parse(&[0xfe, 0x09, 0x00]), Err(DescriptorError::Cut));
        let names: Vec<u8> = [0x09, 0x01].repeat(USAGES_MAX + 1);
        assert_eq!(parse(&names), Err(DescriptorError::TooMuch), "usages one by one");
        let huge = [0x77, 0xff, 0xff, 0xff, 0xff, 0x97, 0xff, 0xff, 0xff, 0xff, 0x81, 0x02];
        assert_eq!(parse(&huge), Err(DescriptorError::TooMuch));
        assert_eq!(parse(&[0xa4; 9]), Err(DescriptorError::TooMuch), "pushes");
        assert_eq!(parse(&vec![0; DESCRIPTOR_BYTES_MAX + 1]), Err(DescriptorError::TooMuch));
        // Every two bytes one may meet: none panics.
        for first in 0..=255u8 {
            for second in 0..=255u8 {
                let _ = parse(&[first, second, 0x81, 0x02, second, first]);
            }
        }
    }

    #[test]
    fn of_a_long_range_of_usages_the_first_are_kept() {
        let two_bytes: &[u8] = &[0x19, 0x00, 0x2a, 0xff, 0xff, 0x75, 0x10, 0x95, 0x01, 0x81, 0x00];
        let four_bytes: &[u8] =
            &[0x1b, 0x00, 0x00, 0x00, 0x00, 0x2b, 0xff, 0xff, 0xff, 0xff, 0x75, 0x10, 0x95, 0x01, 0x81, 0x00];
        for bytes in [two_bytes, four_bytes] {
            let layout = parse(bytes).unwrap();
            let field = &layout.fields[0];
            assert_eq!(field.usages.len(), USAGES_MAX);
            assert_eq!(field.chosen(&[0xff, 0x00]), Some(Usage::new(0, 0xff)));
            assert_eq!(field.chosen(&[0x00, 0x01]), None, "beyond what is kept");
        }
        // Two ranges share the room of one field.
        let twice = [0x19, 0x00, 0x29, 0xc8, 0x19, 0x00, 0x29, 0xc8, 0x81, 0x00];
        assert_eq!(parse(&twice).unwrap().fields[0].usages.len(), USAGES_MAX);
    }

    #[test]
    fn the_media_keys_of_a_keyboard_are_understood() {
        let keys = [
            0x05, 0x0c, 0x09, 0x01, 0xa1, 0x01, 0x85, 0x01, 0x19, 0x00, 0x2a, 0x3c, 0x02, 0x15, 0x00, 0x26, 0x3c, 0x02,
            0x95, 0x01, 0x75, 0x10, 0x81, 0x00, 0xc0,
        ];
        let layout = parse(&keys).unwrap();
        assert_eq!(layout.applications, [Usage::new(0x0c, 0x01)]);
        assert_eq!(layout.payload_bytes(ReportKind::Input, 1), 2);
        assert_eq!(layout.fields[0].chosen(&[0xe9, 0x00]), Some(Usage::new(0x0c, 0xe9)), "louder");
    }

    #[test]
    fn exponents_are_nibbles_with_a_sign() {
        assert_eq!([0, 3, 0x0d, 0x0f, 0xfd].map(exponent), [0, 3, -3, -1, -3]);
    }
}
