//! Proofs of payment: files that a clerk adds to a draft or an order, named by their content and kept beside the photos. A file is
//! recognised, written and flushed with its folder before a transaction is opened; the row that names it comes last, so a crash
//! leaves at most a file that nothing names. Who looks at one is written down before the file is given out.

mod recognise;

pub use recognise::recognise;

use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::photos::{self, Desk, Written};
use crate::central::store::Store;
use crate::central::store::work::Work;
use crate::protocol::wire::{ContentHash, SiteId};
use crate::sql::{Conn, Row};
use crate::vals;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest file, bytes.
pub const PROOF_BYTES_MAX: usize = 10 << 20;
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
    photos.join("proofs")
}

/// Where one proof's file is.
///
/// # Errors
/// If the stored hash has an unknown form.
pub fn path(photos: &Path, proof: &Proof) -> Res<PathBuf> {
    let hash = proof.hash.parse().map_err(|_| CentralError::Stored { what: "hash of a proof" })?;
    Ok(photos::path(&folder(photos), &hash))
}

/// Adds a file; the same file twice on one record is one proof. Its id.
///
/// # Errors
/// [`Refusal::Field`] for a file that is too large, empty, or no PDF, PNG or JPEG; [`Refusal::Missing`] for no such record,
/// [`Refusal::State`] for a draft that is an order already or a record with twenty proofs.
pub async fn add(store: &Store, desk: &Arc<Desk>, actor: Actor, of: Of, bytes: Vec<u8>) -> Res<String> {
    if bytes.len() > PROOF_BYTES_MAX {
        return Err(Refusal::Field { field: "proof.size", why: "must have at most 10 MiB" }.into());
    }
    // Before the disk is touched: a file for nothing is not kept.
    let (site, asked) = (store.site(), of.clone());
    store.read(move |tx| room(tx, site, &asked)).await?;
    let (kept, bytes) = blocking(move || Ok((known(&bytes)?, bytes))).await?;
    // Until the row names the file, nobody who throws files away may think that none does.
    let _lane = desk.lane(&kept.hash).lock().await;
    let (folder, hash) = (folder(&desk.folder), kept.hash);
    let size = bytes.len() as u64;
    match blocking(move || photos::write(&folder, &hash, 0, size, &bytes)).await? {
        Written::Complete(_) => {}
        Written::Partial(_) | Written::WrongHash | Written::Lost => {
            return Err(CentralError::Inner { what: "writing a proof" });
        }
    }
    store.write(actor, move |work| note(work, &of, &kept)).await
}

/// Runs what waits for a disk or reckons long on a thread that may.
async fn blocking<T: Send + 'static>(job: impl FnOnce() -> Res<T> + Send + 'static) -> Res<T> {
    tokio::task::spawn_blocking(job).await.map_err(|_| CentralError::Inner { what: "writing a proof" })?
}

/// What a file is.
struct Kept {
    hash: ContentHash,
    media_type: &'static str,
    size_bytes: i64,
}

fn known(bytes: &[u8]) -> Result<Kept, Refusal> {
    let media_type = recognise(bytes)
        .ok_or(Refusal::Field { field: "proof.kind", why: "must be a PDF, a PNG or a JPEG by its content" })?;
    let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    Ok(Kept { hash: ContentHash::of(bytes), media_type, size_bytes })
}

/// Removes the files of these proofs that no row names any more.
///
/// # Errors
/// Any fault of the store or the disk.
pub async fn sweep(store: &Store, desk: &Arc<Desk>, hashes: Vec<String>) -> Res<()> {
    for text in hashes {
        let hash: ContentHash = text.parse().map_err(|_| CentralError::Stored { what: "hash of a proof" })?;
        let _lane = desk.lane(&hash).lock().await;
        let named =
            store.read(move |tx| Ok(tx.int("SELECT COUNT(*) FROM payment_proofs WHERE hash = $1", vals![&text])?));
        if named.await? == 0 {
            let path = photos::path(&folder(&desk.folder), &hash);
            blocking(move || photos::delete(&path, "removing a proof")).await?;
        }
    }
    Ok(())
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
