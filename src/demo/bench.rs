//! One packing station without its window: the real engine over its own database file, the real sync driver, and a power
//! switch that can be pulled at any step. What a person would see is the published view; what a person would do goes in by the
//! same door as from the window and the devices.
//!
//! Pulling the plug is meant literally: inputs that wait are lost, effects of the last commit are lost, the database is
//! neither closed nor tidied up. The station then starts anew from its file.

use super::DemoError;
use crate::core::ids::PhotoHash;
use crate::core::message::Arg;
use crate::engine::input::{PhotosAt, PrintOrder, Ui};
use crate::engine::view::{PairingState, Screen};
use crate::engine::{Clock, Effect, Engine, EngineConfig, GROUP_MAX, Input, StationView, SystemClock};
use crate::i18n::{Catalogue, Lang};
use crate::labels::documents::Words;
use crate::storage::{self, Blobs};
use crate::sync::{
    Applicant, BlobReader, EnginePort, ServerConfig, SyncCall, SyncConfig, SyncDriver, SyncHandle, Token, Unsent,
    pair_in_background,
};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Inputs that may wait, as at a real station.
const INPUTS_MAX: usize = 1_024;
/// Effects for the person's hands that may wait.
const EFFECTS_MAX: usize = 256;
/// Longest sleep of the engine's thread, ms.
const TICK_MS: u64 = 250;
/// Longest wait for an answer of the engine.
const ANSWER: Duration = Duration::from_secs(60);
/// Longest look at a screen on which nothing happens.
const LOOK: Duration = Duration::from_millis(100);
/// No kill is planned.
const NEVER: u64 = u64::MAX;

/// What a station is set up with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its name.
    pub name: String,
    /// Folder of its database and photos.
    pub folder: PathBuf,
    /// Where the server is; its `cut` is the network cable.
    pub server: ServerConfig,
}

impl Setup {
    /// The database's file.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.join("station.db")
    }
}

/// The power went off: what was under way is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the station went dark")]
pub struct Dark;

/// What the hands of a person are needed for.
#[derive(Debug)]
pub enum Chore {
    /// Paper comes out of the printer.
    Paper(Box<PrintOrder>),
    /// The camera is triggered.
    Photo(crate::core::ids::FulfillmentId),
    /// A typed PIN is compared.
    Pin {
        /// Why.
        purpose: crate::engine::input::PinPurpose,
        /// What was typed.
        pin: crate::engine::input::Secret,
        /// Whose it may be.
        candidates: Vec<(crate::core::ids::UserId, String)>,
    },
}

struct Item {
    input: Input,
    person: bool,
}

/// What is on the screen.
struct Shown {
    view: Arc<StationView>,
    answered: u64,
    off: bool,
}

#[derive(Default)]
struct Board {
    shown: Mutex<Option<Shown>>,
    changed: Condvar,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every holder leaves the value whole, also when it panics.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Figures of a station that outlive its restarts.
#[derive(Debug, Default)]
pub struct Meter {
    /// Steps of the engine since the first start.
    pub steps: AtomicU64,
    /// At this step the plug is pulled.
    pub kill_at: AtomicU64,
    /// Times it was pulled.
    pub kills: AtomicU64,
    /// Greatest age of an event that waited for the server, ms.
    pub lag_ms_max: AtomicI64,
}

struct Port(SyncSender<Item>);

impl EnginePort for Port {
    fn send(&self, input: Input) -> Result<(), Unsent> {
        self.0.try_send(Item { input, person: false }).map_err(|error| match error {
            TrySendError::Full(item) => Unsent::Busy(Box::new(item.input)),
            TrySendError::Disconnected(_) => Unsent::Gone,
        })
    }
}

/// A station that is switched on or off.
pub struct Bench {
    setup: Setup,
    meter: Arc<Meter>,
    board: Arc<Board>,
    clock: Arc<dyn Clock>,
    sent: u64,
    inputs: SyncSender<Item>,
    chores: Receiver<Chore>,
    thread: Option<JoinHandle<()>>,
}

/// The words on papers, in English.
#[must_use]
pub fn words() -> Words {
    let catalogue = Catalogue::new(Lang::En);
    let place = |name: &'static str| (name, Arg::Text(format!("{{{name}}}")));
    Words::from_catalogue(|key| catalogue.text_with(key, &[place("n"), place("m")]))
}

impl Bench {
    /// Switches a station on.
    ///
    /// # Errors
    /// If its folder or database cannot be used.
    pub fn start(setup: Setup, meter: Arc<Meter>) -> Result<Bench, DemoError> {
        if meter.kill_at.load(Ordering::Acquire) == 0 {
            meter.kill_at.store(NEVER, Ordering::Release);
        }
        let (inputs, chores) = (sync_channel(1).0, sync_channel(1).1);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let mut bench = Bench { setup, meter, board: Arc::default(), clock, sent: 0, inputs, chores, thread: None };
        bench.power_on()?;
        Ok(bench)
    }

    /// Switches it on again after the plug was pulled.
    ///
    /// # Errors
    /// As [`Bench::start`].
    pub fn power_on(&mut self) -> Result<(), DemoError> {
        self.join()?;
        let file = |source| DemoError::File { path: self.setup.folder.clone(), source };
        std::fs::create_dir_all(&self.setup.folder).map_err(file)?;
        let (conn, _) = storage::open(&self.setup.file())?;
        let blobs = Blobs::open(&self.setup.folder.join("photos")).map_err(crate::engine::EngineError::from)?;
        let config = EngineConfig {
            words: words(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            idle_lock_min: 0,
            badge_alone: true,
            photos_at: PhotosAt::default(),
            voice: crate::engine::VoiceRules::default(),
            set_up: Arc::default(),
            disk: Arc::new(crate::engine::disk::UnknownDisk),
        };
        let (mut engine, first) = Engine::start(conn, Arc::clone(&self.clock), config, blobs.clone())?;
        let (inputs, inbox) = sync_channel(INPUTS_MAX);
        let (hands, chores) = sync_channel(EFFECTS_MAX);
        *lock(&self.board.shown) = Some(Shown { view: Arc::new(engine.view()), answered: 0, off: false });
        let power = Power {
            setup: self.setup.clone(),
            meter: Arc::clone(&self.meter),
            board: Arc::clone(&self.board),
            clock: Arc::clone(&self.clock),
            inbox,
            port: inputs.clone(),
            hands,
            blobs,
            driver: None,
            answered: 0,
        };
        (self.inputs, self.chores, self.sent) = (inputs, chores, 0);
        let name = self.setup.name.clone();
        let thread = std::thread::Builder::new().name(name).spawn(move || power.run(engine, first));
        self.thread = Some(thread.map_err(|source| DemoError::Start { what: "a station's thread", source })?);
        Ok(())
    }

    fn join(&mut self) -> Result<(), DemoError> {
        let ended = self.thread.take().map_or(Ok(()), JoinHandle::join);
        ended.map_err(|_| DemoError::Thread(self.setup.name.clone()))
    }

    /// Types a pairing code at the first screen, and waits until the server has told the station what it must know.
    ///
    /// # Errors
    /// [`DemoError::Pairing`] if the server says no or does not answer.
    pub fn pair(&mut self, code: &str) -> Result<(), DemoError> {
        let station = self.setup.name.clone();
        let fault = |why: &str| DemoError::Pairing { station: station.clone(), why: why.to_owned() };
        let dark = |_| fault("the station went dark");
        for c in code.chars() {
            self.act(Input::Ui(Ui::PairKey(c))).map_err(dark)?;
        }
        let mut view = self.act(Input::Ui(Ui::PairSend)).map_err(dark)?;
        let until = Instant::now() + ANSWER;
        while Instant::now() < until {
            match &view.screen {
                Screen::Pairing { answer: PairingState::Refused(why), .. } => return Err(fault(why.key)),
                Screen::Login(_) if !view.packagings.is_empty() => return Ok(()),
                _ => view = self.look_up(LOOK).map_err(dark)?,
            }
        }
        Err(fault("no answer"))
    }

    /// Switches it off in good order.
    ///
    /// # Errors
    /// If its thread had died.
    pub fn power_off(&mut self) -> Result<(), DemoError> {
        // A station that is dark already takes no input.
        let _ = self.inputs.send(Item { input: Input::Stop, person: false });
        self.join()
    }

    /// The station's clock.
    #[must_use]
    pub fn mono_ms(&self) -> i64 {
        i64::try_from(self.clock.mono_ms()).unwrap_or(i64::MAX)
    }

    /// Wall clock, UTC ms.
    #[must_use]
    pub fn wall_ms(&self) -> i64 {
        self.clock.wall_ms()
    }

    /// Its screen, for somebody who only watches.
    #[must_use]
    pub fn window(&self) -> Window {
        Window(Arc::clone(&self.board))
    }

    /// Figures.
    #[must_use]
    pub fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    /// What it is set up with.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// What the screen shows.
    ///
    /// # Errors
    /// [`Dark`] after the plug was pulled.
    pub fn view(&self) -> Result<Arc<StationView>, Dark> {
        match lock(&self.board.shown).as_ref() {
            Some(shown) if !shown.off => Ok(Arc::clone(&shown.view)),
            _ => Err(Dark),
        }
    }

    /// Does something and waits until the screen answers it.
    ///
    /// # Errors
    /// [`Dark`] if the plug was pulled meanwhile: whether it was taken shows after the restart.
    pub fn act(&mut self, input: Input) -> Result<Arc<StationView>, Dark> {
        self.inputs.send(Item { input, person: true }).map_err(|_| Dark)?;
        self.sent += 1;
        let wanted = self.sent;
        self.wait(ANSWER, |shown| shown.answered >= wanted)
    }

    /// Waits until the screen changes, at most so long; the newest view either way.
    ///
    /// # Errors
    /// [`Dark`] after the plug was pulled.
    pub fn look_up(&self, at_most: Duration) -> Result<Arc<StationView>, Dark> {
        let before = self.view()?.revision;
        self.wait(at_most, |shown| shown.view.revision != before)
    }

    fn wait(&self, at_most: Duration, done: impl Fn(&Shown) -> bool) -> Result<Arc<StationView>, Dark> {
        let until = Instant::now() + at_most;
        let mut shown = lock(&self.board.shown);
        loop {
            match shown.as_ref() {
                Some(s) if s.off => return Err(Dark),
                Some(s) if done(s) => return Ok(Arc::clone(&s.view)),
                Some(s) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Ok(Arc::clone(&s.view));
                    }
                    let waited = self.board.changed.wait_timeout(shown, left);
                    shown = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
                None => return Err(Dark),
            }
        }
    }

    /// The next thing hands are needed for, if any.
    pub fn chore(&self) -> Option<Chore> {
        self.chores.try_recv().ok()
    }
}

/// A station's screen, seen from afar.
#[derive(Clone)]
pub struct Window(Arc<Board>);

impl Window {
    /// What it shows; none while the station is dark.
    #[must_use]
    pub fn view(&self) -> Option<Arc<StationView>> {
        lock(&self.0.shown).as_ref().filter(|shown| !shown.off).map(|shown| Arc::clone(&shown.view))
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // Not waited for: whoever wants that calls `power_off`.
        let _ = self.inputs.try_send(Item { input: Input::Stop, person: false });
    }
}

/// What runs on the station's thread.
struct Power {
    setup: Setup,
    meter: Arc<Meter>,
    board: Arc<Board>,
    clock: Arc<dyn Clock>,
    inbox: Receiver<Item>,
    port: SyncSender<Item>,
    hands: SyncSender<Chore>,
    blobs: Blobs,
    driver: Option<SyncHandle>,
    answered: u64,
}

impl Power {
    fn run(mut self, mut engine: Engine, first: Vec<Effect>) {
        match engine.credentials() {
            Ok(Some((station, token))) => self.start_driver(station, token.0),
            Ok(None) => {}
            Err(error) => tracing::error!(error = %error, "the station's token cannot be read"),
        }
        for effect in first {
            self.deliver(effect);
        }
        let killed = self.until_off(&mut engine);
        if killed {
            self.meter.kills.fetch_add(1, Ordering::AcqRel);
            // Nothing is closed: the database stays as a computer without power leaves it.
            std::mem::forget(engine);
        } else if let Some(driver) = self.driver.take() {
            let _ = driver.stop();
        }
        self.driver = None;
        if let Some(shown) = lock(&self.board.shown).as_mut() {
            shown.off = true;
        }
        self.board.changed.notify_all();
    }

    /// True if the plug was pulled.
    fn until_off(&mut self, engine: &mut Engine) -> bool {
        loop {
            let mut items = match self.inbox.recv_timeout(Duration::from_millis(TICK_MS)) {
                Ok(first) => vec![first],
                Err(RecvTimeoutError::Timeout) => vec![Item { input: Input::Tick, person: false }],
                Err(RecvTimeoutError::Disconnected) => return false,
            };
            while items.len() < GROUP_MAX {
                match self.inbox.try_recv() {
                    Ok(item) => items.push(item),
                    Err(_) => break,
                }
            }
            let people = items.iter().filter(|item| item.person).count() as u64;
            let stop = items.iter().any(|item| matches!(item.input, Input::Stop));
            let effects = engine.step(items.into_iter().map(|item| item.input).collect());
            let steps = self.meter.steps.fetch_add(1, Ordering::AcqRel) + 1;
            if steps >= self.meter.kill_at.load(Ordering::Acquire) {
                self.meter.kill_at.store(NEVER, Ordering::Release);
                return true;
            }
            for effect in effects {
                self.deliver(effect);
            }
            self.answered += people;
            self.publish(engine);
            if stop {
                return false;
            }
        }
    }

    fn publish(&self, engine: &mut Engine) {
        if let Some(oldest) = engine.oldest_unsynced() {
            let lag = self.clock.wall_ms().saturating_sub(oldest.0);
            self.meter.lag_ms_max.fetch_max(lag, Ordering::AcqRel);
        }
        *lock(&self.board.shown) = Some(Shown { view: Arc::new(engine.view()), answered: self.answered, off: false });
        self.board.changed.notify_all();
    }

    fn deliver(&mut self, effect: Effect) {
        match effect {
            Effect::Print(order) => self.chore(Chore::Paper(order)),
            Effect::TakePhoto { fulfillment, note: _ } => self.chore(Chore::Photo(fulfillment)),
            Effect::CheckPin { purpose, pin, candidates } => self.chore(Chore::Pin { purpose, pin, candidates }),
            // Nobody hears, and there is no reader.
            Effect::Sound(_)
            | Effect::Speak(_)
            | Effect::Hush
            | Effect::Listen { .. }
            | Effect::WriteTag { .. }
            | Effect::Verdict { .. }
            | Effect::ScannerSetup(_)
            | Effect::LookAtDevices => {}
            Effect::SyncWake => self.tell(SyncCall::Wake),
            Effect::Sync(input) => self.tell(SyncCall::Machine(*input)),
            Effect::Push { no, events } => self.tell(SyncCall::Push { no, events }),
            Effect::Paired { station_id, token } => self.start_driver(station_id, token.0),
            Effect::Pair { code, known } => {
                let (server, port) = (self.setup.server.clone(), Arc::new(Port(self.port.clone())));
                let version = env!("CARGO_PKG_VERSION").to_owned();
                let who = Applicant { name: self.setup.name.clone(), version, known };
                let begun = pair_in_background(server, code, who, port);
                if let Err(error) = begun {
                    tracing::error!(error = %error, "pairing could not be started");
                }
            }
        }
    }

    fn chore(&self, chore: Chore) {
        if self.hands.try_send(chore).is_err() {
            tracing::error!("nobody took what the station handed out");
        }
    }

    fn tell(&self, call: SyncCall) {
        if let Some(driver) = &self.driver
            && driver.offer(call).is_err()
        {
            tracing::debug!("the sync driver has ended");
        }
    }

    fn start_driver(&mut self, station_id: crate::protocol::wire::StationId, token: String) {
        let blobs = self.blobs.clone();
        let read: BlobReader =
            Arc::new(move |hash: PhotoHash, offset, max| blobs.part(hash, offset, max).map_err(std::io::Error::other));
        let config = SyncConfig { server: self.setup.server.clone(), token: Token::new(token), station_id };
        let port = Arc::new(Port(self.port.clone()));
        match SyncDriver::spawn(config, Arc::clone(&self.clock), port, read) {
            Ok(handle) => self.driver = Some(handle),
            Err(error) => tracing::error!(error = %error, "the sync driver did not start"),
        }
    }
}
