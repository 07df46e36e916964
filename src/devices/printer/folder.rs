//! A printer that is a folder: each document becomes one durable file named after its job. Must never leave a half-written
//! document under its final name and never replace another one.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::time::Duration;

use super::{PrintFailure, PrintJob, PrintOutcome, PrinterPort, Progress};
use crate::devices::config::FolderPrinterConfig;
use crate::devices::event::{DeviceWarning, LostReason};

/// Time between two looks at the folder.
const CHECK: Duration = Duration::from_secs(10);

/// One folder.
pub(crate) struct FolderPrinter {
    config: FolderPrinterConfig,
}

impl FolderPrinter {
    pub(crate) fn new(config: FolderPrinterConfig) -> Self {
        Self { config }
    }
}

impl PrinterPort for FolderPrinter {
    fn print(&mut self, job: &PrintJob, _progress: &mut dyn Progress) -> PrintOutcome {
        match write_durably(&self.config.folder, job) {
            Ok(()) => PrintOutcome::Sent,
            Err(why) => PrintOutcome::Failed { why, bytes_sent: 0 },
        }
    }

    fn check(&mut self) -> Result<Option<DeviceWarning>, LostReason> {
        let about = fs::metadata(&self.config.folder).map_err(|error| LostReason::from_io(error.kind()))?;
        if !about.is_dir() {
            return Err(LostReason::NotFound);
        }
        if about.permissions().readonly() { Err(LostReason::NotPermitted) } else { Ok(None) }
    }

    fn check_every(&self) -> Duration {
        CHECK
    }
}

fn failure(error: &std::io::Error) -> PrintFailure {
    // `ErrorKind` is not ours and is non-exhaustive, so a wildcard is right here.
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => PrintFailure::DiskFull,
        ErrorKind::NotFound | ErrorKind::NotADirectory => PrintFailure::NotThere(LostReason::NotFound),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => PrintFailure::NotThere(LostReason::NotPermitted),
        _ => PrintFailure::Io,
    }
}

/// Writes beside, makes it durable, renames, makes the name durable.
fn write_durably(folder: &Path, job: &PrintJob) -> Result<(), PrintFailure> {
    let name = format!("{}.{}", job.job, job.format.extension());
    let target = folder.join(&name);
    match same_content(&target, &job.bytes) {
        // The same job again after a crash between the rename and its outcome: it is there, once.
        Ok(Some(true)) => return sync_folder(folder).map_err(|error| failure(&error)),
        Ok(Some(false)) => return Err(PrintFailure::NameTaken),
        Ok(None) => {}
        Err(error) => return Err(failure(&error)),
    }
    let part = folder.join(format!(".{name}.part"));
    let written = OpenOptions::new().write(true).create(true).truncate(true).open(&part).and_then(|mut file| {
        file.write_all(&job.bytes)?;
        file.sync_all()?;
        fs::rename(&part, &target)?;
        sync_folder(folder)
    });
    written.map_err(|error| {
        if let Err(left) = fs::remove_file(&part)
            && left.kind() != ErrorKind::NotFound
        {
            tracing::warn!(%left, "a half-written document could not be removed");
        }
        failure(&error)
    })
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// `None` when there is no such file.
fn same_content(path: &Path, bytes: &[u8]) -> std::io::Result<Option<bool>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if file.metadata()?.len() != u64::try_from(bytes.len()).unwrap_or(u64::MAX) {
        return Ok(Some(false));
    }
    let mut held = Vec::with_capacity(bytes.len());
    file.read_to_end(&mut held)?;
    Ok(Some(held == bytes))
}
