//! The audit: who did what, when. Entries form a chain of hashes, so that a change of the past shows. An entry names
//! people by id; this room never adds their data to it.

mod list;

pub use crate::central::store::chain::{Proof, verify};
pub use list::{AuditRow, Filter, PAGE_ROWS, kinds, list};
