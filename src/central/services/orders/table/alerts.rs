//! What a clerk must see about an order before they see its numbers, each with why.

use super::rows::TableRow;
use super::rules::{RuleKind, Rules};

/// Days are of this many ms.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Something to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alert {
    /// Money did not come through.
    PaymentFailed,
    /// Suspected fraud.
    Fraud,
    /// Its address is in doubt.
    Address,
    /// Nothing may be sent to its country.
    Restricted,
    /// It waits for stock.
    Stock,
    /// Units were missing at a shelf.
    Short,
    /// Must be paid before it leaves, and is not.
    Unpaid,
    /// The office holds it.
    Held,
    /// It will leave after the promise.
    Late,
    /// A question about it is open.
    Question,
    /// Another order looks the same.
    Twin,
    /// A rule asks for a look.
    Review(RuleKind),
    /// A note for the packer or the driver.
    Note,
    /// A present.
    Gift,
}

impl Alert {
    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Alert::PaymentFailed => "payment",
            Alert::Fraud => "fraud",
            Alert::Address => "address",
            Alert::Restricted => "restricted",
            Alert::Stock => "stock",
            Alert::Short => "short",
            Alert::Unpaid => "unpaid",
            Alert::Held => "held",
            Alert::Late => "late",
            Alert::Question => "question",
            Alert::Twin => "twin",
            Alert::Review(RuleKind::HighValue) => "review-value",
            Alert::Review(RuleKind::NewCustomer) => "review-new",
            Alert::Review(RuleKind::ManyUnits) => "review-units",
            Alert::Review(RuleKind::ReviewCountry | RuleKind::RestrictedCountry | RuleKind::Processing) => {
                "review-country"
            }
            Alert::Note => "note",
            Alert::Gift => "gift",
        }
    }

    /// Whether it stops the order rather than asks for a look.
    #[must_use]
    pub const fn stops(self) -> bool {
        matches!(self, Alert::PaymentFailed | Alert::Fraud | Alert::Address | Alert::Restricted)
    }
}

/// The alerts of an order, the worst first. What is over needs no look.
pub(super) fn alerts(row: &TableRow, rules: &Rules) -> Vec<Alert> {
    let mut all = Vec::new();
    if row.status == "cancelled" || row.status == "closed" {
        return all;
    }
    let mut when = |on: bool, alert: Alert| all.extend(on.then_some(alert));
    when(row.payment == "failed", Alert::PaymentFailed);
    when(row.fraud, Alert::Fraud);
    when(row.address, Alert::Address);
    when(rules.names(RuleKind::RestrictedCountry, &row.country), Alert::Restricted);
    when(row.waits, Alert::Stock);
    when(row.short > 0, Alert::Short);
    when(row.unpaid, Alert::Unpaid);
    when(row.held, Alert::Held);
    when(row.late(), Alert::Late);
    when(row.questions > 0, Alert::Question);
    when(row.twin.is_some(), Alert::Twin);
    let review = [(RuleKind::HighValue, row.total_minor), (RuleKind::ManyUnits, row.units)];
    for (kind, amount) in review {
        when(rules.active(kind).is_some_and(|rule| amount >= rule.amount), Alert::Review(kind));
    }
    let first = row.first_order_ms.filter(|_| row.buyer != "guest");
    let new = rules.active(RuleKind::NewCustomer).zip(first);
    when(
        new.is_some_and(|(rule, first)| row.placed_ms - first <= rule.amount.saturating_mul(DAY_MS)),
        Alert::Review(RuleKind::NewCustomer),
    );
    when(rules.names(RuleKind::ReviewCountry, &row.country), Alert::Review(RuleKind::ReviewCountry));
    when(row.noted, Alert::Note);
    when(row.gift, Alert::Gift);
    all
}
