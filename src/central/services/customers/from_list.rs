//! A customer as a list brings one: found by number and changed, else added under that number or the next free one. One who was
//! forgotten stays forgotten: a list does not bring back what was erased.

use super::buyer;
use super::write::{Facts, write};
use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::order::Address;
use crate::vals;
use uuid::Uuid;

/// Saves them. The address must have been checked. `vip` of `None` leaves that as it is. Who has no number is known by the `row` of the
/// list that brought them, so that a list that is taken up again adds nobody twice.
///
/// # Errors
/// [`Refusal::State`] for the number of a customer whose data was erased.
pub fn save(work: &mut Work<'_>, number: Option<&str>, vip: Option<bool>, address: &Address, row: &str) -> Res<()> {
    let id = match number {
        None => {
            let id = Uuid::new_v5(&work.ctx.site.0, format!("customer/{row}").as_bytes()).to_string();
            match known(work, "id", &id)? {
                Some(id) => id,
                None => buyer::add_as(work, id, address.company.is_some(), address)?,
            }
        }
        Some(number) => match known(work, "number", number)? {
            Some(id) => id,
            None => add(work, number)?,
        },
    };
    let row = work.one("SELECT number FROM customers WHERE id = $1", vals![&id])?;
    let number: String = row.map(|row| row.at::<Option<String>>(0)).transpose()?.flatten().unwrap_or_default();
    let business = address.company.as_deref();
    let facts = Facts {
        id: &id,
        number: &number,
        name: business.unwrap_or(&address.name),
        address: Some(address),
        phone: address.phone.clone(),
        email: address.email.clone(),
        kind: Some(if business.is_some() { "business" } else { "person" }),
        vip,
        paper_invoice: None,
    };
    write(work, &facts)?;
    work.audit("customer.saved", "customer", &id, serde_json::json!({ "business": business.is_some() }));
    Ok(())
}

/// Id of the customer whose number or id that is, if there is one.
fn known(work: &mut Work<'_>, column: &'static str, value: &str) -> Res<Option<String>> {
    let sql = format!("SELECT id, erased_ms FROM customers WHERE site = $1 AND {column} = $2");
    let Some(row) = work.one(&sql, vals![work.site(), value])? else { return Ok(None) };
    if row.at::<Option<i64>>(1)?.is_some() {
        return Err(Refusal::State { entity: "customer", state: "erased".to_owned() }.into());
    }
    Ok(Some(row.at(0)?))
}

fn add(work: &mut Work<'_>, number: &str) -> Res<String> {
    let id = work.new_id();
    work.exec(
        "INSERT INTO customers (id, site, number, kind, first_order_ms, updated_ms) VALUES ($1, $2, $3, 'person', NULL, $4)",
        vals![&id, work.site(), number, work.now_ms()],
    )?;
    Ok(id)
}
