//! What a station forgets of people by itself, in a quiet moment: orders that are over and photos the server has, after the site's
//! days by the server's clock; and what it keeps however old that is.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::checklist::DocumentKind;
use packbench::core::session::event::Reason;
use packbench::core::time::UtcMs;
use packbench::engine::Clock as _;
use packbench::engine::input::Ui;
use packbench::engine::view::{Screen, StageView};
use packbench::protocol::wire::{Change, Put};
use packbench::storage::{blobs, meta, outbox, sessions};
use packbench::vals;
use std::sync::atomic::Ordering;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// The server is heard again after so many days, in which the bench stood still.
fn days_pass(s: &mut Station, days: u64) {
    s.clock.pass_ms(days * DAY_MS);
    s.pull(Vec::new());
    s.engine.idle();
}

fn orders(s: &Station) -> i64 {
    s.look().int("SELECT COUNT(*) FROM record WHERE kind = 'order'", &[]).expect("a number")
}

fn names(s: &Station, text: &str) -> i64 {
    let like = format!("%{text}%");
    s.look().int("SELECT COUNT(*) FROM record WHERE body LIKE $1", vals![like]).expect("a number")
}

#[test]
fn a_packed_order_is_forgotten_after_the_sites_days_and_its_label_is_no_longer_printed() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 1)]), Job::new(2, &[(world::LAMP, 1)])]);
    let name = Job::new(1, &[]).order.ship_to.name;
    s.ui(Ui::Start);
    s.work();
    s.ui(Ui::Continue);
    let parcel = s.view().history[0].clone();
    days_pass(&mut s, 29);
    assert_eq!(orders(&s), 2, "a month is not over");
    let events = outbox::verify(s.look().as_mut()).expect("an unbroken chain");
    days_pass(&mut s, 2);
    assert_eq!(orders(&s), 1, "the packed one is forgotten, the one that waits is not");
    assert!(names(&s, &name) > 0, "the other order goes to the same person and waits");
    assert_eq!(outbox::verify(s.look().as_mut()).expect("an unbroken chain"), events, "no fact is forgotten");
    s.scan(world::ANNA.badge);
    assert_eq!(s.view().history[0].sscc, parcel.sscc, "the history knows the parcel, which names nobody");
    s.ui(Ui::Reprint {
        fulfillment: Some(parcel.fulfillment),
        parcel: parcel.parcel,
        document: DocumentKind::Label,
        reason: Reason::LabelDamaged,
    });
    assert_eq!(s.said(), "history-gone");
}

#[test]
fn work_that_waits_or_is_begun_is_kept_however_old_it_is() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 3)]), Job::new(2, &[(world::LAMP, 1)])]);
    s.ui(Ui::Start);
    days_pass(&mut s, 400);
    assert_eq!(orders(&s), 2);
    s.scan(world::ANNA.badge);
    assert_eq!(s.view().screen, Screen::Pack, "the order that was begun goes on");
}

#[test]
fn the_servers_clock_counts_and_not_the_benchs() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 1)])]);
    s.ui(Ui::Start);
    s.work();
    s.clock.pass_ms(400 * DAY_MS);
    s.engine.idle();
    assert_eq!(orders(&s), 1, "a year forward at the bench alone forgets nothing");
}

#[test]
fn a_clock_that_is_years_behind_forgets_nothing_of_today() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 1)])]);
    // The battery is empty: the machine booted into the year 2000.
    let right = s.clock.wall_ms.swap(946_684_800_000, Ordering::SeqCst);
    s.ui(Ui::Start);
    s.work_until(|stage| matches!(stage, StageView::Checklist(_)));
    s.ui(Ui::Photo);
    s.work();
    let hash = blobs::unsent(s.look().as_mut(), 9).expect("readable").first().expect("a photo").0;
    blobs::sent(s.look().as_mut(), hash).expect("noted");
    s.engine.idle();
    assert_eq!(orders(&s), 1, "packed a minute ago");
    assert!(s.engine.blobs().path(hash).exists());
    // Set right, it is forgotten when the site's days are over.
    s.clock.wall_ms.store(right, Ordering::SeqCst);
    days_pass(&mut s, 29);
    assert_eq!(orders(&s), 1);
    days_pass(&mut s, 2);
    assert_eq!((orders(&s), s.engine.blobs().path(hash).exists()), (0, false));
}

#[test]
fn a_late_fact_does_not_end_an_order_once_more() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 1)]), Job::new(2, &[(world::LAMP, 1)])]);
    s.ui(Ui::Start);
    s.work();
    s.ui(Ui::Continue);
    let row = s.view().history[0].clone();
    let ended =
        |s: &Station| s.look().int("SELECT MIN(ended) FROM session WHERE ended IS NOT NULL", &[]).expect("a time");
    let (first, packed) = (ended(&s), UtcMs(s.clock.wall_ms()));
    days_pass(&mut s, 20);
    s.scan(world::ANNA.badge);
    s.ui(Ui::Reprint {
        fulfillment: Some(row.fulfillment),
        parcel: row.parcel,
        document: DocumentKind::Label,
        reason: Reason::LabelDamaged,
    });
    assert_eq!(s.said(), "ok-reprint");
    assert_eq!(ended(&s), first, "it ended when it ended");
    let count =
        sessions::packed_between(s.look().as_mut(), packed.plus_ms(1), packed.plus_ms(1_000_000)).expect("readable");
    assert_eq!(count, 0, "a reprint packs nothing");
    days_pass(&mut s, 11);
    assert_eq!(orders(&s), 1, "and it is forgotten in its time");
}

#[test]
fn photos_the_server_has_go_by_age_and_by_room_and_others_never() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 1)])]);
    let work = Job::new(1, &[]).work.id;
    let at = UtcMs(s.clock.wall_ms());
    let files = s.engine.blobs().clone();
    let hashes: Vec<_> = [b"first photo".as_slice(), b"second photo", b"unsent photo"]
        .into_iter()
        .map(|bytes| {
            let hash = files.put(bytes).expect("stored");
            let mut c = s.look();
            blobs::add(c.as_mut(), hash, packbench::core::ids::FulfillmentId(work.0), 1, 12, at).expect("noted");
            hash
        })
        .collect();
    for sent in &hashes[..2] {
        blobs::sent(s.look().as_mut(), *sent).expect("noted");
    }
    let there = |s: &Station| {
        let rows = s.look().int("SELECT COUNT(*) FROM photo", &[]).expect("a number");
        let known = hashes.iter().filter(|hash| s.engine.blobs().path(**hash).exists()).count();
        assert_eq!(usize::try_from(rows).expect("few"), known, "rows and files agree");
        known
    };
    days_pass(&mut s, 29);
    assert_eq!(there(&s), 3);
    // One file is gone already, as after a crash between the file and its row.
    std::fs::remove_file(files.path(hashes[0])).expect("removed");
    days_pass(&mut s, 2);
    assert_eq!(there(&s), 1, "what the server lacks stays");
    assert!(files.path(hashes[2]).exists());
    // Too many for their room: the oldest that the server has goes at once.
    blobs::sent(s.look().as_mut(), hashes[2]).expect("noted");
    let mut site = world::settings();
    site.photos.station_bytes_max = 11;
    site.personal_data_days = 365;
    s.pull(vec![Change::Settings(Put::Upsert(Box::new(site)))]);
    days_pass(&mut s, 1);
    assert_eq!(there(&s), 0);
    assert!(meta::int(s.look().as_mut(), meta::key::AS_OF).expect("a time") > 0);
}
