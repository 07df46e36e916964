//! Real processes to be killed, and a person who works at the station through all of it.

pub mod books;
pub mod house;
pub mod packer;
pub mod station;
