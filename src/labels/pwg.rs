//! Sheets as PWG raster (PWG 5102.4), which every driverless printer takes: 8-bit grey, one page per sheet.
//!
//! The header of a page is 1,796 bytes of big-endian numbers at fixed places; what this program does not use stays 0. Lines
//! are packed: a count of equal lines, then runs of equal or of differing pixels. This file must never lay out, only encode.

use super::LabelError;
use super::raster::{self, Picture};
use super::sheet::Sheet;

/// Begins every file.
const SYNC: &[u8; 4] = b"RaS2";
/// Bytes of a page's header.
const HEADER_BYTES: usize = 1_796;
/// Equal lines or pixels that one count can tell.
const RUN_MAX: usize = 128;
/// Grey by sRGB's curve, 8 bits.
const SGRAY: u32 = 18;

/// The sheets at `dpi` dots per inch.
///
/// # Errors
/// As [`raster::render`].
pub fn render(sheets: &[Sheet], dpi: u32) -> Result<Vec<u8>, LabelError> {
    let mut out = SYNC.to_vec();
    let pages = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
    for sheet in sheets {
        let picture = raster::render(sheet, dpi)?;
        header(&mut out, &picture, dpi, pages);
        lines(&mut out, &picture);
    }
    Ok(out)
}

fn header(out: &mut Vec<u8>, picture: &Picture, dpi: u32, pages: u32) {
    let mut page = vec![0u8; HEADER_BYTES];
    let points = |px: u32| u32::try_from(u64::from(px) * 72 / u64::from(dpi.max(1))).unwrap_or(u32::MAX);
    let (width, height) = (picture.width_px(), picture.height_px());
    let numbers = [
        (276, dpi),
        (280, dpi),
        (340, 1), // copies
        (352, points(width)),
        (356, points(height)),
        (372, width),
        (376, height),
        (384, 8),     // bits per colour
        (388, 8),     // bits per pixel
        (392, width), // bytes per line
        (400, SGRAY),
        (420, 1), // colours
        (452, pages),
        (456, 1), // from left to right
        (460, 1), // from top to bottom
        (472, width),
        (476, height),
        (480, 0x00ff_ffff), // the alternate primary: white
    ];
    put(&mut page, 0, b"PwgRaster");
    for (at, number) in numbers {
        put(&mut page, at, &number.to_be_bytes());
    }
    out.extend_from_slice(&page);
}

fn put(page: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = page.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

fn lines(out: &mut Vec<u8>, picture: &Picture) {
    let width = usize::try_from(picture.width_px()).unwrap_or(1).max(1);
    let mut rows = picture.grey().chunks_exact(width).peekable();
    while let Some(row) = rows.next() {
        let mut again = 0_u8;
        while usize::from(again) + 1 < RUN_MAX * 2 && rows.next_if_eq(&row).is_some() {
            again += 1;
        }
        out.push(again);
        pack(out, row);
    }
}

/// Runs of one line: a count below 128 repeats the next pixel so often and once more; above, 257 less the count pixels follow.
fn pack(out: &mut Vec<u8>, mut row: &[u8]) {
    while let Some(first) = row.first() {
        let same = row.iter().take(RUN_MAX).take_while(|p| *p == first).count();
        let run = if same > 1 {
            out.push(u8::try_from(same - 1).unwrap_or(0));
            out.push(*first);
            same
        } else {
            let pairs = row.windows(2).take(RUN_MAX - 1).take_while(|pair| pair.first() != pair.last()).count();
            // The pixel before a run of equals belongs to that run; the last of the line to nobody else.
            let run = if pairs + 1 >= row.len() { row.len() } else { pairs.max(1) }.min(RUN_MAX);
            if run == 1 {
                out.push(0);
            } else {
                out.push(u8::try_from(257 - run).unwrap_or(u8::MAX));
            }
            out.extend_from_slice(row.get(..run).unwrap_or_default());
            run
        };
        row = row.get(run..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The other direction, after the document's words.
    fn unpack(mut bytes: &[u8], width: usize) -> Vec<u8> {
        let mut row = Vec::new();
        while row.len() < width {
            let (count, rest) = bytes.split_first().unwrap();
            match usize::from(*count) {
                n @ 0..=127 => {
                    row.extend(std::iter::repeat_n(rest[0], n + 1));
                    bytes = &rest[1..];
                }
                n => {
                    row.extend_from_slice(&rest[..257 - n]);
                    bytes = &rest[257 - n..];
                }
            }
        }
        assert!(bytes.is_empty(), "nothing is left over");
        row
    }

    #[test]
    fn every_line_comes_back() {
        let mut lines: Vec<Vec<u8>> =
            vec![vec![7], vec![1, 2], vec![1, 1], vec![1, 2, 2], vec![2, 2, 1], vec![5; 1_000]];
        lines.push((0..1_000).map(|n: u32| (n % 251) as u8).collect());
        lines.push((0..1_000).map(|n: u32| (n * n / 97 % 3) as u8).collect());
        for n in 120..140 {
            lines.push((0..n).map(|i: u32| (i % 200) as u8).collect());
            lines.push(std::iter::repeat_n(9, n as usize).chain([1, 2, 3]).collect());
        }
        for line in lines {
            let mut out = Vec::new();
            pack(&mut out, &line);
            assert_eq!(unpack(&out, line.len()), line);
        }
    }
}
