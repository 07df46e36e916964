//! HID scanners and scales report by report, by their own drivers and without a bus: what a scanner is told of its codes, and that no code
//! waits for that. With a bus they are in `usb_guest`.

use packbench::devices::scale::Reading;
use packbench::devices::usb::VirtualHid;
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning};

use crate::device_support::{Station, id, until};
use crate::hid_kit::{ERROR_BEEP, GOOD_BEEP, POS, TRIGGER, WEIGHING, pos_report};

fn read(scanner: &VirtualHid, code: &str) {
    scanner.report(&pos_report("]C0", code.as_bytes(), false)).unwrap();
}

fn next_code(station: &Station) -> String {
    station.next("a code", |event| match event {
        DeviceEvent::Scan { bytes, .. } => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    })
}

fn verdict(station: &Station, good: bool) {
    station.supervisor.handle().send(DeviceCommand::Verdict { scanner: id("s1"), good }).unwrap();
}

#[test]
fn a_hid_scanner_is_told_whether_its_code_counted() {
    let scanner = VirtualHid::new(&[POS, TRIGGER].concat()).unwrap();
    let station = Station::start(vec![("s1", DeviceSpec::VirtualHid(scanner.clone()))]);
    station.ready("s1");
    for (good, wanted) in [(true, GOOD_BEEP), (false, ERROR_BEEP), (true, GOOD_BEEP)] {
        read(&scanner, "50123");
        assert_eq!(next_code(&station), "50123");
        verdict(&station, good);
        let told = until("the report to the scanner", || Some(scanner.told()).filter(|told| !told.is_empty()));
        assert_eq!(told, [wanted.to_vec()]);
    }
    // What went both ways is on the device screen.
    let live = station.supervisor.handle().live();
    let pieces = &live[0].1.pieces;
    assert!(pieces.iter().any(|p| p.bytes.starts_with(&[2, 5])), "{pieces:?}");
    assert!(pieces.iter().any(|p| p.bytes == GOOD_BEEP || p.bytes == ERROR_BEEP), "{pieces:?}");
}

#[test]
fn two_hundred_codes_all_arrive_in_order_while_the_scanner_is_told_of_each() {
    let scanner = VirtualHid::new(&[POS, TRIGGER].concat()).unwrap();
    let station = Station::start(vec![("s1", DeviceSpec::VirtualHid(scanner.clone()))]);
    station.ready("s1");
    for n in 0..200 {
        read(&scanner, &format!("CODE-{n:03}"));
    }
    for n in 0..200 {
        assert_eq!(next_code(&station), format!("CODE-{n:03}"));
        // More than wait at one device: those beyond are refused, and no code is.
        let _ = station.supervisor.handle().send(DeviceCommand::Verdict { scanner: id("s1"), good: n % 2 == 0 });
    }
    read(&scanner, "AFTER");
    assert_eq!(next_code(&station), "AFTER");
}

#[test]
fn a_hid_scanner_without_beeps_is_told_nothing() {
    let scanner = VirtualHid::new(POS).unwrap();
    let station = Station::start(vec![("s1", DeviceSpec::VirtualHid(scanner.clone()))]);
    station.ready("s1");
    for code in ["ONE", "TWO", "THREE"] {
        read(&scanner, code);
        assert_eq!(next_code(&station), code);
        verdict(&station, true);
    }
    read(&scanner, "LAST");
    assert_eq!(next_code(&station), "LAST", "the verdicts before it were taken");
    assert_eq!(scanner.told(), Vec::<Vec<u8>>::new());
}

#[test]
fn a_hid_scale_weighs_by_its_reports() {
    let scale = VirtualHid::new(WEIGHING).unwrap();
    let station = Station::start(vec![("w1", DeviceSpec::VirtualHid(scale.clone()))]);
    scale.report(&[3, 4, 3, 0xfd, 0xe2, 0x04]).unwrap();
    let reading = station.next("1.250 kg", |event| match event {
        DeviceEvent::Weight { reading, .. } => Some(*reading),
        _ => None,
    });
    assert!(matches!(reading, Reading { grams: Some(1_250), stable: true, .. }), "{reading:?}");
    assert!(VirtualHid::new(&POS[..20]).is_err(), "half a descriptor is no unit");
}

#[test]
fn a_hid_scale_that_cannot_weigh_says_why() {
    let scale = VirtualHid::new(WEIGHING).unwrap();
    let station = Station::start(vec![("w1", DeviceSpec::VirtualHid(scale.clone()))]);
    for (state, why) in [
        (6, DeviceWarning::ScaleOver),
        (5, DeviceWarning::ScaleUnder),
        (8, DeviceWarning::ScaleNeedsZero),
        (7, DeviceWarning::ScaleUncalibrated),
        (1, DeviceWarning::ScaleBroken),
    ] {
        scale.report(&[3, 4, 2, 0, 0xfa, 0x00]).unwrap();
        station.ready("w1");
        scale.report(&[3, state, 2, 0, 0xfa, 0x00]).unwrap();
        station.status("w1", why.code(), |status| *status == DeviceStatus::Attention { why: why.clone() });
    }
}
