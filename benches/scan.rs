//! From a scan to its published view, beside what the disk alone costs: one bare commit at `synchronous=FULL` of a
//! one-row insert, into a database in the same folder, measured in turn with the scans.
//!
//! Limit: p99 of the scan at most twice p99 of the bare commit. Then 200 scans at once: all within a second, none lost.
//! A limit that is passed is said; with `PACKBENCH_BENCH_STRICT=1` it is a failure as well, which needs a machine that does
//! nothing else meanwhile. A lost scan is always a failure.

mod limits;
#[allow(dead_code)]
#[path = "../tests/it/station_kit/mod.rs"]
mod station_kit;

use limits::times::{ms, p50, p99};
use packbench::core::ids::GestureId;
use packbench::core::scan::Scan;
use packbench::core::time::UtcMs;
use packbench::engine::Input;
use packbench::engine::input::Ui;
use packbench::engine::view::StageView;
use station_kit::station::Station;
use station_kit::world::{self, Job};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const SCANS: u32 = 1_000;
const BURST: u32 = 200;
const RATIO_MAX: f64 = 2.0;

fn main() -> ExitCode {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, SCANS + BURST + 1)])]);
    to_verify(&mut s);
    let bare = rusqlite::Connection::open(s.folder().join("bare.db")).expect("a database");
    bare.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a INTEGER, b TEXT);")
        .expect("a table");
    let (mut scans, mut commits) = (Vec::new(), Vec::new());
    for n in 0..SCANS {
        let begun = Instant::now();
        bare.execute("INSERT INTO t VALUES (?1, 'one row')", [n]).expect("a row");
        commits.push(begun.elapsed());
        let begun = Instant::now();
        let effects = s.engine.step(vec![scan(n)]);
        let view = s.engine.view();
        scans.push(begun.elapsed());
        assert!(!effects.is_empty() && view.pack.is_some());
    }
    let ratio = p99(&mut scans).as_secs_f64() / p99(&mut commits).as_secs_f64();
    println!("scan to view, p99    {:>8.3} ms  p50 {:.3} ms", ms(p99(&mut scans)), ms(p50(&mut scans)));
    println!("bare commit, p99     {:>8.3} ms  p50 {:.3} ms", ms(p99(&mut commits)), ms(p50(&mut commits)));
    println!("ratio                {ratio:>8.2}     limit {RATIO_MAX}");
    let burst = burst(&mut s);
    println!("{BURST} scans at once    {:>8.1} ms  limit 1000 ms", ms(burst));
    let done = s.engine.view().pack.map_or(0, |p| p.done);
    println!("counted              {done} of {}", SCANS + BURST);
    let within = ratio <= RATIO_MAX && burst <= Duration::from_secs(1);
    let end = limits::verdict(within);
    if done == SCANS + BURST { end } else { ExitCode::FAILURE }
}

fn burst(s: &mut Station) -> Duration {
    let begun = Instant::now();
    let all: Vec<u32> = (SCANS..SCANS + BURST).collect();
    for group in all.chunks(packbench::engine::GROUP_MAX) {
        s.engine.step(group.iter().map(|n| scan(*n)).collect());
        s.engine.view();
    }
    begun.elapsed()
}

fn scan(n: u32) -> Input {
    Input::Scan(Scan {
        gesture: GestureId(uuid::Uuid::from_u128(0xbe_0000 + u128::from(n))),
        device: "hand".to_owned(),
        bytes: world::ean13(world::MUG).into_bytes(),
        symbology: None,
        at: UtcMs(world::START_MS),
    })
}

/// Through review, stock and pick.
fn to_verify(s: &mut Station) {
    s.ui(Ui::Start);
    s.work_until(|stage| matches!(stage, StageView::Verify(_)));
}
