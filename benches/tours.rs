//! Shortest walks: all 1,200 public instances (Heßler and Irnich) with one block and with two, beside LKH (PyPI elkai) on the distance
//! matrices of the same instances in the same run.
//!
//! Timed is all from the picks to the walk with its order and its line; the layout is made ready before, as a site has one layout and
//! many walks; with it is told beside. Limits: every walk as long as the proven optimum; on average at most 10 µs with one block and 100 µs
//! with two; at least 300 times as fast as LKH. LKH solves every tenth instance (`PACKBENCH_BENCH_LKH_EVERY` asks for others); where it
//! cannot be set up that is said, and counts as a limit passed.

mod limits;

use flate2::read::GzDecoder;
use packbench::planning::tour::layout::{Bin, Corner, Even, Layout, Point};
use packbench::planning::tour::{Planner, Site};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/routing/sprp_even_seeds.jsonl.gz");
const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/lkh.sh");
const PEER_FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/lkh");
const ROUNDS: u32 = 20;
const LKH_EVERY: usize = 10;
const RATIO_MIN: f64 = 300.0;
const MEAN_MAX: [Duration; 2] = [Duration::from_micros(10), Duration::from_micros(100)];

/// An instance, for one number of blocks.
struct Case {
    sizes: Even,
    cuts: Vec<usize>,
    site: Site,
    depot: Corner,
    bins: Vec<Bin>,
    optimum_mm: i64,
}

fn main() -> ExitCode {
    let mut within = true;
    for (blocks, limit) in [1, 2].into_iter().zip(MEAN_MAX) {
        let cases = load(blocks);
        let wrong = cases.iter().filter(|c| walk(&mut Planner::new(), c) != c.optimum_mm).count();
        let mean = measure(&cases, walk);
        let length = measure(&cases, length);
        let whole = measure(&cases, with_layout);
        println!("{blocks} block(s): {} instances, {wrong} not equal to the proven optimum", cases.len());
        println!("  mean {:>8.2} µs  limit {} µs", micros(mean), limit.as_micros());
        println!("  length alone {:.2} µs, with making the layout ready {:.2} µs", micros(length), micros(whole));
        let ahead = peer(&cases, mean);
        within &= wrong == 0 && mean <= limit && ahead;
    }
    limits::verdict(within)
}

fn walk(planner: &mut Planner, c: &Case) -> i64 {
    black_box(planner.shortest(&c.site, c.depot, c.depot, &c.bins)).expect("a walk").length_mm
}

fn length(planner: &mut Planner, c: &Case) -> i64 {
    planner.length_mm(&c.site, c.depot, c.depot, &c.bins).expect("a length")
}

fn with_layout(planner: &mut Planner, c: &Case) -> i64 {
    let site = Site::new(Layout::even(c.sizes, &c.cuts).expect("a layout")).expect("a site");
    black_box(planner.shortest(&site, c.depot, c.depot, &c.bins)).expect("a walk").length_mm
}

/// Mean time of a case: the middle one of several rounds over all.
fn measure(cases: &[Case], what: fn(&mut Planner, &Case) -> i64) -> Duration {
    let mut planner = Planner::new();
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            black_box(cases.iter().map(|c| what(&mut planner, c)).sum::<i64>());
            begun.elapsed() / cases.len() as u32
        })
        .collect();
    rounds.sort_unstable();
    rounds[rounds.len() / 2]
}

/// LKH on some of the same cases; false if it was too near or could not be measured.
fn peer(cases: &[Case], ours: Duration) -> bool {
    let every = std::env::var("PACKBENCH_BENCH_LKH_EVERY").ok().and_then(|n| n.parse().ok()).unwrap_or(LKH_EVERY);
    let sample: Vec<&Case> = cases.iter().step_by(every.max(1)).collect();
    match lkh(&sample) {
        Ok((mean, equal)) => {
            let ratio = mean.as_secs_f64() / ours.as_secs_f64();
            println!("  LKH  {:>8.2} µs on {} of them, {equal} equal to the optimum", micros(mean), sample.len());
            println!("  ratio {ratio:>7.0}     limit {RATIO_MIN}");
            ratio >= RATIO_MIN
        }
        Err(why) => {
            println!("  LKH WAS NOT MEASURED: {why}");
            false
        }
    }
}

/// Mean time of LKH alone, and how many of its tours are as short as the optimum.
fn lkh(sample: &[&Case]) -> Result<(Duration, usize), String> {
    let mut child = Command::new("bash")
        .args([PEER, PEER_FOLDER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("bash does not start: {e}"))?;
    let mut input = child.stdin.take().expect("a pipe");
    let matrices: Vec<String> = sample.iter().map(|c| matrix(c).to_string()).collect();
    let writer = std::thread::Builder::new().name("lkh-cases".to_owned()).spawn(move || {
        // Where the peer is gone its exit status says why.
        let _ = matrices.iter().try_for_each(|m| writeln!(input, "{{\"matrix\": {m}}}"));
    });
    let out = child.wait_with_output().map_err(|e| e.to_string())?;
    writer.expect("a thread").join().expect("it ended");
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).trim().to_owned());
    }
    let text = String::from_utf8_lossy(&out.stdout);
    let told: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).expect("a line of JSON")).collect();
    if told.len() != sample.len() {
        return Err(format!("{} answers to {} cases", told.len(), sample.len()));
    }
    let seconds: f64 = told.iter().map(|t| t["seconds"].as_f64().expect("seconds")).sum();
    let equal = told.iter().zip(sample).filter(|(t, c)| t["length"].as_i64() == Some(c.optimum_mm / 1_000)).count();
    Ok((Duration::from_secs_f64(seconds / sample.len() as f64), equal))
}

/// Shortest ways between the depot and all picks, in metres.
fn matrix(c: &Case) -> serde_json::Value {
    let layout = c.site.layout();
    let spots = c.bins.iter().map(|b| layout.spot(*b).expect("a bin"));
    let all: Vec<Point> = std::iter::once(layout.corner(c.depot).expect("a corner")).chain(spots).collect();
    let way = |a: &Point, b: &Point| {
        let along = layout.cross_aisles.iter().map(|x| (a.y_mm - x.y_mm).abs() + (b.y_mm - x.y_mm).abs()).min();
        let y = if a.x_mm == b.x_mm { (a.y_mm - b.y_mm).abs() } else { along.expect("a cross-aisle") };
        ((a.x_mm - b.x_mm).abs() + y) / 1_000
    };
    all.iter().map(|a| all.iter().map(|b| way(a, b)).collect::<Vec<i64>>()).collect::<Vec<_>>().into()
}

fn load(blocks: usize) -> Vec<Case> {
    let lines = BufReader::new(GzDecoder::new(std::fs::File::open(DATA).expect("the instances"))).lines();
    lines.map(|line| case(&serde_json::from_str(&line.expect("a line")).expect("JSON"), blocks)).collect()
}

fn case(v: &serde_json::Value, blocks: usize) -> Case {
    let number = |v: &serde_json::Value| v.as_u64().expect("a number") as usize;
    let cells = number(&v["cells"]);
    let aisles = number(&v["aisles"]);
    let sizes = Even { aisles, cells, aisle_mm: 3_000, cell_mm: 1_000, front_mm: 1_000, back_mm: 1_000 };
    let cuts = if blocks == 1 { Vec::new() } else { vec![cells - cells / 2] };
    let cross_aisle = if v["depot"] == "top" { blocks as u16 } else { 0 };
    // Cell 0 is at the top; here cells count from the bottom.
    let bin =
        |p: &serde_json::Value| Bin { aisle: number(&p[0]) as u16, cell: (cells - 1 - number(&p[1])) as u16, level: 1 };
    let optimum = if blocks == 1 { "optimum_single_block" } else { "optimum_two_block" };
    Case {
        site: Site::new(Layout::even(sizes, &cuts).expect("a layout")).expect("a site"),
        sizes,
        cuts,
        depot: Corner { aisle: number(&v["depot_aisle"]) as u16, cross_aisle },
        bins: v["picks"].as_array().expect("picks").iter().map(bin).collect(),
        optimum_mm: (v[optimum].as_f64().expect("an optimum") * 1_000.0).round() as i64,
    }
}

fn micros(d: Duration) -> f64 {
    d.as_secs_f64() * 1e6
}
