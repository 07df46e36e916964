//! Figures of measured times, for the benches' lines.

use std::time::Duration;

/// The time that 99 of 100 keep; sorts them.
pub fn p99(all: &mut [Duration]) -> Duration {
    all.sort_unstable();
    all[all.len() * 99 / 100]
}

/// The time in the middle; sorts them.
pub fn p50(all: &mut [Duration]) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}

/// Milliseconds.
pub fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1_000.0
}
