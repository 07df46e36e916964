//! How well commands by voice are heard: five synthetic voices of each language in noise, sentences that are meant for somebody else,
//! and how long it takes. The figures are printed. `PACKBENCH_VOICE_FULL=1` takes three speeds and all hundred pairs of digits.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use packbench::core::voice::{self, Answer, Dialogue, Here, Input, Spoken, VoiceLang};
use packbench::devices::voice::MODEL;
use packbench::devices::voice::recogniser::Recogniser;
use packbench::devices::voice::utterance::{Cutter, RATE_HZ, Utterance, WAITS_MS};
use rustix::time::{ClockId, clock_gettime};

use crate::voice_kit::{Noise, other_speech, say, voices};

/// Speech is so much louder than the noise around it, in decibels.
const NOISE_BELOW_DB: f64 = 20.0;
/// Of every hundred commands so many must be right.
const RIGHT_PERCENT_MIN: usize = 95;
/// From the last sound of a command to what it means, in ms.
const LATENCY_MS_MAX: u64 = 300;

fn full() -> bool {
    std::env::var_os("PACKBENCH_VOICE_FULL").is_some()
}

/// Time that this thread has worked, whatever else the machine does.
fn worked() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// The microphone's way from samples to what was heard, as the device goes it, with the moment in the stream.
struct Ear {
    cutter: Cutter,
    recogniser: Recogniser,
    guess: Option<String>,
    took: Vec<Duration>,
    samples: usize,
}

impl Ear {
    fn new(lang: VoiceLang) -> Ear {
        let recogniser = Recogniser::open(Path::new(MODEL), lang)
            .unwrap_or_else(|e| panic!("{e}; install the Debian packages libpocketsphinx3 and pocketsphinx-en-us"));
        Ear { cutter: Cutter::default(), recogniser, guess: None, took: Vec::new(), samples: 0 }
    }

    /// What was heard in these samples, each with its moment in ms; nothing where it was not understood.
    fn hear(&mut self, samples: &[i16]) -> Vec<(u64, Option<String>)> {
        let mut out = Vec::new();
        for part in samples.chunks(320) {
            self.samples += part.len();
            for cut in self.cutter.push(part) {
                match cut {
                    Utterance::Pause(samples) => {
                        let begun = worked();
                        self.guess = self.recogniser.hear(&samples);
                        self.took.push(worked() - begun);
                    }
                    Utterance::Over => out.push(((self.samples * 1_000 / RATE_HZ) as u64, self.guess.take())),
                    Utterance::TooLong => {
                        self.guess = None;
                        out.push(((self.samples * 1_000 / RATE_HZ) as u64, None));
                    }
                }
            }
        }
        out
    }

    /// Hears the noise for a while, and one word that does not count: a microphone has long been on when somebody speaks.
    fn settle(&mut self, noise: &mut Noise, lang: VoiceLang) {
        let word = say(voices(lang)[0], 160, voice::phrases(lang)[0].0);
        self.hear(&noise.around(&word, (2_000, 1_000), NOISE_BELOW_DB));
    }

    /// The time that 99 of 100 recognitions took at most.
    fn slow(&self) -> Duration {
        let mut list = self.took.clone();
        list.sort();
        list[(list.len() - 1) * 99 / 100]
    }
}

/// Everything that can be said: the phrases, and pairs of digits.
fn phrases(lang: VoiceLang) -> Vec<String> {
    let mut list: Vec<String> = voice::phrases(lang).iter().map(|(phrase, _)| (*phrase).to_owned()).collect();
    let names = voice::digit_words(lang);
    for pair in 0..100 {
        // Each digit twice in each place, or all pairs.
        if full() || [pair / 10 * 7 + 3, pair / 10 * 3 + 1].iter().any(|ones| pair % 10 == ones % 10) {
            list.push(format!("{} {}", names[pair / 10], names[pair % 10]));
        }
    }
    list
}

fn commands_are_right(lang: VoiceLang) {
    let speeds: &[u32] = if full() { &[130, 160, 190] } else { &[160] };
    let (mut ear, mut noise) = (Ear::new(lang), Noise::new());
    ear.settle(&mut noise, lang);
    let (mut right, mut wrong, mut of) = (0, BTreeMap::<(String, String), usize>::new(), 0);
    for phrase in phrases(lang) {
        for voice in voices(lang) {
            for speed in speeds {
                let speech = say(voice, *speed, &phrase);
                let heard = ear.hear(&noise.around(&speech, (500, 600), NOISE_BELOW_DB));
                of += 1;
                match heard.as_slice() {
                    [(_, Some(words))] if *words == phrase => right += 1,
                    other => {
                        let words: Vec<&str> = other.iter().map(|(_, w)| w.as_deref().unwrap_or("?")).collect();
                        *wrong.entry((phrase.clone(), words.join(" / "))).or_default() += 1;
                    }
                }
            }
        }
    }
    let slow_ms = ear.slow().as_millis() as u64;
    let latency_ms = WAITS_MS.1.max(WAITS_MS.0 + slow_ms);
    println!(
        "voice {}: {right} of {of} commands right at {NOISE_BELOW_DB} dB; recognition p99 {slow_ms} ms of work, latency {latency_ms} ms",
        lang.code()
    );
    println!("voice {}: not right: {wrong:?}", lang.code());
    assert!(right * 100 >= of * RIGHT_PERCENT_MIN, "{right} of {of}: {wrong:?}");
    assert!(latency_ms <= LATENCY_MS_MAX, "{latency_ms} ms");
}

#[test]
fn english_commands_of_five_voices_in_noise_are_right() {
    commands_are_right(VoiceLang::En);
}

#[test]
fn spanish_commands_of_five_voices_in_noise_are_right() {
    commands_are_right(VoiceLang::Es);
}

/// How many commands two hundred sentences of other speech carry out, with the key held or with an open microphone.
fn carried_out(heard: &[(u64, Option<String>)], lang: VoiceLang, open: bool) -> (usize, usize) {
    let mut talk = Dialogue::default();
    let (mut done, mut asked) = (0, 0);
    for (at_ms, words) in heard {
        talk.decide(Input::Tick, *at_ms);
        let spoken: Option<Spoken> = words.as_deref().and_then(|words| voice::parse(lang, words));
        // The place never changes, and going on settles something: where a wrong command would do most.
        let here = Here { place: (), open, confirms: true };
        match talk.decide(spoken.map_or(Input::NotUnderstood, |spoken| Input::Heard(spoken, here)), *at_ms) {
            // Digits only ever count at the one shelf whose digits they are: a hundredth of them.
            Answer::Do(Spoken::Digits(_)) if !open => {}
            Answer::Do(_) => done += 1,
            Answer::ReadBack(_) => asked += 1,
            _ => {}
        }
    }
    (done, asked)
}

#[test]
fn other_speech_before_an_open_microphone_carries_nothing_out() {
    let sentences = other_speech();
    assert_eq!(sentences.len(), 200);
    for lang in VoiceLang::ALL {
        let (mut ear, mut noise) = (Ear::new(lang), Noise::new());
        ear.settle(&mut noise, lang);
        let mut heard = Vec::new();
        for (voice, speed, text) in &sentences {
            heard.extend(ear.hear(&noise.around(&say(voice, *speed, text), (300, 600), NOISE_BELOW_DB)));
        }
        let taken = heard.iter().filter(|(_, words)| words.is_some()).count();
        let (done, asked) = carried_out(&heard, lang, true);
        let (held, _) = carried_out(&heard, lang, false);
        println!(
            "voice {}: of 200 sentences of other speech {taken} sounded like a command, {asked} were read back, {done} carried out with an open microphone ({held} if somebody held the key all the time, digits aside)",
            lang.code()
        );
        assert!(done <= 1, "{done} carried out");
    }
}
