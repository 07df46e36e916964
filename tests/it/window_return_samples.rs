//! Made views of returns for the window's tests: the list, the box, a unit in hand, what is asked, a refusal. Holds no assertions.

use std::sync::Arc;

use packbench::core::ids::ReturnId;
use packbench::core::message::{Arg, Message};
use packbench::core::returns::{Grade, Place};
use packbench::core::scan::Trace;
use packbench::core::session::refusal::TraceField;
use packbench::core::signal::{Signal, SoundName};
use packbench::engine::view::*;
use uuid::Uuid;

use crate::window_gallery as gallery;
use crate::window_samples::{self as samples, NOW, product, view};

fn lines(came: [u32; 3], current: Option<usize>) -> Vec<ReturnLineView> {
    let asked = [2, 1, 3];
    (0..3)
        .map(|at| ReturnLineView {
            product: product(at),
            came: came[at],
            asked: asked[at],
            current: current == Some(at),
        })
        .collect()
}

fn bench(came: [u32; 3], hand: Option<HandView>, say: Message, detail: Option<Message>) -> StationView {
    let all: u32 = came.iter().sum();
    let last = GradedView { product: product(0), units: 1, grade: Grade::Resell, place: Place::Shelf("A-01-3".into()) };
    let intake = ReturnView {
        number: "R000012".into(),
        order: "536365".into(),
        lines: lines(came, hand.as_ref().map(|_| 1)),
        came: all,
        asked: 6,
        last: (all > 0).then_some(last),
        hand,
        say,
        say_detail: detail,
        signal: if all < 6 { Signal::Now } else { Signal::Ok },
    };
    StationView { intake: Some(Arc::new(intake)), ..view(Screen::Return) }
}

fn hand(asks: Option<TraceField>, shelf: Option<&str>) -> HandView {
    HandView {
        product: product(1),
        units: 1,
        count: (0, 1),
        asks,
        trace: Trace { serial: Some("PB-2026-0007711".into()), ..Trace::default() },
        shelf: shelf.map(str::to_owned),
        aside: None,
    }
}

/// The band while something is in hand.
fn in_hand(shelf: Option<&str>) -> StationView {
    let detail = match shelf {
        Some(shelf) => Message::new("say-return-grade-shelf").with("place", shelf),
        None => Message::new("say-return-grade-no-shelf"),
    };
    bench([1, 0, 0], Some(hand(None, shelf)), Message::new("say-return-grade"), Some(detail))
}

/// A box that is being emptied.
pub fn open_box() -> StationView {
    let detail = Message::new("say-return-scan-detail").with("n", 5_u32);
    bench([1, 0, 0], None, Message::new("say-return-scan"), Some(detail))
}

fn refused() -> StationView {
    let mut scanned = product(4);
    scanned.bin = None;
    let named = |key| {
        let message = Message::new(key).with("item", gallery::LINES[4].1).with("item-sku", gallery::LINES[4].0);
        message.with("number", "R000012")
    };
    let feedback = Feedback {
        id: 1,
        signal: Signal::Stop,
        title: named("refusal-return-not-of-this"),
        detail: Some(named("refusal-return-not-of-this-detail")),
        sound: SoundName::Stop,
        compare: Some(Compare { needed: None, scanned }),
        counted: None,
        at: NOW,
    };
    StationView { feedback: Some(Arc::new(feedback)), ..open_box() }
}

fn rows(count: u32) -> Arc<[ReturnRow]> {
    let row = |no: u32| ReturnRow {
        id: ReturnId(Uuid::from_u128(u128::from(no))),
        number: format!("R{no:06}"),
        order: (536_300 + no).to_string(),
        came: u32::from(no == 1),
        asked: 3 + no % 4,
        asked_at: NOW,
        begun: no == 1,
    };
    (1..=count).map(row).collect()
}

/// Every screen and sheet about returns, by name.
pub fn all() -> Vec<(&'static str, StationView)> {
    let asked = |field: TraceField| {
        let say = Message::new("say-trace").with("field", Arg::Key(field.key()));
        bench([1, 0, 0], Some(hand(Some(field), None)), say, Some(Message::new("say-return-trace-detail")))
    };
    let queue = StationView { returns: rows(14), ..samples::parked() };
    let list = StationView { returns: rows(14), ..samples::with_sheet(view(Screen::Queue), Sheet::Returns) };
    let over = Message::new("say-return-all");
    vec![
        ("queue-returns", queue),
        ("returns", list),
        ("returns-none", samples::with_sheet(view(Screen::Queue), Sheet::Returns)),
        ("return-scan", open_box()),
        ("return-grade", in_hand(Some("A-01-3"))),
        ("return-shelf", in_hand(None)),
        ("return-serial", asked(TraceField::Serial)),
        ("return-expiry", asked(TraceField::Expiry)),
        ("return-refused", refused()),
        ("return-all", bench([2, 1, 3], None, over, Some(Message::new("say-return-all-detail")))),
    ]
}
