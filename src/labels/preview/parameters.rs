//! Parameters of a command as texts, numbers and dots. It must never fail: what is no number is none.

use super::HEIGHT_DOTS_MAX;

/// Largest number, as in the guide.
const NUMBER_MAX: i64 = 32_000;

/// `^MU`: what the job counts places and sizes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Units {
    Dots,
    Inches,
    Millimetres,
}

/// The parameters of one command.
#[derive(Debug, Clone)]
pub(super) struct Parameters {
    texts: Vec<String>,
    units: Units,
    dpi: u32,
}

impl Parameters {
    pub(super) fn new(texts: Vec<String>, units: Units, dpi: u32) -> Self {
        Self { texts, units, dpi }
    }

    pub(super) fn text(&self, at: usize) -> &str {
        self.texts.get(at).map_or("", String::as_str)
    }

    /// All from one on.
    pub(super) fn from(&self, at: usize) -> impl Iterator<Item = &str> {
        self.texts.iter().skip(at).map(String::as_str)
    }

    /// The first letter, as a capital.
    pub(super) fn letter(&self, at: usize) -> Option<u8> {
        self.text(at).bytes().next().map(|b| b.to_ascii_uppercase())
    }

    pub(super) fn yes(&self, at: usize, otherwise: bool) -> bool {
        self.letter(at).map_or(otherwise, |b| b == b'Y')
    }

    /// A whole number; what follows a decimal point is left off.
    pub(super) fn number(&self, at: usize) -> Option<i32> {
        Some((self.thousandths(at)? / 1_000).clamp(-NUMBER_MAX, NUMBER_MAX) as i32)
    }

    /// Tenths of a number.
    pub(super) fn tenths(&self, at: usize) -> Option<i32> {
        Some((self.thousandths(at)? / 100).clamp(-NUMBER_MAX, NUMBER_MAX) as i32)
    }

    /// A place or a size in dots, whatever the job counts in.
    pub(super) fn dots(&self, at: usize) -> Option<i32> {
        let thousandths = self.thousandths(at)?;
        // Heads of 203 dots an inch have 8 dots a millimetre.
        let tenths_of_dpi = if self.dpi == 203 { 2_032 } else { i64::from(self.dpi) * 10 };
        let (times, parts) = match self.units {
            Units::Dots => return self.number(at),
            Units::Inches => (tenths_of_dpi, 10_000),
            Units::Millimetres => (tenths_of_dpi, 254_000),
        };
        let dots = (thousandths * times * 2 + parts * thousandths.signum()) / (parts * 2);
        Some(dots.clamp(-NUMBER_MAX, NUMBER_MAX) as i32)
    }

    /// A size of one dot at least.
    pub(super) fn size(&self, at: usize, otherwise: i32) -> i32 {
        self.dots(at).unwrap_or(otherwise).clamp(1, HEIGHT_DOTS_MAX)
    }

    fn thousandths(&self, at: usize) -> Option<i64> {
        let text = self.text(at);
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let digits = digits.strip_prefix('+').unwrap_or(digits);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let digit = |b: u8| b.is_ascii_digit().then(|| i64::from(b - b'0'));
        if whole.is_empty() && part.is_empty() {
            return None;
        }
        let mut n = 0_i64;
        for b in whole.bytes() {
            n = n.saturating_mul(10).saturating_add(digit(b)?).min(1_000_000_000);
        }
        for place in 0..3 {
            n = n * 10 + part.as_bytes().get(place).copied().and_then(digit).unwrap_or(0);
        }
        Some(if negative { -n } else { n })
    }
}
