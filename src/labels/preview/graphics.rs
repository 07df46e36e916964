//! Bitmaps of jobs (`^GF`, `~DG`) and drawn shapes (`^GB`, `^GC`, `^GE`, `^GD`).
//!
//! Bitmaps come as hexadecimal with run lengths, as bytes, as Base64 (`:B64:`) or that compressed (`:Z64:`).

use super::canvas::Bitmap;
use super::{HEIGHT_DOTS_MAX, WIDTH_DOTS_MAX};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Read as _;

/// Most bytes of one bitmap: a whole label.
const BYTES_MAX: usize = (WIDTH_DOTS_MAX as usize / 8) * HEIGHT_DOTS_MAX as usize;
/// Most bytes of a row.
const ROW_BYTES_MAX: usize = WIDTH_DOTS_MAX as usize / 4;

/// A bitmap of rows of `row_bytes` bytes, out of whatever notation `data` is in; `total` where the job tells its bytes.
pub(super) fn bitmap(data: &[u8], row_bytes: usize, total: usize, binary: bool) -> Option<Bitmap> {
    if !(1..=ROW_BYTES_MAX).contains(&row_bytes) {
        return None;
    }
    let trimmed = data.trim_ascii();
    let bytes = if trimmed.starts_with(b":Z64:") || trimmed.starts_with(b":B64:") {
        packed(trimmed)?
    } else if binary {
        data.iter().copied().take(BYTES_MAX).collect()
    } else {
        hexadecimal(data, row_bytes, if total == 0 { BYTES_MAX } else { total.min(BYTES_MAX) })
    };
    let rows = bytes.len().min(BYTES_MAX).div_ceil(row_bytes);
    let mut out = Bitmap::new(row_bytes as i32 * 8, rows as i32);
    for (i, byte) in bytes.iter().enumerate().filter(|(_, b)| **b != 0) {
        let (x, y) = ((i % row_bytes * 8) as i32, (i / row_bytes) as i32);
        for bit in 0..8 {
            if byte & (0x80 >> bit) != 0 {
                out.set(x + bit, y);
            }
        }
    }
    Some(out)
}

/// `:Z64:…:CRC` or `:B64:…:CRC`; the sum is not asked for, a picture may be wrong where the job is.
fn packed(data: &[u8]) -> Option<Vec<u8>> {
    let body = data.get(5..)?;
    let body = body.split(|b| *b == b':').next()?;
    let compact: Vec<u8> = body.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(compact).ok()?;
    if data.starts_with(b":B64:") {
        return (bytes.len() <= BYTES_MAX).then_some(bytes);
    }
    let mut out = Vec::new();
    // What was unpacked before a fault is shown.
    let _ = flate2::read::ZlibDecoder::new(bytes.as_slice()).take(BYTES_MAX as u64).read_to_end(&mut out);
    (!out.is_empty()).then_some(out)
}

/// Hexadecimal digits; `G`–`Y` and `g`–`z` before a digit repeat it, `,` fills the row with 0, `!` with 1, `:` is the row before.
fn hexadecimal(data: &[u8], row_bytes: usize, most: usize) -> Vec<u8> {
    let row_digits = row_bytes * 2;
    let most_digits = most.saturating_mul(2);
    let mut digits: Vec<u8> = Vec::new();
    let mut count = 0_usize;
    for byte in data {
        if digits.len() >= most_digits {
            break;
        }
        let into_row = digits.len() % row_digits;
        match byte {
            b'G'..=b'Y' => count += usize::from(byte - b'F'),
            b'g'..=b'z' => count += usize::from(byte - b'f') * 20,
            b',' => digits.resize(digits.len() + row_digits - into_row, 0),
            b'!' => digits.resize(digits.len() + row_digits - into_row, 15),
            b':' => {
                let from = (digits.len() - into_row).saturating_sub(row_digits);
                let before: Vec<u8> =
                    digits.get(from..from + row_digits).map_or_else(|| vec![0; row_digits], <[u8]>::to_vec);
                digits.truncate(digits.len() - into_row);
                digits.extend(before);
            }
            _ => {
                if let Some(digit) = char::from(*byte).to_digit(16) {
                    let times = std::mem::take(&mut count).clamp(1, most_digits - digits.len());
                    digits.extend(std::iter::repeat_n(digit as u8, times));
                }
            }
        }
    }
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

/// A shape that is drawn when its field ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `^GB`: an outline, solid where the border is as thick as the box; `rounding` 0 to 8.
    Frame { w: i32, h: i32, thick: i32, rounding: i32 },
    /// `^GE` and `^GC`.
    Ellipse { w: i32, h: i32, thick: i32 },
    /// `^GD`: leaning right (`/`) or left.
    Diagonal { w: i32, h: i32, thick: i32, right: bool },
}

impl Shape {
    pub(super) fn dots(self) -> Bitmap {
        match self {
            Shape::Frame { w, h, thick, rounding } => framed(w, h, thick, rounding),
            Shape::Ellipse { w, h, thick } => {
                let whole = |w, h| Spans::of(w, h, |x, y| in_ellipse(x, y, w, h));
                outlined(w, h, thick, &whole(w, h), &whole(w - 2 * thick, h - 2 * thick))
            }
            Shape::Diagonal { w, h, thick, right } => diagonal(w, h, thick, right),
        }
    }
}

fn framed(w: i32, h: i32, thick: i32, rounding: i32) -> Bitmap {
    let (w, h) = (w.max(thick), h.max(thick));
    if rounding > 0 {
        let radius = rounding.min(8) * w.min(h) / 16;
        let whole = |w, h, radius| Spans::of(w, h, |x, y| in_rounded(x, y, w, h, radius));
        let inner = whole(w - 2 * thick, h - 2 * thick, (radius - thick).max(0));
        return outlined(w, h, thick, &whole(w, h, radius), &inner);
    }
    let mut out = Bitmap::new(w, h);
    out.block(0, 0, w, thick);
    out.block(0, h - thick, w, thick);
    out.block(0, 0, thick, h);
    out.block(w - thick, 0, thick, h);
    out
}

/// Where each row of a round shape begins; the shape is the same seen in a mirror and upside down.
struct Spans {
    w: i32,
    h: i32,
    upper: Vec<i32>,
}

impl Spans {
    /// Towards the middle a row never begins further right than the one above it, so few dots are asked for.
    fn of(w: i32, h: i32, inside: impl Fn(i32, i32) -> bool) -> Self {
        let mut left = (w + 1) / 2;
        let upper = (0..(h + 1) / 2).map(|y| {
            while left > 0 && inside(left - 1, y) {
                left -= 1;
            }
            left
        });
        Self { w, h, upper: upper.collect() }
    }

    /// The first dot of a row, and the one after its last.
    fn row(&self, y: i32) -> Option<(i32, i32)> {
        let from_edge = usize::try_from(y.min(self.h - 1 - y)).ok()?;
        self.upper.get(from_edge).map(|left| (*left, self.w - left)).filter(|(left, right)| left < right)
    }
}

/// What is within one shape and not within the other, which is smaller by `thick` on every side.
fn outlined(w: i32, h: i32, thick: i32, outer: &Spans, inner: &Spans) -> Bitmap {
    let mut out = Bitmap::new(w, h);
    for y in 0..out.h {
        let Some((left, right)) = outer.row(y) else { continue };
        match inner.row(y - thick) {
            Some((from, to)) => {
                out.block(left, y, from + thick - left, 1);
                out.block(to + thick, y, right - to - thick, 1);
            }
            None => out.block(left, y, right - left, 1),
        }
    }
    out
}

fn in_rounded(x: i32, y: i32, w: i32, h: i32, radius: i32) -> bool {
    if x < 0 || y < 0 || x >= w || y >= h {
        return false;
    }
    // Distance to the straight part of the box, in each direction; zero within it.
    let far = |at: i32, size: i32| (radius - 1 - at).max(at - (size - radius)).max(0);
    let (dx, dy) = (i64::from(far(x, w)), i64::from(far(y, h)));
    dx * dx + dy * dy <= i64::from(radius) * i64::from(radius)
}

fn in_ellipse(x: i32, y: i32, w: i32, h: i32) -> bool {
    if w <= 0 || h <= 0 {
        return false;
    }
    let (dx, dy) = (i64::from(2 * x + 1 - w), i64::from(2 * y + 1 - h));
    let (w, h) = (i64::from(w), i64::from(h));
    dx * dx * h * h + dy * dy * w * w <= w * w * h * h
}

fn diagonal(w: i32, h: i32, thick: i32, right: bool) -> Bitmap {
    let mut out = Bitmap::new(w, h);
    for y in 0..out.h {
        let along = (i64::from(y) * i64::from(w) / i64::from(h.max(1))) as i32;
        let x = if right { w - 1 - along } else { along };
        out.block(x - thick / 2, y, thick, 1);
    }
    out
}
