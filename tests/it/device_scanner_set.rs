//! Serial scanners as sites set them: prefix, suffix, a stand-in for GS, answers to the scanner; and as fast as they can.

use std::time::Instant;

use packbench::devices::config::{ScanFeedback, ScanFraming, SerialScannerConfig};
use packbench::devices::scanner::ScanFault;
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, LineSettings};

use crate::device_support::{Pty, Station, id, read_some, until, write_all};

fn scanner(pty: &Pty, framing: ScanFraming, feedback: ScanFeedback) -> DeviceSpec {
    DeviceSpec::SerialScanner(SerialScannerConfig {
        path: pty.dev(),
        line: LineSettings::n81(9_600),
        framing,
        feedback,
    })
}

fn scan(station: &Station) -> Result<Vec<u8>, ScanFault> {
    station.next("a gesture", |event| match event {
        DeviceEvent::Scan { bytes, .. } => Some(Ok(bytes.clone())),
        DeviceEvent::ScanFault { fault, .. } => Some(Err(*fault)),
        _ => None,
    })
}

#[test]
fn what_the_scanner_puts_around_a_code_is_taken_off_and_a_cut_code_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let framing = ScanFraming {
        prefix: b"S1:".to_vec(),
        suffix: b"#".to_vec(),
        terminators: b"\r".to_vec(),
        idle_ms: None,
        ..ScanFraming::default()
    };
    let station = Station::start(vec![("s1", scanner(&pty, framing, ScanFeedback::default()))]);
    station.ready("s1");
    let mut peer = pty.peer();
    write_all(&mut peer, b"S1:]E05012345678900#\r");
    assert_eq!(scan(&station), Ok(b"5012345678900".to_vec()));
    for (cut, bytes) in [(&b"1:]E05012345678900#\r"[..], 19), (b"S1:]E0501234\r", 12), (b"#\r", 1)] {
        write_all(&mut peer, cut);
        assert_eq!(scan(&station), Err(ScanFault::Unframed { bytes }), "{}", cut.escape_ascii());
    }
    write_all(&mut peer, b"]E0S1:50123#\r");
    assert_eq!(scan(&station), Ok(b"50123".to_vec()), "the identifier may come first");
}

#[test]
fn the_separator_is_read_as_it_is_or_as_what_stands_for_it() {
    let gs1 = b"010950600013435210LOT\x1d21SERIAL".to_vec();
    let sets: [(&[u8], &[u8], bool); 5] = [
        (b"", b"010950600013435210LOT\x1d21SERIAL\r", false),
        (b"|", b"]C1010950600013435210LOT|21SERIAL\r", true),
        (b"^]", b"010950600013435210LOT^]21SERIAL\r", false),
        (b"<GS>", b"]d2010950600013435210LOT<GS>21SERIAL\r", true),
        (b"{GS}", b"010950600013435210LOT{GS}21SERIAL\r", false),
    ];
    for (gs, sent, named) in sets {
        let folder = tempfile::tempdir().unwrap();
        let pty = Pty::start(folder.path());
        let framing = ScanFraming { gs: gs.to_vec(), idle_ms: None, ..ScanFraming::default() };
        let station = Station::start(vec![("s1", scanner(&pty, framing, ScanFeedback::default()))]);
        station.ready("s1");
        write_all(&mut pty.peer(), sent);
        assert_eq!(scan(&station), Ok(gs1.clone()), "{}", sent.escape_ascii());
        if named {
            let plain = [b"]C0A", gs, b"B\r"].concat();
            write_all(&mut pty.peer(), &plain);
            assert_eq!(scan(&station), Ok([b"A", gs, b"B"].concat()), "a code that is none of GS1 keeps its signs");
        }
    }
}

#[test]
fn a_scanner_is_told_whether_its_code_counted() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let feedback = ScanFeedback { good: b"\x1b[6q\r".to_vec(), bad: b"\x1b[8q\r".to_vec() };
    let station = Station::start(vec![("s1", scanner(&pty, ScanFraming::default(), feedback))]);
    station.ready("s1");
    let mut peer = pty.peer();
    let handle = station.supervisor.handle();
    for (good, wanted) in [(true, &b"\x1b[6q\r"[..]), (false, b"\x1b[8q\r")] {
        write_all(&mut peer, b"50123\r");
        assert_eq!(scan(&station), Ok(b"50123".to_vec()));
        handle.send(DeviceCommand::Verdict { scanner: id("s1"), good }).unwrap();
        let mut came = Vec::new();
        until("the answer at the scanner", || {
            came.extend(read_some(&mut peer));
            (came.len() >= wanted.len()).then_some(())
        });
        assert_eq!(came, wanted);
    }
    write_all(&mut peer, b"AFTER\r");
    assert_eq!(scan(&station), Ok(b"AFTER".to_vec()), "an answer disturbs no scan");
}

#[test]
fn two_thousand_scans_as_fast_as_the_line_takes_them_are_all_there_in_their_order() {
    const SCANS: usize = 2_000;
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let framing = ScanFraming { idle_ms: None, ..ScanFraming::default() };
    let station = Station::start(vec![("s1", scanner(&pty, framing, ScanFeedback::default()))]);
    station.ready("s1");
    let mut peer = pty.peer();
    let began = Instant::now();
    let write = move || {
        for n in 0..SCANS {
            // Every second one is the code before it again: a second unit, and no echo.
            write_all(&mut peer, format!("]E05012345{:06}\r\n", n / 2).as_bytes());
        }
    };
    let writer = std::thread::Builder::new().name("scanner".into()).spawn(write).unwrap();
    let mut gestures = Vec::new();
    for n in 0..SCANS {
        let (gesture, bytes) = station.next("the next scan", |event| match event {
            DeviceEvent::Scan { gesture, bytes, .. } => Some((*gesture, bytes.clone())),
            DeviceEvent::ScanFault { fault, .. } => panic!("scan {n}: {fault:?}"),
            _ => None,
        });
        assert_eq!(bytes, format!("5012345{:06}", n / 2).into_bytes(), "scan {n}");
        gestures.push(gesture);
    }
    writer.join().unwrap();
    gestures.dedup();
    assert_eq!(gestures.len(), SCANS, "each scan is a gesture of its own");
    let per_second = u128::try_from(SCANS).unwrap() * 1_000 / began.elapsed().as_millis().max(1);
    assert!(per_second >= 200, "only {per_second} scans a second");
}
