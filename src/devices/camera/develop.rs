//! A picture as it is kept: upright, no larger than asked for, with what it is of printed below it, as a JPEG file within its budget
//! of bytes that holds nothing but the picture (no place, no maker, no thumbnail). Pure. Must never leave a picture larger than
//! its budget, and never cover any part of it with words.

use image::{Rgb, RgbImage, imageops};

use super::config::Turn;
use super::eye;
use super::{Photo, PhotoFailure, check, frame};
use crate::labels::LabelError;
use crate::labels::raster;
use crate::labels::sheet::{Area, SHEET_EDGE_UM_MAX, Sheet};
use crate::labels::text::{Face, Rise, Style};

/// Lowest quality that is tried before the picture is made smaller.
const QUALITY_MIN: u8 = 40;
/// Steps of quality.
const QUALITY_STEP: u8 = 12;
/// Shortest of the longest sides: smaller shows nothing, whatever the budget.
const SIDE_MIN: u32 = 160;
/// The margin's height: this share of the picture's width, and at least so much.
const MARGIN_SHARE: u32 = 30;
const MARGIN_PX_MIN: u32 = 26;
/// Dots per inch at which a pixel is 200 µm: the words are then of a size that labels know.
const DPI: u32 = 127;
const PIXEL_UM: i32 = 200;

/// How a picture is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Development {
    /// How it is turned to stand upright.
    pub turn: Turn,
    /// Longest side in pixels, without the margin.
    pub side_px_max: u32,
    /// JPEG quality it begins with, 1 to 100.
    pub quality_percent: u8,
    /// Bytes of the file, at most.
    pub bytes_max: usize,
    /// What is printed below it; nothing where this is empty.
    pub margin: String,
}

/// What a photo shows of its parcel's label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelSeen {
    /// The label of this parcel.
    Right,
    /// The label of another parcel, and not this one's.
    Other,
    /// No parcel's label that could be read.
    None,
}

/// Whether a picture shows the label with this number (SSCC, 18 digits).
#[must_use]
pub fn label_in(picture: &RgbImage, sscc: &str) -> LabelSeen {
    let codes = eye::read(picture);
    let text = |code: &eye::Code| String::from_utf8_lossy(&code.bytes).into_owned();
    let number = |text: &str| {
        let digits = text.strip_prefix("00").filter(|rest| rest.len() == 18)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.to_owned())
    };
    let texts: Vec<String> = codes.iter().map(text).collect();
    // A code may carry more beside the number, as the two-dimensional ones do.
    if texts.iter().any(|text| text.contains(sscc)) {
        LabelSeen::Right
    } else if texts.iter().any(|text| number(text).is_some()) {
        LabelSeen::Other
    } else {
        LabelSeen::None
    }
}

/// A picture file, upright.
///
/// # Errors
/// [`PhotoFailure`]: no picture that can be taken apart.
pub fn upright(file: &[u8], turn: Turn) -> Result<RgbImage, PhotoFailure> {
    frame::decode(file).map(|picture| frame::turned(picture, turn))
}

/// The file that is kept of an upright picture.
///
/// # Errors
/// [`PhotoFailure::TooLarge`] where no picture fits the budget.
pub fn finish(upright: &RgbImage, how: &Development) -> Result<Photo, PhotoFailure> {
    let mut side = how.side_px_max.max(SIDE_MIN);
    loop {
        let picture = with_margin(&frame::shrunk(upright, side), &how.margin);
        let mut quality = how.quality_percent.clamp(QUALITY_MIN, 100);
        loop {
            let file = frame::encode(&picture, quality)?;
            if file.len() <= how.bytes_max {
                return check(file);
            }
            if quality == QUALITY_MIN {
                break;
            }
            quality = quality.saturating_sub(QUALITY_STEP).max(QUALITY_MIN);
        }
        if side == SIDE_MIN {
            return Err(PhotoFailure::TooLarge);
        }
        side = (side.min(upright.width().max(upright.height())) / 4 * 3).max(SIDE_MIN);
    }
}

/// The picture with a white strip below it that says what it is of.
fn with_margin(picture: &RgbImage, words: &str) -> RgbImage {
    if words.trim().is_empty() {
        return picture.clone();
    }
    let (width, height) = picture.dimensions();
    let strip = (width / MARGIN_SHARE).max(MARGIN_PX_MIN);
    let mut whole = RgbImage::from_pixel(width, height + strip, Rgb([255, 255, 255]));
    imageops::replace(&mut whole, picture, 0, 0);
    match printed(words, width, strip) {
        Ok(drawn) => {
            for (y, row) in drawn.grey().chunks_exact(usize::try_from(drawn.width_px()).unwrap_or(1).max(1)).enumerate()
            {
                for (x, grey) in row.iter().enumerate() {
                    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { continue };
                    if let Some(pixel) = whole.get_pixel_mut_checked(x, height + y) {
                        *pixel = Rgb([*grey; 3]);
                    }
                }
            }
        }
        // A picture without its words is better than none: what it is of is also a fact beside it.
        Err(error) => tracing::warn!(%error, "the margin of a photo stays empty"),
    }
    whole
}

fn printed(words: &str, width: u32, height: u32) -> Result<raster::Picture, LabelError> {
    let um = |px: u32| i32::try_from(px).unwrap_or(i32::MAX / PIXEL_UM).saturating_mul(PIXEL_UM);
    let (w_um, h_um) = (um(width).min(SHEET_EDGE_UM_MAX), um(height));
    let mut sheet = Sheet::new(w_um, h_um)?;
    let edge = h_um / 4;
    let cell = Area { x_um: edge, y_um: h_um / 12, w_um: (w_um - 2 * edge).max(1), h_um: h_um - h_um / 6 };
    sheet.text(cell, words, Style::new(Face::Bold, h_um * 6 / 10).rise(Rise::Middle))?;
    raster::render(&sheet, DPI)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::gs1::ElementString;
    use crate::labels::sheet::Symbology;

    fn busy(width: u32, height: u32) -> RgbImage {
        // Hard to compress: every pixel differs.
        RgbImage::from_fn(width, height, |x, y| {
            let n = x.wrapping_mul(2_654_435_761).wrapping_add(y.wrapping_mul(40_503)).rotate_left(x % 31);
            Rgb([n as u8, (n >> 8) as u8, (n >> 16) as u8])
        })
    }

    fn how(side_px_max: u32, kbytes: usize, margin: &str) -> Development {
        Development {
            turn: Turn::None,
            side_px_max,
            quality_percent: 85,
            bytes_max: kbytes * 1_024,
            margin: margin.to_owned(),
        }
    }

    #[test]
    fn the_file_keeps_its_budget_whatever_the_picture() {
        for (kbytes, side) in [(400, 1_600), (60, 1_600), (20, 800)] {
            let photo = finish(&busy(800, 600), &how(side, kbytes, "4711")).unwrap();
            assert!(photo.bytes.len() <= kbytes * 1_024, "{kbytes}: {}", photo.bytes.len());
            assert!(photo.width_px <= 800 && photo.width_px >= 120, "{} px for {kbytes} kB", photo.width_px);
        }
        assert_eq!(finish(&busy(640, 480), &how(1_600, 1, "")), Err(PhotoFailure::TooLarge));
        let plain = RgbImage::from_pixel(2_400, 1_600, Rgb([200, 180, 120]));
        let photo = finish(&plain, &how(1_600, 400, "")).unwrap();
        assert_eq!((photo.width_px, photo.height_px), (1_600, 1_066), "no smaller than it must be");
    }

    #[test]
    fn the_margin_stands_below_the_picture_and_covers_none_of_it() {
        let red = RgbImage::from_pixel(640, 480, Rgb([200, 0, 0]));
        let long = "Посылка 1 · 10-4711 · 2026-03-02 08:15:31 · PACK 3 ".repeat(3);
        for words in ["10-4711 · 1 · 2026-03-02 08:15:31 · PACK 3", long.as_str()] {
            let whole = with_margin(&red, words);
            assert_eq!(whole.dimensions(), (640, 480 + 26));
            assert!(whole.rows().take(480).flatten().all(|pixel| pixel.0 == [200, 0, 0]));
        }
        let whole = with_margin(&red, "10-4711");
        let dark = whole.rows().skip(480).flatten().filter(|pixel| pixel.0[0] < 100).count();
        assert!((100..3_000).contains(&dark), "{dark} dark pixels are a few letters");
        assert_eq!(with_margin(&red, " ").dimensions(), (640, 480));
    }

    #[test]
    fn what_a_camera_wrote_about_itself_is_gone_and_its_turn_is_done() {
        // A quarter to the right, as a telephone notes it in its file (EXIF orientation 6), and where it was.
        let mut left = RgbImage::from_pixel(64, 32, Rgb([250, 250, 250]));
        for y in 0..32 {
            (0..16).for_each(|x| left.put_pixel(x, y, Rgb([250, 0, 0])));
        }
        let exif =
            b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x01\x0e\0\x02\0\0\0\x04GPS\0\0\0\0\0";
        let mut file = frame::encode(&left, 95).unwrap();
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let segment = [&[0xff, 0xe1], &length[..], exif].concat();
        file.splice(2..2, segment);
        assert!(file.windows(4).any(|four| four == b"GPS\0"));
        let upright = upright(&file, Turn::None).unwrap();
        assert_eq!(upright.dimensions(), (32, 64));
        assert!(upright.get_pixel(16, 4).0[1] < 60 && upright.get_pixel(16, 60).0[1] > 200, "its left is above now");
        let photo = finish(&upright, &how(1_600, 400, "")).unwrap();
        assert!(!photo.bytes.windows(4).any(|four| four == b"Exif" || four == b"GPS\0"));
    }

    #[test]
    fn the_label_in_a_photo_is_told_from_another() {
        let label = |sscc: &str| {
            let mut sheet = Sheet::new(100_000, 50_000).unwrap();
            let area = Area { x_um: 8_000, y_um: 8_000, w_um: 84_000, h_um: 25_000 };
            let data = [ElementString::sscc(sscc).unwrap()];
            sheet.barcode(area, Symbology::Gs1128(&data), 500, 250).unwrap();
            let drawn = raster::render(&sheet, 203).unwrap();
            let grey = image::GrayImage::from_raw(drawn.width_px(), drawn.height_px(), drawn.grey().to_vec()).unwrap();
            let mut bench = RgbImage::from_pixel(1_280, 720, Rgb([150, 120, 90]));
            let paper = image::DynamicImage::ImageLuma8(grey).into_rgb8();
            imageops::replace(&mut bench, &imageops::rotate90(&paper), 400, 0);
            bench
        };
        let sscc = "395060001343525013";
        assert_eq!(label_in(&label(sscc), sscc), LabelSeen::Right);
        assert_eq!(label_in(&label("395060001343525020"), sscc), LabelSeen::Other);
        assert_eq!(label_in(&busy(640, 480), sscc), LabelSeen::None);
        let blurred = imageops::blur(&label(sscc), 1.0);
        assert_eq!(label_in(&blurred, sscc), LabelSeen::Right, "a hand is never quite still");
    }
}
