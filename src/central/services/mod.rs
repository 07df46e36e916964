//! What central does, one folder per area, one file per operation. An operation checks its input against the store
//! (typed refusals), works out the rows, and writes them in the caller's transaction ([`Work`]); it opens none itself,
//! so that several make one. Questions take a [`Conn`] and change nothing.
//!
//! [`Work`]: crate::central::store::work::Work
//! [`Conn`]: crate::sql::Conn

pub mod access;
pub mod audit;
pub mod customers;
pub mod exceptions;
pub mod exports;
pub mod files;
pub mod handover;
pub mod idempotency;
pub mod import;
pub mod kept;
pub mod labels;
pub mod layout;
pub mod leases;
pub mod messages;
pub mod orders;
pub mod photos;
pub mod pipelines;
pub mod products;
pub mod proofs;
pub mod returns;
pub mod search;
pub mod settings;
pub mod sheets;
pub mod stations;
pub mod stock;
pub mod sync_pull;
pub mod sync_push;
pub mod users;
pub mod webhooks;
