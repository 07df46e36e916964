//! Works off jobs over very many orders, one job at a time, a few orders in a transaction that also notes how it ended for each.
//! The store commits such transactions in groups, so thousands take seconds. A server that was cut off goes on with the next start.

use super::Shared;
use super::actor::Actor;
use super::error::{CentralError, Res};
use super::services::orders::many::{self, Job, State};
use futures_util::stream::{StreamExt as _, TryStreamExt as _, iter};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Orders read at once.
const READ: i64 = 1_024;
/// Orders of one transaction: what each statement costs by itself is shared by so many.
const TOGETHER: usize = 128;
/// Transactions under way at once. One is worked on while the next is made ready; other writers of the site wait for so many at most.
const AT_ONCE: usize = 2;
/// A step that the database did not take is tried again so often …
const TRIES_MAX: u32 = 40;
/// … after so long.
const PAUSE: Duration = Duration::from_secs(3);
/// Old jobs removed in one beat.
const SWEPT_MAX: usize = 20;

/// Jobs that are worked on: one at a time, because each holds up other writers a little.
pub(crate) struct Running {
    turn: Arc<Semaphore>,
    /// Those that are worked on or wait for their turn here.
    ids: Mutex<BTreeSet<String>>,
}

impl Default for Running {
    fn default() -> Running {
        Running { turn: Arc::new(Semaphore::new(1)), ids: Mutex::default() }
    }
}

impl Running {
    fn ids(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works on it in the background, from where it is. One that is worked on already is left alone.
pub(crate) fn start(shared: &Arc<Shared>, job: Job) {
    if !shared.many.ids().insert(job.id.clone()) {
        return;
    }
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        if let Ok(_turn) = Arc::clone(&shared.many.turn).acquire_owned().await {
            work_off(&shared, &job).await;
        }
        shared.many.ids().remove(&job.id);
    });
}

async fn work_off(shared: &Arc<Shared>, job: &Job) {
    let ran = run(shared, job).await;
    if job.action.frees_stock()
        && let Err(error) = super::jobs::let_go(shared).await
    {
        tracing::error!(%error, "orders waiting for stock were not looked at after a job; the next beat does");
    }
    let state = match ran {
        Ok(Some(state)) => state,
        // The server ends; the next start goes on.
        Ok(None) => return,
        Err(error) => {
            tracing::error!(%error, "a job over many orders could not be ended");
            State::Failed
        }
    };
    let id = job.id.clone();
    let ended = shared.store.write(Actor::Job("orders"), move |work| many::end(work, &id, state)).await;
    if let Err(error) = ended {
        tracing::error!(%error, "how a job over many orders ended could not be written down");
    }
}

/// Until no order waits, a person ends it, or the server closes.
async fn run(shared: &Arc<Shared>, job: &Job) -> Res<Option<State>> {
    let mut tries = 0;
    while !*shared.closing.borrow() {
        match some(shared, job).await {
            Ok(0) => return Ok(Some(State::Done)),
            Ok(_) => tries = 0,
            // The database may be back in a moment, and knows how far the job came.
            Err(CentralError::Store(error)) if tries < TRIES_MAX => {
                tries += 1;
                tracing::warn!(%error, tries, "a job over many orders waits for the database");
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// The next orders; how many.
async fn some(shared: &Arc<Shared>, job: &Job) -> Res<usize> {
    let id = job.id.clone();
    let waiting = shared.store.read(move |tx| many::waiting(tx, &id, READ)).await?;
    let count = waiting.len();
    let groups: Vec<Vec<(i64, String)>> = waiting.chunks(TOGETHER).map(<[_]>::to_vec).collect();
    iter(groups).map(|group| one(shared, job, group)).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
    Ok(count)
}

async fn one(shared: &Arc<Shared>, job: &Job, group: Vec<(i64, String)>) -> Res<()> {
    let (actor, id, action) = (Actor::User(job.owner), job.id.clone(), job.action);
    shared.store.write(actor, move |work| many::steps(work, &id, &group, action)).await
}

/// Goes on with what nobody works on: what a server that ended left; how many.
pub(super) async fn resume(shared: &Arc<Shared>) -> Res<usize> {
    let site = shared.store.site();
    let mut left = shared.store.read(move |tx| many::unfinished(tx, site)).await?;
    left.retain(|job| !shared.many.ids().contains(&job.id));
    let count = left.len();
    for job in left {
        start(shared, job);
    }
    Ok(count)
}

/// Removes what is too old; how many. Stations learn nothing of it, so no site is locked for it.
pub(super) async fn sweep(shared: &Shared) -> Res<usize> {
    for gone in 0..SWEPT_MAX {
        let (site, now_ms) = (shared.store.site(), shared.store.now().0);
        if !shared.store.db().write(move |tx| many::sweep(tx, site, now_ms)).await? {
            return Ok(gone);
        }
    }
    Ok(SWEPT_MAX)
}
