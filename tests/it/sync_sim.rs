//! Seeded simulation of synchronisation: the real state machine and the real server rules between model stores and a
//! bad network. First safety at every step, then, after healing, liveness. `PACKBENCH_SIM_SEEDS` sets the number of
//! seeds, `PACKBENCH_SIM_SEED` runs one.
//!
//! A second group of tests breaks the model on purpose and demands that the same checks notice.

mod chance;
mod server;
mod station;
mod truth;
mod world;

use truth::Sabotage;
use world::{Report, World};

fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match number("PACKBENCH_SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("PACKBENCH_SIM_SEEDS").unwrap_or(2_000),
    }
}

#[test]
fn every_seed_is_safe_and_settles() {
    let mut sum = Report::default();
    for seed in seeds() {
        let report = match World::new(seed, Sabotage::None).run() {
            Ok(report) => report,
            Err(violation) => panic!("seed {seed}: {violation}"),
        };
        sum.events += report.events;
        sum.starts += report.starts;
        sum.packs += report.packs;
        sum.exceptions += report.exceptions;
        sum.crashes += report.crashes;
        sum.restores += report.restores;
        sum.fed += report.fed;
    }
    println!("{sum:?}");
    // The simulation must have met what it is for.
    assert!(sum.packs > 0 && sum.starts >= sum.packs, "{sum:?}");
    if seeds().count() >= 100 {
        assert!(sum.exceptions > 0 && sum.crashes > 0 && sum.restores > 0 && sum.fed > 0, "{sum:?}");
    }
}

#[test]
fn an_unnoticed_restore_loses_no_fact_and_settles() {
    let mut forks = 0;
    for seed in 0..300 {
        match World::new(seed, Sabotage::RestoresUnnoticed).run() {
            Ok(report) => forks += report.forks,
            Err(violation) => panic!("seed {seed}: {violation}"),
        }
    }
    assert!(forks > 0, "no restore ever led to a fork");
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let run = || World::new(7, Sabotage::None).run().map(|report| format!("{report:?}"));
    assert_eq!(run(), run());
}

/// Seeds within which a defect must be noticed.
const NOTICED_WITHIN: u64 = 100;

fn noticed(sabotage: Sabotage, expected: &[&str]) {
    let violation = (0..NOTICED_WITHIN)
        .find_map(|seed| World::new(seed, sabotage).run().err())
        .unwrap_or_else(|| panic!("{sabotage:?} went unnoticed through {NOTICED_WITHIN} seeds"));
    assert!(
        expected.iter().any(|words| violation.contains(words)),
        "{sabotage:?} was noticed as something else: {violation}"
    );
}

#[test]
fn notices_a_server_that_forgets_what_it_has() {
    noticed(Sabotage::DedupOff, &["applied twice"]);
}

#[test]
fn notices_a_server_that_ignores_fences() {
    noticed(Sabotage::FenceOff, &["under a void fence"]);
}

#[test]
fn notices_a_server_that_grants_held_work() {
    noticed(Sabotage::GrantsHeld, &["began under fence"]);
}

#[test]
fn notices_a_station_that_never_stops_using_a_lease() {
    noticed(Sabotage::LeaseForEver, &["began under fence"]);
}

#[test]
fn notices_a_station_that_counts_sent_as_received() {
    noticed(Sabotage::MarksOnSend, &["is lost", "not settled"]);
}

#[test]
fn notices_a_restored_database_in_its_old_epoch() {
    noticed(Sabotage::KeepsEpoch, &["printed twice", "not settled", "began under fence", "is lost"]);
}

#[test]
fn notices_numbers_drawn_from_burnt_blocks() {
    noticed(Sabotage::KeepsBlocks, &["printed twice"]);
}

#[test]
fn notices_a_cursor_committed_without_its_page() {
    noticed(Sabotage::CursorWithoutPage, &["never heard of", "not settled"]);
}

#[test]
fn notices_a_server_that_answers_before_its_commit() {
    noticed(Sabotage::AnswersBeforeCommit, &["is lost", "breaks the chain", "not settled"]);
}

#[test]
fn notices_returns_that_overtake_their_facts() {
    noticed(
        Sabotage::ReturnsFreeOpenWork,
        &["under a void fence", "began under fence", "not settled", "fulfillment was shipped twice"],
    );
}
