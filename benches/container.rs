//! How full one container gets: the public instances BR1 to BR15, beside PackingSolver in the same run.
//!
//! Limits: mean fill at least 95.8 % over the 15 classes in 10 s each on two cores, and above PackingSolver's. Every loading is checked
//! by the verifier; a wrong one is always a failure. The instances are made by their published procedure. PackingSolver is
//! set up by `benches/peers/packingsolver.sh`; where it cannot be, no comparison is told.
//!
//! By default one instance of each class, 10 s each for both: five minutes. `PACKBENCH_CONTAINER` says otherwise, as classes, instances
//! and seconds: `1-15 1-5 10`.

#[allow(dead_code)]
mod limits;

#[path = "../tests/it/container_kit.rs"]
mod container_kit;

use container_kit::{CONTAINER, bischoff_ratcliff};
use packbench::planning::container::{Goods, Loading, Search, Way};
use packbench::planning::verify::loading;
use std::io::Write as _;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const FILL_MIN: f64 = 95.8;

/// What is measured.
struct Plan {
    classes: RangeInclusive<usize>,
    instances: RangeInclusive<u64>,
    seconds: u64,
}

fn main() -> ExitCode {
    let plan = plan();
    let mut peer = Vec::new();
    let (mut fills, mut classes) = (Vec::new(), 0.0);
    for class in plan.classes.clone() {
        let mut sum = 0.0;
        for no in plan.instances.clone() {
            let goods = bischoff_ratcliff(class, no);
            let loading = load(&goods, Duration::from_secs(plan.seconds));
            if let Err(fault) = loading::check(CONTAINER, &goods, false, &loading) {
                println!("BR{class} {no}: {fault}");
                return ExitCode::FAILURE;
            }
            sum += percent(loading.volume_mm3);
            peer.push(case(&goods, plan.seconds));
        }
        let mean = sum / count(&plan);
        println!("BR{class:<2} {mean:>7.3} %");
        fills.push((class, mean));
        classes += mean;
    }
    let mean = classes / fills.len() as f64;
    let each = count(&plan);
    println!("mean {mean:>7.3} %, limit {FILL_MIN} %; instances {each} a class, {} s, two threads", plan.seconds);
    let mut within = mean >= FILL_MIN;
    match packingsolver(&peer) {
        Some(volumes) => {
            let mut theirs = 0.0;
            for ((class, ours), volumes) in fills.iter().zip(volumes.chunks(peer.len() / fills.len())) {
                let mean = volumes.iter().map(|v| percent(*v)).sum::<f64>() / each;
                println!("BR{class:<2} {ours:>7.3} %, PackingSolver {mean:>7.3} %");
                theirs += mean;
            }
            let theirs = theirs / fills.len() as f64;
            println!("mean {mean:>7.3} %, PackingSolver {theirs:>7.3} %");
            within &= mean > theirs;
        }
        None => println!("PackingSolver is not set up (benches/peers/packingsolver.sh)"),
    }
    limits::verdict(within)
}

fn plan() -> Plan {
    let told = std::env::var("PACKBENCH_CONTAINER").unwrap_or_else(|_| "1-15 1-1 10".to_owned());
    let mut words = told.split_ascii_whitespace();
    let mut range = || {
        let word = words.next().expect("classes, instances and seconds");
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        let number = |w: &str| w.parse::<u64>().expect("a number");
        number(first)..=number(last)
    };
    let (classes, instances, seconds) = (range(), range(), *range().start());
    Plan { classes: *classes.start() as usize..=*classes.end() as usize, instances, seconds }
}

fn count(plan: &Plan) -> f64 {
    (plan.instances.end() + 1 - plan.instances.start()) as f64
}

fn percent(volume_mm3: i64) -> f64 {
    volume_mm3 as f64 * 100.0 / CONTAINER.iter().map(|s| f64::from(*s)).product::<f64>()
}

/// As the command does it: two threads, the better loading.
fn load(goods: &[Goods], budget: Duration) -> Loading {
    let begun = Instant::now();
    let search = |seed: u64| {
        let mut search = Search::new(CONTAINER, goods, Way { seed, held: false });
        while begun.elapsed() < budget && search.step() {}
        search.best()
    };
    let search = &search;
    let two = thread::scope(|scope| {
        [0, 1].map(|seed| scope.spawn(move || search(seed))).map(|t| t.join().expect("a search that ends"))
    });
    two.into_iter().max_by_key(|l| l.volume_mm3).expect("two loadings")
}

/// A case as `packingsolver_run.py` reads it.
fn case(goods: &[Goods], seconds: u64) -> serde_json::Value {
    let item = |g: &Goods| {
        let upright = g.sides.map(|side| g.turns.of(g.sides).any(|t| t[2] == side));
        serde_json::json!([g.sides, upright, g.qty])
    };
    let items: Vec<_> = goods.iter().map(item).collect();
    serde_json::json!({"seconds": seconds, "container": CONTAINER, "items": items})
}

/// The volumes that PackingSolver loads, where it is set up.
fn packingsolver(cases: &[serde_json::Value]) -> Option<Vec<i64>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut run = Command::new(root.join("benches/peers/packingsolver.sh"))
        .arg(root.join("target/peers/packingsolver"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let text: String = cases.iter().map(|c| format!("{c}\n")).collect();
    // Where it is not set up, nobody reads.
    let _ = run.stdin.take()?.write_all(text.as_bytes());
    let ran = run.wait_with_output().ok().filter(|r| r.status.success())?;
    let volumes: Vec<i64> = String::from_utf8(ran.stdout).ok()?.lines().filter_map(|l| l.parse().ok()).collect();
    (volumes.len() == cases.len()).then_some(volumes)
}
