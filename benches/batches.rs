//! Batches of orders: the public instances of Henn and Wäscher and of Muter and Öncan, beside the best values known (Wahlen and Gschwind, most of
//! them proven), by the program itself with two threads and 2 s for each.
//!
//! Limits: mean gap to the best known at most 0.10 % (Henn and Wäscher) and 0.5 % (Muter and Öncan); at least 10 % less walking than in
//! S-shape with the same batches. The instances are not kept here: `benches/peers/batches.sh` brings them, `PACKBENCH_BATCHES` names another
//! folder. Every 20th is planned; `PACKBENCH_BENCH_BATCHES_EVERY` asks for others. Without the folder that is said and counts as a limit passed, and
//! instances made here in the way of Henn and Wäscher are planned, beside the lower bound.
//!
//! The best values for Muter and Öncan assume 1.5 between an aisle's end and its first cell, where the files say 1.0; cell 0 is at the top.

mod limits;

use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

const EVERY: usize = 20;
const TIME_MS: &str = "2000";
const SAVED_MIN: f64 = 10.0;
const SETS: [(&str, &str, &str, f64); 2] = [
    ("Henn-Wäscher", "HennWaescher", "henn_waescher_wg2023.csv", 0.10),
    ("Muter-Öncan", "Muter", "muter_oencan_wg2023.csv", 0.5),
];

/// An instance as the program reads it, and the best value known, in mm.
struct Case {
    name: String,
    lines: String,
    best_mm: Option<i64>,
    proven: bool,
}

fn main() -> ExitCode {
    let usual = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/batches"));
    let folder = std::env::var_os("PACKBENCH_BATCHES").map_or(usual, PathBuf::from);
    let every: usize =
        std::env::var("PACKBENCH_BENCH_BATCHES_EVERY").ok().and_then(|n| n.parse().ok()).unwrap_or(EVERY);
    if !folder.join(SETS[0].2).is_file() {
        println!("THE PUBLIC INSTANCES WERE NOT PLANNED: there is no {}", folder.display());
        println!("benches/peers/batches.sh FOLDER brings them; PACKBENCH_BATCHES=FOLDER names another folder");
        measure("made here", &(0..8).map(made).collect::<Vec<Case>>(), None);
        return limits::verdict(false);
    }
    let mut within = true;
    for (set, instances, values, limit) in SETS {
        let best = best(&folder.join(values));
        let mut files = files(&folder.join(instances));
        files.sort();
        let all: Vec<Case> = files.iter().filter_map(|f| load(f, &best)).collect();
        println!("{set}: {} instances with a best value known, every {every}th is planned", all.len());
        let some: Vec<Case> = all.into_iter().skip(every / 2).step_by(every.max(1)).collect();
        within &= !some.is_empty() && measure(set, &some, Some(limit));
    }
    limits::verdict(within)
}

/// Plans all and tells how good that is. True where the limits are kept.
fn measure(set: &str, cases: &[Case], limit: Option<f64>) -> bool {
    let (mut gaps, mut walked, mut s_shape, mut bounds, mut proven) = (0.0, 0, 0, 0.0, 0);
    let (mut equal, mut known) = (0, 0);
    for case in cases {
        let answer = planned(&case.lines);
        let number = |key: &str| answer[key].as_i64().expect("a number");
        let (length, least) = (number("length_mm"), number("least_mm"));
        let percent = |part: i64, of: i64| (part - of) as f64 * 100.0 / of as f64;
        let gap = case.best_mm.map(|best| percent(length, best));
        assert!(!case.proven || case.best_mm.is_none_or(|b| least <= b), "{}: the bound is above a plan", case.name);
        walked += length;
        s_shape += number("s_shape_mm");
        bounds += percent(length, least);
        gaps += gap.unwrap_or(0.0);
        proven += usize::from(answer["proven"] == true);
        equal += usize::from(case.best_mm.is_some_and(|best| length <= best));
        known += usize::from(case.best_mm.is_some());
        let told = gap.map_or_else(String::new, |g| format!("{g:7.3} % above the best known"));
        println!("  {:<24} {length:>9} mm {told}  {:6.3} % above the bound", case.name, percent(length, least));
    }
    let count = cases.len() as f64;
    let saved = (s_shape - walked) as f64 * 100.0 / s_shape as f64;
    println!("{set}, mean of {count}: {:.3} % above the lower bound, {proven} proven", bounds / count);
    println!("  less walking than S-shape with the same batches {saved:>6.1} %   limit {SAVED_MIN} %");
    if let Some(limit) = limit {
        println!(
            "  gap to the best known {:>6.3} %   limit {limit} %; {equal} of {known} as good as the best known",
            gaps / count
        );
        return gaps / count <= limit && saved >= SAVED_MIN;
    }
    saved >= SAVED_MIN
}

/// The program's answer.
fn planned(lines: &str) -> Value {
    let args = ["plan", "batches", "-", "--time-ms", TIME_MS, "--threads", "2"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_packbench"));
    let mut child = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program");
    child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("it reads");
    let out = child.wait_with_output().expect("it ends");
    assert!(out.status.success(), "the program refused a case");
    serde_json::from_slice(&out.stdout).expect("one line of JSON")
}

/// An aisle's picks from the front: `(aisle, cell)`, and the case around them.
fn case(sizes: [i64; 5], depot: usize, capacity: i64, orders: &[Vec<(usize, usize)>]) -> String {
    let [aisles, cells, aisle_mm, cell_mm, end_mm] = sizes;
    let aisle = |n: i64| json!({"name": n.to_string(), "x_mm": n * aisle_mm});
    let back = 2 * end_mm + (cells - 1) * cell_mm;
    let layout = json!({
        "aisles": (0..aisles).map(aisle).collect::<Vec<Value>>(),
        "cross_aisles": [{"y_mm": 0}, {"y_mm": back}],
        "cells_mm": (0..cells).map(|n| end_mm + n * cell_mm).collect::<Vec<i64>>(),
    });
    let order = |(n, picks): (usize, &Vec<(usize, usize)>)| {
        let bins = picks.iter().map(|(aisle, cell)| json!({"aisle": aisle.to_string(), "cell": cell}));
        json!({"name": n.to_string(), "bins": bins.collect::<Vec<Value>>()})
    };
    let orders: Vec<Value> = orders.iter().enumerate().map(order).collect();
    let start = json!({"aisle": depot.to_string(), "cross_aisle": 0});
    format!(
        "{}\n{}\n",
        json!({"layout": layout}),
        json!({"start": start, "capacity": {"items": capacity}, "orders": orders})
    )
}

/// Orders of 5 to 25 picks anywhere in ten aisles, as Henn and Wäscher made theirs.
fn made(n: usize) -> Case {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(n as u64 + 1);
    let mut below = |sides: u64| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    };
    let (count, capacity) = (20 + 40 * (n / 4), [30, 45, 60, 75][n % 4]);
    let mut order = || (0..5 + below(21)).map(|_| (below(10) as usize, below(45) as usize)).collect();
    let orders: Vec<Vec<(usize, usize)>> = (0..count).map(|_| order()).collect();
    let lines = case([10, 45, 5_000, 1_000, 1_500], 0, capacity, &orders);
    Case { name: format!("{count} orders, {capacity}"), lines, best_mm: None, proven: false }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|e| e.expect("an entry").path());
    paths
        .flat_map(|p| if p.is_dir() { files(&p) } else { vec![p] })
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect()
}

/// Best values by what the files' names tell, in mm, and whether they are proven.
fn best(table: &Path) -> HashMap<String, (i64, bool)> {
    let text = std::fs::read_to_string(table).expect("the best values");
    let mut rows = text.lines().map(|l| l.split(',').collect::<Vec<&str>>());
    let head = rows.next().expect("a head line");
    let column = |name: &str| head.iter().position(|h| *h == name);
    let need = |names: [&str; 2]| names.into_iter().find_map(column).expect("a column");
    let (value, sure) = (need(["optimal_block_bks", "optimal_bks"]), need(["bks_is_opt", "optimal_bks_is_opt"]));
    let (capacity, orders, number) = (column("capacity"), column("num_orders"), column("inst_num"));
    let row = |r: Vec<&str>| {
        let at = |c: Option<usize>| r[c.expect("a column")];
        let variant = column("source_variant").map_or("", |c| if r[c] == "LargestGap" { "l" } else { "s" });
        // Orders with any storage were made by two rules; the files at hand are of the uniform one.
        let uniform = column("storage").is_none_or(|c| r[c] == "UDD");
        let key = format!("{variant}-{}-{}-{}", at(orders), at(capacity), at(number));
        uniform.then(|| (key, (mm(r[value]), r[sure] == "True")))
    };
    rows.filter_map(row).collect()
}

fn mm(text: &str) -> i64 {
    (text.parse::<f64>().expect("a length") * 1_000.0).round() as i64
}

/// Reads an instance; nothing where no best value is known for it.
fn load(file: &Path, best: &HashMap<String, (i64, bool)>) -> Option<Case> {
    let bytes = std::fs::read(file).expect("an instance");
    let text = String::from_utf8_lossy(&bytes);
    let name = file.file_stem()?.to_string_lossy().into_owned();
    // `10l-40-45-0` is class, rule, orders, capacity, number; `100_24_0` is orders, capacity, number less one.
    let key = match name.split_once('-') {
        Some((class, rest)) => format!("{}-{rest}", class.trim_start_matches(|c: char| c.is_ascii_digit())),
        None => {
            let n: Vec<u32> = name.split('_').filter_map(|n| n.parse().ok()).collect();
            format!("-{}-{}-{}", n.first()?, n.get(1)?, n.get(2)? + 1)
        }
    };
    let (best_mm, proven) = *best.get(&key)?;
    let mut head: HashMap<&str, &str> = HashMap::new();
    let mut places: HashMap<&str, (usize, usize)> = HashMap::new();
    let mut orders: Vec<Vec<(usize, usize)>> = Vec::new();
    let value = |head: &HashMap<&str, &str>, key: &str| mm(head.get(key).expect("a line of the head"));
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["NUM_ARTICLES_IN_ORDER", ..] => orders.push(Vec::new()),
            [key, ":", value, ..] => drop(head.insert(key, value)),
            ["ID", id, "AISLE", aisle, "CELL", cell, ..] => {
                let cells = (value(&head, "NUM_CELLS") / 1_000) as usize;
                let cell = cells - 1 - cell.parse::<usize>().expect("a cell");
                places.insert(id, (aisle.parse().expect("an aisle"), cell));
            }
            ["ID", id, "QUANTITY", quantity, ..] if !orders.is_empty() => {
                let copies = quantity.parse().expect("a quantity");
                orders.last_mut()?.extend(std::iter::repeat_n(places[id], copies));
            }
            _ => {}
        }
    }
    let number = |key: &str| value(&head, key) / 1_000;
    assert_eq!(head.get("DEPOT_LOCATION"), Some(&"bottom"));
    let sizes = [
        number("NUM_AISLES"),
        number("NUM_CELLS"),
        value(&head, "DISTANCE_AISLE_TO_AISLE"),
        value(&head, "DISTANCE_CELL_TO_CELL"),
        1_500,
    ];
    let lines = case(sizes, number("DEPOT_AISLE") as usize, number("PICKER_CAPACITY"), &orders);
    Some(Case { name, lines, best_mm: Some(best_mm), proven })
}
