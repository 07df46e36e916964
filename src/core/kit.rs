//! Kits: several products sold as one, under one price. What a kit costs is shared among its parts exactly, to the minor unit.

/// One part of a kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Units of it in one kit, at least 1.
    pub units: i64,
    /// Its share of the price against the other parts' shares; not below zero.
    pub weight: i64,
}

/// A line that a kit becomes. A part whose share is no multiple of its units becomes two lines, one a minor unit dearer than the
/// other, so that units times price is the share, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which part, from 0.
    pub part: usize,
    /// Units.
    pub units: i64,
    /// Price of one, minor units.
    pub price_minor: i64,
    /// Tax of the whole line, minor units.
    pub tax_minor: i64,
}

/// An amount laid out by weights: rounded down, and what is left given to those that lost most by that, the first of equals first.
/// The sum is the amount. Where no weight is above zero all weigh the same; without weights nothing is laid out.
///
/// `amount` and all weights must not be below zero.
#[must_use]
pub fn shares(amount: i64, weights: &[i64]) -> Vec<i64> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let (sum, even) = if sum > 0 { (sum, false) } else { (weights.len() as i128, true) };
    let exact = |weight: &i64| i128::from(amount) * if even { 1 } else { i128::from(*weight) };
    let mut parts: Vec<i64> = weights.iter().map(|weight| i64::try_from(exact(weight) / sum).unwrap_or(0)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|n| std::cmp::Reverse(weights.get(*n).map_or(0, |weight| exact(weight) % sum)));
    let left = usize::try_from(amount - parts.iter().sum::<i64>()).unwrap_or(0);
    for n in order.into_iter().take(left) {
        if let Some(part) = parts.get_mut(n) {
            *part += 1;
        }
    }
    parts
}

/// The lines that so many kits become: their units times prices sum up to `kits` times `price_minor`, their taxes to `tax_minor`.
/// `None` if a number is below zero, no kit or no part is there, or an amount is beyond all bounds.
#[must_use]
pub fn open(kits: i64, price_minor: i64, tax_minor: i64, parts: &[Part]) -> Option<Vec<Share>> {
    let usable = kits > 0 && price_minor >= 0 && tax_minor >= 0 && !parts.is_empty();
    if !usable || parts.iter().any(|part| part.units < 1 || part.weight < 0) {
        return None;
    }
    let weights: Vec<i64> = parts.iter().map(|part| part.weight).collect();
    let mut lines = Vec::new();
    for (n, (part, share)) in parts.iter().zip(shares(price_minor.checked_mul(kits)?, &weights)).enumerate() {
        let units = part.units.checked_mul(kits)?;
        let (price, dearer) = (share / units, share % units);
        for (units, price_minor) in [(units - dearer, price), (dearer, price + 1)] {
            if units > 0 {
                lines.push(Share { part: n, units, price_minor, tax_minor: 0 });
            }
        }
    }
    let bases: Option<Vec<i64>> = lines.iter().map(|line| line.units.checked_mul(line.price_minor)).collect();
    for (line, tax) in lines.iter_mut().zip(shares(tax_minor, &bases?)) {
        line.tax_minor = tax;
    }
    Some(lines)
}
