//! A camera that is a folder: another program puts pictures there, the newest one answers a request. Must never take one
//! picture twice and never one that is older than allowed: it would show another parcel.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::{CameraPort, PHOTO_BYTES_MAX, Photo, PhotoFailure};
use crate::devices::config::FolderCameraConfig;
use crate::devices::event::LostReason;

/// Entries looked at in one request; a folder with more should be emptied by its owner.
const ENTRIES_MAX: usize = 10_000;

/// One folder.
pub(crate) struct FolderCamera {
    config: FolderCameraConfig,
    /// The picture handed out last: its time and path.
    last: Option<(SystemTime, PathBuf)>,
}

impl FolderCamera {
    pub(crate) fn new(config: FolderCameraConfig) -> Self {
        Self { config, last: None }
    }

    /// The newest picture file, by time and then by name.
    fn newest(&self) -> Result<Option<(SystemTime, PathBuf)>, LostReason> {
        let reason = |error: std::io::Error| LostReason::from_io(error.kind());
        let mut newest = None;
        for entry in fs::read_dir(&self.config.folder).map_err(reason)?.take(ENTRIES_MAX) {
            let entry = entry.map_err(reason)?;
            let path = entry.path();
            let named = path
                .extension()
                .and_then(|end| end.to_str())
                .is_some_and(|end| ["jpg", "jpeg", "png"].iter().any(|known| end.eq_ignore_ascii_case(known)));
            // A file that vanished since the listing is no error.
            let Some(about) = named.then(|| entry.metadata().ok()).flatten().filter(fs::Metadata::is_file) else {
                continue;
            };
            let Ok(at) = about.modified() else {
                continue;
            };
            newest = newest.max(Some((at, path)));
        }
        Ok(newest)
    }
}

impl CameraPort for FolderCamera {
    fn take(&mut self) -> Result<Photo, PhotoFailure> {
        let newest = self.newest().map_err(PhotoFailure::NotThere)?.ok_or(PhotoFailure::NoNewPicture)?;
        let too_old = self.config.age_ms_max.is_some_and(|ms| {
            // A file from the future (another machine's clock) is not old.
            SystemTime::now().duration_since(newest.0).is_ok_and(|age| age > Duration::from_millis(ms))
        });
        if too_old || self.last.as_ref().is_some_and(|last| newest <= *last) {
            return Err(PhotoFailure::NoNewPicture);
        }
        let io = |error: std::io::Error| PhotoFailure::NotThere(LostReason::from_io(error.kind()));
        let mut bytes = Vec::new();
        let limit = u64::try_from(PHOTO_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
        fs::File::open(&newest.1).map_err(io)?.take(limit).read_to_end(&mut bytes).map_err(io)?;
        // A file that is still being written is no whole picture yet; the request may be repeated.
        let photo = super::check(bytes)?;
        self.last = Some(newest);
        Ok(photo)
    }

    fn check(&mut self) -> Result<(), LostReason> {
        fs::read_dir(&self.config.folder).map(|_| ()).map_err(|error| LostReason::from_io(error.kind()))
    }

    fn check_every(&self) -> Duration {
        Duration::from_millis(self.config.check_ms)
    }
}
