//! Imports: each source of data is a folder. An import is whole or not at all, reports what it left out by line, and
//! changes nothing when run again.

pub mod online_retail;
