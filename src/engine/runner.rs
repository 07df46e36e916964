//! The engine on its thread: one bounded channel in, a published view and effects out.
//!
//! Nobody waits for the engine: a full channel is answered at once, the view is a pointer that is
//! swapped, and effects go to a function that must not block.

use super::input::{Effect, Input};
use super::view::StationView;
use super::{Clock, Engine, GROUP_MAX};
use crate::core::time::UtcMs;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Inputs that may wait.
pub const CHANNEL_MAX: usize = 1_024;
/// Longest sleep of the engine, ms: then deadlines are looked at.
const TICK_MS: u64 = 500;
/// Quiet time after which the write-ahead log is moved into the database, ms.
const IDLE_MS: u64 = 2_000;

/// The channel is full: the input was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the station is busy: nothing was taken, try again")]
pub struct Busy;

/// Where effects and news of a publication go.
pub trait Outlet: Send {
    /// An effect, after its commit. Must not block.
    fn effect(&self, effect: Effect);
    /// A new view was published. Must not block.
    fn published(&self);
}

/// The engine's door and window, for everybody else.
#[derive(Clone)]
pub struct EngineHandle {
    inputs: SyncSender<Input>,
    view: Arc<Shown>,
}

/// The newest view, and word of each.
struct Shown {
    newest: Mutex<Arc<StationView>>,
    news: Condvar,
}

impl Shown {
    fn newest(&self) -> MutexGuard<'_, Arc<StationView>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, view: Arc<StationView>) {
        *self.newest() = view;
        self.news.notify_all();
    }
}

impl EngineHandle {
    /// Hands an input in.
    ///
    /// # Errors
    /// [`Busy`] if 1,024 wait already, or the engine has stopped.
    pub fn send(&self, input: Input) -> Result<(), Busy> {
        self.inputs.try_send(input).map_err(|e| match e {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => Busy,
        })
    }

    /// Hands an input in, or gives it back: nothing is lost where the caller can try again.
    ///
    /// # Errors
    /// Full or stopped, with the input.
    pub fn try_send(&self, input: Input) -> Result<(), TrySendError<Input>> {
        self.inputs.try_send(input)
    }

    /// The newest view.
    #[must_use]
    pub fn view(&self) -> Arc<StationView> {
        Arc::clone(&self.view.newest())
    }

    /// The view after the one of this revision, if it comes within `patience`; else the newest there is. This waits: at
    /// most `patience`, which a window keeps far below the time of a frame.
    #[must_use]
    pub fn view_after(&self, revision: u64, patience: Duration) -> Arc<StationView> {
        let old = |view: &mut Arc<StationView>| view.revision <= revision;
        let waited = self.view.news.wait_timeout_while(self.view.newest(), patience, old);
        Arc::clone(&waited.unwrap_or_else(PoisonError::into_inner).0)
    }
}

/// Starts the engine's thread, named `engine`. It ends after [`Input::Stop`], or when no handle is left.
///
/// # Errors
/// If the system gives no thread.
pub fn spawn(
    mut engine: Engine,
    first: Vec<Effect>,
    clock: Arc<dyn Clock>,
    outlet: impl Outlet + 'static,
) -> std::io::Result<(EngineHandle, JoinHandle<()>)> {
    let (inputs, receiver) = sync_channel(CHANNEL_MAX);
    let view = Arc::new(Shown { newest: Mutex::new(Arc::new(engine.view())), news: Condvar::new() });
    let handle = EngineHandle { inputs, view: Arc::clone(&view) };
    let thread = std::thread::Builder::new().name("engine".to_owned()).spawn(move || {
        for e in first {
            outlet.effect(e);
        }
        let mut run = Run { engine, receiver, view, clock, outlet };
        run.until_stopped();
    })?;
    Ok((handle, thread))
}

struct Run<O> {
    engine: Engine,
    receiver: Receiver<Input>,
    view: Arc<Shown>,
    clock: Arc<dyn Clock>,
    outlet: O,
}

impl<O: Outlet> Run<O> {
    fn until_stopped(&mut self) {
        let mut quiet_ms: u64 = 0;
        loop {
            let wait = self.wait_ms();
            match self.receiver.recv_timeout(Duration::from_millis(wait)) {
                Ok(first) => {
                    quiet_ms = 0;
                    if self.group(first) {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let before = quiet_ms;
                    quiet_ms = quiet_ms.saturating_add(wait);
                    if before < IDLE_MS && quiet_ms >= IDLE_MS {
                        self.engine.idle();
                    }
                    self.tick();
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn wait_ms(&self) -> u64 {
        let now = UtcMs(self.clock.wall_ms());
        match self.engine.next_deadline() {
            Some(at) => u64::try_from(at.0 - now.0).unwrap_or(0).clamp(1, TICK_MS),
            None => TICK_MS,
        }
    }

    /// Nothing came in: deadlines are looked at, and a view is published only if one was due.
    fn tick(&mut self) {
        if self.engine.tick_is_due() {
            self.step(vec![Input::Tick]);
        }
    }

    /// The first input and whatever waits behind it, up to the group's size. True at the end.
    fn group(&mut self, first: Input) -> bool {
        let mut inputs = vec![first];
        while inputs.len() < GROUP_MAX {
            match self.receiver.try_recv() {
                Ok(i) => inputs.push(i),
                Err(_) => break,
            }
        }
        let stop = inputs.iter().any(|i| matches!(i, Input::Stop));
        self.step(inputs);
        stop
    }

    fn step(&mut self, inputs: Vec<Input>) {
        let effects = self.engine.step(inputs);
        self.view.show(Arc::new(self.engine.view()));
        self.outlet.published();
        for e in effects {
            self.outlet.effect(e);
        }
    }
}
