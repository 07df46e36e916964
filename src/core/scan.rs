//! A scan before and after the house knows what it means. The bytes are bounded and cleaned here;
//! what they stand for is looked up by the engine, which alone knows the tables, and comes back as
//! a [`Meaning`].

use super::aim::{self, AimId};
use super::command_code::CommandCode;
use super::gs1::{self, Gs1};
use super::ids::{FulfillmentId, GestureId, PackagingId, ParcelRef, ProductId, UserId};
use super::message::Message;
use super::time::UtcMs;

pub use super::trace::{NetWeight, Trace};

/// Longest scan the house accepts, in bytes. GS1 DataMatrix holds at most 2,335 characters, but no
/// parcel or product label in use comes near 512; a longer gesture is noise or an attack.
pub const SCAN_BYTES_MAX: usize = 512;

/// One gesture of a scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Identity of the gesture; an echo carries the same.
    pub gesture: GestureId,
    /// Which device.
    pub device: String,
    /// What it sent, without terminator. A scanner that types sends its AIM identifier among it.
    pub bytes: Vec<u8>,
    /// Kind of barcode, if the device says so.
    pub symbology: Option<AimId>,
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
    /// A valid GTIN-8, -12, -13 or -14, or a UPC-E as it is printed, as 14 digits.
    Gtin(String),
    /// Eight digits that are a GTIN-8 as well as a UPC-E, where nobody says which: both as 14 digits, the GTIN-8 first.
    TwoGtins(String, String),
    /// Any other text.
    Text(String),
    /// Bytes that are no text at all, or nothing.
    Unreadable,
    /// Longer than [`SCAN_BYTES_MAX`].
    TooLong,
}

/// A scan's text without surrounding blanks and without an AIM identifier before it, and what kind of barcode it was,
/// as far as device or identifier say. `None` if it is no text.
#[must_use]
pub fn bare(bytes: &[u8], symbology: Option<AimId>) -> Option<(Option<AimId>, &str)> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\t', '\r', '\n', '\0']);
    if symbology.is_some() {
        return Some((symbology, text));
    }
    let (id, rest) = aim::split(text.as_bytes());
    Some((id, &text[text.len() - rest.len()..]))
}

/// Sorts a scan's bytes by their look. Surrounding blanks are dropped; control characters other
/// than GS (29) make it unreadable.
#[must_use]
pub fn form(bytes: &[u8], symbology: Option<AimId>) -> Form {
    if bytes.len() > SCAN_BYTES_MAX {
        return Form::TooLong;
    }
    let Some((symbology, text)) = bare(bytes, symbology) else {
        return Form::Unreadable;
    };
    if text.is_empty() || text.chars().any(|c| c.is_control() && c != gs1::GS) {
        return Form::Unreadable;
    }
    match CommandCode::parse(text) {
        Some(Ok(c)) => return Form::Command(c),
        Some(Err(_)) => return Form::BadCommand,
        None => {}
    }
    if let Some(g) = gs1::parse(text, symbology.is_some_and(AimId::is_gs1)) {
        return Form::Gs1(g);
    }
    match (gs1::canonical_gtin(text), upc_e(text, symbology)) {
        (Some(gtin), None) => Form::Gtin(gtin),
        (None, Some(gtin)) => Form::Gtin(gtin),
        (Some(_), Some(gtin)) if symbology == Some(AimId::EAN_13) => Form::Gtin(gtin),
        (Some(gtin_8), Some(upc_e)) => Form::TwoGtins(gtin_8, upc_e),
        (None, None) => Form::Text(text.replace(gs1::GS, "")),
    }
}

/// A zero-suppressed UPC-E that a scanner sends as it is printed. Where nobody says that it is one, only its whole eight
/// digits, check digit included, are taken for one: fewer could be anything.
fn upc_e(text: &str, symbology: Option<AimId>) -> Option<String> {
    let may = match symbology {
        Some(AimId::EAN_13) => true,
        None => text.len() == 8,
        Some(_) => false,
    };
    gs1::upc_e(text).filter(|_| may)
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
    /// What traces a unit, on a GS1 code that does not say of which goods: the second label of a carton, say.
    Traced {
        /// Lot, serial, expiry.
        trace: Trace,
        /// The whole code, to be shown.
        text: String,
    },
    /// Nothing that is known here; the text is kept, since a serial number may be asked for.
    Unknown(String),
    /// The number of an item that is not known here: never a serial number, never a lot.
    UnknownItem(String),
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
