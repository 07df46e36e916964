//! How often somebody may try what can be guessed (pairing codes, passwords), and how much a program may ask. Buckets in memory, bounded in number;
//! a restart forgets them, which costs an attacker more than it gives.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most addresses remembered; beyond that the ones whose bucket is full again are forgotten.
const ADDRESSES_MAX: usize = 10_000;

/// Tries per bucket, and how long one takes to come back.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Tries at once.
    pub burst: u32,
    /// Time for one more.
    pub refill: Duration,
}

/// A limit per address and over all.
#[derive(Debug)]
pub struct Limit {
    each: Rate,
    all: Rate,
    buckets: Mutex<HashMap<String, Bucket>>,
}

/// What is left in a bucket after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Tries at once.
    pub tries: u32,
    /// Time until it is full again.
    pub full_in: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// When it is full again.
    full_at: Instant,
}

impl Bucket {
    /// Takes one try; else how long to wait.
    fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        let full_at = self.full_at.max(now) + rate.refill;
        let room = rate.refill * rate.burst;
        if full_at > now + room {
            return Err(full_at - (now + room));
        }
        self.full_at = full_at;
        Ok(())
    }
}

impl Limit {
    /// A limit of `each` address and of `all` together.
    #[must_use]
    pub fn new(each: Rate, all: Rate) -> Limit {
        Limit { each, all, buckets: Mutex::new(HashMap::new()) }
    }

    /// The rate of each address.
    #[must_use]
    pub fn each(&self) -> Rate {
        self.each
    }

    /// Takes one try of `address`; what is left to it.
    ///
    /// # Errors
    /// Milliseconds to wait.
    pub fn take(&self, address: &str, now: Instant) -> Result<Left, u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES_MAX {
            buckets.retain(|_, bucket| bucket.full_at > now);
        }
        let wait = |wait: Duration| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
        let fresh = Bucket { full_at: now };
        // The address first: who is over its own limit must not use up everybody's.
        let mut own = buckets.get(address).copied().unwrap_or(fresh);
        own.take(self.each, now).map_err(wait)?;
        buckets.entry(String::new()).or_insert(fresh).take(self.all, now).map_err(wait)?;
        buckets.insert(address.to_owned(), own);
        let full_in = own.full_at.saturating_duration_since(now);
        let used = full_in.as_micros().div_ceil(self.each.refill.as_micros().max(1));
        let used = u32::try_from(used).unwrap_or(u32::MAX);
        Ok(Left { tries: self.each.burst.saturating_sub(used), full_in })
    }
}

/// How much programs may ask.
#[derive(Clone, Copy, Debug)]
pub struct ApiRates {
    /// Each key.
    pub key: Rate,
    /// Each address, whatever keys it shows.
    pub address: Rate,
    /// All together.
    pub all: Rate,
}

impl Default for ApiRates {
    fn default() -> ApiRates {
        let rate = |burst, ms| Rate { burst, refill: Duration::from_millis(ms) };
        ApiRates { key: rate(1_200, 20), address: rate(2_400, 10), all: rate(10_000, 2) }
    }
}

/// How often one address may ask for customers' pages. A proxy in front makes many customers one address, and a token cannot be
/// guessed: the bound keeps off floods.
pub const TRACK_RATE: Rate = Rate { burst: 600, refill: Duration::from_millis(20) };

/// The limits of a server.
#[derive(Debug)]
pub struct Limits {
    /// Pairing codes.
    pub pairing: Limit,
    /// Passwords.
    pub login: Limit,
    /// Customers' pages.
    pub track: Limit,
    /// Requests of programs, by address.
    pub api_address: Limit,
    /// Requests of programs, by key.
    pub api_key: Limit,
}

impl Limits {
    /// The limits with these rates for programs, and for an address that asks for customers' pages.
    #[must_use]
    pub fn new(api: ApiRates, track: Rate) -> Limits {
        let rate = |burst, seconds| Rate { burst, refill: Duration::from_secs(seconds) };
        Limits {
            pairing: Limit::new(rate(5, 60), rate(30, 5)),
            login: Limit::new(rate(10, 30), rate(100, 1)),
            track: Limit::new(track, Rate { burst: 3_000, refill: Duration::from_millis(2) }),
            api_address: Limit::new(api.address, api.all),
            api_key: Limit::new(api.key, api.all),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_run_out_and_come_back() {
        let rate = |burst| Rate { burst, refill: Duration::from_secs(10) };
        let limit = Limit::new(rate(2), rate(3));
        let start = Instant::now();
        let left = |tries, seconds| Ok(Left { tries, full_in: Duration::from_secs(seconds) });
        assert_eq!(limit.take("a", start), left(1, 10));
        assert_eq!(limit.take("a", start), left(0, 20));
        assert_eq!(limit.take("a", start), Err(10_000));
        assert_eq!(limit.take("b", start), left(1, 10));
        assert_eq!(limit.take("b", start), Err(10_000), "all together");
        let later = start + Duration::from_secs(10);
        assert_eq!(limit.take("a", later), left(0, 20));
        assert_eq!(limit.take("b", later), Err(10_000));
    }
}
