//! What a scanner sends with a symbology identifier before it (ISO/IEC 15424): `]C1…`, `]d2…`, `]E0…` and so on.

use super::error::{Gs1Error, Rule};
use super::link;
use super::message::Message;
use super::numbers::has_check_digit;
use super::reader::Reader;

/// What the second part of a composite symbol begins with where the first one is an EAN or UPC.
pub(super) const COMPOSITE: &str = "|]e0";
/// Bytes of a symbology identifier.
const ID_LEN: usize = 3;

/// What a symbol says.
#[derive(Clone, Copy)]
pub enum Scanned<'a> {
    /// GS1 elements, or a Digital Link.
    Message(Message<'a>),
    /// The digits of an EAN or UPC with their check digit, and what a second part of the symbol says.
    Digits(&'a [u8], Option<Message<'a>>),
    /// Anything else.
    Plain(&'a [u8]),
}

/// What a symbology carries.
enum Carries {
    Elements,
    Digits(usize),
    /// Free text, which may be a Digital Link.
    Text,
}

fn carries(id: &[u8]) -> Option<Carries> {
    match id {
        // GS1-128; GS1 DataBar and composites; GS1 DataMatrix; GS1 QR Code; GS1 DotCode.
        b"]C1" | b"]e0" | b"]d2" | b"]Q3" | b"]J1" => Some(Carries::Elements),
        b"]E0" => Some(Carries::Digits(13)),
        b"]E4" => Some(Carries::Digits(8)),
        b"]d1" | b"]Q1" | b"]J0" => Some(Carries::Text),
        _ => None,
    }
}

impl Reader {
    /// Reads what a scanner sent, its symbology identifier before it.
    ///
    /// # Errors
    /// The first rule that is broken, with its place.
    pub fn scanned<'a>(&'a mut self, data: &'a [u8]) -> Result<Scanned<'a>, Gs1Error> {
        let wrong = |at: usize, len: usize, rule: Rule| Err(Gs1Error { at, len, ai: None, rule });
        self.begin(data)?;
        let Some(id) = data.get(..ID_LEN).filter(|id| id[0] == b']') else { return wrong(0, 0, Rule::NoSymbology) };
        match carries(id) {
            None => wrong(0, ID_LEN, Rule::Symbology),
            Some(Carries::Elements) => {
                self.plain(data, ID_LEN)?;
                self.message(data).map(Scanned::Message)
            }
            Some(Carries::Digits(digits)) => self.primary(data, digits),
            Some(Carries::Text) if link::is_link(&data[ID_LEN..]) => {
                let moved = |e: Gs1Error| Gs1Error { at: e.at + ID_LEN, ..e };
                self.digital_link(&data[ID_LEN..]).map(Scanned::Message).map_err(moved)
            }
            Some(Carries::Text) => Ok(Scanned::Plain(&data[ID_LEN..])),
        }
    }

    /// Reads the digits of an EAN or UPC and the second part, if there is one.
    fn primary<'a>(&'a mut self, data: &'a [u8], digits: usize) -> Result<Scanned<'a>, Gs1Error> {
        let wrong = |at: usize, len: usize, rule: Rule| Err(Gs1Error { at, len, ai: None, rule });
        let body = &data[ID_LEN..];
        let Some((number, rest)) = body.split_at_checked(digits) else {
            return wrong(ID_LEN, body.len(), Rule::PrimaryDigits { digits });
        };
        if !rest.is_empty() && !rest.starts_with(COMPOSITE.as_bytes()) {
            return wrong(ID_LEN + digits, rest.len(), Rule::PrimaryDigits { digits });
        }
        if let Some(at) = number.iter().position(|b| !b.is_ascii_digit()) {
            return wrong(ID_LEN + at, 1, Rule::Character(super::table::Charset::Digits));
        }
        if !has_check_digit(number) {
            return wrong(ID_LEN + digits - 1, 1, Rule::CheckDigit);
        }
        if rest.is_empty() {
            return Ok(Scanned::Digits(number, None));
        }
        self.plain(data, ID_LEN + digits + COMPOSITE.len())?;
        self.message(data).map(|second| Scanned::Digits(number, Some(second)))
    }
}
