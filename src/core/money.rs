//! Money: an integer of minor units and its ISO 4217 currency. Sums of different currencies do not
//! exist.

/// An ISO 4217 code, three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Pound sterling.
    pub const GBP: Currency = Currency(*b"GBP");
    /// Euro.
    pub const EUR: Currency = Currency(*b"EUR");

    /// A code of three capital letters; anything else is `None`.
    #[must_use]
    pub fn new(code: &str) -> Option<Currency> {
        let b: [u8; 3] = code.as_bytes().try_into().ok()?;
        b.iter().all(u8::is_ascii_uppercase).then_some(Currency(b))
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many digits stand behind the decimal point (ISO 4217 minor unit).
    #[must_use]
    pub fn exponent(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An amount in minor units (pence, cents) of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units; negative for what is given back.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// This amount `n` times, or `None` where it does not fit.
    #[must_use]
    pub fn times(self, n: u32) -> Option<Money> {
        Some(Money { minor: self.minor.checked_mul(i64::from(n))?, ..self })
    }

    /// The sum, or `None` for different currencies or an overflow.
    #[must_use]
    pub fn plus(self, o: Money) -> Option<Money> {
        (self.currency == o.currency)
            .then(|| self.minor.checked_add(o.minor))
            .flatten()
            .map(|minor| Money { minor, ..self })
    }

    /// So many basis points (hundredths of a percent) of this amount, rounded to the nearest minor unit, a half away from zero, or
    /// `None` where it does not fit. This is the rule that taxes of a line are reckoned by (docs/decisions/0013).
    #[must_use]
    pub fn share(self, basis_points: u32) -> Option<Money> {
        self.part(i64::from(basis_points), 10_000)
    }

    /// This amount times `of`, divided by `whole`, rounded as [`Money::share`]; `None` where it does not fit or for a whole that is not
    /// above zero.
    #[must_use]
    pub fn part(self, of: i64, whole: i64) -> Option<Money> {
        let unit = u128::try_from(whole).ok().filter(|unit| *unit > 0)?;
        let exact = i128::from(self.minor) * i128::from(of);
        let near = i128::try_from((exact.unsigned_abs() * 2 + unit) / (unit * 2)).ok()?;
        Some(Money { minor: i64::try_from(near * exact.signum()).ok()?, ..self })
    }

    /// Digits with a decimal point and no grouping: `139.12`, `-0.05`, `1200` for yen.
    #[must_use]
    pub fn plain(self) -> String {
        let e = self.currency.exponent();
        let abs = self.minor.unsigned_abs();
        let sign = if self.minor < 0 { "-" } else { "" };
        if e == 0 {
            return format!("{sign}{abs}");
        }
        let unit = 10_u64.pow(e);
        format!("{sign}{}.{:0width$}", abs / unit, abs % unit, width = e as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::{Currency, Money};

    #[test]
    fn a_half_goes_away_from_zero_and_a_refund_is_the_line_turned_round() {
        let share = |minor, bp| Money { minor, currency: Currency::GBP }.share(bp).map(|money| money.minor);
        assert_eq!([share(100, 2_000), share(250, 1_000), share(50, 500), share(30, 500)], [20, 25, 3, 2].map(Some));
        assert_eq!([share(10, 500), share(9, 500), share(-10, 500), share(-30, 500)], [1, 0, -1, -2].map(Some));
        for minor in 0..2_000 {
            for bp in [500, 1_000, 1_250, 2_000, 2_100] {
                assert_eq!(share(-minor, bp), share(minor, bp).map(|up| -up), "{minor} at {bp}");
            }
        }
        assert_eq!(share(i64::MAX, 10_000), Some(i64::MAX));
        assert_eq!(share(i64::MAX, 10_001), None);
    }

    #[test]
    fn a_part_of_an_amount_is_rounded_by_the_same_rule() {
        let part = |minor, of, whole| Money { minor, currency: Currency::EUR }.part(of, whole).map(|money| money.minor);
        assert_eq!([part(5, 1, 2), part(-5, 1, 2), part(10, 1, 3), part(20, 1, 3)], [3, -3, 3, 7].map(Some));
        assert_eq!((part(1, 1, 0), part(1, 1, -2)), (None, None));
        assert_eq!(part(i64::MAX, i64::MAX, i64::MAX), Some(i64::MAX));
    }
}
