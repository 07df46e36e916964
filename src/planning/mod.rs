//! The pure optimiser: the shortest walk through the shelves, and the box an order fits in.
//!
//! This room imports the domain alone. It must never read a clock, a file or a random number: the
//! same question gets the same answer on every station. What a person reads leaves as a key.

pub mod carton;
pub mod tour;
