//! Whether the station itself is speaking: then it does not listen, or it would take its own read-back for an answer.

use std::sync::atomic::{AtomicU64, Ordering};

/// How long the room still sounds after the last word, ms.
const ECHO_MS: u64 = 250;
/// Nothing is being spoken, and was not for long.
const NEVER: u64 = 0;
/// It is being spoken now.
const NOW: u64 = u64::MAX;

/// Shared by what speaks and what listens.
#[derive(Debug, Default)]
pub(crate) struct Mouth(AtomicU64);

impl Mouth {
    /// Speaks from now on.
    pub(crate) fn opens(&self) {
        self.0.store(NOW, Ordering::SeqCst);
    }

    /// Has ended at this moment of the devices' clock.
    pub(crate) fn closes(&self, mono_ms: u64) {
        self.0.store(mono_ms.saturating_add(ECHO_MS).min(NOW - 1), Ordering::SeqCst);
    }

    /// Whether what the microphone hears now is the station itself.
    pub(crate) fn sounds(&self, mono_ms: u64) -> bool {
        match self.0.load(Ordering::SeqCst) {
            NEVER => false,
            NOW => true,
            until => mono_ms < until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_deaf_to_itself_until_the_room_is_quiet() {
        let mouth = Mouth::default();
        assert!(!mouth.sounds(0));
        mouth.opens();
        assert!(mouth.sounds(5));
        mouth.closes(1_000);
        assert!(mouth.sounds(1_000 + ECHO_MS - 1));
        assert!(!mouth.sounds(1_000 + ECHO_MS));
    }
}
