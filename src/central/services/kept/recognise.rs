//! What a file is, by what is in it. Its name and what a browser says of it are never believed.

use image::{ImageFormat, ImageReader};
use std::io::Cursor;

/// Largest side of a picture, px; a scan of a large page at 600 dpi has fewer.
const SIDE_PX_MAX: u32 = 20_000;
/// Where the end mark of a PDF is looked for: its last bytes.
const PDF_TAIL_BYTES: usize = 2_048;

/// The kind of file a proof may be, as the web names it; none for anything else.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"%PDF-") {
        let tail = &bytes[bytes.len().saturating_sub(PDF_TAIL_BYTES)..];
        return tail.windows(5).any(|at| at == b"%%EOF").then_some("application/pdf");
    }
    let (format, name) = match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => (ImageFormat::Png, "image/png"),
        [0xff, 0xd8, 0xff, ..] => (ImageFormat::Jpeg, "image/jpeg"),
        _ => return None,
    };
    // A first line is easily put before anything: its head must be one, too.
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().ok()?;
    (width > 0 && height > 0 && width.max(height) <= SIDE_PX_MAX).then_some(name)
}
