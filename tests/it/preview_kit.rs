//! What the tests of the preview share: a shown job, where its ink is, and what a reader finds in it.

use super::labels_kit::rxing_text;
use packbench::labels::preview::{Preview, preview};
use packbench::labels::raster::Picture;
use rxing::BarcodeFormat;

/// The first label at 203 dpi.
pub fn shown(job: &str) -> Preview {
    shown_bytes(job.as_bytes())
}

/// The first label of a job that is no UTF-8, at 203 dpi.
pub fn shown_bytes(job: &[u8]) -> Preview {
    preview(job, 203, 1).unwrap_or_else(|e| panic!("{}: {e}", job.escape_ascii()))
}

/// Left, top, width and height of what is black; all 0 where nothing is.
pub fn ink_box(picture: &Picture) -> (u32, u32, u32, u32) {
    let width = picture.width_px();
    let black: Vec<(u32, u32)> =
        (0..).zip(picture.grey()).filter(|(_, grey)| **grey < 128).map(|(i, _)| (i % width, i / width)).collect();
    let range = |of: fn(&(u32, u32)) -> u32| {
        let (least, most) = (black.iter().map(of).min(), black.iter().map(of).max());
        (least.unwrap_or(0), most.map_or(0, |most| most + 1 - least.unwrap_or(0)))
    };
    let ((left, width), (top, height)) = (range(|d| d.0), range(|d| d.1));
    (left, top, width, height)
}

/// The ink of one field in a label of 800 × 600 dots.
pub fn field_box(field: &str) -> (u32, u32, u32, u32) {
    ink_box(&shown(&format!("^XA^PW800^LL600{field}^FS^XZ")).picture)
}

/// The texts of all codes of a format, with what is not printable escaped.
pub fn read(job: &str, format: BarcodeFormat) -> Vec<String> {
    rxing_text(&shown(job).picture, format, false).iter().map(|bytes| bytes.escape_ascii().to_string()).collect()
}
