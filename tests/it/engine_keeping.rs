//! What a station keeps of the server's news and for how long, and that news which cannot be kept hold nobody up.

use crate::station_kit::station::{Station, open};
use crate::station_kit::world::{self, ANNA, Job};
use packbench::engine::Input;
use packbench::engine::input::{SyncNews, Ui};
use packbench::engine::view::StageView;
use packbench::protocol::sync::{Effect as Wish, Failure, Input as SyncInput, Link};
use packbench::protocol::wire::lease::{CancelRecord, LeaseRecord, RecallReason, RecallRecord};
use packbench::protocol::wire::pull::SnapshotPart;
use packbench::protocol::wire::{CancelId, Change, Cursor, Fence, PullPage, Put, RecallId};
use packbench::sql::{Conn, ROWS_MAX, Target, migrate};
use packbench::storage::{self, MIGRATIONS};
use packbench::vals;
use uuid::Uuid;

fn rows(c: &mut dyn Conn, kinds: &str) -> i64 {
    c.int(&format!("SELECT COUNT(*) FROM record WHERE kind IN ({kinds})"), &[]).expect("a number")
}

const NEWS: &str = "'lease', 'recall', 'cancel'";

fn page(no: u64, changes: Vec<Change>, snapshot: Option<SnapshotPart>) -> Wish {
    let next_cursor = Cursor(format!("page {no}"));
    let page = PullPage { changes, next_cursor, more: false, server_time_ms: world::START_MS, snapshot };
    Wish::StorePage { no, page: Box::new(page) }
}

#[test]
fn news_of_leases_are_acted_on_and_leave_nothing_behind() {
    let (first, second) = (Job::new(1, &[(world::MUG, 1)]), Job::new(2, &[(world::LAMP, 1)]));
    let mut s = Station::with_anna(&[first.clone(), second.clone()]);
    let lease = LeaseRecord {
        id: first.work.id,
        fence: Fence(1),
        station_id: Some(world::STATION),
        station_name: Some("PACK 3".to_owned()),
        expires_ms: None,
        begun: false,
    };
    let recall = RecallRecord {
        id: RecallId::from_u128(7),
        fulfillment_id: first.work.id,
        station_id: world::STATION,
        fence: Fence(1),
        reason: RecallReason::Starving,
    };
    let cancel = CancelRecord {
        id: CancelId::from_u128(8),
        order_id: second.order.id,
        fulfillment_id: None,
        at_ms: world::START_MS,
        reason: "customer".to_owned(),
    };
    s.pull(vec![
        Change::Lease(Put::Upsert(Box::new(lease))),
        Change::Recall(Put::Upsert(Box::new(recall))),
        Change::Cancel(Put::Upsert(Box::new(cancel))),
    ]);
    let back = s.told().iter().filter(|i| matches!(i, SyncInput::LeaseEnded(_))).count();
    assert_eq!(back, 2, "the one asked for and the one called off go back");
    assert_eq!(rows(s.look().as_mut(), NEWS), 0);
}

#[test]
fn what_an_older_version_kept_of_leases_goes_with_the_update() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("station.db");
    let before = MIGRATIONS.iter().position(|m| m.name == "forgetting").expect("the migration");
    let mut c = packbench::sql::open(&Target::Sqlite(file.clone())).expect("a new file");
    migrate(c.as_mut(), &MIGRATIONS[..before]).expect("migrated");
    for kind in ["lease", "recall", "cancel", "carrier"] {
        let row = vals![kind, Uuid::from_u128(1).as_bytes().to_vec(), "{}"];
        c.exec("INSERT INTO record (kind, id, body) VALUES ($1, $2, $3)", row).expect("a row");
    }
    drop(c);
    let (mut c, _) = storage::open(&file).expect("opened");
    assert_eq!((rows(c.as_mut(), NEWS), rows(c.as_mut(), "'carrier'")), (0, 1));
}

#[test]
fn a_snapshot_ends_well_however_many_records_it_did_not_bring() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 2)])]);
    s.ui(Ui::Start);
    let many = i64::try_from(ROWS_MAX).expect("a number") + 1;
    let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
                INSERT INTO record (kind, id, body) SELECT 'carrier', randomblob(16), '{}' FROM n";
    s.look().exec(fill, vals![many]).expect("records of before");
    let part = SnapshotPart { id: Uuid::from_u128(0x5a), last: true };
    s.told();
    s.store(page(9, world::site_changes(), Some(part)));
    assert!(s.told().iter().any(|i| matches!(i, SyncInput::StoredPage { no: 9 })), "it was stored");
    let mut c = s.look();
    assert_eq!(rows(c.as_mut(), "'carrier'"), 1, "the one that the snapshot brought");
    assert_eq!(rows(c.as_mut(), "'fulfillment', 'order'"), 2, "what is on the bench stays");
}

#[test]
fn a_page_that_cannot_be_stored_refuses_nobodys_scan_and_is_asked_for_again() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 3)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    let trap = "CREATE TRIGGER trap BEFORE UPDATE ON meta WHEN new.key = 'cursor' \
                BEGIN SELECT RAISE(ABORT, 'no page'); END";
    s.look().batch(trap).expect("a trap");
    let (one, two) = (s.gesture(b"SKU-1"), s.gesture(b"SKU-1"));
    s.told();
    let bad = Input::Sync(SyncNews::Store(page(9, Vec::new(), None)));
    s.feed_all(vec![Input::Scan(one), bad, Input::Scan(two)]);
    assert_eq!(s.view().pack.as_ref().map(|p| p.done), Some(2), "both scans count");
    assert_eq!(s.said(), "ok-counted");
    let failed =
        |i: &SyncInput| matches!(i, SyncInput::Failed { link: Link::Pull, no: 9, failure: Failure::NotStored });
    assert!(s.told().iter().any(failed), "the sync machine hears of it");
    // Nobody stands there: nothing is said to the room.
    let before = s.view().feedback.as_ref().map(|f| f.id);
    s.sounds();
    s.store(page(10, Vec::new(), None));
    assert_eq!(s.view().feedback.as_ref().map(|f| f.id), before);
    assert!(s.sounds().is_empty());
    // A scan that is lost is still said aloud.
    let mut other = open(&s.file);
    other.begin().expect("the lock");
    s.scan("SKU-1");
    assert_eq!(s.said(), "refusal-not-stored");
    other.rollback().expect("free");
    s.scan(ANNA.badge);
}
