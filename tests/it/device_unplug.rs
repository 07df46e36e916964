//! A serial scanner and a serial scale, unplugged a hundred times in the middle of what they say: nothing half is taken for whole,
//! nothing whole is lost, and each time they are back without a restart.

use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Instant;

use packbench::devices::config::{ScaleModel, ScanFeedback, ScanFraming, SerialScaleConfig, SerialScannerConfig};
use packbench::devices::scale::MassUnit;
use packbench::devices::scanner::ScanFault;
use packbench::devices::{
    DeviceConfig, DeviceEvent, DeviceSpec, DeviceStatus, DevicesConfig, Full, LineSettings, Supervisor,
};

use crate::device_scale_kit::{Pan, Simulated, Speaks};
use crate::device_support::{DEADLINE, Pty, id, until, write_all};

/// Times the plug is pulled.
const TIMES: usize = 100;

/// A station that looks for a lost device at once, so that the test does not wait for it.
fn start(spec: DeviceSpec) -> (Supervisor, Receiver<DeviceEvent>) {
    let devices = vec![DeviceConfig { id: id("d"), spec }];
    let config = DevicesConfig::new(devices).unwrap().with_reconnect_ms(10, 20).unwrap();
    let (sender, events) = sync_channel(1_024);
    let supervisor = Supervisor::start(config, move |event| sender.try_send(event).map_err(|_| Full)).unwrap();
    (supervisor, events)
}

/// Takes events until one is wanted.
fn next<T>(events: &Receiver<DeviceEvent>, what: &str, mut wanted: impl FnMut(DeviceEvent) -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let event = events.recv_timeout(left).unwrap_or_else(|_| panic!("waited in vain for {what}"));
        if let Some(found) = wanted(event) {
            return found;
        }
    }
}

fn ready(events: &Receiver<DeviceEvent>, time: usize) {
    next(events, &format!("readiness {time}"), |event| match event {
        DeviceEvent::Status { status: DeviceStatus::Ready, .. } => Some(()),
        DeviceEvent::Scan { bytes, .. } => panic!("{} came as a scan", bytes.escape_ascii()),
        _ => None,
    });
}

#[test]
fn a_scanner_unplugged_a_hundred_times_within_a_code_never_reads_half_a_code() {
    const CODE: &[u8] = b"]E05012345678900";
    let folder = tempfile::tempdir().unwrap();
    let spec = DeviceSpec::SerialScanner(SerialScannerConfig {
        path: folder.path().join("dev"),
        line: LineSettings::n81(9_600),
        framing: ScanFraming { idle_ms: None, ..ScanFraming::default() },
        feedback: ScanFeedback::default(),
    });
    let (_supervisor, events) = start(spec);
    for time in 0..TIMES {
        let pty = Pty::start(folder.path());
        ready(&events, time);
        let mut peer = pty.peer();
        let whole = format!("]E0{time:04}\r");
        write_all(&mut peer, whole.as_bytes());
        let read = next(&events, "the whole code", |event| match event {
            DeviceEvent::Scan { bytes, .. } => Some(bytes),
            _ => None,
        });
        assert_eq!(read, format!("{time:04}").into_bytes());
        // Every length of the head once and again; what follows goes down with the plug.
        let half = &CODE[..1 + time % (CODE.len() - 1)];
        write_all(&mut peer, half);
        drop(peer);
        pty.unplug();
        next(&events, "the loss", |event| match event {
            DeviceEvent::Scan { bytes, .. } => panic!("{} came as a scan", bytes.escape_ascii()),
            DeviceEvent::ScanFault { fault, .. } => {
                assert!(matches!(fault, ScanFault::Cut { bytes } if bytes <= half.len()), "{fault:?}");
                None
            }
            DeviceEvent::Status { status: DeviceStatus::Lost { .. }, .. } => Some(()),
            _ => None,
        });
    }
}

#[test]
fn a_scale_unplugged_a_hundred_times_within_a_frame_never_weighs_half_a_frame() {
    const FRAME: &[u8] = b"S S     7.7770 kg\r\n";
    let folder = tempfile::tempdir().unwrap();
    let spec = DeviceSpec::SerialScale(SerialScaleConfig {
        path: folder.path().join("dev"),
        model: ScaleModel::MtSics,
        line: None,
        unit: MassUnit::Kilogram,
        poll_ms: 50,
    });
    let (_supervisor, events) = start(spec);
    for time in 0..TIMES {
        let grams = 1_000 + i64::try_from(time).unwrap();
        let pty = Pty::start(folder.path());
        let simulated = Simulated::start(&pty, Speaks::MtSics, Pan::Rests(grams));
        next(&events, &format!("weight {time}"), |event| match event {
            DeviceEvent::Weight { reading, .. } => {
                assert_eq!(reading.grams, Some(grams));
                Some(())
            }
            _ => None,
        });
        let asked = simulated.heard.lock().unwrap().len();
        simulated.set(Pan::Bytes(&FRAME[..1 + time % (FRAME.len() - 2)]));
        // Half a frame is on its way once it was asked again.
        until("the next question", || (simulated.heard.lock().unwrap().len() > asked).then_some(()));
        drop(simulated);
        pty.unplug();
        next(&events, "the loss", |event| match event {
            DeviceEvent::Weight { reading, .. } => {
                assert_eq!(reading.grams, Some(grams), "half a frame was weighed");
                None
            }
            DeviceEvent::Status { status, .. } => matches!(status, DeviceStatus::Lost { .. }).then_some(()),
            _ => None,
        });
    }
}
