//! Samples of screens with tags: the device check with a reader and a light, and a tag that is written.

use packbench::core::message::Message;
use packbench::engine::StationView;
use packbench::engine::view::{DeviceKind, DeviceState, DeviceView, Screen, Sheet};

use crate::window_samples::{NOW, view, with_sheet};

fn device(kind: DeviceKind, name: &str, state: DeviceState, said: Option<&'static str>) -> DeviceView {
    let words = said.map(Message::new);
    let (detail, last_value) = if state == DeviceState::Ready { (None, words) } else { (words, None) };
    DeviceView {
        kind,
        name: name.into(),
        state,
        detail,
        cure: said.filter(|_| state != DeviceState::Ready).map(|_| Message::new("device-cure-no-card-service")),
        last_seen: None,
        last_value,
        trial: None,
        live: [].into(),
        set_up: false,
    }
}

fn devices() -> StationView {
    let mut v = with_sheet(view(Screen::Queue), Sheet::Devices);
    let lost = DeviceState::Lost { since: packbench::core::time::UtcMs(NOW.0 - 90_000) };
    v.devices = [
        device(DeviceKind::Scanner, "hand", DeviceState::Ready, None),
        device(DeviceKind::TagReader, "desk", lost, Some("device-lost-no-card-service")),
        device(DeviceKind::TagReader, "nfc", DeviceState::Ready, Some("device-last-tag")),
        device(DeviceKind::Light, "tower", DeviceState::Ready, None),
    ]
    .into();
    v
}

fn writing(code: Option<&str>, waiting: bool) -> StationView {
    with_sheet(view(Screen::Queue), Sheet::WriteTag { reader: "nfc".into(), code: code.map(str::to_owned), waiting })
}

/// All of them, by name.
pub fn all() -> Vec<(&'static str, StationView)> {
    vec![("devices-tags", devices()), ("tag-write", writing(None, false)), ("tag-hold", writing(Some("TOTE-7"), true))]
}
