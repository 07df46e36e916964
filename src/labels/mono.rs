//! Pictures of one bit per dot, as print heads have them, and Zebra's compressed hexadecimal of them.
//!
//! This file must never decide what a picture shows or where it goes.

/// Below this a grey dot prints when there is only black and white.
pub(super) const THRESHOLD: u8 = 128;
const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// A picture in black and white, row by row: the highest bit of a byte is its left dot, 1 is black, rows end at whole bytes.
pub(super) struct Mono {
    width: usize,
    row_bytes: usize,
    bits: Vec<u8>,
}

impl Mono {
    pub(super) fn white(width: usize, height: usize) -> Self {
        let row_bytes = width.div_ceil(8);
        Self { width, row_bytes, bits: vec![0; row_bytes * height] }
    }

    /// The dark dots of a grey picture whose rows are `width` long.
    pub(super) fn of_grey(grey: &[u8], width: usize) -> Self {
        let width = width.max(1);
        let row_bytes = width.div_ceil(8);
        let mut bits = Vec::with_capacity(row_bytes * (grey.len() / width));
        for row in grey.chunks(width) {
            let (eights, rest) = row.as_chunks::<8>();
            bits.extend(eights.iter().map(|dots| pack(*dots)));
            if !rest.is_empty() {
                let mut dots = [u8::MAX; 8];
                dots[..rest.len()].copy_from_slice(rest);
                bits.push(pack(dots));
            }
        }
        Self { width, row_bytes, bits }
    }

    /// Blackens the dots from `x0`,`y0` to before `x1`,`y1`; what lies outside is left out.
    pub(super) fn fill(&mut self, x0: i32, y0: i32, x1: i32, y1: i32) {
        let within = |v: i32, most: usize| usize::try_from(v).unwrap_or(0).min(most);
        let (x0, x1) = (within(x0, self.width), within(x1, self.width));
        if x0 >= x1 {
            return;
        }
        let (first, last) = (x0 / 8, (x1 - 1) / 8);
        let (left, right) = (0xFF_u8 >> (x0 % 8), 0xFF_u8 << (7 - (x1 - 1) % 8));
        let height = self.bits.len() / self.row_bytes.max(1);
        for y in within(y0, height)..within(y1, height) {
            let Some(row) = self.bits.get_mut(y * self.row_bytes + first..=y * self.row_bytes + last) else { return };
            match row {
                [only] => *only |= left & right,
                [start, inner @ .., end] => {
                    *start |= left;
                    inner.fill(0xFF);
                    *end |= right;
                }
                [] => {}
            }
        }
    }

    /// Bytes in a row, and in all.
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.row_bytes, self.bits.len())
    }

    /// The rows from the top.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.bits.chunks_exact(self.row_bytes.max(1))
    }

    /// The data of `^GFA`: a row like the one above is `:`.
    pub(super) fn push_zpl(&self, out: &mut String) {
        let mut before: Option<&[u8]> = None;
        for row in self.bits.chunks_exact(self.row_bytes.max(1)) {
            if before == Some(row) {
                out.push(':');
            } else {
                push_row(out, row);
            }
            before = Some(row);
        }
    }
}

/// Eight grey dots as a byte: the highest bit of each tells whether it is light, one multiplication gathers the eight.
fn pack(dots: [u8; 8]) -> u8 {
    const { assert!(THRESHOLD == 0x80) };
    let dark = (!u64::from_le_bytes(dots) >> 7) & 0x0101_0101_0101_0101;
    (dark.wrapping_mul(0x8040_2010_0804_0201) >> 56) as u8
}

/// One row in the hexadecimal of `^GFA` with Zebra's compression: a count before a digit (`G`..`Y` are 1 to 19,
/// `g`..`z` 20 to 400), `,` fills the rest of the row with zeros.
fn push_row(out: &mut String, row: &[u8]) {
    let digit = |at: usize| row.get(at / 2).map_or(0, |b| if at.is_multiple_of(2) { b >> 4 } else { b & 15 });
    let bytes = row.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
    let used = if bytes > 0 && digit(bytes * 2 - 1) == 0 { bytes * 2 - 1 } else { bytes * 2 };
    let mut at = 0;
    while at < used {
        let this = digit(at);
        let mut end = at + 1;
        while end < used && digit(end) == this {
            end += 1;
        }
        push_run(out, char::from(DIGITS[usize::from(this & 15)]), end - at);
        at = end;
    }
    if used < row.len() * 2 {
        out.push(',');
    }
}

fn push_run(out: &mut String, digit: char, mut count: usize) {
    while count > 0 {
        let part = count.min(419);
        count -= part;
        if part > 2 {
            let (twenties, ones) = (part / 20, part % 20);
            if twenties > 0 {
                out.push(char::from(b'g' + (twenties - 1) as u8));
            }
            if ones > 0 {
                out.push(char::from(b'G' + (ones - 1) as u8));
            }
            out.push(digit);
        } else {
            out.extend(std::iter::repeat_n(digit, part));
        }
    }
}
