//! Taps of tags as the engine takes them: whose badge goes first, what is refused, and how a tag is written from the screen.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, ANNA, Job};
use packbench::core::message::Message;
use packbench::core::signal::SoundName;
use packbench::engine::input::{Tap, Ui};
use packbench::engine::view::{DeviceKind, Screen, Sheet};
use packbench::engine::{Effect, Input};
use packbench::protocol::wire::{Change, ContentHash, Put};

const NUMBER: &str = "NFC-04A1B2C3D4E5F6";

fn tap(s: &mut Station, number: Option<&str>, text: &str) {
    let scan = s.gesture(text.as_bytes());
    s.feed(Input::Tag(Tap { scan, number: number.map(str::to_owned) }));
}

/// A station at which Anna has a card.
fn station(jobs: &[Job]) -> Station {
    let mut s = Station::new(jobs);
    let mut anna = world::user(ANNA);
    anna.version = 2;
    anna.badge_sha256.push(ContentHash::of(NUMBER.as_bytes()));
    s.pull(vec![Change::User(Put::Upsert(Box::new(anna)))]);
    s
}

#[test]
fn a_cards_number_is_a_badge_whatever_is_written_on_it_and_so_is_a_written_badge() {
    for (number, text) in
        [(Some(NUMBER), "TOTE-7"), (Some(NUMBER), NUMBER), (Some("NFC-04FF"), ANNA.badge), (None, ANNA.badge)]
    {
        let mut s = station(&[]);
        tap(&mut s, number, text);
        assert_eq!(s.view().screen, Screen::Queue, "{number:?} {text}");
    }
    let mut s = station(&[]);
    tap(&mut s, Some("NFC-04FF"), "NFC-04FF");
    assert_eq!(s.said(), "refusal-log-in-first");
    let view = s.view();
    let shown = view.devices.iter().find(|d| d.kind == DeviceKind::TagReader).expect("the reader's card");
    let words = format!("{:?}", shown.last_value);
    assert!(words.contains("device-last-tag") && !words.contains("04FF"), "a number opens doors: {words}");
}

#[test]
fn an_echo_of_a_tap_counts_once_and_a_broken_tag_is_refused() {
    let mut s = station(&[Job::new(1, &[(world::LAMP, 3)])]);
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    s.work_until(|stage| matches!(stage, packbench::engine::view::StageView::Verify(_)));
    let scan = s.gesture(b"SKU-2");
    let one = Tap { scan, number: Some("NFC-04AA".into()) };
    s.feed_all(vec![Input::Tag(one.clone()), Input::Tag(one)]);
    assert_eq!(s.view().pack.as_ref().map(|p| p.done), Some(1));
    tap(&mut s, Some("NFC-04AA"), "");
    assert_eq!(s.said(), "refusal-unreadable");
}

fn written(s: &mut Station) -> Vec<(String, String)> {
    let effects = std::mem::take(&mut s.effects);
    let wish = |e| if let Effect::WriteTag { reader, code } = e { Some((reader, code)) } else { None };
    effects.into_iter().filter_map(wish).collect()
}

fn sheet(s: &mut Station) -> Option<Sheet> {
    s.view().sheet
}

#[test]
fn a_tag_is_written_from_the_screen_with_the_code_that_was_scanned() {
    let mut s = station(&[Job::new(1, &[(world::LAMP, 1)]).in_tote(&world::tote())]);
    let open = || Ui::OpenSheet(Sheet::WriteTag { reader: "nfc".into(), code: None, waiting: false });
    s.ui(open());
    assert_eq!(sheet(&mut s), None, "nobody is logged in");
    s.scan(ANNA.badge);
    s.ui(open());
    s.scan("TOTE-7");
    let scanned = Sheet::WriteTag { reader: "nfc".into(), code: Some("TOTE-7".into()), waiting: false };
    assert_eq!(sheet(&mut s), Some(scanned), "the scan says what to write and opens no order");
    assert!(s.view().pack.is_none());
    s.ui(Ui::WriteTag { reader: "nfc".into(), code: "TOTE-7".into() });
    assert_eq!(written(&mut s), [("nfc".to_owned(), "TOTE-7".to_owned())]);
    assert!(matches!(sheet(&mut s), Some(Sheet::WriteTag { waiting: true, .. })));
    s.feed(Input::TagWritten { reader: "nfc".into(), refused: Some(Message::new("tag-gone")) });
    assert_eq!(s.said(), "device-tag-not-written");
    assert!(s.sounds().contains(&SoundName::Stop));
    let again = Sheet::WriteTag { reader: "nfc".into(), code: Some("TOTE-7".into()), waiting: false };
    assert_eq!(sheet(&mut s), Some(again), "the code stays for another try");
    s.ui(Ui::WriteTag { reader: "nfc".into(), code: "TOTE-7".into() });
    s.feed(Input::TagWritten { reader: "nfc".into(), refused: None });
    assert_eq!((s.said(), sheet(&mut s)), ("device-tag-written", Some(Sheet::Devices)));
    s.ui(open());
    let long = s.gesture(&[b'7'; 600]);
    s.feed(Input::Scan(long));
    assert_eq!(s.said(), "device-tag-not-written");
}
