//! The last bytes to and from a device with their times, for the device check. A small ring in memory; must never grow, never
//! be written anywhere, and never hold more than the head of a long message.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::clock::{Clock, Stamp};

/// Pieces kept of each device.
pub const PIECES_MAX: usize = 12;
/// Bytes kept of one piece; what comes after is counted.
pub const PIECE_BYTES_MAX: usize = 48;
/// Bytes of the same direction that follow within this time belong to one piece, ms.
const JOIN_MS: u64 = 40;

/// Which way bytes went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// From the device.
    In,
    /// To the device.
    Out,
}

/// Some bytes that went over the line together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// UTC milliseconds of its first byte.
    pub at_ms: i64,
    /// Which way.
    pub way: Way,
    /// Its head, at most [`PIECE_BYTES_MAX`].
    pub bytes: Vec<u8>,
    /// Bytes after that.
    pub more: usize,
}

/// What the device check shows of one device's line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Live {
    /// Oldest first, at most [`PIECES_MAX`].
    pub pieces: Vec<Piece>,
    /// UTC milliseconds of the last answer that was understood.
    pub answered_ms: Option<i64>,
    /// Grows with every change.
    pub revision: u64,
}

#[derive(Debug, Default)]
struct Ring {
    pieces: VecDeque<Piece>,
    last_mono_ms: u64,
    answered_ms: Option<i64>,
    revision: u64,
}

/// The ring of one device. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Tap(Arc<Mutex<Ring>>);

impl Tap {
    fn lock(&self) -> MutexGuard<'_, Ring> {
        // Only whole pieces are kept, so a panic of another holder cannot have left one half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes bytes that went over the line now.
    pub fn note(&self, now: Stamp, way: Way, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let mut ring = self.lock();
        ring.revision += 1;
        let near = now.mono_ms.saturating_sub(ring.last_mono_ms) <= JOIN_MS;
        ring.last_mono_ms = now.mono_ms;
        if let Some(last) = ring.pieces.back_mut().filter(|last| near && last.way == way) {
            let room = PIECE_BYTES_MAX.saturating_sub(last.bytes.len()).min(bytes.len());
            last.bytes.extend_from_slice(bytes.get(..room).unwrap_or_default());
            last.more = last.more.saturating_add(bytes.len() - room);
            return;
        }
        if ring.pieces.len() == PIECES_MAX {
            ring.pieces.pop_front();
        }
        let room = PIECE_BYTES_MAX.min(bytes.len());
        let head = bytes.get(..room).unwrap_or_default().to_vec();
        ring.pieces.push_back(Piece { at_ms: now.at_ms, way, bytes: head, more: bytes.len() - room });
    }

    /// The device gave an answer that was understood.
    pub fn answered(&self, at_ms: i64) {
        let mut ring = self.lock();
        ring.answered_ms = Some(at_ms);
        ring.revision += 1;
    }

    /// What is held now.
    #[must_use]
    pub fn live(&self) -> Live {
        let ring = self.lock();
        Live { pieces: ring.pieces.iter().cloned().collect(), answered_ms: ring.answered_ms, revision: ring.revision }
    }

    /// How often it changed: whether looking again is worth it.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.lock().revision
    }
}

thread_local! {
    /// The ring of the device whose thread this is: each device has one thread, so a transport need not carry it about.
    static HERE: RefCell<Option<(Tap, Clock)>> = const { RefCell::new(None) };
}

/// What this thread exchanges from now on belongs to this device.
pub(crate) fn listen_here(tap: Tap, clock: Clock) {
    HERE.with(|here| here.replace(Some((tap, clock))));
}

/// Bytes came from this thread's device.
pub(crate) fn heard(bytes: &[u8]) {
    note(Way::In, bytes);
}

/// Bytes went to this thread's device.
pub(crate) fn sent(bytes: &[u8]) {
    note(Way::Out, bytes);
}

fn note(way: Way, bytes: &[u8]) {
    HERE.with_borrow(|here| {
        if let Some((tap, clock)) = here {
            tap.note(clock.now(), way, bytes);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Stamp {
        Stamp { at_ms: 1_000 + ms as i64, mono_ms: ms }
    }

    #[test]
    fn the_ring_is_bounded_and_keeps_the_newest() {
        let tap = Tap::default();
        for n in 0..100_u64 {
            tap.note(at(n * 100), Way::In, format!("{n}").as_bytes());
        }
        let live = tap.live();
        assert_eq!(live.pieces.len(), PIECES_MAX);
        assert_eq!(live.pieces.last().unwrap().bytes, b"99");
        tap.note(at(20_000), Way::Out, &[b'x'; 10_000]);
        let last = tap.live().pieces.pop().unwrap();
        assert_eq!((last.bytes.len(), last.more, last.way), (PIECE_BYTES_MAX, 10_000 - PIECE_BYTES_MAX, Way::Out));
        assert!(tap.revision() > live.revision);
    }

    #[test]
    fn what_comes_together_is_one_piece() {
        let tap = Tap::default();
        tap.note(at(0), Way::In, b"501");
        tap.note(at(10), Way::In, b"23");
        tap.note(at(12), Way::Out, b"OK");
        tap.note(at(200), Way::Out, b"OK");
        let pieces = tap.live().pieces;
        assert_eq!(pieces.iter().map(|p| p.bytes.as_slice()).collect::<Vec<_>>(), [&b"50123"[..], b"OK", b"OK"]);
    }
}
