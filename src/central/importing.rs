//! Tries and takes in lists in the background, one at a time, step by step. A server that was cut off goes on with the next start:
//! how far a list came is in the database, and its file on the disk until it is through.

use super::Shared;
use super::actor::Actor;
use super::error::{CentralError, Res, file};
use super::services::sheets::apply::{Reading, units};
use super::services::sheets::{self, Import, KEPT_MS, State, Step, grid};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Semaphore;

/// A step that the database refused is tried again so often …
const TRIES_MAX: u32 = 40;
/// … after so long.
const PAUSE: Duration = Duration::from_secs(3);

/// A list that was read so often without one step done is given up: when it was begun, and once more after a start.
const READINGS_MAX: u64 = 2;
/// Files that are read into memory at the same time.
const READ_AT_ONCE: usize = 2;
/// Longest wait of a page for its turn to read one.
pub(crate) const PAGE_WAIT: Duration = Duration::from_secs(20);
/// Longest wait for the turn of what works in the background.
const WORK_WAIT: Duration = Duration::from_secs(30 * 60);

/// Lists that are worked on: one at a time, because each step holds up other writers. Files are read a few at a time, because each fills
/// memory.
pub(crate) struct Running {
    turn: Arc<Semaphore>,
    readers: Arc<Semaphore>,
}

impl Default for Running {
    fn default() -> Running {
        Running { turn: Arc::new(Semaphore::new(1)), readers: Arc::new(Semaphore::new(READ_AT_ONCE)) }
    }
}

impl Running {
    /// Reads bytes when it is their turn; none where that does not come in time. A caller that goes away leaves the turn taken until the
    /// reading has ended.
    pub async fn parse<T: Send + 'static>(
        &self,
        wait: Duration,
        read: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let waited = tokio::time::timeout(wait, Arc::clone(&self.readers).acquire_owned()).await;
        let turn = waited.ok()?.ok()?;
        let read = tokio::task::spawn_blocking(move || {
            let read = read();
            drop(turn);
            read
        });
        read.await.ok()
    }
}

/// Where files lie: beside the photos.
fn folder(shared: &Shared) -> PathBuf {
    shared.photos.folder.with_file_name("imports")
}

/// The file of one.
fn path(shared: &Shared, id: &str) -> PathBuf {
    folder(shared).join(id)
}

/// The marks of one: a byte for each time that its file was read for its work since a step was done.
fn marks(shared: &Shared, id: &str) -> PathBuf {
    folder(shared).join(format!("{id}.readings"))
}

async fn mark(marks: &Path) -> Res<()> {
    let mut open = tokio::fs::OpenOptions::new();
    let mut open = open.append(true).create(true).open(marks).await.map_err(file("marking a list"))?;
    open.write_all(b".").await.map_err(file("marking a list"))?;
    open.flush().await.map_err(file("marking a list"))
}

async fn unmark(marks: &Path) {
    // Marks that are gone already are as wished; such that stay cost one later start at most.
    let _ = tokio::fs::remove_file(marks).await;
}

async fn marked(marks: &Path) -> u64 {
    tokio::fs::metadata(marks).await.map_or(0, |marks| marks.len())
}

/// Removes the files of a list that is forgotten.
pub(crate) async fn remove(shared: &Shared, id: &str) {
    // A file that is gone already is as wished.
    let _ = tokio::fs::remove_file(path(shared, id)).await;
    unmark(&marks(shared, id)).await;
}

/// Keeps the file of a list, durably, before anybody works on it.
///
/// # Errors
/// Any fault of the disk.
pub(crate) async fn keep(shared: &Arc<Shared>, id: &str, bytes: Vec<u8>) -> Res<()> {
    let (folder, path) = (folder(shared), path(shared, id));
    let kept = tokio::task::spawn_blocking(move || {
        let fault = |source| file(format!("keeping a list in {}", folder.display()))(source);
        std::fs::create_dir_all(&folder).map_err(fault)?;
        std::fs::write(&path, &bytes).map_err(fault)?;
        std::fs::File::open(&path).and_then(|open| open.sync_all()).map_err(fault)
    });
    kept.await.map_err(|_| CentralError::Inner { what: "keeping a list" })?
}

/// What a list holds.
///
/// # Errors
/// If its file is gone or cannot be read any more, or so many are read that its turn does not come.
pub(crate) async fn read(shared: &Arc<Shared>, id: &str, wait: Duration) -> Res<grid::Grid> {
    let path = path(shared, id);
    let read = shared.imports.parse(wait, move || {
        let bytes = std::fs::read(&path).map_err(file("reading a list that was sent"))?;
        grid::read(&bytes).map_err(|_| CentralError::Stored { what: "list" })
    });
    read.await.ok_or(CentralError::Inner { what: "reading a list" })?
}

/// Works on it in the background, from where it is.
pub(crate) fn start(shared: &Arc<Shared>, import: Import) {
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        let Ok(_turn) = Arc::clone(&shared.imports.turn).acquire_owned().await else { return };
        let id = import.id.clone();
        if let Err(error) = run(&shared, import).await {
            tracing::error!(%error, "a list could not be taken in");
            let ended =
                shared.store.write(Actor::Job("import"), move |work| sheets::end(work, &id, State::Failed)).await;
            if let Err(error) = ended {
                tracing::error!(%error, "how a list ended could not be written down");
            }
        }
    });
}

async fn run(shared: &Arc<Shared>, import: Import) -> Res<()> {
    let actor = Actor::User(import.owner);
    let marks = marks(shared, &import.id);
    // What a server was reading when it ended is known by this mark; a step that is done takes it away.
    mark(&marks).await?;
    let grid = read(shared, &import.id, WORK_WAIT).await?;
    let reading = Reading::new(import.kind, import.mapping, import.id.clone(), &grid.rows);
    let units = Arc::new(units(&reading, &grid.rows));
    let (reading, rows) = (Arc::new(reading), Arc::new(grid.rows));
    let mut tries = 0;
    loop {
        if *shared.closing.borrow() {
            // The next start goes on.
            unmark(&marks).await;
            return Ok(());
        }
        let (reading, rows, units) = (Arc::clone(&reading), Arc::clone(&rows), Arc::clone(&units));
        match shared.store.write(actor.clone(), move |work| sheets::step(work, &reading, &rows, &units)).await {
            Ok(Step::On) => {
                tries = 0;
                unmark(&marks).await;
            }
            Ok(Step::Over | Step::Ended) => {
                unmark(&marks).await;
                return Ok(());
            }
            // The database may be back in a moment, and knows how far the list came.
            Err(CentralError::Store(error)) if tries < TRIES_MAX => {
                tries += 1;
                tracing::warn!(%error, tries, "a list waits for the database");
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Goes on with what a server that ended left, but for what ended it twice. Once, at the start.
pub(super) async fn resume(shared: &Arc<Shared>) -> Res<usize> {
    let site = shared.store.site();
    remove_orphans(shared).await?;
    let left = shared.store.read(move |tx| sheets::unfinished(tx, site)).await?;
    let count = left.len();
    for import in left {
        if marked(&marks(shared, &import.id)).await < READINGS_MAX {
            start(shared, import);
            continue;
        }
        tracing::warn!(import = %import.id, "a list that ended the server while it was read is not read again");
        let id = import.id.clone();
        shared.store.write(Actor::Job("import"), move |work| sheets::end(work, &id, State::Failed)).await?;
        unmark(&marks(shared, &import.id)).await;
    }
    Ok(count)
}

/// Removes files whose lists were forgotten when the server ended before it could remove them.
async fn remove_orphans(shared: &Arc<Shared>) -> Res<()> {
    let Ok(mut folder) = tokio::fs::read_dir(folder(shared)).await else { return Ok(()) };
    let mut found = BTreeSet::new();
    while let Ok(Some(entry)) = folder.next_entry().await {
        if let Some(id) = entry.path().file_stem().and_then(|id| id.to_str()) {
            found.insert(id.to_owned());
        }
    }
    // Looked at after the files: a list is in the database before its file is on the disk.
    let site = shared.store.site();
    let known = shared.store.read(move |tx| sheets::ids(tx, site)).await?;
    for id in found.difference(&known) {
        remove(shared, id).await;
    }
    Ok(())
}

/// Removes what is too old; how many.
pub(super) async fn sweep(shared: &Shared) -> Res<usize> {
    let (site, before) = (shared.store.site(), shared.store.now().0 - KEPT_MS);
    if !shared.store.read(move |tx| sheets::any_old(tx, site, before)).await? {
        return Ok(0);
    }
    let old = shared.store.write(Actor::Job("import"), move |work| sheets::sweep(work, before)).await?;
    for id in &old {
        remove(shared, id).await;
    }
    Ok(old.len())
}
