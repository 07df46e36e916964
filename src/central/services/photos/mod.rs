//! Photos: files named by their content, appended part by part, whole or not at all. The database holds only what is known
//! of them; a file is flushed with its folder before the row says that it is there.

use crate::central::error::{Refusal, Res, file};
use crate::central::store::work::Work;
use crate::protocol::wire::photo::{PartPlan, part_plan};
use crate::protocol::wire::{ContentHash, PhotoAnswer, PhotoState, ProblemCode};
use crate::sql::Conn;
use crate::vals;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// How a part was taken.
#[derive(Debug)]
pub enum Taken {
    /// To be answered.
    Answer(PhotoAnswer),
    /// Refused with this code, and the offset that is wanted.
    Refused(ProblemCode, u64),
}

/// Where a photo's file is: in a folder of its first two digits.
#[must_use]
pub fn path(folder: &Path, hash: &ContentHash) -> PathBuf {
    let name = hash.to_string();
    folder.join(&name[..2]).join(name)
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

/// Takes one part: `first` of `total` bytes on.
///
/// # Errors
/// Any fault of the store or the disk.
pub fn put(work: &mut Work<'_>, folder: &Path, hash: &ContentHash, first: u64, total: u64, part: &[u8]) -> Res<Taken> {
    let known = state(work.tx, hash)?;
    if known.state != PhotoState::Partial {
        return Ok(Taken::Answer(known));
    }
    let skip = match part_plan(known.offset, total, first, part.len() as u64) {
        PartPlan::Nonsense => return Ok(Taken::Refused(ProblemCode::BadRequest, known.offset)),
        PartPlan::Hole => return Ok(Taken::Refused(ProblemCode::OffsetMismatch, known.offset)),
        PartPlan::Stored => return Ok(Taken::Answer(known)),
        PartPlan::Append { skip } => usize::try_from(skip).unwrap_or(usize::MAX),
    };
    let fresh = part.get(skip..).unwrap_or_default();
    if !has_room(work, fresh.len() as u64)? {
        return Ok(Taken::Refused(ProblemCode::QuotaFull, known.offset));
    }
    let place = path(folder, hash);
    let partial = place.with_extension("part");
    append(&partial, known.offset, fresh)?;
    let offset = known.offset + fresh.len() as u64;
    let mut complete = None;
    if offset == total {
        if digest(&partial)? != *hash {
            fs::remove_file(&partial).map_err(file("dropping a photo with a wrong hash"))?;
            save(work, hash, 0, None)?;
            return Ok(Taken::Refused(ProblemCode::HashMismatch, 0));
        }
        settle(&partial, &place)?;
        complete = Some(work.now_ms());
    }
    save(work, hash, offset, complete)?;
    let state = if complete.is_some() { PhotoState::Complete } else { PhotoState::Partial };
    Ok(Taken::Answer(PhotoAnswer { hash: *hash, offset, state }))
}

fn has_room(work: &mut Work<'_>, bytes: u64) -> Res<bool> {
    let row = work.one(
        "SELECT s.photo_quota_bytes, CAST(COALESCE((SELECT SUM(p.received_bytes) FROM photos p WHERE p.site = s.id \
         AND p.erased_ms IS NULL), 0) AS BIGINT) FROM sites s WHERE s.id = $1",
        vals![work.site()],
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

/// Writes at the offset the store believes in: what a crash left behind it is overwritten.
fn append(partial: &Path, offset: u64, bytes: &[u8]) -> Res<()> {
    let what = "writing a photo; check the disk of the photo folder";
    if let Some(folder) = partial.parent() {
        fs::create_dir_all(folder).map_err(file(what))?;
    }
    let mut open = OpenOptions::new().create(true).truncate(false).write(true).open(partial).map_err(file(what))?;
    open.seek(SeekFrom::Start(offset)).map_err(file(what))?;
    open.write_all(bytes).map_err(file(what))?;
    open.set_len(offset + bytes.len() as u64).map_err(file(what))?;
    open.sync_all().map_err(file(what))
}

fn digest(path: &Path) -> Res<ContentHash> {
    let mut open = File::open(path).map_err(file("reading a photo back"))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = open.read(&mut buffer).map_err(file("reading a photo back"))?;
        if n == 0 {
            return Ok(ContentHash(hash.finalize().into()));
        }
        hash.update(&buffer[..n]);
    }
}

fn settle(partial: &Path, place: &Path) -> Res<()> {
    fs::rename(partial, place).map_err(file("naming a photo"))?;
    match place.parent() {
        // Only Unix opens folders as files.
        #[cfg(unix)]
        Some(folder) => {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(file("flushing the photo folder"))
        }
        _ => Ok(()),
    }
}
