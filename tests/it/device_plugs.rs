//! A scanner and a scale that are pulled out and plugged in a hundred times in the middle of what they say: nothing whole is
//! lost, nothing comes twice, nothing half counts, and nothing is shown ready that is not.

use std::collections::BTreeMap;

use packbench::devices::config::{ScaleModel, ScanFeedback, ScanFraming, SerialScaleConfig, SerialScannerConfig};
use packbench::devices::scale::MassUnit;
use packbench::devices::scanner::ScanFault;
use packbench::devices::{DeviceEvent, DeviceSpec, DeviceStatus, LineSettings};

use crate::device_pty::{Chance, Plug};
use crate::device_support::{Station, until};

/// Rounds of plugging in and pulling out.
const ROUNDS: usize = 100;
/// Pauses between tries in these tests, ms.
const PAUSES: (u64, u64) = (10, 20);
/// The seed of the moments at which the plug is pulled.
const SEED: u64 = 0x5eed_0005;

/// A scanner whose codes end by a terminator alone, however slow this machine is.
pub fn scanner(path: &std::path::Path) -> DeviceSpec {
    DeviceSpec::SerialScanner(SerialScannerConfig {
        path: path.to_path_buf(),
        line: LineSettings::n81(9_600),
        framing: ScanFraming { idle_ms: None, ..ScanFraming::default() },
        feedback: ScanFeedback::default(),
    })
}

/// A scale that speaks MT-SICS.
pub fn scale(path: &std::path::Path) -> DeviceSpec {
    DeviceSpec::SerialScale(SerialScaleConfig {
        path: path.to_path_buf(),
        model: ScaleModel::MtSics,
        line: None,
        unit: MassUnit::Gram,
        poll_ms: 50,
    })
}

/// The answer of such a scale.
pub fn sics(grams: usize) -> Vec<u8> {
    format!("S S {:>6}.{:03}0 kg\r\n", grams / 1_000, grams % 1_000).into_bytes()
}

fn lost(status: &DeviceStatus) -> bool {
    matches!(status, DeviceStatus::Lost { .. })
}

/// Looks at what came: whole codes are counted, a half one may only be a fault.
fn count(station: &Station, came: &mut BTreeMap<String, u32>) {
    for event in station.said() {
        match event {
            DeviceEvent::Scan { bytes, .. } => {
                *came.entry(String::from_utf8(bytes).expect("text")).or_default() += 1;
            }
            DeviceEvent::ScanFault { fault, .. } => {
                assert!(matches!(fault, ScanFault::Cut { .. }), "{fault:?}");
            }
            _ => {}
        }
    }
}

#[test]
fn a_scanner_pulled_out_a_hundred_times_loses_no_whole_code_and_counts_no_half_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("usb-Scanner_S1");
    let station = Station::start_within(vec![("s", scanner(&path))], PAUSES);
    let mut chance = Chance(SEED);
    let (mut came, mut sure, mut perhaps) = (BTreeMap::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let mut plug = Plug::insert(&path);
        station.stands("s", "readiness", |s| *s == DeviceStatus::Ready);
        for n in 0..chance.below(4) {
            let code = format!("R{round:03}-{n}-0501234567890");
            plug.send(format!("{code}\r\n").as_bytes());
            sure.push(code);
        }
        until("what was sent whole", || {
            count(&station, &mut came);
            sure.iter().all(|code| came.contains_key(code)).then_some(())
        });
        let late = format!("R{round:03}-L-0501234567890");
        let whole = format!("{late}\r\n");
        // Anywhere in the next code, also right after its end: then it may have been read, or have gone with the line.
        let cut = chance.below(whole.len() + 1);
        plug.send(&whole.as_bytes()[..cut]);
        if cut > late.len() {
            perhaps.push(late);
        }
        plug.pull();
        station.stands("s", "the loss", lost);
        assert!(lost(&station.now("s")), "without its plug it is not ready");
    }
    count(&station, &mut came);
    let known = |code: &String| sure.contains(code) || perhaps.contains(code);
    for (code, times) in &came {
        assert!(known(code), "{code:?} was never sent whole");
        assert_eq!(*times, 1, "{code} came twice");
    }
    assert!(sure.iter().all(|code| came.contains_key(code)), "a whole code was lost");
    assert!(sure.len() > ROUNDS, "the run was worth it");
}

#[test]
fn a_scale_pulled_out_a_hundred_times_never_tells_half_a_figure() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("usb-Scale_1");
    let station = Station::start_within(vec![("scale", scale(&path))], PAUSES);
    let mut chance = Chance(SEED);
    let mut told = 0;
    for round in 0..ROUNDS {
        // Figures of one round are told apart from the next one's, and no head of one is another.
        let grams = 10_000 + round * 10;
        let mut plug = Plug::insert(&path);
        let whole = 1 + chance.below(3);
        for _ in 0..whole {
            until("a question", || (plug.heard().windows(2).any(|w| w == b"SI")).then_some(()));
            plug.send(&sics(grams));
        }
        station.stands("scale", "readiness", |s| *s == DeviceStatus::Ready);
        let frame = sics(grams + 1);
        plug.send(&frame[..chance.below(frame.len() - 1)]);
        plug.pull();
        station.stands("scale", "the loss", lost);
        for event in station.said() {
            if let DeviceEvent::Weight { reading, .. } = event {
                assert_eq!(reading.grams, Some(i64::try_from(grams).unwrap()), "half a figure in round {round}");
                told += 1;
            }
        }
    }
    assert!(told >= ROUNDS, "each round told its weight: {told}");
}

#[test]
fn a_replaced_device_of_the_same_model_is_found_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let station = Station::start_within(vec![("s", scanner(&folder.path().join("usb-ACME_Scanner_*-if00")))], PAUSES);
    station.stands("s", "absence", |s| *s == DeviceStatus::Absent);
    for serial in ["A100", "B200", "C300"] {
        let mut plug = Plug::insert(&folder.path().join(format!("usb-ACME_Scanner_{serial}-if00")));
        station.stands("s", "readiness", |s| *s == DeviceStatus::Ready);
        plug.send(format!("{serial}\r").as_bytes());
        let read = station.next("a scan", |event| match event {
            DeviceEvent::Scan { bytes, .. } => Some(bytes.clone()),
            _ => None,
        });
        assert_eq!(read, serial.as_bytes());
        plug.pull();
        station.stands("s", "the loss", lost);
    }
}
