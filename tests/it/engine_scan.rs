//! Scans of every kind: what opens an order, what is refused and how, and every command of the printed sheet in every step.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::command_code::CommandCode;
use packbench::core::scan::Scan;
use packbench::core::session::event::Reason;
use packbench::core::session::{Mode, Step};
use packbench::core::signal::SoundName;
use packbench::engine::input::Ui;
use packbench::engine::view::{ProblemKind, Screen, Sheet, StageView};
use packbench::engine::{Effect, Input};
use packbench::protocol::wire::{Change, Put};
use std::collections::BTreeSet;

fn open_number(s: &mut Station) -> Option<String> {
    s.view().pack.as_ref().map(|p| p.number.clone())
}

#[test]
fn grabbing_an_item_opens_the_first_order_by_priority_that_needs_it() {
    let mut jobs: Vec<Job> = (1..=4).map(|n| Job::new(n, &[(world::LAMP, 1), (world::MUG, 1)])).collect();
    jobs[0] = Job::new(1, &[(world::MUG, 1)]);
    jobs[2].order.priority.rush = true;
    let mut s = Station::with_anna(&jobs);
    s.scan(&world::ean13(world::LAMP));
    assert_eq!(open_number(&mut s).as_deref(), Some(jobs[2].number()), "rush before older");
    assert!(matches!(s.stage(), StageView::Review(_)));
    let mut s = Station::with_anna(&jobs);
    s.scan(&world::ean13(world::CREAM));
    assert_eq!((s.said(), open_number(&mut s)), ("queue-nobody-needs", None));
}

#[test]
fn an_order_a_tote_and_the_item_from_the_tote_open_their_work() {
    let jobs = [Job::new(1, &[(world::MUG, 1)]), Job::new(2, &[(world::LAMP, 2)]).in_tote(&world::tote())];
    let mut s = Station::with_anna(&jobs);
    s.scan(jobs[0].number());
    assert_eq!(open_number(&mut s).as_deref(), Some(jobs[0].number()));
    let mut s = Station::with_anna(&jobs);
    s.scan("TOTE-7");
    assert_eq!(open_number(&mut s).as_deref(), Some(jobs[1].number()));
    let view = s.view();
    let pack = view.pack.as_ref().expect("open");
    assert!(pack.elsewhere && pack.step == Step::Verify, "steps 3 and 4 were done elsewhere");
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
    let mut s = Station::with_anna(&jobs);
    s.scan("SKU-2");
    assert_eq!(s.view().pack.as_ref().map(|p| p.done), Some(1), "the item in hand counts at once");
}

#[test]
fn a_scanner_is_told_what_became_of_its_code_and_nothing_of_an_echo() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 2)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    let verdicts = |s: &mut Station| {
        let told = std::mem::take(&mut s.effects).into_iter();
        told.filter_map(|e| if let Effect::Verdict { device, good } = e { Some((device, good)) } else { None })
            .collect::<Vec<_>>()
    };
    verdicts(&mut s);
    let lamp = s.gesture(world::ean13(world::LAMP).as_bytes());
    let name = lamp.device.clone();
    s.feed(Input::Scan(lamp.clone()));
    assert_eq!(verdicts(&mut s), [(name.clone(), true)], "it counted");
    s.feed(Input::Scan(lamp));
    assert_eq!(verdicts(&mut s), [], "an echo is no second code");
    s.scan("NOT-A-THING");
    assert_eq!(verdicts(&mut s), [(name, false)], "refused");
}

#[test]
fn refusals_have_their_own_words_sound_and_pictures() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 1), (world::PHONE, 1)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.sounds();
    let mut keys = BTreeSet::new();
    let mut refused = |s: &mut Station, key: &'static str| {
        assert_eq!(s.said(), key);
        assert!(!s.sounds().is_empty(), "{key} is silent");
        keys.insert(key);
    };
    s.scan(&world::ean13(world::MUG));
    let view = s.view();
    let both = view.feedback.as_ref().and_then(|f| f.compare.clone()).expect("both pictures");
    assert_eq!(both.scanned.sku, "SKU-1");
    assert!(both.needed.is_some_and(|p| p.sku != "SKU-1"), "what is wanted stands beside it");
    refused(&mut s, "refusal-wrong-item");
    s.scan("NOT-A-THING");
    refused(&mut s, "refusal-unknown-code");
    s.scan("SKU-2");
    s.sounds();
    s.scan("SKU-2");
    refused(&mut s, "refusal-too-many");
    let long = s.gesture(&[b'7'; 10_000]);
    s.feed(Input::Scan(long));
    refused(&mut s, "refusal-too-long");
    let bytes = s.gesture(&[0xff, 0xfe, 0x00, 0x80]);
    s.feed(Input::Scan(bytes));
    refused(&mut s, "refusal-unreadable");
    s.scan("ZZPBGOX");
    refused(&mut s, "refusal-bad-command");
    s.scan("A-01");
    refused(&mut s, "refusal-not-now");
    assert_eq!(keys.len(), 7);
    let refused = s.view();
    assert_eq!(refused.pack.as_ref().map(|p| p.done), Some(1), "nothing of it counted");
    s.work();
    let StageView::Done(d) = s.stage() else { panic!() };
    assert!(d.right_permille < 1_000);
}

#[test]
fn a_code_that_means_two_things_is_not_guessed() {
    let mut twin = world::product(7, 100);
    twin.barcodes[0].code = world::products()[1].barcodes[0].code.clone();
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 1)])]);
    s.pull(vec![Change::Product(Put::Upsert(Box::new(twin)))]);
    s.scan(&world::ean13(world::LAMP));
    assert_eq!(s.said(), "refusal-ambiguous");
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan(&world::ean13(world::LAMP));
    assert_eq!(s.said(), "ok-counted", "the order settles it");
}

#[test]
fn an_echo_counts_once_and_an_identical_second_gesture_twice() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 3)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    let one = s.gesture(b"SKU-2");
    let echo = one.clone();
    s.feed_all(vec![Input::Scan(one.clone()), Input::Scan(echo)]);
    s.feed(Input::Scan(one));
    assert_eq!(s.view().pack.as_ref().map(|p| p.done), Some(1));
    s.scan("SKU-2");
    assert_eq!(s.view().pack.as_ref().map(|p| p.done), Some(2));
}

#[test]
fn sixty_four_scans_of_one_group_are_decided_in_order() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 63)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    let group: Vec<Input> = (0..64).map(|_| Input::Scan(s.gesture(b"SKU-2"))).collect();
    s.feed_all(group);
    assert_eq!(s.said(), "refusal-too-many");
    assert_eq!(s.view().pack.as_ref().map(|p| p.done), Some(63));
    assert!(matches!(s.stage(), StageView::Pack(_)));
}

#[test]
fn a_scan_while_a_sheet_is_open_is_never_swallowed() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 3)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    for sheet in [Sheet::Problems, Sheet::History, Sheet::Devices, Sheet::Count, Sheet::Find] {
        s.ui(Ui::OpenSheet(sheet));
        s.scan("SKU-1");
        assert_eq!((s.said(), s.view().sheet), ("refusal-wrong-item", None));
    }
}

/// A station at each step, the order open.
fn at_every_step() -> Vec<(Step, Station)> {
    let mut out = Vec::new();
    for step in Step::ALL.into_iter().skip(1) {
        let mut s =
            Station::with_anna(&[Job::new(1, &[(world::MUG, 2), (world::LAMP, 1)]), Job::new(2, &[(world::LAMP, 1)])]);
        if step == Step::Label {
            s.printer = None;
        }
        s.ui(Ui::Start);
        while s.view().pack.as_ref().map(|p| p.step) != Some(step) {
            assert!(s.work_once(), "{step:?} is never reached");
        }
        out.push((step, s));
    }
    out
}

#[test]
fn every_command_barcode_is_heard_in_every_step_and_leaves_a_way_on() {
    for code in CommandCode::ALL {
        for (step, mut s) in at_every_step() {
            let before = format!("{:?}", seen(&mut s));
            s.effects.clear();
            s.code(*code);
            let after = format!("{:?}", seen(&mut s));
            let heard =
                before != after || s.effects.iter().any(|e| matches!(e, Effect::Sound(_) | Effect::TakePhoto { .. }));
            assert!(heard || *code == CommandCode::Close, "{code:?} at {step:?} does nothing and says nothing");
            on(&mut s);
            assert!(ends(&mut s), "{code:?} at {step:?} leads nowhere: {:?} {:?}", s.view().screen, s.view().sheet);
        }
        let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 2)])]);
        let before = format!("{:?}", seen(&mut s));
        s.effects.clear();
        s.code(*code);
        let after = format!("{:?}", seen(&mut s));
        assert!(
            before != after || !s.effects.is_empty() || *code == CommandCode::Close,
            "{code:?} on the queue is silent"
        );
    }
}

fn seen(s: &mut Station) -> impl std::fmt::Debug + use<> {
    let v = s.view();
    let f = v.feedback.as_ref().map(|f| f.id);
    (v.screen, v.sheet, f, v.pack.map(|p| (p.step, p.stage.clone())))
}

/// Whatever is open is closed, and the packer comes back.
fn on(s: &mut Station) {
    s.printer = Some(packbench::core::session::event::PrintOutcome::Sent);
    s.code(CommandCode::Close);
    if matches!(s.view().screen, Screen::Login(_)) {
        s.scan(world::ANNA.badge);
    }
    let open: Vec<_> = s.papers.iter().map(|p| p.job).collect();
    for job in open {
        s.feed(Input::Printed { job, outcome: packbench::core::session::event::PrintOutcome::Sent });
    }
    if s.view().screen == Screen::Pack && matches!(s.stage(), StageView::Paused { .. }) {
        s.code(CommandCode::Continue);
    }
}

/// Works on to the end of the order, or to an empty bench.
fn ends(s: &mut Station) -> bool {
    s.work();
    let view = s.view();
    view.screen == Screen::Queue || view.pack.is_some_and(|p| matches!(p.stage, StageView::Done(_)))
}

#[test]
fn forms_opened_by_barcode_can_be_sent_by_barcode() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 2), (world::LAMP, 1)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.code(CommandCode::Short);
    assert!(matches!(s.view().sheet, Some(Sheet::Form(f)) if f.kind == ProblemKind::Short && f.quantity_max > 0));
    s.code(CommandCode::Continue);
    assert_eq!(s.said(), "ok-short");
    s.code(CommandCode::Hold);
    s.code(CommandCode::Continue);
    assert_eq!(s.view().screen, Screen::Queue);
    assert_eq!(s.view().held.len(), 1);
    s.scan("536001");
    assert_eq!(open_number(&mut s).as_deref(), Some("536001"), "a parked order comes back by its own number");
    s.code(CommandCode::Pause);
    assert!(matches!(s.stage(), StageView::Paused { .. }));
    s.code(CommandCode::Continue);
    assert!(matches!(s.stage(), StageView::Verify(_)));
}

#[test]
fn a_substitute_from_the_list_takes_the_place() {
    let job = Job::new(1, &[(world::MUG, 2)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan("SKU-5");
    assert_eq!(s.said(), "refusal-wrong-item");
    s.code(CommandCode::Substitute);
    let Some(Sheet::Form(form)) = s.view().sheet else { panic!("no form") };
    assert_eq!(form.substitutes.iter().map(|p| p.sku.as_str()).collect::<Vec<_>>(), ["SKU-5"]);
    s.code(CommandCode::Continue);
    s.scan("SKU-5");
    assert_eq!(s.said(), "ok-counted");
    s.work();
    assert_eq!(s.rebuilt(&job).expect("a session").verified(), 2);
}

#[test]
fn an_order_with_nothing_left_to_send_is_given_back_to_the_office() {
    let job = Job::new(1, &[(world::LAMP, 1)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.code(CommandCode::Short);
    s.code(CommandCode::Continue);
    let held = s.view().held.first().cloned().expect("parked");
    assert!(!held.can_resume);
    s.ui(Ui::Dismiss(job.id()));
    assert!(s.view().held.is_empty());
    assert!(matches!(s.rebuilt(&job).expect("a session").mode, Mode::Ended(_)));
}

#[test]
fn opening_another_order_over_one_on_the_bench_is_refused() {
    let jobs = [Job::new(1, &[(world::MUG, 1)]), Job::new(2, &[(world::LAMP, 1)])];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.ui(Ui::Open(jobs[1].id()));
    assert_eq!((s.said(), open_number(&mut s).as_deref()), ("held-bench-full", Some(jobs[0].number())));
}

#[test]
fn the_reason_of_a_skip_leaves_the_order_out_for_a_while() {
    let jobs = [Job::new(1, &[(world::MUG, 1)]), Job::new(2, &[(world::LAMP, 1)])];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Skip { fulfillment: jobs[0].id(), reason: Reason::NotForThisStation });
    assert_eq!(s.view().queue.rows.len(), 1);
    s.clock.pass_ms(16 * 60_000);
    s.ui(Ui::Find("536001".to_owned()));
    assert_eq!(open_number(&mut s).as_deref(), Some("536001"));
    assert!(s.sounds().contains(&SoundName::Ok));
}

#[test]
fn a_scan_before_anybody_is_here_says_so() {
    let mut s = Station::new(&[]);
    s.scan("SKU-1");
    assert_eq!(s.said(), "refusal-log-in-first");
    s.scan("BADGE-NOBODY");
    assert_eq!(s.said(), "refusal-log-in-first");
    let mut s = Station::unpaired();
    let early: Scan = s.gesture(b"SKU-1");
    s.feed(Input::Scan(early));
    assert_eq!(s.said(), "refusal-pair-first");
    for c in "ABCD2345".chars() {
        s.ui(Ui::PairKey(c));
    }
    s.ui(Ui::PairSend);
    assert!(s.effects.iter().any(|e| matches!(e, Effect::Pair { code, known: None } if code == "ABCD2345")));
    s.pair();
    assert!(matches!(s.view().screen, Screen::Login(_)));
}
