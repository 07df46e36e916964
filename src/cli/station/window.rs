//! Opening the window over a running station, and doing what it asks of others than the engine: trying a device, zeroing
//! the scale, a sound, asking the server now, keeping its settings.

use super::hands::Waker;
use super::news::gesture_id;
use super::screen::Memory;
use super::wiring::{Running, SendNow};
use super::{lang, trial};
use crate::cli::CliError;
use crate::cli::stop::Stop;
use crate::config::{ScannerPort, StationSettings, Theme};
use crate::devices::{DeviceCommand, DeviceHandle, DeviceId};
use crate::engine::StationView;
use crate::station::app::{self, Control, Controls, Source, StationWindow};
use crate::station::local::{Look, Settings, Wish};
use crate::station::panel::DemoPanel;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// Wishes that may wait; a person presses no faster.
const WISHES_MAX: usize = 32;
/// Keyboard scanners: longest pause between characters in ms and shortest scan, where none is set.
const WEDGE: (u32, u32) = (50, 4);

/// Shows a running station until its window is closed or the end is wished.
///
/// # Errors
/// If the window cannot be opened.
pub fn station(
    running: &Running,
    s: &StationSettings,
    memory: &Memory,
    (waker, stop): (&Waker, &Stop),
    panel: Option<DemoPanel>,
) -> Result<(), CliError> {
    let (wishes, inbox) = sync_channel(WISHES_MAX);
    let helper = Helper {
        devices: running.devices(),
        printers: running.printers(),
        send_now: running.send_now(),
        memory: memory.clone(),
    };
    let worker = thread::Builder::new()
        .name("wishes".to_owned())
        .spawn(move || helper.run(&inbox))
        .map_err(|source| CliError::System { what: "a thread of the window cannot be started".to_owned(), source })?;
    let (numbers, run) = (running.gestures(), uuid::Uuid::now_v7().as_u64_pair().0);
    let shown = open(StationWindow {
        source: Source::Live(running.handle()),
        settings: memory.over(settings(s)),
        fullscreen: s.fullscreen,
        wedge: wedge(s),
        gestures: Arc::new(move || gesture_id(run, numbers.fetch_add(1, Ordering::Relaxed))),
        on_open: on_open(waker, stop),
        on_wish: Box::new(move |wish| {
            if wishes.try_send(wish).is_err() {
                tracing::warn!("a wish of the window was not taken: too many wait");
            }
        }),
        panel,
    });
    // The window has gone and with it the sender: the worker ends.
    if worker.join().is_err() {
        tracing::error!("the thread of the window's wishes ended with a panic");
    }
    shown
}

/// Shows why the station cannot work, until the window is closed.
///
/// # Errors
/// If the window cannot be opened.
pub fn recovery(view: StationView, s: &StationSettings, waker: &Waker, stop: &Stop) -> Result<(), CliError> {
    open(StationWindow {
        source: Source::Still(Arc::new(view)),
        settings: settings(s),
        fullscreen: s.fullscreen,
        wedge: wedge(s),
        gestures: Arc::new(|| gesture_id(0, 0)),
        on_open: on_open(waker, stop),
        on_wish: Box::new(|_| {}),
        panel: None,
    })
}

/// A windowing library that gives up with a panic must not take the station's data with it.
fn open(window: StationWindow) -> Result<(), CliError> {
    let todo = "look at `packbench doctor`, or see it work without a window: `packbench demo --headless`";
    match catch_unwind(AssertUnwindSafe(|| app::run(window))) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(e)) => Err(CliError::room("the window could not be shown", todo, e)),
        Err(_) => {
            let place = crate::cli::panics::last().map_or_else(String::new, |n| format!(" (at {})", n.place));
            Err(CliError::plain(format!("the window broke off{place}; what was committed is safe"), todo))
        }
    }
}

fn on_open(waker: &Waker, stop: &Stop) -> Box<dyn FnOnce(Controls) + Send> {
    let (waker, stop) = (waker.clone(), stop.clone());
    Box::new(move |controls| {
        let controls = Arc::new(controls);
        let close = Arc::clone(&controls);
        waker.set(move || controls(Control::Repaint));
        stop.listen(move || close(Control::Close));
    })
}

fn settings(s: &StationSettings) -> Settings {
    Settings {
        lang: lang(s.language),
        look: match s.theme {
            Theme::Light => Look::Light,
            Theme::Dark => Look::Dark,
            Theme::System => Look::System,
        },
        reduced_motion: s.reduced_motion,
        volume_percent: s.sound_volume_percent,
    }
}

fn wedge(s: &StationSettings) -> (u32, u32) {
    let set = s.scanners.iter().find_map(|scanner| match &scanner.port {
        ScannerPort::Wedge { gap_ms, length_min } => Some((*gap_ms, *length_min)),
        ScannerPort::Serial { .. } => None,
    });
    set.unwrap_or(WEDGE)
}

/// Does what the window wishes, on a thread that may wait.
struct Helper {
    devices: Option<DeviceHandle>,
    printers: trial::Printers,
    send_now: SendNow,
    memory: Memory,
}

impl Helper {
    fn run(&self, inbox: &Receiver<Wish>) {
        for wish in inbox {
            match wish {
                Wish::TestDevice(kind, name) => {
                    if let Some(devices) = &self.devices {
                        trial::test(devices, &self.printers, kind, &name);
                    }
                }
                Wish::ZeroScale(name) => {
                    if let Ok(scale) = DeviceId::new(name) {
                        self.command(DeviceCommand::Zero { scale });
                    }
                }
                Wish::Play(name) => self.command(DeviceCommand::Sound(super::hands::sound(name))),
                Wish::Volume(percent) => {
                    self.command(DeviceCommand::SoundLevel { volume_percent: percent, muted: percent == 0 });
                }
                Wish::SendNow => self.send_now.now(),
                Wish::Keep(settings) => self.memory.keep(settings),
            }
        }
    }

    fn command(&self, command: DeviceCommand) {
        if let Some(devices) = &self.devices
            && let Err(e) = devices.send(command)
        {
            tracing::warn!(error = %e, "a device was not told");
        }
    }
}
