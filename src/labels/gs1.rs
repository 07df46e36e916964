//! GS1 element strings for labels: application identifiers, check digits, FNC1 and the text under the bars.
//!
//! Formats: GS1 General Specifications §3.2 (identifiers), §5.4 (GS1-128), §7.8 (FNC1), §7.9 (check digit).
//! This file must never assign numbers: an SSCC comes in whole, with its check digit, and is only verified.

use super::code128::{Code128, Code128Error, Symbol};
use crate::core::gs1::check_digit;
use thiserror::Error;

/// Most characters in one GS1-128, identifiers included and FNC1 not counted (GS1 General Specifications §5.4.1).
pub const GS1_128_CHARACTERS_MAX: usize = 48;

/// Why element strings cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Gs1Error {
    /// An SSCC that is not 18 digits.
    #[error("an SSCC has 18 digits, this has {digits} characters: check the number range")]
    SsccLength {
        /// Characters given.
        digits: usize,
    },
    /// The last digit does not fit the others.
    #[error("SSCC check digit is {given}, computed {expected}: the number was mistyped or not granted")]
    CheckDigit {
        /// Digit found.
        given: u8,
        /// Digit that belongs there.
        expected: u8,
    },
    /// An identifier that is not 2 to 4 digits, or a value its identifier does not allow.
    #[error("element ({ai}) is not valid: identifier 2 to 4 digits, value 1 to 90 printable characters of its length")]
    Element {
        /// The identifier.
        ai: String,
    },
    /// More than [`GS1_128_CHARACTERS_MAX`] characters.
    #[error("a GS1-128 carries {GS1_128_CHARACTERS_MAX} characters, this needs {characters}: use two codes")]
    TooLong {
        /// Characters needed.
        characters: usize,
    },
    /// The bars cannot be made.
    #[error("GS1-128 cannot be encoded")]
    Code128(#[from] Code128Error),
}

/// One element string: an application identifier and its value, both as plain characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementString {
    ai: String,
    value: String,
}

impl ElementString {
    /// An element string, its shape checked.
    ///
    /// # Errors
    /// [`Gs1Error::Element`] when the identifier or the value cannot be valid.
    pub fn new(ai: &str, value: &str) -> Result<Self, Gs1Error> {
        let ai_fits = (2..=4).contains(&ai.len()) && ai.bytes().all(|b| b.is_ascii_digit());
        let value_fits = (1..=90).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic());
        let length_fits = fixed_length(ai).is_none_or(|n| n == ai.len() + value.len());
        if ai_fits && value_fits && length_fits {
            Ok(Self { ai: ai.to_owned(), value: value.to_owned() })
        } else {
            Err(Gs1Error::Element { ai: ai.to_owned() })
        }
    }

    /// `(00)` with a verified SSCC of 18 digits.
    ///
    /// # Errors
    /// [`Gs1Error::SsccLength`] or [`Gs1Error::CheckDigit`].
    pub fn sscc(digits: &str) -> Result<Self, Gs1Error> {
        verify_sscc(digits)?;
        Self::new("00", digits)
    }
}

/// Total length (identifier and value) of identifiers whose length is predefined by their first two digits
/// (GS1 General Specifications figure 7.8.5-2); all others end with FNC1 unless they are last.
fn fixed_length(ai: &str) -> Option<usize> {
    match ai.get(..2)? {
        "00" => Some(20),
        "01" | "02" | "03" | "41" => Some(16),
        "04" => Some(18),
        "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" => Some(8),
        "20" => Some(4),
        "31" | "32" | "33" | "34" | "35" | "36" => Some(10),
        _ => None,
    }
}

/// Checks an SSCC of 18 digits.
///
/// # Errors
/// [`Gs1Error::SsccLength`] or [`Gs1Error::CheckDigit`].
pub fn verify_sscc(digits: &str) -> Result<(), Gs1Error> {
    let wrong_length = Gs1Error::SsccLength { digits: digits.chars().count() };
    if digits.len() != 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong_length);
    }
    let (before, last) = digits.split_at(17);
    let expected = check_digit(before).ok_or(wrong_length)?;
    let given = last.bytes().next().map_or(10, |b| b - b'0');
    if given == expected { Ok(()) } else { Err(Gs1Error::CheckDigit { given, expected }) }
}

/// The symbols of a GS1-128: FNC1, then each element, FNC1 after a variable one that is not last.
///
/// # Errors
/// [`Gs1Error::TooLong`].
pub fn symbols(elements: &[ElementString]) -> Result<Vec<Symbol>, Gs1Error> {
    let characters: usize = elements.iter().map(|e| e.ai.len() + e.value.len()).sum();
    if characters > GS1_128_CHARACTERS_MAX {
        return Err(Gs1Error::TooLong { characters });
    }
    let mut out = vec![Symbol::Fnc1];
    for (i, e) in elements.iter().enumerate() {
        out.extend(e.ai.bytes().chain(e.value.bytes()).map(Symbol::Ascii));
        if fixed_length(&e.ai).is_none() && i + 1 < elements.len() {
            out.push(Symbol::Fnc1);
        }
    }
    Ok(out)
}

/// The GS1-128 of the elements.
///
/// # Errors
/// [`Gs1Error`] when there is too much to carry.
pub fn gs1_128(elements: &[ElementString]) -> Result<Code128, Gs1Error> {
    Ok(Code128::from_symbols(&symbols(elements)?)?)
}

/// The element strings as one byte string for a two-dimensional GS1 code: FNC1 between is the byte 29 (GS).
#[must_use]
pub fn message(elements: &[ElementString]) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, e) in elements.iter().enumerate() {
        out.extend(e.ai.bytes().chain(e.value.bytes()));
        if fixed_length(&e.ai).is_none() && i + 1 < elements.len() {
            out.push(29);
        }
    }
    out
}

/// What people read under the bars: `(00) 350123450000047110`.
#[must_use]
pub fn human_readable(elements: &[ElementString]) -> String {
    let parts: Vec<String> = elements.iter().map(|e| format!("({}) {}", e.ai, e.value)).collect();
    parts.join(" ")
}
