//! Clocks and identities, as the engine takes them: injected, so that tests and simulations own time.

use crate::protocol::wire::BootId;
use uuid::Uuid;

/// Where time and identities come from.
pub trait Clock: Send + Sync {
    /// Wall clock, UTC ms; may jump.
    fn wall_ms(&self) -> i64;
    /// Monotonic clock that counts suspended time, ms.
    fn mono_ms(&self) -> u64;
    /// The run of the operating system that `mono_ms` counts in.
    fn boot_id(&self) -> BootId;
    /// A new identity (UUID version 7).
    fn new_id(&self) -> Uuid;
}

/// The machine's own clocks.
#[derive(Debug)]
pub struct SystemClock {
    boot_id: BootId,
}

impl SystemClock {
    /// Reads the boot's identity once. Where the system tells none, one is made up per start: then a
    /// lease's age is told by the wall clock after a restart, which is the careful way.
    #[must_use]
    pub fn new() -> SystemClock {
        let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        SystemClock { boot_id: BootId(Uuid::parse_str(text.trim()).unwrap_or_else(|_| Uuid::now_v7())) }
    }
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn wall_ms(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
    }

    fn mono_ms(&self) -> u64 {
        let t = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        u64::try_from(t.tv_sec).unwrap_or(0) * 1_000 + u64::try_from(t.tv_nsec).unwrap_or(0) / 1_000_000
    }

    fn boot_id(&self) -> BootId {
        self.boot_id
    }

    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
