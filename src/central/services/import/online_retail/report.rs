//! What an import did, for people and for the record.

use super::parse::BadLine;
use serde::{Deserialize, Serialize};

/// Most bad lines told one by one; all of them are counted.
pub const BAD_LINES_MAX: usize = 1_000;

/// What an import found and stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Lines of the file without its head.
    pub lines: u64,
    /// Lines that were the same as one before in all fields, counted once.
    pub duplicates: u64,
    /// Lines left out.
    pub bad: u64,
    /// The first of them: line number in the file and reason.
    pub bad_lines: Vec<(u64, String)>,
    /// Invoices of all kinds.
    pub invoices: u64,
    /// Prices that were no whole number of minor units and were rounded.
    pub rounded: u64,
    /// Return lines linked to the order they take back.
    pub return_lines_linked: u64,
    /// Return lines that stand alone.
    pub return_lines_alone: u64,
    /// Rows that were new: products.
    pub products: u64,
    /// Rows that were new: customers with a number.
    pub customers: u64,
    /// Rows that were new: guests.
    pub guests: u64,
    /// Rows that were new: orders.
    pub orders: u64,
    /// Rows that were new: order lines.
    pub order_lines: u64,
    /// Rows that were new: fulfillments.
    pub fulfillments: u64,
    /// Rows that were new: returns.
    pub returns: u64,
    /// Rows that were new: stock adjustments.
    pub adjustments: u64,
    /// Nothing was new.
    pub unchanged: bool,
}

impl Report {
    pub(super) fn bad(&mut self, line: u64, why: BadLine) {
        self.bad += 1;
        if self.bad_lines.len() < BAD_LINES_MAX {
            self.bad_lines.push((line, why.code().to_owned()));
        }
    }
}
