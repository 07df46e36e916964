//! Leases without the network, cancellations, takeovers, recalls, and a database that turns out to be a copy.

use crate::station_kit::station::{Station, no_change, open, start};
use crate::station_kit::world::{self, ANNA, Job};
use packbench::core::command_code::CommandCode;
use packbench::core::session::Mode;
use packbench::engine::input::Ui;
use packbench::engine::view::{Screen, StageView};
use packbench::protocol::sync::{self, LeaseChange};
use packbench::protocol::wire::lease::{RecallReason, RecallRecord};
use packbench::protocol::wire::{
    CancelId, CancelRecord, Change, Epoch, Fence, HaveLease, LeaseLoss, LeaseLossReason, Put, RecallId, ReturnReason,
    Seq, StationId,
};
use packbench::storage::{lease, meta, numbers, outbox};
use std::sync::atomic::Ordering;

const HOUR_MS: u64 = 3_600_000;

fn lamp(n: u64) -> Job {
    Job::new(n, &[(world::LAMP, 2)])
}

fn cancel(j: &Job) -> Change {
    Change::Cancel(Put::Upsert(Box::new(CancelRecord {
        id: CancelId::from_u128(0xf0),
        order_id: j.order.id,
        fulfillment_id: None,
        at_ms: world::START_MS,
        reason: "customer".to_owned(),
    })))
}

fn returned(s: &mut Station) -> Vec<ReturnReason> {
    let told = s.told();
    told.into_iter()
        .filter_map(|i| if let sync::Input::LeaseEnded(r) = i { Some(r.back.reason) } else { None })
        .collect()
}

#[test]
fn an_expired_lease_begins_nothing_and_a_begun_order_is_finished() {
    let jobs = [lamp(1), lamp(2)];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.clock.pass_ms(13 * HOUR_MS);
    s.scan(ANNA.badge);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)), "what was begun is finished");
    s.ui(Ui::Continue);
    assert_eq!((s.said(), s.view().screen), ("open-lease-over", Screen::Queue));
    assert_eq!((s.view().queue.ready, s.view().queue.rows.len()), (0, 1));
    s.lease(&jobs[1], 1);
    assert_eq!(s.view().queue.ready, 1);
    s.ui(Ui::Start);
    assert_eq!(s.view().screen, Screen::Pack, "the server renewed it");
}

#[test]
fn an_expired_order_at_the_front_does_not_block_those_behind_it() {
    let mut jobs = [lamp(1), lamp(2)];
    jobs[0].order.priority.rush = true;
    let mut s = Station::with_anna(&jobs[..1]);
    s.clock.pass_ms(13 * HOUR_MS);
    s.give(&jobs[1..]);
    s.ui(Ui::Start);
    assert_eq!(s.view().pack.as_ref().map(|p| p.number.as_str()), Some(jobs[1].number()));
}

#[test]
fn after_a_reboot_a_clock_set_back_a_year_begins_nothing_but_finishes() {
    let jobs = [lamp(1), lamp(2)];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.clock.wall_ms.fetch_sub(365 * 24 * 3_600_000, Ordering::SeqCst);
    s.scan("SKU-2");
    s.reboot();
    s.scan(ANNA.badge);
    assert_eq!(s.view().pack.as_ref().map(|p| p.done), Some(1));
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
    s.ui(Ui::Continue);
    assert_eq!(s.said(), "open-lease-over");
    assert!(outbox::verify(s.look().as_mut()).is_ok());
}

#[test]
fn called_off_before_it_is_begun_it_leaves_the_queue() {
    let jobs = [lamp(1), lamp(2)];
    let mut s = Station::with_anna(&jobs);
    s.told();
    s.pull(vec![cancel(&jobs[0])]);
    assert_eq!(s.view().queue.rows.len(), 1);
    assert_eq!(returned(&mut s), [ReturnReason::Cancelled]);
}

#[test]
fn called_off_while_packing_everything_comes_out_again() {
    let job = lamp(1);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan("SKU-2");
    s.pull(vec![cancel(&job)]);
    assert_eq!(s.said(), "say-unpack");
    let StageView::MustUnpack { units } = s.stage() else { panic!("{:?}", s.stage()) };
    assert_eq!(units.iter().map(|(_, units)| *units).collect::<Vec<_>>(), [2], "one in the box, one picked beside it");
    s.code(CommandCode::Continue);
    assert_eq!(s.said(), "refusal-must-unpack", "that one was meant for the screen before");
    assert!(matches!(s.stage(), StageView::MustUnpack { .. }));
    s.scan("SKU-2");
    assert_eq!(s.said(), "refusal-must-unpack");
    s.restart();
    s.scan(ANNA.badge);
    s.code(CommandCode::Continue);
    assert!(matches!(s.stage(), StageView::MustUnpack { .. }), "after a restart it is said first");
    s.code(CommandCode::Continue);
    assert_eq!(s.view().screen, Screen::Queue);
    assert_eq!(returned(&mut s), [ReturnReason::Cancelled]);
}

#[test]
fn called_off_while_parked_it_is_unpacked_when_the_bench_is_free() {
    let jobs = [lamp(1), lamp(2)];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan("SKU-2");
    s.code(CommandCode::Hold);
    s.code(CommandCode::Continue);
    s.ui(Ui::Start);
    s.pull(vec![cancel(&jobs[0])]);
    assert_eq!(s.view().pack.as_ref().map(|p| p.number.as_str()), Some(jobs[1].number()), "the bench is left alone");
    s.work();
    s.ui(Ui::Continue);
    s.ui(Ui::ResumeHeld(jobs[0].id()));
    assert!(matches!(s.stage(), StageView::MustUnpack { .. }));
    s.ui(Ui::ConfirmUnpacked);
    assert!(s.view().held.is_empty());
}

#[test]
fn called_off_after_packing_nothing_happens_here() {
    let job = lamp(1);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work();
    s.restart();
    s.scan(ANNA.badge);
    s.pull(vec![cancel(&job)]);
    assert_eq!(s.view().screen, Screen::Queue, "a packed order does not come back onto the bench");
    assert!(s.view().held.is_empty());
}

#[test]
fn a_takeover_ends_the_work_on_the_bench_and_in_the_shelf() {
    for parked in [false, true] {
        let job = lamp(1);
        let mut s = Station::with_anna(std::slice::from_ref(&job));
        s.ui(Ui::Start);
        if parked {
            s.code(CommandCode::Hold);
            s.code(CommandCode::Continue);
            assert_eq!(s.view().held.len(), 1);
        }
        let loss = LeaseLoss { fulfillment: job.work.id, fence: Fence(1), reason: LeaseLossReason::TakenOver };
        s.leases(LeaseChange { lost: vec![loss], ..no_change() });
        assert_eq!((s.view().screen, s.view().held.len()), (Screen::Queue, 0), "parked: {parked}");
        assert!(matches!(s.rebuilt(&job).expect("a session").mode, Mode::Ended(_)));
        s.lease(&job, 2);
        s.ui(Ui::Start);
        s.work();
        assert!(matches!(s.stage(), StageView::Done(_)), "the same work under a new number begins anew");
    }
}

#[test]
fn a_loss_that_is_no_takeover_lets_the_begun_parcel_be_finished() {
    let jobs = [lamp(1), lamp(2)];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    let lost = |j: &Job| LeaseLoss { fulfillment: j.work.id, fence: Fence(1), reason: LeaseLossReason::Expired };
    s.leases(LeaseChange { lost: jobs.iter().map(lost).collect(), ..no_change() });
    assert!(s.view().queue.rows.is_empty(), "the unstarted one is gone");
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
}

#[test]
fn unstarted_work_is_recalled_begun_work_is_not() {
    let jobs = [lamp(1), lamp(2), lamp(3)];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.told();
    let have = |j: &Job| HaveLease { fulfillment: j.work.id, fence: Fence(1), begun: false };
    s.leases(LeaseChange { recalled: vec![have(&jobs[0]), have(&jobs[1])], ..no_change() });
    assert_eq!(s.view().queue.rows.len(), 1);
    assert_eq!(lease::returning(s.look().as_mut()).expect("readable").len(), 1);
    assert_eq!(returned(&mut s), [ReturnReason::Recalled], "the sync machine tells it with the next exchange");
    let recall = |station_id: StationId| {
        Change::Recall(Put::Upsert(Box::new(RecallRecord {
            id: RecallId::from_u128(0xf1),
            fulfillment_id: jobs[2].work.id,
            station_id,
            fence: Fence(1),
            reason: RecallReason::Rush,
        })))
    };
    s.pull(vec![recall(StationId::from_u128(0x99))]);
    assert_eq!(s.view().queue.rows.len(), 1, "another station was meant");
    s.pull(vec![recall(world::STATION)]);
    assert!(s.view().queue.rows.is_empty());
    assert_eq!(returned(&mut s), [ReturnReason::Recalled]);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
}

#[test]
fn an_answer_that_crossed_the_return_brings_nothing_back() {
    let job = lamp(1);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work();
    s.ui(Ui::Continue);
    s.lease(&job, 1);
    assert!(s.view().queue.rows.is_empty(), "a packed order is not packed twice");
}

#[test]
fn a_copied_database_begins_nothing_and_draws_no_number_until_its_epoch_is_new() {
    let jobs = [lamp(1), lamp(2)];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    let copy = s.folder().join("copy.db");
    packbench::sql::back_up(s.look().as_mut(), &copy).expect("a copy");
    let (engine, effects) = start(open(&copy), &s.clock, s.folder());
    (s.engine, s.effects, s.file) = (engine, effects, copy);
    let wish = s.told().into_iter().find_map(|i| if let sync::Input::Restarted(r) = i { r.epoch_wish } else { None });
    assert!(wish.is_some(), "the sync machine is told");
    s.scan(ANNA.badge);
    s.work();
    let StageView::Label(l) = s.stage() else { panic!("{:?}", s.stage()) };
    assert!(l.preview.is_none() && l.blocked.is_some());
    assert_eq!(numbers::peek(s.look().as_mut()).expect("readable"), None);
    s.restart();
    s.scan(ANNA.badge);
    let StageView::Label(l) = s.stage() else { panic!() };
    assert!(l.blocked.is_some(), "it is still a copy after a restart");
    s.store(sync::Effect::AdoptEpoch { epoch: Epoch(2) });
    assert!(s.told().iter().any(|i| matches!(i, sync::Input::EpochAdopted { epoch: Epoch(2), .. })));
    outbox::verify(s.look().as_mut()).expect("a new chain");
    assert_eq!(meta::int(s.look().as_mut(), meta::key::EPOCH).expect("readable"), 2);
    s.numbers(world::block(1, 1, 100, 1_000));
    assert!(matches!(s.stage(), StageView::Label(l) if l.preview.is_none()), "a block of the old epoch is void");
    s.numbers(world::block(2, 2, 5_000, 10));
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)), "{:?}", s.stage());
    s.ui(Ui::Continue);
    assert_eq!(s.said(), "queue-empty", "leases of the old epoch are void as well");
}

#[test]
fn a_copy_refuses_to_begin() {
    let mut s = Station::with_anna(&[lamp(1)]);
    let copy = s.folder().join("copy.db");
    packbench::sql::back_up(s.look().as_mut(), &copy).expect("a copy");
    let (engine, _) = start(open(&copy), &s.clock, s.folder());
    s.engine = engine;
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    assert_eq!(s.said(), "open-new-epoch");
}

#[test]
fn the_age_of_the_oldest_unsynced_fact_counts_up_and_goes_when_all_is_sent() {
    let mut s = Station::new(&[]);
    let age = |s: &mut Station| {
        let now = packbench::core::time::UtcMs(s.clock.wall_ms.load(Ordering::SeqCst));
        s.view().network.oldest.map(|at| now.since_ms(at))
    };
    assert_eq!((age(&mut s), s.view().network.waiting), (None, 0), "nothing waits before anything happened");
    let job = lamp(1);
    s.give(std::slice::from_ref(&job));
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    let begun = s.view().network.waiting;
    assert!(begun > 0);
    assert_eq!(age(&mut s), Some(0));
    s.clock.pass_ms(90_000);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    let (waiting, counted) = (s.view().network.waiting, age(&mut s).unwrap());
    assert!(waiting > begun && counted >= 90_000, "newer facts do not make the oldest younger: {counted}");
    s.store(sync::Effect::MarkPushed { epoch: Epoch(1), upto: Seq(begun), rejected: vec![] });
    assert!(age(&mut s).unwrap() < counted, "the oldest of what is left");
    s.store(sync::Effect::MarkPushed { epoch: Epoch(1), upto: Seq(waiting), rejected: vec![] });
    assert_eq!((age(&mut s), s.view().network.waiting), (None, 0));
}
