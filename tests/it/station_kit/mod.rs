//! A made site, and a station of it that is driven without a window or devices: what the engine's tests share.

pub mod running;
pub mod station;
pub mod world;
