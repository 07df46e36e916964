//! GS1: numbers, element strings, bracketed text and Digital Links, read and written by the rules of the GS1 General
//! Specifications, the GS1 Barcode Syntax Dictionary and the GS1 Digital Link standard.
//!
//! [`Reader`] holds to every rule and says which one is broken and where; it agrees with the official GS1 Barcode Syntax
//! Engine. [`parse`] is what a packing station asks of a scan: it forgives what does not keep a packer from the goods.
//! Nothing here ever looks anything up or asks what day it is. `docs/gs1.md` tells it for people.

mod associations;
mod bracketed;
mod dates;
mod dictionary;
mod error;
mod facts;
mod link;
mod lint;
mod message;
mod numbers;
mod reader;
pub mod restricted;
mod separators;
mod symbol;
pub mod table;
mod text;

pub use dates::{YEAR_BASE, day};
pub use error::{Gs1Error, Rule};
pub use facts::{Gs1, parse};
pub use link::{CANONICAL_STEM, is_link};
pub use message::Message;
pub use numbers::{canonical_gtin, check_digit, has_check_digit, is_sscc, sscc, upc_e};
pub use reader::{DATA_MAX, ELEMENTS_MAX, Reader, Rules};
pub use separators::SUBSTITUTES;
pub use symbol::Scanned;
pub use text::{Said, TextReader};

/// The separator between element strings: FNC1 as scanners send it, ASCII 29.
pub const GS: char = '\u{1d}';
