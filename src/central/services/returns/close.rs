//! A return ends: with money, with another order, with neither, or because nothing came. What was asked back and never came can be asked
//! back again afterwards.

use super::{Case, Resolution, State, case, touched, wrong_state};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::orders::entry::{Buyer, DeskKind, NewLine, NewOrder, Remark, Terms};
use crate::central::services::orders::{self, Method};
use crate::central::store::work::Work;
use crate::core::money::{Currency, Money};
use crate::protocol::wire::ChangeKind;
use crate::protocol::wire::order::Address;
use crate::sql::{Conn, Row};
use crate::vals;

/// How it shall end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Close {
    /// Money goes back: so much, or what the units that came cost with their taxes; and how.
    Refund {
        /// Minor units of the order's currency.
        amount_minor: Option<i64>,
        /// How it is paid back.
        method: Method,
        /// What the bank calls it, or empty.
        reference: String,
    },
    /// Another order goes out for what came, at no price; it may wait for stock.
    Exchange {
        /// Let it wait if stock is missing.
        backorder: bool,
    },
    /// Neither.
    Nothing,
    /// Nothing came.
    Withdraw,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// How.
    pub resolution: Resolution,
    /// What was paid back, minor units, and the tax in it.
    pub refund: (i64, i64),
    /// Number of the order that goes out for it.
    pub exchange: Option<String>,
    /// Version of the return now.
    pub version: i64,
}

/// Ends it.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::State`] if it is over, if units came and it shall be withdrawn, or none came and it shall not;
/// [`Refusal::Field`] for an amount above what is paid; those of [`orders::create`] for an exchange.
pub fn close(work: &mut Work<'_>, number: &str, seen: Option<&[i64]>, how: &Close) -> Res<Closed> {
    let case = case(work, number, seen)?;
    let fits = match how {
        Close::Refund { .. } | Close::Exchange { .. } | Close::Nothing => case.state == State::Received,
        Close::Withdraw => case.state == State::Requested,
    };
    if !fits {
        return Err(wrong_state(case.state));
    }
    let (resolution, refund, exchange) = match how {
        Close::Refund { amount_minor, method, reference } => {
            let refund = pay_back(work, &case, number, *amount_minor, *method, reference)?;
            (Resolution::Refunded, refund, None)
        }
        Close::Exchange { backorder } => {
            (Resolution::Exchanged, (0, 0), Some(send_again(work, &case, number, *backorder)?))
        }
        Close::Nothing => (Resolution::Nothing, (0, 0), None),
        Close::Withdraw => (Resolution::Withdrawn, (0, 0), None),
    };
    forget_what_never_came(work, &case)?;
    let (id, order_no) = exchange.clone().unzip();
    work.exec(
        "UPDATE returns SET state = 'closed', resolution = $2, refund_minor = $3, refund_tax_minor = $4, exchange_order = $5, \
         closed_ms = $6, version = version + 1, updated_ms = $6 WHERE id = $1",
        vals![&case.id, resolution.word(), refund.0, refund.1, id, work.now_ms()],
    )?;
    if let Some(order) = &case.order {
        touched(work, order)?;
    }
    work.gone(ChangeKind::Return, &case.id);
    let detail = serde_json::json!({
        "return": number, "resolution": resolution.word(), "refund_minor": refund.0, "order": order_no,
    });
    work.audit("return.closed", "return", &case.id, detail);
    Ok(Closed { resolution, refund, exchange: order_no, version: case.version + 1 })
}

/// What units that came cost: without tax, and the tax.
pub(super) fn worth(tx: &mut dyn Conn, id: &str) -> Res<(i64, i64)> {
    let rows = tx.all(
        "SELECT l.received, l.unit_price_minor, l.tax_rate_bp, r.currency, o.quantity, o.tax_minor, \
         (SELECT CAST(COALESCE(SUM(b.received), 0) AS BIGINT) FROM return_lines b JOIN returns c ON c.id = b.return_id \
         WHERE b.order_id = l.order_id AND b.order_line = l.order_line AND c.state = 'closed' AND c.id <> r.id) AS earlier \
         FROM return_lines l JOIN returns r ON r.id = l.return_id LEFT JOIN order_lines o ON o.order_id = l.order_id \
         AND o.line_no = l.order_line WHERE l.return_id = $1 AND l.received > 0",
        vals![id],
    )?;
    let beyond = || CentralError::Refused(Refusal::Field { field: "return.amount", why: "is beyond all numbers" });
    let (mut base, mut tax) = (0_i64, 0_i64);
    for row in rows {
        let currency = Currency::new(&row.at::<String>(3)?).ok_or(CentralError::Stored { what: "currency" })?;
        let minor = row.at::<i64>(0)?.checked_mul(row.at(1)?).ok_or_else(beyond)?;
        base = base.checked_add(minor).ok_or_else(beyond)?;
        let part = tax_of(&row, Money { minor, currency })?.ok_or_else(beyond)?;
        tax = tax.checked_add(part).ok_or_else(beyond)?;
    }
    Ok((base, tax))
}

/// The tax of units that came, by a row of [`worth`]. Of a line of an order it is their part of what was charged, behind the units that
/// came earlier, so that units that come back one by one never bring more than was paid for them.
fn tax_of(row: &Row, price: Money) -> Res<Option<i64>> {
    let Some(quantity) = row.at::<Option<i64>>(4)? else {
        return Ok(price.share(row.at(2)?).map(|part| part.minor));
    };
    let charged = Money { minor: row.at(5)?, currency: price.currency };
    let earlier = row.at::<i64>(6)?.min(quantity);
    let now = earlier.saturating_add(row.at::<i64>(0)?).min(quantity);
    let until = |units: i64| charged.part(units, quantity).map(|part| part.minor);
    Ok(until(now).zip(until(earlier)).map(|(now, earlier)| now - earlier))
}

fn pay_back(
    work: &mut Work<'_>,
    case: &Case,
    number: &str,
    amount: Option<i64>,
    method: Method,
    reference: &str,
) -> Res<(i64, i64)> {
    let Some(order) = &case.order else {
        return Err(Refusal::State { entity: "return", state: "without an order".to_owned() }.into());
    };
    let (base, tax) = worth(work.tx, &case.id)?;
    let all = base.saturating_add(tax);
    let amount = amount.unwrap_or(all);
    if amount < 1 {
        return Err(Refusal::Field { field: "return.amount", why: "must be above zero" }.into());
    }
    // A part of the price holds the same part of its tax, rounded as everywhere.
    let share = || Money { minor: tax, currency: Currency::GBP }.part(amount, all).map_or(tax, |part| part.minor);
    let part = if all == 0 || amount >= all { tax.min(amount) } else { share() };
    let text = if reference.trim().is_empty() { number } else { reference };
    orders::refund(work, order, amount, method, text)?;
    Ok((amount, part))
}

/// Makes the order that goes out for what came; its id and number.
fn send_again(work: &mut Work<'_>, case: &Case, number: &str, backorder: bool) -> Res<(String, String)> {
    let Some(order) = &case.order else {
        return Err(Refusal::State { entity: "return", state: "without an order".to_owned() }.into());
    };
    let row = work.one(
        "SELECT o.customer, o.carrier, o.service, COALESCE(o.ship_to, c.address) AS ship_to FROM orders o \
         JOIN customers c ON c.id = o.customer WHERE o.id = $1",
        vals![order],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    let ship_to = match row.get::<Option<String>>("ship_to")? {
        Some(text) => serde_json::from_str(&text).map_err(|_| CentralError::Stored { what: "address" })?,
        None => Address::default(),
    };
    let lines = work.all(
        "SELECT p.sku, l.received FROM return_lines l JOIN products p ON p.id = l.product \
         WHERE l.return_id = $1 AND l.received > 0 ORDER BY l.line_no",
        vals![&case.id],
    )?;
    let line =
        |row: &Row| Ok(NewLine { sku: row.at(0)?, quantity: row.at(1)?, price_minor: Some(0), tax_rate_bp: Some(0) });
    let new = NewOrder {
        kind: DeskKind::B2c,
        buyer: Buyer::Known(row.get("customer")?),
        ship_to,
        lines: lines.iter().map(line).collect::<Res<_>>()?,
        shipping: (row.get("carrier")?, row.get("service")?),
        ship_by_ms: None,
        note: None,
        remark: Some((Remark::Replacement, number.to_owned())),
        terms: Terms::Net30,
        payment: None,
        backorder,
    };
    let made = orders::create(work, &new)?;
    Ok((made.id, made.number))
}

/// Units that were asked back and did not come can be asked back again.
fn forget_what_never_came(work: &mut Work<'_>, case: &Case) -> Res<()> {
    let rows = work.all(
        "SELECT order_id, order_line, quantity - received AS missing FROM return_lines WHERE return_id = $1 \
         AND order_id IS NOT NULL AND quantity > received",
        vals![&case.id],
    )?;
    for row in rows {
        work.exec(
            "UPDATE order_lines SET return_requested = CASE WHEN return_requested > CAST($3 AS BIGINT) \
             THEN return_requested - CAST($3 AS BIGINT) ELSE 0 END WHERE order_id = $1 AND line_no = $2",
            vals![row.at::<String>(0)?, row.at::<i64>(1)?, row.at::<i64>(2)?],
        )?;
    }
    Ok(())
}
