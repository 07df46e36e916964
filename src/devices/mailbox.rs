//! A bounded mailbox whose sender never blocks and whose owner can be woken to stop. Must never grow past its capacity.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Why nothing could be posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PostError {
    Full,
    Closed,
}

/// What waiting for a letter gave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken<T> {
    Item(T),
    Timeout,
    Closed,
}

#[derive(Debug)]
struct Inside<T> {
    queue: VecDeque<T>,
    closed: bool,
}

/// Bounded queue between a handle and a device thread.
#[derive(Debug)]
pub(crate) struct Mailbox<T> {
    inside: Mutex<Inside<T>>,
    changed: Condvar,
    capacity: usize,
}

impl<T> Mailbox<T> {
    pub(crate) fn new(capacity: usize) -> Self {
        let inside = Inside { queue: VecDeque::with_capacity(capacity), closed: false };
        Self { inside: Mutex::new(inside), changed: Condvar::new(), capacity }
    }

    fn lock(&self) -> MutexGuard<'_, Inside<T>> {
        // The queue holds whole letters only, so a panic of another holder cannot have left it half-changed.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a letter, or says at once that there is no room.
    pub(crate) fn post(&self, item: T) -> Result<(), PostError> {
        let mut inside = self.lock();
        if inside.closed {
            return Err(PostError::Closed);
        }
        if inside.queue.len() >= self.capacity {
            return Err(PostError::Full);
        }
        inside.queue.push_back(item);
        self.changed.notify_all();
        Ok(())
    }

    /// Adds a letter; the oldest one that is not to `keep` makes room. With `clear`, every waiting letter does.
    pub(crate) fn post_over(&self, item: T, clear: bool, keep: impl Fn(&T) -> bool) -> Result<(), PostError> {
        let mut inside = self.lock();
        if inside.closed {
            return Err(PostError::Closed);
        }
        if clear {
            inside.queue.clear();
        }
        while inside.queue.len() >= self.capacity {
            let oldest = inside.queue.iter().position(|waiting| !keep(waiting)).unwrap_or(0);
            inside.queue.remove(oldest);
        }
        inside.queue.push_back(item);
        self.changed.notify_all();
        Ok(())
    }

    /// Waits at most `timeout` for a letter.
    pub(crate) fn take(&self, timeout: Duration) -> Taken<T> {
        let deadline = Instant::now() + timeout;
        let mut inside = self.lock();
        loop {
            if inside.closed {
                return Taken::Closed;
            }
            if let Some(item) = inside.queue.pop_front() {
                return Taken::Item(item);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Taken::Timeout;
            }
            inside = self.changed.wait_timeout(inside, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits out `timeout` without taking anything; `false` as soon as the mailbox closes.
    pub(crate) fn rest(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let mut inside = self.lock();
        loop {
            if inside.closed {
                return false;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            inside = self.changed.wait_timeout(inside, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Stops the owner: every wait returns at once and nothing can be posted any more.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Throws all waiting letters away.
    pub(crate) fn clear(&self) {
        self.lock().queue.clear();
    }

    /// Whether a letter of a kind waits, wherever it stands in the queue.
    pub(crate) fn holds(&self, kind: impl Fn(&T) -> bool) -> bool {
        self.lock().queue.iter().any(kind)
    }

    /// Whether the next letter is of a kind, without taking it.
    pub(crate) fn first_is(&self, kind: impl Fn(&T) -> bool) -> bool {
        self.lock().queue.front().is_some_and(kind)
    }

    pub(crate) fn waiting(&self) -> usize {
        self.lock().queue.len()
    }

    /// How many letters of a kind wait.
    pub(crate) fn count(&self, kind: impl Fn(&T) -> bool) -> usize {
        self.lock().queue.iter().filter(|item| kind(item)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn it_is_bounded_and_never_blocks_the_sender() {
        let mailbox = Mailbox::new(2);
        assert_eq!((mailbox.post(1), mailbox.post(2), mailbox.post(3)), (Ok(()), Ok(()), Err(PostError::Full)));
        assert_eq!(mailbox.post_over(4, false, |_| false), Ok(()));
        assert_eq!(mailbox.post_over(5, false, |kept| *kept == 2), Ok(()));
        assert_eq!((mailbox.waiting(), mailbox.count(|n| *n > 2)), (2, 1));
        assert_eq!((mailbox.take(Duration::ZERO), mailbox.take(Duration::ZERO)), (Taken::Item(2), Taken::Item(5)));
        assert_eq!(mailbox.take(Duration::ZERO), Taken::Timeout);
    }

    #[test]
    fn closing_wakes_the_owner_at_once() {
        let mailbox = Arc::new(Mailbox::<u8>::new(2));
        let owner = Arc::clone(&mailbox);
        let wait = Duration::from_secs(600);
        let waits = move || (owner.take(wait), owner.rest(wait));
        let thread = std::thread::Builder::new().name("mailbox-owner".into()).spawn(waits).unwrap();
        mailbox.close();
        assert_eq!(thread.join().unwrap(), (Taken::Closed, false));
        assert_eq!(mailbox.post(1), Err(PostError::Closed));
    }
}
