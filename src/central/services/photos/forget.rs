//! Photos that are kept no longer: those older than the site's days, and those of a person who is forgotten. First a row says that its
//! photo is erased, which nobody is shown from then on; then the file goes; then the row says that it is gone. What a crash
//! leaves between is taken up by the next go. Hashes stay: they stand in events that prove what happened.

use super::Desk;
use super::disk::{delete, path};
use crate::central::error::{CentralError, Res};
use crate::central::services::settings;
use crate::central::store::work::Work;
use crate::central::store::{Store, sites};
use crate::protocol::wire::{ContentHash, SiteId};
use crate::sql::Conn;
use crate::vals;
use std::sync::Arc;

/// Most photos of one go.
pub const ERASED_MAX: i64 = 200;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Erases photos that are older than the site keeps them, at most [`ERASED_MAX`]; how many.
///
/// # Errors
/// Any fault of the store.
pub fn erase_old(tx: &mut dyn Conn, site: SiteId, now_ms: i64) -> Res<u64> {
    let days = settings::of(&sites::get(tx, site)?)?.photos.keep_days.max(1);
    let before_ms = now_ms - i64::from(days) * DAY_MS;
    let sql = "UPDATE photos SET erased_ms = $3, updated_ms = $3 WHERE hash IN (SELECT hash FROM photos WHERE site = $1 \
        AND erased_ms IS NULL AND complete_ms < $2 ORDER BY complete_ms LIMIT $4)";
    Ok(tx.exec(sql, vals![site.to_string(), before_ms, now_ms, ERASED_MAX])?)
}

/// Erases the photos of all parcels of a customer; how many.
///
/// # Errors
/// Any fault of the store.
pub fn erase_of(work: &mut Work<'_>, customer: &str) -> Res<u64> {
    let sql = "UPDATE photos SET erased_ms = $2, updated_ms = $2 WHERE erased_ms IS NULL AND hash IN (SELECT p.hash FROM \
        parcel_photos p JOIN fulfillments f ON f.id = p.fulfillment JOIN orders o ON o.id = f.order_id WHERE o.customer = $1)";
    work.exec(sql, vals![customer, work.now_ms()])
}

/// Deletes the files of erased photos, at most [`ERASED_MAX`]; how many.
///
/// # Errors
/// Any fault of the store or the disk.
pub async fn delete_erased(store: &Store, desk: &Arc<Desk>) -> Res<u64> {
    let site = store.site();
    let erased = store.read(move |tx| erased(tx, site)).await?;
    let mut gone = 0;
    for hash in erased {
        // Nobody writes a part of it meanwhile.
        let _lane = desk.lane(&hash).lock().await;
        let own = Arc::clone(desk);
        let done = tokio::task::spawn_blocking(move || {
            let place = path(&own.folder, &hash);
            [place.with_extension("part"), place].iter().try_for_each(|file| delete(file, "deleting a photo"))
        });
        done.await.map_err(|_| CentralError::Inner { what: "deleting a photo" })??;
        gone += store.db().write(move |tx| deleted(tx, &hash)).await?;
    }
    Ok(gone)
}

fn deleted(tx: &mut dyn Conn, hash: &ContentHash) -> Res<u64> {
    let sql = "UPDATE photos SET received_bytes = 0 WHERE hash = $1 AND erased_ms IS NOT NULL";
    Ok(tx.exec(sql, vals![hash.to_string()])?)
}

fn erased(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<ContentHash>> {
    let rows = tx.all(
        "SELECT hash FROM photos WHERE site = $1 AND erased_ms IS NOT NULL AND received_bytes > 0 ORDER BY hash LIMIT $2",
        vals![site.to_string(), ERASED_MAX],
    )?;
    rows.iter()
        .map(|row| row.at::<String>(0)?.parse().map_err(|_| CentralError::Stored { what: "hash of a photo" }))
        .collect()
}
