//! Cuts whole JPEG pictures out of a byte stream of any wrapping (ITU-T T.81, annex B). Pure; must never hold more than one
//! picture of the allowed size. It walks the segments, so a thumbnail inside a picture does not end it.

/// Where the scanner is inside a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before a picture.
    Outside,
    /// Before a marker's FF.
    Marker,
    /// After FF, before the marker's code.
    Code,
    /// Before the high byte of a segment's length; the flag says that picture data follow the segment.
    LengthHigh(bool),
    /// Before the low byte.
    LengthLow(bool, usize),
    /// Inside a segment.
    Segment(bool, usize),
    /// Inside picture data.
    Data,
    /// Inside picture data, after FF.
    DataCode,
}

/// Finds pictures in a stream.
#[derive(Debug)]
pub struct Splitter {
    at: At,
    held: Vec<u8>,
    bytes_max: usize,
    /// Pictures given up because they were larger than allowed.
    too_large: u64,
}

impl Splitter {
    /// For pictures up to `bytes_max` bytes.
    #[must_use]
    pub fn new(bytes_max: usize) -> Self {
        Self { at: At::Outside, held: Vec::new(), bytes_max, too_large: 0 }
    }

    /// Takes bytes and appends each picture that they complete.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Vec<u8>>) {
        for &byte in bytes {
            self.held.push(byte);
            if self.at != At::Outside && self.held.len() > self.bytes_max {
                self.too_large += 1;
                self.at = At::Outside;
                self.held.clear();
                continue;
            }
            self.at = self.step(byte);
            if self.at == At::Outside {
                self.seek(out);
            }
        }
    }

    /// Whether a picture has begun.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.at != At::Outside
    }

    /// Pictures given up because they were larger than allowed.
    #[must_use]
    pub fn too_large(&self) -> u64 {
        self.too_large
    }

    /// Outside a picture: hands out a completed one, or looks for the next start.
    fn seek(&mut self, out: &mut Vec<Vec<u8>>) {
        match self.held.as_slice() {
            [0xff, 0xd8, .., 0xff, 0xd9] => out.push(std::mem::take(&mut self.held)),
            [.., 0xff, 0xd8] => {
                self.held.clear();
                self.held.extend_from_slice(&[0xff, 0xd8]);
                self.at = At::Marker;
            }
            [.., 0xff] => {
                self.held.clear();
                self.held.push(0xff);
            }
            _ => self.held.clear(),
        }
    }

    fn step(&self, byte: u8) -> At {
        match self.at {
            At::Outside => At::Outside,
            At::Marker => {
                if byte == 0xff {
                    At::Code
                } else {
                    At::Outside
                }
            }
            At::Code => code(byte),
            At::LengthHigh(data) => At::LengthLow(data, usize::from(byte) << 8),
            At::LengthLow(data, high) => match (high | usize::from(byte)).checked_sub(2) {
                None => At::Outside,
                Some(0) => after(data),
                Some(left) => At::Segment(data, left),
            },
            At::Segment(data, 1) => after(data),
            At::Segment(data, left) => At::Segment(data, left - 1),
            At::Data => {
                if byte == 0xff {
                    At::DataCode
                } else {
                    At::Data
                }
            }
            At::DataCode => match byte {
                // A stuffed FF, or a restart marker: still picture data.
                0x00 | 0xd0..=0xd7 => At::Data,
                0xff => At::DataCode,
                other => code(other),
            },
        }
    }
}

/// What follows a marker's code.
fn code(byte: u8) -> At {
    match byte {
        // Fill bytes before a code.
        0xff => At::Code,
        // A second start, an end, or no marker at all: the picture is complete or broken, `seek` tells which.
        0x00 | 0xd8 | 0xd9 => At::Outside,
        // Markers without a segment.
        0x01 | 0xd0..=0xd7 => At::Marker,
        // Start of scan: picture data follow its segment.
        0xda => At::LengthHigh(true),
        _ => At::LengthHigh(false),
    }
}

fn after(data: bool) -> At {
    if data { At::Data } else { At::Marker }
}

/// The code of a segment with Huffman tables.
pub(crate) const TABLES: u8 = 0xc4;

/// The segments before a picture's data, each with its marker: of bytes that are no picture, none.
pub(crate) fn segments(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = file.strip_prefix(&[0xff, 0xd8]).unwrap_or_default();
    std::iter::from_fn(move || {
        let &[0xff, code, high, low, ..] = rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low])) + 2;
        let segment = rest.get(..length).filter(|_| code != 0xda)?;
        rest = rest.get(length..).unwrap_or_default();
        Some(segment)
    })
}

/// Whether the bytes begin with one whole picture (makers append their own data after it).
#[must_use]
pub fn is_whole(bytes: &[u8]) -> bool {
    let mut out = Vec::new();
    let mut splitter = Splitter::new(bytes.len());
    splitter.push(bytes, &mut out);
    bytes.starts_with(&[0xff, 0xd8]) && out.first().is_some_and(|first| bytes.starts_with(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(shade: u8) -> Vec<u8> {
        let mut out = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_fn(40, 30, |x, y| image::Rgb([shade, (x * 6) as u8, (y * 8) as u8]))
            .write_to(&mut out, image::ImageFormat::Jpeg)
            .unwrap();
        out.into_inner()
    }

    /// A picture with another whole picture as its thumbnail in an application segment.
    fn with_thumbnail() -> Vec<u8> {
        let (inner, outer) = (picture(1), picture(200));
        let length = u16::try_from(inner.len() + 2).unwrap().to_be_bytes();
        [&[0xff, 0xd8, 0xff, 0xe1], &length[..], &inner, &outer[2..]].concat()
    }

    #[test]
    fn pictures_are_found_in_any_wrapping_and_any_split() {
        let (a, b) = (picture(10), with_thumbnail());
        let stream =
            [b"--frame\r\nContent-Type: x\r\n\r\n\xff\xffnoise", &a[..], b"\r\n--frame\r\n\xff", &b, &a, b"--"]
                .concat();
        for chunk in [1, 2, 3, 7, 1_000, stream.len()] {
            let mut out = Vec::new();
            let mut splitter = Splitter::new(100_000);
            for part in stream.chunks(chunk) {
                splitter.push(part, &mut out);
            }
            assert_eq!(out, [a.clone(), b.clone(), a.clone()], "chunks of {chunk}");
        }
    }

    #[test]
    fn a_broken_picture_costs_only_itself() {
        let (a, b) = (picture(10), picture(20));
        let mut out = Vec::new();
        let mut splitter = Splitter::new(100_000);
        splitter.push(&[&a[..a.len() / 2], &b[..], &a[..]].concat(), &mut out);
        assert_eq!(out.last(), Some(&a));
        let mut small = Splitter::new(a.len() - 1);
        out.clear();
        small.push(&[&a[..], &a[..]].concat(), &mut out);
        assert!(out.is_empty());
        assert_eq!(small.too_large(), 2);
        assert!(small.held.len() < a.len(), "memory is bounded");
    }

    #[test]
    fn wholeness() {
        let a = with_thumbnail();
        assert!(is_whole(&a));
        assert!(is_whole(&[&a[..], b"maker's data"].concat()));
        for cut in [0, 1, 2, 100, a.len() / 2, a.len() - 1] {
            assert!(!is_whole(&a[..cut]), "cut at {cut}");
        }
        assert!(!is_whole(&[b"x", &a[..]].concat()));
    }
}
