//! The two clocks of a device event: wall time for people, monotonic time for ages. Must never be used to identify an event.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// One moment on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// UTC milliseconds since 1970; may jump when the clock is set.
    pub at_ms: i64,
    /// Milliseconds since the clock's origin; never goes back.
    pub mono_ms: u64,
}

/// Reads both clocks; every copy counts from the same origin, so ages computed in another thread are right.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    origin: Instant,
}

impl Clock {
    /// A clock whose monotonic side counts from `origin` (share one origin across the whole station).
    #[must_use]
    pub fn from_origin(origin: Instant) -> Self {
        Self { origin }
    }

    /// Both clocks, now.
    #[must_use]
    pub fn now(&self) -> Stamp {
        let at_ms = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            // A clock set before 1970 still gives an ordered, if useless, wall time.
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        };
        Stamp { at_ms, mono_ms: self.mono_ms() }
    }

    /// Milliseconds since the origin.
    #[must_use]
    pub fn mono_ms(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
