//! The whole Online Retail file (541,909 lines) into a new database, beside its limits: 15 s and 300 MB, on SQLite and, where
//! `PACKBENCH_TEST_PG` names a server whose user may create databases (`tests/run` sets it), on PostgreSQL.
//!
//! A second run over the same database must change nothing. A limit that is passed is said; with
//! `PACKBENCH_BENCH_STRICT=1` it is a failure as well, which needs a machine that does nothing else meanwhile.

mod limits;

use packbench::central::services::import::online_retail::import_file;
use packbench::central::{Central, Settings};
use packbench::sql::{self, Target};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const TIME_MAX: Duration = Duration::from_secs(15);
const MEMORY_KB_MAX: u64 = 300_000;
const LINES: u64 = 541_909;

fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder");
    let mut within = measure("SQLite", Target::Sqlite(folder.path().join("central.db")), folder.path());
    match std::env::var("PACKBENCH_TEST_PG").as_deref() {
        Err(_) | Ok("none") => println!("PACKBENCH_TEST_PG is not set: PostgreSQL is not measured"),
        Ok(server) => within &= on_postgres(server, folder.path()),
    }
    limits::verdict(within)
}

/// A database of its own on that server, which goes away afterwards.
fn on_postgres(server: &str, folder: &Path) -> bool {
    let server: Target = server.parse().expect("PACKBENCH_TEST_PG is an address");
    let Target::Postgres(address) = &server else { panic!("PACKBENCH_TEST_PG names no PostgreSQL server") };
    let name = format!("packbench_bench_{}", std::process::id());
    let mut admin = sql::open(&server).expect("the server at PACKBENCH_TEST_PG");
    admin
        .batch(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"))
        .expect("a database of its own");
    let within = measure("PostgreSQL", Target::Postgres(address.with_database(&name)), folder);
    admin.batch(&format!("DROP DATABASE {name} WITH (FORCE)")).expect("the database goes away");
    within
}

fn measure(engine: &str, target: Target, folder: &Path) -> bool {
    forget_memory_max();
    let central = Central::open(&Settings::new(target, folder.join("photos"))).expect("a new database");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/online-retail/onlineretail.csv.gz");
    let begun = Instant::now();
    let first = import_file(central.store(), &file, &|_| {}).expect("the file is imported");
    let took = begun.elapsed();
    let memory_kb = memory_kb_max();
    let begun = Instant::now();
    let second = import_file(central.store(), &file, &|_| {}).expect("the file is read again");
    assert!(first.lines == LINES && !first.unchanged && second.unchanged, "{first:?} {second:?}");
    println!(
        "{engine}: first run     {:>6.2} s   limit {} s   ratio {:.2}",
        took.as_secs_f64(),
        TIME_MAX.as_secs(),
        took.as_secs_f64() / TIME_MAX.as_secs_f64()
    );
    println!("{engine}: second run    {:>6.2} s", begun.elapsed().as_secs_f64());
    println!(
        "{engine}: memory        {:>6} MB  limit {} MB  ratio {:.2}",
        memory_kb / 1_000,
        MEMORY_KB_MAX / 1_000,
        memory_kb as f64 / MEMORY_KB_MAX as f64
    );
    took <= TIME_MAX && memory_kb <= MEMORY_KB_MAX
}

/// Lets Linux count the most memory anew from here on (proc(5): 5 resets the peak).
fn forget_memory_max() {
    if let Err(error) = std::fs::write("/proc/self/clear_refs", "5") {
        println!("the peak of memory counts from the start of the process: {error}");
    }
}

/// The most memory this process has held since, in kilobytes, as Linux counts it.
fn memory_kb_max() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or(0)
}
