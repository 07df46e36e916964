//! Sheets as jobs of receipt printers (ESC/POS): a picture in bands as wide as the print head, then a feed and a cut.
//!
//! A sheet wider than the roll is drawn smaller, at fewer dots per inch, so that its bars still stand on whole dots. White below the
//! last ink is not fed. This file must never lay out, only draw.

use super::LabelError;
use super::raster::{self, DPI_MIN};
use super::sheet::Sheet;

/// Rows of one band: what the smallest printers can buffer.
const BAND_ROWS: usize = 128;
/// White rows left under the last ink, so that the cut does not touch it.
const TAIL_ROWS: usize = 24;
const ESC: u8 = 0x1b;
const GS: u8 = 0x1d;
/// Begins commands that are carried out at once, even amid a picture.
const DLE: u8 = 0x10;

/// The sheets one under the other, each cut off, for a head of `dots` across at `dpi`.
///
/// # Errors
/// As [`raster::render`].
pub fn render(sheets: &[Sheet], dots: u32, dpi: u32) -> Result<Vec<u8>, LabelError> {
    let mut out = vec![ESC, b'@'];
    for sheet in sheets {
        let picture = raster::render(sheet, fitting_dpi(sheet, dots, dpi))?;
        let row_bytes = usize::try_from(dots.div_ceil(8)).unwrap_or(1).max(1);
        let mono = picture.mono();
        let mut rows: Vec<Vec<u8>> = mono.rows().map(|row| fit(row, row_bytes)).collect();
        let ink = rows.iter().rposition(|row| row.iter().any(|b| *b != 0)).map_or(0, |at| at + 1);
        rows.truncate(ink);
        rows.resize(ink + TAIL_ROWS, vec![0; row_bytes]);
        for band in rows.chunks(BAND_ROWS) {
            push_band(&mut out, band, row_bytes);
        }
        // Feed to the cutter, and cut all but one point.
        out.extend_from_slice(&[GS, b'V', 66, 0]);
    }
    Ok(out)
}

/// The resolution at which a sheet is as wide as the head, at most the head's own.
fn fitting_dpi(sheet: &Sheet, dots: u32, dpi: u32) -> u32 {
    let width_um = u64::try_from(sheet.area().w_um).unwrap_or(1).max(1);
    let fits = u64::from(dots) * 25_400 / width_um;
    u32::try_from(fits).unwrap_or(dpi).min(dpi).max(DPI_MIN)
}

fn fit(row: &[u8], row_bytes: usize) -> Vec<u8> {
    let mut row = row.to_vec();
    row.resize(row_bytes, 0);
    row
}

fn push_band(out: &mut Vec<u8>, band: &[Vec<u8>], row_bytes: usize) {
    let two = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_le_bytes();
    out.extend_from_slice(&[GS, b'v', b'0', 0]);
    out.extend_from_slice(&two(row_bytes));
    out.extend_from_slice(&two(band.len()));
    let begin = out.len();
    for row in band {
        out.extend_from_slice(row);
    }
    defuse(out.get_mut(begin..).unwrap_or_default());
}

/// Dots that read as a command carried out at once (a status question, a recovery, a pulse, switching off) get one dot more.
fn defuse(bytes: &mut [u8]) {
    for at in 1..bytes.len() {
        let command = matches!(bytes.get(at), Some(0x04 | 0x05 | 0x14));
        if command
            && let Some(before) = bytes.get_mut(at - 1)
            && *before == DLE
        {
            *before |= 0x20;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_dots_are_a_command() {
        let mut bytes = vec![0x10, 0x04, 0x10, 0x14, 0x10, 0x10, 0x05, 0x10];
        defuse(&mut bytes);
        assert_eq!(bytes, [0x30, 0x04, 0x30, 0x14, 0x10, 0x30, 0x05, 0x10]);
        assert!(!bytes.windows(2).any(|w| w[0] == 0x10 && matches!(w[1], 0x04 | 0x05 | 0x14)));
    }

    #[test]
    fn a_wide_sheet_is_drawn_smaller_and_a_narrow_one_as_it_is() {
        let wide = Sheet::new(105_000, 148_000).unwrap();
        let narrow = Sheet::new(50_000, 30_000).unwrap();
        assert_eq!((fitting_dpi(&wide, 576, 203), fitting_dpi(&narrow, 576, 203)), (139, 203));
    }
}
