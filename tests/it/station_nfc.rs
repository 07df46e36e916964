//! A station's whole way from a tag to its screen: pcscd with a virtual reader, the driver, the engine's thread, the view.
//! Login by badge, a tote that opens its order, a box that is tapped, a tag that is written, and a reader that vanishes.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use packbench::cli::station::news::News;
use packbench::cli::station::port::Port;
use packbench::cli::station::watch::Watch;
use packbench::core::session::Step;
use packbench::devices::nfc::TagReaderConfig;
use packbench::devices::nfc::ndef::message_of;
use packbench::devices::{DeviceCommand, DeviceConfig, DeviceSpec, DevicesConfig, Supervisor};
use packbench::engine::input::Ui;
use packbench::engine::runner::Outlet;
use packbench::engine::view::{DeviceKind, DeviceState, DeviceView, Screen, StationView};
use packbench::engine::{Clock, Effect, EngineHandle, Input, spawn};
use packbench::protocol::wire::{Change, ContentHash, Put};

use crate::device_support::{id, until};
use crate::nfc_kit::{CardService, Chip, Tag};
use crate::station_kit::station::Station;
use crate::station_kit::world::{self, ANNA, Job};

const BADGE: &str = "04A1B2C3D4E5F6";

/// Nobody prints or sounds here.
struct Nowhere;

impl Outlet for Nowhere {
    fn effect(&self, _: Effect) {}
    fn published(&self) {}
}

struct Bench {
    handle: EngineHandle,
    supervisor: Supervisor,
    // The files of the station, as long as it runs.
    _files: Station,
}

/// A station whose packer Anna has a card, with one order in a tote.
fn bench() -> Bench {
    let job = Job::new(1, &[(world::LAMP, 1)]).in_tote(&world::tote());
    let mut files = Station::new(&[job]);
    let mut anna = world::user(ANNA);
    anna.version = 2;
    anna.badge_sha256.push(ContentHash::of(format!("NFC-{BADGE}").as_bytes()));
    files.pull(vec![Change::User(Put::Upsert(Box::new(anna)))]);
    let other = Station::unpaired();
    let engine = std::mem::replace(&mut files.engine, other.engine);
    let clock: Arc<dyn Clock> = files.clock.clone();
    let (handle, _) = spawn(engine, Vec::new(), Arc::clone(&clock), Nowhere).unwrap();
    let ((photos, _), (setup, _)) = (sync_channel(1), sync_channel(1));
    let origin = std::time::Instant::now();
    let device_clock = packbench::devices::Clock::from_origin(origin);
    let news = News::new(Port::new(handle.clone(), &Watch::default()), photos, setup, device_clock, clock);
    let spec = DeviceSpec::TagReader(TagReaderConfig { reader: "Station NFC".into() });
    let config = DevicesConfig::new(vec![DeviceConfig { id: id("nfc"), spec }]).unwrap();
    let config = config.with_reconnect_ms(20, 200).unwrap();
    let supervisor = Supervisor::start_at(config, origin, move |event| news.take(event)).unwrap();
    Bench { handle, supervisor, _files: files }
}

impl Bench {
    fn until(&self, what: &str, wanted: impl Fn(&StationView) -> bool) -> Arc<StationView> {
        until(what, || Some(self.handle.view()).filter(|view| wanted(view)))
    }

    fn reader(&self, what: &str, wanted: impl Fn(&DeviceView) -> bool) {
        self.until(what, |view| view.devices.iter().any(|d| d.kind == DeviceKind::TagReader && wanted(d)));
    }

    fn send(&self, input: Input) {
        assert!(self.handle.send(input).is_ok(), "the engine has room");
    }
}

fn said(view: &StationView) -> &'static str {
    view.feedback.as_ref().map_or("", |feedback| feedback.title.key)
}

fn step(view: &StationView) -> Option<Step> {
    view.pack.as_ref().map(|pack| pack.step)
}

#[test]
fn a_badge_logs_in_a_tote_opens_its_order_and_a_tapped_box_is_taken() {
    let service = CardService::start("Station NFC");
    let bench = bench();
    bench.reader("the reader", |d| d.state == DeviceState::Ready);
    let tap = |number: &str, text: &str| {
        let message = if text.is_empty() { Vec::new() } else { message_of(text).unwrap() };
        Tag::hold(service.port, Chip::files(number, 128, &message))
    };
    let stranger = tap("04FFFFFFFFFFFF", "");
    bench.until("a stranger's card to be refused", |view| said(view) == "refusal-log-in-first");
    stranger.take();
    // The card's own number is the badge, whatever else is written on it.
    let card = tap(BADGE, "https://shop.example.com/card");
    let view = bench.until("the login", |view| view.screen == Screen::Queue);
    assert_eq!(view.packer.as_ref().map(|p| p.initials.as_str()), Some("A. N."));
    bench.reader("its last tag", |d| d.last_value.as_ref().is_some_and(|m| m.key == "device-last-tag"));
    card.take();
    let tote = tap("0401", "TOTE-7");
    bench.until("the tote's order", |view| step(view) == Some(Step::Verify));
    tote.take();
    // An item with a tag of its own counts as scanned.
    let item = tap("0402", "SKU-2");
    bench.until("the counted item", |view| step(view) == Some(Step::Pack));
    item.take();
    let large = tap("0403", "BOX-L");
    bench.until("the tapped box to be taken", |view| {
        matches!(step(view), Some(Step::Checklist | Step::Weigh | Step::Label)) && said(view) == "ok-box"
    });
    large.take();
    bench.send(Input::Ui(Ui::LogOut));
    bench.until("nobody to be there", |view| matches!(view.screen, Screen::Login(_)));
}

#[test]
fn a_tag_is_written_from_the_station_and_a_vanished_reader_is_shown() {
    let mut service = CardService::start("Station NFC");
    let bench = bench();
    bench.reader("the reader", |d| d.state == DeviceState::Ready);
    let write = |code: &str| {
        let command = DeviceCommand::WriteTag { reader: id("nfc"), request: "test".into(), code: code.into() };
        bench.supervisor.handle().send(command).unwrap();
    };
    write("TOTE-9");
    let tag = Tag::hold(service.port, Chip::files("0405", 128, b""));
    bench.until("the written tag", |view| said(view) == "device-tag-written");
    let chip = tag.take();
    assert_eq!(chip.message(), message_of("TOTE-9").unwrap());
    write("TOTE-10");
    let tag = Tag::hold(service.port, Chip { writes_left: Some(0), ..chip });
    let view = bench.until("the refusal", |view| said(view) == "device-tag-not-written");
    let why = view.feedback.as_ref().and_then(|f| f.detail.as_ref()).map(|m| m.key);
    assert_eq!(why, Some("tag-gone"));
    tag.take();
    service.kill();
    bench.reader("the loss", |d| {
        matches!(d.state, DeviceState::Lost { .. })
            && d.detail.as_ref().is_some_and(|m| m.key == "device-lost-no-card-service")
    });
    service.run();
    bench.reader("the reader's return", |d| d.state == DeviceState::Ready);
}
