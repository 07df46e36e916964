//! Files that people send, kept beside the photos where no address leads: one hand for proofs of payment and files of orders. A file is
//! recognised, written and flushed with its folder before a transaction is opened; the row that names it comes last, so a crash leaves
//! at most a file that nothing names.

mod recognise;

pub use recognise::recognise;

use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::photos::{self, Desk, Written};
use crate::central::store::Store;
use crate::central::store::work::Work;
use crate::protocol::wire::ContentHash;
use crate::sql::Conn;
use crate::vals;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest file, bytes.
pub const BYTES_MAX: usize = 10 << 20;

/// Which files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Proofs of payment.
    Proofs,
    /// Files of orders.
    Files,
}

impl Shelf {
    /// Folder beside the photos, and the question whether a row still names a content.
    const fn place(self) -> (&'static str, &'static str) {
        match self {
            Shelf::Proofs => ("proofs", "SELECT COUNT(*) FROM payment_proofs WHERE hash = $1"),
            Shelf::Files => ("files", "SELECT COUNT(*) FROM order_files WHERE hash = $1"),
        }
    }

    /// Where its files are.
    #[must_use]
    pub fn folder(self, photos: &Path) -> PathBuf {
        photos.join(self.place().0)
    }

    /// Where the file of that content is.
    ///
    /// # Errors
    /// If the stored hash has an unknown form.
    pub fn path(self, photos: &Path, hash: &str) -> Res<PathBuf> {
        Ok(photos::path(&self.folder(photos), &content(hash)?))
    }
}

/// What a file is.
pub struct Kept {
    /// Its content.
    pub hash: ContentHash,
    /// What it is, as the web names it.
    pub media_type: &'static str,
    /// Size.
    pub size_bytes: i64,
}

fn content(hash: &str) -> Res<ContentHash> {
    hash.parse().map_err(|_| CentralError::Stored { what: "hash of a file" })
}

/// Runs what waits for a disk or reckons long on a thread that may.
async fn blocking<T: Send + 'static>(job: impl FnOnce() -> Res<T> + Send + 'static) -> Res<T> {
    tokio::task::spawn_blocking(job).await.map_err(|_| CentralError::Inner { what: "keeping a file" })?
}

fn known(bytes: &[u8]) -> Result<Kept, Refusal> {
    let media_type = recognise(bytes)
        .ok_or(Refusal::Field { field: "proof.kind", why: "must be a PDF, a PNG or a JPEG by its content" })?;
    let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    Ok(Kept { hash: ContentHash::of(bytes), media_type, size_bytes })
}

/// Keeps a file. `room` says whether what it belongs to takes one, and is asked before the disk is touched: a file for nothing is not kept.
/// `note` writes the row that names it, and must ask again; its answer.
///
/// # Errors
/// [`Refusal::Field`] for a file that is too large, empty, or no PDF, PNG or JPEG; whatever `room` and `note` refuse.
pub async fn keep<R, N>(
    store: &Store,
    desk: &Arc<Desk>,
    shelf: Shelf,
    actor: Actor,
    bytes: Vec<u8>,
    room: R,
    mut note: N,
) -> Res<String>
where
    R: FnMut(&mut dyn Conn) -> Res<()> + Send + 'static,
    N: FnMut(&mut Work<'_>, &Kept) -> Res<String> + Send + 'static,
{
    if bytes.len() > BYTES_MAX {
        return Err(Refusal::Field { field: "proof.size", why: "must have at most 10 MiB" }.into());
    }
    store.read(room).await?;
    let (kept, bytes) = blocking(move || Ok((known(&bytes)?, bytes))).await?;
    // Until the row names the file, nobody who throws files away may think that none does.
    let _lane = desk.lane(&kept.hash).lock().await;
    let (folder, hash, size) = (shelf.folder(&desk.folder), kept.hash, bytes.len() as u64);
    match blocking(move || photos::write(&folder, &hash, 0, size, &bytes)).await? {
        Written::Complete(_) => {}
        Written::Partial(_) | Written::WrongHash | Written::Lost => {
            return Err(CentralError::Inner { what: "keeping a file" });
        }
    }
    store.write(actor, move |work| note(work, &kept)).await
}

/// Removes the files of these contents that no row names any more.
///
/// # Errors
/// Any fault of the store or the disk.
pub async fn sweep(store: &Store, desk: &Arc<Desk>, shelf: Shelf, hashes: Vec<String>) -> Res<()> {
    for text in hashes {
        let hash = content(&text)?;
        let _lane = desk.lane(&hash).lock().await;
        let named = store.read(move |tx| Ok(tx.int(shelf.place().1, vals![&text])?));
        if named.await? == 0 {
            let path = photos::path(&shelf.folder(&desk.folder), &hash);
            blocking(move || photos::delete(&path, "removing a file")).await?;
        }
    }
    Ok(())
}
