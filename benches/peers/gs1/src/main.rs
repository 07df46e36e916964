//! Packbench's GS1 reader beside the official GS1 Barcode Syntax Engine (C, Apache-2.0): the same verdict, elements and
//! written forms on millions of made codes and on the engine's own test strings; then a race. `./run` fetches and builds
//! the engine. The reader's source is compiled into this program as it is.

mod compare;
mod engine;
mod race;
mod vectors;

#[allow(dead_code, unused_imports)]
#[path = "../../../../src/core"]
mod core {
    pub mod aim;
    pub mod country;
    pub mod gs1;
    pub mod time;
    pub mod trace;
    pub mod units;
}

#[path = "../codes.rs"]
mod codes;

#[allow(dead_code)]
#[path = "../../../../tests/it/gs1_kit/mod.rs"]
mod gs1_kit;

use std::process::ExitCode;

/// The dictionary both judge by.
const DICTIONARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../assets/gs1/gs1-syntax-dictionary.txt");

fn main() -> ExitCode {
    let checkout = std::env::var("GS1_ENGINE").expect("GS1_ENGINE names the engine's checkout; start this by ./run");
    let mut engine = engine::Engine::new(&checkout, DICTIONARY);
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |n: usize, or: u64| args.get(n).map_or(or, |a| a.parse().expect("a number"));
    match args.first().map(String::as_str) {
        Some("compare") => verdict(compare::run(&mut engine, &checkout, number(1, 10_000_000), number(2, 1))),
        Some("race") => verdict(race::run(&mut engine) || std::env::var_os("PACKBENCH_BENCH_STRICT").is_none()),
        Some("vectors") => {
            vectors::write(&mut engine, &checkout, number(1, 4_000), number(2, 1));
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("compare [CODES [SEED]] | race | vectors [CODES [SEED]]");
            ExitCode::from(2)
        }
    }
}

fn verdict(right: bool) -> ExitCode {
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
