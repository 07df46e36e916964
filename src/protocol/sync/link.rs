//! One kind of request: at most one in flight, a wait after failures, never both.

use super::backoff::backoff_ms;
use super::input::LinkPhase;

/// Longest flight of a request before the machine gives it up, ms.
pub const FLIGHT_MS_MAX: u64 = 30_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// Request `no` is out until `until_ms`.
    Flying {
        no: u64,
        until_ms: u64,
    },
    /// Request `no` was answered; what it brought is being stored until `until_ms`.
    Storing {
        no: u64,
        until_ms: u64,
    },
    Waiting {
        until_ms: u64,
    },
}

/// State of one kind of request.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    state: State,
    failures: u32,
}

impl Wire {
    pub(super) const fn new() -> Self {
        Self { state: State::Idle, failures: 0 }
    }

    /// Whether a new request may start at `now_ms`.
    pub(super) const fn is_free(&self, now_ms: u64) -> bool {
        match self.state {
            State::Idle => true,
            State::Waiting { until_ms } => now_ms >= until_ms,
            State::Flying { .. } | State::Storing { .. } => false,
        }
    }

    pub(super) const fn is_flying(&self, no: u64) -> bool {
        matches!(self.state, State::Flying { no: flying, .. } if flying == no)
    }

    pub(super) const fn is_in_flight(&self) -> bool {
        matches!(self.state, State::Flying { .. })
    }

    pub(super) const fn is_storing(&self, no: u64) -> bool {
        matches!(self.state, State::Storing { no: storing, .. } if storing == no)
    }

    /// Number of the request whose answer is being stored.
    pub(super) const fn storing(&self) -> Option<u64> {
        match self.state {
            State::Storing { no, .. } => Some(no),
            State::Idle | State::Flying { .. } | State::Waiting { .. } => None,
        }
    }

    pub(super) const fn is_busy(&self) -> bool {
        matches!(self.state, State::Flying { .. } | State::Storing { .. })
    }

    pub(super) const fn start(&mut self, no: u64, now_ms: u64) {
        self.state = State::Flying { no, until_ms: now_ms.saturating_add(FLIGHT_MS_MAX) };
    }

    /// The answer is here; what it brought goes to the disk.
    pub(super) const fn store(&mut self, no: u64, now_ms: u64) {
        self.state = State::Storing { no, until_ms: now_ms.saturating_add(FLIGHT_MS_MAX) };
    }

    pub(super) const fn succeed(&mut self) {
        self.state = State::Idle;
        self.failures = 0;
    }

    /// Gives up what is out without counting a failure.
    pub(super) const fn abandon(&mut self) {
        self.state = State::Idle;
    }

    /// Waits after a failure, at least `at_least_ms`.
    pub(super) fn fail(&mut self, now_ms: u64, random: u64, at_least_ms: u64) {
        self.failures = self.failures.saturating_add(1);
        let wait_ms = backoff_ms(self.failures, random).max(at_least_ms);
        self.state = State::Waiting { until_ms: now_ms.saturating_add(wait_ms) };
    }

    /// Whether the flight, or the storing, took too long by `now_ms`.
    pub(super) const fn is_overdue(&self, now_ms: u64) -> bool {
        match self.state {
            State::Flying { until_ms, .. } | State::Storing { until_ms, .. } => now_ms >= until_ms,
            State::Idle | State::Waiting { .. } => false,
        }
    }

    /// When this wire needs the timer, if it does.
    pub(super) const fn wake_ms(&self) -> Option<u64> {
        match self.state {
            State::Idle => None,
            State::Flying { until_ms, .. } | State::Storing { until_ms, .. } | State::Waiting { until_ms } => {
                Some(until_ms)
            }
        }
    }

    /// Moves a deadline that a clock set back has put out of reach.
    pub(super) fn pull_in(&mut self, now_ms: u64, wait_ms_max: u64) {
        let latest_ms = now_ms.saturating_add(wait_ms_max);
        match &mut self.state {
            State::Idle => {}
            State::Flying { until_ms, .. } | State::Storing { until_ms, .. } | State::Waiting { until_ms } => {
                *until_ms = (*until_ms).min(latest_ms)
            }
        }
    }

    pub(super) const fn phase(&self, now_ms: u64) -> LinkPhase {
        match self.state {
            State::Idle => LinkPhase::Idle,
            State::Flying { .. } => LinkPhase::InFlight,
            State::Storing { .. } => LinkPhase::Storing,
            State::Waiting { until_ms } => {
                LinkPhase::BackingOff { failures: self.failures, left_ms: until_ms.saturating_sub(now_ms) }
            }
        }
    }
}
