//! What does not end by itself: a history that differs from the server's, a token that is not known any more, a clock that ran
//! ahead once, a question of the server. Each has a way out at the bench that loses nothing.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, ANNA, Job, LEAD};
use packbench::core::command_code::CommandCode;
use packbench::engine::input::{SyncNews, Ui};
use packbench::engine::view::{PairingState, Screen, Sheet, StageView, WayOut};
use packbench::engine::{Clock as _, Effect, Input};
use packbench::protocol::sync::{self, Halt, Notice, Rejection};
use packbench::protocol::wire::{
    Epoch, EpochReason, EventId, ForkReason, KnownStation, PairingAnswer, RejectCode, Seq, UserId,
};
use packbench::storage::wish::{self, Wish};
use packbench::storage::{meta, numbers, outbox};
use std::sync::atomic::Ordering;

const YEAR_MS: i64 = 365 * 24 * 3_600_000;

fn lamp(n: u64) -> Job {
    Job::new(n, &[(world::LAMP, 2)])
}

fn fork(s: &mut Station) {
    s.store(sync::Effect::Raise(Notice::Forked { seq: Seq(1), reason: ForkReason::SeqTaken }));
}

fn wish(s: &Station) -> Option<Wish> {
    wish::get(s.look().as_mut()).expect("readable")
}

fn restart(s: &mut Station) -> sync::Restart {
    let told = s.told();
    told.into_iter().find_map(|i| if let sync::Input::Restarted(r) = i { Some(*r) } else { None }).expect("a start")
}

#[test]
fn a_fork_stops_opening_and_numbering_at_once_and_after_every_restart() {
    let jobs = [lamp(1), lamp(2)];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.told();
    fork(&mut s);
    assert!(s.told().contains(&sync::Input::HaltStored), "the sync machine need not tell it again");
    let stored = wish(&s);
    assert!(matches!(stored, Some(Wish::WaitsForLead { halt: Halt::Forked, .. })), "{stored:?}");
    assert_eq!(s.view().network.way_out, Some(WayOut::NewEpoch));
    assert_eq!(numbers::peek(s.look().as_mut()).expect("readable"), None);
    fork(&mut s);
    assert_eq!(wish(&s), stored, "told again, it stays the same");
    for _ in 0..2 {
        s.restart();
        let told = restart(&mut s);
        assert_eq!((told.epoch_wish, told.halt), (None, Some(Halt::Forked)), "nothing is asked for without a lead");
        assert_eq!(s.view().network.way_out, Some(WayOut::NewEpoch));
    }
    s.scan(ANNA.badge);
    s.work();
    assert!(matches!(s.stage(), StageView::Label(l) if l.preview.is_none() && l.blocked.is_some()), "no burnt number");
    let mut other = Station::with_anna(&jobs);
    fork(&mut other);
    other.ui(Ui::Start);
    assert_eq!((other.said(), other.view().screen), ("open-needs-lead", Screen::Queue));
}

#[test]
fn events_that_nobody_has_any_more_wait_for_a_lead_as_well() {
    let mut s = Station::with_anna(&[lamp(1)]);
    s.store(sync::Effect::Raise(Notice::EventsMissing { expected: Seq(1) }));
    assert!(matches!(wish(&s), Some(Wish::WaitsForLead { halt: Halt::EventsMissing, .. })));
    s.restart();
    assert_eq!(restart(&mut s).halt, Some(Halt::EventsMissing));
}

#[test]
fn a_lead_starts_the_new_epoch_with_badge_and_pin_and_nobody_else_does() {
    let jobs = [lamp(1), lamp(2)];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::NewEpoch);
    assert_eq!(s.view().sheet, None, "there is nothing to start anew from");
    fork(&mut s);
    s.ui(Ui::NewEpoch);
    assert!(matches!(s.view().sheet, Some(Sheet::Approval { .. })));
    s.told();
    s.approve(ANNA);
    assert!(s.told().is_empty() && matches!(wish(&s), Some(Wish::WaitsForLead { .. })), "a packer may not");
    s.ui(Ui::CloseSheet);
    s.ui(Ui::NewEpoch);
    s.approve(LEAD);
    let by = Some(UserId::from_u128(LEAD.id));
    let asked = s.told().into_iter().find_map(|i| if let sync::Input::EpochWanted(w) = i { Some(w) } else { None });
    let asked = asked.expect("the epoch is asked for");
    assert_eq!((asked.reason, asked.by), (EpochReason::Forked, by));
    assert_eq!((s.said(), s.view().network.way_out), ("ok-new-epoch", None));
    s.ui(Ui::Start);
    assert_eq!(s.said(), "open-new-epoch", "not before it is granted");
    s.restart();
    assert_eq!(restart(&mut s).epoch_wish, Some(asked), "the same wish, with its reason and its lead");
    let unsent = outbox::waiting(s.look().as_mut()).expect("readable").0;
    s.store(sync::Effect::AdoptEpoch { epoch: Epoch(2) });
    assert_eq!((wish(&s), s.view().network.way_out), (None, None));
    assert_eq!(outbox::waiting(s.look().as_mut()).expect("readable").0, unsent, "nothing is lost");
    outbox::verify(s.look().as_mut()).expect("a new chain");
    s.numbers(world::block(2, 2, 5_000, 10));
    s.lease(&jobs[1], 2);
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)), "{:?}", s.stage());
}

#[test]
fn a_restored_database_goes_on_by_itself_as_it_did() {
    let mut s = Station::with_anna(&[lamp(1)]);
    let nonce = uuid::Uuid::from_u128(77);
    meta::set(s.look().as_mut(), meta::key::EPOCH_WISH, &format!("restored {nonce}")).expect("set");
    fork(&mut s);
    s.restart();
    let told = restart(&mut s);
    let asked = told.epoch_wish.expect("asked for");
    assert_eq!((asked.nonce, asked.reason, asked.by), (nonce, EpochReason::Restored, None));
    assert_eq!((told.halt, s.view().network.way_out), (None, None));
}

fn answer(id: packbench::protocol::wire::StationId, epoch: u64) -> Input {
    Input::Sync(SyncNews::Paired(Box::new(PairingAnswer {
        station_id: id,
        station_name: "PACK 3".to_owned(),
        site_id: world::SITE,
        site_name: "Made-up Store".to_owned(),
        token: "another-token".to_owned(),
        epoch: Epoch(epoch),
        server_time_ms: world::START_MS,
    })))
}

#[test]
fn a_station_that_is_not_known_any_more_is_paired_again_with_its_work_kept() {
    let jobs = [lamp(1), lamp(2)];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::PairAgain);
    assert_eq!(s.view().screen, Screen::Queue, "a station in good standing is not paired again");
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan("SKU-2");
    s.feed(Input::Sync(SyncNews::Revoked(true)));
    assert_eq!(s.view().network.way_out, Some(WayOut::Pair));
    s.ui(Ui::PairAgain);
    let again = Some("PACK 3".to_owned());
    assert_eq!(s.view().screen, Screen::Pairing { code: String::new(), answer: PairingState::Idle, again });
    s.ui(Ui::PairLeave);
    assert!(matches!(s.view().screen, Screen::Login(l) if l.locked), "it can be left");
    s.ui(Ui::PairAgain);
    "K7PMW3XD".chars().for_each(|c| s.ui(Ui::PairKey(c)));
    s.told();
    s.ui(Ui::PairSend);
    let known = Some(KnownStation { station_id: world::STATION, site_id: world::SITE, epoch: Epoch(1) });
    assert!(s.effects.contains(&Effect::Pair { code: "K7PMW3XD".to_owned(), known }), "{:?}", s.effects);
    s.told();
    s.feed(answer(world::STATION, 1));
    assert!(s.effects.iter().any(|e| matches!(e, Effect::Paired { token, .. } if token.0 == "another-token")));
    let told = restart(&mut s);
    assert_eq!((told.epoch, told.halt, told.leases.len()), (Epoch(1), None, 2), "its leases are its own still");
    assert_eq!(s.view().network.way_out, None);
    s.scan(ANNA.badge);
    assert_eq!(s.view().pack.as_ref().map(|p| p.done), Some(1), "what was scanned is there");
    s.work();
    s.ui(Ui::Continue);
    assert_eq!(s.view().screen, Screen::Pack, "and the next order begins");
}

#[test]
fn a_place_that_was_given_away_is_a_new_epoch_and_another_stations_answer_is_refused() {
    let jobs = [lamp(1), lamp(2)];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    let unsent = outbox::waiting(s.look().as_mut()).expect("readable").0;
    assert!(unsent > 0);
    s.feed(Input::Sync(SyncNews::Revoked(true)));
    s.ui(Ui::PairAgain);
    s.feed(answer(packbench::protocol::wire::StationId::from_u128(0x58), 1));
    let refused = |screen: Screen| match screen {
        Screen::Pairing { answer: PairingState::Refused(why), .. } => why.key,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(s.view().screen), "pair-other-station");
    s.told();
    s.feed(answer(world::STATION, 4));
    let told = restart(&mut s);
    assert_eq!((told.epoch, told.pushed, told.leases.len()), (Epoch(4), Seq(0), 0));
    assert_eq!(outbox::waiting(s.look().as_mut()).expect("readable").0, unsent);
    assert_eq!(outbox::verify(s.look().as_mut()).expect("a chain"), unsent);
    assert_eq!(numbers::peek(s.look().as_mut()).expect("readable"), None, "numbers of the old epoch are burnt");
    assert_eq!(wish(&s), None);
}

#[test]
fn who_works_on_is_not_thrown_out_when_the_answer_comes() {
    let mut s = Station::with_anna(&[lamp(1)]);
    s.feed(Input::Sync(SyncNews::Revoked(true)));
    s.ui(Ui::PairAgain);
    "K7PMW3XD".chars().for_each(|c| s.ui(Ui::PairKey(c)));
    s.ui(Ui::PairSend);
    s.ui(Ui::PairLeave);
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    s.feed(answer(world::STATION, 1));
    assert_eq!(s.view().screen, Screen::Pack);
}

#[test]
fn a_clock_that_ran_ahead_is_forgotten_with_the_servers_next_word() {
    let jobs = [lamp(1), lamp(2), lamp(3)];
    let mut s = Station::with_anna(&jobs);
    s.clock.wall_ms.fetch_add(12 * YEAR_MS, Ordering::SeqCst);
    s.ui(Ui::Start);
    s.work();
    s.ui(Ui::Continue);
    let ahead = s.view().pack.as_ref().expect("the second").number.clone();
    s.work();
    s.ui(Ui::LogOut);
    s.clock.wall_ms.fetch_sub(12 * YEAR_MS, Ordering::SeqCst);
    // The page that shows it, and a lease granted by the right clock.
    s.pull(vec![]);
    assert_eq!(meta::int(s.look().as_mut(), meta::key::WALL_FLOOR).expect("readable"), s.clock.wall_ms());
    s.lease(&jobs[2], 1);
    s.clock.pass_ms(60_000);
    s.reboot();
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    assert_eq!(s.view().screen, Screen::Pack, "{:?}", s.view().feedback);
    s.work();
    let history = s.view().history.clone();
    assert_eq!(history.len(), 3);
    assert_eq!(history[0].number, jobs[2].number(), "the newest first, whatever the clock said: {history:?}");
    assert_eq!(history[1].number, ahead);
    let StageView::Done(done) = s.stage() else { panic!("{:?}", s.stage()) };
    assert_eq!(done.today, 1, "what was dated years ahead is of no day");
}

#[test]
fn a_floor_that_is_as_the_servers_clock_stays() {
    let mut s = Station::with_anna(&[lamp(1)]);
    s.ui(Ui::Start);
    let before = meta::int(s.look().as_mut(), meta::key::WALL_FLOOR).expect("readable");
    s.clock.wall_ms.fetch_sub(200_000, Ordering::SeqCst);
    s.pull(vec![]);
    assert_eq!(meta::int(s.look().as_mut(), meta::key::WALL_FLOOR).expect("readable"), before);
}

#[test]
fn an_order_skipped_by_a_clock_that_ran_ahead_comes_back() {
    let jobs = [lamp(1)];
    let mut s = Station::with_anna(&jobs);
    s.clock.wall_ms.fetch_add(12 * YEAR_MS, Ordering::SeqCst);
    s.ui(Ui::Problem(packbench::engine::view::ProblemKind::Skip, None));
    s.code(CommandCode::Continue);
    assert!(s.view().queue.rows.is_empty(), "skipped");
    s.clock.wall_ms.fetch_sub(12 * YEAR_MS, Ordering::SeqCst);
    s.pull(jobs[0].changes());
    assert_eq!(s.view().queue.rows.len(), 1);
    s.ui(Ui::Problem(packbench::engine::view::ProblemKind::Skip, None));
    s.code(CommandCode::Continue);
    assert!(s.view().queue.rows.is_empty(), "an order skipped by the right clock stays away");
    s.clock.pass_ms(16 * 60_000);
    s.pull(jobs[0].changes());
    assert_eq!(s.view().queue.rows.len(), 1, "for a quarter of an hour");
}

#[test]
fn a_question_of_the_server_stands_beside_the_trouble_and_is_put_away() {
    let mut s = Station::with_anna(&[lamp(1)]);
    let trouble = packbench::core::message::Message::new("sync-clock-wrong");
    s.feed(Input::Sync(SyncNews::Trouble(Some(trouble.clone()))));
    let code = RejectCode::StaleFence;
    let rejected = vec![Rejection { seq: Seq(1), id: EventId::from_u128(1), code }];
    s.store(sync::Effect::MarkPushed { epoch: Epoch(1), upto: Seq(0), rejected });
    let network = s.view().network;
    assert_eq!((network.trouble, network.question.map(|m| m.key)), (Some(trouble.clone()), Some("sync-rejected")));
    s.feed(Input::Sync(SyncNews::Trouble(None)));
    assert!(s.view().network.question.is_some(), "it is the packer's to put away");
    s.ui(Ui::QuestionRead);
    assert_eq!(s.view().network.question, None);
}
