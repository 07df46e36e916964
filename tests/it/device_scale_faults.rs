//! Scales that send what no document says, that nobody named, and that say nothing at all.

use std::sync::Arc;

use packbench::devices::config::{ScaleModel, SerialScaleConfig};
use packbench::devices::scale::{MassUnit, Pattern, PatternText};
use packbench::devices::{DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning, LostReason};

use crate::device_scale_kit::{Pan, Simulated, Speaks};
use crate::device_support::{Pty, Station, write_all};

fn scale(pty: &Pty, model: ScaleModel) -> DeviceSpec {
    DeviceSpec::SerialScale(SerialScaleConfig {
        path: pty.dev(),
        model,
        line: None,
        unit: MassUnit::Kilogram,
        poll_ms: 50,
    })
}

/// The next figure, whichever.
fn figure(station: &Station) -> i64 {
    station.next("a figure", |event| match event {
        DeviceEvent::Weight { reading, .. } => reading.grams,
        _ => None,
    })
}

/// Sends each of these in place of an answer, until it is called garbled; none of them may come out as a weight.
fn never_a_weight(speaks: Speaks, model: &ScaleModel, faulty: &[&'static [u8]]) {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, speaks, Pan::Rests(1_111));
    let station = Station::start(vec![("scale", scale(&pty, model.clone()))]);
    assert_eq!(figure(&station), 1_111);
    for bytes in faulty {
        simulated.set(Pan::Bytes(bytes));
        station.next(&format!("{:?} to be called garbled", bytes.escape_ascii().to_string()), |event| match event {
            DeviceEvent::Weight { reading, .. } => {
                assert!(matches!(reading.grams, None | Some(1_111)), "{} became {reading:?}", bytes.escape_ascii());
                None
            }
            DeviceEvent::Status { status, .. } => {
                (*status == DeviceStatus::Attention { why: DeviceWarning::Garbled }).then_some(())
            }
            _ => None,
        });
        simulated.set(Pan::Rests(1_111));
        station.ready("scale");
    }
}

#[test]
fn faulty_frames_of_mt_sics_are_no_weights() {
    let faulty: &[&[u8]] = &[b"S S 1.250\r\n", b"S S 1.2x5 kg\r\n", b"S S 1.250 st\r\n", b"S\r\n", b"X S 1.250 kg\r\n"];
    never_a_weight(Speaks::MtSics, &ScaleModel::MtSics, faulty);
}

#[test]
fn faulty_frames_of_toledo_are_no_weights() {
    let faulty: &[&[u8]] = &[b"\x02 1.2.5\r", b"\x02?\r", b"\x02 1,250\r", b"\x02N\r", b"\x02 1.250kg\r"];
    never_a_weight(Speaks::Toledo, &ScaleModel::Toledo8217, faulty);
}

#[test]
fn faulty_frames_of_nci_are_no_weights() {
    let faulty: &[&[u8]] = &[
        // One status byte, an announced third that is missing, no mark in them, an unknown unit, the tail of the frame before.
        b"\n1.250kg\r\n0\r\x03",
        b"\n1.250kg\r\n0p\r\x03",
        b"\n1.250kg\r\n\x01\x01\r\x03",
        b"\n1.250st\r\n00\r\x03",
        b".250kg\r\n1.250kg\r\n00\r\x03",
    ];
    never_a_weight(Speaks::Nci { inverted: false }, &ScaleModel::Nci { h1_inverted: false }, faulty);
}

#[test]
fn half_lines_do_not_fit_a_pattern() {
    let expression = r"(?:(?<stable>ST)|(?<unstable>US)),GS,\+ (?<weight>[0-9.]+)(?<unit>kg)".to_owned();
    let pattern = Pattern::new(PatternText { expression, ..PatternText::default() }).unwrap();
    let faulty: &[&[u8]] = &[b"ST,GS,+ 1.2\r\n", b",GS,+ 1.250kg\r\n", b"ST,GS,+ 1.250kgX\r\n", b"ST,GS,+ 1.2.5kg\r\n"];
    never_a_weight(Speaks::ByItself, &ScaleModel::Pattern(Arc::new(pattern)), faulty);
}

#[test]
fn a_megabyte_without_an_end_is_noise_and_the_next_weight_counts() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let station = Station::start(vec![("scale", scale(&pty, ScaleModel::MtSics))]);
    // Connected when it asks for the first time; nobody answers.
    station.status("scale", "the silence", |s| {
        matches!(s, DeviceStatus::Attention { why: DeviceWarning::ScaleSilent { .. } })
    });
    let mut peer = pty.peer();
    for _ in 0..16 {
        write_all(&mut peer, &[b'7'; 1 << 16]);
    }
    station.status("scale", "the noise", |s| *s == DeviceStatus::Attention { why: DeviceWarning::Garbled });
    drop(peer);
    let _simulated = Simulated::start(&pty, Speaks::MtSics, Pan::Rests(640));
    assert_eq!(figure(&station), 640);
    station.ready("scale");
}

/// The language is found out, and asked first after the plug was pulled.
fn is_found_out(speaks: Speaks) {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, speaks, Pan::Rests(2_500));
    let station = Station::start(vec![("scale", scale(&pty, ScaleModel::FindOut))]);
    assert_eq!(figure(&station), 2_500);
    station.ready("scale");
    let asked = simulated.heard.lock().unwrap().clone();
    assert!(!asked.contains(&b'Z') && !asked.contains(&b'T'), "finding out zeroes nothing");
    drop(simulated);
    pty.unplug();
    station.status("scale", "the loss", |s| matches!(s, DeviceStatus::Lost { .. }));
    let pty = Pty::start(folder.path());
    let simulated = Simulated::start(&pty, speaks, Pan::Rests(700));
    assert_eq!(figure(&station), 700);
    let again = simulated.heard.lock().unwrap().len();
    assert!(again < asked.len(), "the language that was found before is asked first: {again} bytes, {}", asked.len());
}

#[test]
fn nci_is_found_out() {
    is_found_out(Speaks::Nci { inverted: false });
}

#[test]
fn adam_is_found_out() {
    is_found_out(Speaks::Adam);
}

#[test]
fn toledo_is_found_out() {
    is_found_out(Speaks::Toledo);
}

#[test]
fn a_port_where_nobody_answers_is_lost_and_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let station = Station::start(vec![("scale", scale(&pty, ScaleModel::FindOut))]);
    station.status("scale", "the silence", |s| matches!(s, DeviceStatus::Lost { reason: LostReason::Silent, .. }));
}
