//! The station's one writer: a closed list of inputs, each loaded for, decided by the core, and
//! committed as state, event and outbox in ONE transaction before anybody sees "OK".
//!
//! [`Engine::step`] is the whole of it and runs without threads, so that tests and simulations drive
//! it directly; [`runner`] gives it a thread, a bounded channel and a published view. This room never
//! draws, never touches a device or a socket: it hands out effects and takes their outcomes back
//! through the same door.

mod act;
mod check;
pub mod clock;
mod desk;
mod devices;
pub mod disk;
mod feedback;
mod group;
pub mod input;
mod label;
pub mod load;
mod login;
pub mod measure;
mod outlook;
mod papers;
mod photos;
pub mod pickups;
mod publish;
mod publish_return;
mod publish_say;
mod publish_stage;
mod recover;
pub mod resolve;
mod returns;
pub mod runner;
mod scales;
mod scan;
mod setup;
mod start;
mod sync;
mod tap;
mod ui;
pub mod view;
mod view_device;
mod view_pack;
mod view_return;
mod view_setup;
mod view_voice;
mod voice;

pub use clock::{Clock, SystemClock};
use input::Ui;
pub use input::{Effect, Input};
pub use runner::{EngineHandle, spawn};
pub use view::StationView;
pub use voice::VoiceRules;

use crate::core::session::event::{PrintOutcome, PrintTrouble};
use crate::labels::documents::Words;
use crate::protocol::sync::{Failure, Link};
use crate::storage::outbox::Moment;
use crate::storage::{Blobs, StorageError, privacy};
use crate::storage::{Conn, SqlError};
use desk::{Desk, Stage};
use input::PrintJob;
use std::sync::Arc;
use view::PairingState;

/// Most inputs folded into one transaction.
pub const GROUP_MAX: usize = 64;
/// Time between two looks at what is old, ms.
const FORGET_EVERY_MS: u64 = 60 * 60 * 1_000;

/// What the engine is started with.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Words on labels and papers, in the language papers are printed in.
    pub words: Words,
    /// Version of the program, for the screen.
    pub version: String,
    /// Idle minutes until the screen locks; 0 never.
    pub idle_lock_min: u32,
    /// A badge alone logs in; otherwise its PIN is asked for as well.
    pub badge_alone: bool,
    /// When photos are taken without being asked for.
    pub photos_at: input::PhotosAt,
    /// Commands by voice and spoken prompts.
    pub voice: VoiceRules,
    /// Scanners whose settings three scans can find out.
    pub set_up: Arc<[String]>,
    /// The disk that the station's data lies on.
    pub disk: Arc<dyn disk::Disk>,
}

/// Why a step was lost as a whole.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Nothing of the step was stored.
    #[error("nothing was stored: {0}")]
    Storage(#[from] StorageError),
}

impl EngineError {
    /// Was the answer to a commit lost, so that the step may be stored after all?
    fn is_doubtful(&self) -> bool {
        let EngineError::Storage(cause) = self;
        matches!(cause, StorageError::Sql(e) if matches!(e.root(), SqlError::Unknown { .. }))
    }
}

impl From<SqlError> for EngineError {
    fn from(e: SqlError) -> EngineError {
        EngineError::Storage(e.into())
    }
}

/// The one writer.
pub struct Engine {
    conn: Box<dyn Conn>,
    clock: Arc<dyn Clock>,
    config: EngineConfig,
    blobs: Blobs,
    desk: Desk,
    /// Effects of the open transaction.
    out: Vec<Effect>,
    /// Facts committed by the open transaction that the sync machine must hear of.
    grown: Vec<crate::protocol::sync::OutboxEntry>,
    /// Papers that could not be drawn: their jobs end as failed within the same transaction.
    undrawn: Vec<PrintJob>,
    /// Templates of labels as they were read, the latest last.
    templates: Vec<label::ReadTemplate>,
    /// Nobody knows whether the last transaction was stored: what is on the bench is read anew.
    doubt: bool,
    /// What was noted last beside the database.
    height: Option<crate::storage::height::Height>,
    /// When it is time to forget what is old, on the monotonic clock; `None`: at the next quiet moment.
    forget_at_ms: Option<u64>,
    revision: u64,
}

impl Engine {
    /// Handles inputs in order and returns what others are to do: in one transaction, but for the server's news, each of which has
    /// a transaction of its own.
    pub fn step(&mut self, inputs: Vec<Input>) -> Vec<Effect> {
        group::parts(inputs).into_iter().flat_map(|part| self.step_part(part)).collect()
    }

    /// One transaction. If it is lost, nothing of it happened: the desk is put back, what people did in it is refused aloud, and
    /// the next one starts afresh.
    fn step_part(&mut self, inputs: Vec<Input>) -> Vec<Effect> {
        let before = self.desk.clone();
        self.out.clear();
        self.grown.clear();
        self.undrawn.clear();
        let wishes: Vec<_> = inputs.iter().filter_map(sync::wish_no).collect();
        let awaited = inputs.iter().any(group::is_persons);
        match self.transact(inputs) {
            Ok(()) => {
                self.doubt = false;
                if !self.grown.is_empty() {
                    let epoch = self.epoch();
                    let entries = std::mem::take(&mut self.grown);
                    self.out.push(Effect::Sync(Box::new(crate::protocol::sync::Input::OutboxGrew { epoch, entries })));
                }
            }
            Err(e) => {
                tracing::error!(error = %e, "a step was not stored");
                self.desk = before;
                self.out.clear();
                self.grown.clear();
                self.doubt |= e.is_doubtful();
                self.stop_waiting();
                if awaited {
                    self.not_stored(&e);
                }
                for (link, no) in wishes {
                    // A push that was never handed out is still on its way, as far as the machine knows.
                    let failure = if link == Link::Push { Failure::Unreachable } else { Failure::NotStored };
                    self.out.push(Effect::Sync(Box::new(crate::protocol::sync::Input::Failed { link, no, failure })));
                }
            }
        }
        std::mem::take(&mut self.out)
    }

    /// An answer that was lost with its step must not leave anybody waiting for it.
    fn stop_waiting(&mut self) {
        match &mut self.desk.stage {
            Stage::Login(e) => e.checking = false,
            Stage::Pairing { state, .. } if *state == PairingState::Asking => *state = PairingState::Idle,
            Stage::Pairing { .. } | Stage::Bench => {}
        }
        if let Some(a) = self.desk.asked.as_mut() {
            a.entry.checking = false;
        }
    }

    /// After a lost answer to a commit the database alone knows what is on the bench.
    fn settle_doubt(&mut self) -> Result<(), EngineError> {
        self.rebuild_bench()?;
        self.desk.stale = desk::Stale::ALL;
        Ok(())
    }

    fn transact(&mut self, inputs: Vec<Input>) -> Result<(), EngineError> {
        self.conn.begin()?;
        let settled = if self.doubt { self.settle_doubt() } else { Ok(()) };
        let done = settled
            .and_then(|()| inputs.into_iter().try_for_each(|i| self.handle(i)))
            .and_then(|()| self.fail_undrawn())
            .map(|()| self.look_at_devices())
            .map(|()| self.mind_setup())
            .map(|()| self.speak_news())
            .and_then(|()| self.refresh());
        match done {
            Ok(()) => match self.conn.commit() {
                Ok(()) => Ok(()),
                Err(e) => {
                    self.undo();
                    Err(e.into())
                }
            },
            Err(e) => {
                self.undo();
                Err(e)
            }
        }
    }

    /// A paper that cannot be drawn fails like one without a printer: a person sees it and chooses.
    fn fail_undrawn(&mut self) -> Result<(), EngineError> {
        for job in std::mem::take(&mut self.undrawn) {
            self.on_printed(job, PrintOutcome::Failed(PrintTrouble::Interrupted))?;
        }
        Ok(())
    }

    fn undo(&mut self) {
        if let Err(e) = self.conn.rollback() {
            tracing::debug!(error = %e, "nothing left to roll back");
        }
    }

    fn handle(&mut self, input: Input) -> Result<(), EngineError> {
        match input {
            Input::Scan(scan) => {
                self.voice_elsewhere();
                let said = self.desk.feedback_no;
                // Every fact that the scan causes names its scanner.
                self.desk.scanner = Some(scan.device.clone());
                let done = self.on_scan(&scan);
                self.desk.scanner = None;
                done?;
                self.tell_verdict(&scan, said);
                Ok(())
            }
            Input::Tag(tap) => {
                self.voice_elsewhere();
                self.on_tap(tap)
            }
            Input::TagWritten { reader, refused } => {
                self.on_tag_written(&reader, refused);
                Ok(())
            }
            Input::Weight { scale, reading } => self.on_weight(&scale, reading),
            Input::Device(news) => {
                self.on_device(news);
                Ok(())
            }
            Input::Live(list) => {
                self.on_live(list);
                Ok(())
            }
            Input::Tried(tried) => {
                self.on_tried(tried);
                Ok(())
            }
            Input::Setup(news) => {
                self.on_setup(*news);
                Ok(())
            }
            Input::Printed { job, outcome } => self.on_printed(job, outcome),
            Input::PrintNews { job, news } => {
                self.on_print_news(job, news);
                Ok(())
            }
            Input::SparePrinted { job, fault } => self.on_spare_printed(job, &fault),
            Input::Photo(outcome) => self.on_photo(outcome),
            Input::Voice(news) => self.on_voice(news),
            Input::PinChecked { purpose, user } => self.on_pin_checked(purpose, user),
            Input::Ui(ui) => {
                self.desk.active_mono_ms = self.clock.mono_ms();
                if let Ui::Talk(down) = ui {
                    self.talk(down);
                    return Ok(());
                }
                self.voice_elsewhere();
                self.on_ui(ui)
            }
            Input::Sync(news) => self.on_sync(news),
            Input::Tick => self.on_tick(),
            Input::Stop => Ok(()),
        }
    }

    fn moment(&self) -> Moment {
        Moment { wall_ms: self.clock.wall_ms(), mono_ms: self.clock.mono_ms(), boot_id: self.clock.boot_id() }
    }

    fn now(&self) -> crate::core::time::UtcMs {
        crate::core::time::UtcMs(self.clock.wall_ms())
    }

    fn epoch(&mut self) -> crate::protocol::wire::Epoch {
        let n = crate::storage::meta::int(self.conn.as_mut(), crate::storage::meta::key::EPOCH).unwrap_or(0);
        crate::protocol::wire::Epoch(n.unsigned_abs())
    }

    /// When nothing waits: what is old of people is forgotten, and the write-ahead log moves into the database file.
    pub fn idle(&mut self) {
        self.forget();
        if let Err(e) = self.conn.idle() {
            tracing::warn!(error = %e, "the write-ahead log could not be moved into the database");
        }
        self.note_height();
    }

    /// Forgets what the site says is old, once an hour and after each go that was full.
    fn forget(&mut self) {
        let now_ms = self.clock.mono_ms();
        if self.forget_at_ms.is_some_and(|at| now_ms < at) {
            return;
        }
        self.forget_at_ms = Some(now_ms.saturating_add(FORGET_EVERY_MS));
        let done = self.forgotten();
        match done {
            Ok(done) if done.orders.max(done.photos) >= privacy::FORGOTTEN_MAX => self.forget_at_ms = None,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "what is old of people was not forgotten; tried again in an hour"),
        }
    }

    fn forgotten(&mut self) -> Result<privacy::Forgotten, EngineError> {
        let Some(site) = load::settings(self.conn.as_mut())? else { return Ok(privacy::Forgotten::default()) };
        let keep = privacy::Keep { days: site.personal_data_days, photo_bytes: site.photos.station_bytes_max };
        self.conn.begin()?;
        match privacy::forget(self.conn.as_mut(), &self.blobs, keep) {
            Ok(done) => {
                self.conn.commit()?;
                if done != privacy::Forgotten::default() {
                    tracing::info!(
                        orders = done.orders,
                        photos = done.photos,
                        "old orders and photos are forgotten here"
                    );
                }
                Ok(done)
            }
            Err(error) => {
                self.undo();
                Err(error.into())
            }
        }
    }

    /// Photos of this station.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }
}
