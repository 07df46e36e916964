//! Whole gestures of a scanner as they come, with everything around the code, for learning how it is set. Pure; must never interpret
//! them and never hold more than one.

/// Bytes of one gesture, at most; more is no scan.
pub const GESTURE_BYTES_MAX: usize = 1_024;
/// Silence that ends a gesture, ms: longer than any scanner pauses within one.
pub const QUIET_MS: u64 = 300;

/// Collects bytes until a silence.
#[derive(Debug, Default)]
pub struct RawGesture {
    held: Vec<u8>,
    last_ms: u64,
}

impl RawGesture {
    /// Takes bytes that arrived at `mono_ms`; what is more than [`GESTURE_BYTES_MAX`] is dropped.
    pub fn push(&mut self, bytes: &[u8], mono_ms: u64) {
        self.last_ms = mono_ms;
        self.held.extend_from_slice(bytes);
        self.held.truncate(GESTURE_BYTES_MAX);
    }

    /// To be called after a read that waited and found nothing: the gesture, once it has been silent long enough.
    pub fn silent(&mut self, mono_ms: u64) -> Option<Vec<u8>> {
        let over = self.begun() && mono_ms.saturating_sub(self.last_ms) >= QUIET_MS;
        over.then(|| std::mem::take(&mut self.held))
    }

    /// Whether a gesture has begun and not ended.
    #[must_use]
    pub fn begun(&self) -> bool {
        !self.held.is_empty()
    }

    /// What has come of a gesture that has begun.
    #[must_use]
    pub fn into_held(self) -> Vec<u8> {
        self.held
    }

    /// The line broke: half a gesture teaches nothing.
    pub fn forget(&mut self) {
        self.held.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gesture_ends_with_silence_and_keeps_everything_around_the_code() {
        let mut raw = RawGesture::default();
        assert_eq!(raw.silent(10_000), None, "nothing came");
        raw.push(b"\x02]E095", 1_000);
        raw.push(b"06\r\n", 1_200);
        assert_eq!(raw.silent(1_499), None);
        assert_eq!(raw.silent(1_500), Some(b"\x02]E09506\r\n".to_vec()));
        assert_eq!(raw.silent(9_000), None, "once");
        raw.push(&[b'x'; 5_000], 9_000);
        assert_eq!(raw.silent(9_300).map(|bytes| bytes.len()), Some(GESTURE_BYTES_MAX));
        raw.push(b"half", 10_000);
        raw.forget();
        assert!(!raw.begun());
    }
}
