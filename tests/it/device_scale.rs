//! Scales on real pseudo-terminals against a simulated scale that speaks the documented protocols, and the virtual scale.

use std::sync::Arc;

use packbench::devices::config::{ScaleModel, SerialScaleConfig};
use packbench::devices::scale::{
    MassUnit, Pattern, PatternText, Reading, ScaleVerb, Stability, Standing, standing, usable,
};
use packbench::devices::virtual_::VirtualScale;
use packbench::devices::{
    AdjustOutcome, DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning, LostReason, SendError,
};

use crate::device_scale_kit::{Pan, Simulated, Speaks};
use crate::device_support::{Pty, Station, id};

/// Lines of the scale that talks by itself, as a site describes them.
const LINES: &str =
    r"(?:(?<stable>ST)|(?<unstable>US)|(?<over>OL)|(?<under>UL))(?:,GS)?,?(?<weight>[-+ 0-9.]+)?(?<unit>kg|g|lb)?";

fn model_of(speaks: Speaks) -> ScaleModel {
    match speaks {
        Speaks::MtSics => ScaleModel::MtSics,
        Speaks::Toledo => ScaleModel::Toledo8217,
        Speaks::Nci { inverted } => ScaleModel::Nci { h1_inverted: inverted },
        Speaks::Adam => ScaleModel::Adam,
        Speaks::ByItself => {
            let text = PatternText { expression: LINES.to_owned(), ..PatternText::default() };
            ScaleModel::Pattern(Arc::new(Pattern::new(text).unwrap()))
        }
    }
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
fn tells_all_states(speaks: Speaks) {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, speaks, Pan::Rests(1_250));
    let station = Station::start(vec![("scale", scale(&pty, model_of(speaks)))]);
    let rests = reading(&station, "a resting load", |r| r.grams == Some(1_250));
    assert!(rests.stable && usable(&rests, rests.at_mono_ms));
    simulated.set(Pan::Moves(900));
    let moves = reading(&station, "a moving load", |r| !r.stable && !r.overload && !r.underload);
    assert!(!usable(&moves, moves.at_mono_ms), "a moving load never counts");
    simulated.set(Pan::Over);
    let over = reading(&station, "overload", |r| r.overload);
    assert_eq!(standing(&over, over.at_mono_ms), Standing::Over);
    station.status("scale", "overload", |s| *s == DeviceStatus::Attention { why: DeviceWarning::ScaleOver });
    assert_eq!(over.grams, None, "no figure is made up");
    simulated.set(Pan::Under);
    let under = reading(&station, "underload", |r| r.underload);
    assert_eq!(standing(&under, under.at_mono_ms), Standing::Under);
    station.status("scale", "underload", |s| *s == DeviceStatus::Attention { why: DeviceWarning::ScaleUnder });
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
    assert_eq!(standing(&last, now), Standing::Stale, "a silent scale's last weight never counts");
    simulated.set(Pan::Rests(8));
    reading(&station, "the load after the silence", |r| r.grams == Some(8));
}

#[test]
fn mt_sics_tells_all_states() {
    tells_all_states(Speaks::MtSics);
}

#[test]
fn toledo_8217_tells_all_states() {
    tells_all_states(Speaks::Toledo);
}

#[test]
fn nci_tells_all_states() {
    tells_all_states(Speaks::Nci { inverted: false });
}

#[test]
fn nci_with_an_inverted_status_tells_all_states() {
    tells_all_states(Speaks::Nci { inverted: true });
}

#[test]
fn a_scale_that_the_site_describes_and_that_talks_by_itself_tells_all_states() {
    tells_all_states(Speaks::ByItself);
}

#[test]
fn adam_is_neither_called_well_nor_lost_while_it_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, Speaks::Adam, Pan::Rests(1_250));
    let station = Station::start(vec![("scale", scale(&pty, ScaleModel::Adam))]);
    let first = reading(&station, "the first weight", |r| r.grams == Some(1_250));
    assert!(usable(&first, first.at_mono_ms));
    station.status("scale", "quiet", |s| *s == DeviceStatus::Attention { why: DeviceWarning::ScaleQuiet });
    let now = station.supervisor.clock().mono_ms();
    assert_eq!(standing(&first, now), Standing::Stale, "what it said before the quiet does not count for now");
    simulated.set(Pan::Rests(800));
    station.ready("scale");
    reading(&station, "the changed weight", |r| r.grams == Some(800));
    simulated.set(Pan::Over);
    reading(&station, "overload", |r| r.overload);
    station.supervisor.handle().send(DeviceCommand::Tare { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Tare, AdjustOutcome::Asked));
    simulated.set(Pan::Nonsense);
    station.status("scale", "the nonsense", |s| *s == DeviceStatus::Attention { why: DeviceWarning::Garbled });
}

#[test]
fn nci_tells_by_its_state_what_became_of_zero_and_tare() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, Speaks::Nci { inverted: false }, Pan::Rests(400));
    let station = Station::start(vec![("scale", scale(&pty, ScaleModel::Nci { h1_inverted: false }))]);
    station.ready("scale");
    let handle = station.supervisor.handle();
    handle.send(DeviceCommand::Tare { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Tare, AdjustOutcome::Done));
    simulated.set(Pan::Rests(300));
    handle.send(DeviceCommand::Zero { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Zero, AdjustOutcome::Done));
    reading(&station, "zero", |r| r.grams == Some(0));
    simulated.set(Pan::Moves(300));
    handle.send(DeviceCommand::Zero { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Zero, AdjustOutcome::Refused));
}

#[test]
fn mt_sics_zero_and_tare_are_confirmed_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, Speaks::MtSics, Pan::Rests(400));
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
    let simulated = Simulated::start(&pty, Speaks::Toledo, Pan::Rests(400));
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
    let simulated = Simulated::start(&pty, Speaks::MtSics, Pan::Rests(10));
    let station = Station::start(vec![("scale", scale(&pty, ScaleModel::MtSics))]);
    reading(&station, "a weight", |r| r.grams == Some(10));
    drop(simulated);
    pty.unplug();
    station.status("scale", "the loss", |s| matches!(s, DeviceStatus::Lost { reason: LostReason::Disconnected, .. }));
    station.supervisor.handle().send(DeviceCommand::Zero { scale: id("scale") }).unwrap();
    assert_eq!(adjusted(&station), (ScaleVerb::Zero, AdjustOutcome::NoAnswer), "a lost scale answers at once");
    let pty = Pty::start(folder.path());
    let _simulated = Simulated::start(&pty, Speaks::MtSics, Pan::Rests(20));
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
