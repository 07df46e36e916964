//! Writing what is known of a customer: one hand for people, programs and lists, so that the words a customer is found by are always made
//! in the same way.

use crate::central::error::{CentralError, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::protocol::wire::order::Address;
use crate::vals;

/// A customer as it is to be.
pub(super) struct Facts<'a> {
    /// Id.
    pub id: &'a str,
    /// Number, or empty.
    pub number: &'a str,
    /// Name for people.
    pub name: &'a str,
    /// Where parcels go; none where nothing is known.
    pub address: Option<&'a Address>,
    /// E.164.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// `business` or `person`; `None` leaves it.
    pub kind: Option<&'static str>,
    /// Goes before others; `None` leaves it.
    pub vip: Option<bool>,
    /// Wants the invoice in the box; `None` leaves it.
    pub paper_invoice: Option<bool>,
}

/// Writes it, and tells stations of the customer's open orders. The address must have been checked.
///
/// # Errors
/// Any fault of the store.
pub(super) fn write(work: &mut Work<'_>, facts: &Facts<'_>) -> Res<()> {
    let text = facts.address.map(serde_json::to_string).transpose();
    let text = text.map_err(|_| CentralError::Inner { what: "writing an address as JSON" })?;
    let person = facts.address.map_or("", |address| address.name.as_str());
    work.exec(
        "UPDATE customers SET name = $2, search = $3, kind = COALESCE($4, kind), country = COALESCE($5, country), address = $6, \
         phone = $7, email = $8, vip = COALESCE($9, vip), paper_invoice = COALESCE($10, paper_invoice), version = version + 1, \
         updated_ms = $11 WHERE id = $1",
        vals![
            facts.id,
            facts.name,
            found_by(facts.number, facts.name, person, facts.email.as_deref()),
            facts.kind.map(str::to_owned),
            facts.address.map(|address| address.country.clone()),
            text,
            facts.phone.clone(),
            facts.email.clone(),
            facts.vip,
            facts.paper_invoice,
            work.now_ms()
        ],
    )?;
    tell_orders(work, facts.id)
}

/// The words a customer is found by.
pub(super) fn found_by(number: &str, name: &str, person: &str, email: Option<&str>) -> String {
    [number, name, person, email.unwrap_or_default()].join(" ").to_lowercase()
}

/// Stations learn the open orders of a customer anew.
///
/// # Errors
/// Any fault of the store.
pub(super) fn tell_orders(work: &mut Work<'_>, customer: &str) -> Res<()> {
    for row in work.all("SELECT id FROM orders WHERE customer = $1 AND is_open = 1", vals![customer])? {
        work.changed(ChangeKind::Order, row.at::<String>(0)?);
    }
    Ok(())
}
