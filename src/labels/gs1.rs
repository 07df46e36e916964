//! GS1 element strings for labels: what may stand in a code, FNC1, and the text under the bars.
//!
//! What an identifier allows is not known here: `core::gs1` reads every element and every code as a scanner would, by all rules,
//! and what it refuses is not printed. This file must never assign numbers: an SSCC comes in whole, with its check digit.

use super::code128::{Code128, Code128Error, Symbol};
use crate::core::gs1::{Gs1Error as RuleError, Reader, Rule, Rules, check_digit};
use thiserror::Error;

/// All rules but one: what an identifier needs beside it may stand in another code of the same label, as the SSCC of a pallet does.
const RULES: Rules = Rules { required_ais: false, ..Rules::OFFICIAL };
const GS: u8 = 29;

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
    /// No identifier, or a value that it does not allow.
    #[error("element ({ai}) is not valid")]
    Element {
        /// The identifier.
        ai: String,
        /// The rule that is broken; places count from the first digit of the identifier.
        #[source]
        rule: RuleError,
    },
    /// Elements that exclude each other, or one with two values.
    #[error("these elements cannot stand in one code")]
    Together(#[source] RuleError),
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
    /// An element string by the rules of its identifier.
    ///
    /// # Errors
    /// [`Gs1Error::Element`] when there is no such identifier, or it does not allow the value.
    pub fn new(ai: &str, value: &str) -> Result<Self, Gs1Error> {
        let data = [ai.as_bytes(), value.as_bytes()].concat();
        let wrong = |rule| Gs1Error::Element { ai: ai.to_owned(), rule };
        let mut reader = Reader::new(RULES);
        let message = reader.element_string(&data).map_err(wrong)?;
        if message.len() == 1 && message.value(ai) == Some(value) {
            Ok(Self { ai: ai.to_owned(), value: value.to_owned() })
        } else {
            // The digits were read, but as another identifier or as several elements.
            Err(wrong(RuleError { at: 0, len: ai.len(), ai: None, rule: Rule::UnknownAi }))
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
/// [`Gs1Error::TooLong`], or [`Gs1Error::Together`].
pub fn symbols(elements: &[ElementString]) -> Result<Vec<Symbol>, Gs1Error> {
    let characters: usize = elements.iter().map(|e| e.ai.len() + e.value.len()).sum();
    if characters > GS1_128_CHARACTERS_MAX {
        return Err(Gs1Error::TooLong { characters });
    }
    let symbol = |byte| if byte == GS { Symbol::Fnc1 } else { Symbol::Ascii(byte) };
    Ok(std::iter::once(Symbol::Fnc1).chain(message(elements)?.into_iter().map(symbol)).collect())
}

/// The GS1-128 of the elements.
///
/// # Errors
/// [`Gs1Error`] when there is too much to carry, or it cannot stand together.
pub fn gs1_128(elements: &[ElementString]) -> Result<Code128, Gs1Error> {
    Ok(Code128::from_symbols(&symbols(elements)?)?)
}

/// The element strings as one byte string for a two-dimensional GS1 code: FNC1 between is the byte 29 (GS).
///
/// # Errors
/// [`Gs1Error::Together`] when one excludes another.
pub fn message(elements: &[ElementString]) -> Result<Vec<u8>, Gs1Error> {
    let mut data = Vec::new();
    for e in elements {
        data.extend_from_slice(e.ai.as_bytes());
        data.extend_from_slice(e.value.as_bytes());
        // The reader takes a separator after every value, and writes those that are needed.
        data.push(GS);
    }
    let mut reader = Reader::new(RULES);
    let mut out = Vec::with_capacity(data.len());
    reader.element_string(&data).map_err(Gs1Error::Together)?.write_element_string(&mut out);
    Ok(out)
}

/// What people read under the bars: `(00) 350123450000047110`.
#[must_use]
pub fn human_readable(elements: &[ElementString]) -> String {
    let parts: Vec<String> = elements.iter().map(|e| format!("({}) {}", e.ai, e.value)).collect();
    parts.join(" ")
}
