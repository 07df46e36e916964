//! The station's voice: the table of signals, a queue in which the newest matters, and the player's thread. Rhythm alone tells
//! the signals apart; the six that follow a scan also differ in pitch. Must never block a caller, never grow, and never be the
//! only carrier of a message.

pub(crate) mod player;
pub mod synth;

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::mailbox::{Mailbox, Taken};

/// Signals that may wait; the oldest one gives way.
pub const WAITING_MAX: usize = 4;

/// The signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SoundName {
    /// Counted.
    Ok,
    /// A line is complete.
    LineFull,
    /// An order is complete.
    OrderDone,
    /// Refused, not counted.
    Stop,
    /// Refused: right, but too many.
    StopMany,
    /// Refused: nobody knows this code.
    StopUnknown,
    /// A person must choose.
    Decide,
    /// The machine is busy.
    Wait,
    /// The network is gone.
    Offline,
    /// The network is back.
    Online,
    /// The lead is called.
    Call,
}

impl SoundName {
    /// All signals.
    pub const ALL: [Self; 11] = [
        Self::Ok,
        Self::LineFull,
        Self::OrderDone,
        Self::Stop,
        Self::StopMany,
        Self::StopUnknown,
        Self::Decide,
        Self::Wait,
        Self::Offline,
        Self::Online,
        Self::Call,
    ];

    /// A stable word: the file name and the key in settings.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::LineFull => "line-full",
            Self::OrderDone => "order-done",
            Self::Stop => "stop",
            Self::StopMany => "stop-many",
            Self::StopUnknown => "stop-unknown",
            Self::Decide => "decide",
            Self::Wait => "wait",
            Self::Offline => "offline",
            Self::Online => "online",
            Self::Call => "call",
        }
    }

    /// A refusal is heard at once: it ends what plays and empties what waits.
    #[must_use]
    pub fn preempts(self) -> bool {
        match self {
            Self::Stop | Self::StopMany | Self::StopUnknown => true,
            Self::Ok
            | Self::LineFull
            | Self::OrderDone
            | Self::Decide
            | Self::Wait
            | Self::Offline
            | Self::Online
            | Self::Call => false,
        }
    }

    /// How the signal sounds.
    #[must_use]
    pub fn score(self) -> Score {
        // Three pairs that beat: each refusal has a pitch of its own beside its rhythm.
        const LOW: &[u32] = &[880, 932];
        const MIDDLE: &[u32] = &[988, 1_047];
        const RAISED: &[u32] = &[1_109, 1_175];
        match self {
            Self::Ok => Score::loud(0, &[(&[1_568], 70)]),
            Self::LineFull => Score::loud(30, &[(&[1_319], 70), (&[1_760], 90)]),
            Self::OrderDone => Score::loud(30, &[(&[1_047], 90), (&[1_319], 90), (&[1_760], 160)]),
            Self::Stop => Score::loud(80, &[(LOW, 220), (LOW, 220)]),
            Self::StopMany => Score::loud(60, &[(MIDDLE, 300), (MIDDLE, 90), (MIDDLE, 90)]),
            Self::StopUnknown => Score::loud(80, &[(RAISED, 160), (RAISED, 160), (RAISED, 160)]),
            Self::Decide => Score::loud(60, &[(&[1_319], 180), (&[988], 90)]),
            Self::Wait => Score { gap_ms: 0, gain_db: -12, notes: &[(&[1_047], 25)] },
            Self::Offline => Score { gap_ms: 40, gain_db: -6, notes: &[(&[1_175], 120), (&[880], 120)] },
            Self::Online => Score { gap_ms: 40, gain_db: -6, notes: &[(&[880], 120), (&[1_175], 120)] },
            Self::Call => Score::loud(60, &[(&[2_093], 60), (&[2_093], 60), (&[2_093], 60), (&[2_093], 60)]),
        }
    }
}

/// A note: pitches in hertz that sound together (two near ones beat), and its length in milliseconds.
pub type Note = (&'static [u32], u32);

/// How a signal sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// Silence between two notes, in milliseconds.
    pub gap_ms: u32,
    /// Loudness beside the other signals, in decibels.
    pub gain_db: i32,
    /// The notes in order.
    pub notes: &'static [Note],
}

impl Score {
    const fn loud(gap_ms: u32, notes: &'static [Note]) -> Self {
        Self { gap_ms, gain_db: 0, notes }
    }

    /// The whole length in milliseconds.
    #[must_use]
    pub fn length_ms(&self) -> u32 {
        let gaps = u32::try_from(self.notes.len().saturating_sub(1)).unwrap_or(0);
        self.notes.iter().map(|(_, ms)| ms).sum::<u32>() + gaps * self.gap_ms
    }
}

/// A signal that waits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cue {
    pub(crate) name: SoundName,
    pub(crate) asked: Instant,
}

/// Latency of the signals: from the call of `play` to the started player.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SoundLatency {
    /// Signals started.
    pub started: u64,
    /// The last one, in microseconds.
    pub last_us: u64,
    /// The slowest one, in microseconds.
    pub max_us: u64,
}

/// The way into the station's voice.
#[derive(Debug)]
pub struct SoundPort {
    cues: Mailbox<Cue>,
    volume_percent: AtomicU8,
    muted: AtomicU8,
    started: AtomicU64,
    last_us: AtomicU64,
    max_us: AtomicU64,
}

impl SoundPort {
    /// An idle port.
    #[must_use]
    pub fn new(volume_percent: u8, muted: bool) -> Self {
        Self {
            cues: Mailbox::new(WAITING_MAX),
            volume_percent: AtomicU8::new(volume_percent.min(100)),
            muted: AtomicU8::new(u8::from(muted)),
            started: AtomicU64::new(0),
            last_us: AtomicU64::new(0),
            max_us: AtomicU64::new(0),
        }
    }

    /// Asks for a signal. Never blocks; a full queue drops its oldest signal, a refusal drops all that wait.
    pub fn play(&self, name: SoundName) {
        let cue = Cue { name, asked: Instant::now() };
        if self.cues.post_over(cue, name.preempts(), |waiting| waiting.name.preempts()).is_err() {
            tracing::debug!(sound = name.code(), "a signal came after the end of the station's voice");
        }
    }

    /// Sets the loudness of all signals; more than 100 is taken as 100.
    pub fn set_level(&self, volume_percent: u8, muted: bool) {
        self.volume_percent.store(volume_percent.min(100), Ordering::Relaxed);
        self.muted.store(u8::from(muted), Ordering::Relaxed);
    }

    /// The volume in percent that counts now: 0 when muted.
    #[must_use]
    pub fn level(&self) -> u8 {
        if self.muted.load(Ordering::Relaxed) == 0 { self.volume_percent.load(Ordering::Relaxed) } else { 0 }
    }

    /// Signals that wait now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.cues.waiting()
    }

    /// The latency figures.
    #[must_use]
    pub fn latency(&self) -> SoundLatency {
        SoundLatency {
            started: self.started.load(Ordering::Relaxed),
            last_us: self.last_us.load(Ordering::Relaxed),
            max_us: self.max_us.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn take(&self, timeout: Duration) -> Taken<Cue> {
        self.cues.take(timeout)
    }

    /// Waits without taking anything.
    pub(crate) fn rest(&self, pause: Duration) {
        self.cues.rest(pause);
    }

    /// Whether a refusal waits; it has emptied the queue, so it is the first one.
    pub(crate) fn interrupted(&self) -> bool {
        self.cues.first_is(|cue| cue.name.preempts())
    }

    pub(crate) fn note_start(&self, cue: Cue) {
        let us = u64::try_from(cue.asked.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.last_us.store(us, Ordering::Relaxed);
        self.max_us.fetch_max(us, Ordering::Relaxed);
        self.started.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn close(&self) {
        self.cues.close();
    }

    pub(crate) fn closed(&self) -> bool {
        self.cues.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(port: &SoundPort) -> Vec<SoundName> {
        std::iter::from_fn(|| match port.take(Duration::ZERO) {
            Taken::Item(cue) => Some(cue.name),
            Taken::Timeout | Taken::Closed => None,
        })
        .collect()
    }

    #[test]
    fn the_queue_keeps_the_newest_and_a_refusal_clears_it() {
        let port = SoundPort::new(80, false);
        for name in [SoundName::Wait, SoundName::Ok, SoundName::LineFull, SoundName::Decide, SoundName::Call] {
            port.play(name);
        }
        assert_eq!(names(&port), [SoundName::Ok, SoundName::LineFull, SoundName::Decide, SoundName::Call]);
        port.play(SoundName::Ok);
        assert!(!port.interrupted());
        port.play(SoundName::Stop);
        assert!(port.interrupted());
        port.play(SoundName::Ok);
        assert_eq!(names(&port), [SoundName::Stop, SoundName::Ok]);
        port.play(SoundName::StopUnknown);
        for _ in 0..10 {
            port.play(SoundName::Ok);
        }
        assert_eq!(names(&port).first(), Some(&SoundName::StopUnknown), "a refusal is never the one that gives way");
    }

    #[test]
    fn rhythms_differ_without_pitch() {
        // Two soft pairs share a rhythm by design: offline falls, online rises.
        let mut rhythms: Vec<_> = SoundName::ALL
            .iter()
            .filter(|name| **name != SoundName::Online)
            .map(|name| (name.score().notes.iter().map(|(_, ms)| *ms).collect::<Vec<_>>(), name.score().gap_ms))
            .collect();
        rhythms.sort();
        rhythms.dedup();
        assert_eq!(rhythms.len(), SoundName::ALL.len() - 1);
        for name in SoundName::ALL {
            assert!(name.score().notes.iter().flat_map(|(pitches, _)| *pitches).all(|hz| (800..=2_700).contains(hz)));
        }
    }

    #[test]
    fn the_six_signals_of_a_scan_differ_in_rhythm_and_in_pitch() {
        use SoundName as S;
        let six = [S::Ok, S::Stop, S::StopMany, S::StopUnknown, S::OrderDone, S::Decide];
        for (at, one) in six.iter().enumerate() {
            for other in &six[at + 1..] {
                let (a, b) = (one.score(), other.score());
                let rhythm = |s: &Score| (s.notes.iter().map(|(_, ms)| *ms).collect::<Vec<_>>(), s.gap_ms);
                let begins = |s: &Score| s.notes.first().map(|(pitches, _)| *pitches);
                assert_ne!(rhythm(&a), rhythm(&b), "{one:?} and {other:?} have one rhythm");
                assert_ne!(begins(&a), begins(&b), "{one:?} and {other:?} begin with one pitch");
            }
        }
    }

    #[test]
    fn muted_keeps_the_volume() {
        let port = SoundPort::new(200, false);
        assert_eq!(port.level(), 100);
        port.set_level(40, true);
        assert_eq!(port.level(), 0);
        port.set_level(40, false);
        assert_eq!(port.level(), 40);
    }
}
