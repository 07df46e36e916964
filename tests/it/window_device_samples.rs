//! The device check as samples for pictures and for the tests of what fits: all well, in trouble, one device closely, the
//! sounds, and trying a scanner.

use std::sync::Arc;

use packbench::core::message::Message;
use packbench::core::time::UtcMs;
use packbench::core::units::Grams;
use packbench::engine::StationView;
use packbench::engine::view::{DeviceKind, DeviceState, DeviceView, LiveLine, ScanTrial, Screen, Sheet, Trial};
use packbench::station::local::Overlay;

use crate::window_samples::{NOW, message, view, with_sheet};

fn device(kind: DeviceKind, name: &str) -> DeviceView {
    DeviceView { last_seen: Some(UtcMs(NOW.0 - 400)), ..DeviceView::new(kind, name) }
}

/// A device in trouble, with the words of its trouble.
fn wrong(kind: DeviceKind, name: &str, state: DeviceState, what: &'static str, cure: &'static str) -> DeviceView {
    let last_seen = Some(UtcMs(NOW.0 - 90_000));
    DeviceView { state, detail: Some(message(what)), cure: Some(message(cure)), last_seen, ..device(kind, name) }
}

fn lines(list: &[(i64, bool, &str)]) -> Arc<[LiveLine]> {
    list.iter()
        .map(|(ago_ms, out, text)| LiveLine { at: UtcMs(NOW.0 - ago_ms), out: *out, text: (*text).into() })
        .collect()
}

fn last_scan() -> Option<Message> {
    Some(message("device-last-scan").with("tail", "85123A"))
}

fn scale(grams: i64) -> DeviceView {
    let last_value = Some(message("device-scale-still").with("mass", Grams(grams)));
    let live = lines(&[
        (810, true, "SI<CR><LF>"),
        (790, false, "S D     0.4120 kg<CR><LF>"),
        (610, true, "SI<CR><LF>"),
        (590, false, "S D     0.4580 kg<CR><LF>"),
        (410, true, "SI<CR><LF>"),
        (390, false, "S S     0.4600 kg<CR><LF>"),
    ]);
    DeviceView { last_value, live, ..device(DeviceKind::Scale, "scale") }
}

/// All well.
pub fn devices() -> Arc<[DeviceView]> {
    let scanner = DeviceView {
        last_value: last_scan(),
        live: lines(&[(4_200, false, "]C10105012345678900<GS>10AB12<CR><LF>")]),
        ..device(DeviceKind::Scanner, "hand")
    };
    [scanner, scale(0), device(DeviceKind::Printer, "labels"), device(DeviceKind::Camera, "camera")].into()
}

fn trouble() -> StationView {
    let mut v = with_sheet(view(Screen::Queue), Sheet::Devices);
    let lost = DeviceState::Lost { since: UtcMs(NOW.0 - 90_000) };
    let unplugged = ("device-lost-disconnected", "device-cure-disconnected");
    v.devices = [
        DeviceView { last_seen: None, ..device(DeviceKind::Scanner, "hand") },
        scale(1_320),
        wrong(
            DeviceKind::Printer,
            "labels",
            DeviceState::Attention,
            "device-warning-paper-out",
            "device-cure-paper-out",
        ),
        DeviceView { state: DeviceState::Opening, last_seen: None, ..device(DeviceKind::Printer, "office") },
        wrong(DeviceKind::Camera, "camera", lost, unplugged.0, unplugged.1),
    ]
    .into();
    v
}

/// One device closely: its place is the scale's.
fn closely() -> StationView {
    let mut v = with_sheet(view(Screen::Queue), Sheet::Devices);
    let mut list = v.devices.to_vec();
    let said = Trial { at: UtcMs(NOW.0 - 12_000), good: true, said: message("device-adjust-done") };
    list[1] = DeviceView { trial: Some(said), ..scale(460) };
    v.devices = list.into();
    v
}

fn read() -> ScanTrial {
    ScanTrial {
        device: "hand".into(),
        text: "0105012345678900<GS>10AB12<GS>21000000000042".into(),
        bytes: 41,
        symbology: Some("GS1 DataMatrix"),
        separator: true,
    }
}

/// The sheets of the device check.
pub fn all() -> Vec<(&'static str, StationView)> {
    let check = || with_sheet(view(Screen::Queue), Sheet::Devices);
    vec![
        ("devices", check()),
        ("devices-trouble", trouble()),
        ("device-closely", closely()),
        ("device-sounds", check()),
        ("scan-trial", with_sheet(view(Screen::Queue), Sheet::ScanTrial(None))),
        ("scan-trial-read", with_sheet(view(Screen::Queue), Sheet::ScanTrial(Some(read())))),
    ]
}

/// What lies over the device check in a sample.
pub fn overlay(name: &str) -> Option<Overlay> {
    match name {
        "device-closely" => Some(Overlay::Device(1)),
        "device-scanner" => Some(Overlay::Device(0)),
        "device-sounds" => Some(Overlay::Sounds),
        _ => None,
    }
}
