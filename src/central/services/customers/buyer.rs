//! Customers that the desk finds or adds. Everything here is personal data: it goes to who may see it, and into no log.

use super::read::{self, By, CustomerView, SELECT, view};
use super::write::found_by;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::protocol::wire::order::Address;
use crate::sql::Conn;
use crate::vals;

/// Most customers of one search.
const FOUND_MAX: i64 = 20;

/// A customer as the desk sees one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Id.
    pub id: String,
    /// Number, or empty.
    pub number: String,
    /// Name, or empty.
    pub name: String,
    /// A business.
    pub business: bool,
    /// Where their parcels go, as far as known.
    pub address: Address,
}

fn known(view: CustomerView) -> Known {
    let country = view.country.unwrap_or_default();
    let mut address = view.address.unwrap_or_else(|| Address { country, ..Address::default() });
    address.phone = address.phone.or(view.phone);
    address.email = address.email.or(view.email);
    Known {
        id: view.id,
        number: view.number.unwrap_or_default(),
        name: view.name,
        business: view.kind == "business",
        address,
    }
}

/// The customer of this name; guests and erased ones are none.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn buyer(tx: &mut dyn Conn, site: SiteId, by: By<'_>) -> Res<Known> {
    let view = read::one(tx, site, by)?;
    if view.kind == "guest" || view.erased_ms.is_some() {
        return Err(Refusal::Missing { entity: "customer" }.into());
    }
    Ok(known(view))
}

/// Customers whose number or, for one who may see personal data, name contains the text; the first twenty by number.
///
/// # Errors
/// Any fault of the store.
pub fn find(tx: &mut dyn Conn, site: SiteId, text: &str, personal: bool) -> Res<Vec<Known>> {
    let like = format!("%{}%", text.trim().to_lowercase().replace(['%', '_', '\\'], ""));
    let of = if personal { "search" } else { "number" };
    let sql = format!(
        "{SELECT} WHERE site = $1 AND kind <> 'guest' AND erased_ms IS NULL AND {of} LIKE $2 ORDER BY number, id LIMIT $3"
    );
    let rows = tx.all(&sql, vals![site.to_string(), like, FOUND_MAX])?;
    rows.iter().map(|row| view(row).map(known)).collect()
}

/// Adds a customer with the next free number; the id. The address must have been checked.
///
/// # Errors
/// Any fault of the store.
pub fn add(work: &mut Work<'_>, business: bool, address: &Address) -> Res<String> {
    let id = work.new_id();
    add_as(work, id, business, address)
}

/// [`add`] under this id.
pub(super) fn add_as(work: &mut Work<'_>, id: String, business: bool, address: &Address) -> Res<String> {
    let number = number(work)?;
    let name = address.company.as_deref().filter(|_| business).unwrap_or(&address.name);
    let search = found_by(&number, name, &address.name, address.email.as_deref());
    let text =
        serde_json::to_string(address).map_err(|_| CentralError::Inner { what: "writing an address as JSON" })?;
    let now = work.now_ms();
    work.exec(
        "INSERT INTO customers (id, site, number, name, search, kind, country, address, phone, email, first_order_ms, \
         updated_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        vals![
            &id,
            work.site(),
            number,
            name,
            search,
            if business { "business" } else { "person" },
            &address.country,
            text,
            address.phone.clone(),
            address.email.clone(),
            now
        ],
    )?;
    work.audit("customer.added", "customer", &id, serde_json::json!({ "business": business }));
    Ok(id)
}

/// The next number that no customer has, from the site's counter.
fn number(work: &mut Work<'_>) -> Res<String> {
    loop {
        let next = work.tx.int(
            "UPDATE sites SET customer_next = customer_next + 1 WHERE id = $1 RETURNING customer_next - 1",
            vals![work.ctx.site.to_string()],
        )?;
        let number = format!("C{next:06}");
        let taken =
            work.one("SELECT id FROM customers WHERE site = $1 AND number = $2", vals![work.site(), &number])?;
        if taken.is_none() {
            return Ok(number);
        }
    }
}
