//! The stack light on a real pseudo-terminal: its bytes for each state, the way back to idle, unplugging.

use std::time::{Duration, Instant};

use packbench::devices::light::{LightState, StackLightConfig};
use packbench::devices::{DeviceCommand, DeviceSpec, DeviceStatus, LineSettings};

use crate::device_support::{Pty, Station, read_some, until};

fn light(pty: &Pty, hold_ms: u64) -> DeviceSpec {
    DeviceSpec::StackLight(StackLightConfig {
        path: pty.dev(),
        line: LineSettings::n81(9_600),
        hold_ms,
        idle: vec![0x11],
        good: b"G\r".to_vec(),
        refused: vec![0x02, 0xff, 0x03],
        attention: b"A".to_vec(),
        // Nothing: this light has no lamp for a finished order.
        done: Vec::new(),
    })
}

fn show(station: &Station, state: LightState) {
    station.supervisor.handle().send(DeviceCommand::Light(state)).unwrap();
}

/// Reads until exactly these bytes have come.
fn comes(peer: &mut std::fs::File, expected: &[u8]) {
    let mut held = Vec::new();
    until(&format!("{expected:02x?}"), || {
        held.extend(read_some(peer));
        assert!(expected.starts_with(&held), "{held:02x?} came instead of {expected:02x?}");
        (held == expected).then_some(())
    });
}

#[test]
fn each_state_has_its_bytes_and_an_outcome_goes_out_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let mut peer = pty.peer();
    let station = Station::start(vec![("tower", light(&pty, 100))]);
    station.ready("tower");
    comes(&mut peer, &[0x11]);
    show(&station, LightState::Refused);
    comes(&mut peer, &[0x02, 0xff, 0x03, 0x11]);
    show(&station, LightState::Good);
    comes(&mut peer, b"G\r\x11");
    // A finished order sends nothing, and the light is idle afterwards.
    show(&station, LightState::Done);
    comes(&mut peer, &[0x11]);
    // Attention stays until the next state: no idle comes between.
    show(&station, LightState::Attention);
    comes(&mut peer, b"A");
    show(&station, LightState::Good);
    comes(&mut peer, b"G\r\x11");
}

#[test]
fn an_unplugged_light_comes_back_with_what_is_now() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let mut peer = pty.peer();
    let station = Station::start(vec![("tower", light(&pty, 60_000))]);
    station.ready("tower");
    comes(&mut peer, &[0x11]);
    drop(peer);
    pty.unplug();
    station.status("tower", "the loss", |s| matches!(s, DeviceStatus::Lost { .. }));
    show(&station, LightState::Attention);
    let pty = Pty::start(folder.path());
    let mut peer = pty.peer();
    station.ready("tower");
    comes(&mut peer, b"A");
}

#[test]
fn a_light_that_is_plugged_in_is_lit_at_once_and_not_at_the_end_of_a_pause() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("dev");
    let pty = Pty::start(folder.path());
    let spec = light(&pty, 60_000);
    pty.unplug();
    assert!(!absent.exists());
    // Pauses of at least ten seconds.
    let station = Station::start_within(vec![("tower", spec)], (20_000, 20_000));
    station.status("tower", "absence", |s| *s == DeviceStatus::Absent);
    let pty = Pty::start(folder.path());
    let begun = Instant::now();
    comes(&mut pty.peer(), &[0x11]);
    assert!(begun.elapsed() < Duration::from_secs(5), "after {:?}", begun.elapsed());
}
