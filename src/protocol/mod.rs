//! What the station and the central server say to each other, and the pure rules of saying it.
//!
//! `wire` holds every serialisable type that crosses the network; `sync` holds the station's sync state
//! machine and the server's side of the same rules. Nothing here opens a socket, reads a clock, draws a
//! random number or touches a disk: time and randomness are arguments, actions are returned values.

pub mod desk;
pub mod domain;
pub mod pickups;
pub mod session;
pub mod sync;
pub mod wire;
