//! The pure optimiser: the shortest walk through the shelves, orders that share one, and the boxes an order fits in.
//!
//! This room imports the domain alone. It must never read a clock, a file or a random number: the
//! same question gets the same answer on every station. What a person reads leaves as a key.

pub mod batch;
pub mod boxes;
pub mod carton;
pub mod container;
pub mod sizes;
pub mod tour;
pub mod verify;
