//! Customers: those the desk finds and adds, facts about those that an import brought in, and forgetting one for good.

mod buyer;
mod erase;
mod from_list;
mod list;
pub mod read;
mod save;
mod write;

pub use buyer::{Known, add, buyer, find};
pub use erase::{Erased, erase};
pub use from_list::save;
pub use list::{Bought, Listed, bought, page};
pub use save::{Edit, change, make};

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::order::Address;
use crate::vals;

/// Facts of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerFacts {
    /// Who, by id.
    pub id: String,
    /// Name for people; `None` leaves it.
    pub name: Option<String>,
    /// Where their parcels go; `None` leaves it.
    pub address: Option<Address>,
    /// Goes before others; `None` leaves it.
    pub vip: Option<bool>,
    /// Wants the invoice in the box; `None` leaves it.
    pub paper_invoice: Option<bool>,
}

/// Sets them, all or none, and tells stations of the open orders they change.
///
/// # Errors
/// [`Refusal::Missing`] for an unknown customer.
pub fn set_facts(work: &mut Work<'_>, facts: &[CustomerFacts]) -> Res<()> {
    for fact in facts {
        let address = fact.address.as_ref().map(serde_json::to_string).transpose();
        let address = address.map_err(|_| CentralError::Inner { what: "writing an address as JSON" })?;
        let search = fact.name.as_ref().map(|name| name.to_lowercase());
        let set = work.exec(
            "UPDATE customers SET name = COALESCE($3, name), search = COALESCE($4, search), \
             address = COALESCE($5, address), vip = COALESCE($6, vip), paper_invoice = COALESCE($7, paper_invoice), \
             version = version + 1, updated_ms = $8 WHERE id = $1 AND site = $2",
            vals![
                &fact.id,
                work.site(),
                fact.name.clone(),
                search,
                address,
                fact.vip,
                fact.paper_invoice,
                work.now_ms()
            ],
        )?;
        if set == 0 {
            return Err(Refusal::Missing { entity: "customer" }.into());
        }
        write::tell_orders(work, &fact.id)?;
    }
    work.audit("customers.facts", "site", work.site(), serde_json::json!({ "customers": facts.len() }));
    Ok(())
}
