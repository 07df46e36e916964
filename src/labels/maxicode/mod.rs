//! MaxiCode (ISO/IEC 16023): what a carrier's belt reads. Text in, 33 rows of hexagons around a bull's-eye out.
//!
//! [`sets`] writes text in the fewest codewords of the five code sets, [`correction`] adds the Reed-Solomon codewords,
//! [`grid`] knows where each bit stands, [`drawn`] makes dots of it. The facts (code sets, fields of the carrier's message,
//! places of the modules, measures) are those of ISO/IEC 16023, checked against the public decoders of rxing and zxing-cpp, which
//! the tests read every symbol with. This room must never draw a symbol that a reader would return differently, and never
//! cut a text that is too long.

mod correction;
mod drawn;
mod grid;
mod sets;

pub use drawn::Dots;
use thiserror::Error;

/// Codewords of a symbol, each of six bits.
const CODEWORDS: usize = 144;
/// Data codewords of the primary message, and as many for its correction.
const PRIMARY: usize = 10;
/// Codewords of the secondary message together with its correction.
const SECONDARY: usize = CODEWORDS - 2 * PRIMARY;
/// Digits of the longest numeric postal code.
pub const POSTAL_DIGITS_MAX: usize = 9;
/// Characters of a postal code with letters.
pub const POSTAL_CHARS: usize = 6;
/// Most symbols that carry one message together.
pub const PARTS_MAX: u8 = 8;

/// Where a carrier sends the parcel; its belt reads this even from a symbol whose rest is spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carrier<'a> {
    /// Digits alone are mode 2.
    pub postal: Postal<'a>,
    /// ISO 3166 number of the country, 0 to 999.
    pub country: u16,
    /// The carrier's number of the service, 0 to 999.
    pub service: u16,
}

/// A postal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Postal<'a> {
    /// Mode 2: up to nine digits.
    Digits(&'a str),
    /// Mode 3: up to six capital letters, digits, spaces and signs of code set A; shorter ones are filled with spaces.
    Letters(&'a str),
}

/// What the ten codewords around the bull's-eye hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode<'a> {
    /// Modes 2 and 3: the address, and the text after it.
    Carrier(Carrier<'a>),
    /// Mode 4: text alone.
    Standard,
    /// Mode 5: text with more correction.
    FullCorrection,
    /// Mode 6: a command to the reader.
    ReaderProgram,
}

/// Which of several symbols of one message this is; the first of one where there is but one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From 1.
    pub number: u8,
    /// Up to [`PARTS_MAX`].
    pub of: u8,
}

impl Part {
    /// The only symbol of its message.
    pub const WHOLE: Self = Self { number: 1, of: 1 };
}

/// Why a text cannot become a MaxiCode. None of the messages repeats the text, so they may go to a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MaxiCodeError {
    /// Nothing to say.
    #[error("a MaxiCode without an address needs a text: give one")]
    Empty,
    /// More than one symbol holds.
    #[error("the text needs {needed} codewords of a MaxiCode that has {most}: shorten it or share it among several")]
    TooLong {
        /// Codewords the text takes at least.
        needed: usize,
        /// Codewords there are.
        most: usize,
    },
    /// A character outside Latin-1.
    #[error("character {at} is not of Latin-1 (ISO 8859-1), which a MaxiCode holds: leave it out")]
    Character {
        /// Its place, from 1.
        at: usize,
    },
    /// A postal code of mode 2.
    #[error("the postal code of a MaxiCode of mode 2 is 1 to 9 digits: correct it, or use mode 3")]
    PostalDigits,
    /// A postal code of mode 3.
    #[error("the postal code of a MaxiCode of mode 3 is 1 to 6 capital letters, digits and spaces: correct it")]
    PostalLetters,
    /// A country or service of more than three digits.
    #[error("country and class of service of a MaxiCode are numbers of three digits, not {number}: correct it")]
    Number {
        /// The number given.
        number: u16,
    },
    /// A part that is none.
    #[error("part {number} of {of} is no part of a message: a MaxiCode is one of at most 8")]
    Part {
        /// The part given.
        number: u8,
        /// Of how many.
        of: u8,
    },
}

/// A symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaxiCode {
    codewords: [u8; CODEWORDS],
}

impl MaxiCode {
    /// Makes a symbol of a text of Latin-1.
    ///
    /// # Errors
    /// [`MaxiCodeError`].
    pub fn new(mode: Mode<'_>, text: &str, part: Part) -> Result<Self, MaxiCodeError> {
        let appended = appended(part)?;
        let text = sets::latin1(text)?;
        let (number, correction) = match mode {
            Mode::Carrier(Carrier { postal: Postal::Digits(_), .. }) => (2, correction::STANDARD),
            Mode::Carrier(Carrier { postal: Postal::Letters(_), .. }) => (3, correction::STANDARD),
            Mode::Standard => (4, correction::STANDARD),
            Mode::FullCorrection => (5, correction::FULL),
            Mode::ReaderProgram => (6, correction::STANDARD),
        };
        let room = SECONDARY - 2 * correction;
        let (primary, secondary) = match mode {
            Mode::Carrier(carrier) => (address(carrier, number)?, sets::written(&text, appended, room)?),
            Mode::Standard | Mode::FullCorrection | Mode::ReaderProgram if text.is_empty() => {
                return Err(MaxiCodeError::Empty);
            }
            Mode::Standard | Mode::FullCorrection | Mode::ReaderProgram => {
                let mut primary = [number; PRIMARY];
                let mut written = sets::written(&text, appended, PRIMARY - 1 + room)?;
                let rest = written.split_off(PRIMARY - 1);
                primary.iter_mut().skip(1).zip(written).for_each(|(place, codeword)| *place = codeword);
                (primary, rest)
            }
        };
        Ok(Self { codewords: correction::corrected(primary, &secondary, correction) })
    }

    /// The symbol as a printer of `dpi` dots per inch draws it, without quiet zone: 26.4 x 25.4 mm whatever it holds.
    #[must_use]
    pub fn dots(&self, dpi: u32) -> Dots {
        drawn::dots(&self.codewords, dpi)
    }
}

/// The two codewords that begin a part of a message; none for a whole one.
fn appended(part: Part) -> Result<Option<[u8; 2]>, MaxiCodeError> {
    let Part { number, of } = part;
    if !(1..=PARTS_MAX).contains(&of) || !(1..=of).contains(&number) {
        return Err(MaxiCodeError::Part { number, of });
    }
    Ok((of > 1).then_some([sets::PAD, (number - 1) << 3 | (of - 1)]))
}

/// The primary message of modes 2 and 3: a number of sixty bits, whose six lowest are the first codeword. From the lowest: the
/// mode in 4 bits, the postal code in 30 and its count of digits in 6 (or six characters of 6), country and service in 10 each.
fn address(carrier: Carrier<'_>, mode: u8) -> Result<[u8; PRIMARY], MaxiCodeError> {
    let three = |number: u16| if number > 999 { Err(MaxiCodeError::Number { number }) } else { Ok(u64::from(number)) };
    let (country, service) = (three(carrier.country)?, three(carrier.service)?);
    let postal = match carrier.postal {
        Postal::Digits(digits) => {
            let fits = (1..=POSTAL_DIGITS_MAX).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            let value = if fits { digits.parse::<u64>().ok() } else { None };
            (digits.len() as u64) << 30 | value.ok_or(MaxiCodeError::PostalDigits)?
        }
        Postal::Letters(letters) => {
            if !(1..=POSTAL_CHARS).contains(&letters.len()) {
                return Err(MaxiCodeError::PostalLetters);
            }
            let filled = letters.bytes().chain(std::iter::repeat(b' ')).take(POSTAL_CHARS);
            let values = filled.map(|b| sets::printable_of_a(b).ok_or(MaxiCodeError::PostalLetters));
            values.into_iter().try_fold(0, |sum, value| Ok(sum << 6 | u64::from(value?)))?
        }
    };
    let whole = u64::from(mode) | postal << 4 | country << 40 | service << 50;
    Ok(std::array::from_fn(|i| (whole >> (6 * i) & 0x3F) as u8))
}
