//! A printer's job (ZPL II) as a picture, before it is printed: carriers send their labels that way, and a packer wants to see
//! what comes out.
//!
//! [`lex`] cuts the job into commands, [`machine`] keeps what they set and finishes fields, [`graphics`] unpacks bitmaps, [`codes`]
//! makes bars and matrices of field data ([`maxicode`] those of one carrier's belts), [`formats`] keeps labels that are printed later,
//! [`charset`] reads bytes as letters, [`lines`] breaks texts, [`letters`] stands in for the printer's fonts, [`canvas`] holds the
//! dots, [`parameters`] reads numbers. The picture shows
//! what is where and its codes are exact; letters are those of our own faces. What is not understood is listed and never
//! guessed. Every size and count is bounded, and no input may make this room panic.

mod canvas;
mod charset;
mod codes;
mod fields;
mod formats;
mod graphics;
mod letters;
mod lex;
mod lines;
mod machine;
mod maxicode;
mod parameters;

use super::raster::Picture;
use thiserror::Error;

/// Widest label in dots: 10 inches at 600 dpi.
pub const WIDTH_DOTS_MAX: i32 = 6_000;
/// Longest label in dots: 20 inches at 600 dpi.
pub const HEIGHT_DOTS_MAX: i32 = 12_000;
/// Most fields of one label.
pub const FIELDS_MAX: usize = 5_000;
/// Most dots that the fields of one label may cover together.
pub const INK_DOTS_MAX: u64 = 400_000_000;
/// Most bytes of stored bitmaps in one job.
pub const STORED_BYTES_MAX: usize = 32 << 20;

/// Why a job cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PreviewError {
    /// Nothing between `^XA` and `^XZ` prints.
    #[error("there is no label in it: a label stands between ^XA and ^XZ")]
    NoLabel,
    /// Fewer labels than the one asked for.
    #[error("it has {labels} labels: choose one of them")]
    NoSuchLabel {
        /// How many there are.
        labels: u32,
    },
    /// More than a label may hold.
    #[error("the label is too much to draw: more than {most} {what}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: u64,
    },
}

/// A shown label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The dots.
    pub picture: Picture,
    /// Labels in the job.
    pub labels: u32,
    /// Commands that the picture lacks, each once, in order: `^B4`.
    pub not_drawn: Vec<String>,
    /// What is drawn as it prints and was hardly meant so.
    pub warnings: Vec<Warning>,
}

/// What is drawn as it prints and was hardly meant so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// Dots beyond the size that `^PW` and `^LL` tell, or beyond any label.
    BeyondTheEdge,
    /// Letters in UTF-8 where `^CI` names another set, or none does.
    Utf8Mistaken,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Warning::BeyondTheEdge => "a part is beyond the edge of the label and is cut off: see ^PW, ^LL and ^FO",
            Warning::Utf8Mistaken => "text in UTF-8 is printed as other letters: the job lacks ^CI28",
        })
    }
}

/// Shows label number `label` (from 1) of a job for a printer of `dpi` dots per inch.
///
/// # Errors
/// [`PreviewError`].
pub fn preview(job: &[u8], dpi: u32, label: u32) -> Result<Preview, PreviewError> {
    let mut machine = machine::Machine::new(dpi.clamp(super::raster::DPI_MIN, super::raster::DPI_MAX), label);
    let mut lexer = lex::Lexer::new(job);
    while let Some(command) = lexer.next_command() {
        machine.take(&command)?;
    }
    machine.finish()
}
