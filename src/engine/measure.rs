//! Numbers that carry a weight, a price or a count, by the rules of the house: which product is meant, and how many units of it.
//! Asked only where no table knows the whole number. It never guesses: an item number that means two things means none.

use super::{load, resolve};
use crate::core::gs1::restricted::{self, Rule, Variable};
use crate::core::ids::ProductId;
use crate::core::measured::{units_of_price, units_of_weight};
use crate::core::order::Order;
use crate::core::scan::{Meaning, NetWeight, Trace};
use crate::core::session::Session;
use crate::core::units::Grams;
use crate::storage::{Conn, Res};

/// What is on the bench, if anything: it settles what would be ambiguous, and says what things cost.
#[derive(Clone, Copy, Default)]
pub struct Bench<'a> {
    /// The session in work.
    pub session: Option<&'a Session>,
    /// Its order.
    pub order: Option<&'a Order>,
}

/// What a number means by the site's rules; none where no rule is for it or its item is not known here.
///
/// # Errors
/// If the database refuses.
pub(super) fn variable(c: &mut dyn Conn, digits: &str, bench: Bench<'_>) -> Res<Option<Meaning>> {
    let Some(settings) = load::settings(c)? else { return Ok(None) };
    // A rule that this version cannot read was checked by a newer server; the others still hold.
    let rules: Vec<Rule> = settings.variable_numbers.iter().filter_map(|rule| rule.parse().ok()).collect();
    let Some(found) = restricted::read(&rules, digits) else { return Ok(None) };
    for code in [&found.gtin, &found.item].into_iter().filter(|code| !code.is_empty()) {
        match resolve::goods(c, &[code], bench.session)? {
            Meaning::Product { product, trace, .. } => {
                let units = units(c, product, &found, bench.order)?;
                let net = found.weight_g.and_then(|weight| NetWeight::of(weight, units));
                return Ok(Some(Meaning::Product { product, units, trace: Trace { net, ..trace } }));
            }
            Meaning::Ambiguous(text) => return Ok(Some(Meaning::Ambiguous(text))),
            _ => {}
        }
    }
    Ok(None)
}

fn units(c: &mut dyn Conn, product: ProductId, found: &Variable, order: Option<&Order>) -> Res<u32> {
    if let Some(count) = found.count.filter(|count| *count > 0) {
        return Ok(count);
    }
    if let Some(weight) = found.weight_g {
        return weighed(c, product, weight);
    }
    let line = order.and_then(|order| order.lines.iter().find(|line| line.product == product));
    Ok(match (found.price, line) {
        (Some(price), Some(line)) => units_of_price(price, found.price_decimals, line.unit_price, line.tax_rate_bp),
        (_, _) => 1,
    })
}

/// Units of a product that weigh so much together.
///
/// # Errors
/// If the database refuses.
pub(super) fn weighed(c: &mut dyn Conn, product: ProductId, weight: Grams) -> Res<u32> {
    Ok(units_of_weight(weight, load::product(c, product)?.and_then(|p| p.weight_g)))
}
