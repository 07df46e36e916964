//! A scan before and after the house knows what it means. The bytes are bounded and cleaned here;
//! what they stand for is looked up by the engine, which alone knows the tables, and comes back as
//! a [`Meaning`].

use super::command_code::CommandCode;
use super::gs1::{self, Gs1};
use super::ids::{FulfillmentId, GestureId, PackagingId, ParcelRef, ProductId, UserId};
use super::message::Message;
use super::time::UtcMs;

pub use super::trace::{NetWeight, Trace};

/// Longest scan the house accepts, in bytes. GS1 DataMatrix holds at most 2,335 characters, but no
/// parcel or product label in use comes near 512; a longer gesture is noise or an attack.
pub const SCAN_BYTES_MAX: usize = 512;

/// What kind of barcode it was, if the scanner says so (AIM identifier, ISO/IEC 15424).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Symbology {
    /// Plain Code 128.
    Code128,
    /// Code 128 carrying GS1 element strings.
    Gs1_128,
    /// EAN-13, EAN-8, UPC.
    Ean,
    /// GS1 DataMatrix.
    Gs1DataMatrix,
    /// Plain DataMatrix.
    DataMatrix,
    /// QR code, also with GS1 content.
    Qr,
    /// ITF-14 and other interleaved codes.
    Itf,
    /// Anything else.
    Other,
}

/// One gesture of a scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Identity of the gesture; an echo carries the same.
    pub gesture: GestureId,
    /// Which device.
    pub device: String,
    /// What it sent, without terminator.
    pub bytes: Vec<u8>,
    /// Kind of barcode, if known.
    pub symbology: Option<Symbology>,
    /// When.
    pub at: UtcMs,
}

/// What the text of a scan looks like, before any table is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// One of the house's command barcodes.
    Command(CommandCode),
    /// A command barcode whose check character is wrong: a torn or misread sheet.
    BadCommand,
    /// A GS1 element string, bracketed text or Digital Link.
    Gs1(Gs1),
    /// A valid GTIN-8, -12, -13 or -14, as 14 digits.
    Gtin(String),
    /// Any other text.
    Text(String),
    /// Bytes that are no text at all, or nothing.
    Unreadable,
    /// Longer than [`SCAN_BYTES_MAX`].
    TooLong,
}

/// Sorts a scan's bytes by their look. Surrounding blanks are dropped; control characters other
/// than GS (29) make it unreadable.
#[must_use]
pub fn form(bytes: &[u8], symbology: Option<Symbology>) -> Form {
    if bytes.len() > SCAN_BYTES_MAX {
        return Form::TooLong;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Form::Unreadable;
    };
    let text = text.trim_matches([' ', '\t', '\r', '\n', '\0']);
    if text.is_empty() || text.chars().any(|c| c.is_control() && c != gs1::GS) {
        return Form::Unreadable;
    }
    match CommandCode::parse(text) {
        Some(Ok(c)) => return Form::Command(c),
        Some(Err(_)) => return Form::BadCommand,
        None => {}
    }
    let says_gs1 = matches!(symbology, Some(Symbology::Gs1_128 | Symbology::Gs1DataMatrix));
    if let Some(g) = gs1::parse(text, says_gs1) {
        return Form::Gs1(g);
    }
    // Some scanners send a zero-suppressed UPC-E as it is printed; its digits alone could be anything.
    let upc_e = || gs1::upc_e(text).filter(|_| symbology == Some(Symbology::Ean));
    match gs1::canonical_gtin(text).or_else(upc_e) {
        Some(g) => Form::Gtin(g),
        None => Form::Text(text.replace(gs1::GS, "")),
    }
}

/// What a scan stands for, once the tables were asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A command.
    Command(CommandCode),
    /// Somebody's badge.
    Badge(UserId),
    /// A shelf or slot.
    Location(String),
    /// A tote, and the work that waits in it.
    Tote(String, Vec<FulfillmentId>),
    /// An order's number, and its work.
    Order(String, Vec<FulfillmentId>),
    /// A product.
    Product {
        /// Which.
        product: ProductId,
        /// Base units behind this barcode.
        units: u32,
        /// What else the barcode said.
        trace: Trace,
    },
    /// A parcel's label.
    ParcelLabel {
        /// The serial shipping container code, 18 digits.
        sscc: String,
        /// Whose it is, if known here, with the order's number.
        parcel: Option<(ParcelRef, String)>,
    },
    /// A kind of box.
    Packaging(PackagingId),
    /// Nothing that is known here; the text is kept, since a serial number may be asked for.
    Unknown(String),
    /// Several things have this code; nothing is guessed.
    Ambiguous(String),
    /// A command sheet's barcode that was misread.
    BadCommand,
    /// Not text.
    Unreadable,
    /// Too long to be a barcode of ours.
    TooLong,
}

/// A scan and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedScan {
    /// Identity of the gesture.
    pub gesture: GestureId,
    /// What it stands for.
    pub meaning: Meaning,
    /// Where a serial number in it was used before, if it was: shown in the refusal.
    pub serial_used: Option<Message>,
}
