//! Where the demo's databases lie: a folder to keep, or one that is removed at the end.

use super::super::{CliError, settings};
use std::path::{Path, PathBuf};

/// A folder of the demo.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    /// The named folder, or a temporary one.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn open(kept: Option<&Path>) -> Result<Folder, CliError> {
        let path = kept.map_or_else(
            || std::env::temp_dir().join(format!("packbench-demo-{}", uuid::Uuid::now_v7().simple())),
            Path::to_path_buf,
        );
        settings::make_folder(&path)?;
        Ok(Folder { path, temporary: kept.is_none() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(e) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(path = %self.path.display(), error = %e, "the demo's folder was not removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Folder;

    #[test]
    fn a_temporary_folder_goes_and_a_named_one_stays() {
        let temporary = Folder::open(None).unwrap();
        let path = temporary.path().to_owned();
        assert!(path.is_dir());
        drop(temporary);
        assert!(!path.exists());
        let kept = Folder::open(Some(&path)).unwrap();
        drop(kept);
        assert!(path.is_dir());
        std::fs::remove_dir(&path).unwrap();
    }
}
