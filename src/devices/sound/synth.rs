//! Draws a signal as a WAV file in memory. Pure; must never touch a sound device. Floats are fine here: they are air, not money.

use super::{Score, SoundName};

/// Samples per second.
pub const RATE_HZ: u32 = 48_000;
/// Length of a note's soft edge at each end, in milliseconds: shorter clicks, longer blurs the rhythm.
pub const EDGE_MS: u32 = 5;
/// Loudest sample of a 0 dB signal at full volume, of 32,767.
pub const PEAK: i16 = 26_000;

/// Odd harmonics of the timbre with a square's weights 1/n; three of them carry over conveyors without a square's buzz.
const HARMONICS: [f64; 3] = [1.0, 3.0, 5.0];

/// The samples of a signal: 16 bits, mono, [`RATE_HZ`].
#[must_use]
pub fn samples(name: SoundName, volume_percent: u8) -> Vec<i16> {
    let score = name.score();
    let gain = f64::from(volume_percent.min(100)) / 100.0 * 10f64.powf(f64::from(score.gain_db) / 20.0);
    let shape = shape(&score);
    // The loudest point of the drawn shape becomes the wanted peak, whatever the harmonics add up to.
    let loudest = shape.iter().fold(0f64, |max, value| max.max(value.abs()));
    let scale = if loudest > 0.0 { f64::from(PEAK) * gain / loudest } else { 0.0 };
    // In range by construction: |value × scale| ≤ PEAK.
    shape.iter().map(|value| (value * scale).round() as i16).collect()
}

fn shape(score: &Score) -> Vec<f64> {
    let count = |ms: u32| (ms * (RATE_HZ / 1_000)) as usize;
    let mut out = Vec::with_capacity(count(score.length_ms()));
    for (at, (pitches, ms)) in score.notes.iter().enumerate() {
        if at > 0 {
            out.resize(out.len() + count(score.gap_ms), 0.0);
        }
        let (length, edge) = (count(*ms), count(EDGE_MS));
        for n in 0..length {
            let time = n as f64 / f64::from(RATE_HZ);
            let tone: f64 = pitches.iter().map(|hz| tone(f64::from(*hz), time)).sum();
            let nearest_end = n.min(length - 1 - n) as f64 / edge as f64;
            out.push(tone * nearest_end.min(1.0));
        }
    }
    out
}

fn tone(hz: f64, time: f64) -> f64 {
    HARMONICS.iter().map(|n| (std::f64::consts::TAU * hz * n * time).sin() / n).sum()
}

/// A WAV file (RIFF, PCM) with the samples.
#[must_use]
pub fn wav(samples: &[i16]) -> Vec<u8> {
    // A signal has some ten thousand samples; the sizes stay far below the format's 4 GiB.
    let data = u32::try_from(samples.len() * 2).unwrap_or(u32::MAX - 36);
    let mut out = Vec::with_capacity(44 + samples.len() * 2);
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(36 + data).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt ");
    out.extend_from_slice(&16u32.to_le_bytes());
    out.extend_from_slice(&1u16.to_le_bytes());
    out.extend_from_slice(&1u16.to_le_bytes());
    out.extend_from_slice(&RATE_HZ.to_le_bytes());
    out.extend_from_slice(&(RATE_HZ * 2).to_le_bytes());
    out.extend_from_slice(&2u16.to_le_bytes());
    out.extend_from_slice(&16u16.to_le_bytes());
    out.extend_from_slice(b"data");
    out.extend_from_slice(&data.to_le_bytes());
    out.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lengths of sound and silence in whole milliseconds, measured from the samples alone.
    fn rhythm(samples: &[i16]) -> Vec<(bool, usize)> {
        let mut out: Vec<(bool, usize)> = Vec::new();
        for window in samples.chunks(RATE_HZ as usize / 1_000) {
            let sounds = window.iter().any(|sample| sample.unsigned_abs() > 200);
            match out.last_mut() {
                Some((last, ms)) if *last == sounds => *ms += 1,
                _ => out.push((sounds, 1)),
            }
        }
        out
    }

    #[test]
    fn measured_rhythm_is_the_table() {
        for name in SoundName::ALL {
            let score = name.score();
            let mut expected = Vec::new();
            for (at, (_, ms)) in score.notes.iter().enumerate() {
                if at > 0 {
                    expected.push((false, score.gap_ms as usize));
                }
                expected.push((true, *ms as usize));
            }
            let samples = samples(name, 100);
            assert_eq!(samples.len(), (score.length_ms() * RATE_HZ / 1_000) as usize, "{name:?}");
            assert_eq!(rhythm(&samples), expected, "{name:?}");
        }
    }

    #[test]
    fn peaks_and_edges() {
        let peak = |name, volume| samples(name, volume).iter().map(|s| s.unsigned_abs()).max().unwrap();
        assert_eq!(peak(SoundName::Stop, 100), PEAK as u16);
        assert_eq!(peak(SoundName::Ok, 50), PEAK as u16 / 2);
        assert_eq!(peak(SoundName::Ok, 0), 0);
        let quiet = f64::from(peak(SoundName::Wait, 100)) / f64::from(PEAK);
        assert!((quiet - 0.2512).abs() < 0.001, "-12 dB, not {quiet}");
        for name in SoundName::ALL {
            let samples = samples(name, 100);
            assert!(
                samples[0].unsigned_abs() < 300 && samples[samples.len() - 1].unsigned_abs() < 300,
                "{name:?} clicks"
            );
        }
    }

    #[test]
    fn pitch_is_the_table() {
        // Goertzel power at the written pitch beats that at a tone beside it.
        let power = |samples: &[i16], hz: f64| {
            let w = 2.0 * (std::f64::consts::TAU * hz / f64::from(RATE_HZ)).cos();
            let (a, b) = samples.iter().fold((0.0, 0.0), |(a, b), s| (f64::from(*s) + w * a - b, a));
            a * a + b * b - w * a * b
        };
        let ok = samples(SoundName::Ok, 100);
        assert!(power(&ok, 1_568.0) > 50.0 * power(&ok, 1_760.0));
        let stop = samples(SoundName::Stop, 100);
        let first = &stop[..(220 * RATE_HZ / 1_000) as usize];
        for hz in [880.0, 932.0] {
            assert!(power(first, hz) > 5.0 * power(first, 906.0), "{hz} of the beating pair");
        }
    }

    #[test]
    fn the_file_says_what_it_is() {
        let file = wav(&[1, -2, 3]);
        assert_eq!(file.len(), 50);
        assert_eq!((&file[..4], &file[8..12], &file[36..40]), (&b"RIFF"[..], &b"WAVE"[..], &b"data"[..]));
        assert_eq!(u32::from_le_bytes(file[4..8].try_into().unwrap()), 42);
        assert_eq!(u32::from_le_bytes(file[40..44].try_into().unwrap()), 6);
        assert_eq!(&file[44..], [1, 0, 254, 255, 3, 0]);
    }
}
