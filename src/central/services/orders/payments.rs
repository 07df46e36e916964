//! The ledger of an order's money: entries are only added, and the payment axis is derived from them, never set by hand.

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::messages;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::{Conn, Row};
use crate::vals;
use serde::{Deserialize, Serialize};

/// Highest amount of one entry, minor units.
pub const AMOUNT_MINOR_MAX: i64 = 1_000_000_000_000;
/// Longest reference, characters.
pub const REFERENCE_MAX: usize = 100;
/// Most entries of one order's ledger.
pub const ENTRIES_MAX: i64 = 500;

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

/// What an entry of the ledger says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Money came.
    Payment,
    /// Money went back.
    Refund,
    /// A bank promises the money.
    Authorization,
    /// The promise is given up.
    Void,
    /// A payment was tried and did not come about.
    Failure,
}

impl Entry {
    /// All, in the order people are shown.
    pub const ALL: [Entry; 5] = [Entry::Payment, Entry::Refund, Entry::Authorization, Entry::Void, Entry::Failure];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Entry::Payment => "capture",
            Entry::Refund => "refund",
            Entry::Authorization => "authorize",
            Entry::Void => "void",
            Entry::Failure => "fail",
        }
    }

    /// The entry of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Entry> {
        Entry::ALL.into_iter().find(|entry| entry.word() == word)
    }

    /// How it stands in the audit.
    const fn noted(self) -> &'static str {
        match self {
            Entry::Payment => "payment.added",
            Entry::Refund => "payment.refunded",
            Entry::Authorization => "payment.authorized",
            Entry::Void => "payment.voided",
            Entry::Failure => "payment.failed",
        }
    }
}

/// The ledger of an order in sums, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    entries: i64,
    got: i64,
    back: i64,
    promised: i64,
    given_up: i64,
}

impl Sums {
    /// What a bank promises still: money that came is no promise any longer.
    const fn open(self) -> i64 {
        let open = self.promised - self.given_up - self.got;
        if open > 0 { open } else { 0 }
    }
}

fn sums(work: &mut Work<'_>, order: &str) -> Res<Sums> {
    let row = work.one(
        "SELECT COUNT(*) AS entries, CAST(COALESCE(SUM(CASE kind WHEN 'capture' THEN amount_minor ELSE 0 END), 0) AS BIGINT) AS got, \
         CAST(COALESCE(SUM(CASE kind WHEN 'refund' THEN amount_minor ELSE 0 END), 0) AS BIGINT) AS back, \
         CAST(COALESCE(SUM(CASE kind WHEN 'authorize' THEN amount_minor ELSE 0 END), 0) AS BIGINT) AS promised, \
         CAST(COALESCE(SUM(CASE kind WHEN 'void' THEN amount_minor ELSE 0 END), 0) AS BIGINT) AS given_up \
         FROM payments WHERE order_id = $1",
        vals![order],
    )?;
    let Some(row) = row else { return Ok(Sums::default()) };
    let get = |name: &str| row.get::<i64>(name);
    Ok(Sums {
        entries: get("entries")?,
        got: get("got")?,
        back: get("back")?,
        promised: get("promised")?,
        given_up: get("given_up")?,
    })
}

/// Enters a line of the ledger and derives the payment axis of its order; the entry's id.
///
/// # Errors
/// [`Refusal::Missing`] for no such order; [`Refusal::Field`] as [`NewPayment::validate`], for a refund of more than is paid, and for giving up
/// more than is promised; [`Refusal::State`] for an order with [`ENTRIES_MAX`] entries.
pub fn enter(work: &mut Work<'_>, order: &str, entry: Entry, new: &NewPayment) -> Res<String> {
    new.validate()?;
    let row = work.one("SELECT currency FROM orders WHERE id = $1 AND site = $2", vals![order, work.site()])?;
    let currency: String = row.ok_or(Refusal::Missing { entity: "order" })?.at(0)?;
    let sums = sums(work, order)?;
    let most = match entry {
        Entry::Payment | Entry::Authorization | Entry::Failure => None,
        Entry::Refund => Some((sums.got - sums.back, "must be no more than is paid")),
        Entry::Void => Some((sums.open(), "must be no more than is promised")),
    };
    if let Some((_, why)) = most.filter(|(most, _)| new.amount_minor > *most) {
        return Err(Refusal::Field { field: "payment.most", why }.into());
    }
    if sums.entries >= ENTRIES_MAX {
        return Err(Refusal::State { entity: "order", state: "full of payments".to_owned() }.into());
    }
    let id = work.new_id();
    work.exec(
        "INSERT INTO payments (id, order_id, kind, amount_minor, currency, method, at_ms, actor_kind, actor, reference) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![
            &id, order, entry.word(), new.amount_minor, currency, new.method.word(), work.now_ms(),
            work.ctx.actor.kind(), work.ctx.actor.id(), &new.reference
        ],
    )?;
    derive(work, order)?;
    let detail = serde_json::json!({ "payment": id, "amount_minor": new.amount_minor, "method": new.method.word() });
    work.audit(entry.noted(), "order", order, detail);
    Ok(id)
}

/// Enters a payment of the order and derives its payment axis.
///
/// # Errors
/// As [`enter`].
pub fn pay(work: &mut Work<'_>, order: &str, new: &NewPayment) -> Res<()> {
    enter(work, order, Entry::Payment, new).map(|_| ())
}

/// Enters money that went back to the customer with a return and derives the payment axis.
///
/// # Errors
/// As [`enter`]; the field of an amount is that of the return.
pub fn refund(work: &mut Work<'_>, order: &str, amount_minor: i64, method: Method, reference: &str) -> Res<()> {
    let new = NewPayment { method, amount_minor, reference: reference.to_owned() };
    match enter(work, order, Entry::Refund, &new) {
        Err(CentralError::Refused(Refusal::Field { field: "payment.most", why })) => {
            Err(Refusal::Field { field: "return.amount", why }.into())
        }
        done => done.map(|_| ()),
    }
}

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Id.
    pub id: String,
    /// What it says.
    pub entry: Entry,
    /// How much, minor units of the order's currency.
    pub amount_minor: i64,
    /// How, as a word of [`Method`] or of an import.
    pub method: String,
    /// What the bank or the customer calls it: personal data. Empty where nobody said.
    pub reference: String,
    /// When, UTC ms.
    pub at_ms: i64,
    /// Initials of who entered it; empty for a program or an import.
    pub by: String,
}

/// What an order costs and what was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// ISO 4217.
    pub currency: String,
    /// What it costs, minor units.
    pub total_minor: i64,
    /// What was paid and not given back, minor units.
    pub paid_minor: i64,
    /// Word of the payment axis.
    pub status: String,
    /// The order's version.
    pub version: i64,
    /// The entries, newest first.
    pub entries: Vec<Entered>,
}

/// The ledger of the order with that id.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn ledger(tx: &mut dyn Conn, site: SiteId, order: &str) -> Res<Ledger> {
    let head = tx.one(
        "SELECT currency, total_minor, paid_minor, payment_status, version FROM orders WHERE id = $1 AND site = $2",
        vals![order, site.to_string()],
    )?;
    let head = head.ok_or(Refusal::Missing { entity: "order" })?;
    let rows = tx.all(
        "SELECT p.id, p.kind, p.amount_minor, p.method, p.reference, p.at_ms, COALESCE(u.initials, '') AS initials FROM payments p \
         LEFT JOIN users u ON u.id = p.actor AND p.actor_kind = 'user' WHERE p.order_id = $1 ORDER BY p.at_ms DESC, p.id DESC LIMIT $2",
        vals![order, ENTRIES_MAX],
    )?;
    let entry = |row: &Row| {
        let entry = Entry::of(&row.get::<String>("kind")?).ok_or(CentralError::Stored { what: "kind of a payment" })?;
        Ok(Entered {
            id: row.get("id")?,
            entry,
            amount_minor: row.get("amount_minor")?,
            method: row.get("method")?,
            reference: row.get("reference")?,
            at_ms: row.get("at_ms")?,
            by: row.get("initials")?,
        })
    };
    Ok(Ledger {
        currency: head.get("currency")?,
        total_minor: head.get("total_minor")?,
        paid_minor: head.get("paid_minor")?,
        status: head.get("payment_status")?,
        version: head.get("version")?,
        entries: rows.iter().map(entry).collect::<Res<_>>()?,
    })
}

/// Derives the payment axis from the ledger and the order's total. An order that must be paid before it leaves is flagged until
/// it is; a flag that a lead cleared at a bench comes back only when money is still missing after another change.
///
/// # Errors
/// Any fault of the store.
pub(super) fn derive(work: &mut Work<'_>, order: &str) -> Res<()> {
    let row = work.one("SELECT total_minor, terms, desk FROM orders WHERE id = $1", vals![order])?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    let (total, sums) = (row.get::<i64>("total_minor")?, sums(work, order)?);
    let (got, back) = (sums.got, sums.back);
    let status = match (got, back) {
        (0, _) if sums.open() > 0 => "authorized",
        (0, _) if sums.given_up > 0 => "voided",
        (0, _) if sums.entries > 0 => "failed",
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
    messages::owes(work, order)?;
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
