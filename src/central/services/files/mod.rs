//! Files that people attach to an order: a letter, a photo of a damage, a customs form. Kept as proofs of payment are: recognised by
//! content, named by it, beside the photos where no address leads; the row comes last. Who looks at one is written down first.

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

/// Most files of one order.
pub const FILES_MAX: i64 = 50;
/// Longest name that is kept, characters.
const NAME_MAX: usize = 100;

/// A file as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Id.
    pub id: String,
    /// Its name where it came from.
    pub name: String,
    /// What it is, as the web names it.
    pub media_type: String,
    /// Size.
    pub size_bytes: i64,
    /// When it was added, UTC ms.
    pub at_ms: i64,
    /// Content.
    pub hash: String,
}

/// Where one file is.
///
/// # Errors
/// If the stored hash has an unknown form.
pub fn path(photos: &Path, attached: &Attached) -> Res<PathBuf> {
    Shelf::Files.path(photos, &attached.hash)
}

/// Adds a file to an order; the same file twice is one. Its id.
///
/// # Errors
/// As [`kept::keep`]; [`Refusal::Missing`] for no such order, [`Refusal::State`] for one with fifty files.
pub async fn add(
    store: &Store,
    desk: &Arc<Desk>,
    actor: Actor,
    order: String,
    name: String,
    bytes: Vec<u8>,
) -> Res<String> {
    let (site, asked) = (store.site(), order.clone());
    let room = move |tx: &mut dyn Conn| room(tx, site, &asked);
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
    let note = move |work: &mut Work<'_>, kept: &Kept| note(work, &order, &name, kept);
    kept::keep(store, desk, Shelf::Files, actor, bytes, room, note).await
}

/// Whether the order is there and takes one more.
fn room(tx: &mut dyn Conn, site: SiteId, order: &str) -> Res<()> {
    let here = tx.int("SELECT COUNT(*) FROM orders WHERE id = $1 AND site = $2", vals![order, site.to_string()])?;
    if here == 0 {
        return Err(Refusal::Missing { entity: "order" }.into());
    }
    if tx.int("SELECT COUNT(*) FROM order_files WHERE order_id = $1", vals![order])? >= FILES_MAX {
        return Err(Refusal::State { entity: "order", state: "full: it has fifty files".to_owned() }.into());
    }
    Ok(())
}

fn note(work: &mut Work<'_>, order: &str, name: &str, kept: &Kept) -> Res<String> {
    room(work.tx, work.ctx.site, order)?;
    let (hash, kind, size) = (kept.hash.to_string(), kept.media_type, kept.size_bytes);
    let same = work.one("SELECT id FROM order_files WHERE order_id = $1 AND hash = $2", vals![order, &hash])?;
    if let Some(same) = same {
        return Ok(same.at(0)?);
    }
    let id = work.new_id();
    work.exec(
        "INSERT INTO order_files (id, site, order_id, hash, name, media_type, size_bytes, actor_kind, actor, at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![
            &id,
            work.site(),
            order,
            hash,
            name,
            kind,
            size,
            work.ctx.actor.kind(),
            work.ctx.actor.id(),
            work.now_ms()
        ],
    )?;
    work.audit("file.added", "order", order, serde_json::json!({ "file": id, "bytes": size, "kind": kind }));
    Ok(id)
}

/// The files of an order, oldest first.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, order: &str) -> Res<Vec<Attached>> {
    let rows = tx.all(
        "SELECT id, name, media_type, size_bytes, at_ms, hash FROM order_files WHERE order_id = $1 ORDER BY at_ms, id LIMIT 100",
        vals![order],
    )?;
    rows.iter().map(attached).collect()
}

fn attached(row: &Row) -> Res<Attached> {
    Ok(Attached {
        id: row.get("id")?,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        size_bytes: row.get("size_bytes")?,
        at_ms: row.get("at_ms")?,
        hash: row.get("hash")?,
    })
}

/// Writes down that somebody looks at a file, and says what it is. It may be given out only after this was stored.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn look(work: &mut Work<'_>, id: &str) -> Res<Attached> {
    let row = work.one(
        "SELECT id, name, media_type, size_bytes, at_ms, hash, order_id FROM order_files WHERE id = $1 AND site = $2",
        vals![id, work.site()],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "file" })?;
    let order: String = row.get("order_id")?;
    work.audit("file.viewed", "order", order, serde_json::json!({ "file": id }));
    attached(&row)
}

/// Takes a file off its order. Its content stays on the disk while any row names it; how many still do, and its hash.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn remove(work: &mut Work<'_>, id: &str) -> Res<(String, i64, String)> {
    let row = work
        .one("DELETE FROM order_files WHERE id = $1 AND site = $2 RETURNING order_id, hash", vals![id, work.site()])?;
    let row = row.ok_or(Refusal::Missing { entity: "file" })?;
    let (order, hash): (String, String) = (row.at(0)?, row.at(1)?);
    let left = work.tx.int("SELECT COUNT(*) FROM order_files WHERE hash = $1", vals![&hash])?;
    work.audit("file.removed", "order", &order, serde_json::json!({ "file": id }));
    let number = work.one("SELECT number FROM orders WHERE id = $1", vals![&order])?;
    let number: String = number.map(|row| row.at(0)).transpose()?.unwrap_or_default();
    Ok((number, left, hash))
}

/// Removes the content of a file that no row names any more.
///
/// # Errors
/// Any fault of the store or the disk.
pub async fn drop_content(store: &Store, desk: &Arc<Desk>, hash: String) -> Res<()> {
    kept::sweep(store, desk, Shelf::Files, vec![hash]).await
}
