//! Photos as files named by their hash. A file and its folder are synced before anything names it,
//! so a database never points at a photo that is not there.

use super::{Res, StorageError, uuid};
use crate::core::ids::{FulfillmentId, PhotoHash};
use crate::core::time::UtcMs;
use crate::protocol::wire::{Epoch, Seq};
use crate::sql::Conn;
use crate::vals;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Folder of photos.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// Opens the folder, making it if needed.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn open(folder: &Path) -> Res<Blobs> {
        fs::create_dir_all(folder).map_err(|source| fault("photo folder cannot be made", folder, source))?;
        Ok(Blobs { folder: folder.to_path_buf() })
    }

    /// Where a photo lies.
    #[must_use]
    pub fn path(&self, hash: PhotoHash) -> PathBuf {
        self.folder.join(format!("{hash}.jpg"))
    }

    /// Stores bytes under their hash, durably, and returns it.
    ///
    /// # Errors
    /// If the disk refuses; nothing is left behind then, unless the power goes in the middle: see [`Blobs::sweep`].
    pub fn put(&self, bytes: &[u8]) -> Res<PhotoHash> {
        use sha2::{Digest, Sha256};
        let hash = PhotoHash(Sha256::digest(bytes).into());
        let path = self.path(hash);
        if path.exists() {
            return Ok(hash);
        }
        let temporary = self.folder.join(format!(".{hash}.new"));
        let write = || -> std::io::Result<()> {
            let mut f = fs::File::create(&temporary)?;
            f.write_all(bytes)?;
            f.sync_all()?;
            fs::rename(&temporary, &path)?;
            fs::File::open(&self.folder)?.sync_all()
        };
        write().map_err(|source| {
            // Half a photo takes the room that the next try needs, and no other photo has its name.
            if let Err(error) = fs::remove_file(&temporary) {
                tracing::debug!(%error, "no temporary file was left to remove");
            }
            fault("photo cannot be stored: make room on the disk", &path, source)
        })?;
        Ok(hash)
    }

    /// Removes what a power cut left: halves of photos, and photos that no row of the database names, which would be neither sent
    /// nor forgotten. Only at the start, before anything stores photos. How many files went.
    ///
    /// # Errors
    /// If the folder cannot be read or the database refuses. A file that cannot be removed is left for the next start.
    pub fn sweep(&self, c: &mut dyn Conn) -> Res<u32> {
        let unread = |source| fault("photo folder cannot be read", &self.folder, source);
        let mut gone = 0;
        for entry in fs::read_dir(&self.folder).map_err(unread)? {
            let path = entry.map_err(unread)?.path();
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            let half = name.strip_prefix('.').and_then(|n| n.strip_suffix(".new"));
            let spare = match (half.and_then(hash_of), name.strip_suffix(".jpg").and_then(hash_of)) {
                (Some(_), _) => true,
                (None, Some(hash)) => !is_known(c, hash)?,
                // Not ours.
                (None, None) => false,
            };
            if spare {
                match fs::remove_file(&path) {
                    Ok(()) => gone += 1,
                    Err(error) => tracing::warn!(%error, "what a power cut left in the photo folder stays"),
                }
            }
        }
        Ok(gone)
    }

    /// Forgets a photo; one that is gone already is fine.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn remove(&self, hash: PhotoHash) -> Res<()> {
        let path = self.path(hash);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(fault("photo cannot be deleted", &path, source))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Part of a photo, for the upload.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn part(&self, hash: PhotoHash, offset: u64, max: usize) -> Res<Vec<u8>> {
        use std::io::{Read as _, Seek as _, SeekFrom};
        let path = self.path(hash);
        let read = || -> std::io::Result<Vec<u8>> {
            let mut f = fs::File::open(&path)?;
            f.seek(SeekFrom::Start(offset))?;
            let mut out = Vec::new();
            f.take(u64::try_from(max).unwrap_or(u64::MAX)).read_to_end(&mut out)?;
            Ok(out)
        };
        read().map_err(|source| fault("photo cannot be read", &path, source))
    }
}

fn fault(what: &'static str, path: &Path, source: std::io::Error) -> StorageError {
    StorageError::File { what, path: path.display().to_string(), source }
}

/// The hash that a photo's file is named by.
fn hash_of(name: &str) -> Option<PhotoHash> {
    let digits = name.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut hash = [0_u8; 32];
    for (byte, two) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok()?;
    }
    Some(PhotoHash(hash)).filter(|hash| hash.to_string() == name)
}

fn is_known(c: &mut dyn Conn, hash: PhotoHash) -> Res<bool> {
    let row = c.one("SELECT 1 FROM photo WHERE hash = $1", &[crate::sql::Val::Blob(hash.0.to_vec())])?;
    Ok(row.is_some())
}

/// A photo is bound to its parcel.
///
/// # Errors
/// If the database refuses.
pub fn add(c: &mut dyn Conn, hash: PhotoHash, f: FulfillmentId, parcel: u16, bytes: u64, at: UtcMs) -> Res<()> {
    let told = super::meta::told(c, at)?;
    c.exec(
        "INSERT INTO photo (hash, fulfillment, parcel, bytes, at, told, pushed) VALUES ($1, $2, $3, $4, $5, $6, 0)
         ON CONFLICT (hash) DO NOTHING",
        &[
            crate::sql::Val::Blob(hash.0.to_vec()),
            uuid(f.0),
            parcel.into(),
            i64::try_from(bytes).unwrap_or(i64::MAX).into(),
            at.0.into(),
            told.0.into(),
        ],
    )?;
    Ok(())
}

/// Photos the server lacks, oldest first.
///
/// # Errors
/// If the database refuses.
pub fn unsent(c: &mut dyn Conn, max: u32) -> Res<Vec<(PhotoHash, u64)>> {
    let rows = c.all("SELECT hash, bytes FROM photo WHERE pushed = 0 ORDER BY at, hash LIMIT $1", vals![max])?;
    let mut list = Vec::new();
    for r in &rows {
        let hash: Vec<u8> = r.get("hash")?;
        let hash = hash.try_into().map_err(|_| StorageError::Missing { what: "a whole photo hash" })?;
        list.push((PhotoHash(hash), r.get("bytes")?));
    }
    Ok(list)
}

/// The server has it.
///
/// # Errors
/// If the database refuses.
pub fn sent(c: &mut dyn Conn, hash: PhotoHash) -> Res<()> {
    c.exec("UPDATE photo SET pushed = 1 WHERE hash = $1", &[crate::sql::Val::Blob(hash.0.to_vec())])?;
    Ok(())
}

/// The server may lack the photos that were taken since this event: they are sent once more. How many.
///
/// # Errors
/// If the database refuses.
pub fn send_again(c: &mut dyn Conn, epoch: Epoch, from: Seq) -> Res<u64> {
    let int = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    // A photo is stored a moment before the event that names it.
    Ok(c.exec(
        "UPDATE photo SET pushed = 0 WHERE pushed = 1 AND at >= (SELECT MIN(wall_ms) - 60000 FROM event \
         WHERE epoch = $1 AND seq >= $2)",
        vals![int(epoch.0), int(from.0)],
    )?)
}
