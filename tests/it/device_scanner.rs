//! Serial scanners on real pseudo-terminals: framing, echoes, faults, unplugging, a full station.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

use packbench::devices::config::{ScanFeedback, ScanFraming, SerialScannerConfig};
use packbench::devices::scanner::{ScanFault, SymbologyFamily};
use packbench::devices::virtual_::VirtualScanner;
use packbench::devices::{
    DeviceConfig, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning, DevicesConfig, Full, LineSettings, LostReason,
    Supervisor,
};

use crate::device_support::{Pty, Station, id, until, write_all};

fn scanner(pty: &Pty) -> DeviceSpec {
    DeviceSpec::SerialScanner(SerialScannerConfig {
        path: pty.dev(),
        line: LineSettings::n81(9_600),
        framing: ScanFraming::default(),
        feedback: ScanFeedback::default(),
    })
}

/// The next gesture: device, id, bytes.
fn scan(station: &Station) -> (String, u64, Vec<u8>) {
    station.next("a scan", |event| match event {
        DeviceEvent::Scan { device, gesture, bytes, .. } => Some((device.to_string(), *gesture, bytes.clone())),
        _ => None,
    })
}

fn fault(station: &Station) -> ScanFault {
    station.next("a fault", |event| match event {
        DeviceEvent::ScanFault { fault, .. } => Some(*fault),
        DeviceEvent::Scan { bytes, .. } => panic!("{} bytes came as a scan", bytes.len()),
        _ => None,
    })
}

#[test]
fn scans_come_with_symbology_and_two_equal_units_count_twice() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let station = Station::start(vec![("s1", scanner(&pty))]);
    station.ready("s1");
    let mut peer = pty.peer();
    write_all(&mut peer, b"]C10100012345678905\x1d21AB\r\n5012345678900\r\n5012345678900\r\n");
    let (family, gs1, bytes, at_ms) = station.next("a scan", |event| match event {
        DeviceEvent::Scan { symbology: Some(aim), bytes, at_ms, .. } => {
            Some((aim.family(), aim.is_gs1(), bytes.clone(), *at_ms))
        }
        _ => None,
    });
    assert_eq!((family, gs1), (SymbologyFamily::Code128, true));
    assert_eq!(bytes, b"0100012345678905\x1d21AB", "the separator inside the code stays");
    assert!(at_ms > 1_700_000_000_000, "wall time in milliseconds");
    let (first, second) = (scan(&station), scan(&station));
    assert_eq!(first.2, b"5012345678900");
    assert_eq!(first.2, second.2);
    assert_ne!(first.1, second.1, "each pull of the trigger is a gesture of its own");
}

/// A scanner whose codes end by a terminator alone, however slow this machine is.
fn strict_scanner(pty: &Pty) -> DeviceSpec {
    DeviceSpec::SerialScanner(SerialScannerConfig {
        path: pty.dev(),
        line: LineSettings::n81(9_600),
        framing: ScanFraming { idle_ms: None, ..ScanFraming::default() },
        feedback: ScanFeedback::default(),
    })
}

#[test]
fn a_code_in_pieces_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let station = Station::start(vec![("s1", strict_scanner(&pty))]);
    station.ready("s1");
    let mut peer = pty.peer();
    for byte in b"50123456\r\n" {
        write_all(&mut peer, &[*byte]);
    }
    assert_eq!(scan(&station).2, b"50123456");
    write_all(&mut peer, b"\xff\xfe\x00\x80\r");
    assert_eq!(scan(&station).2, b"\xff\xfe\x00\x80", "invalid text is handed on as bytes");
}

#[test]
fn silence_ends_a_code_without_terminator() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let station = Station::start(vec![("s1", scanner(&pty))]);
    station.ready("s1");
    write_all(&mut pty.peer(), b"NO-TERMINATOR");
    assert_eq!(scan(&station).2, b"NO-TERMINATOR");
}

#[test]
fn ten_thousand_bytes_are_one_fault_and_the_next_scan_counts() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let station = Station::start(vec![("s1", strict_scanner(&pty))]);
    station.ready("s1");
    let mut peer = pty.peer();
    let mut garbage: Vec<u8> = (0..10_240u32).map(|n| (n * 7 % 251) as u8).collect();
    garbage.retain(|byte| *byte != b'\r' && *byte != b'\n');
    let length = garbage.len();
    garbage.push(b'\r');
    write_all(&mut peer, &garbage);
    assert_eq!(fault(&station), ScanFault::TooLong { bytes: length });
    write_all(&mut peer, b"5012345678900\r");
    assert_eq!(scan(&station).2, b"5012345678900");
}

#[test]
fn an_unplugged_scanner_returns_and_half_a_code_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let station = Station::start(vec![("s1", strict_scanner(&pty))]);
    station.ready("s1");
    let mut peer = pty.peer();
    write_all(&mut peer, b"A1\r50123");
    assert_eq!(scan(&station).2, b"A1");
    drop(peer);
    pty.unplug();
    // The half code may have been read before the line broke, or be gone with it; it never is a scan.
    let lost = station.next("the loss", |event| match event {
        DeviceEvent::Scan { .. } => panic!("half a code came as a scan"),
        DeviceEvent::ScanFault { fault, .. } => {
            assert_eq!(*fault, ScanFault::Cut { bytes: 5 });
            None
        }
        DeviceEvent::Status { status: DeviceStatus::Lost { since_ms, reason }, .. } => Some((*since_ms, *reason)),
        _ => None,
    });
    assert_eq!(lost.1, LostReason::Disconnected);
    let again = station.status("s1", "the missing path", |status| {
        matches!(status, DeviceStatus::Lost { reason: LostReason::NotFound, .. })
    });
    assert_eq!(
        again,
        DeviceStatus::Lost { since_ms: lost.0, reason: LostReason::NotFound },
        "one outage, one beginning"
    );
    let pty = Pty::start(folder.path());
    station.ready("s1");
    write_all(&mut pty.peer(), b"B2\r");
    assert_eq!(scan(&station).2, b"B2");
}

#[test]
fn a_scanner_that_was_never_there_is_absent_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let spec = DeviceSpec::SerialScanner(SerialScannerConfig {
        path: folder.path().join("dev"),
        line: LineSettings::n81(9_600),
        framing: ScanFraming::default(),
        feedback: ScanFeedback::default(),
    });
    let station = Station::start(vec![("s1", spec)]);
    station.status("s1", "absence", |status| *status == DeviceStatus::Absent);
    let _pty = Pty::start(folder.path());
    station.ready("s1");
    assert_eq!(station.supervisor.states()[0].status, DeviceStatus::Ready);
}

#[test]
fn two_scanners_are_told_apart() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (left, right) = (Pty::start(one.path()), Pty::start(two.path()));
    let station = Station::start(vec![("left", scanner(&left)), ("right", scanner(&right))]);
    until("both scanners", || {
        station.supervisor.states().iter().all(|state| state.status == DeviceStatus::Ready).then_some(())
    });
    write_all(&mut left.peer(), b"SAME\r");
    let first = scan(&station);
    write_all(&mut right.peer(), b"SAME\r");
    let second = scan(&station);
    assert_eq!((first.0.as_str(), second.0.as_str()), ("left", "right"));
    assert_ne!(first.1, second.1);
}

#[test]
fn an_echo_is_dropped_by_its_gesture_and_never_by_its_content() {
    let panel = VirtualScanner::new();
    let station = Station::start(vec![("v", DeviceSpec::VirtualScanner(panel.clone()))]);
    station.ready("v");
    let gesture = station.supervisor.next_gesture();
    panel.scan_as(gesture, b"]E05012345678900").unwrap();
    panel.scan_as(gesture, b"]E05012345678900").unwrap();
    panel.scan(b"]E05012345678900").unwrap();
    panel.scan(b"CR\rINSIDE").unwrap();
    panel.line_bytes(b"LAST\r\n").unwrap();
    assert_eq!(scan(&station).1, gesture);
    let second = scan(&station);
    assert_eq!(second.2, b"5012345678900");
    assert_ne!(second.1, gesture);
    assert_eq!(scan(&station).2, b"CR\rINSIDE", "the echo did not come; a whole gesture may hold any byte");
    assert_eq!(scan(&station).2, b"LAST");
    panel.scan(&[b'x'; 10_000]).unwrap();
    assert_eq!(fault(&station), ScanFault::TooLong { bytes: 10_000 });
    panel.set_plugged(false);
    station.status("v", "the pulled plug", |status| {
        matches!(status, DeviceStatus::Lost { reason: LostReason::Disconnected, .. })
    });
    assert!(panel.scan(b"X").is_err(), "a pulled plug takes no scan");
    panel.set_plugged(true);
    station.ready("v");
}

#[test]
fn a_full_station_refuses_scans_and_says_so() {
    let panel = VirtualScanner::new();
    let config =
        DevicesConfig::new(vec![DeviceConfig { id: id("v"), spec: DeviceSpec::VirtualScanner(panel.clone()) }])
            .unwrap();
    let (sender, events) = sync_channel(64);
    let (full, kept) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
    let (gate, record) = (Arc::clone(&full), Arc::clone(&kept));
    let supervisor = Supervisor::start(config, move |event: DeviceEvent| {
        let scans = matches!(event, DeviceEvent::Scan { .. });
        if scans && gate.load(Ordering::SeqCst) {
            record.lock().unwrap().push(event);
            return Err(Full);
        }
        sender.try_send(event).map_err(|_| Full)
    })
    .unwrap();
    full.store(true, Ordering::SeqCst);
    panel.scan(b"REFUSED").unwrap();
    until("the refusal", || {
        (supervisor.states()[0].status == DeviceStatus::Attention { why: DeviceWarning::ScansRefused { count: 1 } })
            .then_some(())
    });
    assert!(kept.lock().unwrap().len() > 1, "it was tried for a while");
    full.store(false, Ordering::SeqCst);
    panel.scan(b"TAKEN").unwrap();
    until("the next scan", || match events.try_recv() {
        Ok(DeviceEvent::Scan { bytes, .. }) => {
            assert_eq!(bytes, b"TAKEN");
            Some(())
        }
        _ => None,
    });
    until("readiness", || (supervisor.states()[0].status == DeviceStatus::Ready).then_some(()));
}
