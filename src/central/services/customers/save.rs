//! Customers added and changed by people and programs, one at a time and under a version check. All of it is personal data: it goes into
//! no log and no audit, where only the names of the facts stand that changed.

use super::add;
use super::read::{self, By};
use super::write::{Facts, write};
use crate::central::error::{Refusal, Res};
use crate::central::services::orders::entry::check_address;
use crate::central::store::work::Work;
use crate::protocol::wire::order::Address;
use crate::vals;

/// Longest name, characters.
pub const NAME_MAX: usize = 100;

/// What shall be; `None` leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// Name for people.
    pub name: Option<String>,
    /// Where parcels go; phone and e-mail address with it.
    pub address: Option<Address>,
    /// Goes before others.
    pub vip: Option<bool>,
    /// Wants the invoice in the box.
    pub paper_invoice: Option<bool>,
}

/// Adds a customer; the number.
///
/// # Errors
/// [`Refusal::Field`] for an address that is not usable.
pub fn make(work: &mut Work<'_>, business: bool, address: &Address, edit: &Edit) -> Res<String> {
    check_address(address)?;
    let id = add(work, business, address)?;
    let number = read::one(work.tx, work.ctx.site, By::Id(&id))?.number.unwrap_or_default();
    work.exec(
        "UPDATE customers SET vip = COALESCE($2, vip), paper_invoice = COALESCE($3, paper_invoice) WHERE id = $1",
        vals![&id, edit.vip, edit.paper_invoice],
    )?;
    Ok(number)
}

/// Changes a customer; the version then. `seen` are the versions that the writer may have had before their eyes.
///
/// # Errors
/// [`Refusal::Missing`] for none of this number, a guest, or one whose data was erased; [`Refusal::Version`]; [`Refusal::Field`] for what is
/// not usable.
pub fn change(work: &mut Work<'_>, number: &str, seen: Option<&[i64]>, edit: &Edit) -> Res<i64> {
    let now = read::one(work.tx, work.ctx.site, By::Number(number))?;
    if now.kind == "guest" || now.erased_ms.is_some() {
        return Err(Refusal::Missing { entity: "customer" }.into());
    }
    if seen.is_some_and(|versions| !versions.contains(&now.version)) {
        return Err(Refusal::Version { newest: now.version, fields: Vec::new() }.into());
    }
    if let Some(address) = &edit.address {
        check_address(address)?;
    }
    let plain =
        |name: &String| !name.trim().is_empty() && name.chars().count() <= NAME_MAX && !name.contains(char::is_control);
    if !edit.name.as_ref().is_none_or(plain) {
        return Err(Refusal::Field { field: "name", why: "must have 1 to 100 characters" }.into());
    }
    let name = edit.name.clone().unwrap_or_else(|| now.name.clone());
    let address = edit.address.clone().or(now.address);
    let of = |part: fn(&Address) -> Option<String>| address.as_ref().and_then(part);
    let facts = Facts {
        id: &now.id,
        number,
        name: &name,
        address: address.as_ref(),
        phone: of(|address| address.phone.clone()).or(now.phone),
        email: of(|address| address.email.clone()).or(now.email),
        kind: None,
        vip: edit.vip,
        paper_invoice: edit.paper_invoice,
    };
    write(work, &facts)?;
    let changed = [
        ("name", edit.name.is_some()),
        ("address", edit.address.is_some()),
        ("vip", edit.vip.is_some()),
        ("paper_invoice", edit.paper_invoice.is_some()),
    ];
    let changed: Vec<&str> = changed.iter().filter(|(_, sent)| *sent).map(|(name, _)| *name).collect();
    work.audit("customer.changed", "customer", &now.id, serde_json::json!({ "facts": changed }));
    Ok(now.version + 1)
}
