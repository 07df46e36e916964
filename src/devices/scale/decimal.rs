//! Decimal figures in any mass unit to whole grams, without floats. Pure; must never guess a unit.
//!
//! The rule of rounding: a figure is held as an exact fraction of a gram and rounded once, at the end, to the nearest whole
//! gram; a half goes away from zero (0.5 g is 1 g, -0.5 g is -1 g). Pounds and ounces of one figure are added before that.

/// Units that scales speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MassUnit {
    /// Milligram.
    Milligram,
    /// Gram.
    Gram,
    /// Kilogram.
    Kilogram,
    /// Metric ton.
    Ton,
    /// Avoirdupois pound, exactly 453.59237 g.
    Pound,
    /// Avoirdupois ounce, a sixteenth of a pound.
    Ounce,
}

/// Scales' words for units.
const WORDS: &[(&str, MassUnit)] = &[
    ("mg", MassUnit::Milligram),
    ("g", MassUnit::Gram),
    ("kg", MassUnit::Kilogram),
    ("t", MassUnit::Ton),
    ("lb", MassUnit::Pound),
    ("oz", MassUnit::Ounce),
];

impl MassUnit {
    /// The unit behind a scale's word, in any letter case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, unit)| *unit)
    }

    /// Grams per unit as an exact fraction (numerator, denominator); pound and ounce by the 1959 international agreement.
    fn ratio(self) -> (i128, i128) {
        match self {
            Self::Milligram => (1, 1_000),
            Self::Gram => (1, 1),
            Self::Kilogram => (1_000, 1),
            Self::Ton => (1_000_000, 1),
            Self::Pound => (45_359_237, 100_000),
            Self::Ounce => (45_359_237, 1_600_000),
        }
    }
}

/// Why a text is no weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeightTextError {
    /// Not digits with at most one point and one leading sign.
    #[error("the scale sent a figure that is no decimal number; check its protocol setting")]
    NotDecimal,
    /// More digits than any scale has.
    #[error("the scale sent a figure with more than 12 digits; check its protocol setting")]
    TooLong,
}

/// Digits in a figure, at most.
const DIGITS_MAX: u32 = 12;

/// Whole grams of a figure such as `-0.250`, rounded half away from zero.
///
/// # Errors
/// [`WeightTextError`].
pub fn grams(text: &[u8], unit: MassUnit) -> Result<i64, WeightTextError> {
    let (negative, digits) = signed(text);
    let (mantissa, scale) = decimal(digits)?;
    let (numerator, denominator) = unit.ratio();
    whole(negative, mantissa * numerator, scale * denominator)
}

/// Whole grams of a figure in pounds and ounces such as `2` and `3.5`; the sign stands before the pounds.
///
/// # Errors
/// [`WeightTextError`].
pub fn grams_lb_oz(pounds: &[u8], ounces: &[u8]) -> Result<i64, WeightTextError> {
    let (negative, digits) = signed(pounds);
    let (lb, lb_scale) = decimal(digits)?;
    let (oz, oz_scale) = decimal(ounces)?;
    // lb + oz / 16, over one denominator.
    let (numerator, denominator) = MassUnit::Pound.ratio();
    whole(negative, (lb * oz_scale * 16 + oz * lb_scale) * numerator, lb_scale * oz_scale * 16 * denominator)
}

fn signed(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    }
}

/// Rounds half away from zero. Two figures of 12 digits times 45,359,237 stay far below the range of i128.
fn whole(negative: bool, numerator: i128, denominator: i128) -> Result<i64, WeightTextError> {
    let rounded = (numerator * 2 + denominator) / (denominator * 2);
    let signed = if negative { -rounded } else { rounded };
    i64::try_from(signed).map_err(|_| WeightTextError::TooLong)
}

/// Digits with at most one point, as a whole number and the power of ten that divides it.
fn decimal(digits: &[u8]) -> Result<(i128, i128), WeightTextError> {
    let (mut mantissa, mut scale, mut seen, mut point) = (0i128, 1i128, 0u32, false);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                seen += 1;
                if seen > DIGITS_MAX {
                    return Err(WeightTextError::TooLong);
                }
                mantissa = mantissa * 10 + i128::from(byte - b'0');
                if point {
                    scale *= 10;
                }
            }
            b'.' if !point => point = true,
            _ => return Err(WeightTextError::NotDecimal),
        }
    }
    if seen == 0 { Err(WeightTextError::NotDecimal) } else { Ok((mantissa, scale)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_become_exact_grams() {
        let cases: &[(&str, MassUnit, i64)] = &[
            ("100.00", MassUnit::Gram, 100),
            ("1.2345", MassUnit::Kilogram, 1_235),
            ("-0.250", MassUnit::Kilogram, -250),
            ("+2", MassUnit::Kilogram, 2_000),
            ("0.5", MassUnit::Gram, 1),
            ("0.4", MassUnit::Gram, 0),
            ("-0.5", MassUnit::Gram, -1),
            (".5", MassUnit::Kilogram, 500),
            ("5.", MassUnit::Gram, 5),
            ("1499", MassUnit::Milligram, 1),
            ("1", MassUnit::Pound, 454),
            ("100", MassUnit::Pound, 45_359),
            ("16", MassUnit::Ounce, 454),
            ("0.01", MassUnit::Ton, 10_000),
            ("999999999999", MassUnit::Gram, 999_999_999_999),
        ];
        for (text, unit, expected) in cases {
            assert_eq!(grams(text.as_bytes(), *unit), Ok(*expected), "{text} {unit:?}");
        }
    }

    #[test]
    fn pounds_and_ounces_are_added_before_they_are_rounded() {
        let cases: &[(&str, &str, i64)] = &[
            ("1", "0.0", 454),
            ("0", "16", 454),
            ("2", "3.5", 1_006),
            // 907.18474 + 439.417…: each rounded alone would be 907 + 439.
            ("2", "15.5", 1_347),
            ("-1", "8.0", -680),
            ("0", "0.01", 0),
            ("0", "0.02", 1),
        ];
        for (lb, oz, expected) in cases {
            assert_eq!(grams_lb_oz(lb.as_bytes(), oz.as_bytes()), Ok(*expected), "{lb} lb {oz} oz");
        }
        assert_eq!(grams_lb_oz(b"999999999999", b"15.9999999999"), Ok(453_592_370_000_000), "the largest figures");
        assert_eq!(grams_lb_oz(b"1", b"-2"), Err(WeightTextError::NotDecimal));
        assert_eq!(grams_lb_oz(b"", b"2"), Err(WeightTextError::NotDecimal));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", ".", "-", "1.2.3", "1,5", "12a", "--1", "1e3", " 1", "\u{ff11}"] {
            assert_eq!(grams(text.as_bytes(), MassUnit::Gram), Err(WeightTextError::NotDecimal), "{text:?}");
        }
        assert_eq!(grams(b"1234567890123", MassUnit::Gram), Err(WeightTextError::TooLong));
    }

    #[test]
    fn words_are_found_in_any_case() {
        assert_eq!(MassUnit::from_word("KG"), Some(MassUnit::Kilogram));
        assert_eq!(MassUnit::from_word("oz"), Some(MassUnit::Ounce));
        assert_eq!(MassUnit::from_word("stone"), None);
    }
}
