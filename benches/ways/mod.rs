//! The ways from a device to the published view: a station whose packer scans mugs, its engine and its devices, and how long each code
//! takes until it is counted on the view.

pub mod hid;
pub mod scale;
pub mod wedge;

use crate::limits::times::{ms, p50, p99};
use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::cli::station::news::News;
use packbench::cli::station::port::Port;
use packbench::cli::station::watch::Watch;
use packbench::devices::{self, DeviceConfig, DeviceId, DeviceSpec, DeviceStatus, DevicesConfig, Supervisor};
use packbench::engine::input::Ui;
use packbench::engine::runner::Outlet;
use packbench::engine::view::StageView;
use packbench::engine::{Clock, Effect, EngineHandle, Input, spawn};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest wait for what never comes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Nobody listens: the bench looks at the view itself.
struct Nobody;

impl Outlet for Nobody {
    fn effect(&self, _: Effect) {}
    fn published(&self) {}
}

/// An engine and the devices in front of it, as the station wires them.
pub struct Way {
    pub engine: EngineHandle,
    pub supervisor: Supervisor,
    thread: JoinHandle<()>,
    _kept: Box<dyn std::any::Any>,
}

impl Way {
    /// The way into a station; ready when all its devices are.
    pub fn to(station: Station, devices: DevicesConfig) -> Way {
        let (engine, clock, folder) = station.into_parts();
        let clock: Arc<dyn Clock> = clock;
        let (engine, thread) = spawn(engine, Vec::new(), Arc::clone(&clock), Nobody).expect("an engine");
        let origin = Instant::now();
        let ((photos, kept), (setup, kept_too)) = (sync_channel(8), sync_channel(8));
        let news = News::new(
            Port::new(engine.clone(), &Watch::default()),
            photos,
            setup,
            devices::Clock::from_origin(origin),
            clock,
        );
        let supervisor = Supervisor::start_at(devices, origin, move |event| news.take(event)).expect("devices");
        let until = Instant::now() + Duration::from_secs(20);
        while !supervisor.states().iter().all(|state| state.status == DeviceStatus::Ready) {
            assert!(Instant::now() < until, "{:?}", supervisor.states());
            std::thread::park_timeout(Duration::from_millis(10));
        }
        Way { engine, supervisor, thread, _kept: Box::new((kept, kept_too, folder)) }
    }

    /// Ends both.
    pub fn end(self) {
        self.supervisor.stop();
        while self.engine.send(Input::Stop).is_err() {
            std::thread::park_timeout(Duration::from_millis(2));
        }
        let _ = self.thread.join();
    }
}

/// What was measured of one way.
pub struct Measured {
    times: Vec<Duration>,
    /// Codes, or weights, that came through.
    pub came: u32,
}

impl Measured {
    pub fn new(times: Vec<Duration>, came: u32) -> Measured {
        Measured { times, came }
    }

    pub fn p99_ms(&mut self) -> f64 {
        ms(p99(&mut self.times))
    }

    /// The line of the bench.
    pub fn tell(&mut self, name: &str, limit_ms: Option<f64>) {
        let limit = limit_ms.map(|limit| format!("   limit {limit} ms")).unwrap_or_default();
        let name = format!("{name}, p99");
        println!("{name:<24} {:>8.3} ms  p50 {:.3} ms{limit}", self.p99_ms(), ms(p50(&mut self.times)));
    }
}

/// One code at a time, as a hand scans; how long each took to be counted on the view. `read` does the reading and says when its last
/// byte left.
pub fn counted(engine: &EngineHandle, codes: u32, mut read: impl FnMut() -> Instant) -> Measured {
    let done = |view: &packbench::engine::StationView| view.pack.as_ref().map_or(0, |p| p.done);
    let mut times = Vec::new();
    for n in 0..codes {
        let begun = read();
        let mut view = engine.view();
        while done(&view) <= n && begun.elapsed() < PATIENCE {
            view = engine.view_after(view.revision, Duration::from_millis(50));
        }
        times.push(begun.elapsed());
    }
    Measured::new(times, done(&engine.view()))
}

/// A station whose packer scans this many mugs.
pub fn ready(mugs: u32) -> Station {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, mugs)])]);
    s.ui(Ui::Start);
    s.work_until(|stage| matches!(stage, StageView::Verify(_)));
    s
}

/// One device under a name.
pub fn device(name: &str, spec: DeviceSpec) -> DeviceConfig {
    DeviceConfig { id: DeviceId::new(name).expect("a name"), spec }
}

/// A pseudo-terminal: the path for the station, the other end for the bench.
pub fn terminal() -> (PathBuf, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
    grantpt(&master).and_then(|()| unlockpt(&master)).expect("a terminal");
    let mut raw = tcgetattr(&master).expect("its settings");
    raw.make_raw();
    tcsetattr(&master, OptionalActions::Now, &raw).expect("its settings");
    let name = ptsname(&master, Vec::new()).expect("its name");
    (PathBuf::from(name.to_str().expect("a path")), File::from(master))
}
