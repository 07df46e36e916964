//! How long the search may go on: until such a share of the whole is gone, of time or of steps.

use super::case::Case;

/// Steps between two questions to whoever keeps the time.
const POLL: u64 = 1_000;

/// What is left of a budget. A step is one length of a walk that was asked for, or about as much work.
pub(super) struct Budget<'k> {
    gone: &'k mut dyn FnMut(u64) -> f64,
    until: f64,
    /// Steps of other work than lengths.
    pub extra: u64,
    next: u64,
    share: f64,
}

impl<'k> Budget<'k> {
    /// Until such a share is gone; `extra` steps were done before.
    pub(super) fn new(until: f64, extra: u64, gone: &'k mut dyn FnMut(u64) -> f64) -> Budget<'k> {
        Budget { gone, until, extra, next: 0, share: 0.0 }
    }

    /// Counts what was done. `false`: it is over, and stays over.
    pub(super) fn go(&mut self, case: &Case<'_>, extra: u64) -> bool {
        self.extra += extra;
        let now = case.asked.saturating_add(self.extra);
        if now >= self.next && self.share < self.until {
            self.next = now + POLL;
            self.share = (self.gone)(now);
        }
        self.share < self.until
    }

    /// The same as a question for loops in which a length that is much work would be asked too often between two looks. Where lengths are
    /// quick this says no without looking.
    pub(super) fn is_over_for_slow(&mut self, case: &Case<'_>) -> bool {
        case.slow() && !self.go(case, 0)
    }

    /// Which share of the whole is gone, from 0 to 1.
    pub(super) fn share(&self) -> f64 {
        self.share
    }
}
