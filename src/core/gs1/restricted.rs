//! Numbers of restricted circulation: a house or a country gives them a meaning of its own. EAN-13 that begin with 02 or 20
//! to 29 carry the weight or the price of what was weighed at a counter. Which digits mean what is a rule that a site
//! writes down, such as `2[0-1]IIIIIWWWWWC` for item number and grams.

use super::numbers::{canonical_gtin, check_digit, has_check_digit};
use crate::core::units::Grams;

/// Digits of the longest number a rule can be for.
const DIGITS_MAX: usize = 14;
/// Kilograms have three decimals unless a rule says otherwise.
const WEIGHT_DECIMALS: u8 = 3;
/// Prices have two decimals unless a rule says otherwise.
const PRICE_DECIMALS: u8 = 2;

/// What a digit of a number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// This digit, or one of a range.
    Fixed(u8, u8),
    /// Item number.
    Item,
    Weight,
    Price,
    Count,
    /// Check digit of the four or five digits of weight or price that follow.
    ValueCheck,
    /// Check digit of the whole.
    Check,
    /// Means nothing.
    Any,
}

/// How numbers of one kind are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    places: Vec<Place>,
    decimals: Option<u8>,
}

/// Why a rule cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A character that means nothing.
    #[error("`{0}` means nothing in a rule: digits, [0-9], I, W, P, N, V, X and C do")]
    Character(char),
    /// Not as long as any number.
    #[error("a rule is as long as the numbers it is for: 8, 12, 13 or 14 digits, not {0}")]
    Length(usize),
    /// No check digit at the end.
    #[error("a rule ends with C, the check digit")]
    NoCheckDigit,
    /// Nothing that varies.
    #[error("a rule has a weight (W), a price (P) or a count (N), and only one of them")]
    NoValue,
    /// A value whose digits do not stand together, or a check digit that does not stand before four or five of them.
    #[error("the digits of the value stand together, V before four or five of them")]
    Scattered,
    /// More decimals than digits.
    #[error("the decimals after the dot are a digit, 0 to 6")]
    Decimals,
}

/// What a number of restricted circulation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The item as a GTIN of 14 digits: the number with zeros for what varies, and the check digit that belongs to it.
    pub gtin: String,
    /// The item's own digits.
    pub item: String,
    /// Weight.
    pub weight_g: Option<Grams>,
    /// Price in units of `price_decimals` decimals.
    pub price: Option<u64>,
    /// Decimals of the price.
    pub price_decimals: u8,
    /// How many.
    pub count: Option<u32>,
}

impl std::str::FromStr for Rule {
    type Err = RuleError;

    /// Reads `21IIIIIWWWWWC`, `2[2-4]IIIIVPPPPPC.2` and the like: a letter for each digit, and after a dot the decimals of the
    /// value (weights are kilograms).
    fn from_str(text: &str) -> Result<Rule, RuleError> {
        let (pattern, decimals) = match text.split_once('.') {
            Some((pattern, decimals)) => {
                let n = decimals.parse::<u8>().ok().filter(|n| *n <= 6).ok_or(RuleError::Decimals)?;
                (pattern, Some(n))
            }
            None => (text, None),
        };
        let mut places = Vec::new();
        let mut rest = pattern.chars();
        while let Some(c) = rest.next() {
            places.push(match c {
                '0'..='9' => Place::Fixed(c as u8, c as u8),
                '[' => range(&mut rest).ok_or(RuleError::Character('['))?,
                'I' => Place::Item,
                'W' => Place::Weight,
                'P' => Place::Price,
                'N' => Place::Count,
                'V' => Place::ValueCheck,
                'C' => Place::Check,
                'X' => Place::Any,
                other => return Err(RuleError::Character(other)),
            });
            if places.len() > DIGITS_MAX {
                return Err(RuleError::Length(places.len()));
            }
        }
        sound(&places)?;
        Ok(Rule { places, decimals })
    }
}

/// `0-4]`, after the bracket.
fn range(rest: &mut std::str::Chars<'_>) -> Option<Place> {
    let text = rest.as_str();
    let (inner, after) = text.split_once(']')?;
    let [low @ b'0'..=b'9', b'-', high @ b'0'..=b'9'] = *inner.as_bytes() else { return None };
    *rest = after.chars();
    (low <= high).then_some(Place::Fixed(low, high))
}

fn sound(places: &[Place]) -> Result<(), RuleError> {
    if !matches!(places.len(), 8 | 12 | 13 | 14) {
        return Err(RuleError::Length(places.len()));
    }
    let checks: Vec<usize> = positions(places, Place::Check);
    if checks != [places.len() - 1] {
        return Err(RuleError::NoCheckDigit);
    }
    let values = [Place::Weight, Place::Price, Place::Count].map(|p| positions(places, p));
    let mut used = values.iter().filter(|p| !p.is_empty());
    let (Some(value), None) = (used.next(), used.next()) else { return Err(RuleError::NoValue) };
    let together = value.windows(2).all(|w| w[1] == w[0] + 1);
    let check_fits = match positions(places, Place::ValueCheck)[..] {
        [] => true,
        [at] => at + 1 == value[0] && matches!(value.len(), 4 | 5),
        _ => false,
    };
    if together && check_fits { Ok(()) } else { Err(RuleError::Scattered) }
}

fn positions(places: &[Place], wanted: Place) -> Vec<usize> {
    places.iter().enumerate().filter(|(_, p)| **p == wanted).map(|(n, _)| n).collect()
}

impl Rule {
    /// What a number says by this rule, if the rule is for it. A UPC-A of twelve digits and the same number as an EAN-13
    /// with a zero before it are one number; which of them comes is a setting of the scanner.
    #[must_use]
    pub fn read(&self, digits: &str) -> Option<Variable> {
        let other = match (digits.len(), self.places.len()) {
            (12, 13) => format!("0{digits}"),
            (13, 12) => digits.strip_prefix('0')?.to_owned(),
            (_, _) => return self.read_as_is(digits),
        };
        self.read_as_is(&other)
    }

    fn read_as_is(&self, digits: &str) -> Option<Variable> {
        let bytes = digits.as_bytes();
        let fits = bytes.len() == self.places.len() && has_check_digit(bytes);
        let fixed = |(p, b): (&Place, &u8)| if let Place::Fixed(low, high) = p { low <= b && b <= high } else { true };
        if !fits || !self.places.iter().zip(bytes).all(fixed) {
            return None;
        }
        let of = |wanted: Place| -> String {
            let own = self.places.iter().zip(bytes).filter(|(p, _)| **p == wanted);
            own.map(|(_, b)| char::from(*b)).collect()
        };
        let number = |wanted: Place| of(wanted).parse::<u64>().ok();
        let value = [Place::Weight, Place::Price, Place::Count].into_iter().map(of).find(|v| !v.is_empty())?;
        let check = of(Place::ValueCheck);
        if !check.is_empty() && value_check_digit(&value).is_none_or(|d| check.as_bytes() != [d + b'0']) {
            return None;
        }
        let scale = 10_i64.checked_pow(self.decimals.unwrap_or(WEIGHT_DECIMALS).into())?;
        let grams = |n: u64| Some(Grams((i64::try_from(n).ok()?.checked_mul(1_000)? + scale / 2) / scale));
        Some(Variable {
            gtin: self.item_gtin(bytes)?,
            item: of(Place::Item),
            weight_g: number(Place::Weight).and_then(grams),
            price: number(Place::Price),
            price_decimals: self.decimals.unwrap_or(PRICE_DECIMALS),
            count: number(Place::Count).and_then(|n| u32::try_from(n).ok()),
        })
    }

    /// The number with zeros for what varies.
    fn item_gtin(&self, bytes: &[u8]) -> Option<String> {
        let kept = self.places.iter().zip(bytes).filter(|(p, _)| **p != Place::Check).map(|(p, b)| match p {
            Place::Fixed(..) | Place::Item => char::from(*b),
            Place::Weight | Place::Price | Place::Count | Place::ValueCheck | Place::Check | Place::Any => '0',
        });
        let body: String = kept.collect();
        canonical_gtin(&format!("{body}{}", check_digit(&body)?))
    }
}

/// The first rule that is for a number, and what the number says by it.
#[must_use]
pub fn read(rules: &[Rule], digits: &str) -> Option<Variable> {
    rules.iter().find_map(|rule| rule.read(digits))
}

/// How a digit of a price counts (General Specifications, 7.9.2 to 7.9.4).
#[derive(Clone, Copy)]
enum Weighting {
    TwoMinus,
    Three,
    FivePlus,
    FiveMinus,
}

fn weighted(digit: u8, weighting: Weighting) -> i32 {
    let d = i32::from(digit);
    match weighting {
        Weighting::TwoMinus => d * 2 % 10 - d * 2 / 10,
        Weighting::Three => d * 3 % 10,
        Weighting::FivePlus => d * 5 % 10 + d * 5 / 10,
        Weighting::FiveMinus => d * 5 % 10 - d * 5 / 10,
    }
}

/// The check digit of a weight or price of four or five digits (General Specifications, 7.9.3 and 7.9.4).
#[must_use]
pub fn value_check_digit(value: &str) -> Option<u8> {
    use Weighting::{FiveMinus, FivePlus, Three, TwoMinus};
    let digits: Vec<u8> = value.bytes().map(|b| b.wrapping_sub(b'0')).collect();
    if digits.iter().any(|d| *d > 9) {
        return None;
    }
    let sum = |weights: &[Weighting]| digits.iter().zip(weights).map(|(d, w)| weighted(*d, *w)).sum::<i32>();
    let check = match digits.len() {
        4 => (sum(&[TwoMinus, TwoMinus, Three, FiveMinus]) * 3).rem_euclid(10),
        5 => {
            let wanted = (10 - sum(&[FivePlus, TwoMinus, FiveMinus, FivePlus, TwoMinus]).rem_euclid(10)) % 10;
            (0..10).find(|d| weighted(*d as u8, FiveMinus).rem_euclid(10) == wanted)?
        }
        _ => return None,
    };
    u8::try_from(check).ok()
}
