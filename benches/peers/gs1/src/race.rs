//! How many codes a second: both read the same ones, in turn, in one process on one core.

use crate::codes;
use crate::core::gs1::Reader;
use crate::engine::{Engine, Mode};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 9;
const READS: usize = 400_000;
/// Goals: codes a second, and how many times the engine's.
const ELEMENT_STRINGS_MIN: f64 = 5e6;
const LINKS_MIN: f64 = 2e6;
const RATIO_MIN: f64 = 3.0;

/// Races; whether the goals are met.
pub fn run(engine: &mut Engine) -> bool {
    engine.rules(false, false, true);
    let strings = race(engine, "element strings", Mode::Scan, codes::SCANNED, ELEMENT_STRINGS_MIN);
    let links = race(engine, "Digital Links", Mode::Uri, codes::LINKS, LINKS_MIN);
    println!("{}", if strings && links { "within the limits" } else { "NOT WITHIN THE LIMITS" });
    strings && links
}

fn race(engine: &mut Engine, name: &str, mode: Mode, codes: &[&str], least: f64) -> bool {
    let mut reader = Reader::default();
    let mut theirs: Vec<Vec<u8>> = codes.iter().map(|c| [c.as_bytes(), &[0]].concat()).collect();
    let (mut our_rates, mut their_rates) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for n in 0..READS {
            let code = black_box(codes[n % codes.len()].as_bytes());
            let right = match mode {
                Mode::Scan => reader.scanned(code).is_ok(),
                Mode::Bracketed => reader.bracketed(code).is_ok(),
                Mode::Uri => reader.digital_link(code).is_ok(),
            };
            assert!(black_box(right));
        }
        our_rates.push(READS as f64 / begun.elapsed().as_secs_f64());
        let (begun, count) = (Instant::now(), theirs.len());
        for n in 0..READS / 4 {
            assert!(black_box(engine.set_terminated(mode, black_box(&mut theirs[n % count]))));
        }
        their_rates.push((READS / 4) as f64 / begun.elapsed().as_secs_f64());
    }
    let (ours, theirs) = (middle(&mut our_rates), middle(&mut their_rates));
    let ratio = ours / theirs;
    println!(
        "{name:<16} {:>6.2} M/s  goal {:.0} M/s   engine {:.2} M/s   {ratio:.1} times, goal {RATIO_MIN:.0}",
        ours / 1e6,
        least / 1e6,
        theirs / 1e6
    );
    ours >= least && ratio >= RATIO_MIN
}

fn middle(rates: &mut [f64]) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
