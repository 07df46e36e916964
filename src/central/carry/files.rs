//! The files beside a database: those of the photo folder that are named by their content, wherever in it they lie. Half arrived
//! ones are left out: whoever sends them sends them again.

use super::error::{CarryError, Res, file};
use crate::central::secrets::hex;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};

/// Bytes of a file that are handled at once; a multiple of three, so that base64 needs no filling but at the end.
pub(super) const PIECE: usize = 48 << 10;
/// How deep folders lie in the photo folder at most.
const DEPTH_MAX: usize = 4;
/// Longest name below the folder, bytes.
const NAME_BYTES_MAX: usize = 200;

/// A file below the folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    /// Its name below the folder, with `/` between the parts.
    pub name: String,
    /// Size.
    pub bytes: u64,
}

/// What was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Files.
    pub files: u64,
    /// Of them were there already.
    pub known: u64,
}

/// The files of a folder, in the order of their names; none if there is no such folder.
pub(super) fn list(folder: &Path) -> Res<Vec<Found>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        walk(folder, "", 0, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, before: &str, depth: usize, found: &mut Vec<Found>) -> Res<()> {
    let fault = file("reading", folder);
    for entry in fs::read_dir(folder).map_err(&fault)? {
        let entry = entry.map_err(&fault)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type().map_err(&fault)?;
        let path = format!("{before}{name}");
        if kind.is_dir() && depth < DEPTH_MAX {
            walk(&entry.path(), &format!("{path}/"), depth + 1, found)?;
        } else if kind.is_file() && is_hash(&name) {
            let bytes = entry.metadata().map_err(&fault)?.len();
            found.push(Found { name: path, bytes });
        }
    }
    Ok(())
}

fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|sign| sign.is_ascii_digit() || (b'a'..=b'f').contains(&sign))
}

/// Copies every file of one photo folder into another, each checked by its name.
///
/// # Errors
/// [`CarryError::WrongFile`] for one whose content is another; any fault of the disk. Files that were copied stay: they are what
/// they say.
pub fn copy(from: &Path, to: &Path) -> Res<Copied> {
    let mut copied = Copied::default();
    for found in list(from)? {
        let path = from.join(&found.name);
        let fault = file("reading", &path);
        let mut open = File::open(&path).map_err(&fault)?;
        let mut arriving = Arriving::begin(Some(to), &found.name, found.bytes)?;
        let mut piece = vec![0; PIECE];
        loop {
            let n = read_full(&mut open, &mut piece).map_err(&fault)?;
            if n == 0 {
                break;
            }
            arriving.put(piece.get(..n).unwrap_or_default())?;
        }
        copied.files += 1;
        copied.known += u64::from(!arriving.finish()?);
    }
    Ok(copied)
}

/// Fills the buffer as far as there are bytes.
pub(super) fn read_full(from: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut n = 0;
    while let Some(rest) = buffer.get_mut(n..).filter(|rest| !rest.is_empty()) {
        match from.read(rest)? {
            0 => break,
            more => n += more,
        }
    }
    Ok(n)
}

/// A file that arrives in pieces. It gets its name when it is whole and right.
pub(super) struct Arriving {
    name: String,
    wanted: u64,
    bytes: u64,
    hash: Sha256,
    /// The half file, and what it is to be called; none if nobody wants it.
    to: Option<(File, PathBuf, PathBuf)>,
}

impl Arriving {
    /// Begins. A name that leads out of the folder, or is no hash, is refused.
    pub fn begin(folder: Option<&Path>, name: &str, bytes: u64) -> Res<Arriving> {
        let mut parts = name.split('/');
        let last = parts.next_back().unwrap_or_default();
        let plain =
            |part: &str| !part.is_empty() && part.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-');
        if name.len() > NAME_BYTES_MAX || !is_hash(last) || !parts.all(plain) {
            return Err(CarryError::WrongFile { name: name.chars().take(80).collect() });
        }
        let to = match folder {
            Some(folder) => {
                let path = folder.join(name);
                let own = path.parent().unwrap_or(folder);
                fs::create_dir_all(own).map_err(file("making", own))?;
                let part = path.with_extension("arriving");
                Some((File::create(&part).map_err(file("writing", &part))?, part, path))
            }
            None => None,
        };
        Ok(Arriving { name: name.to_owned(), wanted: bytes, bytes: 0, hash: Sha256::new(), to })
    }

    pub fn put(&mut self, bytes: &[u8]) -> Res<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        match &mut self.to {
            Some((to, path, _)) if self.bytes <= self.wanted => to.write_all(bytes).map_err(file("writing", path)),
            Some(_) | None => Ok(()),
        }
    }

    /// Ends it; whether the file is new in its folder.
    pub fn finish(self) -> Res<bool> {
        let right = self.bytes == self.wanted && self.name.ends_with(&hex(&self.hash.finalize()));
        let Some((to, part, path)) = self.to else {
            return if right { Ok(false) } else { Err(CarryError::WrongFile { name: self.name }) };
        };
        if !right {
            // What came instead is of no use.
            let _ = fs::remove_file(&part);
            return Err(CarryError::WrongFile { name: self.name });
        }
        to.sync_all().map_err(file("writing", &part))?;
        let new = !path.exists();
        fs::rename(&part, &path).map_err(file("naming", &path))?;
        flush_folder(&path)?;
        Ok(new)
    }
}

/// A new or renamed file is only sure once its folder is flushed too.
pub(super) fn flush_folder(of: &Path) -> Res<()> {
    let folder = match of.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    // Only Unix opens folders as files.
    if cfg!(unix) {
        File::open(folder).and_then(|open| open.sync_all()).map_err(file("flushing", folder))?;
    }
    Ok(())
}
