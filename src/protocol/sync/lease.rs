//! When a held lease may still begin work, and how many to hold.

use crate::protocol::wire::{BootId, Fence, FulfillmentId};

/// A lease as the station stores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldLease {
    /// What.
    pub fulfillment: FulfillmentId,
    /// Under which number.
    pub fence: Fence,
    /// Whether work on it began.
    pub begun: bool,
    /// When the request that brought it was *sent*, monotonic ms of `boot_id`.
    pub sent_mono_ms: u64,
    /// The same moment on the wall clock, UTC ms; used only after a reboot.
    pub sent_wall_ms: i64,
    /// The run of the operating system that `sent_mono_ms` counts in.
    pub boot_id: BootId,
    /// Life from the sending, ms, as the server said.
    pub ttl_ms: u64,
}

/// The clocks of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// Monotonic, ms; it must count suspended time too (`CLOCK_BOOTTIME` on Linux).
    pub mono_ms: u64,
    /// Wall, UTC ms.
    pub wall_ms: i64,
    /// The run of the operating system.
    pub boot_id: BootId,
    /// The latest wall time the station has ever committed; a wall clock behind it was set back.
    pub wall_ms_floor: i64,
}

/// Why work may not begin under a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BeginRefusal {
    /// Its time is over: it waits for the server to renew it.
    #[error("the lease has run out; work on it may begin again after the server renews it")]
    Expired,
    /// The machine was restarted and its wall clock cannot be trusted, so the age of the lease is unknown.
    #[error("the clock was set back since the lease was granted; work on it may begin after the server renews it")]
    AgeUnknown,
    /// Work on it began already.
    #[error("work on it began already")]
    Begun,
}

/// How long a station uses a lease of `ttl_ms`, from sending the request: it stops a tenth early.
#[must_use]
pub const fn lease_stop_after_ms(ttl_ms: u64) -> u64 {
    ttl_ms - ttl_ms.div_ceil(10)
}

impl HeldLease {
    /// Whether work may begin now. Work that began may always be finished; this does not ask about it.
    ///
    /// Within one boot the monotonic clock decides. After a reboot nothing but the wall clock can know the age, and it
    /// is believed only while it is neither behind the grant nor behind anything the station has committed.
    ///
    /// # Errors
    /// The [`BeginRefusal`].
    pub fn may_begin(&self, now: &ClockReading) -> Result<(), BeginRefusal> {
        if self.begun {
            return Err(BeginRefusal::Begun);
        }
        if self.age_ms(now)? < lease_stop_after_ms(self.ttl_ms) { Ok(()) } else { Err(BeginRefusal::Expired) }
    }

    /// Age since the request was sent, ms.
    ///
    /// # Errors
    /// [`BeginRefusal::AgeUnknown`] if no clock can tell.
    pub fn age_ms(&self, now: &ClockReading) -> Result<u64, BeginRefusal> {
        if now.boot_id == self.boot_id {
            return now.mono_ms.checked_sub(self.sent_mono_ms).ok_or(BeginRefusal::AgeUnknown);
        }
        if now.wall_ms < now.wall_ms_floor {
            return Err(BeginRefusal::AgeUnknown);
        }
        let age_ms = now.wall_ms.checked_sub(self.sent_wall_ms).ok_or(BeginRefusal::AgeUnknown)?;
        u64::try_from(age_ms).map_err(|_| BeginRefusal::AgeUnknown)
    }
}

/// Unstarted leases to hold: the work of 60 minutes at the station's own rate, at least 1, at most `leases_max`.
#[must_use]
pub fn prefetch_target(rate_per_hour: u32, leases_max: u32) -> u32 {
    rate_per_hour.clamp(1, leases_max.max(1))
}
