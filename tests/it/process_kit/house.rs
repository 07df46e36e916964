//! A small house on disk (real orders, the made warehouse), central as the program's own process on it, and the handle of a
//! station's process.

use super::station::{Ask, CENTRAL, CHILD, FOLDER, MARK, Told};
use crate::cli_kit::Running;
use packbench::demo::Data;
use packbench::demo::office::Office;
use packbench::demo::week::{self, Cut};
use packbench::demo::world::{Audience, Initial, World};
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

/// Longest wait for anything, on the slowest machine.
pub const DEADLINE: Duration = Duration::from_secs(60);
/// Lines of a station that may wait to be read.
const LINES_MAX: usize = 4_096;
/// Ports that no outgoing connection of this machine is given.
const PORTS: std::ops::Range<u16> = 20_000..30_000;
/// Small orders keep a cycle short.
const LINES_OF_ORDER_MAX: usize = 6;
const UNITS_OF_ORDER_MAX: i64 = 30;

/// Central's folder and the station's, fed and paired with nobody yet.
pub struct House {
    folder: tempfile::TempDir,
    pub world: World,
    pub initial: Initial,
    pub orders: Vec<String>,
    pub pairing_code: String,
    port: u16,
}

impl House {
    /// The first so many small orders of the shipped week, taken in by central's own services.
    pub fn build(orders: usize, seed: u64) -> House {
        let folder = tempfile::tempdir().unwrap();
        let cut = small(orders);
        let mut office = Office::open(folder.path(), Audience::Packers).unwrap();
        let (world, initial) = office.take_in(&cut, seed, Audience::Packers).unwrap();
        let pairing_code = office.pairing_code("PACK 1").unwrap();
        office.close();
        House { folder, world, initial, orders: cut.shippable, pairing_code, port: free_port(seed) }
    }

    pub fn central_file(&self) -> PathBuf {
        self.folder.path().join("central.db")
    }

    /// Central's folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn station_folder(&self) -> PathBuf {
        self.folder.path().join("station-1")
    }

    pub fn station_file(&self) -> PathBuf {
        self.station_folder().join("station.db")
    }

    /// Starts the program as the server; it serves when this returns.
    pub fn start_central(&self) -> Running {
        let listen = format!("127.0.0.1:{}", self.port);
        let folder = self.folder.path().to_str().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_packbench"));
        command.args(["central", "--data-dir", folder, "--log-filter", "error", "serve", "--listen", &listen]);
        command.env_clear().env("HOME", folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = Running(command.spawn().unwrap());
        let mut line = String::new();
        BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("Central serves at"), "central did not start: {line:?}");
        child
    }

    /// Starts a station's process on its folder.
    pub fn start_station(&self) -> Station {
        Station::start(&self.station_folder(), &format!("http://127.0.0.1:{}/", self.port))
    }
}

/// Orders of few lines and units, in the file's order, and everything else left out.
fn small(orders: usize) -> Cut {
    let all = week::cut(&Data::Week, None).unwrap();
    let mut reader = csv::Reader::from_reader(all.csv.as_slice());
    let head = reader.byte_headers().unwrap().clone();
    let records: Vec<csv::ByteRecord> = reader.byte_records().map(Result::unwrap).collect();
    let text = |record: &csv::ByteRecord, n: usize| String::from_utf8(record[n].to_vec()).unwrap();
    let mut sizes: HashMap<String, (usize, i64)> = HashMap::new();
    for record in &records {
        let size = sizes.entry(text(record, 0)).or_default();
        let units: f64 = text(record, 3).parse().unwrap();
        *size = (size.0 + 1, size.1 + units as i64);
    }
    let fits = |number: &String| {
        let (lines, units) = sizes[number];
        lines <= LINES_OF_ORDER_MAX && (1..=UNITS_OF_ORDER_MAX).contains(&units)
    };
    let shippable: Vec<String> = all.shippable.into_iter().filter(fits).take(orders).collect();
    assert_eq!(shippable.len(), orders, "the week has no more small orders");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_byte_record(&head).unwrap();
    for record in records.iter().filter(|record| shippable.contains(&text(record, 0))) {
        writer.write_byte_record(record).unwrap();
    }
    Cut { csv: writer.into_inner().unwrap(), shippable }
}

/// A port that is free now, and that no other program is given by chance: central must find it again after each kill.
fn free_port(seed: u64) -> u16 {
    let from = std::process::id() as usize + seed as usize * 101;
    let (first, all) = (usize::from(PORTS.start), PORTS.len());
    let ports = (0..all).map(|n| u16::try_from(first + (from + n) % all).unwrap());
    ports.into_iter().find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}

/// A running station: what it is told, and what it tells.
pub struct Station {
    child: Running,
    told: Receiver<Told>,
    asks: Option<ChildStdin>,
}

impl Station {
    fn start(folder: &Path, url: &str) -> Station {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", CHILD, "--ignored", "--nocapture", "--test-threads", "1"]);
        command.env(FOLDER, folder).env(CENTRAL, url).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = Running(command.spawn().unwrap());
        let (asks, out) = (child.0.stdin.take(), child.0.stdout.take().unwrap());
        let (told_to, told) = sync_channel(LINES_MAX);
        let listen = move || {
            // A line without its end was cut by the kill: that answer was not given.
            let mut out = BufReader::new(out);
            let mut line = String::new();
            while out.read_line(&mut line).is_ok_and(|n| n > 0) {
                if let Some(json) = line.strip_prefix(MARK).filter(|json| json.ends_with('\n')) {
                    told_to.send(serde_json::from_str(json).unwrap()).unwrap();
                }
                line.clear();
            }
        };
        std::thread::Builder::new().name("station-reader".to_owned()).spawn(listen).unwrap();
        Station { child, told, asks }
    }

    /// Hands over what a person does; false if the process is gone.
    pub fn send(&mut self, ask: &Ask) -> bool {
        let line = format!("{}\n", serde_json::to_string(ask).unwrap());
        self.asks.as_mut().is_some_and(|asks| asks.write_all(line.as_bytes()).is_ok())
    }

    /// The next answer, if it comes in time.
    pub fn told_within(&self, at_most: Duration) -> Option<Told> {
        self.told.recv_timeout(at_most).ok()
    }

    /// Kills it without warning; the answers it had given before.
    pub fn kill(mut self) -> Vec<Told> {
        self.child.0.kill().unwrap();
        self.child.0.wait().unwrap();
        // The reader ends with the process's output, and its channel with it.
        self.told.iter().collect()
    }

    /// Ends it in good order.
    pub fn switch_off(mut self) {
        assert!(self.send(&Ask::SwitchOff));
        drop(self.asks.take());
        assert!(self.child.0.wait().unwrap().success(), "the station did not end well");
    }
}

/// Waits until it is so.
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !so() {
        assert!(Instant::now() < end, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}
