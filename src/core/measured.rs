//! How many units a weight or a price on a label stands for. Pure reckoning: what one unit weighs or costs is told.

use super::money::Money;
use super::units::Grams;

/// More units than this are behind no single scan.
pub const UNITS_MAX: u32 = 100_000;

/// Units of so much weight. What is no whole number of them, as near as a quarter of one, is one thing that weighs what it weighs.
#[must_use]
pub fn units_of_weight(weight: Grams, unit: Option<Grams>) -> u32 {
    unit.map_or(1, |unit| whole(i128::from(weight.0), i128::from(unit.0)))
}

/// Units of a price with so many decimals, by the price of one with its tax, under the same rule.
#[must_use]
pub fn units_of_price(price: u64, decimals: u8, unit: Money, tax_rate_bp: u32) -> u32 {
    // Both in millionths of a hundredth of the smallest coin, so that neither is rounded before they are compared.
    let coins = 10_i128.pow(unit.currency.exponent());
    let price = i128::from(price) * coins * 10_000 * 1_000_000 / 10_i128.pow(u32::from(decimals.min(6)));
    let unit = i128::from(unit.minor) * (10_000 + i128::from(tax_rate_bp)) * 1_000_000;
    whole(price, unit)
}

/// The whole number that a value is of a unit, at least one.
fn whole(value: i128, unit: i128) -> u32 {
    if value <= 0 || unit <= 0 {
        return 1;
    }
    let units = (value + unit / 2) / unit;
    let off = (value - units * unit).abs();
    match u32::try_from(units) {
        Ok(units @ 1..=UNITS_MAX) if off * 4 <= unit => units,
        Ok(_) | Err(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::money::Currency;

    #[test]
    fn a_weight_is_as_many_units_as_it_is_of() {
        let units = |weight, unit| units_of_weight(Grams(weight), Some(Grams(unit)));
        assert_eq!([units(1_250, 250), units(1_234, 1), units(1_190, 1_200), units(1_950, 1_000)], [5, 1_234, 1, 2]);
        assert_eq!([units(1_600, 1_000), units(20, 1_000), units(0, 10), units(500, 0)], [1, 1, 1, 1], "one thing");
        assert_eq!((units_of_weight(Grams(900), None), units(200_000, 1)), (1, 1));
    }

    #[test]
    fn a_price_bears_the_tax_and_its_own_decimals() {
        let pounds = |minor| Money { minor, currency: Currency::new("GBP").unwrap() };
        // 5.00 and a fifth of it is 6.00.
        assert_eq!(units_of_price(1_800, 2, pounds(500), 2_000), 3);
        assert_eq!(units_of_price(18_000, 3, pounds(500), 2_000), 3);
        assert_eq!(units_of_price(18, 0, pounds(500), 2_000), 3);
        assert_eq!(units_of_price(2_750, 2, pounds(500), 2_000), 1, "four and a half");
        assert_eq!(units_of_price(1_800, 2, pounds(0), 2_000), 1);
        let yen = Money { minor: 300, currency: Currency::new("JPY").unwrap() };
        assert_eq!(units_of_price(600, 0, yen, 0), 2);
    }
}
