//! `packbench devices watch`: what the USB devices plugged in here say, line by line as JSON. It never shows what a label holds and
//! starts no printer.

use super::super::CliError;
use super::super::error::out;
use super::super::stop::Stop;
use crate::devices::config::ConfigError;
use crate::devices::usb::{UsbHub, UsbUse, UsbWanted};
use crate::devices::{DeviceConfig, DeviceEvent, DeviceId, DeviceSpec, DeviceStatus, DevicesConfig, Full, Supervisor};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Events that may wait for the terminal.
const EVENTS_MAX: usize = 1_024;
/// Places for scanners that are listened to at the same time, and for scales.
const PLACES: usize = 4;
/// How often a wish to end is looked at.
const LOOK: Duration = Duration::from_millis(200);

fn places() -> Result<DevicesConfig, ConfigError> {
    let mut devices = Vec::new();
    for n in 1..=PLACES {
        let any = UsbWanted::default;
        devices.push(DeviceConfig { id: DeviceId::new(format!("scanner-{n}"))?, spec: DeviceSpec::UsbScanner(any()) });
        devices.push(DeviceConfig { id: DeviceId::new(format!("scale-{n}"))?, spec: DeviceSpec::UsbScale(any()) });
    }
    DevicesConfig::new(devices)
}

/// Prints what is plugged in, then what scanners and scales say, until somebody ends it.
///
/// # Errors
/// If something cannot be printed or started.
pub(super) fn run() -> Result<(), CliError> {
    let stop = Stop::by_signal()?;
    for device in UsbHub::default().list().unwrap_or_default() {
        let used_for = device.used_for.map(|used_for| match used_for {
            UsbUse::Scanner => "scanner",
            UsbUse::Scale => "scale",
            UsbUse::Printer => "printer",
        });
        let hindrance = device.hindrance.map(crate::devices::LostReason::code);
        let line = serde_json::json!({
            "event": "plugged-in", "usb": device.name.to_string(), "product": device.product,
            "use": used_for, "hindrance": hindrance,
        });
        out(&format!("{line}\n"))?;
    }
    let config = places().map_err(|e| CliError::room("the USB devices cannot be listened to", "", e))?;
    let (sender, events) = sync_channel(EVENTS_MAX);
    let supervisor = Supervisor::start(config, move |event| sender.try_send(event).map_err(|_| Full))
        .map_err(|e| CliError::room("the USB devices cannot be listened to", "", e))?;
    while !stop.is_wished() {
        match events.recv_timeout(LOOK) {
            Ok(event) => {
                if let Some(line) = line_of(&event) {
                    out(&format!("{line}\n"))?;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    supervisor.stop();
    Ok(())
}

fn line_of(event: &DeviceEvent) -> Option<serde_json::Value> {
    let line = match event {
        DeviceEvent::Status { device, status, .. } => {
            let (state, why) = match status {
                // A place that nothing is plugged in for is no news.
                DeviceStatus::Absent | DeviceStatus::Opening => return None,
                DeviceStatus::Ready => ("ready", None),
                DeviceStatus::Busy { .. } => ("busy", None),
                DeviceStatus::Attention { why: warning } => ("attention", Some(warning.code())),
                DeviceStatus::Lost { reason, .. } => ("lost", Some(reason.code())),
            };
            serde_json::json!({ "event": "status", "device": device.as_str(), "state": state, "why": why })
        }
        DeviceEvent::Scan { device, bytes, symbology, .. } => serde_json::json!({
            "event": "scan", "device": device.as_str(), "code": String::from_utf8_lossy(bytes),
            "aim": symbology.map(|aim| String::from_utf8_lossy(&aim.bytes()).into_owned()),
        }),
        DeviceEvent::ScanFault { device, fault, .. } => {
            serde_json::json!({ "event": "scan-fault", "device": device.as_str(), "why": fault.code() })
        }
        DeviceEvent::Weight { device, reading } => serde_json::json!({
            "event": "weight", "device": device.as_str(), "grams": reading.grams, "stable": reading.stable,
            "over": reading.overload, "under": reading.underload,
        }),
        DeviceEvent::Heard { device, lang, words } => serde_json::json!({
            "event": "heard", "device": device.as_str(), "language": lang.code(), "words": words,
        }),
        DeviceEvent::Adjusted { .. }
        | DeviceEvent::RawScan { .. }
        | DeviceEvent::Printed { .. }
        | DeviceEvent::Photo { .. }
        | DeviceEvent::Listening { .. }
        | DeviceEvent::Tag { .. }
        | DeviceEvent::TagWritten { .. } => return None,
    };
    Some(line)
}
