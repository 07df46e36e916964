//! How much room is left on a disk, as the system says it. It never writes there.

use crate::engine::disk::Disk;
use std::path::{Path, PathBuf};

/// The disk that a folder lies on.
#[derive(Clone, Debug)]
pub struct DiskOf(pub PathBuf);

impl Disk for DiskOf {
    fn free_bytes(&self) -> Option<u64> {
        free_bytes(&self.0)
    }
}

/// What this user may still write in a folder, bytes; none where the system does not say.
#[cfg(unix)]
pub fn free_bytes(folder: &Path) -> Option<u64> {
    let s = rustix::fs::statvfs(folder).ok()?;
    // Some shared folders have no figures at all.
    (s.f_blocks > 0).then(|| s.f_bavail.saturating_mul(s.f_frsize))
}

#[cfg(not(unix))]
pub fn free_bytes(_: &Path) -> Option<u64> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_room_or_none_and_what_is_not_there_is_not_known() {
        let here = std::env::temp_dir();
        assert!(DiskOf(here.clone()).free_bytes().is_some(), "{}", here.display());
        assert_eq!(free_bytes(&here.join("not").join("there")), None);
    }
}
