//! Synthetic speech for the tests of commands by voice: espeak-ng speaks, sox brings it to 16 kHz and makes the noise, and the two are
//! mixed at a given distance in decibels. Synthetic voices are no evidence about people. Holds no assertions.

use std::io::Write as _;
use std::process::{Command, Stdio};

use packbench::core::chance;
use packbench::core::voice::VoiceLang;
use packbench::devices::voice::utterance::RATE_HZ;

use crate::device_support::need;

/// Five voices of each language, as espeak-ng names them.
pub fn voices(lang: VoiceLang) -> [&'static str; 5] {
    match lang {
        VoiceLang::En => ["en-us", "en-gb", "en-us+f2", "en-gb-x-rp+m3", "en-gb-scotland"],
        VoiceLang::Es => ["es", "es-419", "es+f2", "es-419+m3", "es+m7"],
    }
}

fn run(program: &str, package: &str, args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(need(program, package))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = input.to_vec();
    let writer = std::thread::Builder::new().name("sox-input".into()).spawn(move || {
        // A program that takes its text as an argument closes its input early.
        let _ = stdin.write_all(&bytes);
    });
    let out = child.wait_with_output().unwrap();
    writer.unwrap().join().unwrap();
    assert!(out.status.success(), "{program} {args:?}: {}", out.status);
    out.stdout
}

fn samples(raw: &[u8]) -> Vec<i16> {
    raw.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

/// One voice says something, as loud as a person before a microphone.
pub fn say(voice: &str, words_per_min: u32, text: &str) -> Vec<i16> {
    let wav = run("espeak-ng", "espeak-ng", &["-v", voice, "-s", &words_per_min.to_string(), "--stdout", text], b"");
    let raw = ["-t", "wav", "-", "-r", "16000", "-c", "1", "-b", "16", "-e", "signed", "-t", "raw", "-", "norm", "-6"];
    samples(&run("sox", "sox", &raw, &wav))
}

/// Pink noise, which a warehouse is near to.
pub struct Noise {
    samples: Vec<i16>,
    chance: u64,
}

impl Noise {
    /// Half a minute of it.
    pub fn new() -> Noise {
        let args = [
            "-R",
            "-n",
            "-r",
            "16000",
            "-c",
            "1",
            "-b",
            "16",
            "-e",
            "signed",
            "-t",
            "raw",
            "-",
            "synth",
            "30",
            "pinknoise",
        ];
        Noise { samples: samples(&run("sox", "sox", &args, b"")), chance: 11 }
    }

    /// The speech within so much silence before and after it, all in noise that is `below_db` weaker than the speech.
    pub fn around(&mut self, speech: &[i16], (before_ms, after_ms): (usize, usize), below_db: f64) -> Vec<i16> {
        let silence = |ms: usize| vec![0_i16; ms * RATE_HZ / 1_000];
        let clean = [silence(before_ms), speech.to_vec(), silence(after_ms)].concat();
        let from = (chance::next(&mut self.chance) as usize) % self.samples.len();
        let noise = self.samples.iter().cycle().skip(from);
        let gain = loudness(speech) / loudness(&self.samples) / 10_f64.powf(below_db / 20.0);
        clean
            .iter()
            .zip(noise)
            // A little headroom, so that the sum is never cut off.
            .map(|(voice, noise)| (f64::from(*voice) * 0.9 + f64::from(*noise) * gain * 0.9).round() as i16)
            .collect()
    }
}

/// Root of the mean square, of the loud pieces alone.
fn loudness(samples: &[i16]) -> f64 {
    let square = |s: &[i16]| s.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / s.len().max(1) as f64;
    let loud: Vec<f64> = samples.chunks(160).map(square).filter(|power| *power > 1_000.0).collect();
    (loud.iter().sum::<f64>() / loud.len().max(1) as f64).sqrt()
}

const BEGINNINGS: [&str; 20] = [
    "the driver said he would come back",
    "I think we should move the pallet",
    "my sister has a birthday",
    "the radio is far too loud",
    "somebody left the door open",
    "we ran out of brown tape",
    "the forklift needs a new battery",
    "did you see the match",
    "lunch is going to be late",
    "the boxes on the left are wet",
    "please call the office",
    "nobody told me about the meeting",
    "the next truck is waiting outside",
    "it was a short weekend",
    "the printer upstairs makes a noise",
    "he wants to confirm his holiday",
    "there is water on the floor",
    "the two of them went home",
    "I cannot find my gloves",
    "the weather is getting cold",
];
const ENDS: [&str; 8] = [
    "on Monday morning",
    "before the break",
    "near the loading dock",
    "with the blue label",
    "after work",
    "and that is fine",
    "because of the rain",
    "in the other hall",
];
/// What people call across a hall; as short as a command.
const CALLS: [&str; 40] = [
    "thank you",
    "good morning",
    "over here",
    "come on",
    "not now",
    "see you later",
    "who is that",
    "hello there",
    "watch out",
    "in a minute",
    "of course",
    "never mind",
    "oh dear",
    "well done",
    "my turn",
    "no way",
    "at last",
    "very good",
    "what is it",
    "hands up",
    "mind your head",
    "yes please",
    "I see",
    "look at that",
    "hurry up",
    "wait for me",
    "that is it",
    "last one",
    "a bit more",
    "right there",
    "it fits",
    "all done",
    "be careful",
    "so what",
    "coffee break",
    "on the left",
    "this one",
    "home time",
    "that was fun",
    "turn it off",
];

/// Two hundred sentences that are meant for somebody else: the voice, the speed, the words.
pub fn other_speech() -> Vec<(&'static str, u32, String)> {
    let long = BEGINNINGS.iter().flat_map(|begin| ENDS.iter().map(move |end| format!("{begin} {end}")));
    let calls = CALLS.iter().map(|call| (*call).to_owned());
    let all: Vec<String> = long.chain(calls).collect();
    let voices = voices(VoiceLang::En);
    let speeds = [140, 165, 190];
    // Mixed, so that what follows a command-like call is anything.
    (0..all.len()).map(|at| (voices[at % 5], speeds[at % 3], all[at * 77 % all.len()].clone())).collect()
}
