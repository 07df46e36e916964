//! Photos: files named by their content, appended part by part, whole or not at all. The database holds only what is known
//! of them; a file is flushed with its folder before the row says that it is there. A part is taken in three moves: a
//! reading transaction says where it belongs, the disk takes it with no transaction open, a writing one notes it. A crash
//! between two of them loses at most that part, which is sent again.

mod disk;
mod forget;

pub use disk::{Written, delete, path, write};
pub use forget::{ERASED_MAX, delete_erased, erase_of, erase_old};

use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::Store;
use crate::central::store::work::Work;
use crate::protocol::wire::photo::{PartPlan, part_plan};
use crate::protocol::wire::{ContentHash, PhotoAnswer, PhotoState, ProblemCode, SiteId};
use crate::sql::Conn;
use crate::vals;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Mutex, Semaphore};

/// Photos that may be written at the same time; two parts of one photo never are.
const LANES: usize = 16;
/// Files sent whole at the same time; others wait their turn.
const UPLOADS_MAX: usize = 4;

/// The folder of the photos, and who may write into it now.
pub struct Desk {
    /// The folder.
    pub folder: PathBuf,
    /// Whole files that may be held in memory at the same time while a browser sends them.
    pub uploads: Semaphore,
    lanes: [Mutex<()>; LANES],
}

impl Desk {
    /// For a folder.
    #[must_use]
    pub fn new(folder: PathBuf) -> Desk {
        Desk { folder, uploads: Semaphore::new(UPLOADS_MAX), lanes: std::array::from_fn(|_| Mutex::new(())) }
    }

    /// Parts of one photo come one after the other.
    pub(super) fn lane(&self, hash: &ContentHash) -> &Mutex<()> {
        &self.lanes[usize::from(hash.0[0]) % LANES]
    }
}

/// One part of a photo.
#[derive(Clone, Debug)]
pub struct Part {
    /// Which photo.
    pub hash: ContentHash,
    /// Where it starts.
    pub first: u64,
    /// Size of the whole, bytes.
    pub total: u64,
    /// The part.
    pub bytes: Arc<[u8]>,
}

/// How a part was taken.
#[derive(Debug)]
pub enum Taken {
    /// To be answered.
    Answer(PhotoAnswer),
    /// Refused with this code, and the offset that is wanted.
    Refused(ProblemCode, u64),
}

/// What is known of a photo.
///
/// # Errors
/// Any fault of the store.
pub fn state(tx: &mut dyn Conn, hash: &ContentHash) -> Res<PhotoAnswer> {
    let row =
        tx.one("SELECT received_bytes, complete_ms, erased_ms FROM photos WHERE hash = $1", vals![hash.to_string()])?;
    let (offset, state) = match row {
        None => (0, PhotoState::Partial),
        Some(row) if row.get::<Option<i64>>("erased_ms")?.is_some() => (0, PhotoState::Erased),
        Some(row) if row.get::<Option<i64>>("complete_ms")?.is_some() => {
            (row.get("received_bytes")?, PhotoState::Complete)
        }
        Some(row) => (row.get("received_bytes")?, PhotoState::Partial),
    };
    Ok(PhotoAnswer { hash: *hash, offset, state })
}

/// What a part means before a byte is written.
enum Plan {
    Done(Taken),
    /// Write the part without its first `skip` bytes, which are here, at `offset`.
    Write {
        offset: u64,
        skip: usize,
    },
}

/// Takes one part.
///
/// # Errors
/// Any fault of the store or the disk; what is noted then is true, and the part may be sent again.
pub async fn put(store: &Store, desk: &Arc<Desk>, actor: Actor, part: Part) -> Res<Taken> {
    let _lane = desk.lane(&part.hash).lock().await;
    let (site, asked) = (store.site(), part.clone());
    let (offset, skip) = match store.read(move |tx| plan(tx, site, &asked)).await? {
        Plan::Done(taken) => return Ok(taken),
        Plan::Write { offset, skip } => (offset, skip),
    };
    let (own, here) = (part.clone(), Arc::clone(desk));
    let written = tokio::task::spawn_blocking(move || {
        write(&here.folder, &own.hash, offset, own.total, own.bytes.get(skip..).unwrap_or_default())
    });
    let written = written.await.map_err(|_| CentralError::Inner { what: "writing a photo" })??;
    let hash = part.hash;
    store.write(actor, move |work| note(work, &hash, written)).await
}

fn plan(tx: &mut dyn Conn, site: SiteId, part: &Part) -> Res<Plan> {
    let known = state(tx, &part.hash)?;
    let refused = |code| Ok(Plan::Done(Taken::Refused(code, known.offset)));
    if known.state != PhotoState::Partial {
        return Ok(Plan::Done(Taken::Answer(known)));
    }
    let length = part.bytes.len() as u64;
    let skip = match part_plan(known.offset, part.total, part.first, length) {
        PartPlan::Nonsense => return refused(ProblemCode::BadRequest),
        PartPlan::Hole => return refused(ProblemCode::OffsetMismatch),
        PartPlan::Stored => return Ok(Plan::Done(Taken::Answer(known))),
        PartPlan::Append { skip } => skip,
    };
    if !has_room(tx, site, length.saturating_sub(skip))? {
        return refused(ProblemCode::QuotaFull);
    }
    Ok(Plan::Write { offset: known.offset, skip: usize::try_from(skip).unwrap_or(usize::MAX) })
}

/// Notes what the disk holds now.
///
/// # Errors
/// Any fault of the store.
pub fn note(work: &mut Work<'_>, hash: &ContentHash, written: Written) -> Res<Taken> {
    let known = state(work.tx, hash)?;
    if known.state != PhotoState::Partial {
        // Erased or completed meanwhile: that stays so.
        return Ok(Taken::Answer(known));
    }
    let (offset, state) = match written {
        Written::Partial(offset) => (offset, PhotoState::Partial),
        Written::Complete(size) => (size, PhotoState::Complete),
        Written::WrongHash => {
            save(work, hash, 0, None)?;
            return Ok(Taken::Refused(ProblemCode::HashMismatch, 0));
        }
        Written::Lost => {
            save(work, hash, 0, None)?;
            return Ok(Taken::Refused(ProblemCode::OffsetMismatch, 0));
        }
    };
    let complete = (state == PhotoState::Complete).then(|| work.now_ms());
    save(work, hash, offset, complete)?;
    Ok(Taken::Answer(PhotoAnswer { hash: *hash, offset, state }))
}

fn has_room(tx: &mut dyn Conn, site: SiteId, bytes: u64) -> Res<bool> {
    let row = tx.one(
        "SELECT s.photo_quota_bytes, CAST(COALESCE((SELECT SUM(p.received_bytes) FROM photos p WHERE p.site = s.id \
         AND p.erased_ms IS NULL), 0) AS BIGINT) FROM sites s WHERE s.id = $1",
        vals![site.to_string()],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "site" })?;
    let (quota, used): (u64, u64) = (row.at(0)?, row.at(1)?);
    Ok(used.saturating_add(bytes) <= quota)
}

fn save(work: &mut Work<'_>, hash: &ContentHash, offset: u64, complete: Option<i64>) -> Res<()> {
    let offset = i64::try_from(offset).unwrap_or(i64::MAX);
    work.exec(
        "INSERT INTO photos (hash, site, size_bytes, received_bytes, complete_ms, updated_ms) \
         VALUES ($1, $2, $3, $3, $4, $5) ON CONFLICT (hash) DO UPDATE SET size_bytes = excluded.size_bytes, \
         received_bytes = excluded.received_bytes, complete_ms = excluded.complete_ms, updated_ms = excluded.updated_ms",
        vals![hash.to_string(), work.site(), offset, complete, work.now_ms()],
    )?;
    Ok(())
}
