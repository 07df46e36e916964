//! The ledger of an order's money: entries are only added, and the payment axis is derived from them, never set by hand.

use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::vals;
use serde::{Deserialize, Serialize};

/// Highest amount of one entry, minor units.
pub const AMOUNT_MINOR_MAX: i64 = 1_000_000_000_000;
/// Longest reference, characters.
const REFERENCE_MAX: usize = 100;

/// How money came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// From bank to bank.
    #[default]
    BankTransfer,
    /// By card.
    Card,
    /// In notes and coins.
    Cash,
    /// By cheque.
    Cheque,
    /// From an electronic wallet.
    Wallet,
}

impl Method {
    /// All, in the order people are shown.
    pub const ALL: [Method; 5] = [Method::BankTransfer, Method::Card, Method::Cash, Method::Cheque, Method::Wallet];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Method::BankTransfer => "bank_transfer",
            Method::Card => "card",
            Method::Cash => "cash",
            Method::Cheque => "cheque",
            Method::Wallet => "wallet",
        }
    }
}

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// How.
    pub method: Method,
    /// How much, minor units of the order's currency; above zero.
    pub amount_minor: i64,
    /// What the bank or the customer calls it, at most 100 characters.
    pub reference: String,
}

impl NewPayment {
    /// Checks it by itself.
    ///
    /// # Errors
    /// [`Refusal::Field`] for an amount or reference out of bounds.
    pub fn validate(&self) -> Result<(), Refusal> {
        if !(1..=AMOUNT_MINOR_MAX).contains(&self.amount_minor) {
            return Err(Refusal::Field { field: "payment.amount", why: "must be above zero" });
        }
        if self.reference.chars().count() > REFERENCE_MAX || self.reference.contains('\0') {
            return Err(Refusal::Field { field: "payment.reference", why: "must have at most 100 characters" });
        }
        Ok(())
    }
}

/// Enters a payment of the order and derives its payment axis.
///
/// # Errors
/// [`Refusal::Missing`] for no such order, [`Refusal::Field`] as [`NewPayment::validate`].
pub fn pay(work: &mut Work<'_>, order: &str, new: &NewPayment) -> Res<()> {
    new.validate()?;
    let row = work.one("SELECT currency FROM orders WHERE id = $1 AND site = $2", vals![order, work.site()])?;
    let currency: String = row.ok_or(Refusal::Missing { entity: "order" })?.at(0)?;
    let id = work.new_id();
    work.exec(
        "INSERT INTO payments (id, order_id, kind, amount_minor, currency, method, at_ms, actor_kind, actor, reference) \
         VALUES ($1, $2, 'capture', $3, $4, $5, $6, $7, $8, $9)",
        vals![
            &id, order, new.amount_minor, currency, new.method.word(), work.now_ms(), work.ctx.actor.kind(),
            work.ctx.actor.id(), &new.reference
        ],
    )?;
    derive(work, order)?;
    let detail = serde_json::json!({ "payment": id, "amount_minor": new.amount_minor, "method": new.method.word() });
    work.audit("payment.added", "order", order, detail);
    Ok(())
}

/// Enters money that went back to the customer and derives the payment axis.
///
/// # Errors
/// [`Refusal::Missing`] for no such order, [`Refusal::Field`] for more than is paid, or an amount or reference out of bounds.
pub fn refund(work: &mut Work<'_>, order: &str, amount_minor: i64, method: Method, reference: &str) -> Res<()> {
    NewPayment { method, amount_minor, reference: reference.to_owned() }.validate()?;
    let row = work.one(
        "SELECT currency, (SELECT CAST(COALESCE(SUM(CASE p.kind WHEN 'capture' THEN p.amount_minor WHEN 'refund' \
         THEN -p.amount_minor ELSE 0 END), 0) AS BIGINT) FROM payments p WHERE p.order_id = o.id) AS paid \
         FROM orders o WHERE o.id = $1 AND o.site = $2",
        vals![order, work.site()],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    if amount_minor > row.at::<i64>(1)? {
        return Err(Refusal::Field { field: "return.amount", why: "must be no more than is paid" }.into());
    }
    let id = work.new_id();
    work.exec(
        "INSERT INTO payments (id, order_id, kind, amount_minor, currency, method, at_ms, actor_kind, actor, reference) \
         VALUES ($1, $2, 'refund', $3, $4, $5, $6, $7, $8, $9)",
        vals![
            &id, order, amount_minor, row.at::<String>(0)?, method.word(), work.now_ms(), work.ctx.actor.kind(),
            work.ctx.actor.id(), reference
        ],
    )?;
    derive(work, order)?;
    let detail = serde_json::json!({ "payment": id, "amount_minor": amount_minor, "method": method.word() });
    work.audit("payment.refunded", "order", order, detail);
    Ok(())
}

/// Derives the payment axis from the ledger and the order's total. An order that must be paid before it leaves is flagged until
/// it is; a flag that a lead cleared at a bench comes back only when money is still missing after another change.
///
/// # Errors
/// Any fault of the store.
pub(super) fn derive(work: &mut Work<'_>, order: &str) -> Res<()> {
    let row = work.one(
        "SELECT o.total_minor, o.terms, o.desk, (SELECT COUNT(*) FROM payments p WHERE p.order_id = o.id) AS entries, \
         (SELECT CAST(COALESCE(SUM(CASE p.kind WHEN 'capture' THEN p.amount_minor ELSE 0 END), 0) AS BIGINT) \
         FROM payments p WHERE p.order_id = o.id) AS got, \
         (SELECT CAST(COALESCE(SUM(CASE p.kind WHEN 'refund' THEN p.amount_minor ELSE 0 END), 0) AS BIGINT) \
         FROM payments p WHERE p.order_id = o.id) AS back, \
         (SELECT COUNT(*) FROM payments p WHERE p.order_id = o.id AND p.kind = 'authorize') AS authorized, \
         (SELECT COUNT(*) FROM payments p WHERE p.order_id = o.id AND p.kind = 'void') AS voided \
         FROM orders o WHERE o.id = $1",
        vals![order],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    let get = |name: &str| row.get::<i64>(name);
    let (total, got, back) = (get("total_minor")?, get("got")?, get("back")?);
    let status = match (got, back) {
        (0, _) if get("voided")? > 0 => "voided",
        (0, _) if get("authorized")? > 0 => "authorized",
        (0, _) if get("entries")? > 0 => "failed",
        (0, _) => "none",
        (_, back) if back >= got => "refunded",
        (_, back) if back > 0 => "partially_refunded",
        _ if got > total => "overcharged",
        _ if got == total => "paid",
        _ => "partially_paid",
    };
    let owed = row.get::<String>("terms")? == "prepaid" && got - back < total;
    let ours = !row.get::<String>("desk")?.is_empty();
    work.exec(
        "UPDATE orders SET payment_status = $2, paid_minor = $3, flag_unpaid = CASE WHEN CAST($4 AS BIGINT) = 1 THEN $5 \
         ELSE flag_unpaid END, version = version + 1, updated_ms = $6 WHERE id = $1",
        vals![order, status, got - back, ours, owed, work.now_ms()],
    )?;
    work.changed(ChangeKind::Order, order);
    done(work, order)
}

/// An order is done once its customer has all of it and owes nothing: it is no open one any more, and its customer may be forgotten.
///
/// # Errors
/// Any fault of the store.
pub fn done(work: &mut Work<'_>, order: &str) -> Res<()> {
    let closed = work.exec(
        "UPDATE orders SET status = 'closed', is_open = 0, updated_ms = $2 WHERE id = $1 AND status = 'placed' \
         AND fulfillment_status = 'delivered' AND (paid_minor >= total_minor OR payment_status IN ('partially_refunded', 'refunded'))",
        vals![order, work.now_ms()],
    )?;
    if closed > 0 {
        work.audit("order.closed", "order", order, serde_json::json!({}));
    }
    Ok(())
}
