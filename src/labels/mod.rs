//! Labels and documents: a PURE model of pages, and its renderers to ZPL, PDF and pixels.
//!
//! The way: [`house`] and [`documents`] lay plain values out on a [`sheet::Sheet`] (micrometres, nothing overlapping, nothing
//! clipped); [`zpl`], [`pdf`] and [`raster`] draw sheets. Inputs are plain values (strings, grams, millimetres, minor units):
//! the caller maps its domain to them, and every word that people read comes in as [`documents::Words`].
//!
//! This room must never do I/O, read a clock, take a random number, or contain a text in a human language: the same
//! input always gives the same bytes.

pub mod bars;
pub mod code128;
mod direction;
pub mod documents;
pub mod escpos;
mod face;
pub mod faults;
pub mod format;
pub mod gs1;
pub mod house;
mod joined;
pub mod marks;
pub mod maxicode;
mod mono;
pub mod pdf;
pub mod preview;
pub mod pwg;
pub mod raster;
pub mod sheet;
pub mod template;
pub mod text;
pub mod zpl;

use sheet::Area;
use text::Face;
use thiserror::Error;

/// Why a label or a document cannot be made. None of the messages repeats the text that was to be printed, so they
/// may go to a log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LabelError {
    /// Text that does not fit its cell even at the smallest legible size.
    #[error(
        "a text of {chars} characters does not fit {width_um} x {height_um} µm even in the smallest print: shorten it"
    )]
    TextTooLong {
        /// Characters of the text.
        chars: usize,
        /// Width of the cell.
        width_um: i32,
        /// Height of the cell.
        height_um: i32,
    },
    /// A barcode wider than its place.
    #[error("the barcode needs {needed_um} µm and has {width_um} µm: shorten the code or use a wider label")]
    BarcodeTooWide {
        /// Least width it needs.
        needed_um: i32,
        /// Width it has.
        width_um: i32,
    },
    /// An element that would leave the page; a fault of the layout.
    #[error("an element at {area:?} leaves the sheet: the layout must be corrected")]
    OutsideSheet {
        /// Where it was to go.
        area: Area,
    },
    /// A page of an impossible size.
    #[error("a sheet of {width_um} x {height_um} µm cannot be made: use 1 µm to 1 m")]
    SheetSize {
        /// Width asked for.
        width_um: i32,
        /// Height asked for.
        height_um: i32,
    },
    /// More of something than a page or document may hold.
    #[error("more than {most} {what}: split the document or the data")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: usize,
    },
    /// A two-dimensional code that cannot carry its payload.
    #[error("{bytes} bytes cannot be encoded as a two-dimensional code: shorten the content")]
    Matrix {
        /// Bytes of the payload.
        bytes: usize,
    },
    /// An embedded font that cannot be read; a damaged executable.
    #[error("the embedded font {face:?} cannot be read: reinstall the program")]
    Font {
        /// Which.
        face: Face,
    },
    /// Figures that contradict each other; printing them would be a wrong document.
    #[error("{what} do not add up: correct the data, nothing was printed")]
    Sums {
        /// Which figures.
        what: &'static str,
    },
    /// An amount outside what can be counted.
    #[error("{what} exceed what can be counted: correct the data")]
    Overflow {
        /// Which figures.
        what: &'static str,
    },
    /// A currency code that is not three capital letters.
    #[error("a currency is three capital letters after ISO 4217: correct the data")]
    Currency,
    /// A Code 128 that cannot be made.
    #[error("the barcode cannot be made")]
    Code128(#[from] code128::Code128Error),
    /// An EAN, UPC, ITF or Code 39 that cannot be made.
    #[error("the barcode cannot be made")]
    Bars(#[from] bars::BarsError),
    /// An element string that cannot be printed.
    #[error("the GS1 element string cannot be made")]
    Gs1(#[from] gs1::Gs1Error),
    /// The encoder of the picture or document file refused.
    #[error("{format} could not be written: {reason}")]
    Encoder {
        /// `PNG` or `PDF`.
        format: &'static str,
        /// What the encoder said.
        reason: String,
    },
}
