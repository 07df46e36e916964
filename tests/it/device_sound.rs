//! The station's voice through a real player (aplay into ALSA's file writer: no sound card needed) and through programs that
//! block, fail or are missing.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use packbench::devices::config::SoundConfig;
use packbench::devices::sound::{SoundName, synth};
use packbench::devices::{DeviceCommand, DeviceSpec, DeviceStatus, DeviceWarning};

use crate::device_support::{Station, need, until};

fn sound(player: PathBuf, args: Vec<String>, volume_percent: u8, muted: bool) -> DeviceSpec {
    DeviceSpec::Sound(SoundConfig { volume_percent, muted, player: Some((player, args)) })
}

fn play(station: &Station, name: SoundName) {
    station.supervisor.handle().send(DeviceCommand::Sound(name)).unwrap();
}

fn started(station: &Station) -> u64 {
    station.supervisor.handle().sound().unwrap().latency().started
}

/// A player that writes down the file's name and then runs `rest`.
fn script(folder: &Path, rest: &str) -> PathBuf {
    let path = folder.join("player");
    let log = folder.join("log");
    std::fs::write(&path, format!("#!/bin/sh\nbasename \"$1\" >> '{}'\n{rest}\n", log.display())).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn log(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_real_player_plays_the_drawn_samples() {
    let aplay = need("aplay", "alsa-utils");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("heard.raw");
    let device = format!("file:'{}',raw", out.display());
    let station = Station::start(vec![("voice", sound(aplay, vec!["-q".into(), "-D".into(), device], 70, false))]);
    station.ready("voice");
    play(&station, SoundName::OrderDone);
    let expected: Vec<u8> =
        synth::samples(SoundName::OrderDone, 70).iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let heard = until("the heard samples", || {
        let heard = std::fs::read(&out).unwrap_or_default();
        (heard.len() >= expected.len()).then_some(heard)
    });
    assert_eq!(heard[..expected.len()], expected[..]);
    assert!(heard[expected.len()..].iter().all(|byte| *byte == 0), "only silence follows");
    // The samples may be heard before the player's start is written down.
    let latency = until("the start on record", || {
        Some(station.supervisor.handle().sound().unwrap().latency()).filter(|latency| latency.started > 0)
    });
    assert_eq!(latency.started, 1);
    assert!(latency.last_us > 0 && latency.max_us >= latency.last_us);
}

#[test]
fn a_refusal_ends_what_plays_and_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    // The player of a signal hangs on a pipe that nobody opens; only a refusal's player ends by itself.
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let rest = format!("case \"$1\" in */stop-*) exit 0;; esac\nexec cat '{}'", pipe.display());
    let player = script(folder.path(), &rest);
    let station = Station::start(vec![("voice", sound(player, Vec::new(), 80, false))]);
    station.ready("voice");
    play(&station, SoundName::Call);
    until("the hanging signal", || (log(folder.path()) == ["call-80.wav"]).then_some(()));
    for _ in 0..6 {
        play(&station, SoundName::Ok);
    }
    assert_eq!(station.supervisor.handle().sound().unwrap().waiting(), 4, "the oldest signals gave way");
    play(&station, SoundName::Stop);
    until("the refusal", || (log(folder.path()) == ["call-80.wav", "stop-80.wav"]).then_some(()));
    // The player may have written its line before its start is on record.
    until("both starts on record", || (started(&station) == 2).then_some(()));
}

#[test]
fn muted_starts_no_player_and_the_volume_counts() {
    let folder = tempfile::tempdir().unwrap();
    let station = Station::start(vec![("voice", sound(script(folder.path(), ""), Vec::new(), 80, true))]);
    station.ready("voice");
    play(&station, SoundName::Stop);
    let taken = || (station.supervisor.handle().sound().unwrap().waiting() == 0).then_some(());
    until("the muted signal to be taken", taken);
    // When the next one is taken, the first is done with.
    play(&station, SoundName::Wait);
    until("the second muted signal to be taken", taken);
    assert_eq!(started(&station), 0);
    let handle = station.supervisor.handle();
    handle.send(DeviceCommand::SoundLevel { volume_percent: 30, muted: false }).unwrap();
    play(&station, SoundName::Ok);
    until("the loud signal", || log(folder.path()).last().cloned().filter(|name| name == "ok-30.wav"));
    assert!(!log(folder.path()).iter().any(|name| name.starts_with("stop")), "the muted refusal made no sound");
}

#[test]
fn a_missing_player_is_a_status_and_a_failing_one_a_warning() {
    let missing = Station::start(vec![("voice", sound("/nonexistent/player".into(), Vec::new(), 80, false))]);
    missing.status("voice", "absence", |s| *s == DeviceStatus::Absent);
    play(&missing, SoundName::Stop);
    let failing = Station::start(vec![("voice", sound(need("false", "coreutils"), Vec::new(), 80, false))]);
    failing.ready("voice");
    play(&failing, SoundName::Ok);
    until("the first failure", || (started(&failing) == 1).then_some(()));
    play(&failing, SoundName::Ok);
    failing.status("voice", "the warning", |s| *s == DeviceStatus::Attention { why: DeviceWarning::PlayerFails });
}
