//! Setting a scanner up as the engine sees it: the hand is told when the sheet opens and whatever closes it, nothing that is scanned
//! meanwhile reaches an order, and a second press asks nothing.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::ids::GestureId;
use packbench::core::scan::Scan;
use packbench::core::time::UtcMs;
use packbench::engine::input::{DeviceNews, SetupAsk, Ui};
use packbench::engine::view::{
    DeviceKind, DeviceState, SetupCame, SetupLearnt, SetupStage, SetupView, Sheet, StageView,
};
use packbench::engine::{Effect, Input};

fn scan(no: u128, device: &str, text: &str) -> Input {
    Input::Scan(Scan {
        gesture: GestureId(uuid::Uuid::from_u128(0x5e_0000 + no)),
        device: device.to_owned(),
        bytes: text.as_bytes().to_vec(),
        symbology: None,
        at: UtcMs(world::START_MS),
    })
}

fn asks(effects: &[Effect]) -> Vec<SetupAsk> {
    let ask = |effect: &Effect| match effect {
        Effect::ScannerSetup(ask) => Some(ask.clone()),
        _ => None,
    };
    effects.iter().filter_map(ask).collect()
}

fn begin() -> SetupAsk {
    SetupAsk::Begin { scanner: "bench".into() }
}

/// A station with an order on the bench and two scanners, of which one can be set up.
fn station() -> Station {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 3)])]);
    for name in ["bench", "usb-scanner"] {
        let (kind, state) = (DeviceKind::Scanner, DeviceState::Ready);
        s.engine.step(vec![Input::Device(DeviceNews { kind, name: name.into(), state, detail: None, cure: None })]);
    }
    s.ui(Ui::Start);
    while !matches!(s.stage(), StageView::Pick(_)) {
        s.ui(Ui::Continue);
    }
    s.ui(Ui::OpenSheet(Sheet::Devices));
    s
}

fn press(s: &mut Station, ui: Ui) -> Vec<SetupAsk> {
    asks(&s.engine.step(vec![Input::Ui(ui)]))
}

fn shown(s: &mut Station) -> SetupView {
    match s.engine.view().sheet {
        Some(Sheet::ScannerSetup(view)) => SetupView::clone(&view),
        other => panic!("{other:?}"),
    }
}

fn news(stage: SetupStage, came: Option<SetupCame>) -> Input {
    Input::Setup(Box::new(SetupView { scanner: "bench".into(), stage, came }))
}

fn learnt() -> SetupLearnt {
    SetupLearnt { prefix: String::new(), suffix: String::new(), end: "<CR>".into(), aim: true, gs: String::new() }
}

#[test]
fn the_hand_is_told_when_the_sheet_opens_and_whatever_closes_it() {
    let mut s = station();
    assert!(press(&mut s, Ui::SetUpScanner("usb-scanner".into())).is_empty(), "there is nothing to learn of it");
    assert_eq!(s.engine.view().sheet, Some(Sheet::Devices));
    assert_eq!(press(&mut s, Ui::SetUpScanner("bench".into())), [begin()]);
    assert!(press(&mut s, Ui::SetUpScanner("bench".into())).is_empty(), "a double press begins once");
    assert_eq!(press(&mut s, Ui::CloseSheet), [SetupAsk::End]);
    assert_eq!(s.engine.view().sheet, Some(Sheet::Devices), "back to the device check");
    assert_eq!(press(&mut s, Ui::SetUpScanner("bench".into())), [begin()]);
    assert_eq!(press(&mut s, Ui::Lock), [SetupAsk::End], "the locked screen has no sheet");
    assert_eq!(
        press(&mut s, Ui::SetUpScanner("bench".into())),
        [begin()],
        "nobody need be logged in to get a scanner going"
    );
}

#[test]
fn nothing_that_is_scanned_meanwhile_reaches_the_order() {
    let mut s = station();
    press(&mut s, Ui::SetUpScanner("bench".into()));
    let before = s.engine.view().pack.clone();
    let StageView::Pick(pick) = s.stage() else { panic!("{:?}", s.stage()) };
    let shelf = pick.location.expect("a shelf").code;
    let refused = |view: SetupView| view.came.and_then(|came| came.refused).map(|(what, _)| what.key);
    s.engine.step(vec![scan(1, "bench", &shelf)]);
    assert_eq!(refused(shown(&mut s)), Some("setup-too-early"));
    s.engine.step(vec![scan(2, "usb-scanner", &world::ean13(world::MUG))]);
    assert_eq!(refused(shown(&mut s)), Some("setup-other-scanner"));
    s.engine.step(vec![scan(3, "usb-scanner", world::ANNA.badge)]);
    assert_eq!(s.engine.view().pack, before, "nothing was picked, nobody logged out");
    press(&mut s, Ui::CloseSheet);
    press(&mut s, Ui::CloseSheet);
    s.engine.step(vec![scan(4, "bench", &shelf)]);
    assert_ne!(s.engine.view().pack, before, "now the same code counts");
}

#[test]
fn a_second_press_asks_nothing_and_late_news_change_nothing() {
    let mut s = station();
    press(&mut s, Ui::SetUpScanner("bench".into()));
    assert!(press(&mut s, Ui::SetupKeep).is_empty(), "nothing was learnt yet");
    s.engine.step(vec![news(SetupStage::Learnt(learnt()), None)]);
    assert_eq!(press(&mut s, Ui::SetupKeep), [SetupAsk::Keep]);
    assert!(press(&mut s, Ui::SetupKeep).is_empty() && press(&mut s, Ui::SetupAgain).is_empty());
    assert_eq!(shown(&mut s).stage, SetupStage::Keeping(learnt()));
    let why = || packbench::core::message::Message::new("setup-no-file");
    s.engine.step(vec![news(SetupStage::NotKept(learnt(), why(), why()), None)]);
    assert_eq!(press(&mut s, Ui::SetupKeep), [SetupAsk::Keep], "once more, when the file was seen to");
    s.engine.step(vec![news(SetupStage::NotKept(learnt(), why(), why()), None)]);
    assert_eq!(press(&mut s, Ui::SetupAgain), [SetupAsk::Again]);
    assert_eq!(shown(&mut s).stage, SetupStage::Opening);
    assert_eq!(press(&mut s, Ui::CloseSheet), [SetupAsk::End]);
    s.engine.step(vec![news(SetupStage::Kept { learnt: learnt(), file: "x".into() }, None)]);
    assert_eq!(s.engine.view().sheet, Some(Sheet::Devices), "what comes too late opens nothing");
}
