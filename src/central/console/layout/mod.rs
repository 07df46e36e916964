//! The editor of the warehouse's layout: a form of aisles, cross-aisles and bays, beside it the warehouse from above with a walk to try
//! it, what is wrong named by its item, and the versions before.

mod draft;
mod drawing;
pub mod edit;
mod form;
mod say;

/// Longest request with a file: more than a file may be, so that one that is a little too long is told its limit.
pub(super) const FILE_BODY_BYTES_MAX: usize = 2 * crate::central::services::layout::file::BYTES_MAX;
