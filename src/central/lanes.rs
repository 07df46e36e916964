//! What all that sends has in common: what is due is asked of the database and started, one thing at a time in each lane, until the
//! server closes. A server that dies with things in hand has lost none; they are due again.

use super::Shared;
use super::error::Res;
use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Longest time without a look, so that what another server wrote is found.
pub(super) const LOOK_MAX: Duration = Duration::from_secs(15);
/// Shortest time between two looks, so that a busy house is not looked at for every commit.
const LOOK_MIN: Duration = Duration::from_millis(20);

/// What is on its way.
#[derive(Default)]
pub(super) struct Lanes {
    flying: JoinSet<String>,
    busy: HashSet<String>,
}

impl Lanes {
    /// Is something on its way in this lane?
    pub fn is_busy(&self, lane: &str) -> bool {
        self.busy.contains(lane)
    }

    /// How many things are on their way.
    pub fn count(&self) -> usize {
        self.busy.len()
    }

    /// Starts something in a lane.
    pub fn start(&mut self, lane: String, way: impl Future<Output = ()> + Send + 'static) {
        self.busy.insert(lane.clone());
        self.flying.spawn(async move {
            way.await;
            lane
        });
    }
}

/// Something that sends.
pub(super) trait Sender: Send {
    /// What it sends, for the log.
    const WHAT: &'static str;

    /// Who wakes it when something was written that no station is told of.
    fn wake(shared: &Shared) -> &Notify;

    /// Starts what is due; how long until something else is.
    fn look(&mut self, lanes: &mut Lanes) -> impl Future<Output = Res<Duration>> + Send;
}

/// Time until a moment, at most [`LOOK_MAX`]; both UTC ms.
pub(super) fn until(now_ms: i64, next_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(next_ms - now_ms).unwrap_or(0)).min(LOOK_MAX)
}

/// Sends until the server closes.
pub(super) async fn run<S: Sender>(shared: Arc<Shared>, mut sender: S) {
    let (mut closing, mut hints) = (shared.closing.subscribe(), shared.store.hints());
    let mut lanes = Lanes::default();
    while !*closing.borrow() {
        hints.mark_unchanged();
        let wait = match sender.look(&mut lanes).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::error!(%error, "{} that wait could not be read; tried again soon", S::WHAT);
                LOOK_MAX
            }
        };
        tokio::select! {
            ended = lanes.flying.join_next(), if !lanes.flying.is_empty() => {
                if let Some(Ok(lane)) = ended {
                    lanes.busy.remove::<String>(&lane);
                } else {
                    // Whose it was cannot be told: what it had is due again by itself.
                    lanes.busy.clear();
                }
            }
            _ = hints.changed() => sleep(LOOK_MIN).await,
            () = S::wake(&shared).notified() => {}
            () = sleep(wait) => {}
            _ = closing.changed() => break,
        }
    }
    // What is on its way is noted as far as it ends now; the rest is due again.
    while let Some(ended) = lanes.flying.try_join_next() {
        drop(ended);
    }
}
