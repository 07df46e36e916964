//! Forgetting a customer for good: what the law calls erasure. What was sold, for how much and when stays, as books must be kept;
//! who bought it, where it went and what was written or photographed about them does not, here and at every station.

use crate::central::error::{Refusal, Res};
use crate::central::services::{exports, photos, sheets};
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::vals;

/// What belongs to an order of the customer `$1`.
const THEIRS: &str = "order_id IN (SELECT id FROM orders WHERE customer = $1)";

/// What was erased with a customer, and files that are to be deleted when that is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Orders that name nobody now.
    pub orders: usize,
    /// Photos that nobody is shown any longer.
    pub photos: u64,
    /// Hashes of proofs of payment that no row names for them any longer.
    pub proofs: Vec<String>,
    /// Hashes of files that lay with their orders.
    pub files: Vec<String>,
    /// Lists of customers or orders that people had sent: any of them may name the person, and bring them back.
    pub lists: Vec<String>,
    /// Files with personal data that people had taken out, with their kinds.
    pub exports: Vec<(String, String)>,
}

/// Erases the customer of this id whom somebody saw in that version.
///
/// # Errors
/// [`Refusal::Missing`] if there is none, [`Refusal::Version`] if they changed meanwhile, [`Refusal::State`] if they are erased
/// already or wait for an order.
pub fn erase(work: &mut Work<'_>, id: &str, version: i64) -> Res<Erased> {
    let row = work.one(
        "SELECT version, erased_ms, kind, (SELECT COUNT(*) FROM orders o WHERE o.customer = c.id AND o.is_open = 1) AS open \
         FROM customers c WHERE c.id = $1 AND c.site = $2",
        vals![id, work.site()],
    )?;
    let row = row.filter(|row| !matches!(row.get::<String>("kind").as_deref(), Ok("guest")));
    let row = row.ok_or(Refusal::Missing { entity: "customer" })?;
    let state = |state: &str| Refusal::State { entity: "customer", state: state.to_owned() };
    if row.get::<Option<i64>>("erased_ms")?.is_some() {
        return Err(state("erased").into());
    }
    if row.get::<i64>("open")? > 0 {
        return Err(state("waiting for an order").into());
    }
    let newest: i64 = row.get("version")?;
    if newest != version {
        return Err(Refusal::Version { newest, fields: Vec::new() }.into());
    }
    work.exec(
        "UPDATE customers SET name = '', search = LOWER(COALESCE(number, '')), address = NULL, phone = NULL, email = NULL, \
         language = '', erased_ms = $2, version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![id, work.now_ms()],
    )?;
    let orders = orders(work, id)?;
    mail(work, id)?;
    notes(work, id)?;
    let erased = Erased {
        orders: orders.len(),
        photos: photos::erase_of(work, id)?,
        proofs: proofs_and_drafts(work, id)?,
        files: files(work, id)?,
        lists: sheets::forget_personal(work)?,
        exports: exports::forget_personal(work)?,
    };
    for order in orders {
        // Stations forget the order as a whole: it is over, and nobody packs it again.
        work.gone(ChangeKind::Order, order);
    }
    work.audit(
        "person.erased",
        "customer",
        id,
        serde_json::json!({ "orders": erased.orders, "photos": erased.photos }),
    );
    Ok(erased)
}

/// Takes the person out of their orders and payments; the orders' ids.
fn orders(work: &mut Work<'_>, id: &str) -> Res<Vec<String>> {
    work.exec(&format!("UPDATE payments SET reference = '' WHERE {THEIRS}"), vals![id])?;
    let rows = work.all(
        "UPDATE orders SET ship_to = NULL, note = NULL, gift_message = NULL, office_note = NULL, remark_text = NULL, \
         version = version + 1, updated_ms = $2 WHERE customer = $1 RETURNING id",
        vals![id, work.now_ms()],
    )?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}

/// Empties what was written to them, takes back what waits, and ends the pages their links lead to.
fn mail(work: &mut Work<'_>, id: &str) -> Res<()> {
    work.exec(
        &format!("UPDATE message_tries SET answer = '' WHERE message IN (SELECT id FROM messages WHERE {THEIRS})"),
        vals![id],
    )?;
    work.exec(
        &format!(
            "UPDATE messages SET recipient = '', subject = '', body = '', updated_ms = $2, \
             state = CASE WHEN state IN ('queued', 'failed') THEN 'taken_back' ELSE state END WHERE {THEIRS}"
        ),
        vals![id, work.now_ms()],
    )?;
    work.exec(&format!("DELETE FROM track_links WHERE {THEIRS}"), vals![id])?;
    Ok(())
}

/// Empties what people wrote about them: on the board, after calls, with returns.
fn notes(work: &mut Work<'_>, id: &str) -> Res<()> {
    // A move that is taken back would bring its note again.
    work.exec(&format!("UPDATE stage_moves SET from_note = NULL WHERE {THEIRS}"), vals![id])?;
    for (table, empty) in [
        ("order_places", "NULL"),
        ("reminders", "''"),
        ("order_calls", "''"),
        ("order_deliveries", "''"),
        ("returns", "NULL"),
    ] {
        work.exec(&format!("UPDATE {table} SET note = {empty} WHERE {THEIRS}"), vals![id])?;
    }
    Ok(())
}

/// Takes the files off their orders; the hashes.
fn files(work: &mut Work<'_>, id: &str) -> Res<Vec<String>> {
    let rows = work.all(&format!("DELETE FROM order_files WHERE {THEIRS} RETURNING hash"), vals![id])?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}

/// Removes their proofs of payment, and drafts that name them with theirs; hashes of the proofs.
fn proofs_and_drafts(work: &mut Work<'_>, id: &str) -> Res<Vec<String>> {
    let mut rows = work.all(&format!("DELETE FROM payment_proofs WHERE {THEIRS} RETURNING hash"), vals![id])?;
    let named = format!("%{id}%");
    let drafts = "SELECT id FROM order_drafts WHERE site = $1 AND order_id IS NULL AND document LIKE $2";
    rows.extend(work.all(
        &format!("DELETE FROM payment_proofs WHERE draft IN ({drafts}) RETURNING hash"),
        vals![work.site(), &named],
    )?);
    work.exec(
        "DELETE FROM order_drafts WHERE site = $1 AND order_id IS NULL AND document LIKE $2",
        vals![work.site(), named],
    )?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}
