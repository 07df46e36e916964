//! People: badges, PINs, locks, a change of packer, and a lead's approval, with and without the network.

use crate::station_kit::station::{Station, user_id};
use crate::station_kit::world::{self, ANNA, BORIS, Job, LEAD};
use packbench::core::session::event::Reason;
use packbench::engine::input::Ui;
use packbench::engine::view::{ProblemKind, Screen, Sheet, StageView};
use packbench::protocol::desk;
use packbench::protocol::sync;
use packbench::protocol::wire::order::{FlagKind, OrderFlag};
use packbench::protocol::wire::{Change, Put, SettingsRecord};
use packbench::protocol::wire::{Epoch, Seq, UserId};
use packbench::storage::outbox;
use std::sync::atomic::Ordering;

fn approval(s: &mut Station) -> (Option<String>, Option<&'static str>) {
    match s.view().sheet {
        Some(Sheet::Approval { badge, refused, .. }) => (badge, refused.map(|m| m.key)),
        other => panic!("no approval is asked for: {other:?}"),
    }
}

fn flagged() -> Job {
    let mut job = Job::new(1, &[(world::LAMP, 1)]);
    let flag = OrderFlag { kind: FlagKind::FraudReview, blocking: true, reason: None, since_ms: 0, cleared_by: None };
    job.order.flags.push(flag);
    job
}

#[test]
fn a_flag_blocks_until_a_lead_clears_it_with_badge_and_pin() {
    let mut s = Station::with_anna(&[flagged()]);
    s.ui(Ui::Start);
    s.ui(Ui::Continue);
    assert_eq!(s.said(), "refusal-flag-set");
    let StageView::Review(r) = s.stage() else { panic!() };
    s.ui(Ui::ClearFlag(r.flags[0]));
    s.pin(LEAD.pin);
    assert_eq!(approval(&mut s), (None, Some("approval-badge-first")));
    s.approve(ANNA);
    assert_eq!(approval(&mut s), (Some("A. N.".to_owned()), Some("approval-not-a-lead")));
    s.scan("SKU-2");
    assert_eq!(s.said(), "refusal-badge-wanted", "nothing goes on under the question");
    s.scan(&packbench::core::command_code::CommandCode::Continue.barcode());
    assert_eq!(s.said(), "refusal-badge-wanted");
    s.approve(LEAD);
    assert!(s.view().sheet.is_none());
    assert_eq!(s.view().packer.expect("somebody").id, user_id(ANNA), "the lead agreed, Anna packs on");
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
}

#[test]
fn wrong_pins_slow_down_by_person_over_a_restart_and_under_a_wrong_clock() {
    let mut s = Station::with_anna(&[flagged()]);
    s.ui(Ui::Start);
    let ask = |s: &mut Station| {
        let StageView::Review(r) = s.stage() else { panic!() };
        s.ui(Ui::ClearFlag(r.flags[0]));
        s.scan(LEAD.badge);
    };
    ask(&mut s);
    for _ in 0..3 {
        s.pin("0000");
        assert_eq!(s.said(), "login-pin-wrong");
    }
    s.pin(LEAD.pin);
    assert_eq!(s.said(), "login-wait", "even the right one waits now");
    s.ui(Ui::CloseSheet);
    s.restart();
    s.scan(BORIS.badge);
    ask(&mut s);
    s.pin(LEAD.pin);
    assert_eq!(s.said(), "login-wait", "neither a restart nor another's login shortens it");
    s.clock.pass_ms(61_000);
    s.pin("0000");
    assert_eq!(s.said(), "login-pin-wrong");
    s.clock.pass_ms(61_000);
    s.pin(LEAD.pin);
    assert_eq!(s.said(), "login-wait", "each further one waits twice as long");
    // The clock is set back a year: the wait may start anew, but it does not last a year.
    s.clock.wall_ms.fetch_sub(365 * 86_400_000, Ordering::SeqCst);
    s.pin(LEAD.pin);
    assert_eq!(s.said(), "login-wait");
    s.clock.pass_ms(3_600_001);
    s.pin(LEAD.pin);
    assert!(s.view().sheet.is_none(), "{:?}", s.view().sheet);
}

#[test]
fn the_pin_alone_logs_in_and_its_wait_shows_after_a_restart() {
    let mut s = Station::new(&[]);
    s.pin("12");
    assert_eq!(s.said(), "login-pin-short");
    s.pin(ANNA.pin);
    assert_eq!(s.view().packer.expect("somebody").id, user_id(ANNA));
    s.ui(Ui::LogOut);
    assert!(s.view().packer.is_none());
    for _ in 0..3 {
        s.pin("4321");
    }
    s.restart();
    let Screen::Login(login) = s.view().screen else { panic!() };
    assert_eq!(login.wait_s, 60);
}

#[test]
fn a_locked_station_keeps_the_work_for_its_packer_and_for_another() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 2)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan("SKU-2");
    s.tick(11 * 60_000);
    let Screen::Login(login) = s.view().screen else { panic!("not locked") };
    assert!(login.locked);
    s.scan("SKU-2");
    assert_eq!(s.said(), "refusal-log-in-first");
    s.scan(ANNA.badge);
    assert_eq!(s.view().pack.as_ref().map(|p| p.done), Some(1));
    s.ui(Ui::Lock);
    s.scan(BORIS.badge);
    let view = s.view();
    assert_eq!(view.packer.as_ref().map(|p| p.initials.as_str()), Some("B. O."));
    assert_eq!(view.pack.as_ref().map(|p| p.done), Some(1), "progress is kept");
    s.work();
    assert_eq!(s.view().history[0].packer, "B. O.");
    s.ui(Ui::Continue);
    s.scan(ANNA.badge);
    assert_eq!(s.said(), "ok-switched");
}

#[test]
fn a_weight_outside_is_counted_again_or_taken_by_a_lead_with_a_reason() {
    let job = Job::new(1, &[(world::LAMP, 2)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Weigh(_)));
    let StageView::Weigh(w) = s.stage() else { unreachable!() };
    s.weigh(w.expected_g.0 - 700);
    assert!(s.said().starts_with("refusal-"), "{}", s.said());
    let StageView::Weigh(w) = s.stage() else { panic!() };
    let outside = w.outside.expect("it is outside");
    assert_eq!(outside.suspect.map(|(p, n, _)| (p.sku, n)), Some(("SKU-2".to_owned(), 1)));
    s.ui(Ui::Report {
        kind: ProblemKind::OverrideWeight,
        line: None,
        quantity: 0,
        reason: Reason::PackingDiffers,
        product: None,
    });
    s.approve(LEAD);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
    assert!(s.rebuilt(&job).expect("a session").parcels[0].weight_overridden);
    let mut c = s.look();
    let taught =
        "SELECT COUNT(*) FROM event WHERE kind = 'pack_session.weighed' AND payload ->> '$.event.sample' IS NULL";
    assert_eq!(c.int(taught, &[]).expect("readable"), 1, "nothing is learnt from it");
}

#[test]
fn unstable_old_and_empty_readings_never_count() {
    use packbench::core::units::Grams;
    use packbench::engine::Input;
    use packbench::engine::input::ScaleReading;
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 2)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Weigh(_)));
    let StageView::Weigh(w) = s.stage() else { unreachable!() };
    let mono = i64::try_from(packbench::engine::Clock::mono_ms(s.clock.as_ref())).expect("small");
    let reading = |grams, stable, at_mono_ms| Input::Weight {
        scale: String::new(),
        reading: ScaleReading { grams, stable, at_mono_ms },
    };
    s.feed(reading(w.expected_g, false, mono));
    s.feed(reading(w.expected_g, true, mono - 10_000));
    s.feed(reading(w.expected_g, true, mono + 10_000));
    s.feed(reading(Grams(0), true, mono));
    assert!(matches!(s.stage(), StageView::Weigh(_)));
    s.feed(reading(w.expected_g, true, mono));
    assert!(!matches!(s.stage(), StageView::Weigh(_)));
}

#[test]
fn an_unreadable_item_needs_a_lead_and_is_recorded_as_such() {
    let job = Job::new(1, &[(world::LAMP, 1)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.code(packbench::core::command_code::CommandCode::ByHand);
    s.code(packbench::core::command_code::CommandCode::Continue);
    s.approve(LEAD);
    s.work();
    assert_eq!(s.rebuilt(&job).expect("a session").by_hand, 1);
}

#[test]
fn a_lead_moves_an_order_to_the_front_and_back() {
    let jobs = [Job::new(1, &[(world::LAMP, 1)]), Job::new(2, &[(world::MUG, 1)])];
    let mut s = Station::with_anna(&jobs);
    for on in [true, false] {
        s.ui(Ui::Expedite { fulfillment: jobs[1].id(), on });
        s.approve(LEAD);
        let first = s.view().queue.rows[0].clone();
        assert_eq!((first.number.as_str(), first.expedited), (jobs[usize::from(on)].number(), on));
    }
    let told = outbox::read(s.look().as_mut(), Epoch(1), Seq(1), Seq(100)).expect("readable");
    let facts: Vec<_> = told.iter().filter(|event| event.kind == desk::EXPEDITED).collect();
    let said: Vec<_> = facts.iter().filter_map(|event| desk::Expedited::read(event.payload.json())).collect();
    let lead = |on| desk::Expedited { actor: UserId(user_id(LEAD).0), on };
    assert_eq!(said, [lead(true), lead(false)], "central is told who decided what");
    assert!(facts.iter().all(|event| event.fulfillment == Some(jobs[1].work.id) && event.fence.is_none()));
    assert!(outbox::verify(s.look().as_mut()).is_ok());
}

#[test]
fn whose_pin_is_asked_for_is_said_by_name() {
    let mut s = Station::new(&[Job::new(1, &[(world::LAMP, 1)])]);
    let mut lead = world::user(LEAD);
    lead.name = "Lena Ortega".to_owned();
    s.pull(vec![Change::User(Put::Upsert(Box::new(lead)))]);
    let asked = |s: &mut Station| match s.view().sheet {
        Some(Sheet::Approval { badge, .. }) => badge,
        other => panic!("{other:?}"),
    };
    s.scan(ANNA.badge);
    let first = s.view().queue.rows[0].fulfillment;
    s.ui(Ui::Expedite { fulfillment: first, on: true });
    assert_eq!(asked(&mut s), None, "nobody is known yet");
    s.scan(LEAD.badge);
    assert_eq!(asked(&mut s).as_deref(), Some("Lena Ortega"));
    s.scan(BORIS.badge);
    assert_eq!(asked(&mut s).as_deref(), Some("B. O."), "who has no other name is called by initials");
}

#[test]
fn the_site_says_when_an_idle_station_locks_and_the_station_may_lock_sooner() {
    let mut s = Station::with_anna(&[]);
    let idle = |s: &mut Station, ms: u64| {
        s.tick(ms);
        matches!(s.view().screen, Screen::Login(_))
    };
    let set = |s: &mut Station, idle_lock_ms: u64| {
        let settings = SettingsRecord { idle_lock_ms, ..world::settings() };
        s.pull(vec![Change::Settings(Put::Upsert(Box::new(settings)))]);
        s.scan(ANNA.badge);
        s.ui(Ui::CloseSheet);
    };
    // The station's own file says ten minutes.
    set(&mut s, 0);
    assert!(!idle(&mut s, 9 * 60_000) && idle(&mut s, 2 * 60_000));
    set(&mut s, 120_000);
    assert!(!idle(&mut s, 119_000) && idle(&mut s, 2_000), "the site's two minutes");
    set(&mut s, 3_600_000);
    assert!(!idle(&mut s, 9 * 60_000) && idle(&mut s, 2 * 60_000), "the station's ten minutes are sooner");
}

#[test]
fn a_new_number_of_leases_ahead_is_told_to_the_way_to_the_server_at_once() {
    let mut s = Station::with_anna(&[]);
    let pull = |s: &mut Station, prefetch_max: u32| {
        s.told();
        let settings = SettingsRecord { prefetch_max, ..world::settings() };
        s.pull(vec![Change::Settings(Put::Upsert(Box::new(settings)))]);
        let supplies = s.told().into_iter().filter_map(|i| match i {
            sync::Input::Supply { leases_max, .. } => Some(leases_max),
            _ => None,
        });
        supplies.collect::<Vec<_>>()
    };
    assert_eq!(pull(&mut s, 50), Vec::<u32>::new(), "nothing new");
    assert_eq!(pull(&mut s, 80), [80]);
    assert_eq!(pull(&mut s, 80), Vec::<u32>::new());
    s.restart();
    assert!(s.told().iter().any(|i| matches!(i, sync::Input::Restarted(r) if r.leases_max == 80)));
    assert_eq!(pull(&mut s, 80), Vec::<u32>::new(), "a start told it already");
    assert_eq!(pull(&mut s, 20), [20]);
}
