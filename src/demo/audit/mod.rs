//! The auditor. It believes nobody: it opens central's database and the stations' files and compares them by plain SQL and
//! arithmetic of its own. It must never use code of the engine, of the session, of sync or of central's services; what an
//! event says it reads from the stored JSON.

mod books;
mod facts;

use crate::sql::{self, Conn, Res, Target};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Problems told in words, at most.
const PROBLEMS_MAX: usize = 50;

/// What the auditor found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Orders packed, once each.
    pub packed: u64,
    /// Orders parked with a reason and a question at the server.
    pub parked: u64,
    /// Orders called off.
    pub cancelled: u64,
    /// Orders that are none of these.
    pub unfinished: u64,
    /// Facts of all stations.
    pub events: u64,
    /// Refusals that the stations recorded.
    pub refused: u64,
    /// Facts and parcels of stations that central lacks.
    pub lost: u64,
    /// Facts, packings, parcels and numbers that are there twice, or that no station told.
    pub doubled: u64,
    /// Products whose stock is not initial − shipped − damaged − in hand.
    pub stock_mismatches: u64,
    /// Lines, parcels and packings whose counters contradict each other.
    pub counter_mismatches: u64,
    /// Papers of packed parcels that never came out of a printer.
    pub papers_missing: u64,
    /// Parcels that left.
    pub parcels: u64,
    /// Units in them.
    pub units: u64,
    /// What is wrong, in words.
    pub problems: Vec<String>,
}

impl Audit {
    /// Notes something that is wrong.
    fn problem(&mut self, text: String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(text);
        }
    }

    /// Nothing is wrong with the books: every fact is there once, and all sums are right.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.lost == 0
            && self.doubled == 0
            && self.stock_mismatches == 0
            && self.counter_mismatches == 0
            && self.unfinished == 0
            && self.papers_missing == 0
            && self.problems.is_empty()
    }
}

/// Compares central's database with the stations' files. `initial` is what lay on the shelves at the beginning, by product id;
/// `orders` are the numbers of the orders that were to be worked.
///
/// # Errors
/// If a database cannot be read.
pub fn audit(central: &Path, stations: &[PathBuf], initial: &HashMap<String, i64>, orders: &[String]) -> Res<Audit> {
    let mut audit = Audit::default();
    let mut book = open(central)?;
    let told = facts::of_stations(stations, &mut audit)?;
    facts::compare(book.as_mut(), &told, &mut audit)?;
    books::orders(book.as_mut(), orders, &mut audit)?;
    books::parcels(book.as_mut(), &told, &mut audit)?;
    books::lines(book.as_mut(), &mut audit)?;
    books::stock(book.as_mut(), initial, &told.damaged, &mut audit)?;
    books::ledger(book.as_mut(), &mut audit)?;
    Ok(audit)
}

fn open(path: &Path) -> Res<Box<dyn Conn>> {
    sql::open_read_only(&Target::Sqlite(path.to_path_buf()))
}
