//! From the last byte of a code at a serial port to the published view, through scanner thread, channel and engine, beside the
//! same scans handed to the bare engine; then what ten attached devices cost while nobody does anything.
//!
//! Limits: p99 of the way from the port at most 5 ms; ten idle devices at most 1 % of one core. A limit that is passed is said;
//! with `PACKBENCH_BENCH_STRICT=1` it is a failure as well, which needs a machine that does nothing else meanwhile. A lost
//! scan is always a failure.

mod limits;
#[allow(dead_code)]
#[path = "../tests/it/station_kit/mod.rs"]
mod station_kit;

use limits::times::{ms, p50, p99};
use packbench::cli::station::news::News;
use packbench::cli::station::port::Port;
use packbench::devices::config::{
    FolderPrinterConfig, ScaleModel, ScanFeedback, ScanFraming, SerialScaleConfig, SerialScannerConfig,
    TcpPrinterConfig,
};
use packbench::devices::scale::MassUnit;
use packbench::devices::{
    self, DeviceConfig, DeviceId, DeviceSpec, DeviceStatus, DevicesConfig, LineSettings, Supervisor,
};
use packbench::engine::input::Ui;
use packbench::engine::runner::Outlet;
use packbench::engine::view::StageView;
use packbench::engine::{Clock, Effect, EngineHandle, Input, spawn};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use station_kit::station::Station;
use station_kit::world::{self, Job};
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

const SCANS: u32 = 1_000;
const PORT_MS_MAX: f64 = 5.0;
const IDLE_PERCENT_MAX: f64 = 1.0;
/// How long the devices are left alone.
const IDLE: Duration = Duration::from_secs(10);

/// Nobody listens: the bench looks at the view itself.
struct Nobody;

impl Outlet for Nobody {
    fn effect(&self, _: Effect) {}
    fn published(&self) {}
}

fn main() -> ExitCode {
    let mut bare = ready();
    let mut alone = bare_engine(&mut bare);
    let (ports, lines): (Vec<PathBuf>, Vec<File>) = (0..7).map(|_| terminal()).unzip();
    let mut lines = lines.into_iter();
    let mut scanner = lines.next().expect("a line");
    let scales: Vec<File> = lines.by_ref().take(2).collect();
    let _others: Vec<File> = lines.collect();
    let station = ready();
    let folder = station.folder().to_path_buf();
    let clock: Arc<dyn Clock> = Arc::clone(&station.clock) as Arc<dyn Clock>;
    let (engine, thread) = spawn(station.engine, Vec::new(), Arc::clone(&clock), Nobody).expect("an engine");
    let origin = Instant::now();
    let ((photos, _kept), (setup, _kept_too)) = (sync_channel(8), sync_channel(8));
    let news = News::new(Port::new(engine.clone()), photos, setup, devices::Clock::from_origin(origin), clock);
    for scale in scales {
        std::thread::Builder::new().name("bench-scale".into()).spawn(move || weigh(scale)).expect("a thread");
    }
    let printers: Vec<TcpListener> = (0..2).map(|_| TcpListener::bind("127.0.0.1:0").expect("a port")).collect();
    let config = ten(&ports, &printers, &folder);
    let supervisor = Supervisor::start_at(config, origin, move |event| news.take(event)).expect("devices");
    settle(&supervisor);
    let (mut times, counted) = by_port(&engine, &mut scanner);
    let idle = idle_percent();
    println!(
        "port to view, p99    {:>8.3} ms  p50 {:.3} ms   limit {PORT_MS_MAX} ms",
        ms(p99(&mut times)),
        ms(p50(&mut times))
    );
    println!("bare engine, p99     {:>8.3} ms  p50 {:.3} ms", ms(p99(&mut alone)), ms(p50(&mut alone)));
    println!("ten devices, idle    {idle:>8.2} %   limit {IDLE_PERCENT_MAX} % of one core");
    println!("counted              {counted} of {SCANS}");
    supervisor.stop();
    while engine.send(Input::Stop).is_err() {
        std::thread::park_timeout(Duration::from_millis(2));
    }
    let _ = thread.join();
    let end = limits::verdict(ms(p99(&mut times)) <= PORT_MS_MAX && idle <= IDLE_PERCENT_MAX);
    if counted == SCANS { end } else { ExitCode::FAILURE }
}

/// A station whose packer scans mugs.
fn ready() -> Station {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, SCANS + 1)])]);
    s.ui(Ui::Start);
    for _ in 0..20 {
        match s.stage() {
            StageView::Verify(_) => return s,
            StageView::Pick(p) => match p.location {
                Some(at) => s.scan(&at.code),
                None => s.ui(Ui::TakeStop),
            },
            _ => s.ui(Ui::Continue),
        }
    }
    panic!("the order never came to the scanning of its items");
}

/// The same scans without a port, thread or channel.
fn bare_engine(s: &mut Station) -> Vec<Duration> {
    let code = world::ean13(world::MUG);
    let mut times = Vec::new();
    for _ in 0..SCANS {
        let scan = s.gesture(code.as_bytes());
        let begun = Instant::now();
        s.engine.step(vec![Input::Scan(scan)]);
        s.engine.view();
        times.push(begun.elapsed());
    }
    times
}

fn done(engine: &EngineHandle) -> u32 {
    engine.view().pack.as_ref().map_or(0, |p| p.done)
}

/// One code at a time through the port, as a hand scans; how long each took to be counted on the view.
fn by_port(engine: &EngineHandle, scanner: &mut File) -> (Vec<Duration>, u32) {
    let code = format!("{}\r", world::ean13(world::MUG));
    let mut times = Vec::new();
    for n in 0..SCANS {
        let mut view = engine.view();
        let begun = Instant::now();
        scanner.write_all(code.as_bytes()).expect("a line");
        while view.pack.as_ref().map_or(0, |p| p.done) <= n && begun.elapsed() < Duration::from_secs(5) {
            view = engine.view_after(view.revision, Duration::from_millis(50));
        }
        times.push(begun.elapsed());
    }
    (times, done(engine))
}

/// A pseudo-terminal: the path for the station, the other end for the bench.
fn terminal() -> (PathBuf, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
    grantpt(&master).and_then(|()| unlockpt(&master)).expect("a terminal");
    let mut raw = tcgetattr(&master).expect("its settings");
    raw.make_raw();
    tcsetattr(&master, OptionalActions::Now, &raw).expect("its settings");
    let name = ptsname(&master, Vec::new()).expect("its name");
    (PathBuf::from(name.to_str().expect("a path")), File::from(master))
}

/// A scale that always shows the same.
fn weigh(mut line: File) {
    let mut buf = [0u8; 64];
    while let Ok(n) = line.read(&mut buf) {
        let asked = buf[..n].iter().filter(|byte| **byte == b'\n').count();
        for _ in 0..asked {
            if line.write_all(b"S S     0.0000 kg\r\n").is_err() {
                return;
            }
        }
    }
}

/// Five scanners, two scales, two network printers and a folder.
fn ten(ports: &[PathBuf], printers: &[TcpListener], folder: &std::path::Path) -> DevicesConfig {
    let line = LineSettings::n81(9_600);
    let device = |name: String, spec| DeviceConfig { id: DeviceId::new(name).expect("a name"), spec };
    let scanner = |path: &PathBuf| {
        DeviceSpec::SerialScanner(SerialScannerConfig {
            path: path.clone(),
            line,
            framing: ScanFraming::default(),
            feedback: ScanFeedback::default(),
        })
    };
    let scale = |path: &PathBuf| {
        DeviceSpec::SerialScale(SerialScaleConfig {
            path: path.clone(),
            model: ScaleModel::MtSics,
            line: None,
            unit: MassUnit::Gram,
            poll_ms: 200,
        })
    };
    let mut list = vec![device("scanner-0".into(), scanner(&ports[0]))];
    list.extend((1..3).map(|n| device(format!("scale-{n}"), scale(&ports[n]))));
    list.extend((3..7).map(|n| device(format!("scanner-{n}"), scanner(&ports[n]))));
    for (n, printer) in printers.iter().enumerate() {
        let port = printer.local_addr().expect("an address").port();
        let config = TcpPrinterConfig { status: false, ..TcpPrinterConfig::new("127.0.0.1", port) };
        list.push(device(format!("printer-{n}"), DeviceSpec::TcpPrinter(config)));
    }
    let config = FolderPrinterConfig { folder: folder.to_path_buf() };
    list.push(device("files".into(), DeviceSpec::FolderPrinter(config)));
    DevicesConfig::new(list).expect("ten devices")
}

/// Waits until all of them work.
fn settle(supervisor: &Supervisor) {
    let until = Instant::now() + Duration::from_secs(20);
    while !supervisor.states().iter().all(|state| state.status == DeviceStatus::Ready) {
        assert!(Instant::now() < until, "{:?}", supervisor.states());
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

/// Processor time of the station's own threads while nothing happens, in per cent of one core.
fn idle_percent() -> f64 {
    let before = ticks();
    let begun = Instant::now();
    while begun.elapsed() < IDLE {
        std::thread::park_timeout(IDLE);
    }
    // The system counts in hundredths of a second on every Linux.
    (ticks() - before) as f64 / begun.elapsed().as_secs_f64()
}

/// Hundredths of a second that devices and engine have worked; the bench's own scales do not count.
fn ticks() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("a Linux");
    let ours = |stat: &String| stat.contains("(dev-") || stat.contains("(engine)");
    let stats = tasks.flatten().filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok()).filter(ours);
    stats
        .map(|stat| {
            let rest = stat.rsplit(')').next().unwrap_or_default();
            let fields: Vec<u64> = rest.split_whitespace().map(|f| f.parse().unwrap_or(0)).collect();
            fields.get(11).unwrap_or(&0) + fields.get(12).unwrap_or(&0)
        })
        .sum()
}
