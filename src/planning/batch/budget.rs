//! How long the search may go on: so many steps, and as long as somebody lets it.

use super::case::Case;

/// Steps between two questions to whoever keeps the time.
const POLL: u64 = 1_000;

/// What is left of a budget. A step is one length of a walk that was asked for, or about as much work.
pub(super) struct Budget<'k> {
    keep_going: &'k mut dyn FnMut() -> bool,
    limit: u64,
    extra: u64,
    next: u64,
    over: bool,
}

impl<'k> Budget<'k> {
    /// So many steps from here on, at most.
    pub(super) fn new(case: &Case<'_>, steps: u64, keep_going: &'k mut dyn FnMut() -> bool) -> Budget<'k> {
        Budget { keep_going, limit: case.asked.saturating_add(steps), extra: 0, next: 0, over: false }
    }

    /// Counts what was done. `false`: it is over, and stays over.
    pub(super) fn go(&mut self, case: &Case<'_>, extra: u64) -> bool {
        self.extra += extra;
        let now = case.asked.saturating_add(self.extra);
        if !self.over && now >= self.next {
            self.next = now + POLL;
            self.over = now >= self.limit || !(self.keep_going)();
        }
        !self.over
    }
}
