//! The microphone and the speech program as devices: ready by evidence, said what is missing, listening only while told to, deaf to the
//! station itself, and the newest prompt ends an older one.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use packbench::core::voice::VoiceLang;
use packbench::devices::voice::{MODEL, SpeechConfig, VoiceConfig};
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning};

use crate::device_support::{Station, need, until};
use crate::voice_kit::{Noise, say};

fn script(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn listen(station: &Station, on: bool, lang: VoiceLang) {
    station.supervisor.handle().send(DeviceCommand::Listen { on, open: true, lang }).unwrap();
}

fn listening(station: &Station) -> bool {
    station.next("listening", |event| match event {
        DeviceEvent::Listening { on, .. } => Some(*on),
        _ => None,
    })
}

fn heard(station: &Station) -> (VoiceLang, Option<String>) {
    station.next("what was heard", |event| match event {
        DeviceEvent::Heard { lang, words, .. } => Some((*lang, words.clone())),
        _ => None,
    })
}

/// A tenth of a second of noise, counted, and a pause that no real microphone makes.
const NOISE: &str = "cat noise; echo >> count; read -t 0.02 x < wait";
/// Pieces of noise that a pipe holds at most (64 KiB), and some more: after these the device has read all before them.
const READ_BY_THEN: usize = 25;

/// A microphone that says these one after the other, each when the file `go` is there; noise all the time.
fn microphone(folder: &Path, said: &[(&str, &str)]) -> DeviceSpec {
    let mut noise = Noise::new();
    let raw = |samples: Vec<i16>| samples.iter().flat_map(|s| s.to_le_bytes()).collect::<Vec<u8>>();
    std::fs::write(
        folder.join("noise"),
        raw(noise.around(&say("en-us", 160, "next"), (0, 0), -80.0)[..1_600].iter().map(|s| s / 200).collect()),
    )
    .unwrap();
    let mut text = String::from("cd \"$(dirname \"$0\")\"\n");
    for (at, (voice, words)) in said.iter().enumerate() {
        let speech = noise.around(&say(voice, 160, words), (400, 500), 20.0);
        std::fs::write(folder.join(format!("speech{at}")), raw(speech)).unwrap();
        // Noise for a tenth of a second at a time, until it is this one's turn.
        text.push_str(&format!("while [ ! -e go{at} ]; do {NOISE}; done\ncat speech{at}\n"));
    }
    text.push_str(&format!("while :; do {NOISE}; done\n"));
    assert!(Command::new("mkfifo").arg(folder.join("wait")).status().unwrap().success());
    // Kept open at both ends, so that reading from it only waits.
    let text = text.replace("< wait", "<&3").replacen("\n", "\nexec 3<>wait\n", 1);
    std::fs::write(folder.join("recorder"), text).unwrap();
    let config = VoiceConfig {
        microphone: Some((need("bash", "bash"), vec![folder.join("recorder").display().to_string()])),
        model: MODEL.into(),
    };
    DeviceSpec::Voice(config)
}

fn go(folder: &Path, at: usize) {
    std::fs::write(folder.join(format!("go{at}")), b"").unwrap();
}

#[test]
fn it_hears_commands_while_told_to_and_in_the_language_told() {
    let folder = tempfile::tempdir().unwrap();
    let said = [("en-us", "skip"), ("en-gb", "seven three"), ("es", "siguiente")];
    let station = Station::start(vec![("microphone", microphone(folder.path(), &said))]);
    station.ready("microphone");
    // Nobody wants to be heard: what is said is thrown away, and the next thing heard is the one after it.
    go(folder.path(), 0);
    let count = || std::fs::read(folder.path().join("count")).unwrap_or_default().len();
    let begun = count();
    until("the first to be over", || (count() > begun + READ_BY_THEN).then_some(()));
    listen(&station, true, VoiceLang::En);
    assert!(listening(&station));
    go(folder.path(), 1);
    assert_eq!(heard(&station), (VoiceLang::En, Some("seven three".to_owned())));
    listen(&station, true, VoiceLang::Es);
    go(folder.path(), 2);
    assert_eq!(heard(&station), (VoiceLang::Es, Some("siguiente".to_owned())));
    listen(&station, false, VoiceLang::Es);
    assert!(!listening(&station));
}

#[test]
fn what_is_missing_is_said() {
    let no_model = VoiceConfig { microphone: None, model: "/nonexistent/model".into() };
    let station = Station::start(vec![("microphone", DeviceSpec::Voice(no_model))]);
    let missing = DeviceStatus::Attention { why: DeviceWarning::RecogniserMissing };
    station.status("microphone", "the missing recogniser", |status| *status == missing);
    listen(&station, true, VoiceLang::En);
    assert!(!listening(&station), "who wants to talk is told that nobody listens");
    let none = VoiceConfig { microphone: Some(("/nonexistent/recorder".into(), Vec::new())), model: MODEL.into() };
    let station = Station::start(vec![("microphone", DeviceSpec::Voice(none))]);
    station.status("microphone", "no recorder", |status| *status == DeviceStatus::Absent);
    // A recorder that ends at once found no microphone.
    let ends = VoiceConfig { microphone: Some((need("false", "coreutils"), Vec::new())), model: MODEL.into() };
    let station = Station::start(vec![("microphone", DeviceSpec::Voice(ends))]);
    station.status("microphone", "no microphone", |status| *status == DeviceStatus::Absent);
}

#[test]
fn complete_silence_is_no_working_microphone() {
    let zeros =
        VoiceConfig { microphone: Some((need("cat", "coreutils"), vec!["/dev/zero".into()])), model: MODEL.into() };
    let station = Station::start(vec![("microphone", DeviceSpec::Voice(zeros))]);
    let silent = DeviceStatus::Attention { why: DeviceWarning::MicrophoneSilent };
    station.status("microphone", "the silence", |status| *status == silent);
}

#[test]
fn the_newest_prompt_ends_an_older_one() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Each prompt hangs on a pipe that nobody opens: only a newer one ends it.
    let text = format!("read line\necho \"$1 $line\" >> '{}'\nexec cat '{}'", log.display(), pipe.display());
    let speaker = script(folder.path(), "speaker", &text);
    let config = SpeechConfig { speaker: Some((speaker, vec!["{lang}".into()])) };
    let station = Station::start(vec![("speech", DeviceSpec::Speech(config))]);
    station.ready("speech");
    let handle = station.supervisor.handle();
    let speak = |text: &str, lang| handle.send(DeviceCommand::Speak { text: format!("{text}\n"), lang }).unwrap();
    let spoken = || std::fs::read_to_string(&log).unwrap_or_default();
    speak("first", "en");
    until("the first prompt", || (spoken() == "en first\n").then_some(()));
    speak("second", "es");
    until("the second prompt", || spoken().ends_with("es second\n").then_some(()));
    handle.send(DeviceCommand::Hush).unwrap();
    speak("third", "ru");
    until("the third prompt", || spoken().ends_with("ru third\n").then_some(()));
    let none = SpeechConfig { speaker: Some(("/nonexistent/speaker".into(), Vec::new())) };
    let station = Station::start(vec![("speech", DeviceSpec::Speech(none))]);
    station.status("speech", "absence", |status| *status == DeviceStatus::Absent);
}

#[test]
fn speech_that_was_handed_on_to_a_server_is_ended_with_its_prompt() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    assert!(Command::new("mkfifo").arg(file("pipe")).status().unwrap().success());
    // Each prompt hangs on a pipe that nobody opens, and the command that ends it does so as well while the file `stuck` is there.
    let text = "cd \"$(dirname \"$0\")\"\necho \"$*\" >> log\nif [ \"$1\" = -C ] && [ ! -e stuck ]; then exit 0; fi\nexec cat pipe";
    let speaker = script(folder.path(), "spd-say", text);
    let args = ["-i", "{volume_signed}", "--", "{text}"].map(str::to_owned).to_vec();
    let config = SpeechConfig { speaker: Some((speaker, args)) };
    let station = Station::start(vec![("speech", DeviceSpec::Speech(config))]);
    station.ready("speech");
    let handle = station.supervisor.handle();
    let speak = |text: &str| handle.send(DeviceCommand::Speak { text: text.into(), lang: "en" }).unwrap();
    let log = |wanted: &str| {
        until(wanted, || (std::fs::read_to_string(file("log")).unwrap_or_default() == wanted).then_some(()));
    };
    speak("first");
    log("-i 100 -- first\n");
    handle.send(DeviceCommand::Hush).unwrap();
    log("-i 100 -- first\n-C\n");
    speak("second");
    log("-i 100 -- first\n-C\n-i 100 -- second\n");
    std::fs::write(file("stuck"), b"").unwrap();
    speak("third");
    log("-i 100 -- first\n-C\n-i 100 -- second\n-C\n-i 100 -- third\n");
}

#[test]
fn a_real_speech_program_speaks_every_language_of_the_station() {
    let folder = tempfile::tempdir().unwrap();
    for lang in ["en", "es", "ms", "ru"] {
        let file = folder.path().join(lang);
        let args = ["-v", "{lang}", "--stdin", "-w"].map(str::to_owned).into_iter().chain([file.display().to_string()]);
        let config = SpeechConfig { speaker: Some((need("espeak-ng", "espeak-ng"), args.collect())) };
        let station = Station::start(vec![("speech", DeviceSpec::Speech(config))]);
        station.ready("speech");
        let handle = station.supervisor.handle();
        handle.send(DeviceCommand::Speak { text: "7 3".into(), lang }).unwrap();
        until("a spoken file", || std::fs::metadata(&file).ok().filter(|about| about.len() > 8_000));
    }
}
