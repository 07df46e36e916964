//! The demo with a window: a server on this machine, a made warehouse around real orders, and one paired station with
//! virtual devices that a panel drives. A keyboard scanner works too.

use super::super::args::DemoArgs;
use super::super::error::out;
use super::super::station::devices::{Plan, sound, voice};
use super::super::station::hands::Waker;
use super::super::station::photos::Keeping;
use super::super::station::routing::Printer;
use super::super::station::screen::Memory;
use super::super::station::window;
use super::super::station::wiring::{self, Parts, Running};
use super::super::station::{self, DATABASE, PHOTOS};
use super::super::stop::Stop;
use super::super::{CliError, VERSION, log, settings};
use super::folder::Folder;
use super::panel::{Devices, Port};
use crate::config::{LabelCheck, PrintFormat, StationSettings};
use crate::core::checklist::DocumentKind;
use crate::demo::office::Office;
use crate::demo::world::{Audience, World, people};
use crate::demo::{Data, DemoError, week};
use crate::devices::camera::config::Turn;
use crate::devices::camera::develop::Development;
use crate::devices::config::ConfigError;
use crate::devices::{DeviceConfig, DeviceId, DeviceSpec, DevicesConfig};
use crate::engine::input::PhotosAt;
use crate::engine::view::Screen;
use crate::storage;
use crate::sync::{Applicant, ServerConfig, pair_in_background};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Name of the station.
const STATION: &str = "Bench 1";
/// Folder of the station in the demo's.
const HOME: &str = "station";
/// Longest time pairing may take on this machine.
const PAIRED_MAX: Duration = Duration::from_secs(20);
/// Dots per inch of the virtual printers.
const DPI: u16 = 203;

/// Opens the demo's window and runs until it is closed.
///
/// # Errors
/// If there is no display, or a part could not be started.
pub(super) fn run(args: &DemoArgs) -> Result<ExitCode, CliError> {
    let fullscreen = if args.fullscreen { "true" } else { "false" };
    let s = station::built_in(&[
        ("station.language", "--language", args.language.as_deref()),
        ("station.theme", "--theme", args.theme.as_deref()),
        ("station.fullscreen", "--fullscreen", Some(fullscreen)),
    ])?;
    let filter = std::env::var("PACKBENCH_STATION_LOG_FILTER").unwrap_or_else(|_| "warn".to_owned());
    log::start("station.log_filter", &filter)?;
    station::check_display()?;
    let stop = Stop::by_signal()?;
    let folder = Folder::open(args.data.as_deref())?;
    let waker = Waker::default();
    let bench = Bench::start(folder.path(), super::data(args), args.seed, &s, &waker)?;
    welcome(&bench.office, folder.path(), args)?;
    let panel = bench.port(&waker)?;
    let memory = Memory::of(&folder.path().join(HOME));
    let look = window::Look { settings: &s, memory: &memory, waker: &waker, stop: &stop };
    // The server is there until the station has ended.
    let Bench { running, office: _office, .. } = bench;
    let shown = window::station(&look, Some(Box::new(panel)), || Ok(window::Began::Running(running)));
    shown.map(|()| ExitCode::SUCCESS)
}

/// The server with its orders, and the station, all running.
struct Bench {
    office: Arc<Office>,
    made: Arc<World>,
    devices: Devices,
    cut: Arc<AtomicBool>,
    running: Running,
}

impl Bench {
    /// Starts everything but the window in a folder.
    fn start(folder: &Path, data: Data, seed: u64, s: &StationSettings, waker: &Waker) -> Result<Bench, CliError> {
        let office = Arc::new(Office::open(folder, Audience::Visitor).map_err(super::failed)?);
        let orders = take_in(data, seed, &office)?;
        let devices = Devices::new();
        let home = folder.join(HOME);
        settings::make_folder(&home)?;
        let file = home.join(DATABASE);
        let (conn, _) = storage::open(&file).map_err(|e| station::unusable(&file, e))?;
        let cut: Arc<AtomicBool> = Arc::default();
        let server = ServerConfig { cut: Some(Arc::clone(&cut)), ..ServerConfig::new(office.url()) };
        let running = wiring::start(Parts {
            conn,
            photos: home.join(PHOTOS),
            plan: plan(&devices, s)?,
            settings_file: None,
            server: Some(server.clone()),
            token: None,
            idle_lock_min: 0,
            lang: station::lang(s.language),
            badge_alone: true,
            photos_at: PhotosAt::default(),
            voice: station::devices::voice_rules(s),
            screen_lang: station::tongue::ScreenLang::new(station::lang(s.language)),
            waker: waker.clone(),
        })?;
        // A station that leases before the visitor's order stands first would begin with another.
        let made = orders.join().unwrap_or_else(|_| Err(DemoError::Thread("demo-orders".to_owned())));
        let made = Arc::new(made.map_err(super::failed)?);
        pair(&running, &office, server)?;
        Ok(Bench { office, made, devices, cut, running })
    }

    /// What the window's panel reaches.
    fn port(&self, waker: &Waker) -> Result<Port, CliError> {
        let waker = waker.clone();
        let wake = move || waker.wake();
        let (engine, office) = (self.running.handle(), Arc::clone(&self.office));
        Port::start(self.devices.clone(), engine, office, Arc::clone(&self.made), Arc::clone(&self.cut), wake)
            .map_err(|source| CliError::System { what: "the panel's thread cannot be started".to_owned(), source })
    }
}

/// Takes the orders in while the station starts.
fn take_in(data: Data, seed: u64, office: &Arc<Office>) -> Result<JoinHandle<Result<World, DemoError>>, CliError> {
    let office = Arc::clone(office);
    let work = move || {
        let cut = week::cut(&data, None)?;
        Ok(office.take_in(&cut, seed, Audience::Visitor)?.0)
    };
    thread::Builder::new()
        .name("demo-orders".to_owned())
        .spawn(work)
        .map_err(|source| CliError::System { what: "the demo's orders cannot be read".to_owned(), source })
}

/// A station of an earlier demo in the same folder is paired already.
fn pair(running: &Running, office: &Office, server: ServerConfig) -> Result<(), CliError> {
    if running.was_paired() {
        return Ok(());
    }
    let code = office.pairing_code(STATION).map_err(super::failed)?;
    let port = Arc::new(running.port());
    let who = Applicant { name: "demo".to_owned(), version: VERSION.to_owned(), known: None };
    pair_in_background(server, code, who, port)
        .map_err(|source| CliError::System { what: "pairing cannot be started".to_owned(), source })?;
    let until = Instant::now() + PAIRED_MAX;
    while matches!(running.handle().view().screen, Screen::Pairing { .. }) {
        if Instant::now() >= until {
            return Err(CliError::plain("the demo's station was not paired with its server", "try again"));
        }
        thread::park_timeout(Duration::from_millis(10));
    }
    Ok(())
}

fn welcome(office: &Office, folder: &Path, args: &DemoArgs) -> Result<(), CliError> {
    let (lead, packer) = (people::lead(), people::packer_of(0));
    let kept = if args.data.is_some() { "kept for the next time" } else { "removed at the end" };
    out(&format!(
        "Packbench demo: real orders of one week; shelves, barcodes, weights, sizes, people and addresses are made up.\n\
         Console of the server: {} (log in as {} with {})\n\
         At the station: PIN {} is {}, a packer; PIN {} is {}, the lead.\n\
         Data: {} ({kept}). Close the window to end.\n",
        office.url(),
        lead.login,
        lead.password.unwrap_or_default(),
        packer.pin,
        packer.initials,
        lead.pin,
        lead.initials,
        folder.display(),
    ))
}

/// The plan that runs the virtual devices.
fn plan(devices: &Devices, s: &StationSettings) -> Result<Plan, CliError> {
    let fault = |e: ConfigError| CliError::room("the virtual devices cannot be started", "", e);
    let id = |name: &str| DeviceId::new(name).map_err(fault);
    let camera = id("camera")?;
    let mut list = vec![
        DeviceConfig { id: id("scanner")?, spec: DeviceSpec::VirtualScanner(devices.scanner.clone()) },
        DeviceConfig { id: id("scale")?, spec: DeviceSpec::VirtualScale(devices.scale.clone()) },
        DeviceConfig { id: id("labels")?, spec: DeviceSpec::VirtualPrinter(devices.labels.clone()) },
        DeviceConfig { id: id("office")?, spec: DeviceSpec::VirtualPrinter(devices.office.clone()) },
        DeviceConfig { id: camera.clone(), spec: DeviceSpec::VirtualCamera(devices.camera.clone()) },
        sound(s).map_err(fault)?,
    ];
    list.extend(voice(s).map_err(fault)?);
    let printer = |name: &str, prints: &[DocumentKind]| -> Result<Printer, CliError> {
        Ok(Printer {
            id: id(name)?,
            prints: prints.to_vec(),
            format: PrintFormat::Png,
            dpi: DPI,
            label_mm: (0, 0),
            head_dots: 0,
            folder: false,
            fallback: None,
        })
    };
    let papers = [
        DocumentKind::PackingSlip,
        DocumentKind::Invoice,
        DocumentKind::Cn22,
        DocumentKind::Cn23,
        DocumentKind::CommercialInvoice,
    ];
    let printers = vec![printer("labels", &[DocumentKind::Label])?, printer("office", &papers)?];
    let config = DevicesConfig::new(list).map_err(fault)?;
    let how = Development {
        turn: Turn::None,
        side_px_max: 1_600,
        quality_percent: 85,
        bytes_max: 400 * 1_024,
        margin: String::new(),
    };
    let keeping = vec![Keeping { camera: camera.clone(), how, margin: true, check_label: LabelCheck::Off }];
    Ok(Plan { config, printers, camera: Some(camera), keeping })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::view::{StageView, StationView};
    use crate::engine::{EngineHandle, Input};
    use crate::station::panel::{Next, PanelPort as _, Thing, next};

    /// Longest time for one order, with a slow machine in mind.
    const PATIENCE: Duration = Duration::from_secs(120);

    fn until(engine: &EngineHandle, end: Instant, ready: impl Fn(&StationView) -> bool) -> Arc<StationView> {
        loop {
            let view = engine.view();
            assert!(Instant::now() < end, "it never came: {:?} {:?}", view.screen, view.feedback);
            if ready(&view) {
                return view;
            }
            thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn is_done(view: &StationView) -> bool {
        view.pack.as_ref().is_some_and(|pack| matches!(pack.stage, StageView::Done(_)))
    }

    fn sendable(next: &Next) -> bool {
        !matches!(next, Next::Wait)
    }

    /// Does what the panel names as next, as a visitor's finger would; whether something lies on the scale.
    fn act(port: &Port, view: &StationView, now: &Next, loaded: bool) -> bool {
        match now {
            Next::Scan(thing) => port.code(thing).map_or(loaded, |code| {
                port.scan(&code);
                loaded
            }),
            Next::Press(request, _) => {
                port.engine.send(Input::Ui(request.clone())).unwrap();
                loaded
            }
            Next::PutParcel => {
                port.weigh(port.parcel_g(view).unwrap_or(0), true);
                true
            }
            Next::TakeParcel => {
                port.weigh(0, true);
                false
            }
            Next::LoadPaper => {
                port.set_paper(true);
                loaded
            }
            Next::Pin { .. } | Next::Wait => loaded,
        }
    }

    /// The visitor's first order, from pairing to the label scanned back, by the panel's devices alone.
    #[test]
    fn a_visitor_packs_the_first_order_with_the_virtual_devices() {
        let folder = Folder::open(None).unwrap();
        let s = station::built_in(&[]).unwrap();
        let waker = Waker::default();
        let bench = Bench::start(folder.path(), Data::Week, 1, &s, &waker).unwrap();
        let port = bench.port(&waker).unwrap();
        let engine = bench.running.handle();
        let end = Instant::now() + PATIENCE;
        until(&engine, end, |view| matches!(view.screen, Screen::Login(_)));
        let first = until(&engine, end, |view| view.queue.rows.first().is_some_and(|row| row.expedited));
        let row = &first.queue.rows[0];
        assert!(row.lines <= 4 && row.units <= 8, "the visitor's first order is small: {row:?}");
        let mut loaded = false;
        while !is_done(&engine.view()) {
            let view = until(&engine, end, |view| is_done(view) || sendable(&next(view, loaded, port.paper())));
            let now = next(&view, loaded, port.paper());
            if is_done(&view) || matches!(now, Next::Scan(Thing::PackerBadge) if view.network.last_answer.is_none()) {
                continue;
            }
            loaded = act(&port, &view, &now, loaded);
            let soon = (Instant::now() + Duration::from_millis(300)).min(end);
            // The screen answers, or it stays as it is and the same is tried again.
            while engine.view().revision == view.revision && Instant::now() < soon {
                thread::park_timeout(Duration::from_millis(5));
            }
        }
        until(&engine, end, |_| port.label().is_some());
        assert!(port.camera().is_some());
        assert_eq!(bench.devices.labels.pages().len(), 1, "one label for one parcel");
        station::end(bench.running);
    }
}
