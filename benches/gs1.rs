//! How many GS1 codes a second one core reads by all rules, and how often the heap is asked meanwhile, which must be never.
//! The official C engine is raced against the same reader, in one process, by `benches/peers/gs1/run`.
//!
//! Limits: 5,000,000 element strings and 2,000,000 Digital Links a second. A limit that is passed is said; with
//! `PACKBENCH_BENCH_STRICT=1` it is a failure as well. Taking from the heap is always a failure.

#[path = "peers/gs1/codes.rs"]
mod codes;
mod limits;

use packbench::core::gs1::{CANONICAL_STEM, Reader};
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const ROUNDS: usize = 9;
const READS: usize = 300_000;
const ELEMENT_STRINGS_MIN: f64 = 5e6;
const LINKS_MIN: f64 = 2e6;

/// The system's heap, counting.
struct Counting;

static TAKEN: AtomicU64 = AtomicU64::new(0);

// SAFETY: everything is handed on to the system's heap.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TAKEN.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static HEAP: Counting = Counting;

fn main() -> ExitCode {
    let mut reader = Reader::default();
    let mut out = Vec::with_capacity(4_096);
    let strings = measure(codes::SCANNED, |code| black_box(reader.scanned(code)).is_ok());
    let links = measure(codes::LINKS, |code| black_box(reader.digital_link(code)).is_ok());
    let mut second = Reader::default();
    let written = measure(codes::LINKS, |code| match second.digital_link(code) {
        Ok(message) => {
            out.clear();
            message.write_element_string(&mut out);
            message.write_digital_link(CANONICAL_STEM, &mut out).is_ok()
        }
        Err(_) => false,
    });
    println!("element strings read     {:>6.2} M/s  limit {:.0} M/s", strings.rate / 1e6, ELEMENT_STRINGS_MIN / 1e6);
    println!("Digital Links read       {:>6.2} M/s  limit {:.0} M/s", links.rate / 1e6, LINKS_MIN / 1e6);
    println!("Digital Links both ways  {:>6.2} M/s", written.rate / 1e6);
    let taken = strings.taken + links.taken + written.taken;
    println!("taken from the heap      {taken:>6}      limit 0");
    let end = limits::verdict(strings.rate >= ELEMENT_STRINGS_MIN && links.rate >= LINKS_MIN);
    if taken == 0 { end } else { ExitCode::FAILURE }
}

struct Measured {
    rate: f64,
    taken: u64,
}

/// The middle of several rounds.
fn measure(codes: &[&str], mut read: impl FnMut(&[u8]) -> bool) -> Measured {
    let mut rates = [0.0; ROUNDS];
    let before = TAKEN.load(Ordering::Relaxed);
    for rate in &mut rates {
        let begun = Instant::now();
        for n in 0..READS {
            assert!(read(black_box(codes[n % codes.len()].as_bytes())));
        }
        *rate = READS as f64 / begun.elapsed().as_secs_f64();
    }
    let taken = TAKEN.load(Ordering::Relaxed) - before;
    rates.sort_by(f64::total_cmp);
    Measured { rate: rates[ROUNDS / 2], taken }
}
