//! A customer for programs. All of it is personal data: only who may see that asks.

use crate::central::error::{CentralError, Refusal, Res};
use crate::protocol::wire::SiteId;
use crate::protocol::wire::order::Address;
use crate::sql::Conn;
use crate::vals;

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerView {
    /// Number.
    pub number: String,
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
    /// Where parcels go.
    pub address: Option<Address>,
    /// When the first order was placed, UTC ms.
    pub first_order_ms: Option<i64>,
    /// When the personal data was erased, UTC ms.
    pub erased_ms: Option<i64>,
    /// Orders so far.
    pub orders: i64,
    /// Version.
    pub version: i64,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
}

/// The customer with that number.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn one(tx: &mut dyn Conn, site: SiteId, number: &str) -> Res<CustomerView> {
    let row = tx
        .one(
            "SELECT c.*, (SELECT COUNT(*) FROM orders o WHERE o.customer = c.id) AS orders FROM customers c \
             WHERE c.site = $1 AND c.number = $2",
            vals![site.to_string(), number],
        )?
        .ok_or(Refusal::Missing { entity: "customer" })?;
    let address = row.get::<Option<String>>("address")?.map(|text| serde_json::from_str(&text)).transpose();
    Ok(CustomerView {
        number: row.get("number")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        vip: row.get("vip")?,
        paper_invoice: row.get("paper_invoice")?,
        country: row.get("country")?,
        phone: row.get("phone")?,
        address: address.map_err(|_| CentralError::Stored { what: "address of a customer" })?,
        first_order_ms: row.get("first_order_ms")?,
        erased_ms: row.get("erased_ms")?,
        orders: row.get("orders")?,
        version: row.get("version")?,
        updated_ms: row.get("updated_ms")?,
    })
}
