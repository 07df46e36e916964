//! Devices as the engine shows them: bytes only while somebody looks, tries on their cards, a scanner tried without anything
//! being counted, and two scanners told apart in what is recorded.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::aim::AimId;
use packbench::core::ids::GestureId;
use packbench::core::message::Message;
use packbench::core::scan::Scan;
use packbench::core::time::UtcMs;
use packbench::engine::input::{DeviceLive, DeviceNews, Tried, Ui};
use packbench::engine::view::{DeviceKind, DeviceState, LiveLine, Sheet, StageView};
use packbench::engine::{Effect, Input};
use packbench::sql;

fn scan(no: u128, device: &str, text: &str) -> Input {
    Input::Scan(Scan {
        gesture: GestureId(uuid::Uuid::from_u128(0xde_0000 + no)),
        device: device.to_owned(),
        bytes: text.as_bytes().to_vec(),
        symbology: Some(AimId::GS1_128),
        at: UtcMs(world::START_MS),
    })
}

fn looks(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| **effect == Effect::LookAtDevices).count()
}

#[test]
fn the_devices_are_looked_at_only_while_their_check_is_open() {
    let mut s = Station::with_anna(&[]);
    assert_eq!(looks(&s.engine.step(vec![Input::Tick])), 0);
    assert_eq!(looks(&s.engine.step(vec![Input::Ui(Ui::OpenSheet(Sheet::Devices))])), 1, "at once");
    assert!(!s.engine.tick_is_due());
    s.clock.pass_ms(500);
    assert!(s.engine.tick_is_due());
    assert_eq!(looks(&s.engine.step(vec![Input::Tick])), 1);
    let news = DeviceNews {
        kind: DeviceKind::Scale,
        name: "scale".into(),
        state: DeviceState::Ready,
        detail: None,
        cure: None,
    };
    let line = LiveLine { at: UtcMs(world::START_MS), out: false, text: "S S 0.46 kg<CR><LF>".into() };
    let answered = Some(UtcMs(world::START_MS + 7));
    let live = DeviceLive { name: "scale".into(), answered, lines: vec![line.clone()] };
    let said = Tried {
        kind: DeviceKind::Scale,
        name: "scale".into(),
        good: false,
        said: Message::new("device-adjust-refused"),
    };
    s.engine.step(vec![Input::Device(news), Input::Live(vec![live]), Input::Tried(said)]);
    let devices = s.engine.view().devices;
    let scale = devices.iter().find(|d| d.name == "scale").expect("the scale");
    assert_eq!((&scale.live[..], scale.last_seen), (&[line][..], answered));
    assert!(scale.trial.as_ref().is_some_and(|t| !t.good && t.said.key == "device-adjust-refused"));
    s.ui(Ui::CloseSheet);
    s.clock.pass_ms(5_000);
    assert_eq!(looks(&s.engine.step(vec![Input::Tick])), 0, "nobody looks, nobody pays");
}

#[test]
fn an_open_line_is_no_answer_of_a_scanner() {
    let mut s = Station::with_anna(&[]);
    let news = |kind, name: &str, state| DeviceNews { kind, name: name.into(), state, detail: None, cure: None };
    s.engine.step(vec![Input::Device(news(DeviceKind::Scanner, "bench", DeviceState::Ready))]);
    let seen = |s: &mut Station| s.engine.view().devices.iter().find(|d| d.name == "bench").and_then(|d| d.last_seen);
    assert_eq!(seen(&mut s), None, "an open line is no answer");
    s.engine.step(vec![scan(1, "bench", "whatever")]);
    assert!(seen(&mut s).is_some());
}

#[test]
fn scan_anything_shows_the_code_and_counts_nowhere() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 3)])]);
    s.ui(Ui::OpenSheet(Sheet::ScanTrial(None)));
    let item = world::ean13(world::MUG);
    s.engine.step(vec![scan(1, "left", &format!("{item}\u{1d}10AB"))]);
    let view = s.engine.view();
    let Some(Sheet::ScanTrial(Some(read))) = &view.sheet else { panic!("{:?}", view.sheet) };
    assert_eq!((read.device.as_str(), read.symbology, read.separator), ("left", Some("GS1-128"), true));
    assert_eq!(read.text, format!("{item}<GS>10AB"));
    assert!(view.pack.is_none(), "no order was opened by it");
    s.ui(Ui::CloseSheet);
    assert_eq!(s.engine.view().sheet, Some(Sheet::Devices), "back to the device check");
    s.ui(Ui::CloseSheet);
    s.engine.step(vec![scan(2, "left", &item)]);
    assert!(s.engine.view().pack.is_some(), "now the same code opens its order");
}

#[test]
fn two_scanners_are_told_apart_in_what_is_recorded() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 3)])]);
    s.ui(Ui::Start);
    for _ in 0..20 {
        match s.stage() {
            StageView::Verify(_) => break,
            StageView::Pick(p) => match p.location {
                Some(at) => s.scan(&at.code),
                None => s.ui(Ui::TakeStop),
            },
            _ => s.ui(Ui::Continue),
        }
    }
    let item = world::ean13(world::MUG);
    let feed = ["left", "right", "left"].iter().enumerate();
    for (no, device) in feed {
        let Input::Scan(scan) = scan(10 + no as u128, device, &item) else { unreachable!() };
        s.engine.step(vec![Input::Scan(Scan { symbology: Some(AimId::EAN_13), ..scan })]);
    }
    let target = sql::Target::Sqlite(s.file.clone());
    let mut conn = sql::open_read_only(&target).unwrap();
    let rows = conn
        .all("SELECT payload FROM event WHERE kind = 'pack_session.verified' ORDER BY seq", &[])
        .expect("the recorded facts");
    let scanners: Vec<String> = rows
        .iter()
        .map(|row| {
            let payload: String = row.at(0).expect("text");
            let value: serde_json::Value = serde_json::from_str(&payload).expect("JSON");
            value["scanner"].as_str().unwrap_or_default().to_owned()
        })
        .collect();
    assert_eq!(scanners, ["left", "right", "left"]);
}
