//! Devices without hardware, for the demo's panel and for simulated packers. Each is a handle to an in-memory transport under
//! the very drivers, parsers and checks of the real devices. Must never send an event past the supervisor.

use std::collections::VecDeque;
use std::fmt;
use std::io::Cursor;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::bay::Bay;
use super::camera::{self, CameraPort, Photo, PhotoFailure};
use super::config::ScanFraming;
use super::event::{DeviceCommand, DeviceWarning, LostReason, SendError};
use super::line::{Line, LineSource};
use super::mailbox::{Mailbox, PostError, Taken};
use super::printer::{NotReady, PrintFailure, PrintJob, PrintOutcome, PrinterPort, Progress};
use super::scanner::{Frame, Framer, deliver};
use super::supervisor::{Driver, End, Offline};
use super::tap;

/// Gestures that may wait at a virtual scanner.
const SCANS_WAITING_MAX: usize = 256;
/// Pages kept by a virtual printer.
pub const PAGES_KEPT_MAX: usize = 64;
/// Pages that may wait at one subscriber.
const PAGES_WAITING_MAX: usize = 256;
/// Subscribers of a virtual printer, at most.
const SUBSCRIBERS_MAX: usize = 8;
/// Time between two looks at a virtual device while idle.
const LOOK: Duration = Duration::from_millis(200);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every holder in this file leaves the value whole, also when it panics.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// --- scanner -----------------------------------------------------------------------------------------------------------

#[derive(Debug)]
enum ScanInput {
    Bytes(Vec<u8>),
    Gesture { id: Option<u64>, bytes: Vec<u8> },
}

#[derive(Debug)]
struct ScannerInside {
    inputs: Mailbox<ScanInput>,
    plugged: Mutex<bool>,
}

/// A scanner driven by a program.
#[derive(Debug, Clone)]
pub struct VirtualScanner {
    inside: Arc<ScannerInside>,
}

impl Default for VirtualScanner {
    fn default() -> Self {
        Self::new()
    }
}

impl VirtualScanner {
    /// A plugged-in scanner.
    #[must_use]
    pub fn new() -> Self {
        let inside = ScannerInside { inputs: Mailbox::new(SCANS_WAITING_MAX), plugged: Mutex::new(true) };
        Self { inside: Arc::new(inside) }
    }

    fn post(&self, input: ScanInput) -> Result<(), SendError> {
        let device = "virtual-scanner".to_owned();
        if !*lock(&self.inside.plugged) {
            return Err(SendError::Stopped { device });
        }
        self.inside.inputs.post(input).map_err(|error| match error {
            PostError::Full => SendError::Full { device },
            PostError::Closed => SendError::Stopped { device },
        })
    }

    /// One pull of the trigger on a code; it gets a fresh gesture id.
    ///
    /// # Errors
    /// [`SendError`]: unplugged, or more than 256 gestures wait.
    pub fn scan(&self, bytes: &[u8]) -> Result<(), SendError> {
        self.post(ScanInput::Gesture { id: None, bytes: bytes.to_vec() })
    }

    /// The same with a gesture id of the caller (from [`super::Supervisor::next_gesture`]). The same id again is an echo.
    ///
    /// # Errors
    /// [`SendError`]: unplugged, or more than 256 gestures wait.
    pub fn scan_as(&self, gesture: u64, bytes: &[u8]) -> Result<(), SendError> {
        self.post(ScanInput::Gesture { id: Some(gesture), bytes: bytes.to_vec() })
    }

    /// Raw bytes as they would come on a line, cut into codes by terminators and silence.
    ///
    /// # Errors
    /// [`SendError`]: unplugged, or too many inputs wait.
    pub fn line_bytes(&self, bytes: &[u8]) -> Result<(), SendError> {
        self.post(ScanInput::Bytes(bytes.to_vec()))
    }

    /// Pulls the plug or puts it back. What waits at that moment is lost, as with a real plug.
    pub fn set_plugged(&self, plugged: bool) {
        *lock(&self.inside.plugged) = plugged;
        if !plugged {
            self.inside.inputs.clear();
        }
    }
}

pub(crate) struct VirtualScannerDriver {
    handle: VirtualScanner,
    framing: ScanFraming,
}

impl VirtualScannerDriver {
    pub(crate) fn new(handle: VirtualScanner) -> Self {
        Self { handle, framing: ScanFraming::default() }
    }

    fn take(&self, bay: &mut Bay, framer: &mut Framer, input: ScanInput) {
        match input {
            ScanInput::Bytes(bytes) => {
                tap::heard(&bytes);
                let mut frames = Vec::new();
                framer.push(&bytes, bay.clock().mono_ms(), &mut frames);
                for frame in frames {
                    let gesture = bay.next_gesture();
                    deliver(bay, gesture, frame, self.framing.aim);
                }
            }
            ScanInput::Gesture { id, bytes } => {
                tap::heard(&bytes);
                let gesture = id.unwrap_or_else(|| bay.next_gesture());
                if let Some(frame) = Frame::of(bytes, self.framing.bytes_max) {
                    deliver(bay, gesture, frame, self.framing.aim);
                }
            }
        }
    }
}

impl Driver for VirtualScannerDriver {
    fn session(&mut self, bay: &mut Bay) -> End {
        if !*lock(&self.handle.inside.plugged) {
            return End::Lost(LostReason::NotFound);
        }
        bay.ready();
        let mut framer = Framer::new(self.framing.clone());
        let idle = Duration::from_millis(self.framing.idle_ms.unwrap_or(100));
        loop {
            // A panel shows no verdicts of its own, so commands are only taken out of the way.
            if matches!(bay.wait_command(Duration::ZERO), Taken::Closed) {
                return End::Stopped;
            }
            match self.handle.inside.inputs.take(idle.min(LOOK)) {
                Taken::Closed => return End::Stopped,
                Taken::Item(input) => self.take(bay, &mut framer, input),
                Taken::Timeout => {
                    if let Some(frame) = framer.silent(bay.clock().mono_ms()) {
                        let gesture = bay.next_gesture();
                        deliver(bay, gesture, frame, self.framing.aim);
                    }
                }
            }
            if !*lock(&self.handle.inside.plugged) {
                if let Some(frame) = framer.cut() {
                    let gesture = bay.next_gesture();
                    deliver(bay, gesture, frame, self.framing.aim);
                }
                return End::Lost(LostReason::Disconnected);
            }
        }
    }

    fn offline(&mut self, _bay: &mut Bay, _command: DeviceCommand) -> Offline {
        Offline::KeepWaiting
    }
}

// --- scale -------------------------------------------------------------------------------------------------------------

#[derive(Debug)]
struct Load {
    grams: i64,
    tare_g: i64,
    stable: bool,
    capacity_g: i64,
    silent: bool,
    plugged: bool,
    answers: VecDeque<u8>,
}

#[derive(Debug)]
struct ScaleInside {
    load: Mutex<Load>,
    answered: Condvar,
}

/// A scale driven by a program. It answers MT-SICS questions byte by byte, so the real driver asks it.
#[derive(Debug, Clone)]
pub struct VirtualScale {
    inside: Arc<ScaleInside>,
}

impl VirtualScale {
    /// An empty, resting scale that carries up to `capacity_g` grams.
    #[must_use]
    pub fn new(capacity_g: i64) -> Self {
        let load = Load {
            grams: 0,
            tare_g: 0,
            stable: true,
            capacity_g,
            silent: false,
            plugged: true,
            answers: VecDeque::new(),
        };
        Self { inside: Arc::new(ScaleInside { load: Mutex::new(load), answered: Condvar::new() }) }
    }

    /// Puts a load of `grams` on the pan; `stable` says whether it rests.
    pub fn place(&self, grams: i64, stable: bool) {
        let mut load = lock(&self.inside.load);
        (load.grams, load.stable) = (grams, stable);
    }

    /// Stops answering, as with a loose cable, or answers again.
    pub fn set_silent(&self, silent: bool) {
        lock(&self.inside.load).silent = silent;
    }

    /// Pulls the plug or puts it back.
    pub fn set_plugged(&self, plugged: bool) {
        lock(&self.inside.load).plugged = plugged;
        self.inside.answered.notify_all();
    }
}

impl Load {
    /// The answer to one MT-SICS question.
    fn answer(&mut self, question: &[u8]) -> String {
        let over = self.grams > self.capacity_g;
        match question {
            b"SI" if over => "S +\r\n".to_owned(),
            b"SI" => {
                let state = if self.stable { 'S' } else { 'D' };
                format!("S {state} {:>10} g\r\n", self.grams - self.tare_g)
            }
            b"Z" if over => "Z +\r\n".to_owned(),
            b"Z" if !self.stable => "Z I\r\n".to_owned(),
            b"Z" => {
                (self.grams, self.tare_g) = (0, 0);
                "Z A\r\n".to_owned()
            }
            b"T" if over => "T +\r\n".to_owned(),
            b"T" if !self.stable => "T I\r\n".to_owned(),
            b"T" => {
                self.tare_g = self.grams;
                format!("T S {:>10} g\r\n", self.tare_g)
            }
            _ => "ES\r\n".to_owned(),
        }
    }
}

pub(crate) struct VirtualScaleSource {
    handle: VirtualScale,
}

impl VirtualScaleSource {
    pub(crate) fn new(handle: VirtualScale) -> Self {
        Self { handle }
    }
}

impl LineSource for VirtualScaleSource {
    fn open(&mut self) -> Result<Box<dyn Line>, LostReason> {
        let mut load = lock(&self.handle.inside.load);
        load.answers.clear();
        if load.plugged {
            Ok(Box::new(VirtualScaleLine { handle: self.handle.clone() }))
        } else {
            Err(LostReason::NotFound)
        }
    }
}

struct VirtualScaleLine {
    handle: VirtualScale,
}

impl Line for VirtualScaleLine {
    fn read(&mut self, buf: &mut [u8], timeout: Duration) -> Result<usize, LostReason> {
        let until = Instant::now() + timeout;
        let mut load = lock(&self.handle.inside.load);
        loop {
            if !load.plugged {
                return Err(LostReason::Disconnected);
            }
            let n = load.answers.len().min(buf.len());
            let left = until.saturating_duration_since(Instant::now());
            if n > 0 || left.is_zero() {
                for (place, byte) in buf.iter_mut().zip(load.answers.drain(..n)) {
                    *place = byte;
                }
                tap::heard(buf.get(..n).unwrap_or_default());
                return Ok(n);
            }
            load = self.handle.inside.answered.wait_timeout(load, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LostReason> {
        let mut load = lock(&self.handle.inside.load);
        if !load.plugged {
            return Err(LostReason::Disconnected);
        }
        tap::sent(bytes);
        // Questions are written whole by the driver, so they need no buffer here.
        for question in bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|question| !question.is_empty()) {
            let answer = load.answer(question);
            if !load.silent {
                load.answers.extend(answer.bytes());
            }
        }
        self.handle.inside.answered.notify_all();
        Ok(())
    }
}

// --- printer -----------------------------------------------------------------------------------------------------------

#[derive(Debug)]
struct Tray {
    trouble: Option<NotReady>,
    plugged: bool,
    pages: VecDeque<PrintJob>,
    subscribers: Vec<SyncSender<PrintJob>>,
}

/// A printer whose pages a program can look at.
#[derive(Debug, Clone)]
pub struct VirtualPrinter {
    tray: Arc<Mutex<Tray>>,
}

impl Default for VirtualPrinter {
    fn default() -> Self {
        Self::new()
    }
}

impl VirtualPrinter {
    /// A printer with paper.
    #[must_use]
    pub fn new() -> Self {
        let tray = Tray { trouble: None, plugged: true, pages: VecDeque::new(), subscribers: Vec::new() };
        Self { tray: Arc::new(Mutex::new(tray)) }
    }

    /// Makes the printer unable to print, or able again.
    pub fn set_trouble(&self, trouble: Option<NotReady>) {
        lock(&self.tray).trouble = trouble;
    }

    /// Pulls the plug or puts it back.
    pub fn set_plugged(&self, plugged: bool) {
        lock(&self.tray).plugged = plugged;
    }

    /// Everything printed from now on. A subscriber that lets 256 pages wait, or goes away, is forgotten. At most eight
    /// subscribers are kept; the oldest gives way.
    #[must_use]
    pub fn subscribe(&self) -> Receiver<PrintJob> {
        let (sender, receiver) = sync_channel(PAGES_WAITING_MAX);
        let mut tray = lock(&self.tray);
        if tray.subscribers.len() == SUBSCRIBERS_MAX {
            tray.subscribers.remove(0);
        }
        tray.subscribers.push(sender);
        receiver
    }

    /// The last pages, oldest first, at most [`PAGES_KEPT_MAX`].
    #[must_use]
    pub fn pages(&self) -> Vec<PrintJob> {
        lock(&self.tray).pages.iter().cloned().collect()
    }
}

pub(crate) struct VirtualPrinterPort {
    handle: VirtualPrinter,
}

impl VirtualPrinterPort {
    pub(crate) fn new(handle: VirtualPrinter) -> Self {
        Self { handle }
    }
}

impl PrinterPort for VirtualPrinterPort {
    fn print(&mut self, job: &PrintJob, progress: &mut dyn Progress) -> PrintOutcome {
        let mut tray = lock(&self.handle.tray);
        let why = if tray.plugged {
            tray.trouble.map(PrintFailure::NotReady)
        } else {
            Some(PrintFailure::NotThere(LostReason::Disconnected))
        };
        if let Some(why) = why {
            return PrintOutcome::Failed { why, bytes_sent: 0 };
        }
        if tray.pages.len() == PAGES_KEPT_MAX {
            tray.pages.pop_front();
        }
        tray.pages.push_back(job.clone());
        tray.subscribers.retain(|subscriber| match subscriber.try_send(job.clone()) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
        });
        drop(tray);
        progress.report(PrintOutcome::Sent);
        PrintOutcome::PaperMoved
    }

    fn check(&mut self) -> Result<Option<DeviceWarning>, LostReason> {
        let tray = lock(&self.handle.tray);
        if tray.plugged { Ok(tray.trouble.map(NotReady::warning)) } else { Err(LostReason::Disconnected) }
    }

    fn check_every(&self) -> Duration {
        LOOK
    }
}

// --- camera ------------------------------------------------------------------------------------------------------------

/// A drawn picture: rows of red, green, blue, 8 bits each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// `width_px × height_px × 3` bytes.
    pub rgb: Vec<u8>,
}

/// Draws one picture.
type Draw = dyn Fn() -> Drawing + Send + Sync;

/// A camera whose pictures are drawn by a program.
#[derive(Clone)]
pub struct VirtualCamera {
    draw: Arc<Draw>,
    plugged: Arc<Mutex<bool>>,
    /// What lies before it until the next photo.
    scene: Arc<Mutex<Option<Drawing>>>,
}

impl fmt::Debug for VirtualCamera {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VirtualCamera").field("plugged", &*lock(&self.plugged)).finish_non_exhaustive()
    }
}

impl VirtualCamera {
    /// A camera that shows what `draw` draws at each request.
    #[must_use]
    pub fn new(draw: impl Fn() -> Drawing + Send + Sync + 'static) -> Self {
        Self { draw: Arc::new(draw), plugged: Arc::new(Mutex::new(true)), scene: Arc::default() }
    }

    /// Pulls the plug or puts it back.
    pub fn set_plugged(&self, plugged: bool) {
        *lock(&self.plugged) = plugged;
    }
}

pub(crate) struct VirtualCameraPort {
    handle: VirtualCamera,
}

impl VirtualCameraPort {
    pub(crate) fn new(handle: VirtualCamera) -> Self {
        Self { handle }
    }
}

fn photo(drawing: Drawing) -> Result<Photo, PhotoFailure> {
    let picture =
        image::RgbImage::from_raw(drawing.width_px, drawing.height_px, drawing.rgb).ok_or(PhotoFailure::NotAPicture)?;
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, image::ImageFormat::Jpeg).map_err(|_| PhotoFailure::NotAPicture)?;
    camera::check(file.into_inner())
}

impl CameraPort for VirtualCameraPort {
    fn take(&mut self) -> Result<Photo, PhotoFailure> {
        self.check().map_err(PhotoFailure::NotThere)?;
        let drawing = (self.handle.draw)();
        *lock(&self.handle.scene) = Some(drawing.clone());
        photo(drawing)
    }

    fn look(&mut self) -> Option<Photo> {
        self.check().ok()?;
        // What is drawn anew for each photo lies still between two of them.
        let drawn = lock(&self.handle.scene).clone();
        let drawing = drawn.unwrap_or_else(|| (self.handle.draw)());
        *lock(&self.handle.scene) = Some(drawing.clone());
        photo(drawing).ok()
    }

    fn check(&mut self) -> Result<(), LostReason> {
        if *lock(&self.handle.plugged) { Ok(()) } else { Err(LostReason::Disconnected) }
    }

    fn check_every(&self) -> Duration {
        LOOK
    }
}
