//! The demo without a window: so many packers at so many stations work the first orders of the file through all eleven steps,
//! while network cables are pulled and stations lose their power; then the auditor looks.

use super::DemoError;
use super::audit::{self, Audit};
use super::bench::{Bench, Meter, Setup, Window};
use super::chance::Chance;
use super::office::{Office, Standing};
use super::packer::plan::{Ending, Mishap, Plan};
use super::packer::{Floor, Packer, Tally};
use super::week::{self, Data};
use super::world::Audience;
use super::world::people::packer_of;
use crate::engine::view::Screen;
use crate::sync::ServerConfig;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Most stations of one run.
pub const STATIONS_MAX: usize = 16;
/// Most network cuts or station kills of one run.
pub const FAULTS_MAX: usize = 1_000;
/// Time between two looks at the whole.
const LOOK: Duration = Duration::from_millis(150);
/// Looks in a row that must find everything settled.
const CALM_LOOKS: u32 = 3;
/// Longest time of a run besides that of its orders.
const DEADLINE_BASE: Duration = Duration::from_secs(120);
/// Longest time per order, shared by all stations.
const DEADLINE_PER_ORDER: Duration = Duration::from_secs(4);
/// Lengths of a network cut, ms.
const CUT_MS: (i64, i64) = (400, 2_500);
/// Steps of the engine until a planned kill strikes: in the middle of something.
const KILL_STEPS: (i64, i64) = (1, 40);

/// What to run.
#[derive(Clone, Debug)]
pub struct HeadlessOptions {
    /// Orders, the first shippable ones of the file.
    pub orders: usize,
    /// Stations, each with a packer.
    pub stations: usize,
    /// The same seed makes the same warehouse and the same troubles.
    pub seed: u64,
    /// Times a station's network is cut for a while.
    pub network_cuts: usize,
    /// Times a station loses its power in the middle of work.
    pub station_kills: usize,
    /// Which orders.
    pub data: Data,
    /// The report is wanted as JSON: nothing else is told on the way.
    pub json: bool,
    /// Where the databases are kept; `None` for a folder that is removed afterwards.
    pub folder: Option<PathBuf>,
}

impl Default for HeadlessOptions {
    fn default() -> HeadlessOptions {
        HeadlessOptions {
            orders: 20,
            stations: 2,
            seed: 1,
            network_cuts: 0,
            station_kills: 0,
            data: Data::Week,
            json: false,
            folder: None,
        }
    }
}

/// What came of it. The names of the fields are the keys of the JSON and stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Nothing is wrong.
    pub ok: bool,
    /// Orders worked.
    pub orders: u64,
    /// Orders packed.
    pub packed: u64,
    /// Orders in a named exception: parked, or called off.
    pub in_exception: u64,
    /// Of these, called off.
    pub cancelled: u64,
    /// Orders neither packed nor in an exception.
    pub unfinished: u64,
    /// Gestures of scanners.
    pub scans: u64,
    /// Scans and weights that were refused, as the stations recorded.
    pub refused: u64,
    /// Facts of stations that central does not have.
    pub lost: u64,
    /// Facts, packings, parcels or numbers that are there twice, or that no station told.
    pub doubled: u64,
    /// Labels printed, decoded again and scanned back.
    pub labels_decoded: u64,
    /// Products whose stock is not what it must be.
    pub stock_mismatches: u64,
    /// Lines and parcels whose counters contradict each other.
    pub counter_mismatches: u64,
    /// Papers of packed parcels that never came out of a printer.
    pub papers_missing: u64,
    /// Scans in a second, all stations together.
    pub scans_per_s: u64,
    /// Greatest age of a fact that waited for the server, ms; with cuts, their length counts.
    pub lag_ms_max: i64,
    /// Facts of all stations.
    pub events: u64,
    /// Parcels that left.
    pub parcels: u64,
    /// Units in them.
    pub units: u64,
    /// Planned gaps on shelves, wrong scans, broken units, cancellations that came about.
    pub shorts: u64,
    /// Wrong scans that came about.
    pub wrong_scans: u64,
    /// Broken units that came about.
    pub damaged: u64,
    /// Cancellations that came about.
    pub cancellations: u64,
    /// Troubles and orders that ended otherwise than they must.
    pub unexpected: u64,
    /// Network cuts.
    pub network_cuts: u64,
    /// Stations that lost their power.
    pub station_kills: u64,
    /// Time from the first scan to the last drained outbox, ms.
    pub elapsed_ms: u64,
    /// What is wrong, in words, the first fifty.
    pub problems: Vec<String>,
}

/// Runs the demo. What is wrong stands in the report: [`Report::ok`] decides on the exit status.
///
/// # Errors
/// If the options make no sense, or the demo could not be set up or broke off.
pub fn run(options: &HeadlessOptions) -> Result<Report, DemoError> {
    check(options)?;
    let cut = week::cut(&options.data, Some(options.orders))?;
    if cut.shippable.len() < options.orders {
        return Err(DemoError::TooFew { found: cut.shippable.len(), asked: options.orders });
    }
    let folder = Folder::of(options.folder.as_deref())?;
    let office = Arc::new(Office::open(folder.path(), Audience::Packers)?);
    let benches = benches(options, &office, folder.path())?;
    let (world, initial) = office.take_in(&cut, options.seed, Audience::Packers)?;
    let mut skus: Vec<String> = world.things.keys().cloned().collect();
    skus.sort();
    let floor = Arc::new(Floor {
        world: Arc::new(world),
        skus,
        office: Arc::clone(&office),
        plan: Plan::new(options.seed, &cut.shippable),
        tally: Tally::default(),
        over: AtomicBool::new(false),
    });
    let mut crew = Crew::hire(options, &floor, benches)?;
    let begun = Instant::now();
    let problems = crew.watch(options, &floor, &cut.shippable, begun);
    let elapsed = begun.elapsed();
    floor.over.store(true, Ordering::Release);
    crew.send_home()?;
    let files: Vec<PathBuf> = crew.posts.iter().map(|post| post.setup.file()).collect();
    let audit = audit::audit(office.database(), &files, &initial, &cut.shippable)?;
    let mut report = report(options, &floor, &crew, audit, elapsed);
    report.problems.splice(0..0, problems?);
    judge(&mut report, &floor, &cut.shippable, options);
    Ok(report)
}

fn check(options: &HeadlessOptions) -> Result<(), DemoError> {
    if options.orders == 0 {
        return Err(DemoError::Options("at least one order is needed: --orders N"));
    }
    if options.stations == 0 || options.stations > STATIONS_MAX {
        return Err(DemoError::Options("1 to 16 stations can be simulated: --stations K"));
    }
    if options.network_cuts > FAULTS_MAX || options.station_kills > FAULTS_MAX {
        return Err(DemoError::Options("at most 1,000 network cuts and 1,000 station kills can be asked for"));
    }
    Ok(())
}

/// A folder that goes away afterwards, unless somebody named it.
struct Folder {
    path: PathBuf,
    ours: bool,
}

impl Folder {
    fn of(named: Option<&Path>) -> Result<Folder, DemoError> {
        let path = match named {
            Some(path) => path.to_path_buf(),
            None => std::env::temp_dir().join(format!("packbench-demo-{}", uuid::Uuid::now_v7())),
        };
        std::fs::create_dir_all(&path).map_err(|source| DemoError::File { path: path.clone(), source })?;
        if path.join("central.db").exists() {
            // What lay on the shelves before is not known any more, so nothing could be audited.
            return Err(DemoError::Options("the folder holds a demo already: name an empty one, or none"));
        }
        Ok(Folder { path, ours: named.is_none() })
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.ours
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(error = %error, "the demo's folder could not be removed");
        }
    }
}

/// A station and who packs there.
struct Post {
    setup: Setup,
    cable: Arc<AtomicBool>,
    meter: Arc<Meter>,
    window: Window,
    packer: Option<JoinHandle<Result<Bench, DemoError>>>,
}

impl Post {
    /// Nothing on the bench, nothing that central does not know.
    fn is_idle(&self) -> bool {
        self.window.view().is_some_and(|view| {
            matches!(view.screen, Screen::Queue | Screen::Login(_)) && view.pack.is_none() && view.network.waiting == 0
        })
    }
}

/// Stations that belong to the server and know the house, switched off again before there are orders: so that each gets its
/// share of them, and none takes all ahead.
fn benches(options: &HeadlessOptions, office: &Office, folder: &Path) -> Result<Vec<Bench>, DemoError> {
    let mut benches = Vec::new();
    for n in 1..=options.stations {
        let name = format!("PACK {n}");
        let mut server = ServerConfig::new(office.url());
        server.cut = Some(Arc::default());
        let setup = Setup { name: name.clone(), folder: folder.join(format!("station-{n}")), server };
        let mut bench = Bench::start(setup, Arc::default())?;
        bench.pair(&office.pairing_code(&name)?)?;
        bench.power_off()?;
        benches.push(bench);
    }
    Ok(benches)
}

/// A planned fault: at so many settled orders, at that station.
struct Fault {
    at: usize,
    post: usize,
    kind: FaultKind,
}

enum FaultKind {
    Cut { ms: u64 },
    Kill { steps: u64 },
}

struct Crew {
    posts: Vec<Post>,
    faults: Vec<Fault>,
    cut: Vec<(usize, Instant)>,
    cuts: u64,
}

impl Crew {
    /// Switches the stations on again and sends the packers to work.
    fn hire(options: &HeadlessOptions, floor: &Arc<Floor>, benches: Vec<Bench>) -> Result<Crew, DemoError> {
        let mut posts = Vec::new();
        for (n, mut bench) in benches.into_iter().enumerate() {
            bench.power_on()?;
            let (setup, meter, window) = (bench.setup().clone(), bench.meter(), bench.window());
            let cable = setup.server.cut.clone().unwrap_or_default();
            let number = u64::try_from(n + 1).unwrap_or(u64::MAX);
            let packer = Packer::new(Arc::clone(floor), bench, packer_of(n), number);
            let start = |source| DemoError::Start { what: "a packer's thread", source };
            let thread = std::thread::Builder::new().name(format!("packer-{}", n + 1));
            let packer = thread.spawn(move || packer.work()).map_err(start)?;
            posts.push(Post { setup, cable, meter, window, packer: Some(packer) });
        }
        Ok(Crew { posts, faults: faults(options), cut: Vec::new(), cuts: 0 })
    }

    /// Lets faults strike as work goes on, until everything is settled; what is not in time is told.
    fn watch(
        &mut self,
        options: &HeadlessOptions,
        floor: &Floor,
        orders: &[String],
        begun: Instant,
    ) -> Result<Vec<String>, DemoError> {
        let all = u32::try_from(orders.len()).unwrap_or(u32::MAX);
        let until = begun + DEADLINE_BASE + DEADLINE_PER_ORDER * all;
        let mut calm = 0;
        let mut told = 0;
        loop {
            let standing = floor.office.standing()?;
            let open = unsettled(&standing, floor, orders);
            let done = orders.len().saturating_sub(open.len());
            if !options.json && done * 10 / orders.len().max(1) > told {
                told = done * 10 / orders.len().max(1);
                tracing::info!(done, of = orders.len(), "orders settled");
            }
            self.strike(done);
            self.mend();
            let killed: u64 = self.posts.iter().map(|p| p.meter.kills.load(Ordering::Acquire)).sum();
            let quiet = open.is_empty()
                && self.faults.is_empty()
                && self.cut.is_empty()
                && killed >= options.station_kills as u64
                && self.posts.iter().all(Post::is_idle);
            calm = if quiet { calm + 1 } else { 0 };
            if calm >= CALM_LOOKS {
                return Ok(Vec::new());
            }
            if self.posts.iter().any(|p| p.packer.as_ref().is_some_and(JoinHandle::is_finished)) {
                return Ok(vec!["a packer stopped working before everything was done".to_owned()]);
            }
            if Instant::now() > until {
                return Ok(self.late(&open));
            }
            std::thread::park_timeout(LOOK);
        }
    }

    fn late(&self, open: &[String]) -> Vec<String> {
        let mut problems = vec![format!("the time was over with {} orders open", open.len())];
        problems.extend(open.iter().take(10).map(|order| format!("order {order} is not done")));
        for post in self.posts.iter().filter(|post| !post.is_idle()) {
            let waiting = post.window.view().map_or(0, |view| view.network.waiting);
            problems.push(format!("{} is still at work; {waiting} facts wait for the server", post.setup.name));
        }
        problems
    }

    /// Faults whose time has come.
    fn strike(&mut self, done: usize) {
        let (due, later): (Vec<Fault>, Vec<Fault>) = self.faults.drain(..).partition(|fault| fault.at <= done);
        self.faults = later;
        for fault in due {
            let busy_cut = self.cut.iter().any(|(post, _)| *post == fault.post);
            let Some(post) = self.posts.get(fault.post) else { continue };
            let kill_waits = post.meter.kill_at.load(Ordering::Acquire) != u64::MAX;
            match fault.kind {
                // One after the other: a second pull of the same plug would be no second fault.
                FaultKind::Cut { .. } if busy_cut => self.faults.push(fault),
                FaultKind::Kill { .. } if kill_waits => self.faults.push(fault),
                FaultKind::Cut { ms } => {
                    post.cable.store(true, Ordering::Release);
                    self.cuts += 1;
                    self.cut.push((fault.post, Instant::now() + Duration::from_millis(ms)));
                }
                FaultKind::Kill { steps } => {
                    let at = post.meter.steps.load(Ordering::Acquire) + steps;
                    post.meter.kill_at.store(at, Ordering::Release);
                }
            }
        }
    }

    /// Cables are plugged in again.
    fn mend(&mut self) {
        let now = Instant::now();
        for (post, _) in self.cut.iter().filter(|(_, until)| *until <= now) {
            if let Some(post) = self.posts.get(*post) {
                post.cable.store(false, Ordering::Release);
            }
        }
        self.cut.retain(|(_, until)| *until > now);
    }

    /// Waits for the packers and switches their stations off.
    fn send_home(&mut self) -> Result<(), DemoError> {
        for post in &mut self.posts {
            let Some(packer) = post.packer.take() else { continue };
            let mut bench =
                packer.join().map_err(|_| DemoError::Thread(format!("packer at {}", post.setup.name)))??;
            bench.power_off()?;
        }
        Ok(())
    }
}

/// Faults spread over the run by the seed: the first nine tenths of the orders, every station in turn.
fn faults(options: &HeadlessOptions) -> Vec<Fault> {
    let mut dice = Chance::of(options.seed, "faults");
    let mut list = Vec::new();
    let last = i64::try_from(options.orders * 9 / 10).unwrap_or(i64::MAX);
    let at = |dice: &mut Chance| usize::try_from(dice.between(0, last)).unwrap_or(0);
    let ms = |n: i64| u64::try_from(n).unwrap_or(1);
    for n in 0..options.network_cuts {
        let kind = FaultKind::Cut { ms: ms(dice.between(CUT_MS.0, CUT_MS.1)) };
        list.push(Fault { at: at(&mut dice), post: n % options.stations, kind });
    }
    for n in 0..options.station_kills {
        let kind = FaultKind::Kill { steps: ms(dice.between(KILL_STEPS.0, KILL_STEPS.1)) };
        list.push(Fault { at: at(&mut dice), post: n % options.stations, kind });
    }
    list
}

/// Orders that central does not see at their end yet.
fn unsettled(standing: &[Standing], floor: &Floor, orders: &[String]) -> Vec<String> {
    let state = |order: &String| standing.iter().find(|s| s.number == *order);
    let at_work = |order: &&String| match (state(order).map(|s| s.state.as_str()), floor.plan.ending(order)) {
        (Some("held"), ending) => ending != Ending::Parked,
        (state, _) => !matches!(state, Some("packed" | "handed_over" | "cancelled")),
    };
    orders.iter().filter(at_work).cloned().collect()
}

fn report(options: &HeadlessOptions, floor: &Floor, crew: &Crew, audit: Audit, elapsed: Duration) -> Report {
    let tally = &floor.tally;
    let count = |n: &std::sync::atomic::AtomicU64| n.load(Ordering::Acquire);
    let scans = count(&tally.scans);
    let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    let witnesses = floor.plan.witnesses();
    let came = |fits: fn(Mishap) -> bool| {
        let orders: std::collections::BTreeSet<&str> =
            witnesses.iter().filter(|w| fits(w.mishap)).map(|w| w.order.as_str()).collect();
        orders.len() as u64
    };
    Report {
        ok: false,
        orders: options.orders as u64,
        packed: audit.packed,
        in_exception: audit.parked + audit.cancelled,
        cancelled: audit.cancelled,
        unfinished: audit.unfinished,
        scans,
        refused: audit.refused,
        lost: audit.lost,
        doubled: audit.doubled,
        labels_decoded: count(&tally.labels_decoded),
        stock_mismatches: audit.stock_mismatches,
        counter_mismatches: audit.counter_mismatches,
        papers_missing: audit.papers_missing,
        scans_per_s: scans.saturating_mul(1_000) / elapsed_ms.max(1),
        lag_ms_max: crew.posts.iter().map(|p| p.meter.lag_ms_max.load(Ordering::Acquire)).max().unwrap_or(0),
        events: audit.events,
        parcels: audit.parcels,
        units: audit.units,
        shorts: came(|m| matches!(m, Mishap::Short { .. })),
        wrong_scans: came(|m| matches!(m, Mishap::Wrong(_))),
        damaged: came(|m| m == Mishap::Damaged),
        cancellations: came(|m| m == Mishap::Cancelled),
        unexpected: 0,
        network_cuts: crew.cuts,
        station_kills: crew.posts.iter().map(|p| p.meter.kills.load(Ordering::Acquire)).sum(),
        elapsed_ms,
        problems: audit.problems,
    }
}

/// Everything that makes a run a failure.
fn judge(report: &mut Report, floor: &Floor, orders: &[String], options: &HeadlessOptions) {
    let mut problems = Vec::new();
    for w in floor.plan.witnesses().iter().filter(|w| !w.met()) {
        report.unexpected += 1;
        problems.push(format!("order {}: {:?} must show {} and showed {}", w.order, w.mishap, w.expected, w.seen));
    }
    match floor.office.standing() {
        Ok(standing) => {
            for order in orders {
                let state = standing.iter().find(|s| s.number == *order);
                if let Some(why) = wrong_end(floor.plan.ending(order), state) {
                    report.unexpected += 1;
                    problems.push(format!("order {order} {why}"));
                }
            }
        }
        Err(error) => problems.push(error.to_string()),
    }
    let tally = &floor.tally;
    for (n, what) in [
        (&tally.labels_unread, "labels could not be read back"),
        (&tally.overrides, "weights were right and refused"),
        (&tally.stuck, "times the screen led nowhere"),
    ] {
        let n = n.load(Ordering::Acquire);
        if n > 0 {
            problems.push(format!("{n} {what}"));
        }
    }
    if report.station_kills < options.station_kills as u64 || report.network_cuts < options.network_cuts as u64 {
        problems.push("not all faults that were asked for came about".to_owned());
    }
    let all = report.packed + report.in_exception == report.orders && report.unfinished == 0;
    if !all {
        problems.push(format!("{} orders are neither packed nor in an exception", report.unfinished));
    }
    report.problems.extend(problems);
    report.problems.truncate(50);
    let clean =
        report.lost == 0 && report.doubled == 0 && report.stock_mismatches == 0 && report.counter_mismatches == 0;
    report.ok = all && clean && report.problems.is_empty();
}

fn wrong_end(ending: Ending, standing: Option<&Standing>) -> Option<String> {
    let Some(standing) = standing else { return Some("is not known to central".to_owned()) };
    let fits = match ending {
        Ending::Packed => standing.state == "packed",
        Ending::Parked => standing.state == "held" && standing.exceptions > 0,
        // Where the parcel was closed before the news came, a question must be open.
        Ending::CalledOff => standing.state == "cancelled" || standing.exceptions > 0,
    };
    (!fits).then(|| format!("must be {ending:?} and is {} with {} exceptions", standing.state, standing.exceptions))
}
