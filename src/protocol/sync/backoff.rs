//! Waiting after a failure: full jitter between half a second and a minute.
//!
//! Full jitter spreads stations that lost the server at the same moment; the lower bound keeps a machine that
//! fails at once from spinning.

/// Shortest wait after a failure, ms.
pub const BACKOFF_MS_MIN: u64 = 500;
/// Longest wait after a failure, ms.
pub const BACKOFF_MS_MAX: u64 = 60_000;

/// Wait after the `failures`-th failure in a row (from 1): uniform between [`BACKOFF_MS_MIN`] and
/// min([`BACKOFF_MS_MAX`], [`BACKOFF_MS_MIN`] × 2^failures).
#[must_use]
pub fn backoff_ms(failures: u32, random: u64) -> u64 {
    let ceiling = BACKOFF_MS_MIN.saturating_mul(1_u64.checked_shl(failures).unwrap_or(u64::MAX)).min(BACKOFF_MS_MAX);
    let span = ceiling.saturating_sub(BACKOFF_MS_MIN).saturating_add(1);
    BACKOFF_MS_MIN + random % span
}
