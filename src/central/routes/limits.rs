//! How often somebody may try what can be guessed (pairing codes, passwords), and how much a program may ask. Buckets in memory, bounded in number;
//! a restart forgets them, which costs an attacker more than it gives.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most addresses remembered; beyond that the ones whose bucket is full again are forgotten.
const ADDRESSES_MAX: usize = 10_000;

/// Longest name that tries are counted by, characters.
const NAME_MAX: usize = 60;

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

    /// Takes the last try back.
    fn give(&mut self, rate: Rate, now: Instant) {
        self.full_at = self.full_at.checked_sub(rate.refill).unwrap_or(now).max(now);
    }
}

fn wait_ms(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1)
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
        make_room(&mut buckets, now);
        let fresh = Bucket { full_at: now };
        // The address first: who is over its own limit must not use up everybody's.
        let mut own = buckets.get(address).copied().unwrap_or(fresh);
        own.take(self.each, now).map_err(wait_ms)?;
        buckets.entry(String::new()).or_insert(fresh).take(self.all, now).map_err(wait_ms)?;
        buckets.insert(address.to_owned(), own);
        Ok(self.left(own, now))
    }

    /// Takes one try of `address`, whatever others take.
    ///
    /// # Errors
    /// Milliseconds to wait.
    pub fn take_own(&self, address: &str, now: Instant) -> Result<Left, u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut buckets, now);
        let bucket = buckets.entry(address.to_owned()).or_insert(Bucket { full_at: now });
        bucket.take(self.each, now).map_err(wait_ms)?;
        Ok(self.left(*bucket, now))
    }

    /// Gives a try back, also to all together if it was taken there.
    pub fn give(&self, address: &str, now: Instant, all: bool) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(address) {
            bucket.give(self.each, now);
        }
        if all && let Some(bucket) = buckets.get_mut("") {
            bucket.give(self.all, now);
        }
    }

    fn left(&self, own: Bucket, now: Instant) -> Left {
        let full_in = own.full_at.saturating_duration_since(now);
        let used = full_in.as_micros().div_ceil(self.each.refill.as_micros().max(1));
        let used = u32::try_from(used).unwrap_or(u32::MAX);
        Left { tries: self.each.burst.saturating_sub(used), full_in }
    }
}

/// Forgets the buckets that are full again, and if they were none the one that is so next.
fn make_room(buckets: &mut HashMap<String, Bucket>, now: Instant) {
    if buckets.len() < ADDRESSES_MAX {
        return;
    }
    buckets.retain(|_, bucket| bucket.full_at > now);
    if buckets.len() >= ADDRESSES_MAX {
        let next = buckets.iter().filter(|(address, _)| !address.is_empty()).min_by_key(|(_, bucket)| bucket.full_at);
        if let Some(address) = next.map(|(address, _)| address.clone()) {
            buckets.remove(&address);
        }
    }
}

/// Who may try to log in. A try is taken before the password is looked at and given back if it was right, so that only failures count: by
/// address, by name, and over all. Who has been in from an address before is kept out by that address alone: a stranger who tries a
/// name, or very many addresses, locks nobody of the house out.
#[derive(Debug)]
pub struct LogIns {
    address: Limit,
    name: Limit,
    known: Mutex<HashSet<String>>,
}

/// A try to log in, for which its turn was taken.
#[derive(Debug)]
pub struct Try {
    address: String,
    name: String,
    known: bool,
}

impl LogIns {
    fn new() -> LogIns {
        let rate = |burst, seconds| Rate { burst, refill: Duration::from_secs(seconds) };
        // Whoever is known is held by the address alone, which all others' failures do not count against.
        LogIns {
            address: Limit::new(rate(10, 30), rate(100, 1)),
            name: Limit::new(rate(20, 60), rate(1_000, 1)),
            known: Mutex::new(HashSet::new()),
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a try of `name` from `address`.
    ///
    /// # Errors
    /// Milliseconds to wait.
    pub fn take(&self, address: &str, name: &str, now: Instant) -> Result<Try, u64> {
        // Never empty: that is the bucket of all together.
        let name = format!("={}", name.chars().take(NAME_MAX).collect::<String>());
        let known = self.known().contains(&pair(address, &name));
        let one = Try { address: address.to_owned(), name, known };
        if known {
            self.address.take_own(address, now)?;
            return Ok(one);
        }
        self.address.take(address, now)?;
        if let Err(wait_ms) = self.name.take(&one.name, now) {
            self.address.give(address, now, true);
            return Err(wait_ms);
        }
        Ok(one)
    }

    /// The password was right: nothing is counted, and the two are known together.
    pub fn right(&self, one: &Try, now: Instant) {
        self.address.give(&one.address, now, !one.known);
        if !one.known {
            self.name.give(&one.name, now, true);
        }
        let mut known = self.known();
        if known.len() >= ADDRESSES_MAX {
            known.clear();
        }
        known.insert(pair(&one.address, &one.name));
    }
}

fn pair(address: &str, name: &str) -> String {
    format!("{address} {name}")
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
    pub login: LogIns,
    /// The code of the first admin.
    pub setup: Limit,
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
            login: LogIns::new(),
            setup: Limit::new(rate(10, 30), rate(100, 1)),
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
        limit.give("a", later, true);
        assert_eq!(limit.take("b", later), left(1, 10), "what a gave back");
        assert!(limit.take("b", later).is_err() && limit.take_own("a", later).is_ok(), "whatever others take");
    }

    #[test]
    fn the_buckets_are_bounded_whoever_tries() {
        let rate = Rate { burst: 2, refill: Duration::from_secs(1_000) };
        let limit = Limit::new(rate, Rate { burst: 1_000_000, refill: Duration::from_nanos(1) });
        let start = Instant::now();
        for at in 0..ADDRESSES_MAX + 50 {
            limit.take(&at.to_string(), start).unwrap();
        }
        assert!(limit.buckets.lock().unwrap().len() <= ADDRESSES_MAX + 1);
    }

    #[test]
    fn only_failures_count_and_a_stranger_locks_nobody_out() {
        let (logins, now) = (LogIns::new(), Instant::now());
        for _ in 0..50 {
            let own = logins.take("10.0.0.1", "lead", now).unwrap();
            logins.right(&own, now);
        }
        let met: Vec<bool> = (0..11).map(|_| logins.take("198.51.100.1", "lead", now).is_ok()).collect();
        assert_eq!(met.iter().filter(|ok| **ok).count(), 10, "an address has ten");
        let others = (0..50).filter(|at| logins.take(&format!("198.51.100.{}", at + 2), "lead", now).is_ok());
        assert_eq!(others.count(), 10, "a name has twenty");
        assert!(logins.take("10.0.0.1", "lead", now).is_ok(), "who was in before is let in");
        assert!(logins.take("10.0.0.1", "packer", now).is_ok(), "another name is not touched");
        assert!(
            (0..200).filter(|at| logins.take(&format!("203.0.113.{at}"), &at.to_string(), now).is_ok()).count() < 100
        );
        assert!(logins.take("10.0.0.1", "lead", now).is_ok(), "nor by very many addresses");
        let failures = (0..20).filter(|_| logins.take("10.0.0.1", "lead", now).is_ok()).count();
        assert!(failures < 10, "a known address is held by its own failures");
    }
}
