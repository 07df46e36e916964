//! Paper as it comes out of the printer, and a reader that shares no code with the house: the label is drawn at the print
//! head's resolution and decoded again by `rxing`. Only what it reads is ever scanned back.

use crate::core::checklist::DocumentKind;
use crate::core::session::event::{PrintOutcome, PrintTrouble};
use crate::engine::input::PrintOrder;
use crate::labels::raster::{self, Picture};
use crate::labels::{pdf, sheet::Sheet};
use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use std::collections::HashSet;

/// Resolution of the print head, dots per inch.
const HEAD_DPI: u32 = 203;

/// A paper in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What the printer says of the job.
    pub outcome: PrintOutcome,
    /// The barcodes that were read from a label.
    pub codes: Vec<String>,
}

/// Prints: draws the pages and, from a label, reads the bars back.
#[must_use]
pub fn print(order: &PrintOrder) -> Paper {
    let failed = Paper { outcome: PrintOutcome::Failed(PrintTrouble::Interrupted), codes: Vec::new() };
    if order.job.document != DocumentKind::Label {
        return match pdf::render(&order.sheets) {
            Ok(_) => Paper { outcome: PrintOutcome::PaperMoved, codes: Vec::new() },
            Err(error) => {
                tracing::error!(error = %error, "a paper could not be rendered");
                failed
            }
        };
    }
    let pictures: Result<Vec<Picture>, _> = order.sheets.iter().map(draw).collect();
    match pictures {
        Ok(pictures) => Paper { outcome: PrintOutcome::PaperMoved, codes: pictures.iter().flat_map(read).collect() },
        Err(error) => {
            tracing::error!(error = %error, "a label could not be rendered");
            failed
        }
    }
}

fn draw(sheet: &Sheet) -> Result<Picture, crate::labels::LabelError> {
    raster::render(sheet, HEAD_DPI)
}

/// All Code 128 on a picture, as a scanner would send them.
fn read(picture: &Picture) -> Vec<String> {
    let mut hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some(HashSet::from([BarcodeFormat::CODE_128])),
        ..DecodeHints::default()
    };
    let grey = picture.grey().to_vec();
    let found = detect_multiple_in_luma_with_hints(grey, picture.width_px(), picture.height_px(), &mut hints);
    found.unwrap_or_default().iter().map(|result| result.getText().to_owned()).collect()
}
