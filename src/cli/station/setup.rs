//! Setting a scanner up from the device check, on a thread of its own: it asks the scanner for what comes as it is, leads through three
//! scans, and writes what was learnt into the settings file. Must never pass a gesture on as a scan, and never change anything before
//! somebody asked for it.

use super::super::devices::keep::{self, KeepError, Section};
use super::super::devices::sheet::ELEMENTS;
use super::super::settings;
use super::lines;
use super::port::Port;
use crate::config::{CodeFrame, ScannerPort};
use crate::core::control::named;
use crate::core::ids::GestureId;
use crate::core::message::Message;
use crate::core::scan::Scan;
use crate::core::time::UtcMs;
use crate::devices::config::ScanFraming;
use crate::devices::scanner::learn::{EAN, LearnError, Learnt, PLAIN, Surround, TestCode};
use crate::devices::scanner::setup::{Difference, Refused, Setup, Step, Took};
use crate::devices::{DeviceCommand, DeviceHandle, DeviceId, DeviceSpec, DevicesConfig};
use crate::engine::input::SetupAsk;
use crate::engine::view::{SetupCame, SetupCode, SetupLearnt, SetupStage, SetupView};
use crate::engine::{Clock, Input};
use crate::labels::LabelError;
use crate::labels::bars::{Bars, BarsKind};
use crate::labels::code128::{CODE128_QUIET_MODULES, Code128};
use crate::labels::gs1::{self, ElementString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What may wait for the thread; a person scans and presses no faster.
pub const WORK_MAX: usize = 32;
/// Bytes of a gesture that are shown.
const SHOWN_MAX: usize = 80;
/// When nothing came for so long, the screen says what to look at.
const PATIENCE: Duration = Duration::from_secs(25);

/// What the thread is to do.
pub enum Work {
    /// Somebody presses something.
    Ask(SetupAsk),
    /// A scanner that is set up sent this.
    Came {
        /// Which.
        device: DeviceId,
        /// Everything of one gesture.
        bytes: Vec<u8>,
    },
}

/// What the thread works with.
pub struct Parts {
    /// The engine's door.
    pub port: Port,
    /// The devices.
    pub devices: DeviceHandle,
    /// The station's clock.
    pub clock: Arc<dyn Clock>,
    /// The settings file, where there is one.
    pub file: Option<PathBuf>,
    /// Scanners that type.
    pub keyboards: Vec<DeviceId>,
}

/// Scanners whose settings three scans can find out, and those of them that type.
#[must_use]
pub fn scanners(config: &DevicesConfig) -> (Vec<DeviceId>, Vec<DeviceId>) {
    let list = config.devices().iter();
    let (mut all, mut keyboards) = (Vec::new(), Vec::new());
    for device in list {
        if matches!(device.spec, DeviceSpec::KeyScanner(_)) {
            keyboards.push(device.id.clone());
        }
        if matches!(device.spec, DeviceSpec::SerialScanner(_) | DeviceSpec::KeyScanner(_)) {
            all.push(device.id.clone());
        }
    }
    (all, keyboards)
}

/// Starts the thread `setup`. It ends when all senders are dropped.
///
/// # Errors
/// If the system gives no thread.
pub fn start(parts: Parts, inbox: Receiver<Work>) -> io::Result<JoinHandle<()>> {
    let hand = Hand { parts, scanner: None, setup: Setup::default(), hinted: false };
    thread::Builder::new().name("setup".to_owned()).spawn(move || hand.run(&inbox))
}

struct Hand {
    parts: Parts,
    /// The scanner that is set up.
    scanner: Option<DeviceId>,
    setup: Setup,
    /// What to look at has been said.
    hinted: bool,
}

impl Hand {
    fn run(mut self, inbox: &Receiver<Work>) {
        loop {
            let waits = self.scanner.is_some() && !self.hinted && matches!(self.setup.step(), Step::Scan(_));
            let work = if waits {
                inbox.recv_timeout(PATIENCE)
            } else {
                inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            match work {
                Ok(Work::Ask(ask)) => self.asked(ask),
                Ok(Work::Came { device, bytes }) => self.came(&device, &bytes),
                Err(RecvTimeoutError::Timeout) => self.nothing_came(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn asked(&mut self, ask: SetupAsk) {
        match ask {
            SetupAsk::Begin { scanner } => self.begin(scanner),
            SetupAsk::Again => self.again(),
            SetupAsk::Keep => self.keep(),
            SetupAsk::End => {
                if let Some(scanner) = self.scanner.take() {
                    self.listen(&scanner, false);
                }
            }
        }
    }

    fn begin(&mut self, scanner: String) {
        let Ok(scanner) = DeviceId::new(scanner) else { return };
        self.setup = Setup::new(self.parts.keyboards.contains(&scanner));
        if let Some(before) = self.scanner.replace(scanner) {
            self.listen(&before, false);
        }
        self.again();
    }

    fn again(&mut self) {
        let Some(scanner) = self.scanner.clone() else { return };
        self.setup.again();
        self.hinted = false;
        if self.listen(&scanner, true) {
            self.show(None);
        } else {
            let (why, todo) = (Message::new("setup-no-scanner"), Message::new("setup-no-scanner-todo"));
            self.tell(SetupStage::Contradiction(why, todo), None);
        }
    }

    fn came(&mut self, device: &DeviceId, bytes: &[u8]) {
        if self.scanner.as_ref() != Some(device) {
            // It was left in this moment: nobody knows what was meant, so it is refused aloud and scanned again.
            self.listen(device, false);
            return self.refuse(device);
        }
        self.hinted = false;
        let refused = match self.setup.take(bytes) {
            Took::NotAsked => return,
            Took::Read => None,
            Took::Refused(refused) => Some(why(&refused)),
        };
        let text = named(bytes.get(..SHOWN_MAX).unwrap_or(bytes));
        self.show(Some(SetupCame { text, refused }));
    }

    fn nothing_came(&mut self) {
        self.hinted = true;
        let keyboard = self.scanner.as_ref().is_some_and(|scanner| self.parts.keyboards.contains(scanner));
        let todo = if keyboard { "setup-nothing-came-typed" } else { "setup-nothing-came-serial" };
        let refused = Some((Message::new("setup-nothing-came"), Message::new(todo)));
        self.show(Some(SetupCame { text: String::new(), refused }));
    }

    /// As an empty scan, which the engine refuses as unreadable.
    fn refuse(&self, device: &DeviceId) {
        let scan = Scan {
            gesture: GestureId(self.parts.clock.new_id()),
            device: device.to_string(),
            bytes: Vec::new(),
            symbology: None,
            at: UtcMs(self.parts.clock.wall_ms()),
        };
        self.parts.port.deliver("a scan", Input::Scan(scan));
    }

    fn show(&self, came: Option<SetupCame>) {
        let stage = match self.setup.step() {
            Step::Scan(code) => match code_of(code) {
                Ok(drawn) => SetupStage::Scan { number: number_of(code), code: drawn },
                Err(e) => return tracing::error!(error = %e, "a test code cannot be drawn"),
            },
            Step::Learnt(learnt) => SetupStage::Learnt(learnt_of(&learnt)),
            Step::Contradiction(error) => {
                let (why, todo) = why_learner(&error);
                SetupStage::Contradiction(why, todo)
            }
        };
        self.tell(stage, came);
    }

    fn tell(&self, stage: SetupStage, came: Option<SetupCame>) {
        let Some(scanner) = &self.scanner else { return };
        let view = SetupView { scanner: scanner.to_string(), stage, came };
        self.parts.port.deliver("the setting up of a scanner", Input::Setup(Box::new(view)));
    }

    fn listen(&self, scanner: &DeviceId, on: bool) -> bool {
        self.send(DeviceCommand::ScanRaw { scanner: scanner.clone(), on })
    }

    fn send(&self, command: DeviceCommand) -> bool {
        let sent = self.parts.devices.send(command);
        if let Err(e) = &sent {
            tracing::warn!(error = %e, "a scanner was not told how it is read");
        }
        sent.is_ok()
    }

    fn keep(&mut self) {
        let (Some(scanner), Step::Learnt(learnt)) = (self.scanner.clone(), self.setup.step()) else { return };
        let shown = learnt_of(&learnt);
        let stage = match write(self.parts.file.as_deref(), &scanner, &learnt) {
            Ok((file, framing)) => {
                tracing::info!(device = %scanner, file = %file.display(), "what was learnt of a scanner was written");
                self.send(DeviceCommand::Reframe { scanner, framing });
                SetupStage::Kept { learnt: shown, file: file.display().to_string() }
            }
            Err(e) => {
                tracing::warn!(device = %scanner, error = %e, "what was learnt of a scanner was not written");
                let (why, todo) = why_not_kept(&e, &scanner);
                SetupStage::NotKept(shown, why, todo)
            }
        };
        self.tell(stage, None);
    }
}

/// Writes what was learnt; the file, and how the scanner is read by it, as at the next start.
fn write(file: Option<&Path>, scanner: &DeviceId, learnt: &Learnt) -> Result<(PathBuf, ScanFraming), KeepError> {
    let file = file.ok_or(KeepError::NoFile)?;
    let section = Section { name: scanner.as_str(), line: None, learnt };
    let framing = keep::write(file, &section, |text| {
        let settings = settings::station_of(file, text)?;
        let found = settings.scanners.iter().find(|s| s.name == scanner.as_str());
        let port = found.map(|s| &s.port).filter(|port| match port {
            ScannerPort::Serial { frame, .. } | ScannerPort::Evdev { frame, .. } => says(frame, learnt),
            ScannerPort::Wedge { .. } | ScannerPort::Usb(_) => false,
        });
        match port.and_then(lines::scanner) {
            Some(DeviceSpec::SerialScanner(config)) => Ok(config.framing),
            Some(DeviceSpec::KeyScanner(config)) => Ok(config.framing),
            Some(_) | None => Err(KeepError::Overruled),
        }
    })?;
    Ok((file.to_owned(), framing))
}

/// Whether the settings, with what goes before the file, say what was learnt.
fn says(frame: &CodeFrame, learnt: &Learnt) -> bool {
    let ends = learnt.terminators.is_empty() || frame.terminators == learnt.terminators;
    ends && frame.aim == learnt.aim
        && (&frame.prefix, &frame.suffix, &frame.gs) == (&learnt.prefix, &learnt.suffix, &learnt.gs)
}

fn number_of(code: TestCode) -> u8 {
    match code {
        TestCode::Plain => 1,
        TestCode::Gs1 => 2,
        TestCode::Ean => 3,
    }
}

/// A test code as bars, for the screen.
///
/// # Errors
/// Never for the codes that there are.
pub fn code_of(code: TestCode) -> Result<SetupCode, LabelError> {
    let drawn = |symbology, text: &str, widths: Vec<u8>, quiet_modules| SetupCode {
        symbology,
        text: text.to_owned(),
        widths: widths.into(),
        quiet_modules,
    };
    Ok(match code {
        TestCode::Plain => drawn("Code 128", PLAIN, Code128::from_text(PLAIN)?.widths(), CODE128_QUIET_MODULES),
        TestCode::Gs1 => {
            let list: Result<Vec<_>, _> = ELEMENTS.iter().map(|(ai, value)| ElementString::new(ai, value)).collect();
            let list = list?;
            let widths = gs1::gs1_128(&list)?.widths();
            drawn("GS1-128", &gs1::human_readable(&list), widths, CODE128_QUIET_MODULES)
        }
        TestCode::Ean => {
            let bars = Bars::new(BarsKind::Ean13, EAN)?;
            drawn("EAN-13", EAN, bars.widths().to_vec(), BarsKind::Ean13.quiet_modules())
        }
    })
}

fn learnt_of(learnt: &Learnt) -> SetupLearnt {
    SetupLearnt {
        prefix: named(&learnt.prefix),
        suffix: named(&learnt.suffix),
        // Each of them ends one; CR goes before LF, as scanners send them.
        end: learnt.terminators.iter().rev().map(|byte| named(&[*byte])).collect::<Vec<_>>().join(" "),
        aim: learnt.aim,
        gs: named(&learnt.gs),
    }
}

/// Why a gesture does not count, and what to do.
fn why(refused: &Refused) -> (Message, Message) {
    match refused {
        Refused::Learner(error) => why_learner(error),
        Refused::NotTheCode(difference) => {
            let both = |what, todo| (Message::new(what), Message::new(todo));
            match difference {
                Difference::OtherTestCode(code) => {
                    let what = Message::new("setup-other-test-code").with("n", i64::from(number_of(*code)));
                    (what, Message::new("setup-scan-shown"))
                }
                Difference::Twice => both("setup-twice", "setup-twice-todo"),
                Difference::Part => both("setup-part", "setup-part-todo"),
                Difference::Garbled => both("setup-garbled", "setup-garbled-todo"),
                Difference::Layout => both("setup-layout", "setup-layout-todo"),
                Difference::OtherCode => both("setup-other-code", "setup-scan-shown"),
            }
        }
    }
}

fn why_learner(error: &LearnError) -> (Message, Message) {
    let both = |what, todo| (Message::new(what), Message::new(todo));
    match error {
        LearnError::WrongCode(_) => both("setup-other-code", "setup-scan-shown"),
        LearnError::CaseTurned => both("setup-case", "setup-case-todo"),
        LearnError::NoSeparator => both("setup-no-separator", "setup-separator-todo"),
        LearnError::SeparatorIsText(text) => {
            (Message::new("setup-separator-text").with("text", text.clone()), Message::new("setup-separator-todo"))
        }
        LearnError::Differ(Surround::Aim) => both("setup-differ-aim", "setup-differ-todo"),
        LearnError::Differ(Surround::Prefix) => both("setup-differ-prefix", "setup-differ-todo"),
        LearnError::Differ(Surround::Suffix) => both("setup-differ-suffix", "setup-differ-todo"),
        LearnError::TooMuch => both("setup-too-much", "setup-too-much-todo"),
        LearnError::EndInside => both("setup-end-inside", "setup-end-inside-todo"),
    }
}

fn why_not_kept(error: &KeepError, scanner: &DeviceId) -> (Message, Message) {
    let named = |key, path: &Path| Message::new(key).with("file", path.display().to_string());
    let todo_of = |source: &io::Error| match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "setup-file-rights-todo",
        _ => "setup-file-todo",
    };
    let section = || Message::new("setup-section-todo").with("device", scanner.to_string());
    match error {
        KeepError::NoFile => (Message::new("setup-no-file"), Message::new("setup-no-file-todo")),
        KeepError::Read { path, source } => (named("setup-file-unread", path), Message::new(todo_of(source))),
        KeepError::Write { path, source } => (named("setup-file-unwritten", path), Message::new(todo_of(source))),
        KeepError::NotToml { .. } | KeepError::Wrong(_) => {
            (Message::new("setup-file-wrong"), Message::new("setup-file-wrong-todo"))
        }
        KeepError::OneLine(_) => (Message::new("setup-one-line"), section()),
        KeepError::NoSection(_) => (Message::new("setup-no-section"), section()),
        KeepError::Overruled => (Message::new("setup-overruled"), Message::new("setup-overruled-todo")),
    }
}
