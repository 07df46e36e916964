//! A station that needs a person for its way to the server, as samples for pictures and for the tests of what fits. Holds no assertions.

use packbench::core::message::Message;
use packbench::engine::StationView;
use packbench::engine::view::{PairingState, QueueView, Screen, Sheet, WayOut};
use packbench::station::local::Overlay;
use std::sync::Arc;

use crate::window_samples::{view, with_sheet};

fn in_trouble(way_out: Option<WayOut>, trouble: &'static str) -> StationView {
    let mut v = view(Screen::Queue);
    v.network.way_out = way_out;
    v.network.trouble = Some(Message::new(trouble));
    v
}

fn asked() -> StationView {
    let mut v = view(Screen::Queue);
    v.network.question = Some(Message::new("sync-rejected"));
    v
}

/// Two histories, and a question on top.
fn forked_and_asked() -> StationView {
    let mut v = in_trouble(Some(WayOut::NewEpoch), "sync-forked");
    v.network.question = Some(Message::new("sync-rejected"));
    v
}

fn revoked_and_empty() -> StationView {
    let mut v = in_trouble(Some(WayOut::Pair), "sync-token-revoked");
    v.queue = Arc::new(QueueView::default());
    v
}

fn approval() -> StationView {
    let sheet = Sheet::Approval { what: Message::new("approve-new-epoch"), badge: None, digits: 0, refused: None };
    with_sheet(in_trouble(Some(WayOut::NewEpoch), "sync-forked"), sheet)
}

/// All of them, by name.
pub fn all() -> Vec<(&'static str, StationView)> {
    let again = Some("PACK 3".to_owned());
    let pairing = Screen::Pairing { code: "K7PQ4".into(), answer: PairingState::Idle, again };
    vec![
        ("queue-forked", in_trouble(Some(WayOut::NewEpoch), "sync-forked")),
        ("queue-revoked", revoked_and_empty()),
        ("network-forked", in_trouble(Some(WayOut::NewEpoch), "sync-forked")),
        ("network-revoked", in_trouble(Some(WayOut::Pair), "sync-token-revoked")),
        ("network-asked", asked()),
        ("network-both", forked_and_asked()),
        ("approval-new-epoch", approval()),
        ("pairing-again", StationView { packer: None, ..view(pairing) }),
    ]
}

/// What lies over the screen in a sample.
pub fn overlay(name: &str) -> Option<Overlay> {
    name.starts_with("network-").then_some(Overlay::Network)
}
