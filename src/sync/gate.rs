//! Stopping, waking and counting the driver's threads. Must never hold a lock while something else is done.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Locks, and goes on with the data of a thread that died: everything here stays true between two statements.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug, Default)]
struct State {
    stopped: bool,
    nudged: bool,
    live: usize,
}

/// One per driver.
#[derive(Debug, Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

impl Gate {
    /// Asks all threads to end.
    pub(super) fn stop(&self) {
        lock(&self.state).stopped = true;
        self.changed.notify_all();
    }

    pub(super) fn is_stopped(&self) -> bool {
        lock(&self.state).stopped
    }

    /// Ends the present [`Self::pause`], because the network is there again.
    pub(super) fn nudge(&self) {
        lock(&self.state).nudged = true;
        self.changed.notify_all();
    }

    /// Waits `ms`, or until nudged or stopped.
    pub(super) fn pause(&self, ms: u64) {
        let state = lock(&self.state);
        let waits = |state: &mut State| !state.stopped && !state.nudged;
        let waited = self.changed.wait_timeout_while(state, Duration::from_millis(ms), waits);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.nudged = false;
    }

    /// Counts a thread until the returned pass is dropped.
    pub(super) fn enter(self: &std::sync::Arc<Self>) -> Pass {
        lock(&self.state).live += 1;
        Pass(std::sync::Arc::clone(self))
    }

    /// Waits until every counted thread has ended, at most `ms_max`; whether they have.
    pub(super) fn all_ended(&self, ms_max: u64) -> bool {
        let until = Instant::now() + Duration::from_millis(ms_max);
        let mut state = lock(&self.state);
        while state.live > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

/// A counted thread.
#[derive(Debug)]
pub(super) struct Pass(std::sync::Arc<Gate>);

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.live = state.live.saturating_sub(1);
        drop(state);
        self.0.changed.notify_all();
    }
}
