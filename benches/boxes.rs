//! The boxes of 2,144 real orders, beside BoxPacker 4 (PHP) in the same run.
//!
//! Limits: never more boxes than BoxPacker on any order, fewer in total; mean at most 0.06 ms and at least 100 times faster
//! than BoxPacker; p99.9 at most 10 ms. Every answer is checked by the verifier, which is not timed; a wrong answer is always a
//! failure. BoxPacker is set up by `benches/peers/boxpacker.sh`; `PACKBENCH_BOXPACKER` names another folder. Without it the
//! numbers of boxes it was measured to use stand in, and no ratio is told.

#[allow(dead_code)]
mod limits;

use flate2::read::GzDecoder;
use limits::times::ms;
use packbench::planning::boxes::{Kind, Planner, Rules, Top, Turns, Ware};
use packbench::planning::verify;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

const MEAN_MAX: Duration = Duration::from_micros(60);
const TAIL_MAX: Duration = Duration::from_millis(10);
const RATIO_MIN: f64 = 100.0;
const SUPPORT_PERCENT: u8 = 50;
const ROUNDS: u32 = 3;

const BOXES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/carton/boxes.csv");
const ORDERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/carton/orders_half.csv.gz");
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/carton/boxpacker_4_2.txt");

struct Order {
    name: String,
    wares: Vec<Ware>,
}

fn main() -> ExitCode {
    let kinds = kinds();
    let text = orders_text();
    let orders = orders(&text);
    let rules = Rules { support_percent: SUPPORT_PERCENT, ..Rules::default() };
    let mut planner = Planner::default();
    let mut took = vec![Duration::MAX; orders.len()];
    let (mut counts, mut proven, mut cheapest) = (Vec::new(), 0, 0);
    for round in 0..ROUNDS {
        for (order, best) in orders.iter().zip(&mut took) {
            let begun = Instant::now();
            let packed = planner.pack(&kinds, &order.wares, &rules);
            *best = begun.elapsed().min(*best);
            if round == 0 {
                if let Err(fault) = verify::check(&kinds, &order.wares, &rules, &packed) {
                    println!("order {}: {fault}", order.name);
                    return ExitCode::FAILURE;
                }
                counts.push(packed.parcels.len());
                proven += usize::from(packed.fewest);
                cheapest += usize::from(packed.cheapest);
            }
        }
    }
    let total: usize = counts.iter().sum();
    let mean = took.iter().sum::<Duration>() / u32::try_from(took.len()).unwrap_or(u32::MAX);
    took.sort_unstable();
    let tail = took[took.len() * 999 / 1_000];
    println!("orders               {:>8}     boxes {total}", orders.len());
    println!("fewest boxes proven  {proven:>8}     smallest box of all proven {cheapest}");
    println!("mean                 {:>8.4} ms  limit {:.4} ms", ms(mean), ms(MEAN_MAX));
    println!("p99.9                {:>8.3} ms  limit {:.3} ms", ms(tail), ms(TAIL_MAX));
    let peer = boxpacker(&text);
    let theirs = peer.as_ref().map_or_else(recorded, |(counts, _)| counts.clone());
    let more = counts.iter().zip(&theirs).filter(|(ours, theirs)| ours > theirs).count();
    let less = counts.iter().zip(&theirs).filter(|(ours, theirs)| ours < theirs).count();
    let total_theirs: usize = theirs.iter().sum();
    println!("BoxPacker            {total_theirs:>8} boxes; here more on {more} orders, fewer on {less}");
    let mut within = mean <= MEAN_MAX && tail <= TAIL_MAX && more == 0 && total < total_theirs;
    if let Some((_, theirs)) = peer {
        let ratio = theirs.as_secs_f64() / mean.as_secs_f64();
        println!("BoxPacker, mean      {:>8.3} ms  ratio {ratio:.0}, limit {RATIO_MIN:.0}", ms(theirs));
        within &= ratio >= RATIO_MIN;
    } else {
        println!("BoxPacker is not set up (benches/peers/boxpacker.sh): its recorded numbers of boxes were taken");
    }
    limits::verdict(within)
}

fn kinds() -> Vec<Kind> {
    let row = |line: &str| {
        let n: Vec<i32> = line.split(',').skip(1).map(|x| x.trim().parse().expect("a number")).collect();
        let tare_g = i64::from(n[3]);
        let mass_g_max = i64::from(n[7]) - tare_g;
        Kind { inner: [n[4], n[5], n[6]], outer: [n[0], n[1], n[2]], tare_g, mass_g_max, price: 0 }
    };
    std::fs::read_to_string(BOXES).expect("the boxes").lines().skip(1).map(row).collect()
}

fn orders_text() -> String {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(ORDERS).expect("the orders")).read_to_string(&mut text).expect("text");
    text
}

/// The file's lines of one order stand together.
fn orders(text: &str) -> Vec<Order> {
    let mut orders: Vec<Order> = Vec::new();
    for line in text.lines().skip(1) {
        let f: Vec<&str> = line.split(',').collect();
        let n = |i: usize| f[i].parse::<i32>().expect("a number");
        let qty = n(1).unsigned_abs();
        let sides = [n(3), n(4), n(5)];
        let ware = Ware { sides, turns: Turns::ANY, mass_g: n(6).into(), top: Top::Anything, qty };
        match orders.last_mut() {
            Some(order) if order.name == f[0] => order.wares.push(ware),
            _ => orders.push(Order { name: f[0].to_owned(), wares: vec![ware] }),
        }
    }
    orders
}

/// What BoxPacker 4.2.0 was measured to use.
fn recorded() -> Vec<usize> {
    let text = std::fs::read_to_string(RECORDED).expect("the recorded numbers");
    text.bytes().filter(u8::is_ascii_digit).map(|b| usize::from(b - b'0')).collect()
}

/// BoxPacker's numbers of boxes and its mean time, where it is set up.
fn boxpacker(orders: &str) -> Option<(Vec<usize>, Duration)> {
    let usual = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/boxpacker"));
    let folder = std::env::var_os("PACKBENCH_BOXPACKER").map_or(usual, PathBuf::from);
    if !folder.join("src").is_dir() {
        return None;
    }
    let csv = std::env::temp_dir().join(format!("packbench-orders-{}.csv", std::process::id()));
    std::fs::write(&csv, orders).ok()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/boxpacker.php");
    let run = Command::new("php").arg(script).arg(&folder).arg(BOXES).arg(&csv).output();
    std::fs::remove_file(&csv).ok()?;
    let run = run.ok().filter(|r| r.status.success())?;
    let text = String::from_utf8(run.stdout).ok()?;
    let rows: Vec<(usize, u64)> = text
        .lines()
        .filter_map(|l| l.split_once(',')?.1.split_once(','))
        .filter_map(|(boxes, ns)| Some((boxes.parse().ok()?, ns.parse().ok()?)))
        .collect();
    let sum: u64 = rows.iter().map(|r| r.1).sum();
    let mean = Duration::from_nanos(sum / u64::try_from(rows.len().max(1)).ok()?);
    Some((rows.into_iter().map(|r| r.0).collect(), mean))
}
