//! The outbox as numbers and sizes: which events go into the next push, and how old the oldest unsynced one is.
//!
//! Events are folded into spans of at most one batch each, so the memory grows by one span per 500 events; the
//! events themselves stay on the disk.

use crate::protocol::wire::Seq;
use crate::protocol::wire::push::{PUSH_BYTES_MAX, PUSH_EVENTS_MAX};
use std::collections::VecDeque;

/// One event of the outbox, as the machine needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its number.
    pub seq: Seq,
    /// Upper bound of its size in a push body, bytes (`EventEnvelope::size_bytes`).
    pub bytes: u64,
    /// When it was committed, ms on the *present* monotonic clock; negative if before the machine was switched on.
    pub mono_ms: i64,
}

/// A dense run of events that fits one push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First number.
    pub first: Seq,
    /// Last number.
    pub last: Seq,
    /// Upper bound of all sizes, bytes.
    pub bytes: u64,
    /// When the oldest was committed, as in [`OutboxEntry::mono_ms`].
    pub oldest_mono_ms: i64,
}

impl Span {
    const fn of(entry: OutboxEntry) -> Self {
        Self { first: entry.seq, last: entry.seq, bytes: entry.bytes, oldest_mono_ms: entry.mono_ms }
    }

    /// Number of events.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.last.0 - self.first.0 + 1
    }

    /// Takes the next event in, if it fits.
    fn takes(&mut self, entry: OutboxEntry) -> bool {
        let bytes = self.bytes.saturating_add(entry.bytes);
        let fits =
            entry.seq == self.last.next() && self.count() < PUSH_EVENTS_MAX as u64 && bytes <= PUSH_BYTES_MAX as u64;
        if fits {
            self.last = entry.seq;
            self.bytes = bytes;
            self.oldest_mono_ms = self.oldest_mono_ms.min(entry.mono_ms);
        }
        fits
    }
}

/// Folds dense entries into spans; for the store, when it tells the machine what the outbox holds.
#[must_use]
pub fn spans(entries: impl IntoIterator<Item = OutboxEntry>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for entry in entries {
        if !spans.last_mut().is_some_and(|span| span.takes(entry)) {
            spans.push(Span::of(entry));
        }
    }
    spans
}

/// What the machine knows of the outbox.
#[derive(Debug, Clone, Default)]
pub struct OutboxPlan {
    spans: VecDeque<Span>,
    /// Last number the server has confirmed.
    pushed: Seq,
    /// Last number of the batch in flight.
    flying_to: Option<Seq>,
}

/// A number that does not follow the last one known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hole;

impl OutboxPlan {
    /// The outbox after `pushed`.
    #[must_use]
    pub fn new(pushed: Seq, spans: Vec<Span>) -> Self {
        Self { spans: spans.into(), pushed, flying_to: None }
    }

    /// Last number confirmed by the server.
    #[must_use]
    pub const fn pushed(&self) -> Seq {
        self.pushed
    }

    /// Last number in the outbox.
    #[must_use]
    pub fn tail(&self) -> Seq {
        self.spans.back().map_or(self.pushed, |span| span.last)
    }

    /// Events that the server has not confirmed.
    #[must_use]
    pub fn unsynced(&self) -> u64 {
        self.spans.iter().map(Span::count).sum()
    }

    /// Commit time of the oldest unsynced event (not later than it was), as in [`OutboxEntry::mono_ms`].
    #[must_use]
    pub fn oldest_mono_ms(&self) -> Option<i64> {
        self.spans.front().map(|span| span.oldest_mono_ms)
    }

    /// How many unsynced events come after `seq`, and when the oldest of them was committed (not later than it was).
    #[must_use]
    pub(super) fn behind(&self, seq: Seq) -> (u64, Option<i64>) {
        let left = self.spans.iter().filter(|span| span.last > seq);
        let count = left.clone().map(|span| span.last.0 - span.first.max(seq.next()).0 + 1).sum();
        (count, left.map(|span| span.oldest_mono_ms).next())
    }

    /// Notes a new event; one known already is ignored.
    pub(super) fn grow(&mut self, entry: OutboxEntry) -> Result<(), Hole> {
        let tail = self.tail();
        if entry.seq <= tail {
            return Ok(());
        }
        if entry.seq != tail.next() {
            return Err(Hole);
        }
        // A batch in flight is frozen: what it was when sent is what its answer is compared with.
        let flying_to = self.flying_to;
        let open = self.spans.back_mut().filter(|span| flying_to < Some(span.last));
        if !open.is_some_and(|span| span.takes(entry)) {
            self.spans.push_back(Span::of(entry));
        }
        Ok(())
    }

    /// First and last number of the next push, and marks it as flying.
    pub(super) fn take_batch(&mut self) -> Option<(Seq, Seq)> {
        let span = self.spans.front()?;
        self.flying_to = Some(span.last);
        Some((span.first, span.last))
    }

    /// The batch in flight, if any.
    pub(super) fn flying(&self) -> Option<(Seq, Seq)> {
        let to = self.flying_to?;
        self.spans.front().map(|span| (span.first, to))
    }

    /// The batch in flight came to an end, good or bad.
    pub(super) const fn land(&mut self) {
        self.flying_to = None;
    }

    /// The server has all up to `upto`.
    pub(super) fn confirm(&mut self, upto: Seq) {
        while let Some(span) = self.spans.front_mut() {
            if span.last <= upto {
                self.spans.pop_front();
            } else {
                // The size and age of what is left are not known singly; both bounds stay true.
                span.first = span.first.max(upto.next());
                break;
            }
        }
        self.pushed = self.pushed.max(upto);
    }

    /// Replaces the spans, because the store has read the outbox anew.
    pub(super) fn reload(&mut self, pushed: Seq, spans: Vec<Span>) {
        *self = Self::new(pushed, spans);
    }
}
