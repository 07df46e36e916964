//! Frames as cameras give them, as pictures: YUYV and JPEG to red, green and blue; smaller, turned, and how sharp they are. Pure;
//! must never take more memory than a picture of the allowed size needs.

use std::borrow::Cow;
use std::io::Cursor;
use std::sync::OnceLock;

use image::metadata::Orientation;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, RgbImage, codecs::jpeg::JpegEncoder, imageops,
};

use super::config::Turn;
use super::{PHOTO_BYTES_MAX, PHOTO_SIDE_MAX, PHOTO_SIDE_MIN, Photo, PhotoFailure, check, jpeg};

/// Pixels of a picture that is taken apart, at most: 40 megapixels, 120 MB.
const PIXELS_MAX: u64 = 40_000_000;
/// Quality of a photo that the camera did not encode itself; it is encoded once more when it is finished.
const FIRST_QUALITY: u8 = 95;

/// A frame as it came.
#[derive(Clone, Copy)]
pub(crate) enum Raw<'a> {
    /// A picture file of its own, perhaps without its tables, as webcams leave them out.
    Jpeg(&'a [u8]),
    /// Two pixels in four bytes: brightness, blue, brightness, red.
    Yuyv {
        /// All rows.
        bytes: &'a [u8],
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Bytes from one row to the next.
        bytes_per_line: u32,
    },
}

fn fits(width: u32, height: u32) -> bool {
    let side = PHOTO_SIDE_MIN..=PHOTO_SIDE_MAX;
    side.contains(&width) && side.contains(&height) && u64::from(width) * u64::from(height) <= PIXELS_MAX
}

/// The Huffman tables of ITU-T T.81, annex K, as segments: what webcams mean that leave theirs out. The encoder writes the same.
fn tables() -> &'static [u8] {
    static TABLES: OnceLock<Vec<u8>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let file = encode(&RgbImage::new(16, 16), FIRST_QUALITY).unwrap_or_default();
        jpeg::segments(&file).filter(|segment| segment.get(1) == Some(&jpeg::TABLES)).flatten().copied().collect()
    })
}

/// The file with its tables: a picture without them can be shown by few programs.
fn with_tables(file: &[u8]) -> Cow<'_, [u8]> {
    if jpeg::segments(file).any(|segment| segment.get(1) == Some(&jpeg::TABLES)) {
        return Cow::Borrowed(file);
    }
    let (start, rest) = file.split_at(file.len().min(2));
    Cow::Owned([start, tables(), rest].concat())
}

impl Raw<'_> {
    /// Whether the frame came to its end.
    pub(crate) fn is_whole(&self) -> bool {
        match self {
            Self::Jpeg(bytes) => bytes.len() <= PHOTO_BYTES_MAX && jpeg::is_whole(bytes),
            Self::Yuyv { bytes, width, height, bytes_per_line } => {
                let needed = u64::from(*bytes_per_line) * u64::from(*height);
                fits(*width, *height)
                    && *bytes_per_line >= width.saturating_mul(2)
                    && u64::try_from(bytes.len()).is_ok_and(|len| len >= needed)
            }
        }
    }

    /// The frame as a picture.
    pub(crate) fn decode(&self) -> Option<RgbImage> {
        match self {
            Self::Jpeg(bytes) => decode(&with_tables(bytes)).ok(),
            Self::Yuyv { bytes, width, height, bytes_per_line } if self.is_whole() => {
                yuyv(bytes, *width, *height, *bytes_per_line)
            }
            Self::Yuyv { .. } => None,
        }
    }

    /// The frame as a checked photo; `decoded` where somebody took it apart already.
    pub(crate) fn photo(&self, decoded: Option<&RgbImage>) -> Result<Photo, PhotoFailure> {
        match (self, decoded) {
            (Self::Jpeg(bytes), _) => check(with_tables(bytes).into_owned()),
            (Self::Yuyv { .. }, Some(picture)) => encode(picture, FIRST_QUALITY).and_then(check),
            (Self::Yuyv { .. }, None) => {
                let picture = self.decode().ok_or(PhotoFailure::NotAPicture)?;
                encode(&picture, FIRST_QUALITY).and_then(check)
            }
        }
    }
}

/// A picture file as a picture, upright where the file notes how it was held.
///
/// # Errors
/// [`PhotoFailure::NotAPicture`], [`PhotoFailure::BadSides`].
pub fn decode(bytes: &[u8]) -> Result<RgbImage, PhotoFailure> {
    let reader = || image::ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let (width, height) =
        reader().ok().and_then(|reader| reader.into_dimensions().ok()).ok_or(PhotoFailure::NotAPicture)?;
    if !fits(width, height) {
        return Err(PhotoFailure::BadSides);
    }
    let mut decoder = reader().ok().and_then(|reader| reader.into_decoder().ok()).ok_or(PhotoFailure::NotAPicture)?;
    // A note that cannot be read is none: the picture is still one.
    let held = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| PhotoFailure::NotAPicture)?;
    picture.apply_orientation(held);
    Ok(picture.into_rgb8())
}

/// A picture as a JPEG file; it holds nothing but the picture.
///
/// # Errors
/// [`PhotoFailure::NotAPicture`] for one without pixels.
pub fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, PhotoFailure> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(|_| PhotoFailure::NotAPicture)?;
    Ok(out)
}

/// ITU-R BT.601 with its narrow range, as cameras send it: 16 bits after the point.
fn yuyv(bytes: &[u8], width: u32, height: u32, bytes_per_line: u32) -> Option<RgbImage> {
    let (columns, line) = (usize::try_from(width).ok()?, usize::try_from(bytes_per_line).ok()?);
    let mut rgb = Vec::with_capacity(columns * usize::try_from(height).ok()? * 3);
    for row in bytes.chunks(line).take(usize::try_from(height).ok()?) {
        for pair in row.chunks_exact(4).take(columns.div_ceil(2)) {
            let &[first, blue, second, red] = pair else { continue };
            let (u, v) = (i32::from(blue) - 128, i32::from(red) - 128);
            let (to_red, to_green, to_blue) = (104_597 * v, -25_675 * u - 53_279 * v, 132_201 * u);
            for bright in [first, second] {
                let y = 76_309 * (i32::from(bright) - 16) + 32_768;
                for colour in [to_red, to_green, to_blue] {
                    rgb.push(u8::try_from(((y + colour) >> 16).clamp(0, 255)).unwrap_or(255));
                }
            }
        }
        // An odd width ends in the middle of a pair.
        if columns % 2 == 1 {
            rgb.truncate(rgb.len().saturating_sub(3));
        }
    }
    RgbImage::from_raw(width, height, rgb)
}

/// The picture within a square of this side; smaller ones stay as they are.
pub(crate) fn shrunk(picture: &RgbImage, side_max: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let longest = width.max(height).max(1);
    if longest <= side_max {
        return picture.clone();
    }
    let side = |px: u32| {
        let scaled = u64::from(px) * u64::from(side_max) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(side_max).max(1)
    };
    imageops::thumbnail(picture, side(width), side(height))
}

/// The picture, upright.
pub(crate) fn turned(picture: RgbImage, turn: Turn) -> RgbImage {
    match turn {
        Turn::None => picture,
        Turn::Quarter => imageops::rotate90(&picture),
        Turn::Half => imageops::rotate180(&picture),
        Turn::ThreeQuarters => imageops::rotate270(&picture),
    }
}

/// Brightness of every pixel, row by row (ITU-R BT.601).
pub(crate) fn luma(picture: &RgbImage) -> Vec<u8> {
    let bright = |pixel: &[u8]| {
        let &[red, green, blue] = pixel else { return 0 };
        let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
        u8::try_from(sum >> 8).unwrap_or(255)
    };
    picture.as_raw().chunks_exact(3).map(bright).collect()
}

/// How sharp a picture is: the variance of its Laplacian, times 256. Only pictures of one scene and one size can be compared.
#[must_use]
pub fn sharpness(luma: &[u8], width: usize) -> u64 {
    let rows: Vec<&[u8]> = luma.chunks_exact(width.max(1)).collect();
    let (mut sum, mut squares, mut count) = (0_i64, 0_i64, 0_i64);
    for three in rows.windows(3) {
        let &[above, middle, below] = three else { continue };
        for ((near, up), down) in middle.windows(3).zip(above.iter().skip(1)).zip(below.iter().skip(1)) {
            let &[left, here, right] = near else { continue };
            let edge = 4 * i64::from(here) - i64::from(left) - i64::from(right) - i64::from(*up) - i64::from(*down);
            sum += edge;
            squares += edge * edge;
            count += 1;
        }
    }
    if count == 0 {
        return 0;
    }
    // 40 megapixels of the largest square, times 256, stay below 2^63.
    let mean_square = squares * 256 / count;
    let mean = sum * 16 / count;
    u64::try_from(mean_square - mean * mean).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A drawing with fine lines: they vanish first when a hand shakes.
    fn drawing() -> RgbImage {
        RgbImage::from_fn(160, 120, |x, y| {
            let line = (x / 3 + y / 5) % 2 == 0;
            image::Rgb(if line { [230, 220, 200] } else { [40, 60, (x % 200) as u8] })
        })
    }

    fn sharp(picture: &RgbImage) -> u64 {
        sharpness(&luma(picture), picture.width() as usize)
    }

    #[test]
    fn the_sharper_picture_has_the_larger_figure() {
        let sharpest = drawing();
        let mut before = sharp(&sharpest);
        for sigma in [0.6_f32, 1.0, 1.8, 3.0] {
            let blurred = sharp(&imageops::blur(&sharpest, sigma));
            assert!(blurred < before, "{sigma}: {blurred} of {before}");
            before = blurred;
        }
        assert_eq!(sharp(&RgbImage::from_pixel(50, 40, image::Rgb([90, 90, 90]))), 0, "an even grey has no edge");
        assert_eq!(sharpness(&[], 0), 0);
        assert_eq!(sharpness(&[1, 2, 3, 4], 2), 0, "too small for an edge");
        // One dot in 5 × 5, by hand: the nine middle ones are 40, four times -10 and four times 0.
        let mut dot = vec![0_u8; 25];
        dot[12] = 10;
        assert_eq!(sharpness(&dot, 5), (1_600 + 4 * 100) * 256 / 9);
    }

    #[test]
    fn yuyv_has_the_colours_of_its_standard() {
        // Black, white, then the full red and blue of BT.601, two pixels each; two bytes of filling at the end of a row.
        let row = [16, 128, 16, 128, 235, 128, 235, 128, 81, 90, 81, 240, 41, 240, 41, 110, 0, 0];
        let rows: Vec<u8> = std::iter::repeat_n(row, 16).flatten().collect();
        let raw = Raw::Yuyv { bytes: &rows, width: 8, height: 16, bytes_per_line: 18 };
        assert!(!raw.is_whole(), "eight pixels show nothing");
        let picture = yuyv(&rows, 8, 16, 18).unwrap();
        let at = |x| picture.get_pixel(x, 15).0;
        assert_eq!((at(0), at(1)), ([0, 0, 0], [0, 0, 0]));
        assert_eq!((at(2), at(3)), ([255, 255, 255], [255, 255, 255]));
        assert_eq!((at(4), at(6)), ([254, 0, 0], [0, 0, 255]));
        let wide = vec![128; 32 * 2 * 20];
        let raw = |bytes| Raw::Yuyv { bytes, width: 32, height: 20, bytes_per_line: 64 };
        assert!(raw(&wide).is_whole() && !raw(&wide[1..]).is_whole());
        assert!(raw(&wide[1..]).decode().is_none());
        let photo = raw(&wide).photo(None).unwrap();
        assert_eq!((photo.width_px, photo.height_px), (32, 20));
    }

    #[test]
    fn a_webcams_picture_without_its_tables_is_understood() {
        let file = encode(&drawing(), 90).unwrap();
        // Takes the Huffman tables (FF C4) out, as the format's restricted form in webcams has it.
        let mut bare = file[..2].to_vec();
        let mut at = 2;
        while file[at + 1] != 0xda {
            let length = usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]])) + 2;
            if file[at + 1] != 0xc4 {
                bare.extend_from_slice(&file[at..at + length]);
            }
            at += length;
        }
        bare.extend_from_slice(&file[at..]);
        assert!(bare.len() < file.len() - 300);
        let raw = Raw::Jpeg(&bare);
        assert!(raw.is_whole());
        assert!(raw.decode().is_some() && raw.decode() == Raw::Jpeg(&file).decode());
        let photo = raw.photo(None).unwrap();
        assert!(decode(&photo.bytes).unwrap() == decode(&file).unwrap(), "the photo has its tables again");
        assert!(!Raw::Jpeg(&bare[..bare.len() - 20]).is_whole());
    }

    #[test]
    fn pictures_are_turned_clockwise_and_made_smaller_only() {
        let mut picture = RgbImage::new(40, 20);
        picture.put_pixel(0, 0, image::Rgb([255, 0, 0]));
        let corner = |turn, x, y| {
            let turned = turned(picture.clone(), turn);
            turned.get_pixel_checked(x, y).map(|pixel| pixel.0) == Some([255, 0, 0])
        };
        assert!(corner(Turn::None, 0, 0) && corner(Turn::Quarter, 19, 0));
        assert!(corner(Turn::Half, 39, 19) && corner(Turn::ThreeQuarters, 0, 39));
        assert_eq!(shrunk(&RgbImage::new(4_000, 3_000), 640).dimensions(), (640, 480));
        assert_eq!(shrunk(&RgbImage::new(4_000, 1), 640).dimensions(), (640, 1));
        assert_eq!(shrunk(&picture, 640).dimensions(), (40, 20));
    }
}
