//! Field data of `^BD` as a MaxiCode. It must never guess where an address ends: what could be read in two ways is not drawn.
//!
//! In modes 2 and 3 the data begins with the address: three digits of the class of service, three of the country, then the
//! postal code. It ends where the carrier's message `[)>` begins, or else after nine digits (mode 2) or six characters (mode 3).

use super::canvas::Bitmap;
use crate::labels::maxicode::{Carrier, MaxiCode, Mode, POSTAL_CHARS, POSTAL_DIGITS_MAX, Part, Postal};

/// What begins a message in the format of ISO/IEC 15434.
const MESSAGE_HEAD: &str = "[)>";

/// What `^BD` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub mode: i32,
    /// Which symbol of how many.
    pub number: i32,
    pub of: i32,
    /// Its size in dots depends on nothing else.
    pub dpi: u32,
}

/// The symbol; `None` for data that it cannot hold.
pub(super) fn symbol(data: &str, asked: Asked) -> Option<Bitmap> {
    let (mode, text) = match asked.mode {
        2 | 3 => {
            let (carrier, text) = addressed(data, asked.mode == 2)?;
            (Mode::Carrier(carrier), text)
        }
        4 => (Mode::Standard, data),
        5 => (Mode::FullCorrection, data),
        6 => (Mode::ReaderProgram, data),
        _ => return None,
    };
    let part = Part { number: u8::try_from(asked.number).ok()?, of: u8::try_from(asked.of).ok()? };
    let dots = MaxiCode::new(mode, text, part).ok()?.dots(asked.dpi);
    Some(Bitmap { w: i32::try_from(dots.width).ok()?, h: i32::try_from(dots.height).ok()?, dots: dots.black })
}

/// The address at the beginning of the data, and what follows it.
fn addressed(data: &str, digits: bool) -> Option<(Carrier<'_>, &str)> {
    let three = |from: usize| {
        let digits = data.get(from..from + 3).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        digits?.parse::<u16>().ok()
    };
    let (service, country, rest) = (three(0)?, three(3)?, data.get(6..)?);
    let usual = if digits { POSTAL_DIGITS_MAX } else { POSTAL_CHARS };
    let (postal, text) = rest.split_at_checked(rest.find(MESSAGE_HEAD).unwrap_or(usual))?;
    let postal = if digits { Postal::Digits(postal) } else { Postal::Letters(postal) };
    Some((Carrier { postal, country, service }, text))
}
