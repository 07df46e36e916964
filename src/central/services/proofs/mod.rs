//! Proofs of payment: files that a clerk adds to a draft or an order, named by their content and kept beside the photos. Who looks at one is
//! written down before the file is given out.

pub use super::kept::{BYTES_MAX as PROOF_BYTES_MAX, recognise};

use crate::central::actor::Actor;
use crate::central::error::{Refusal, Res};
use crate::central::services::kept::{self, Kept, Shelf};
use crate::central::services::photos::Desk;
use crate::central::store::Store;
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most proofs of one draft or order.
pub const PROOFS_MAX: i64 = 20;

/// What a proof belongs to, by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// An order that is still typed.
    Draft(String),
    /// An order.
    Order(String),
}

/// A proof as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Id.
    pub id: String,
    /// What it is, as the web names it.
    pub media_type: String,
    /// Size.
    pub size_bytes: i64,
    /// When it was added, UTC ms.
    pub at_ms: i64,
    /// Content.
    pub hash: String,
}

/// Where the files are: beside the photos, where no address of a photo leads.
#[must_use]
pub fn folder(photos: &Path) -> PathBuf {
    Shelf::Proofs.folder(photos)
}

/// Where one proof's file is.
///
/// # Errors
/// If the stored hash has an unknown form.
pub fn path(photos: &Path, proof: &Proof) -> Res<PathBuf> {
    Shelf::Proofs.path(photos, &proof.hash)
}

/// Adds a file; the same file twice on one record is one proof. Its id.
///
/// # Errors
/// As [`kept::keep`]; [`Refusal::Missing`] for no such record, [`Refusal::State`] for a draft that is an order already or a record with
/// twenty proofs.
pub async fn add(store: &Store, desk: &Arc<Desk>, actor: Actor, of: Of, bytes: Vec<u8>) -> Res<String> {
    let (site, asked) = (store.site(), of.clone());
    let room = move |tx: &mut dyn Conn| room(tx, site, &asked);
    let note = move |work: &mut Work<'_>, kept: &Kept| note(work, &of, kept);
    kept::keep(store, desk, Shelf::Proofs, actor, bytes, room, note).await
}

/// Removes the files of these proofs that no row names any more.
///
/// # Errors
/// Any fault of the store or the disk.
pub async fn sweep(store: &Store, desk: &Arc<Desk>, hashes: Vec<String>) -> Res<()> {
    kept::sweep(store, desk, Shelf::Proofs, hashes).await
}

/// Whether the record is there and takes one more.
fn room(tx: &mut dyn Conn, site: SiteId, of: &Of) -> Res<()> {
    let (sql, id, entity) = match of {
        Of::Draft(id) => ("SELECT order_id FROM order_drafts WHERE id = $1 AND site = $2", id, "draft"),
        Of::Order(id) => ("SELECT NULL FROM orders WHERE id = $1 AND site = $2", id, "order"),
    };
    let row = tx.one(sql, vals![id, site.to_string()])?.ok_or(Refusal::Missing { entity })?;
    if let (Of::Draft(_), Some(_)) = (of, row.at::<Option<String>>(0)?) {
        return Err(Refusal::State { entity, state: "an order already".to_owned() }.into());
    }
    if list(tx, of)?.len() as i64 >= PROOFS_MAX {
        return Err(Refusal::State { entity, state: "full: it has twenty proofs".to_owned() }.into());
    }
    Ok(())
}

fn note(work: &mut Work<'_>, of: &Of, kept: &Kept) -> Res<String> {
    room(work.tx, work.ctx.site, of)?;
    let hash = kept.hash.to_string();
    if let Some(same) = list(work.tx, of)?.into_iter().find(|proof| proof.hash == hash) {
        return Ok(same.id);
    }
    let (draft, order) = match of {
        Of::Draft(id) => (Some(id.clone()), None),
        Of::Order(id) => (None, Some(id.clone())),
    };
    let id = work.new_id();
    work.exec(
        "INSERT INTO payment_proofs (id, site, hash, media_type, size_bytes, draft, order_id, actor_kind, actor, at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![
            &id, work.site(), hash, kept.media_type, kept.size_bytes, draft, order.clone(), work.ctx.actor.kind(),
            work.ctx.actor.id(), work.now_ms()
        ],
    )?;
    let detail = serde_json::json!({ "proof": id, "bytes": kept.size_bytes, "kind": kept.media_type });
    match of {
        Of::Draft(record) => work.audit("proof.added", "draft", record, detail),
        Of::Order(record) => work.audit("proof.added", "order", record, detail),
    }
    Ok(id)
}

/// The proofs of a record, oldest first.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, of: &Of) -> Res<Vec<Proof>> {
    let (column, id) = match of {
        Of::Draft(id) => ("draft", id),
        Of::Order(id) => ("order_id", id),
    };
    let sql = format!(
        "SELECT id, media_type, size_bytes, at_ms, hash FROM payment_proofs WHERE {column} = $1 ORDER BY at_ms, id LIMIT 100"
    );
    let rows = tx.all(&sql, vals![id])?;
    rows.iter().map(proof).collect()
}

fn proof(row: &Row) -> Res<Proof> {
    Ok(Proof {
        id: row.get("id")?,
        media_type: row.get("media_type")?,
        size_bytes: row.get("size_bytes")?,
        at_ms: row.get("at_ms")?,
        hash: row.get("hash")?,
    })
}

/// Writes down that somebody looks at a proof, and says what it is. The file may be given out only after this was stored.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn look(work: &mut Work<'_>, id: &str) -> Res<Proof> {
    let row = work.one(
        "SELECT id, media_type, size_bytes, at_ms, hash, order_id, draft FROM payment_proofs WHERE id = $1 AND site = $2",
        vals![id, work.site()],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "proof" })?;
    let detail = serde_json::json!({ "proof": id });
    match (row.get::<Option<String>>("order_id")?, row.get::<Option<String>>("draft")?) {
        (Some(order), _) => work.audit("proof.viewed", "order", order, detail),
        (None, draft) => work.audit("proof.viewed", "draft", draft.unwrap_or_default(), detail),
    }
    proof(&row)
}

/// The proofs of a draft are those of the order it became.
///
/// # Errors
/// Any fault of the store.
pub(super) fn to_order(work: &mut Work<'_>, draft: &str, order: &str) -> Res<()> {
    work.exec("UPDATE payment_proofs SET order_id = $2, draft = NULL WHERE draft = $1", vals![draft, order])?;
    Ok(())
}

/// The proofs of a draft that is thrown away are named by nothing any more; their files, for [`sweep`].
///
/// # Errors
/// Any fault of the store.
pub(super) fn forget_draft(work: &mut Work<'_>, draft: &str) -> Res<Vec<String>> {
    let rows = work.all("DELETE FROM payment_proofs WHERE draft = $1 RETURNING hash", vals![draft])?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}
