//! Scales on real pseudo-terminals against a simulated scale that speaks the documented protocols, and the virtual scale.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use packbench::devices::config::{ScaleModel, SerialScaleConfig};
use packbench::devices::scale::{MassUnit, Reading, ScaleVerb, Stability, usable};
use packbench::devices::virtual_::VirtualScale;
use packbench::devices::{
    AdjustOutcome, DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning, LostReason, SendError,
};

use crate::device_support::{Pty, Station, id, read_some, write_all};

/// What lies on the simulated scale.
#[derive(Clone, Copy)]
enum Pan {
    Rests(i64),
    Moves(i64),
    Over,
    Under,
    Silent,
    Nonsense,
}

/// A scale at the other end of the line, in a thread of its own.
struct Simulated {
    pan: Arc<Mutex<Pan>>,
    heard: Arc<Mutex<Vec<u8>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Simulated {
    fn start(pty: &Pty, model: ScaleModel, pan: Pan) -> Self {
        let pan = Arc::new(Mutex::new(pan));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (mut line, shared, log, ends) = (pty.peer(), Arc::clone(&pan), Arc::clone(&heard), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("simulated-scale".into())
            .spawn(move || {
                let mut held = Vec::new();
                while !ends.load(Ordering::SeqCst) {
                    let bytes = read_some(&mut line);
                    if bytes.is_empty() {
                        std::thread::park_timeout(Duration::from_millis(2));
                        continue;
                    }
                    log.lock().unwrap().extend_from_slice(&bytes);
                    held.extend_from_slice(&bytes);
                    let answer = match model {
                        ScaleModel::MtSics => sics(&mut held, &shared),
                        ScaleModel::Toledo8217 => toledo(&mut held, &shared),
                    };
                    write_all(&mut line, &answer);
                }
            })
            .unwrap();
        Self { pan, heard, stop, thread: Some(thread) }
    }

    fn set(&self, pan: Pan) {
        *self.pan.lock().unwrap() = pan;
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn sics(held: &mut Vec<u8>, pan: &Mutex<Pan>) -> Vec<u8> {
    let mut out = String::new();
    while let Some(end) = held.iter().position(|byte| *byte == b'\n') {
        let line: Vec<u8> = held.drain(..=end).collect();
        let mut pan = pan.lock().unwrap();
        let kilograms = |g: i64| format!("{:>6}.{:03}0 kg", g / 1_000, g % 1_000);
        let answer = match (line.trim_ascii(), *pan) {
            (_, Pan::Silent) => continue,
            (_, Pan::Nonsense) => "%%%%".into(),
            (b"SI", Pan::Rests(g)) => format!("S S {}", kilograms(g)),
            (b"SI", Pan::Moves(g)) => format!("S D {}", kilograms(g)),
            (b"SI", Pan::Over) => "S +".into(),
            (b"SI", Pan::Under) => "S -".into(),
            (b"Z", Pan::Rests(_)) => {
                *pan = Pan::Rests(0);
                "Z A".into()
            }
            (b"Z", _) => "Z I".into(),
            (b"T", Pan::Rests(g)) => {
                *pan = Pan::Rests(0);
                format!("T S {}", kilograms(g))
            }
            (b"T", _) => "T I".into(),
            _ => "ES".into(),
        };
        out.push_str(&answer);
        out.push_str("\r\n");
    }
    out.into_bytes()
}

fn toledo(held: &mut Vec<u8>, pan: &Mutex<Pan>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut echo = false;
    for byte in held.drain(..) {
        let mut pan = pan.lock().unwrap();
        match (byte, *pan) {
            (_, Pan::Silent) => {}
            (b'E', _) => {
                echo = true;
                out.extend_from_slice(b"\x02E\r");
            }
            (b'F', _) => echo = false,
            (other, _) if echo => out.push(other),
            (b'Z', _) => *pan = Pan::Rests(0),
            (b'W', Pan::Rests(g)) => out.extend_from_slice(format!("\x02 {}.{:03}\r", g / 1_000, g % 1_000).as_bytes()),
            (b'W', Pan::Moves(_)) => out.extend_from_slice(b"\x02?\x41\r"),
            (b'W', Pan::Over) => out.extend_from_slice(b"\x02?\x42\r"),
            (b'W', Pan::Under) => out.extend_from_slice(b"\x02?\x44\r"),
            (b'W', Pan::Nonsense) => out.extend_from_slice(b"\x02@@@\r"),
            _ => {}
        }
    }
    out
}

fn scale(pty: &Pty, model: ScaleModel) -> DeviceSpec {
    DeviceSpec::SerialScale(SerialScaleConfig {
        path: pty.dev(),
        model,
        line: None,
        unit: MassUnit::Kilogram,
        poll_ms: 50,
    })
}

fn reading(station: &Station, what: &str, wanted: impl Fn(&Reading) -> bool) -> Reading {
    station.next(what, |event| match event {
        DeviceEvent::Weight { reading, .. } if wanted(reading) => Some(*reading),
        _ => None,
    })
}

fn adjusted(station: &Station) -> (ScaleVerb, AdjustOutcome) {
    station.next("the end of an adjustment", |event| match event {
        DeviceEvent::Adjusted { verb, outcome, .. } => Some((*verb, *outcome)),
        _ => None,
    })
}

/// The states every protocol must tell.
fn tells_all_states(model: ScaleModel) {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, model, Pan::Rests(1_250));
    let station = Station::start(vec![("scale", scale(&pty, model))]);
    let rests = reading(&station, "a resting load", |r| r.grams == Some(1_250));
    assert!(rests.stable && usable(&rests, rests.at_mono_ms));
    simulated.set(Pan::Moves(900));
    let moves = reading(&station, "a moving load", |r| !r.stable && !r.overload && !r.underload);
    assert!(!usable(&moves, moves.at_mono_ms), "a moving load never counts");
    simulated.set(Pan::Over);
    let over = reading(&station, "overload", |r| r.overload);
    assert!(!usable(&over, over.at_mono_ms));
    assert_eq!(over.grams, None, "no figure is made up");
    simulated.set(Pan::Under);
    let under = reading(&station, "underload", |r| r.underload);
    assert!(!usable(&under, under.at_mono_ms));
    simulated.set(Pan::Nonsense);
    station.status("scale", "the nonsense", |s| *s == DeviceStatus::Attention { why: DeviceWarning::Garbled });
    simulated.set(Pan::Rests(7));
    station.ready("scale");
    let last = reading(&station, "the load after it", |r| r.grams == Some(7));
    simulated.set(Pan::Silent);
    station.status("scale", "the silence", |s| {
        matches!(s, DeviceStatus::Attention { why: DeviceWarning::ScaleSilent { silent_ms } } if *silent_ms >= 1_000)
    });
    let now = station.supervisor.clock().mono_ms();
    assert!(!usable(&last, now), "a silent scale's last weight never counts");
    simulated.set(Pan::Rests(8));
    reading(&station, "the load after the silence", |r| r.grams == Some(8));
}

#[test]
fn mt_sics_tells_all_states() {
    tells_all_states(ScaleModel::MtSics);
}

#[test]
fn toledo_8217_tells_all_states() {
    tells_all_states(ScaleModel::Toledo8217);
}

#[test]
fn mt_sics_zero_and_tare_are_confirmed_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, ScaleModel::MtSics, Pan::Rests(400));
    let station = Station::start(vec![("scale", scale(&pty, ScaleModel::MtSics))]);
    station.ready("scale");
    let handle = station.supervisor.handle();
    handle.send(DeviceCommand::Tare { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Tare, AdjustOutcome::Done));
    reading(&station, "the net weight", |r| r.grams == Some(0));
    simulated.set(Pan::Moves(300));
    handle.send(DeviceCommand::Zero { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Zero, AdjustOutcome::Refused));
    simulated.set(Pan::Silent);
    handle.send(DeviceCommand::Zero { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Zero, AdjustOutcome::NoAnswer));
    assert_eq!(
        handle.send(DeviceCommand::Zero { scale: id("other") }),
        Err(SendError::Unknown { device: "other".into() })
    );
}

#[test]
fn toledo_greets_leaves_the_echo_and_knows_no_tare() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, ScaleModel::Toledo8217, Pan::Rests(400));
    let station = Station::start(vec![("scale", scale(&pty, ScaleModel::Toledo8217))]);
    reading(&station, "a weight", |r| r.grams == Some(400));
    assert!(simulated.heard.lock().unwrap().starts_with(b"EhelloFW"));
    let handle = station.supervisor.handle();
    handle.send(DeviceCommand::Tare { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Tare, AdjustOutcome::Unsupported));
    handle.send(DeviceCommand::Zero { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Zero, AdjustOutcome::Asked));
    reading(&station, "zero", |r| r.grams == Some(0));
}

#[test]
fn an_unplugged_scale_returns() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, ScaleModel::MtSics, Pan::Rests(10));
    let station = Station::start(vec![("scale", scale(&pty, ScaleModel::MtSics))]);
    reading(&station, "a weight", |r| r.grams == Some(10));
    drop(simulated);
    pty.unplug();
    station.status("scale", "the loss", |s| matches!(s, DeviceStatus::Lost { reason: LostReason::Disconnected, .. }));
    station.supervisor.handle().send(DeviceCommand::Zero { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Zero, AdjustOutcome::NoAnswer), "a lost scale answers at once");
    let pty = Pty::start(folder.path());
    let _simulated = Simulated::start(&pty, ScaleModel::MtSics, Pan::Rests(20));
    reading(&station, "the weight after the return", |r| r.grams == Some(20));
}

#[test]
fn the_virtual_scale_drives_the_same_driver_and_the_gate_settles() {
    let panel = VirtualScale::new(30_000);
    let station = Station::start(vec![("v", DeviceSpec::VirtualScale(panel.clone()))]);
    station.ready("v");
    panel.place(1_320, false);
    let moving = reading(&station, "motion", |r| r.grams == Some(1_320) && !r.stable);
    let mut gate = Stability::new(2, 1);
    gate.observe(moving);
    assert_eq!(gate.settled(moving.at_mono_ms), None);
    panel.place(1_320, true);
    let settled = station.next("a settled weight", |event| match event {
        DeviceEvent::Weight { reading, .. } => {
            gate.observe(*reading);
            gate.settled(reading.at_mono_ms)
        }
        _ => None,
    });
    assert_eq!(settled, 1_320);
    panel.place(30_001, true);
    reading(&station, "overload", |r| r.overload);
    panel.place(250, true);
    station.supervisor.handle().send(DeviceCommand::Tare { scale: id("v") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Tare, AdjustOutcome::Done));
    panel.place(750, true);
    reading(&station, "the net weight", |r| r.grams == Some(500));
    panel.set_plugged(false);
    station.status("v", "the pulled plug", |s| matches!(s, DeviceStatus::Lost { .. }));
}
