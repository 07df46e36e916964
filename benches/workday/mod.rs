//! A day of real work to be pushed: stations lease real orders from a made central, lose the network, and pack all of them
//! with the demo's packers. What is left are central's database as it was before any fact of it, and each station's outbox.

use packbench::central::actor::Actor;
use packbench::central::services::settings;
use packbench::central::store::sites;
use packbench::demo::bench::{Bench, Setup};
use packbench::demo::office::Office;
use packbench::demo::packer::plan::Plan;
use packbench::demo::packer::{Floor, Packer, Tally};
use packbench::demo::week;
use packbench::demo::world::Audience;
use packbench::demo::world::people::packer_of;
use packbench::demo::{Data, DemoError};
use packbench::engine::view::Screen;
use packbench::protocol::wire::push::PUSH_EVENTS_MAX;
use packbench::protocol::wire::{Epoch, EventEnvelope, PushRequest, Seq};
use packbench::sql::{self, Target};
use packbench::storage::{meta, outbox};
use packbench::sync::ServerConfig;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Orders in central: more than the stations take ahead.
const ORDERS: usize = 120;
const STATIONS: usize = 2;
/// Orders of one station; its own rate may keep it below that.
const LEASES_MAX: u32 = 50;
const SEED: u64 = 1;
/// Fewer would measure nothing but the start.
const PUSHES_MIN: usize = 4;
/// A station without anything it could pack shows its queue for so long.
const CALM: Duration = Duration::from_secs(3);
/// Longest wait for anything.
const DEADLINE: Duration = Duration::from_secs(300);

/// Central's database before the pushes, and the pushes in the order they are made.
pub struct Workday {
    pub before: PathBuf,
    pub pushes: Vec<Push>,
}

/// One batch of a station.
pub struct Push {
    pub token: String,
    pub body: Vec<u8>,
    pub events: usize,
}

/// Packs everything that is leased, into databases in a folder.
///
/// # Errors
/// If the demo's house cannot be set up.
pub fn work(folder: &Path) -> Result<Workday, DemoError> {
    let cut = week::cut(&Data::Week, Some(ORDERS))?;
    let mut office = Office::open(folder, Audience::Packers)?;
    let (world, _) = office.take_in(&cut, SEED, Audience::Packers)?;
    take_ahead(&office)?;
    let benches = (1..=STATIONS).map(|n| paired(&office, folder, n)).collect::<Result<Vec<_>, _>>()?;
    let files: Vec<PathBuf> = benches.iter().map(|bench| bench.setup().file()).collect();
    let before = folder.join("before.db");
    let c = rusqlite::Connection::open(office.database()).expect("central's database");
    c.execute("VACUUM INTO ?1", [before.to_str().expect("a plain path")]).expect("a copy of central's database");
    let mut skus: Vec<String> = world.things.keys().cloned().collect();
    skus.sort();
    office.close();
    let floor = Arc::new(Floor {
        world: Arc::new(world),
        skus,
        office: Arc::new(office),
        plan: Plan::calm(),
        tally: Tally::default(),
        over: AtomicBool::new(false),
    });
    pack(&floor, benches)?;
    let pushes: Vec<Push> = files.iter().flat_map(|file| pushes(file)).collect();
    assert!(pushes.len() >= PUSHES_MIN, "the day's work is too little to be measured: {} pushes", pushes.len());
    Ok(Workday { before, pushes })
}

/// Lets stations lease as many orders ahead as they may.
fn take_ahead(office: &Office) -> Result<(), DemoError> {
    let store = office.central().store();
    let site = store.site();
    store.write_blocking(Actor::Job("bench"), move |work| {
        let mut record = settings::of(&sites::get(work.tx, site)?)?;
        record.prefetch_max = LEASES_MAX;
        settings::set(work, record)
    })?;
    Ok(())
}

/// A station that holds leases and has lost the network.
fn paired(office: &Office, folder: &Path, n: usize) -> Result<Bench, DemoError> {
    let name = format!("PACK {n}");
    let mut server = ServerConfig::new(office.url());
    let cable = Arc::new(AtomicBool::new(false));
    server.cut = Some(Arc::clone(&cable));
    let setup = Setup { name: name.clone(), folder: folder.join(format!("station-{n}")), server };
    let mut bench = Bench::start(setup, Arc::default())?;
    bench.pair(&office.pairing_code(&name)?)?;
    let window = bench.window();
    let ready = || window.view().is_some_and(|view| view.queue.rows.iter().filter(|row| row.leased).count() > 1);
    let until = Instant::now() + DEADLINE;
    while !ready() {
        assert!(Instant::now() < until, "no leases came");
        let _ = bench.look_up(Duration::from_millis(50));
    }
    // Leases and the orders they are for come by two ways: both have come when nothing new does.
    let mut calm = Instant::now();
    let mut seen = 0;
    while calm.elapsed() < Duration::from_secs(1) {
        let leased = window.view().map_or(0, |view| view.network.leased);
        if leased != seen {
            (seen, calm) = (leased, Instant::now());
        }
        let _ = bench.look_up(Duration::from_millis(50));
    }
    cable.store(true, Ordering::Release);
    Ok(bench)
}

fn pack(floor: &Arc<Floor>, benches: Vec<Bench>) -> Result<(), DemoError> {
    let windows: Vec<_> = benches.iter().map(Bench::window).collect();
    let mut packers: Vec<JoinHandle<Result<Bench, DemoError>>> = Vec::new();
    for (n, bench) in benches.into_iter().enumerate() {
        let packer = Packer::new(Arc::clone(floor), bench, packer_of(n), n as u64 + 1);
        let thread = std::thread::Builder::new().name(format!("packer-{n}")).spawn(move || packer.work());
        packers.push(thread.map_err(|source| DemoError::Start { what: "a packer's thread", source })?);
    }
    let until = Instant::now() + DEADLINE;
    let mut calm = Instant::now();
    while calm.elapsed() < CALM {
        assert!(Instant::now() < until, "the orders were not packed in time");
        let idle = |view: &packbench::engine::StationView| view.screen == Screen::Queue && view.pack.is_none();
        if !windows.iter().all(|window| window.view().is_some_and(|view| idle(&view))) {
            calm = Instant::now();
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
    floor.over.store(true, Ordering::Release);
    for packer in packers {
        packer.join().map_err(|_| DemoError::Thread("packer".to_owned()))??.power_off()?;
    }
    Ok(())
}

/// A station's outbox in full batches, as its sync driver sends it.
fn pushes(file: &Path) -> Vec<Push> {
    let mut c = sql::open_read_only(&Target::Sqlite(file.to_path_buf())).expect("a station's database");
    let c = c.as_mut();
    let token = meta::get(c, meta::key::TOKEN).expect("meta").expect("a token");
    let station_id = outbox::station_id(c).expect("an identity");
    let epoch = Epoch(meta::int(c, meta::key::EPOCH).expect("meta").unsigned_abs());
    let last = meta::int(c, meta::key::SEQ).expect("meta").unsigned_abs();
    let events: Vec<EventEnvelope> = outbox::read(c, epoch, Seq(1), Seq(last)).expect("the outbox");
    let full = events.chunks_exact(PUSH_EVENTS_MAX);
    let push = |events: &[EventEnvelope]| {
        let request = PushRequest { protocol: 1, station_id, epoch, events: events.to_vec(), backlog: None };
        let body = serde_json::to_vec(&request).expect("a push as JSON");
        Push { token: token.clone(), body, events: events.len() }
    };
    full.map(push).collect()
}
