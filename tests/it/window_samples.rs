//! Made views for the window's tests: one for every screen, step and sheet. Holds no assertions.

use std::sync::Arc;

use packbench::core::checklist::DocumentKind;
use packbench::core::ids::{FulfillmentId, LineNo, PackagingId, ProductId, UserId};
use packbench::core::message::{Arg, Message};
use packbench::core::order::Flag;
use packbench::core::person::Role;
use packbench::core::session::event::{PrintOutcome, Reason};
use packbench::core::session::refusal::TraceField;
use packbench::core::session::{PrintState, Step};
use packbench::core::signal::{Signal, SoundName};
use packbench::core::stock::{Floor, Side};
use packbench::core::time::UtcMs;
use packbench::core::units::{DimsMm, Grams};
use packbench::engine::view::*;
use packbench::station::local::Local;
use uuid::Uuid;

use crate::window_gallery as gallery;

/// The moment of every sample: 13:48 UTC.
pub const NOW: UtcMs = UtcMs(1_291_211_280_000);

pub fn message(key: &'static str) -> Message {
    Message::new(key)
}

/// A product of the sample order.
pub fn product(index: usize) -> ProductView {
    let (sku, name, _, _) = gallery::LINES[index % gallery::LINES.len()];
    let id = ProductId(Uuid::from_u128(index as u128 + 100));
    ProductView { id, sku: sku.into(), name: name.into(), bin: Some(format!("A-0{}-3", index % 9 + 1)) }
}

/// A work's id.
pub fn work(no: u128) -> FulfillmentId {
    FulfillmentId(Uuid::from_u128(no))
}

fn lines(step: Step) -> Arc<[LineView]> {
    (1_u32..)
        .zip(gallery::LINES)
        .enumerate()
        .map(|(index, (no, (_, _, done, of)))| LineView {
            no: LineNo(no),
            product: product(index),
            done: match step {
                Step::Order | Step::Review | Step::Stock | Step::Pick => 0,
                Step::Verify => done.into(),
                Step::Pack | Step::Checklist | Step::Weigh | Step::Label | Step::Confirm | Step::Next => of.into(),
            },
            of: of.into(),
            short: 0,
            current: index == 0 && matches!(step, Step::Pick | Step::Verify),
            substituted: false,
        })
        .collect()
}

fn why(icon: WhyIcon, title: Message, detail: Message) -> WhyRow {
    WhyRow { icon, title, detail }
}

fn ship_by(left_min: i64) -> WhyRow {
    let at = UtcMs(NOW.0 + left_min * 60_000);
    let left = Arg::SpanMs(left_min * 60_000);
    let mut title = message("why-ship-by");
    title.args.push(("left", left));
    why(WhyIcon::ShipBy, title, message("why-ship-by-detail").with("at", at))
}

fn row(no: u128, number: &str, lines: u32, units: u32, reasons: Vec<WhyRow>, left_min: Option<i64>) -> QueueRow {
    QueueRow {
        fulfillment: work(no),
        number: number.into(),
        lines,
        units,
        why: reasons,
        expedited: false,
        ship_by: left_min.map(|min| UtcMs(NOW.0 + min * 60_000)),
        carrier: "House carrier".into(),
        leased: true,
        begun: false,
    }
}

fn queue() -> Arc<QueueView> {
    let vip = || why(WhyIcon::Vip, message("why-vip"), message("why-vip-detail"));
    let one_box = why(WhyIcon::Box, message("queue-one-parcel"), message("queue-box-fits").with("box", "L"));
    let mut oldest = message("why-oldest");
    oldest.args.push(("age", Arg::SpanMs(130 * 60_000)));
    let oldest = why(WhyIcon::Oldest, oldest, message("why-oldest-detail"));
    let mut rows = vec![
        row(1, "536365", 7, 40, vec![ship_by(42), vip(), one_box], Some(42)),
        row(2, "536373", 16, 88, vec![ship_by(72)], Some(72)),
        row(3, "536370", 20, 449, vec![vip()], Some(72)),
        row(4, "536367", 12, 83, vec![ship_by(72)], Some(72)),
        row(5, "536374", 1, 32, vec![ship_by(162)], Some(162)),
        row(6, "536376", 2, 112, vec![oldest], None),
    ];
    for no in 7..15_u128 {
        rows.push(row(no, &(536_370 + no).to_string(), 3, 14, vec![ship_by(200)], Some(200)));
    }
    Arc::new(QueueView {
        rows,
        ready: 14,
        estimate_ms: Some(55 * 60_000),
        last_ship_by: Some(UtcMs(NOW.0 + 55 * 60_000)),
    })
}

/// A view of a screen with a packer, devices and a queue.
pub fn view(screen: Screen) -> StationView {
    StationView {
        revision: 1,
        now: NOW,
        station: Arc::new(StationInfo {
            name: "PACK 3".into(),
            site: "Nottingham".into(),
            zone: "Europe/London".into(),
            version: "0.1.0".into(),
        }),
        screen,
        packer: Some(PersonView { id: UserId(Uuid::from_u128(1)), initials: "M. R.".into(), role: Role::Packer }),
        devices: crate::window_device_samples::devices(),
        network: NetworkView { online: true, leased: 14, last_answer: Some(NOW), ..NetworkView::default() },
        feedback: None,
        voice: None,
        sheet: None,
        queue: queue(),
        pack: None,
        held: Arc::new([]),
        history: Arc::new([]),
        packagings: Arc::new([]),
        intake: None,
        returns: Arc::new([]),
    }
}

/// An order at a step.
pub fn order(step: Step, stage: StageView) -> PackView {
    PackView {
        fulfillment: work(1),
        number: "536365".into(),
        ship_by: Some(UtcMs(NOW.0 + 42 * 60_000)),
        step,
        elsewhere: false,
        lines: lines(step),
        done: match step {
            Step::Order | Step::Review | Step::Stock | Step::Pick => 0,
            Step::Verify => 17,
            Step::Pack | Step::Checklist | Step::Weigh | Step::Label | Step::Confirm | Step::Next => 40,
        },
        of: 40,
        parcel: 1,
        parcels: 1,
        say: message("say-review"),
        say_detail: None,
        signal: Signal::Now,
        stage,
        undo: Some(message("undo-verified").with("count", 1_u32).with("name", gallery::LINES[0].1)),
        step_since: NOW,
        opened: NOW,
    }
}

/// A view with an order on the bench.
pub fn bench(order: PackView) -> StationView {
    StationView { pack: Some(Arc::new(order)), ..view(Screen::Pack) }
}

pub fn said(mut order: PackView, say: Message, detail: Option<Message>, signal: Signal) -> StationView {
    order.say = say;
    order.say_detail = detail;
    order.signal = signal;
    bench(order)
}

/// The check of an item.
pub fn verify(asks: Option<TraceField>) -> StationView {
    let stage = StageView::Verify(VerifyView {
        product: product(0),
        done: 3,
        of: 6,
        asks,
        source: Some("T-118".into()),
        count_max: 3,
        by_hand: true,
        moving_from: None,
    });
    let (say, detail) = match asks {
        None => (message("say-verify").with("n", 3_u32).with("count", 3_u32), Some(message("say-verify-sub"))),
        Some(_) => (message("say-serial"), Some(message("say-trace-sub").with("name", gallery::LINES[0].1))),
    };
    said(order(Step::Verify, stage), say, detail, Signal::Now)
}

pub fn review(flags: Vec<Flag>) -> StationView {
    let blocked = !flags.is_empty();
    let stage = StageView::Review(ReviewView {
        customer: Some("17850".into()),
        country: Some("GB".into()),
        shipping: "House carrier, route 12".into(),
        note: Some("Please leave it with the neighbour at number 4, the bell does not work".into()),
        flags,
        gift: true,
        line_notes: vec![(gallery::LINES[1].1.into(), message("review-line-wrap"))],
        handling: vec![message("review-fragile"), message("review-abroad")],
        lines: 7,
        units: 40,
    });
    let say = if blocked { message("say-flag-fraud") } else { message("say-review") };
    let signal = if blocked { Signal::Decide } else { Signal::Now };
    said(order(Step::Review, stage), say, Some(message("say-flag-sub")), signal)
}

pub fn stock() -> StationView {
    let row = |i| {
        let (free, elsewhere) = if i == 2 { (4, 116) } else { (120, 0) };
        StockRow { product: product(i), wanted: 6, free, elsewhere }
    };
    let rows = (0..7).map(row).collect();
    let stage = StageView::Stock(StockView { rows, as_of: NOW, shortfalls: 1 });
    let detail = message("say-stock-short-sub").with("time", NOW);
    said(order(Step::Stock, stage), message("say-stock-short").with("n", 1_u32), Some(detail), Signal::Decide)
}

pub fn pick() -> StationView {
    let floor = Floor {
        aisle_names: ["A", "B", "C", "D", "E"].map(String::from).to_vec(),
        bays: 12,
        bay_mm: 1_200,
        aisle_mm: 4_000,
        head_mm: 2_000,
        bench_aisle: 0,
        plan: None,
    };
    let stop = |aisle, bay, side| MapStop { aisle, bay, side, done: false };
    let map = MapView {
        floor,
        stops: vec![stop(0, 6, Side::Left), stop(1, 1, Side::Left), stop(1, 10, Side::Right)],
        way: vec![(0, 0), (0, 9_200), (0, 17_200), (4_000, 17_200), (4_000, 14_000), (4_000, 3_200)],
        current: 0,
    };
    let stage = StageView::Pick(PickView {
        stop: 1,
        stops: 3,
        length_mm: 212_000,
        location: Some(PickPlace {
            code: "A-07-3".into(),
            aisle: "A".into(),
            bay: 7,
            level: 3,
            levels: 4,
            side: Side::Left,
        }),
        take: 6,
        product: product(0),
        map: Some(Arc::new(map)),
        touch_allowed: false,
    });
    let place =
        message("say-pick-place").with("stop", 1_u32).with("stops", 3_u32).with("aisle", "A").with("bay", 7_u32);
    let place = place.with("level", 3_u32);
    said(order(Step::Pick, stage), message("say-pick").with("bin", "A-07-3"), Some(place), Signal::Now)
}

fn box_l() -> PackagingView {
    let inner = DimsMm { length: 400, width: 300, height: 300 };
    PackagingView { id: PackagingId(Uuid::from_u128(3)), name: "L".into(), inner, envelope: false }
}

pub fn boxes() -> StationView {
    let unit = |step, at, length, width, height| PlacedView {
        step,
        at,
        size: DimsMm { length, width, height },
        up: Up::Height,
        this_side_up: step == 2,
        bears_g: (step == 2).then_some(Grams(0)),
    };
    let stage = StageView::Pack(BoxView {
        suggested: Some(box_l()),
        why: vec![
            message("carton-fits-all"),
            message("carton-smaller-too-short").with("name", "M").with("missing", 60_u32),
        ],
        placed: vec![
            unit(1, (0, 0, 0), 200, 150, 150),
            unit(1, (200, 0, 0), 200, 150, 150),
            unit(2, (0, 150, 0), 250, 150, 120),
            unit(2, (250, 150, 0), 150, 150, 200),
            unit(3, (0, 0, 150), 180, 140, 90),
            unit(3, (180, 0, 150), 180, 140, 90),
            unit(4, (0, 150, 120), 240, 140, 110),
        ],
        order: (1..5).map(|n| (product(n), 2)).collect(),
        filled_percent: Some(82),
    });
    said(order(Step::Pack, stage), message("say-box").with("box", "L"), Some(message("say-box-sub")), Signal::Now)
}

pub fn checklist() -> StationView {
    let row = |icon, key, done| ChecklistRow {
        icon,
        say: message(key),
        title: message(key),
        why: message("list-why-every-parcel"),
        done,
        by_photo: false,
        offered: false,
    };
    let stage = StageView::Checklist(ChecklistView {
        items: vec![
            row(ListIcon::Doc, "document-packing-slip", true),
            row(ListIcon::Fragile, "list-fragile", false),
            row(ListIcon::Gift, "list-gift-message", false),
            row(ListIcon::Photo, "list-photo", false),
        ],
        current: 1,
    });
    said(order(Step::Checklist, stage), message("list-fragile"), None, Signal::Now)
}

/// The scale, with a weight outside or not.
pub fn weigh(outside: bool) -> StationView {
    let stage = StageView::Weigh(WeighView {
        reading: Some(ReadingView { grams: Grams(12_110), stable: true }),
        expected_g: Grams(12_080),
        low_g: Grams(11_480),
        high_g: Some(Grams(12_680)),
        labelled_g: None,
        relies_on_scans: None,
        outside: outside.then(|| OutsideView { grams: Grams(10_720), suspect: Some((product(0), 6, Grams(1_320))) }),
        scale: true,
    });
    let (say, detail, signal) = if outside {
        let say = message("say-weigh-light").with("difference", Grams(1_360)).with("by", Grams(1_360));
        (say, message("say-weigh-light-sub"), Signal::Stop)
    } else {
        (message("say-weigh-ok"), message("say-weigh-ok-sub"), Signal::Ok)
    };
    said(order(Step::Weigh, stage), say, Some(detail), signal)
}

/// The scale with goods sold by weight in the parcel, and others that differ.
fn labelled() -> StationView {
    let mut view = weigh(false);
    if let Some(order) = &mut view.pack
        && let StageView::Weigh(stage) = &mut Arc::make_mut(order).stage
    {
        (stage.labelled_g, stage.relies_on_scans) = (Some(Grams(2_105)), Some(message("weight-relies-spread")));
    }
    view
}

/// The label, to be scanned back.
pub fn label() -> StationView {
    label_of(None)
}

/// The house label, where the site's own template could not make one; to be scanned back as well.
pub fn house_label_instead() -> StationView {
    label_of(Some(message("label-house-instead-sub").with("template", "shipping").with("line", 128_u32)))
}

fn label_of(house_instead: Option<Message>) -> StationView {
    let print = |document| PrintRow {
        document,
        copy: 1,
        state: PrintState::Ended(PrintOutcome::PaperMoved),
        trouble: None,
        at: Some(NOW),
        way: None,
    };
    let stage = StageView::Label(LabelView {
        house_instead,
        preview: Some(LabelPreview {
            from: "PACKBENCH DEMO".into(),
            to: vec!["Customer 17850".into(), "Demo Street 1".into(), "United Kingdom".into()],
            number: "536365".into(),
            parcel: (1, 1),
            route: "R 12".into(),
            weight_g: Some(Grams(12_110)),
            marks: vec![],
            sscc: "350123450000047110".into(),
            picture: Some(crate::labels_kit::on_screen("350123450000047110")),
        }),
        prints: vec![print(DocumentKind::Label), print(DocumentKind::PackingSlip)],
        blocked: None,
        put_at: None,
    });
    said(order(Step::Confirm, stage), message("say-confirm"), Some(message("say-confirm-sub")), Signal::Now)
}

pub fn done() -> StationView {
    let stage = StageView::Done(DoneView {
        took_ms: 252_000,
        median_ms: Some(270_000),
        today: 31,
        right_permille: 996,
        cage: "R 12".into(),
        next: Some(row(2, "536373", 16, 88, vec![], Some(72))),
        advance_at: Some(NOW.plus_ms(2_000)),
        advance_ms: 3_000,
    });
    let next = message("say-done-next").with("order", "536373").with("units", 88_u32);
    said(order(Step::Next, stage), message("say-done"), Some(next), Signal::Ok)
}

/// A refusal of a wrong item.
pub fn refusal() -> Feedback {
    let mut scanned = product(0);
    scanned.sku = "21733".into();
    scanned.name = "RED HANGING HEART T-LIGHT HOLDER".into();
    Feedback {
        id: 1,
        signal: Signal::Stop,
        title: message("refusal-wrong-item"),
        detail: None,
        sound: SoundName::Stop,
        compare: Some(Compare { needed: Some(product(0)), scanned }),
        counted: None,
        at: NOW,
    }
}

/// A form of a problem.
pub fn form(kind: ProblemKind, quantity_max: u32, reasons: &[Reason]) -> Sheet {
    let substitutes = if kind == ProblemKind::Substitute { vec![product(1), product(2)] } else { Vec::new() };
    Sheet::Form(ProblemForm {
        kind,
        line: Some(LineNo(1)),
        product: Some(product(0)),
        quantity_max,
        reasons: reasons.to_vec(),
        substitutes,
    })
}

/// A view with a sheet over it.
pub fn with_sheet(under: StationView, sheet: Sheet) -> StationView {
    StationView { sheet: Some(sheet), ..under }
}

fn held() -> StationView {
    let held = |no, number: &str, reason: Reason, can_resume, lead| HeldView {
        fulfillment: work(no),
        number: number.into(),
        question: message("held-question").with("reason", Arg::Key(reason.key())),
        since: UtcMs(NOW.0 - 3_600_000),
        can_resume,
        lead_can_release: lead,
    };
    let mut v = with_sheet(view(Screen::Queue), Sheet::Held);
    v.held = [
        held(30, "536401", Reason::WaitingForStock, true, false),
        held(31, "536402", Reason::ShortComplete, true, true),
        held(32, "536403", Reason::NothingToShip, false, false),
    ]
    .into();
    v
}

/// Parcels of this station.
pub fn history() -> StationView {
    let mut v = with_sheet(view(Screen::Queue), Sheet::History);
    v.history = (0..9_u16)
        .map(|i| ParcelRow {
            fulfillment: work(40 + u128::from(i)),
            parcel: 1 + i % 2,
            number: (536_301 + u32::from(i)).to_string(),
            sscc: format!("35012345000004{:04}", 7_110 + i),
            weight_g: Some(Grams(1_200 + i64::from(i) * 730)),
            at: UtcMs(NOW.0 - i64::from(i) * 300_000),
            packer: "M. R.".into(),
            copies: 1 + i % 3,
        })
        .collect();
    v
}

fn box_choice() -> StationView {
    let mut v = with_sheet(boxes(), Sheet::Boxes);
    let kinds = ["XS", "S", "M", "L", "XL", "A4", "A3"];
    v.packagings = (1_i32..)
        .zip(kinds)
        .map(|(i, name)| PackagingView {
            id: PackagingId(Uuid::from_u128(i as u128)),
            name: name.into(),
            inner: DimsMm { length: 100 * i, width: 80 * i, height: 60 * i },
            envelope: name.starts_with('A'),
        })
        .collect();
    v
}

fn offline(screen: Screen) -> StationView {
    let mut v = view(screen);
    v.network = NetworkView {
        online: false,
        waiting: 38,
        oldest: Some(UtcMs(NOW.0 - 12 * 60_000)),
        last_answer: Some(UtcMs(NOW.0 - 12 * 60_000)),
        leased: 14,
        ..NetworkView::default()
    };
    v
}

fn login(login: LoginView) -> StationView {
    StationView { packer: None, ..view(Screen::Login(login)) }
}

fn pairing(code: &str, answer: PairingState) -> StationView {
    let mut v = view(Screen::Pairing { code: code.into(), answer, again: None });
    v.packer = None;
    v.station = Arc::new(StationInfo { version: "0.1.0".into(), zone: "UTC".into(), ..StationInfo::default() });
    v
}

/// Every screen, step and sheet, by name.
pub fn all() -> Vec<(&'static str, StationView)> {
    let mut list = screens();
    list.extend(steps());
    list.extend(sheets());
    list.extend(crate::window_return_samples::all());
    list.extend(crate::window_tag_samples::all());
    list.extend(crate::window_device_samples::all());
    list.extend(crate::window_setup_samples::all());
    list.extend(crate::window_voice_samples::all());
    list.extend(crate::window_recover_samples::all());
    list
}

/// What the window remembers in a sample: where somebody is in the box, unit by unit.
pub fn local(name: &str) -> Local {
    let mut local = Local::default();
    local.overlay =
        crate::window_device_samples::overlay(name).or_else(|| crate::window_recover_samples::overlay(name));
    if name == "pack-unit" {
        local.notice(&boxes());
        local.put = Some(2);
        local.turned_mdeg = 20_000;
    }
    local
}

/// An empty bench with parked orders.
pub fn parked() -> StationView {
    StationView { held: held().held, ..view(Screen::Queue) }
}

fn screens() -> Vec<(&'static str, StationView)> {
    let mut empty = view(Screen::Queue);
    empty.queue = Arc::new(QueueView::default());
    let parked = parked();
    let recovery = Screen::Recovery {
        what: message("recovery-newer"),
        hint: message("recovery-hint").with("error", "schema 7 is newer than 1, the newest this program knows"),
    };
    let badge = LoginView { badge: Some("Mara Ruiz".into()), digits: 2, ..LoginView::default() };
    vec![
        ("pairing", pairing("K7PQ4", PairingState::Idle)),
        ("pairing-refused", pairing("K7PQ42XM", PairingState::Refused(message("pair-wrong-code")))),
        ("login", login(LoginView { digits: 2, ..LoginView::default() })),
        ("login-pin", login(badge)),
        ("login-locked", login(LoginView { locked: true, ..LoginView::default() })),
        ("login-wait", login(LoginView { wait_s: 45, ..LoginView::default() })),
        ("queue", view(Screen::Queue)),
        ("queue-parked", parked),
        ("queue-empty", empty),
        ("queue-offline", offline(Screen::Queue)),
        ("recovery", StationView { packer: None, ..view(recovery) }),
    ]
}

fn steps() -> Vec<(&'static str, StationView)> {
    let paused = order(Step::Verify, StageView::Paused { since: UtcMs(NOW.0 - 12 * 60_000) });
    let parked = |lead| order(Step::Verify, StageView::Held { reason: Reason::ShortComplete, lead_can_release: lead });
    let units = (0..4).map(|i| (product(i), 2)).collect();
    let unpack = order(Step::Weigh, StageView::MustUnpack { units });
    let mut refused = verify(None);
    refused.feedback = Some(Arc::new(refusal()));
    vec![
        ("review", review(vec![])),
        ("review-flags", review(vec![Flag::FraudReview, Flag::AddressTrouble])),
        ("stock", stock()),
        ("pick", pick()),
        ("verify", verify(None)),
        ("verify-refused", refused),
        ("verify-serial", verify(Some(TraceField::Serial))),
        ("verify-expiry", verify(Some(TraceField::Expiry))),
        ("pack", boxes()),
        ("pack-unit", boxes()),
        ("checklist", checklist()),
        ("weigh", weigh(false)),
        ("weigh-outside", weigh(true)),
        ("weigh-labelled", labelled()),
        ("label", label()),
        ("label-house-instead", house_label_instead()),
        ("label-held", crate::window_print_samples::label_held()),
        ("done", done()),
        ("paused", said(paused, message("say-paused"), Some(message("say-paused-sub")), Signal::Wait)),
        ("held", said(parked(false), message("problem-hold"), None, Signal::Decide)),
        ("held-lead", said(parked(true), message("problem-hold"), None, Signal::Decide)),
        (
            "unpack",
            said(unpack, message("exception-cancelled"), Some(message("exception-cancelled-sub")), Signal::Stop),
        ),
    ]
}

fn sheets() -> Vec<(&'static str, StationView)> {
    use Reason::{BarcodeMissing, BarcodeUnreadable, BinEmpty, Broken, CountWrong, CustomerAsked, Dirty, Expired};
    use Reason::{LabelDamaged, NoPaper, NotForThisStation, NotFound, Opened, Other, PackingDiffers, ScaleTrouble};
    use Reason::{ShiftEnd, WaitingForOffice, WaitingForStock, WeightDataWrong};
    let over = |sheet| with_sheet(verify(None), sheet);
    let asked = |badge: Option<&str>, refused| Sheet::Approval {
        what: message("approve-weight").with("weight", Grams(10_720)),
        badge: badge.map(String::from),
        digits: 0,
        refused,
    };
    let whole = match form(ProblemKind::ByHand, 0, &[BarcodeUnreadable]) {
        Sheet::Form(form) => Sheet::Form(ProblemForm { line: None, product: None, ..form }),
        other => other,
    };
    vec![
        ("problems", over(Sheet::Problems)),
        ("short", over(form(ProblemKind::Short, 6, &[BinEmpty, CountWrong, NotFound, Other]))),
        ("damaged", over(form(ProblemKind::Damaged, 48, &[Broken, Dirty, Opened, Expired]))),
        ("substitute", over(form(ProblemKind::Substitute, 6, &[BinEmpty, CustomerAsked, Broken, Other]))),
        ("hold", over(form(ProblemKind::Hold, 0, &[WaitingForStock, WaitingForOffice, CustomerAsked, Other]))),
        ("by-hand", over(form(ProblemKind::ByHand, 0, &[BarcodeUnreadable, BarcodeMissing]))),
        ("which-line", over(whole)),
        ("reprint", with_sheet(label(), form(ProblemKind::Reprint, 0, &[LabelDamaged, NoPaper, Other]))),
        ("hand-back", over(form(ProblemKind::HandBack, 0, &[ShiftEnd, NotForThisStation, WaitingForOffice, Other]))),
        ("skip", with_sheet(view(Screen::Queue), form(ProblemKind::Skip, 0, &[NotForThisStation, WaitingForStock]))),
        (
            "override",
            with_sheet(
                weigh(true),
                form(ProblemKind::OverrideWeight, 0, &[PackingDiffers, WeightDataWrong, ScaleTrouble, Other]),
            ),
        ),
        ("approval", with_sheet(weigh(true), asked(None, None))),
        ("approval-refused", with_sheet(weigh(true), asked(Some("Lena Ortega"), Some(message("login-pin-wrong"))))),
        ("parked", held()),
        ("history", history()),
        ("settings", with_sheet(view(Screen::Queue), Sheet::Settings)),
        ("queue-all", with_sheet(view(Screen::Queue), Sheet::QueueAll)),
        ("boxes", box_choice()),
        ("count", over(Sheet::Count)),
        ("find", with_sheet(view(Screen::Queue), Sheet::Find)),
        (
            "paper-unknown",
            with_sheet(view(Screen::Queue), Sheet::PrintUnknown { document: DocumentKind::Label, parcel: 2 }),
        ),
    ]
}
