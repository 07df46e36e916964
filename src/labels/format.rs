//! Figures as people read them: amounts, masses, rates and the small templates of documents.
//!
//! Integers in, text out; the marks for decimals and thousands come with the caller's words. This file must never round
//! money: an amount is printed in full minor units.

use super::LabelError;
use super::documents::Words;

/// A currency and how many decimals its minor unit has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Currency {
    code: String,
    exponent: u32,
}

impl Currency {
    /// The currency of an ISO 4217 code; the exponent follows ISO 4217 list one (2 unless listed otherwise).
    ///
    /// # Errors
    /// [`LabelError::Currency`] when the code is not three capital letters.
    pub fn new(code: &str) -> Result<Self, LabelError> {
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(LabelError::Currency);
        }
        let exponent = match code {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
            | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" | "UYW" => 4,
            _ => 2,
        };
        Ok(Self { code: code.to_owned(), exponent })
    }

    /// The ISO 4217 code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Decimals of the minor unit.
    #[must_use]
    pub fn exponent(&self) -> u32 {
        self.exponent
    }

    /// An amount in minor units without the code: `1,234.50`, `1234` yen, `-0.005` dinar.
    #[must_use]
    pub fn amount(&self, minor: i64, words: &Words) -> String {
        decimal(minor, self.exponent, words)
    }

    /// An amount with its code: `GBP 1,234.50`.
    #[must_use]
    pub fn amount_with_code(&self, minor: i64, words: &Words) -> String {
        format!("{} {}", self.code, self.amount(minor, words))
    }
}

/// `value` divided by ten to the power `decimals`, with the words' decimal and group marks.
#[must_use]
pub fn decimal(value: i64, decimals: u32, words: &Words) -> String {
    let scale = 10_u64.saturating_pow(decimals);
    let magnitude = value.unsigned_abs();
    let whole = (magnitude / scale).to_string();
    let mut out = String::new();
    if value < 0 {
        out.push('-');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push_str(&words.group_mark);
        }
        out.push(digit);
    }
    if decimals > 0 {
        let width = decimals as usize;
        out.push_str(&words.decimal_mark);
        out.push_str(&format!("{:0width$}", magnitude % scale));
    }
    out
}

/// A mass for people: grams below one kilogram, then kilograms with two decimals, rounded half up.
#[must_use]
pub fn mass(weight_g: u32, words: &Words) -> String {
    if weight_g < 1_000 {
        format!("{weight_g} {}", words.unit_g)
    } else {
        let hundredths = (i64::from(weight_g) + 5) / 10;
        format!("{} {}", decimal(hundredths, 2, words), words.unit_kg)
    }
}

/// A mass in kilograms with three decimals and no unit, as customs forms ask for it.
#[must_use]
pub fn kilograms(weight_g: u64, words: &Words) -> String {
    decimal(i64::try_from(weight_g).unwrap_or(i64::MAX), 3, words)
}

/// A rate in basis points as percent: `20 %`, `5.5 %`.
#[must_use]
pub fn percent(basis_points: u32, words: &Words) -> String {
    let value = i64::from(basis_points);
    let text = if value % 100 == 0 {
        decimal(value / 100, 0, words)
    } else if value % 10 == 0 {
        decimal(value / 10, 1, words)
    } else {
        decimal(value, 2, words)
    };
    format!("{text} %")
}

/// A template with `{n}` and `{m}` filled in: `{n} of {m}`, `COPY {n}`.
#[must_use]
pub fn fill(template: &str, n: u32, m: u32) -> String {
    template.replace("{n}", &n.to_string()).replace("{m}", &m.to_string())
}
