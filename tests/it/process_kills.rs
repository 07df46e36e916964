//! Station and central are killed (SIGKILL) in seeded random moments of real work, 200 times, and start again on what they
//! left on disk: every acknowledged scan is there exactly once, on both sides, and work goes on.
//! `PACKBENCH_KILL_CYCLES` sets another number of kills.

use crate::process_kit::books;
use crate::process_kit::house::House;
use crate::process_kit::packer::{Dark, Fuse, Packer, Target};
use packbench::demo::chance::Chance;
use std::time::Duration;

/// Every so many-th kill strikes central.
const CENTRAL_EACH: u32 = 4;
/// Asks of a packer between two kills, at most.
const ASKS_MAX: u64 = 9;
/// Time between an ask and the kill, in µs: an answer takes about so long.
const STATION_US_MAX: u64 = 12_000;
/// A push follows a commit, and takes about so long.
const CENTRAL_US_MAX: u64 = 40_000;
/// Asks between the end of central and its next start: work goes on without it.
const ALONE_ASKS: u32 = 3;
const SEED: u64 = 7;

fn cycles() -> u32 {
    std::env::var("PACKBENCH_KILL_CYCLES").ok().map_or(200, |n| n.parse().expect("PACKBENCH_KILL_CYCLES is a number"))
}

fn fuse(chance: &mut Chance, target: Target) -> Fuse {
    let us_max = match target {
        Target::Station => STATION_US_MAX,
        Target::Central => CENTRAL_US_MAX,
    };
    let asks = u32::try_from(chance.below(ASKS_MAX)).unwrap();
    Fuse { asks, delay: Duration::from_micros(chance.below(us_max)), target }
}

/// Works until the planned kill has struck the station.
fn until_dark(packer: &mut Packer<'_>) {
    while packer.step() != Err(Dark) {}
}

/// Works until the planned kill has struck central, and a little longer without it.
fn until_alone(packer: &mut Packer<'_>) {
    while packer.central.is_some() {
        packer.step().unwrap();
    }
    for _ in 0..ALONE_ASKS {
        packer.step().unwrap();
    }
}

#[test]
fn two_hundred_kills_lose_and_double_nothing() {
    let cycles = cycles();
    let house = House::build(20 + cycles as usize / 4, SEED);
    let mut packer = Packer::new(&house, SEED);
    let mut chance = Chance::of(SEED, "kills");
    packer.switch_on();
    packer.pair();
    packer.begin();
    for cycle in 1..=cycles {
        if cycle % CENTRAL_EACH == 0 {
            packer.fuse = Some(fuse(&mut chance, Target::Central));
            until_alone(&mut packer);
            let confirmed = books::confirmed(&house);
            packer.switch_on();
            books::assert_central_has(&house, confirmed, &packer.facts);
        } else {
            packer.fuse = Some(fuse(&mut chance, Target::Station));
            until_dark(&mut packer);
            packer.compare_with_disk();
            packer.switch_on();
        }
    }
    packer.finish();
    packer.station.take().unwrap().switch_off();
    packer.compare_with_disk();
    packer.central = None;
    packer.switch_on();
    books::assert_all(&house, &packer);
    let orders = books::packed(&house);
    assert!(orders >= i64::from(cycles / 10), "only {orders} orders were packed through {cycles} kills");
}
