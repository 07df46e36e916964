//! The whole Online Retail file (541,909 lines) into a new SQLite database, beside its limits: 15 s and 300 MB.
//!
//! A second run over the same database must change nothing. A limit that is passed is said; with
//! `PACKBENCH_BENCH_STRICT=1` it is a failure as well, which needs a machine that does nothing else meanwhile.

mod limits;

use packbench::central::services::import::online_retail::import_file;
use packbench::central::{Central, Settings};
use packbench::sql::Target;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const TIME_MAX: Duration = Duration::from_secs(15);
const MEMORY_KB_MAX: u64 = 300_000;

fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder");
    let target = Target::Sqlite(folder.path().join("central.db"));
    let central = Central::open(&Settings::new(target, folder.path().join("photos"))).expect("a new database");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/online-retail/onlineretail.csv.gz");
    let begun = Instant::now();
    import_file(central.store(), &file, &|_| {}).expect("the file is imported");
    let took = begun.elapsed();
    let memory_kb = memory_kb_max();
    let begun = Instant::now();
    import_file(central.store(), &file, &|_| {}).expect("the file is read again");
    println!(
        "import, first run    {:>6.2} s   limit {} s   ratio {:.2}",
        took.as_secs_f64(),
        TIME_MAX.as_secs(),
        took.as_secs_f64() / TIME_MAX.as_secs_f64()
    );
    println!("import, second run   {:>6.2} s", begun.elapsed().as_secs_f64());
    println!(
        "memory, at most      {:>6} MB  limit {} MB  ratio {:.2}",
        memory_kb / 1_000,
        MEMORY_KB_MAX / 1_000,
        memory_kb as f64 / MEMORY_KB_MAX as f64
    );
    limits::verdict(took <= TIME_MAX && memory_kb <= MEMORY_KB_MAX)
}

/// The most memory this process has ever held, in kilobytes, as Linux counts it.
fn memory_kb_max() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or(0)
}
