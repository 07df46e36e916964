//! Starts one named thread per device, keeps it alive with a growing pause, routes commands and stops everything. Must never
//! run a device's own protocol and never block the sender of a command.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::bay::{Bay, Common};
use super::camera::view::Viewfinder;
use super::clock::Clock;
use super::config::{DeviceId, DeviceSpec, DevicesConfig};
use super::event::{DeviceCommand, DeviceEvent, DeviceKind, DeviceStatus, Full, LostReason, SendError};
use super::mailbox::{Mailbox, PostError, Taken};
use super::printer::board::{PrinterBoard, PrinterNow};
use super::sound::SoundPort;
use super::tap::{self, Live, Tap};
use super::usb::{self, UsbHub};
use super::voice::mouth::Mouth;
use super::{camera, light, nfc, printer, scale, scanner, sound, virtual_, voice};
use crate::core::chance;

/// Commands that may wait at one device.
pub const COMMANDS_WAITING_MAX: usize = 32;
/// A device that held this long starts again with the shortest pause.
const STEADY_MS: u64 = 5_000;

/// How often a lost device's path is looked at: one that is plugged in again is tried at once, not at the end of a pause.
const RETURN_LOOK: Duration = Duration::from_millis(250);

/// A growing pause between tries: doubled each time between two bounds, and shortened by up to half by chance, so that what
/// was lost together (a hub, a switch, ten stations on one printer) does not come back knocking together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    ms_min: u64,
    ms_max: u64,
    ms_next: u64,
    chance: u64,
}

impl Backoff {
    /// Pauses from half of `ms_min` to `ms_max` milliseconds; the same `seed` gives the same pauses.
    #[must_use]
    pub fn new(ms_min: u64, ms_max: u64, seed: u64) -> Self {
        Self { ms_min, ms_max: ms_max.max(ms_min), ms_next: ms_min, chance: seed }
    }

    /// The pause before the next try.
    pub fn next_pause(&mut self) -> Duration {
        let longest = self.ms_next;
        self.ms_next = longest.saturating_mul(2).min(self.ms_max);
        let least = longest.div_ceil(2);
        Duration::from_millis(least + chance::next(&mut self.chance) % (longest - least + 1))
    }

    /// The next pause is the shortest again.
    pub fn reset(&mut self) {
        self.ms_next = self.ms_min;
    }
}

/// One line of the device check: where a device stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceState {
    /// Which device.
    pub device: DeviceId,
    /// What it is for.
    pub kind: DeviceKind,
    /// Where it stands.
    pub status: DeviceStatus,
}

/// How a session with a device ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Stopped,
    Lost(LostReason),
}

/// What a command that came between sessions asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offline {
    KeepWaiting,
    TryNow,
}

/// A device's own behaviour, run by [`supervise`].
pub(crate) trait Driver: Send {
    /// Connects and works until the device is gone or the station stops.
    fn session(&mut self, bay: &mut Bay) -> End;
    /// Answers a command that came while no session runs.
    fn offline(&mut self, bay: &mut Bay, command: DeviceCommand) -> Offline;
    /// Longest pause between two tries, where looking for the device costs little: what is plugged in is then found at once.
    fn pause_ms_max(&self) -> Option<u64> {
        None
    }

    /// Whether what was not there at the last try is there now (a plugged-in device): it is tried at once. Must be cheap.
    fn returned(&self) -> bool {
        false
    }
}

/// The seed of a device's pauses: its own at each station and each start.
fn seed(id: &DeviceId) -> u64 {
    let name = id
        .as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let started = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.subsec_nanos());
    name ^ (u64::from(started) << 20) ^ u64::from(std::process::id())
}

fn supervise(driver: &mut dyn Driver, bay: &mut Bay, mut backoff: Backoff) {
    while !bay.stopped() {
        // A driver that panics must not take its device away for the rest of the shift.
        let reason = match catch_unwind(AssertUnwindSafe(|| driver.session(bay))) {
            Ok(End::Stopped) => return,
            Ok(End::Lost(reason)) => reason,
            Err(_) => LostReason::DriverFailed,
        };
        if bay.lost(reason) >= STEADY_MS {
            backoff.reset();
        }
        let pause = backoff.next_pause();
        let until = Instant::now() + driver.pause_ms_max().map_or(pause, |ms| pause.min(Duration::from_millis(ms)));
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match bay.wait_command(left.min(RETURN_LOOK)) {
                Taken::Closed => return,
                Taken::Timeout if left <= RETURN_LOOK || driver.returned() => break,
                Taken::Timeout => {}
                // A printer prints whole jobs here.
                Taken::Item(command) => match catch_unwind(AssertUnwindSafe(|| driver.offline(bay, command))) {
                    Ok(Offline::KeepWaiting) => {}
                    Ok(Offline::TryNow) => break,
                    // The next session answers the job that it had in hand.
                    Err(_) => {
                        bay.lost(LostReason::DriverFailed);
                        break;
                    }
                },
            }
        }
    }
}

#[derive(Clone)]
enum Inbox {
    Commands(Arc<Mailbox<DeviceCommand>>),
    Sound(Arc<SoundPort>),
}

#[derive(Clone)]
struct Post {
    kind: DeviceKind,
    inbox: Inbox,
    tap: Tap,
    finder: Viewfinder,
}

/// Sends commands to devices from any thread; cheap to clone.
#[derive(Clone)]
pub struct DeviceHandle {
    posts: Arc<BTreeMap<DeviceId, Post>>,
    /// Weak: a handle that outlives the devices must not keep alive what their events go to.
    common: Weak<Common>,
}

impl DeviceHandle {
    /// Hands a command to its device. Never blocks.
    ///
    /// # Errors
    /// [`SendError`]: the device is unknown, of another kind, full or stopped. Sounds are never refused for lack of room:
    /// the oldest waiting one makes place.
    pub fn send(&self, command: DeviceCommand) -> Result<(), SendError> {
        let (id, kind) = match &command {
            DeviceCommand::Print { printer, .. } | DeviceCommand::CancelPrint { printer, .. } => {
                (printer, DeviceKind::Printer)
            }
            DeviceCommand::TakePhoto { camera, .. } => (camera, DeviceKind::Camera),
            DeviceCommand::Zero { scale } | DeviceCommand::Tare { scale } => (scale, DeviceKind::Scale),
            DeviceCommand::WriteTag { reader, .. } => (reader, DeviceKind::TagReader),
            DeviceCommand::Light(_) => return self.to_lights(&command),
            DeviceCommand::Verdict { scanner, .. }
            | DeviceCommand::ScanRaw { scanner, .. }
            | DeviceCommand::Reframe { scanner, .. } => (scanner, DeviceKind::Scanner),
            DeviceCommand::Sound(name) => {
                self.sound()?.play(*name);
                return Ok(());
            }
            // The newest of these is what counts; a station has one of each.
            DeviceCommand::Speak { .. } | DeviceCommand::Hush => return self.newest(DeviceKind::Speech, true, command),
            DeviceCommand::Listen { .. } => return self.newest(DeviceKind::Voice, false, command),
            DeviceCommand::SoundLevel { volume_percent, muted } => {
                self.sound()?.set_level(*volume_percent, *muted);
                return Ok(());
            }
        };
        self.to(&id.clone(), kind, command)
    }

    /// A light that is behind shows the newest state it took; one that hangs misses some.
    fn to_lights(&self, command: &DeviceCommand) -> Result<(), SendError> {
        let lights = self.posts.iter().filter(|(_, post)| post.kind == DeviceKind::Light);
        lights.map(|(id, _)| self.to(id, DeviceKind::Light, command.clone())).fold(Ok(()), Result::and)
    }

    fn to(&self, id: &DeviceId, kind: DeviceKind, command: DeviceCommand) -> Result<(), SendError> {
        let post = self.posts.get(id).ok_or_else(|| SendError::Unknown { device: id.to_string() })?;
        let mailbox = match &post.inbox {
            Inbox::Commands(mailbox) if post.kind == kind => mailbox,
            Inbox::Commands(_) | Inbox::Sound(_) => {
                return Err(SendError::WrongKind { device: id.to_string(), kind: post.kind });
            }
        };
        mailbox.post(command).map_err(|error| match error {
            PostError::Full => SendError::Full { device: id.to_string() },
            PostError::Closed => SendError::Stopped { device: id.to_string() },
        })
    }

    /// Every printer as it stands now, by id: what a job is sent to is picked from this.
    #[must_use]
    pub fn printers(&self) -> Vec<PrinterNow> {
        let Some(common) = self.common.upgrade() else { return Vec::new() };
        let states = common.board.lock().unwrap_or_else(PoisonError::into_inner);
        let printers = states.values().filter(|state| state.kind == DeviceKind::Printer);
        printers.map(|state| self.printer_now(&common, state)).collect()
    }

    fn printer_now(&self, common: &Common, state: &DeviceState) -> PrinterNow {
        // Only what is printed is work: taking a job back waits in every printer's mailbox for a moment.
        let is_print = |command: &DeviceCommand| matches!(command, DeviceCommand::Print { .. });
        let waiting = match self.posts.get(&state.device).map(|post| &post.inbox) {
            Some(Inbox::Commands(mailbox)) => u32::try_from(mailbox.count(is_print)).unwrap_or(u32::MAX),
            Some(Inbox::Sound(_)) | None => 0,
        };
        let (at_work, facts) = common.printers.of(&state.device);
        PrinterNow {
            id: state.device.clone(),
            status: state.status.clone(),
            jobs: waiting.saturating_add(u32::from(at_work)).saturating_add(facts.jobs_of_others),
            facts,
        }
    }

    /// Hands a command to the only device of a kind; with `clear`, those that wait before it are out of date.
    fn newest(&self, kind: DeviceKind, clear: bool, command: DeviceCommand) -> Result<(), SendError> {
        let found = self.posts.iter().find_map(|(id, post)| match &post.inbox {
            Inbox::Commands(mailbox) if post.kind == kind => Some((id, mailbox)),
            Inbox::Commands(_) | Inbox::Sound(_) => None,
        });
        let (id, mailbox) = found.ok_or_else(|| SendError::Unknown { device: format!("{kind:?}") })?;
        mailbox.post_over(command, clear, |_| false).map_err(|_| SendError::Stopped { device: id.to_string() })
    }

    /// The sound port, for its latency figures.
    ///
    /// # Errors
    /// [`SendError::Unknown`] when no sound device is configured.
    pub fn sound(&self) -> Result<&SoundPort, SendError> {
        self.posts
            .values()
            .find_map(|post| match &post.inbox {
                Inbox::Sound(port) => Some(port.as_ref()),
                Inbox::Commands(_) => None,
            })
            .ok_or_else(|| SendError::Unknown { device: "sound".to_owned() })
    }

    /// What a camera shows; of other devices it stays empty.
    #[must_use]
    pub fn viewfinder(&self, camera: &DeviceId) -> Option<Viewfinder> {
        self.posts.get(camera).map(|post| post.finder.clone())
    }

    /// The last bytes of every device, and when it last answered. Cheap; never waits for a device.
    #[must_use]
    pub fn live(&self) -> Vec<(DeviceId, Live)> {
        self.posts.iter().map(|(id, post)| (id.clone(), post.tap.live())).collect()
    }

    /// Changes whenever [`DeviceHandle::live`] does.
    #[must_use]
    pub fn live_revision(&self) -> u64 {
        self.posts.values().fold(0, |sum, post| sum.wrapping_add(post.tap.revision()))
    }

    /// The configured devices, by id.
    pub fn devices(&self) -> impl Iterator<Item = (&DeviceId, DeviceKind)> {
        self.posts.iter().map(|(id, post)| (id, post.kind))
    }
}

/// A thread of a device could not be started.
#[derive(Debug, thiserror::Error)]
#[error("the thread of device {device} could not be started; close other programs or raise the thread limit")]
pub struct StartError {
    /// The device's id.
    pub device: String,
    /// What the system said.
    #[source]
    pub source: std::io::Error,
}

/// Owns the device threads. Dropping it stops and joins them.
pub struct Supervisor {
    handle: DeviceHandle,
    common: Arc<Common>,
    mailboxes: Vec<Arc<Mailbox<DeviceCommand>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Supervisor {
    /// Starts every configured device; the monotonic clock counts from now.
    ///
    /// # Errors
    /// [`StartError`] when the system gives no thread.
    pub fn start(
        config: DevicesConfig,
        sink: impl Fn(DeviceEvent) -> Result<(), Full> + Send + Sync + Clone + 'static,
    ) -> Result<Self, StartError> {
        Self::start_at(config, Instant::now(), sink)
    }

    /// Starts every configured device; `mono_ms` of all events counts from `origin`, which the station shares.
    ///
    /// # Errors
    /// [`StartError`] when the system gives no thread.
    pub fn start_at(
        config: DevicesConfig,
        origin: Instant,
        sink: impl Fn(DeviceEvent) -> Result<(), Full> + Send + Sync + Clone + 'static,
    ) -> Result<Self, StartError> {
        let (devices, (ms_min, ms_max)) = config.into_parts();
        let alarm = devices.iter().find_map(|device| {
            let DeviceSpec::Sound(sound) = &device.spec else { return None };
            Some(Arc::new(SoundPort::new(sound.volume_percent, sound.muted)))
        });
        let common = Arc::new(Common {
            sink: Arc::new(sink),
            clock: Clock::from_origin(origin),
            gestures: Arc::new(AtomicU64::new(1)),
            board: Mutex::new(BTreeMap::new()),
            alarm: alarm.clone(),
            printers: PrinterBoard::default(),
        });
        let mut posts = BTreeMap::new();
        let mut supervisor = Self {
            handle: DeviceHandle { posts: Arc::new(BTreeMap::new()), common: Arc::downgrade(&common) },
            common: Arc::clone(&common),
            mailboxes: Vec::new(),
            threads: Vec::new(),
        };
        let hub = UsbHub::default();
        let mouth = Arc::new(Mouth::default());
        // All have their places at the hub before the first one looks: none takes what the settings name for one that comes later.
        let mut ready = Vec::with_capacity(devices.len());
        for device in devices {
            let kind = device.spec.kind();
            let mailbox = Arc::new(Mailbox::new(COMMANDS_WAITING_MAX));
            let voice = alarm.as_ref().filter(|_| kind == DeviceKind::Sound);
            let inbox =
                voice.map_or_else(|| Inbox::Commands(Arc::clone(&mailbox)), |port| Inbox::Sound(Arc::clone(port)));
            let (tap, finder) = (Tap::default(), Viewfinder::default());
            posts.insert(device.id.clone(), Post { kind, inbox, tap: tap.clone(), finder: finder.clone() });
            supervisor.mailboxes.push(Arc::clone(&mailbox));
            let unasked = device.spec.unasked();
            let driver = driver_of(device.spec, alarm.as_ref(), &hub, &finder, &mouth);
            let backoff = Backoff::new(ms_min, ms_max, seed(&device.id));
            let mut bay = Bay::new(device.id, kind, Arc::clone(&common), mailbox, tap.clone());
            if unasked {
                bay.unasked();
            }
            ready.push((driver, bay, backoff, tap));
        }
        for (mut driver, mut bay, backoff, tap) in ready {
            let id = bay.id().to_string();
            let thread = std::thread::Builder::new()
                .name(format!("dev-{id}"))
                .spawn(move || {
                    tap::listen_here(tap, bay.clock());
                    supervise(driver.as_mut(), &mut bay, backoff);
                })
                .map_err(|source| StartError { device: id, source })?;
            supervisor.threads.push(thread);
        }
        supervisor.handle = DeviceHandle { posts: Arc::new(posts), common: Arc::downgrade(&common) };
        Ok(supervisor)
    }

    /// The way in for commands.
    #[must_use]
    pub fn handle(&self) -> DeviceHandle {
        self.handle.clone()
    }

    /// Where every device stands now, by id.
    #[must_use]
    pub fn states(&self) -> Vec<DeviceState> {
        self.common.board.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// A fresh gesture id from the same series as the scanners', for scans that enter by another door (the window's key
    /// filter, the demo's panel).
    #[must_use]
    pub fn next_gesture(&self) -> u64 {
        self.common.gestures.fetch_add(1, Ordering::Relaxed)
    }

    /// The same series for other threads.
    #[must_use]
    pub fn gestures(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.common.gestures)
    }

    /// The clock of all events.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.common.clock
    }

    /// Stops every device and waits for its thread; each wait of a driver is bounded.
    pub fn stop(mut self) {
        self.halt();
    }

    fn halt(&mut self) {
        for mailbox in &self.mailboxes {
            mailbox.close();
        }
        if let Some(port) = &self.common.alarm {
            port.close();
        }
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a device thread ended with a panic");
            }
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.halt();
    }
}

fn driver_of(
    spec: DeviceSpec,
    alarm: Option<&Arc<SoundPort>>,
    hub: &UsbHub,
    finder: &Viewfinder,
    mouth: &Arc<Mouth>,
) -> Box<dyn Driver> {
    match spec {
        DeviceSpec::SerialScanner(config) => Box::new(scanner::serial::SerialScanner::new(config)),
        DeviceSpec::KeyScanner(config) => Box::new(scanner::keys::KeyScanner::new(config)),
        DeviceSpec::SerialScale(config) => Box::new(scale::serial::SerialScale::new(&config)),
        DeviceSpec::UsbScanner(wanted) => Box::new(usb::scanner::UsbScanner::new(hub, wanted)),
        DeviceSpec::UsbScale(wanted) => Box::new(usb::scale::UsbScale::new(hub, wanted)),
        DeviceSpec::UsbPrinter(config) => {
            Box::new(printer::PrinterDriver::new(Box::new(usb::printer::UsbPrinter::new(hub, config))))
        }
        DeviceSpec::TcpPrinter(config) => {
            Box::new(printer::PrinterDriver::new(Box::new(printer::tcp::TcpPrinter::new(config))))
        }
        DeviceSpec::IppPrinter(config) => {
            Box::new(printer::PrinterDriver::new(Box::new(printer::ipp::IppPrinter::new(config))))
        }
        DeviceSpec::ReceiptPrinter(config) => {
            Box::new(printer::PrinterDriver::new(Box::new(printer::escpos::ReceiptPrinter::new(hub, config))))
        }
        DeviceSpec::FolderPrinter(config) => {
            Box::new(printer::PrinterDriver::new(Box::new(printer::folder::FolderPrinter::new(config))))
        }
        DeviceSpec::VideoCamera(config) => Box::new(camera::video::VideoCamera::new(config, finder)),
        DeviceSpec::SnapshotCamera(config) => {
            let used = config.used;
            let port = Box::new(camera::http::SnapshotCamera::new(config));
            Box::new(camera::CameraDriver::new(port, used, finder))
        }
        DeviceSpec::MjpegCamera(config) => Box::new(camera::http::MjpegCamera::new(config, finder)),
        DeviceSpec::FolderCamera(config) => {
            let used = config.used;
            Box::new(camera::CameraDriver::new(Box::new(camera::folder::FolderCamera::new(config)), used, finder))
        }
        DeviceSpec::Sound(config) => {
            let port = alarm.map_or_else(|| Arc::new(SoundPort::new(config.volume_percent, config.muted)), Arc::clone);
            Box::new(sound::player::SoundDriver::new(config, port))
        }
        DeviceSpec::Speech(config) => {
            Box::new(voice::speaker::SpeechDriver::new(config, Arc::clone(mouth), alarm.map(Arc::clone)))
        }
        DeviceSpec::Voice(config) => Box::new(voice::driver::VoiceDriver::new(config, Arc::clone(mouth))),
        DeviceSpec::TagReader(config) => Box::new(nfc::TagReader::new(config)),
        DeviceSpec::StackLight(config) => Box::new(light::StackLight::new(config)),
        DeviceSpec::VirtualScanner(handle) => Box::new(virtual_::VirtualScannerDriver::new(handle)),
        DeviceSpec::VirtualScale(handle) => Box::new(scale::serial::SerialScale::over(
            Box::new(virtual_::VirtualScaleSource::new(handle)),
            &scale::mtsics::MT_SICS,
            scale::MassUnit::Gram,
            scale::POLL_MS,
        )),
        DeviceSpec::VirtualHid(unit) => usb::driver_of(unit),
        DeviceSpec::VirtualPrinter(handle) => {
            Box::new(printer::PrinterDriver::new(Box::new(virtual_::VirtualPrinterPort::new(handle))))
        }
        DeviceSpec::VirtualCamera(handle) => {
            let port = Box::new(virtual_::VirtualCameraPort::new(handle));
            Box::new(camera::CameraDriver::new(port, camera::config::CameraUse::default(), finder))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};

    use super::*;

    /// Is never there, and fails over every command; tells of its sessions.
    struct Failing(SyncSender<()>);

    impl Driver for Failing {
        fn session(&mut self, _: &mut Bay) -> End {
            self.0.send(()).unwrap();
            End::Lost(LostReason::Refused)
        }

        fn offline(&mut self, _: &mut Bay, _: DeviceCommand) -> Offline {
            panic!("on purpose");
        }
    }

    #[test]
    fn a_driver_that_panics_over_a_command_is_tried_again_at_once() {
        let (told, events) = sync_channel(16);
        let common = Arc::new(Common {
            sink: Arc::new(move |event: DeviceEvent| told.try_send(event).map_err(|_| Full)),
            clock: Clock::from_origin(Instant::now()),
            gestures: Arc::default(),
            board: Mutex::default(),
            alarm: None,
            printers: PrinterBoard::default(),
        });
        let mailbox = Arc::new(Mailbox::new(COMMANDS_WAITING_MAX));
        let id = DeviceId::new("labels").unwrap();
        let mut bay = Bay::new(id, DeviceKind::Printer, common, Arc::clone(&mailbox), Tap::default());
        let (began, sessions) = sync_channel(16);
        // Pauses longer than this test waits for anything.
        let (pause_ms, wait) = (600_000, Duration::from_secs(20));
        let thread = std::thread::Builder::new()
            .name("dev-labels".to_owned())
            .spawn(move || supervise(&mut Failing(began), &mut bay, Backoff::new(pause_ms, pause_ms, 1)))
            .unwrap();
        for _ in 0..3 {
            assert_eq!(sessions.recv_timeout(wait), Ok(()));
            mailbox.post(DeviceCommand::Hush).unwrap();
        }
        assert_eq!(sessions.recv_timeout(wait), Ok(()));
        mailbox.close();
        thread.join().unwrap();
        assert_eq!(sessions.recv_timeout(Duration::ZERO), Err(RecvTimeoutError::Disconnected));
        let reasons: Vec<LostReason> = events
            .try_iter()
            .filter_map(|event| {
                let DeviceEvent::Status { status: DeviceStatus::Lost { reason, .. }, .. } = event else { return None };
                Some(reason)
            })
            .collect();
        assert!(reasons.contains(&LostReason::DriverFailed), "{reasons:?}");
    }

    #[test]
    fn pauses_double_between_half_a_second_and_ten_and_differ_by_chance() {
        let pauses = |seed: u64| {
            let mut backoff = Backoff::new(500, 10_000, seed);
            let list: Vec<u64> = (0..7).map(|_| backoff.next_pause().as_millis() as u64).collect();
            backoff.reset();
            assert!((250..=500).contains(&(backoff.next_pause().as_millis() as u64)), "the shortest again");
            list
        };
        for seed in 0..200 {
            for (pause, longest) in pauses(seed).into_iter().zip([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
                assert!((longest / 2..=longest).contains(&pause), "{pause} of {longest}");
            }
        }
        assert_eq!(pauses(7), pauses(7), "one seed, one row of pauses");
        let first: std::collections::BTreeSet<u64> = (0..50).map(|seed| pauses(seed)[3]).collect();
        assert!(first.len() > 40, "fifty devices do not knock together: {first:?}");
    }
}
