//! A whole station without its window: engine, devices, papers, PINs, photos and sync, each on its own threads with
//! bounded channels between them. Starting and stopping, in order.

use super::super::CliError;
use super::devices::Plan;
use super::eyes::Eyes;
use super::hands::{EFFECTS_MAX, Hands, ToHands, Waker};
use super::news::News;
use super::port::Port;
use super::routing::Printer;
use super::tongue::{ScreenLang, Tongue};
use super::watch::Watch;
use super::{papers, photos, pins, setup};
use crate::cli::disk::DiskOf;
use crate::config::Secret as SettingsSecret;
use crate::core::message::Arg;
use crate::devices::{self, DeviceHandle, DeviceId, Supervisor};
use crate::engine::input::{PhotosAt, Secret};
use crate::engine::{Clock, Effect, Engine, EngineConfig, EngineHandle, Input, SystemClock, VoiceRules, spawn};
use crate::i18n::{Catalogue, Lang};
use crate::labels::documents::Words;
use crate::storage::{Blobs, Conn};
use crate::sync::ServerConfig;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

/// Longest time the last inputs of a stop are tried, ms.
const STOP_MS_MAX: u64 = 5_000;

/// What a station is started with.
pub struct Parts {
    /// Its database, open and migrated.
    pub conn: Box<dyn Conn>,
    /// Folder of its photos.
    pub photos: PathBuf,
    /// Its devices.
    pub plan: Plan,
    /// The settings file, where there is one: what is learnt of a scanner is written there.
    pub settings_file: Option<PathBuf>,
    /// Where the server is, if one is set.
    pub server: Option<ServerConfig>,
    /// A token of the settings, in place of the paired one.
    pub token: Option<SettingsSecret>,
    /// Idle minutes until the screen locks; 0 never.
    pub idle_lock_min: u32,
    /// Language that papers are printed in.
    pub lang: Lang,
    /// A badge alone logs in, without its PIN.
    pub badge_alone: bool,
    /// When photos are taken by themselves.
    pub photos_at: PhotosAt,
    /// Commands by voice and spoken prompts.
    pub voice: VoiceRules,
    /// The language of the screen, which people switch.
    pub screen_lang: ScreenLang,
    /// The window's waker.
    pub waker: Waker,
}

/// A running station.
pub struct Running {
    port: Port,
    engine: Option<JoinHandle<()>>,
    supervisor: Option<Supervisor>,
    workers: Vec<JoinHandle<()>>,
    printers: Arc<[Printer]>,
    eyes: Eyes,
    send_now: SendNow,
    screen_lang: ScreenLang,
    paired: bool,
    watch: Watch,
}

/// Asks the server now, for a person who does not want to wait. Clones share it; it does nothing once the station stops.
#[derive(Clone, Default)]
pub struct SendNow(Arc<Mutex<Option<SyncSender<Effect>>>>);

impl SendNow {
    /// Asks now.
    pub fn now(&self) {
        let effects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(effects) = effects.as_ref()
            && effects.try_send(Effect::SyncWake).is_err()
        {
            tracing::warn!("the server was not asked: too much waits");
        }
    }

    fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Starts everything.
///
/// # Errors
/// If the database refuses, a folder cannot be used, or the system gives no thread.
pub fn start(parts: Parts) -> Result<Running, CliError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let blobs = Blobs::open(&parts.photos).map_err(|e| CliError::room("the photo folder cannot be used", "", e))?;
    let (set_up, keyboards) = setup::scanners(&parts.plan.config);
    let config = engine_config(&parts, &set_up);
    let refused = |e| CliError::room("the station's database cannot be used", "look at `packbench doctor`", e);
    let (mut engine, first) = Engine::start(parts.conn, Arc::clone(&clock), config, blobs.clone()).map_err(refused)?;
    let mut credentials = engine.credentials().map_err(refused)?;
    if let (Some((_, token)), Some(set)) = (credentials.as_mut(), &parts.token) {
        *token = Secret(set.reveal().to_owned());
    }
    let paired = credentials.is_some();
    let (effects, waiting) = sync_channel(EFFECTS_MAX);
    let send_now = SendNow(Arc::new(Mutex::new(Some(effects.clone()))));
    let wake = parts.waker.clone();
    let watch = Watch::default();
    let outlet = ToHands { effects, waker: parts.waker, watched: watch.guard() };
    let (handle, engine) = spawn(engine, first, Arc::clone(&clock), outlet).map_err(no_thread)?;
    let port = Port::new(handle, &watch);
    // From here on a failure stops what runs: dropping `running` does.
    let mut running = Running {
        port: port.clone(),
        engine: Some(engine),
        supervisor: None,
        workers: Vec::new(),
        printers: parts.plan.printers.into(),
        eyes: Eyes::default(),
        send_now,
        screen_lang: parts.screen_lang.clone(),
        paired,
        watch,
    };
    let (photos, worker) = photos::start(blobs.clone(), port.clone(), parts.plan.keeping).map_err(no_thread)?;
    running.workers.push(worker);
    let origin = Instant::now();
    let (setup, to_set_up) = sync_channel(setup::WORK_MAX);
    let device_clock = devices::Clock::from_origin(origin);
    let news = News::new(port.clone(), photos, setup.clone(), device_clock, Arc::clone(&clock));
    let supervisor = Supervisor::start_at(parts.plan.config, origin, move |event| news.take(event))
        .map_err(|e| CliError::room("the devices cannot be started", "", e))?;
    let device_handle = supervisor.handle();
    running.eyes = Eyes::open(&device_handle, parts.plan.camera.as_ref(), &wake);
    running.supervisor = Some(supervisor);
    let (papers, worker) =
        papers::start(Arc::clone(&running.printers), device_handle.clone(), port.clone()).map_err(no_thread)?;
    running.workers.push(worker);
    let (pins, worker) = pins::start(port.clone()).map_err(no_thread)?;
    running.workers.push(worker);
    let at_setup = (parts.settings_file, keyboards);
    running.workers.push(setup_thread(&port, &device_handle, &clock, at_setup, to_set_up)?);
    let hands = Hands {
        port,
        devices: device_handle,
        camera: parts.plan.camera,
        papers,
        pins,
        setup,
        server: parts.server,
        clock,
        blobs,
        machine: machine_name(),
        sync: None,
        looked: None,
        tongue: Tongue::new(parts.screen_lang),
    };
    running.workers.push(hands_thread(hands, waiting, credentials)?);
    Ok(running)
}

fn engine_config(parts: &Parts, set_up: &[DeviceId]) -> EngineConfig {
    EngineConfig {
        words: words(parts.lang),
        version: super::VERSION.to_owned(),
        idle_lock_min: parts.idle_lock_min,
        badge_alone: parts.badge_alone,
        photos_at: parts.photos_at,
        voice: parts.voice,
        set_up: set_up.iter().map(ToString::to_string).collect(),
        disk: Arc::new(DiskOf(parts.photos.clone())),
    }
}

fn setup_thread(
    port: &Port,
    devices: &DeviceHandle,
    clock: &Arc<dyn Clock>,
    (file, keyboards): (Option<PathBuf>, Vec<DeviceId>),
    inbox: Receiver<setup::Work>,
) -> Result<JoinHandle<()>, CliError> {
    let (port, devices, clock) = (port.clone(), devices.clone(), Arc::clone(clock));
    setup::start(setup::Parts { port, devices, clock, file, keyboards }, inbox).map_err(no_thread)
}

fn hands_thread(
    hands: Hands,
    waiting: Receiver<Effect>,
    credentials: Option<(crate::protocol::wire::StationId, Secret)>,
) -> Result<JoinHandle<()>, CliError> {
    let work = move || hands.run(&waiting, credentials);
    thread::Builder::new().name("effects".to_owned()).spawn(work).map_err(no_thread)
}

fn no_thread(source: std::io::Error) -> CliError {
    CliError::System { what: "a thread of the station cannot be started".to_owned(), source }
}

/// The words on papers.
fn words(lang: Lang) -> Words {
    let catalogue = Catalogue::new(lang);
    // Templates keep their places; the labels room fills them.
    let place = |name: &'static str| (name, Arg::Text(format!("{{{name}}}")));
    Words::from_catalogue(|key| catalogue.text_with(key, &[place("n"), place("m")]))
}

/// The name of this machine, for the server's list of pairings and for print servers.
pub(super) fn machine_name() -> String {
    let text = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let text = text.or_else(|| std::env::var("COMPUTERNAME").ok()).unwrap_or_default();
    let name: String = text.trim().chars().filter(|c| !c.is_control()).take(60).collect();
    if name.is_empty() { "station".to_owned() } else { name }
}

impl Running {
    /// The engine's door and window.
    #[must_use]
    pub fn handle(&self) -> EngineHandle {
        self.port.handle().clone()
    }

    /// The devices' way in, for their check.
    #[must_use]
    pub fn devices(&self) -> Option<DeviceHandle> {
        self.supervisor.as_ref().map(Supervisor::handle)
    }

    /// Numbers of gestures, for scans that enter by the window.
    #[must_use]
    pub fn gestures(&self) -> Arc<AtomicU64> {
        self.supervisor.as_ref().map_or_else(Arc::default, Supervisor::gestures)
    }

    /// Its printers.
    #[must_use]
    pub fn printers(&self) -> Arc<[Printer]> {
        Arc::clone(&self.printers)
    }

    /// What its cameras show.
    #[must_use]
    pub fn eyes(&self) -> Eyes {
        self.eyes.clone()
    }

    /// A way to ask the server now.
    #[must_use]
    pub fn send_now(&self) -> SendNow {
        self.send_now.clone()
    }

    /// The language of the screen, to be told when people switch it.
    #[must_use]
    pub fn screen_lang(&self) -> ScreenLang {
        self.screen_lang.clone()
    }

    /// Whether the station belonged to a site when it was started.
    #[must_use]
    pub fn was_paired(&self) -> bool {
        self.paired
    }

    /// The watch over its threads.
    #[must_use]
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }

    /// The engine's door for worker threads.
    #[must_use]
    pub fn port(&self) -> Port {
        self.port.clone()
    }

    /// Stops in good order: what waits at the engine is decided and committed, then the threads end.
    pub fn stop(mut self) {
        self.halt();
    }

    fn halt(&mut self) {
        let Some(engine) = self.engine.take() else { return };
        // Devices first: nothing new comes in, and what they have said is decided before the end.
        if let Some(supervisor) = self.supervisor.take() {
            supervisor.stop();
        }
        let until = Instant::now() + std::time::Duration::from_millis(STOP_MS_MAX);
        while self.port.handle().send(Input::Stop).is_err() && !engine.is_finished() && Instant::now() < until {
            thread::park_timeout(std::time::Duration::from_millis(5));
        }
        if engine.join().is_err() {
            tracing::error!("the engine ended with a panic; what it had committed is safe");
        }
        self.port.close();
        // The last sender of effects besides the engine's: their thread ends now.
        self.send_now.end();
        for worker in self.workers.drain(..) {
            if worker.join().is_err() {
                tracing::error!("a worker thread ended with a panic");
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.halt();
    }
}
