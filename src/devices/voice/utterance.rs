//! From a running microphone to single utterances: where somebody begins to speak, and where they end. Pure: samples in, utterances
//! out, time is counted in samples. A short pause already gives what was said so far, so that it is recognised while it is waited
//! whether more comes. Must never grow: what is too long for a command is known to be none and is not kept.

use std::collections::VecDeque;

/// Samples in a second.
pub const RATE_HZ: usize = 16_000;
/// Samples in the piece of sound that is judged at a time: 10 ms.
pub const PIECE: usize = RATE_HZ / 100;
/// Silence after which an utterance is over, in pieces. Part of the time that a packer waits; the pause within "seven three" is shorter.
const END_PIECES: usize = 20;
/// Silence after which it may be over, in pieces.
const PAUSE_PIECES: usize = 10;
/// Sound before the beginning that belongs to it: soft consonants come before the loud vowel.
const BEFORE_PIECES: usize = 15;
/// Loud pieces that make a beginning.
const BEGIN_PIECES: usize = 4;
/// A cough or a knock is shorter.
const LOUD_PIECES_MIN: usize = 12;
/// Two digits slowly: a command is no longer than this. Longer speech is none, whatever it sounds like.
const LENGTH_PIECES_MAX: usize = 190;
/// How much louder than its surroundings speech is (power).
const LOUDER: u64 = 6;
/// Quieter than this is silence everywhere (mean square of samples).
const POWER_MIN: u64 = 60 * 60;
/// Over how many pieces the surroundings are measured.
const AROUND_PIECES: usize = 200;

/// What came out of the microphone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Utterance {
    /// Somebody spoke, as long as a command may be, and pauses. More may come: then another pause follows that holds all of it.
    Pause(Vec<i16>),
    /// What paused last was all.
    Over,
    /// Somebody spoke on and on, and has ended.
    TooLong,
}

/// Cuts utterances out of a stream.
#[derive(Debug, Default)]
pub struct Cutter {
    part: Vec<i16>,
    around: VecDeque<u64>,
    before: VecDeque<Vec<i16>>,
    run: usize,
    speech: Option<Speech>,
}

#[derive(Debug, Default)]
struct Speech {
    samples: Vec<i16>,
    pieces: usize,
    loud: usize,
    quiet: usize,
}

impl Cutter {
    /// Takes samples; gives what ended with them.
    pub fn push(&mut self, samples: &[i16]) -> Vec<Utterance> {
        let mut out = Vec::new();
        for sample in samples {
            self.part.push(*sample);
            if self.part.len() == PIECE {
                let piece = std::mem::take(&mut self.part);
                out.extend(self.piece(piece));
            }
        }
        out
    }

    /// Nothing more is meant for this: the key was let go. What was being said is over.
    pub fn end(&mut self) -> Vec<Utterance> {
        self.before.clear();
        self.run = 0;
        let Some(speech) = self.speech.take() else { return Vec::new() };
        let pause = if speech.quiet < PAUSE_PIECES { speech.pause() } else { None };
        pause.into_iter().chain(speech.over()).collect()
    }

    /// What is being said is not meant for this.
    pub fn forget(&mut self) {
        self.speech = None;
        self.run = 0;
    }

    /// Somebody is speaking.
    #[must_use]
    pub fn speaking(&self) -> bool {
        self.speech.is_some()
    }

    /// How loud the surroundings are: the lower quarter of the last pieces.
    fn surroundings(&self) -> u64 {
        let mut list: Vec<u64> = self.around.iter().copied().collect();
        let at = list.len() / 4;
        if at < list.len() { *list.select_nth_unstable(at).1 } else { 0 }
    }

    fn piece(&mut self, piece: Vec<i16>) -> Option<Utterance> {
        let power = power(&piece);
        let floor = self.surroundings().max(1);
        let loud = power > POWER_MIN && power > floor.saturating_mul(LOUDER);
        // Who speaks is no part of the surroundings, unless it goes on for ever: then a machine was switched on.
        let speaks = loud && self.speech.as_ref().is_some_and(|speech| speech.pieces <= LENGTH_PIECES_MAX);
        if !speaks {
            if self.around.len() == AROUND_PIECES {
                self.around.pop_front();
            }
            self.around.push_back(power);
        }
        if let Some(speech) = self.speech.as_mut() {
            speech.take(&piece, loud);
            return match speech.quiet {
                PAUSE_PIECES => speech.pause(),
                END_PIECES => self.speech.take().and_then(|speech| speech.over()),
                _ => None,
            };
        }
        self.run = if loud { self.run + 1 } else { 0 };
        if self.before.len() == BEFORE_PIECES + BEGIN_PIECES {
            self.before.pop_front();
        }
        self.before.push_back(piece);
        if self.run >= BEGIN_PIECES {
            let samples: Vec<i16> = self.before.drain(..).flatten().collect();
            self.speech = Some(Speech { pieces: samples.len() / PIECE, samples, loud: self.run, quiet: 0 });
            self.run = 0;
        }
        None
    }
}

impl Speech {
    fn take(&mut self, piece: &[i16], loud: bool) {
        self.pieces += 1;
        self.quiet = if loud { 0 } else { self.quiet + 1 };
        self.loud += usize::from(loud);
        if self.spoken() <= LENGTH_PIECES_MAX {
            self.samples.extend_from_slice(piece);
        }
    }

    /// Pieces up to the last loud one.
    fn spoken(&self) -> usize {
        self.pieces.saturating_sub(self.quiet)
    }

    /// What was said so far, where it may be a command.
    fn pause(&self) -> Option<Utterance> {
        let heard = self.loud >= LOUD_PIECES_MIN && self.spoken() <= LENGTH_PIECES_MAX;
        let to = self.samples.len().min((self.spoken() + PAUSE_PIECES) * PIECE);
        heard.then(|| Utterance::Pause(self.samples.get(..to).unwrap_or_default().to_vec()))
    }

    fn over(&self) -> Option<Utterance> {
        if self.spoken() > LENGTH_PIECES_MAX {
            return Some(Utterance::TooLong);
        }
        (self.loud >= LOUD_PIECES_MIN).then_some(Utterance::Over)
    }
}

/// Mean square.
fn power(samples: &[i16]) -> u64 {
    let sum: u64 = samples.iter().map(|sample| u64::from(sample.unsigned_abs()).pow(2)).sum();
    sum / u64::try_from(samples.len().max(1)).unwrap_or(1)
}

/// Milliseconds from the last sound of an utterance to a pause, and to its end.
pub const WAITS_MS: (u64, u64) = (PAUSE_PIECES as u64 * 10, END_PIECES as u64 * 10);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::chance;

    /// Noise of about this loudness.
    fn noise(ms: usize, loud: u64, seed: &mut u64) -> Vec<i16> {
        (0..ms * RATE_HZ / 1_000).map(|_| ((chance::next(seed) % (2 * loud + 1)) as i64 - loud as i64) as i16).collect()
    }

    fn stream(parts: &[(usize, u64)]) -> Vec<i16> {
        let mut seed = 7;
        parts.iter().flat_map(|(ms, loud)| noise(*ms, *loud, &mut seed)).collect()
    }

    #[test]
    fn a_word_in_noise_is_cut_out_whole_whatever_pieces_it_comes_in() {
        let samples = stream(&[(1_500, 300), (500, 6_000), (600, 300)]);
        for chunk in [1, 7, 160, 1_000, 40_000] {
            let mut cutter = Cutter::default();
            let got: Vec<Utterance> = samples.chunks(chunk).flat_map(|part| cutter.push(part)).collect();
            let [Utterance::Pause(word), Utterance::Over] = got.as_slice() else { panic!("{chunk}: {}", got.len()) };
            let ms = word.len() * 1_000 / RATE_HZ;
            assert!((720..=780).contains(&ms), "{ms} ms: the word, 150 ms before it and 100 after");
        }
    }

    #[test]
    fn it_is_over_soon_after_the_last_sound() {
        let mut cutter = Cutter::default();
        assert_eq!(cutter.push(&stream(&[(1_000, 200), (400, 6_000)])), []);
        assert!(cutter.speaking());
        let mut waited = Vec::new();
        for ms in (10..=400).step_by(10) {
            waited.extend(cutter.push(&stream(&[(10, 200)])).iter().map(|_| ms));
        }
        assert_eq!(waited, [100, 200], "ms to the pause and to the end");
        assert_eq!(WAITS_MS, (100, 200));
    }

    #[test]
    fn a_short_pause_does_not_cut_two_digits_apart() {
        let mut cutter = Cutter::default();
        let got = cutter.push(&stream(&[(800, 200), (300, 6_000), (150, 200), (300, 6_000), (500, 200)]));
        let [Utterance::Pause(first), Utterance::Pause(both), Utterance::Over] = got.as_slice() else {
            panic!("{}", got.len())
        };
        assert!(both.len() > first.len() + RATE_HZ / 4, "the second pause holds both");
    }

    #[test]
    fn knocks_are_nothing_and_long_talk_is_no_command() {
        let mut cutter = Cutter::default();
        assert_eq!(cutter.push(&stream(&[(800, 200), (60, 20_000), (900, 200)])), [], "a knock");
        let long = cutter.push(&stream(&[(400, 200), (2_500, 6_000), (500, 200)]));
        assert!(long == [Utterance::TooLong]);
        let mut most = 0;
        for second in stream(&[(20_000, 6_000)]).chunks(RATE_HZ) {
            let said = cutter.push(second);
            assert!(said.iter().all(|said| *said == Utterance::TooLong), "a machine that was switched on says nothing");
            most = most.max(cutter.speech.as_ref().map_or(0, |speech| speech.samples.len()));
        }
        assert!(most < 3 * RATE_HZ && !cutter.speaking(), "bounded, and in the end it is the surroundings");
    }

    #[test]
    fn letting_the_key_go_ends_what_is_being_said() {
        let mut cutter = Cutter::default();
        cutter.push(&stream(&[(800, 200), (400, 6_000)]));
        assert!(matches!(cutter.end().as_slice(), [Utterance::Pause(_), Utterance::Over]));
        assert_eq!(cutter.end(), []);
        cutter.push(&stream(&[(800, 200), (400, 6_000), (150, 200)]));
        assert_eq!(cutter.end(), [Utterance::Over], "it had paused already");
    }

    #[test]
    fn silence_is_silence() {
        let mut cutter = Cutter::default();
        assert_eq!(cutter.push(&vec![0; 5 * RATE_HZ]), []);
        assert_eq!(cutter.push(&stream(&[(5_000, 30)])), []);
    }
}
