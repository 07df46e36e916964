//! Opening the window over a running station, and doing what it asks of others than the engine: trying a device, zeroing
//! the scale, a sound, asking the server now, keeping its settings.

use super::hands::Waker;
use super::news::gesture_id;
use super::screen::Memory;
use super::tongue::{ScreenLang, Tongue};
use super::watch::Guard;
use super::wiring::{Running, SendNow};
use super::{lang, trial};
use crate::cli::CliError;
use crate::cli::stop::Stop;
use crate::config::{ScannerPort, StationSettings, TalkKey, Theme};
use crate::core::message::Message;
use crate::devices::{DeviceCommand, DeviceHandle, DeviceId};
use crate::engine::StationView;
use crate::engine::view::DeviceKind;
use crate::station::app::{self, Control, Controls, Make, Shape, Source, StationWindow};
use crate::station::local::{self, Settings, Wish};
use crate::station::panel::DemoPanel;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

/// Wishes that may wait; a person presses no faster.
const WISHES_MAX: usize = 32;
/// Keyboard scanners: longest pause between characters in ms and shortest scan, where none is set.
const WEDGE: (u32, u32) = (50, 4);

/// What stands behind the window.
pub enum Began {
    /// A running station.
    Running(Running),
    /// Nothing: the recovery screen says why, and the command ends with the error when it is closed.
    Unusable(Box<StationView>, CliError),
}

/// What the window leaves behind when it is closed.
enum Left {
    Station(Running, JoinHandle<()>),
    Failure(CliError),
}

/// What a window of this station is like.
pub struct Look<'a> {
    /// The station's settings.
    pub settings: &'a StationSettings,
    /// What was chosen on the screen.
    pub memory: &'a Memory,
    /// Wakes the window.
    pub waker: &'a Waker,
    /// Closes it.
    pub stop: &'a Stop,
}

/// Opens a window and asks `begin` for what stands behind it; then until it is closed. A station that ran has ended after.
///
/// # Errors
/// If the window cannot be opened, or whatever `begin` failed at.
pub fn station(
    look: &Look<'_>,
    panel: Option<DemoPanel>,
    begin: impl FnOnce() -> Result<Began, CliError>,
) -> Result<(), CliError> {
    let chosen = look.memory.over(settings(look.settings));
    let shape = Shape { lang: chosen.lang, fullscreen: look.settings.fullscreen, panel: panel.is_some() };
    let mut left = None;
    let behind = &mut left;
    let make: Make<'_> = Box::new(move || match begin().and_then(|began| window(look, chosen, panel, began)) {
        Ok((window, leaves)) => {
            *behind = Some(leaves);
            Ok(window)
        }
        Err(e) => {
            *behind = Some(Left::Failure(e));
            Err("the station did not start".into())
        }
    });
    let shown = open(shape, make);
    match left {
        None => shown,
        // Why there is nothing to show goes before what the window says of it.
        Some(Left::Failure(e)) => Err(e),
        Some(Left::Station(running, worker)) => {
            // The window has gone and with it the sender: the worker ends.
            if worker.join().is_err() {
                tracing::error!("the thread of the window's wishes ended with a panic");
            }
            let watch = running.watch();
            super::end(running);
            shown.and_then(|()| watch.verdict())
        }
    }
}

/// The window over what stands behind it.
fn window(
    look: &Look<'_>,
    chosen: Settings,
    panel: Option<DemoPanel>,
    began: Began,
) -> Result<(StationWindow, Left), CliError> {
    let wedge = wedge(look.settings);
    let talk_key = match look.settings.voice.key {
        TalkKey::F11 => local::TalkKey::F11,
        TalkKey::F12 => local::TalkKey::F12,
    };
    let on_open = on_open(look.waker, look.stop);
    let running = match began {
        Began::Running(running) => running,
        Began::Unusable(view, error) => {
            let source = Source::Still(Arc::from(view));
            let gestures = Arc::new(|| gesture_id(0, 0));
            let on_wish = Box::new(|_| {});
            let window = StationWindow {
                source,
                settings: chosen,
                wedge,
                talk_key,
                gestures,
                on_open,
                on_wish,
                panel,
                camera: None,
            };
            return Ok((window, Left::Failure(error)));
        }
    };
    // A thread that broke off closes the window; the command ends with its name.
    let stop = look.stop.clone();
    running.watch().listen(move || stop.wish());
    let (wishes, inbox) = sync_channel(WISHES_MAX);
    let screen_lang = running.screen_lang();
    screen_lang.set(chosen.lang);
    let helper = Helper {
        screen_lang,
        devices: running.devices(),
        printers: running.printers(),
        send_now: running.send_now(),
        memory: look.memory.clone(),
        volume_percent: chosen.volume_percent,
        _watched: running.watch().guard(),
    };
    let worker = thread::Builder::new()
        .name("wishes".to_owned())
        .spawn(move || helper.run(&inbox))
        .map_err(|source| CliError::System { what: "a thread of the window cannot be started".to_owned(), source })?;
    let (numbers, run) = (running.gestures(), uuid::Uuid::now_v7().as_u64_pair().0);
    let window = StationWindow {
        source: Source::Live(running.handle()),
        settings: chosen,
        wedge,
        talk_key,
        gestures: Arc::new(move || gesture_id(run, numbers.fetch_add(1, Ordering::Relaxed))),
        on_open,
        on_wish: Box::new(move |wish| {
            if wishes.try_send(wish).is_err() {
                tracing::warn!("a wish of the window was not taken: too many wait");
            }
        }),
        panel,
        camera: running.eyes().port(),
    };
    Ok((window, Left::Station(running, worker)))
}

/// A windowing library that gives up with a panic must not take the station's data with it.
fn open(shape: Shape, make: Make<'_>) -> Result<(), CliError> {
    let todo = "look at `packbench doctor`, or see it work without a window: `packbench demo --headless`";
    match catch_unwind(AssertUnwindSafe(|| app::run(shape, make))) {
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
            Theme::Light => local::Look::Light,
            Theme::Dark => local::Look::Dark,
            Theme::System => local::Look::System,
        },
        reduced_motion: s.reduced_motion,
        volume_percent: s.sound_volume_percent,
    }
}

fn wedge(s: &StationSettings) -> (u32, u32) {
    let set = s.scanners.iter().find_map(|scanner| match &scanner.port {
        ScannerPort::Wedge { gap_ms, length_min } => Some((*gap_ms, *length_min)),
        ScannerPort::Serial { .. } | ScannerPort::Evdev { .. } | ScannerPort::Usb(_) => None,
    });
    set.unwrap_or(WEDGE)
}

/// Does what the window wishes, on a thread that may wait.
struct Helper {
    screen_lang: ScreenLang,
    devices: Option<DeviceHandle>,
    printers: trial::Printers,
    send_now: SendNow,
    memory: Memory,
    /// What was chosen on the screen before: the devices begin with what the settings file says.
    volume_percent: u8,
    _watched: Guard,
}

impl Helper {
    fn run(&self, inbox: &Receiver<Wish>) {
        self.level(self.volume_percent);
        for wish in inbox {
            match wish {
                Wish::TestDevice(DeviceKind::Speech, _) => {
                    let list = [Message::new("voice-sample")];
                    let (text, lang) = Tongue::new(self.screen_lang.clone()).say(&list);
                    self.command(DeviceCommand::Speak { text, lang });
                }
                Wish::TestDevice(kind, name) => {
                    if let Some(devices) = &self.devices {
                        trial::test(devices, &self.printers, kind, &name);
                    }
                }
                Wish::ZeroScale(name) => self.scale(name, |scale| DeviceCommand::Zero { scale }),
                Wish::TareScale(name) => self.scale(name, |scale| DeviceCommand::Tare { scale }),
                Wish::Play(name) => self.command(DeviceCommand::Sound(super::hands::sound(name))),
                Wish::Volume(percent) => self.level(percent),
                Wish::SendNow => self.send_now.now(),
                Wish::Keep(settings) => {
                    self.screen_lang.set(settings.lang);
                    self.memory.keep(settings);
                }
            }
        }
    }

    fn level(&self, volume_percent: u8) {
        self.command(DeviceCommand::SoundLevel { volume_percent, muted: volume_percent == 0 });
    }

    fn scale(&self, name: String, command: impl FnOnce(DeviceId) -> DeviceCommand) {
        if let Ok(scale) = DeviceId::new(name) {
            self.command(command(scale));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::station::watch::Watch;
    use crate::devices::config::SoundConfig;
    use crate::devices::{DeviceConfig, DeviceSpec, DevicesConfig, Supervisor};
    use crate::i18n::Lang;
    use std::path::Path;

    #[test]
    fn the_volume_chosen_before_counts_from_the_start() {
        let player = Some(("/nonexistent/player".into(), Vec::new()));
        let spec = DeviceSpec::Sound(SoundConfig { volume_percent: 70, player, ..SoundConfig::default() });
        let list = vec![DeviceConfig { id: DeviceId::new("sound").unwrap(), spec }];
        let supervisor = Supervisor::start(DevicesConfig::new(list).unwrap(), |_| Ok(())).unwrap();
        let devices = supervisor.handle();
        for chosen in [20, 0, 100] {
            let helper = Helper {
                screen_lang: ScreenLang::new(Lang::En),
                devices: Some(devices.clone()),
                printers: Arc::from(Vec::new()),
                send_now: SendNow::default(),
                memory: Memory::of(Path::new("/nonexistent")),
                volume_percent: chosen,
                _watched: Watch::default().guard(),
            };
            let (wishes, inbox) = sync_channel(1);
            drop(wishes);
            helper.run(&inbox);
            assert_eq!(devices.sound().unwrap().level(), chosen);
        }
    }
}
