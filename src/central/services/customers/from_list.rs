//! A customer as a list brings one: found by number and changed, else added under that number or the next free one.

use super::buyer;
use crate::central::error::{CentralError, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::protocol::wire::order::Address;
use crate::vals;

/// Saves them. The address must have been checked. `vip` of `None` leaves that as it is.
///
/// # Errors
/// Any fault of the store.
pub fn save(work: &mut Work<'_>, number: Option<&str>, vip: Option<bool>, address: &Address) -> Res<()> {
    let known = match number {
        Some(number) => work
            .one(
                "SELECT id FROM customers WHERE site = $1 AND number = $2 AND erased_ms IS NULL",
                vals![work.site(), number],
            )?
            .map(|row| row.at::<String>(0))
            .transpose()?,
        None => None,
    };
    let id = match (known, number) {
        (Some(id), _) => id,
        (None, None) => buyer::add(work, address.company.is_some(), address)?,
        (None, Some(number)) => add(work, number)?,
    };
    let text =
        serde_json::to_string(address).map_err(|_| CentralError::Inner { what: "writing an address as JSON" })?;
    let business = address.company.as_deref();
    let name = business.unwrap_or(&address.name);
    let row = work.one("SELECT number FROM customers WHERE id = $1", vals![&id])?;
    let number: String = row.map(|row| row.at::<Option<String>>(0)).transpose()?.flatten().unwrap_or_default();
    let search = [&number, name, &address.name, address.email.as_deref().unwrap_or_default()].join(" ").to_lowercase();
    work.exec(
        "UPDATE customers SET name = $2, search = $3, kind = $4, country = $5, address = $6, \
         phone = $7, email = $8, vip = COALESCE($9, vip), version = version + 1, updated_ms = $10 WHERE id = $1",
        vals![
            &id,
            name,
            search,
            if business.is_some() { "business" } else { "person" },
            &address.country,
            text,
            address.phone.clone(),
            address.email.clone(),
            vip,
            work.now_ms()
        ],
    )?;
    for row in work.all("SELECT id FROM orders WHERE customer = $1 AND is_open = 1", vals![&id])? {
        work.changed(ChangeKind::Order, row.at::<String>(0)?);
    }
    work.audit("customer.saved", "customer", &id, serde_json::json!({ "business": business.is_some() }));
    Ok(())
}

fn add(work: &mut Work<'_>, number: &str) -> Res<String> {
    let id = work.new_id();
    work.exec(
        "INSERT INTO customers (id, site, number, kind, first_order_ms, updated_ms) VALUES ($1, $2, $3, 'person', NULL, $4)",
        vals![&id, work.site(), number, work.now_ms()],
    )?;
    Ok(id)
}
