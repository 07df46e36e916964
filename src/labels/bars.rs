//! Bars other than Code 128: EAN-13, EAN-8 and UPC-A (ISO/IEC 15420), Interleaved 2 of 5 and ITF-14 (ISO/IEC 16390), Code 39
//! (ISO/IEC 16388). Text in, widths of bars and spaces out.
//!
//! A retail number comes with its check digit, which is then verified, or without, and then it is computed. This file must
//! never draw, and never accept a number that a scanner would return differently.

use crate::core::gs1::check_digit;
use thiserror::Error;

/// Most digits of an Interleaved 2 of 5.
pub const ITF_DIGITS_MAX: usize = 60;
/// Most characters of a Code 39.
pub const CODE39_CHARS_MAX: usize = 50;
/// A wide bar of Interleaved 2 of 5 and Code 39, in modules: the widest ratio the standards allow reads best.
pub const WIDE_MODULES: u8 = 3;

/// Widths of a digit's space, bar, space, bar in the left half of EAN (number set A).
const EAN_DIGITS: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];
/// Which of the six left digits of an EAN-13 come from number set B: it tells the first digit.
const EAN_PARITY: [[bool; 6]; 10] = {
    const A: bool = false;
    const B: bool = true;
    [
        [A, A, A, A, A, A],
        [A, A, B, A, B, B],
        [A, A, B, B, A, B],
        [A, A, B, B, B, A],
        [A, B, A, A, B, B],
        [A, B, B, A, A, B],
        [A, B, B, B, A, A],
        [A, B, A, B, A, B],
        [A, B, A, B, B, A],
        [A, B, B, A, B, A],
    ]
};
/// Which two of a digit's five elements are wide, Interleaved 2 of 5.
const ITF_WIDE: [[usize; 2]; 10] = [[2, 3], [0, 4], [1, 4], [0, 1], [2, 4], [0, 2], [1, 2], [3, 4], [0, 3], [1, 3]];
/// Characters of Code 39; the last is the start and stop character.
const CODE39_CHARS: &[u8; 44] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*";
/// Nine bits for the nine elements of each character, 1 is wide, the first bar the highest bit.
const CODE39_WIDE: [u16; 44] = [
    0x034, 0x121, 0x061, 0x160, 0x031, 0x130, 0x070, 0x025, 0x124, 0x064, 0x109, 0x049, 0x148, 0x019, 0x118, 0x058,
    0x00D, 0x10C, 0x04C, 0x01C, 0x103, 0x043, 0x142, 0x013, 0x112, 0x052, 0x007, 0x106, 0x046, 0x016, 0x181, 0x0C1,
    0x1C0, 0x091, 0x190, 0x0D0, 0x085, 0x184, 0x0C4, 0x0A8, 0x0A2, 0x08A, 0x02A, 0x094,
];

/// Why a number cannot become bars.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BarsError {
    /// Something other than digits, or another count of them.
    #[error("{kind} takes {expected}: correct the number")]
    Digits {
        /// Which code.
        kind: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// The check digit does not fit the others.
    #[error("the check digit of this {kind} is {given}, computed {expected}: the number was mistyped")]
    CheckDigit {
        /// Which code.
        kind: &'static str,
        /// Digit found.
        given: char,
        /// Digit that belongs there.
        expected: char,
    },
    /// A character Code 39 has not.
    #[error("character {at} is none of Code 39's (digits, capital letters, space, - . $ / + %): use Code 128")]
    Code39 {
        /// Counted from 1.
        at: usize,
    },
}

/// Which code the bars are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BarsKind {
    /// EAN-13.
    Ean13,
    /// EAN-8.
    Ean8,
    /// UPC-A.
    UpcA,
    /// Interleaved 2 of 5 with an even number of digits.
    Itf,
    /// ITF-14: Interleaved 2 of 5 with a GTIN-14 and bearer bars above and below.
    Itf14,
    /// Code 39.
    Code39,
}

impl BarsKind {
    /// Modules of white on either side (the larger of the two sides that the standard asks for).
    #[must_use]
    pub const fn quiet_modules(self) -> u32 {
        match self {
            BarsKind::Ean13 => 11,
            BarsKind::Ean8 => 7,
            BarsKind::UpcA => 9,
            BarsKind::Itf | BarsKind::Itf14 | BarsKind::Code39 => 10,
        }
    }

    /// Thickness of the bearer bars in modules; 0 where there are none (GS1 General Specifications §5.3.2.4: at least twice the
    /// narrow bar on printed labels).
    #[must_use]
    pub const fn bearer_modules(self) -> u32 {
        match self {
            BarsKind::Itf14 => 3,
            BarsKind::Ean13 | BarsKind::Ean8 | BarsKind::UpcA | BarsKind::Itf | BarsKind::Code39 => 0,
        }
    }
}

/// An encoded number: its digits as a scanner returns them, and its bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    kind: BarsKind,
    text: String,
    widths: Vec<u8>,
}

impl Bars {
    /// Encodes a number or, for Code 39, a text.
    ///
    /// # Errors
    /// [`BarsError`].
    pub fn new(kind: BarsKind, text: &str) -> Result<Self, BarsError> {
        let (text, widths) = match kind {
            BarsKind::Ean13 => with_check(text, 13, "EAN-13", "12 digits, or 13 with the check digit").map(ean13)?,
            BarsKind::UpcA => {
                let digits = with_check(text, 12, "UPC-A", "11 digits, or 12 with the check digit")?;
                let (_, widths) = ean13(format!("0{digits}"));
                (digits, widths)
            }
            BarsKind::Ean8 => with_check(text, 8, "EAN-8", "7 digits, or 8 with the check digit").map(ean8)?,
            BarsKind::Itf14 => with_check(text, 14, "ITF-14", "13 digits, or 14 with the check digit").map(itf)?,
            BarsKind::Itf => {
                let even = text.len().is_multiple_of(2) && (2..=ITF_DIGITS_MAX).contains(&text.len());
                if !even || !text.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(BarsError::Digits { kind: "ITF", expected: "an even number of digits, 2 to 60" });
                }
                itf(text.to_owned())
            }
            BarsKind::Code39 => code39(text)?,
        };
        Ok(Self { kind, text, widths })
    }

    /// Which code it is.
    #[must_use]
    pub fn kind(&self) -> BarsKind {
        self.kind
    }

    /// What a scanner returns, check digit included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Widths in modules, bar first, then space, in turn.
    #[must_use]
    pub fn widths(&self) -> &[u8] {
        &self.widths
    }

    /// Width in modules, quiet zones not included.
    #[must_use]
    pub fn modules(&self) -> u32 {
        self.widths.iter().map(|w| u32::from(*w)).sum()
    }
}

/// The number with its check digit: verified where it is there, computed where it is not.
fn with_check(text: &str, length: usize, kind: &'static str, expected: &'static str) -> Result<String, BarsError> {
    let wrong = BarsError::Digits { kind, expected };
    if !text.bytes().all(|b| b.is_ascii_digit()) || !(length - 1..=length).contains(&text.len()) {
        return Err(wrong);
    }
    let (body, given) = text.split_at(length - 1);
    let expected = char::from(b'0' + check_digit(body).ok_or(wrong)?);
    match given.chars().next() {
        Some(given) if given != expected => Err(BarsError::CheckDigit { kind, given, expected }),
        Some(_) | None => Ok(format!("{body}{expected}")),
    }
}

fn values(digits: &str) -> impl Iterator<Item = usize> {
    digits.bytes().map(|b| usize::from(b.wrapping_sub(b'0') % 10))
}

/// Guard, six digits of which some are mirrored, middle guard, six digits, guard.
fn ean13(digits: String) -> (String, Vec<u8>) {
    let all: Vec<usize> = values(&digits).collect();
    let (first, rest) = all.split_first().map_or((0, &[][..]), |(f, r)| (*f, r));
    let (left, right) = rest.split_at(rest.len().min(6));
    let mut widths = vec![1, 1, 1];
    for (digit, mirrored) in left.iter().zip(EAN_PARITY[first]) {
        push_ean(&mut widths, *digit, mirrored);
    }
    widths.extend([1; 5]);
    right.iter().for_each(|digit| push_ean(&mut widths, *digit, false));
    widths.extend([1; 3]);
    (digits, widths)
}

fn ean8(digits: String) -> (String, Vec<u8>) {
    let mut widths = vec![1, 1, 1];
    for (i, digit) in values(&digits).enumerate() {
        if i == 4 {
            widths.extend([1; 5]);
        }
        push_ean(&mut widths, digit, false);
    }
    widths.extend([1; 3]);
    (digits, widths)
}

/// Sets A and C have the same widths and begin with a space or a bar; set B is the mirror image.
fn push_ean(widths: &mut Vec<u8>, digit: usize, mirrored: bool) {
    let mut element = EAN_DIGITS[digit % 10];
    if mirrored {
        element.reverse();
    }
    widths.extend(element);
}

/// Start, pairs of digits whose bars and spaces interleave, stop.
fn itf(digits: String) -> (String, Vec<u8>) {
    let mut widths = vec![1; 4];
    let all: Vec<usize> = values(&digits).collect();
    for pair in all.chunks_exact(2) {
        for element in 0..5 {
            for digit in pair {
                let wide = ITF_WIDE[*digit].contains(&element);
                widths.push(if wide { WIDE_MODULES } else { 1 });
            }
        }
    }
    widths.extend([WIDE_MODULES, 1, 1]);
    (digits, widths)
}

/// The check character of a Code 39, modulo 43; `None` where it has no such character.
#[must_use]
pub fn code39_check(text: &str) -> Option<char> {
    let values = text.chars().map(|c| CODE39_CHARS[..43].iter().position(|k| char::from(*k) == c));
    let sum = values.sum::<Option<usize>>()?;
    CODE39_CHARS.get(sum % 43).map(|c| char::from(*c))
}

fn code39(text: &str) -> Result<(String, Vec<u8>), BarsError> {
    if text.is_empty() || text.len() > CODE39_CHARS_MAX {
        return Err(BarsError::Digits { kind: "Code 39", expected: "1 to 50 characters" });
    }
    let mut widths = Vec::new();
    let framed = std::iter::once('*').chain(text.chars()).chain(std::iter::once('*'));
    let last = text.chars().count() + 1;
    for (i, c) in framed.enumerate() {
        let inner = i > 0 && i < last;
        let index = CODE39_CHARS.iter().position(|k| char::from(*k) == c && !(inner && c == '*'));
        let bits = index.and_then(|i| CODE39_WIDE.get(i)).ok_or(BarsError::Code39 { at: i })?;
        widths.extend((0..9).rev().map(|bit| if bits >> bit & 1 == 1 { WIDE_MODULES } else { 1 }));
        if i < last {
            widths.push(1);
        }
    }
    Ok((text.to_owned(), widths))
}
