//! Packbench: software of a warehouse packing station and the central server it syncs with.
//!
//! One package, rooms with doors: `docs/architecture.md` is the map, and says which room may import
//! which. `core`, `planning` and `labels` are pure; `engine` is the station's one writer; `station` is
//! the only window code, `central` the only server code; `cli` wires them together.

pub mod config;
pub mod core;
pub mod i18n;
pub mod labels;
pub mod planning;
pub mod protocol;
pub mod sql;

#[cfg(feature = "station")]
pub mod devices;
#[cfg(feature = "station")]
pub mod engine;
#[cfg(feature = "station")]
pub mod station;
#[cfg(feature = "station")]
pub mod storage;
#[cfg(feature = "station")]
pub mod sync;

#[cfg(feature = "central")]
pub mod central;

#[cfg(all(feature = "station", feature = "central"))]
pub mod demo;

pub mod cli;
