//! Starting the driver's threads, and the handle that the rest of the station holds. Must never do the work itself.

use super::config::{ServerConfigError, SyncConfig, Token};
use super::driver::{Call, Driver, Parts};
use super::gate::{Gate, lock};
use super::hint::Listener;
use super::http::Http;
use super::outgoing::Outgoing;
use super::port::{BlobReader, EnginePort};
use super::worker::{Mailbox, Worker};
use crate::engine::Clock;
use crate::protocol::sync::{Input, SyncStatus};
use crate::protocol::wire::EventEnvelope;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

/// Calls that may wait for the driver. It never waits on disk or network, so this is only a cushion.
const CALLS_MAX: usize = 256;
/// Longest time [`SyncHandle::stop`] waits for the threads, ms.
const STOP_MS_MAX: u64 = 900;

/// What the rest of the station tells the driver.
#[derive(Debug)]
pub enum SyncCall {
    /// For the machine: something was committed, or one of its effects is done.
    Machine(Input),
    /// The events of a `SendPush`, read from the outbox.
    Push {
        /// Number of the effect.
        no: u64,
        /// The events, dense, from the first one asked for; they may be fewer.
        events: Vec<EventEnvelope>,
    },
    /// Somebody would like to hear from the server soon.
    Wake,
    /// The station was paired again, as the same station.
    Token(Token),
    /// End all threads.
    Stop,
}

/// Why the driver did not start.
#[derive(Debug, thiserror::Error)]
pub enum SyncStartError {
    /// The settings name no usable server.
    #[error(transparent)]
    Settings(#[from] ServerConfigError),
    /// The system gives no more threads.
    #[error("a thread of the sync driver could not be started; the system has too few resources")]
    Thread(#[source] std::io::Error),
}

/// The driver has ended and takes no more calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sync driver has ended")]
pub struct SyncEnded;

/// The driver's latest word, shared with all handles.
pub(super) type Board = Arc<Mutex<Option<SyncStatus>>>;

#[derive(Debug)]
struct Shared {
    calls: SyncSender<Call>,
    gate: Arc<Gate>,
    mailboxes: Vec<Arc<Mailbox>>,
    board: Board,
}

impl Shared {
    fn stop(&self) {
        self.gate.stop();
        for mailbox in &self.mailboxes {
            mailbox.close();
        }
        // A full channel means that the driver is awake and sees the gate.
        let _ = self.calls.try_send(Call::From(SyncCall::Stop));
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Speaks to a running driver. When the last clone is dropped the driver ends.
#[derive(Debug, Clone)]
pub struct SyncHandle(Arc<Shared>);

impl SyncHandle {
    /// Hands a call over, in order. Waits only while the driver works off calls before it, which it does without waiting
    /// on disk, network or engine.
    ///
    /// # Errors
    /// [`SyncEnded`] after a stop.
    pub fn offer(&self, call: SyncCall) -> Result<(), SyncEnded> {
        self.0.calls.send(Call::From(call)).map_err(|_| SyncEnded)
    }

    /// What the status bar shows; none before the first step.
    #[must_use]
    pub fn status(&self) -> Option<SyncStatus> {
        *lock(&self.0.board)
    }

    /// Ends all threads and waits for them, less than a second. A request that is out cannot be called back: its thread
    /// is left to end by itself within the request's time limit, and its answer is dropped. The next start repeats it, and
    /// the server recognises the repetition.
    ///
    /// Returns whether every thread has ended.
    #[must_use = "false means that a request is still out"]
    pub fn stop(&self) -> bool {
        self.0.stop();
        self.0.gate.all_ended(STOP_MS_MAX)
    }
}

/// Starts the driver.
#[derive(Debug)]
pub struct SyncDriver;

impl SyncDriver {
    /// Starts the driver's threads. Nothing is sent before the machine is told what the store holds
    /// (`SyncCall::Machine(Input::Restarted(..))`). Must not be called on a thread of an async runtime.
    ///
    /// # Errors
    /// [`SyncStartError`]; then no thread is left behind.
    pub fn spawn(
        config: SyncConfig,
        clock: Arc<dyn Clock>,
        port: Arc<dyn EnginePort>,
        blobs: BlobReader,
    ) -> Result<SyncHandle, SyncStartError> {
        let http = Arc::new(Http::new(&config.server, Some(config.token))?);
        let (calls, inbox) = sync_channel(CALLS_MAX);
        let gate = Arc::new(Gate::default());
        let waiting_hint = Arc::new(AtomicBool::new(false));
        let board = Board::default();
        let names = ["sync-push", "sync-pull", "sync-lease", "sync-photo"];
        let mailboxes: Vec<Arc<Mailbox>> = names.iter().map(|_| Arc::default()).collect();
        let shared = Shared {
            calls: calls.clone(),
            gate: Arc::clone(&gate),
            mailboxes: mailboxes.clone(),
            board: Arc::clone(&board),
        };
        for (name, mailbox) in names.into_iter().zip(&mailboxes) {
            let worker = Worker {
                http: Arc::clone(&http),
                clock: Arc::clone(&clock),
                mailbox: Arc::clone(mailbox),
                calls: calls.clone(),
                blobs: Arc::clone(&blobs),
            };
            let pass = gate.enter();
            thread(name, move || worker.run(pass))?;
        }
        let listener = Listener {
            http: Arc::clone(&http),
            clock: Arc::clone(&clock),
            gate: Arc::clone(&gate),
            calls,
            waiting: Arc::clone(&waiting_hint),
        };
        thread("sync-hint", move || listener.run())?;
        let parts = Parts { inbox, http, clock, gate: Arc::clone(&gate), mailboxes, waiting_hint, board };
        let driver = Driver::new(config.station_id, parts, Outgoing::new(port));
        let pass = gate.enter();
        thread("sync", move || driver.run(pass))?;
        Ok(SyncHandle(Arc::new(shared)))
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), SyncStartError> {
    let builder = std::thread::Builder::new().name(name.to_owned());
    builder.spawn(work).map(drop).map_err(SyncStartError::Thread)
}
