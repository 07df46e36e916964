//! Tries and takes in lists in the background, one at a time, step by step. A server that was cut off goes on with the next start:
//! how far a list came is in the database, and its file on the disk until it is through.

use super::Shared;
use super::actor::Actor;
use super::error::{CentralError, Res, file};
use super::services::sheets::apply::{Reading, units};
use super::services::sheets::{self, Import, KEPT_MS, State, Step, grid};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// A step that the database refused is tried again so often …
const TRIES_MAX: u32 = 40;
/// … after so long.
const PAUSE: Duration = Duration::from_secs(3);

/// Lists that are worked on: one at a time, because each step holds up other writers.
pub(crate) struct Running(Arc<Semaphore>);

impl Default for Running {
    fn default() -> Running {
        Running(Arc::new(Semaphore::new(1)))
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
/// If its file is gone or cannot be read any more.
pub(crate) async fn read(shared: &Arc<Shared>, id: &str) -> Res<grid::Grid> {
    let path = path(shared, id);
    let read = tokio::task::spawn_blocking(move || {
        let bytes = std::fs::read(&path).map_err(file("reading a list that was sent"))?;
        grid::read(&bytes).map_err(|_| CentralError::Stored { what: "list" })
    });
    read.await.map_err(|_| CentralError::Inner { what: "reading a list" })?
}

/// Works on it in the background, from where it is.
pub(crate) fn start(shared: &Arc<Shared>, import: Import) {
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        let Ok(_turn) = Arc::clone(&shared.imports.0).acquire_owned().await else { return };
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
    let grid = read(shared, &import.id).await?;
    let actor = Actor::User(import.owner);
    let reading = Reading::new(import.kind, import.mapping, import.id.clone(), &grid.rows);
    let units = Arc::new(units(&reading, &grid.rows));
    let (reading, rows) = (Arc::new(reading), Arc::new(grid.rows));
    let mut tries = 0;
    loop {
        if *shared.closing.borrow() {
            // The next start goes on.
            return Ok(());
        }
        let (reading, rows, units) = (Arc::clone(&reading), Arc::clone(&rows), Arc::clone(&units));
        match shared.store.write(actor.clone(), move |work| sheets::step(work, &reading, &rows, &units)).await {
            Ok(Step::On) => tries = 0,
            Ok(Step::Over | Step::Ended) => return Ok(()),
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

/// Goes on with what a server that ended left. Once, at the start.
pub(super) async fn resume(shared: &Arc<Shared>) -> Res<usize> {
    let site = shared.store.site();
    let left = shared.store.read(move |tx| sheets::unfinished(tx, site)).await?;
    let count = left.len();
    for import in left {
        start(shared, import);
    }
    Ok(count)
}

/// Removes what is too old; how many.
pub(super) async fn sweep(shared: &Shared) -> Res<usize> {
    let (site, before) = (shared.store.site(), shared.store.now().0 - KEPT_MS);
    if !shared.store.read(move |tx| sheets::any_old(tx, site, before)).await? {
        return Ok(0);
    }
    let old = shared.store.write(Actor::Job("import"), move |work| sheets::sweep(work, before)).await?;
    for id in &old {
        // A file that is gone already is as wished.
        let _ = tokio::fs::remove_file(path(shared, id)).await;
    }
    Ok(old.len())
}
