//! A whole order through the engine, read from the view alone: every step, every screen, what central hears of it.

use crate::station_kit::station::{Station, is_over};
use crate::station_kit::world::{self, Job};
use packbench::core::session::Step;
use packbench::core::signal::SoundName;
use packbench::engine::Effect;
use packbench::engine::input::Ui;
use packbench::engine::view::{Screen, StageView};
use packbench::protocol::sync;
use packbench::protocol::wire::{Change, Put};
use packbench::storage::{meta, outbox, sessions};

fn order() -> Job {
    Job::new(1, &[(world::MUG, 2), (world::LAMP, 1), (world::PHONE, 1), (world::CREAM, 1)])
}

#[test]
fn an_order_goes_from_the_queue_to_packed() {
    let job = order();
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work();
    let StageView::Done(done) = s.stage() else { panic!("{:?}", s.stage()) };
    assert_eq!((done.today, done.cage.as_str()), (1, "NORTH 4"));
    assert!(done.took_ms > 0 && done.next.is_none());
    let mut c = s.look();
    let session = s.rebuilt(&job).expect("a session");
    assert!(is_over(&session) && session.verified() == 5, "{session:?}");
    let events = outbox::verify(c.as_mut()).expect("an unbroken chain");
    assert!(events > 20, "{events}");
    let row = &sessions::history(c.as_mut()).expect("readable")[0];
    assert!(row.confirmed && row.copies == 1);
    assert_eq!(row.sscc, session.parcels[0].sscc.clone().expect("a number"));
    let told = s.told();
    let ended = told.iter().filter(|i| matches!(i, sync::Input::LeaseEnded(_))).count();
    assert_eq!(ended, 1, "the lease is given back once");
    let grown: usize =
        told.iter().map(|i| if let sync::Input::OutboxGrew { entries, .. } = i { entries.len() } else { 0 }).sum();
    assert_eq!(grown as u64, events, "the sync machine hears of every event");
}

#[test]
fn every_step_has_its_stage_and_says_what_to_do() {
    let mut s = Station::with_anna(&[order()]);
    assert_eq!(s.view().queue.rows.len(), 1);
    s.ui(Ui::Start);
    let mut seen = Vec::new();
    for _ in 0..100 {
        let view = s.view();
        let pack = view.pack.as_ref().expect("an order");
        let fits = match &pack.stage {
            StageView::Review(_) => pack.step == Step::Review,
            StageView::Stock(_) => pack.step == Step::Stock,
            StageView::Pick(_) => pack.step == Step::Pick,
            StageView::Verify(_) => pack.step == Step::Verify,
            StageView::Pack(_) => pack.step == Step::Pack,
            StageView::Checklist(_) => pack.step == Step::Checklist,
            StageView::Weigh(_) => pack.step == Step::Weigh,
            StageView::Label(_) => matches!(pack.step, Step::Label | Step::Confirm),
            StageView::Done(_) => pack.step == Step::Next,
            StageView::Paused { .. } | StageView::Held { .. } | StageView::MustUnpack { .. } => false,
        };
        assert!(fits, "{:?} at {:?}", pack.stage, pack.step);
        assert!(pack.done <= pack.of && pack.lines.len() == 4);
        assert!(view.packer.is_some(), "who is packing is always visible");
        if seen.last() != Some(&pack.step) {
            seen.push(pack.step);
        }
        if !s.work_once() {
            break;
        }
    }
    let all: Vec<Step> = Step::ALL.into_iter().filter(|s| !matches!(s, Step::Order | Step::Label)).collect();
    assert_eq!(seen, all);
}

#[test]
fn the_map_leads_along_the_shelves_and_counts_down() {
    let mut s = Station::with_anna(&[order()]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Pick(_)));
    let StageView::Pick(first) = s.stage() else { unreachable!() };
    let map = first.map.expect("a drawn floor");
    assert_eq!((first.stop, first.stops, map.stops.len()), (1, 4, 4));
    assert!(map.way.len() >= 2 && first.length_mm > 0);
    assert_eq!(first.location.as_ref().map(|l| l.levels), Some(4));
    s.scan("A-99");
    assert_eq!(s.said(), "refusal-unknown-code", "{:?}", s.view().feedback);
    let wrong = if first.location.as_ref().expect("a shelf").code == "A-02" { "A-01" } else { "A-02" };
    s.scan(wrong);
    assert_eq!(s.said(), "refusal-wrong-shelf");
    assert!(s.work_once());
    let StageView::Pick(second) = s.stage() else { panic!("{:?}", s.stage()) };
    assert_eq!(second.stop, 2);
}

#[test]
fn a_service_line_is_never_packed_even_after_a_restart() {
    let job = Job::new(1, &[(world::LAMP, 1), (world::POSTAGE, 1)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    assert_eq!(s.view().pack.as_ref().expect("an order").of, 1);
    s.restart();
    s.scan(world::ANNA.badge);
    assert_eq!(s.view().pack.as_ref().expect("an order").of, 1);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
}

#[test]
fn the_finished_order_makes_room_by_itself_by_touch_or_by_the_next_scan() {
    let jobs: Vec<Job> = (1..=4).map(|n| Job::new(n, &[(world::LAMP, 1)])).collect();
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.work();
    let StageView::Done(done) = s.stage() else { panic!() };
    assert_eq!(done.next.expect("three more").number, jobs[1].number());
    assert!(done.advance_at.is_some());
    // What the scale said has grown old meanwhile: that alone is due.
    s.tick(0);
    assert!(!s.engine.tick_is_due());
    s.tick(u64::try_from(done.advance_ms).expect("positive") + 1);
    assert_eq!(s.view().pack.as_ref().expect("the next").number, jobs[1].number());
    s.work();
    s.ui(Ui::Continue);
    assert_eq!(s.view().pack.as_ref().expect("the next").number, jobs[2].number());
    s.work();
    s.ui(Ui::Wait);
    s.tick(60_000);
    assert!(matches!(s.stage(), StageView::Done(_)), "it was told to wait");
    s.scan(jobs[3].number());
    assert_eq!(s.view().pack.as_ref().expect("the next").number, jobs[3].number());
    s.work();
    s.tick(10_000);
    assert_eq!(s.view().screen, Screen::Queue);
}

#[test]
fn nothing_advances_and_nothing_spins_behind_a_lock_or_an_open_sheet() {
    let jobs: Vec<Job> = (1..=2).map(|n| Job::new(n, &[(world::LAMP, 1)])).collect();
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.work();
    s.ui(Ui::OpenSheet(packbench::engine::view::Sheet::History));
    s.clock.pass_ms(60_000);
    s.unload();
    s.clock.pass_ms(10);
    assert!(!s.engine.tick_is_due() && s.engine.next_deadline().is_none());
    s.ui(Ui::CloseSheet);
    s.ui(Ui::Pause);
    assert!(!s.engine.tick_is_due() && s.engine.next_deadline().is_none(), "a break goes on until it is ended");
    s.ui(Ui::Resume);
    s.ui(Ui::Lock);
    assert!(s.engine.next_deadline().is_none(), "nobody is here to take the next order");
    s.tick(60_000);
    assert!(matches!(s.view().screen, Screen::Login(_)));
}

#[test]
fn the_median_is_the_packers_own_and_leaves_this_order_out() {
    let jobs: Vec<Job> = (1..=4).map(|n| Job::new(n, &[(world::LAMP, 1)])).collect();
    let mut s = Station::with_anna(&jobs);
    let mut took = Vec::new();
    for (i, _) in jobs.iter().enumerate() {
        if i == 0 {
            s.ui(Ui::Start)
        } else {
            s.ui(Ui::Continue)
        }
        s.clock.pass_ms(10_000 * (i as u64 + 1));
        s.work();
        let StageView::Done(d) = s.stage() else { panic!() };
        let expected = (took.len() == 3).then(|| took[1]);
        assert_eq!(d.median_ms, expected, "after {took:?}");
        took.push(d.took_ms);
    }
}

#[test]
fn a_traced_unit_is_asked_for_its_number_and_a_used_one_is_refused_here_and_later() {
    let jobs = [Job::new(1, &[(world::PHONE, 2)]), Job::new(2, &[(world::PHONE, 1)])];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan("SKU-3");
    s.scan("12345670");
    assert_eq!(s.said(), "ok-counted", "digits that look like a GTIN are a serial number where one is asked for");
    s.scan("SKU-3");
    s.scan("12345670");
    assert_eq!(s.said(), "refusal-serial-twice");
    s.scan("S-2");
    s.work();
    let session = s.rebuilt(&jobs[0]).expect("a session");
    let serials: Vec<_> = session.parcels[0].units.iter().filter_map(|u| u.trace.serial.as_deref()).collect();
    assert_eq!(serials, ["12345670", "S-2"]);
    s.ui(Ui::Continue);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan("SKU-3");
    s.scan("S-2");
    assert_eq!(s.said(), "refusal-serial-used");
    s.restart();
    s.scan(world::ANNA.badge);
    s.scan("S-2");
    assert_eq!(s.said(), "refusal-serial-used", "also after a restart");
}

#[test]
fn a_gs1_code_brings_lot_and_date_with_it() {
    let job = Job::new(1, &[(world::CREAM, 2)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    let gtin = format!("0{}", world::ean13(world::CREAM));
    s.scan_gs1(&format!("01{gtin}1730123110LOT-B"));
    assert_eq!(s.said(), "ok-counted");
    s.scan_gs1(&format!("01{gtin}1725010110LOT-B"));
    assert_eq!(s.said(), "refusal-past-date");
    s.work();
    let session = s.rebuilt(&job).expect("a session");
    assert_eq!(session.parcels[0].units.iter().map(|u| u.units).sum::<u32>(), 2);
    assert_eq!(session.parcels[0].units[0].trace.lot.as_deref(), Some("LOT-B"));
}

#[test]
fn a_lot_held_while_its_order_is_on_the_bench_is_refused_by_scan_and_as_an_answer_also_without_the_server() {
    let job = Job::new(1, &[(world::CREAM, 2)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    let gtin = format!("0{}", world::ean13(world::CREAM));
    s.scan_gs1(&format!("01{gtin}1730123110LOT-B"));
    assert_eq!(s.said(), "ok-counted");
    // No balance of these lots is known here: the product itself says that they are held.
    let mut cream = world::products().into_iter().find(|p| p.sku == "SKU-4").expect("the cream");
    (cream.version, cream.held_lots) = (2, vec!["LOT-B".to_owned(), "LOT-C".to_owned()]);
    s.pull(vec![Change::Product(Put::Upsert(Box::new(cream)))]);
    s.scan_gs1(&format!("01{gtin}1730123110LOT-B"));
    assert_eq!(s.said(), "refusal-lot-held");
    s.scan(&world::ean13(world::CREAM));
    s.scan("lot-c");
    assert_eq!(s.said(), "refusal-lot-held", "the answer to the question for the lot is looked at too");
    s.restart();
    s.scan(world::ANNA.badge);
    s.scan("LOT-C");
    assert_eq!(s.said(), "refusal-lot-held", "what was told last is on the disk");
    s.scan_gs1(&format!("01{gtin}1730123110LOT-A"));
    let session = s.rebuilt(&job).expect("a session");
    let lots: Vec<_> = session.parcels[0].units.iter().filter_map(|u| u.trace.lot.as_deref()).collect();
    assert_eq!(lots, ["LOT-B", "LOT-A"], "what was packed before the hold stays; another lot goes in");
}

#[test]
fn two_parcels_have_two_numbers_and_two_labels() {
    let job = Job::new(1, &[(world::MUG, 2)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan("SKU-1");
    s.ui(Ui::AnotherParcel);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)), "{:?}", s.stage());
    let session = s.rebuilt(&job).expect("a session");
    let mut numbers: Vec<_> = session.parcels.iter().filter_map(|p| p.sscc.clone()).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), 2);
    assert_eq!(s.view().history.len(), 2);
    // The first parcel's label again, although the second was packed last.
    s.ui(Ui::Reprint {
        fulfillment: Some(job.id()),
        parcel: 1,
        document: packbench::core::checklist::DocumentKind::Label,
        reason: packbench::core::session::event::Reason::LabelDamaged,
    });
    let last = s.papers.last().expect("a paper").job;
    assert_eq!((last.parcel, last.copy), (1, 2));
}

#[test]
fn a_case_counts_its_content_and_never_too_much() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 7)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan(world::CASE);
    assert_eq!(s.view().pack.as_ref().expect("an order").done, 6);
    s.scan(world::CASE);
    assert_eq!(s.said(), "refusal-case-too-big");
    s.scan(&world::ean13(world::MUG));
    assert!(matches!(s.stage(), StageView::Pack(_)));
}

#[test]
fn parcels_of_one_product_say_what_a_unit_weighs_and_numbers_are_taken_in_turn() {
    let jobs: Vec<Job> = (1..=12).map(|n| Job::new(n, &[(world::LAMP, 3)])).collect();
    let mut s = Station::with_anna(&jobs);
    for i in 0..12 {
        if i == 0 {
            s.ui(Ui::Start)
        } else {
            s.ui(Ui::Continue)
        }
        s.work();
    }
    let mut c = s.look();
    let taught = "SELECT COUNT(*) FROM event WHERE kind = 'pack_session.weighed' AND \
        payload ->> '$.event.sample[1].unit_g' = 700 AND payload ->> '$.event.sample[1].units' = 3";
    assert_eq!(c.int(taught, &[]).expect("readable"), 12);
    assert_eq!(c.int("SELECT COUNT(DISTINCT sscc) FROM parcel", &[]).expect("readable"), 12);
    assert_eq!(c.int("SELECT next FROM number_block", &[]).expect("readable"), 112);
    assert_eq!(meta::int(c.as_mut(), meta::key::PUSHED).expect("readable"), 0);
    assert!(s.sounds().contains(&SoundName::OrderDone));
    assert!(!s.effects.iter().any(|e| matches!(e, Effect::Pair { .. })));
}

#[test]
fn a_weight_that_the_server_learnt_counts_for_the_parcel_on_the_scale() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 3)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Weigh(_)));
    let StageView::Weigh(before) = s.stage() else { unreachable!() };
    let mut lamp = world::product(world::LAMP, 730);
    lamp.version = 2;
    s.pull(vec![Change::Product(Put::Upsert(Box::new(lamp)))]);
    let StageView::Weigh(after) = s.stage() else { panic!("{:?}", s.stage()) };
    assert_eq!(after.expected_g.0 - before.expected_g.0, 3 * 30);
}

#[test]
fn units_that_are_promised_to_other_orders_are_told_apart_from_the_free_ones() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 3)])]);
    let mut level = world::stock(world::MUG, 7);
    (level.version, level.allocated) = (2, 9);
    s.pull(vec![Change::StockLevel(Put::Upsert(Box::new(level)))]);
    s.ui(Ui::Start);
    s.work_until(|stage| matches!(stage, StageView::Stock(_)));
    let StageView::Stock(stock) = s.stage() else { panic!("{:?}", s.stage()) };
    let row = &stock.rows[0];
    assert_eq!((row.wanted, row.free, row.elsewhere, stock.shortfalls), (3, 1, 6, 1), "3 of the 9 are its own");
}
