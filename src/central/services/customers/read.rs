//! Reading customers: the one place that knows their rows. All of it is personal data: only who may see that asks.

use crate::central::error::{CentralError, Refusal, Res};
use crate::protocol::wire::SiteId;
use crate::protocol::wire::order::Address;
use crate::sql::{Conn, Row};
use crate::vals;

/// What [`view`] reads.
pub(super) const SELECT: &str = "SELECT id, number, name, kind, vip, paper_invoice, country, phone, email, address, \
    first_order_ms, erased_ms, version, updated_ms FROM customers";

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerView {
    /// Id.
    pub id: String,
    /// Number; none for a guest.
    pub number: Option<String>,
    /// Name, or empty.
    pub name: String,
    /// `person`, `business` or `guest`.
    pub kind: String,
    /// Goes before others.
    pub vip: bool,
    /// Wants the invoice in the box.
    pub paper_invoice: bool,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Where parcels go.
    pub address: Option<Address>,
    /// When the first order was placed, UTC ms.
    pub first_order_ms: Option<i64>,
    /// When the personal data was erased, UTC ms.
    pub erased_ms: Option<i64>,
    /// Version.
    pub version: i64,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
}

/// What names a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By<'a> {
    /// Its id.
    Id(&'a str),
    /// Its number.
    Number(&'a str),
}

/// The customer of this name.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn one(tx: &mut dyn Conn, site: SiteId, by: By<'_>) -> Res<CustomerView> {
    let (column, name) = match by {
        By::Id(id) => ("id", id),
        By::Number(number) => ("number", number),
    };
    let row = tx.one(&format!("{SELECT} WHERE site = $1 AND {column} = $2"), vals![site.to_string(), name])?;
    view(&row.ok_or(Refusal::Missing { entity: "customer" })?)
}

/// How many orders a customer placed so far.
///
/// # Errors
/// Any fault of the store.
pub fn orders(tx: &mut dyn Conn, customer: &str) -> Res<i64> {
    Ok(tx.int("SELECT COUNT(*) FROM orders WHERE customer = $1", vals![customer])?)
}

/// A row of [`SELECT`].
pub(super) fn view(row: &Row) -> Res<CustomerView> {
    let address = row.get::<Option<String>>("address")?.map(|text| serde_json::from_str(&text)).transpose();
    Ok(CustomerView {
        id: row.get("id")?,
        number: row.get("number")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        vip: row.get("vip")?,
        paper_invoice: row.get("paper_invoice")?,
        country: row.get("country")?,
        phone: row.get("phone")?,
        email: row.get("email")?,
        address: address.map_err(|_| CentralError::Stored { what: "address of a customer" })?,
        first_order_ms: row.get("first_order_ms")?,
        erased_ms: row.get("erased_ms")?,
        version: row.get("version")?,
        updated_ms: row.get("updated_ms")?,
    })
}
