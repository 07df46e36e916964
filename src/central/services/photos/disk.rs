//! The files of photos: appended part by part beside their place, renamed when whole, flushed with their folder. Nothing here
//! knows the database, so no transaction waits for a disk.

use crate::central::error::{Res, file};
use crate::protocol::wire::ContentHash;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// What the disk holds after a part was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// So many bytes, flushed.
    Partial(u64),
    /// All of them, under the photo's name, flushed with the folder.
    Complete(u64),
    /// All of them, but they are not what the name says: dropped.
    WrongHash,
    /// Fewer bytes than the database believes in: the disk lost some, so the photo starts again.
    Lost,
}

/// Where a photo's file is: in a folder of its first two digits.
#[must_use]
pub fn path(folder: &Path, hash: &ContentHash) -> PathBuf {
    let name = hash.to_string();
    folder.join(&name[..2]).join(name)
}

/// Writes `bytes` at `offset` of a photo of `total` bytes, and gives it its name if it is whole now.
///
/// What a crash left behind `offset` is overwritten. A file that stands under its name already (the crash came before the
/// database learnt of it) is believed if its content is right.
///
/// # Errors
/// If the disk refuses.
pub fn write(folder: &Path, hash: &ContentHash, offset: u64, total: u64, bytes: &[u8]) -> Res<Written> {
    let place = path(folder, hash);
    if let Ok(known) = fs::metadata(&place)
        && known.len() == total
        && digest(&place)? == *hash
    {
        flush_folder(&place)?;
        return Ok(Written::Complete(total));
    }
    let partial = place.with_extension("part");
    let there = fs::metadata(&partial).map_or(0, |known| known.len());
    if there < offset {
        return Ok(Written::Lost);
    }
    append(folder, &partial, offset, bytes)?;
    let reached = offset + bytes.len() as u64;
    if reached < total {
        return Ok(Written::Partial(reached));
    }
    if digest(&partial)? != *hash {
        fs::remove_file(&partial).map_err(file("dropping a photo with a wrong hash"))?;
        return Ok(Written::WrongHash);
    }
    fs::rename(&partial, &place).map_err(file("naming a photo"))?;
    flush_folder(&place)?;
    Ok(Written::Complete(total))
}

/// Deletes a file; one that is gone already is as wished.
///
/// # Errors
/// If the disk refuses; `what` says what was being done.
pub fn delete(place: &Path, what: &'static str) -> Res<()> {
    match fs::remove_file(place) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(file(what)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn append(folder: &Path, partial: &Path, offset: u64, bytes: &[u8]) -> Res<()> {
    let what = "writing a photo; check the disk of the photo folder";
    let new_folder = partial.parent().is_some_and(|own| !own.exists());
    if let Some(own) = partial.parent() {
        fs::create_dir_all(own).map_err(file(what))?;
    }
    let new_file = !partial.exists();
    let mut open = OpenOptions::new().create(true).truncate(false).write(true).open(partial).map_err(file(what))?;
    open.seek(SeekFrom::Start(offset)).map_err(file(what))?;
    open.write_all(bytes).map_err(file(what))?;
    open.set_len(offset + bytes.len() as u64).map_err(file(what))?;
    open.sync_all().map_err(file(what))?;
    if new_file {
        flush_folder(partial)?;
    }
    if new_folder {
        flush_folder(&folder.join("x"))?;
    }
    Ok(())
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

/// A new or renamed file is only sure once its folder is flushed too.
fn flush_folder(of: &Path) -> Res<()> {
    match of.parent() {
        // Only Unix opens folders as files.
        #[cfg(unix)]
        Some(folder) => {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(file("flushing the photo folder"))
        }
        _ => Ok(()),
    }
}
