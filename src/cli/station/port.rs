//! The engine's door as others need it: for the sync driver, which must get back what was not taken, and for worker
//! threads, which may wait a while. Whoever holds it is needed: a thread that drops it in a panic ends the station.

use super::watch::{Guard, Watch};
use crate::engine::{EngineHandle, Input};
use crate::sync::{EnginePort, Unsent};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::TrySendError;
use std::time::{Duration, Instant};

/// Longest time a worker tries to hand an outcome to a busy engine, ms.
const WAIT_MS_MAX: u64 = 30_000;
/// Time between two tries, ms.
const TRY_MS: u64 = 10;

/// The engine's door. Clones share it.
#[derive(Clone)]
pub struct Port {
    handle: EngineHandle,
    ended: Arc<AtomicBool>,
    _watched: Guard,
}

impl Port {
    /// The door of a running engine.
    #[must_use]
    pub fn new(handle: EngineHandle, watch: &Watch) -> Port {
        Port { handle, ended: Arc::default(), _watched: watch.guard() }
    }

    /// The engine has ended: nothing is taken any more.
    pub fn close(&self) {
        self.ended.store(true, Ordering::Release);
    }

    /// The engine's handle.
    #[must_use]
    pub fn handle(&self) -> &EngineHandle {
        &self.handle
    }

    /// Hands an input in, waiting while the engine is busy. Only for worker threads.
    pub fn deliver(&self, what: &'static str, input: Input) {
        let until = Instant::now() + Duration::from_millis(WAIT_MS_MAX);
        let mut input = input;
        while !self.ended.load(Ordering::Acquire) {
            input = match self.handle.try_send(input) {
                Ok(()) | Err(TrySendError::Disconnected(_)) => return,
                Err(TrySendError::Full(back)) => back,
            };
            if Instant::now() >= until {
                tracing::error!(what, "the engine took no input for too long; an outcome is lost");
                return;
            }
            std::thread::park_timeout(Duration::from_millis(TRY_MS));
        }
    }
}

impl EnginePort for Port {
    fn send(&self, input: Input) -> Result<(), Unsent> {
        if self.ended.load(Ordering::Acquire) {
            return Err(Unsent::Gone);
        }
        self.handle.try_send(input).map_err(|e| match e {
            TrySendError::Full(input) => Unsent::Busy(Box::new(input)),
            TrySendError::Disconnected(_) => Unsent::Gone,
        })
    }
}
