//! Backing up, restoring and moving a site on both engines: every row arrives, damaged files are refused, a restored database
//! begins a new epoch and gets from its stations what it lacks, once.

use crate::api_webhooks::until_it_waits;
use crate::central_kit::{Bench, Post, SMALL, central_with};
use crate::central_sync::{outcomes, packing, pull_all};
use crate::sql_conformance::{Site, empty_sites};
use axum::http::StatusCode;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use packbench::central::actor::Actor;
use packbench::central::carry::{self, CarryError, Restored, Told};
use packbench::central::store::chain::{Proof, verify};
use packbench::central::store::lock;
use packbench::central::store::schema::MIGRATIONS;
use packbench::central::store::sites;
use packbench::core::gs1;
use packbench::protocol::wire::{
    Epoch, EpochGrant, EpochReason, EpochRequest, EventHash, Fence, FulfillmentId, Outcome, Seq,
};
use packbench::sql::{Engine, SqlError, Target, Val, open};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The clock of [`Bench`], and a while later.
const NOW: i64 = 1_300_000_000_000;
const LATER: i64 = NOW + 3_600_000;

fn quiet(_: Told<'_>) {}

fn version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap()
}

/// Every row of every table, in an order that does not depend on the engine.
fn rows(target: &Target) -> BTreeMap<&'static str, Vec<Vec<Val>>> {
    let mut conn = open(target).unwrap();
    let mut all = BTreeMap::new();
    for table in carry::tables(version()).unwrap() {
        let found = conn.all(&format!("SELECT {} FROM {}", table.list(), table.name), &[]).unwrap();
        let mut found: Vec<Vec<Val>> = found.iter().map(|row| row.vals().to_vec()).collect();
        found.sort_by_key(|row| format!("{row:?}"));
        all.insert(table.name, found);
    }
    all
}

fn proof(target: &Target) -> Proof {
    let mut conn = open(target).unwrap();
    let site = sites::only(conn.as_mut()).unwrap();
    verify(conn.as_mut(), site).unwrap()
}

fn on(site: &Site) -> Bench {
    central_with(site, |settings| settings.first_site.code = "main".to_owned())
}

/// A site with orders, stock, two benches, some work done, a photo, and text of every kind.
fn lived_in(site: &Site) {
    let bench = on(site);
    bench.import(SMALL);
    bench.furnish();
    let mut post = bench.pair("PACK 1");
    let answer = post.leases(&bench, 1);
    let (grant, block) = (&answer.granted[0], &answer.sscc_blocks[0]);
    let sscc = gs1::sscc(&block.company_prefix, block.first, block.extension).unwrap();
    let events = packing(&bench, &mut post, grant.fulfillment, grant.fence, &sscc);
    post.push(&bench, events);
    let note = "Zoë 木 \u{1f989} \\ \"quoted\" \t tab\nline";
    let noted = bench.central.store().write_blocking(Actor::Job("test"), move |work| {
        work.exec("UPDATE orders SET note = $1 WHERE number = '536370'", packbench::vals![note])
    });
    assert_eq!(noted.unwrap(), 1);
}

/// A file in the photo folder, as a photo lies there.
fn photo(folder: &Path, bytes: &[u8]) -> PathBuf {
    use sha2::{Digest as _, Sha256};
    let name: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let path = folder.join(&name[..2]).join(&name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}

fn restore(file: &Path, to: &Site) -> Result<Restored, CarryError> {
    carry::restore(file, &to.target, &to.folder.path().join("photos"), LATER, &quiet)
}

/// Whether nothing is there that a next try would trip over.
fn is_empty(site: &Site) -> bool {
    match &site.target {
        Target::Sqlite(path) => !path.exists(),
        Target::Postgres(_) => open(&site.target)
            .and_then(|mut conn| conn.int("SELECT COUNT(*) FROM pg_tables WHERE tablename = 'sites'", &[]))
            .is_ok_and(|tables| tables == 0 || rows(&site.target).values().all(Vec::is_empty)),
    }
}

#[test]
fn a_backup_taken_while_central_works_is_restored_into_either_engine() {
    for site in empty_sites() {
        lived_in(&site);
        let photos = site.folder.path().join("photos");
        let picture: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        let kept = photo(&photos, &picture);
        std::fs::write(photos.join("half.part"), b"half").unwrap();
        let file = site.folder.path().join("site.backup");
        let working = on(&site);
        let header = carry::back_up(&site.target, &file, Some(&photos), NOW, &quiet).unwrap();
        assert_eq!((header.schema, header.taken_ms, header.files), (version(), NOW, true));
        let again = carry::back_up(&site.target, &file, None, NOW, &quiet);
        assert!(matches!(again, Err(CarryError::NotEmpty { .. })), "{again:?}");
        drop(working);
        let before = rows(&site.target);
        for to in empty_sites() {
            let restored = restore(&file, &to).unwrap();
            assert_eq!((restored.taken_ms, restored.files, restored.renewed.epoch), (NOW, 1, 2));
            let arrived = to.folder.path().join("photos").join(kept.strip_prefix(&photos).unwrap());
            assert_eq!(std::fs::read(arrived).unwrap(), picture);
            let mut after = rows(&to.target);
            // What the new epoch itself writes.
            for own in ["sites", "audit", "number_blocks", "sessions", "pairing_codes"] {
                after.remove(own);
            }
            for (table, found) in &after {
                assert_eq!(Some(found), before.get(table), "{table}");
            }
            assert!(after["orders"].len() == 3 && after["station_events"].len() > 5);
            assert!(matches!(proof(&to.target), Proof::Whole { .. }));
            let twice = restore(&file, &to);
            assert!(matches!(twice, Err(CarryError::NotEmpty { .. })), "{twice:?}");
            let bench = on(&to);
            assert_eq!(bench.int("SELECT COUNT(*) FROM orders"), 3);
            assert_eq!(bench.int("SELECT epoch FROM sites"), 2);
        }
    }
}

fn unpacked(file: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn packed(file: &Path, text: &str) {
    let mut to = GzEncoder::new(std::fs::File::create(file).unwrap(), Compression::fast());
    to.write_all(text.as_bytes()).unwrap();
    to.finish().unwrap();
}

#[test]
fn a_damaged_cut_off_or_foreign_backup_is_refused_and_leaves_nothing() {
    let all = empty_sites();
    lived_in(&all[0]);
    let file = all[0].folder.path().join("site.backup");
    carry::back_up(&all[0].target, &file, None, NOW, &quiet).unwrap();
    let (text, bytes) = (unpacked(&file), std::fs::read(&file).unwrap());
    let lines = text.lines().count();
    let without = |n: usize| {
        let kept = text.lines().enumerate().filter(|(line, _)| *line != n).map(|(_, line)| line);
        kept.collect::<Vec<_>>().join("\n") + "\n"
    };
    let row = text.lines().position(|line| line.starts_with("[\"")).unwrap();
    let wrong = [
        ("a digit", text.replacen("536370", "536371", 1)),
        ("a row less", without(row)),
        ("no end", without(lines - 1)),
        ("half a line", text.chars().take(text.chars().count() / 2).collect()),
        ("no row at all", text.replacen("[\"", "[true,\"", 1)),
        ("a newer program", text.replacen(&format!("\"schema\":{}", version()), "\"schema\":9999", 1)),
        ("another form", text.replacen("\"packbench_backup\":1", "\"packbench_backup\":2", 1)),
        ("another list", "hello\n".to_owned()),
    ];
    for to in empty_sites() {
        let bad = to.folder.path().join("bad.backup");
        for (what, text) in &wrong {
            packed(&bad, text);
            assert!(restore(&bad, &to).is_err(), "{what}");
            assert!(is_empty(&to), "{what} left something");
        }
        for (what, bytes) in
            [("cut", &bytes[..bytes.len() - 40]), ("text", b"id,name\n1,a\n".as_slice()), ("none", b"")]
        {
            std::fs::write(&bad, bytes).unwrap();
            assert!(restore(&bad, &to).is_err(), "{what}");
            assert!(is_empty(&to), "{what} left something");
        }
        // And after all of that a good one goes in.
        restore(&file, &to).unwrap();
    }
}

#[test]
fn a_copy_of_the_embedded_database_is_restored_as_a_backup_is() {
    let all = empty_sites();
    lived_in(&all[0]);
    let copy = all[0].folder.path().join("copy.db");
    packbench::sql::back_up(open(&all[0].target).unwrap().as_mut(), &copy).unwrap();
    let before = std::fs::read(&copy).unwrap();
    for to in empty_sites() {
        let restored = restore(&copy, &to).unwrap();
        assert_eq!(restored.renewed.epoch, 2);
        assert_eq!(rows(&to.target)["orders"], rows(&all[0].target)["orders"]);
    }
    assert_eq!(std::fs::read(&copy).unwrap(), before, "the copy was changed");
}

/// A site of the same engine, made from a backup of another one.
fn restored_beside(file: &Path, engine: Engine) -> (Site, Restored) {
    let to = empty_sites().into_iter().find(|to| to.engine == engine).unwrap();
    let restored = restore(file, &to).unwrap();
    (to, restored)
}

#[test]
fn a_station_gives_again_what_a_restored_database_lacks_and_nothing_twice() {
    for site in empty_sites() {
        let bench = on(&site);
        bench.import(SMALL);
        bench.furnish();
        let (mut post, mut other) = (bench.pair("PACK 1"), bench.pair("PACK 2"));
        let (_, cursor, _) = pull_all(&bench, &post.who.token, None);
        pull_all(&bench, &other.who.token, None);
        let file = site.folder.path().join("site.backup");
        carry::back_up(&site.target, &file, None, NOW, &quiet).unwrap();
        // All of this the backup does not know: a lease, a block of parcel numbers, an order packed.
        let answer = post.leases(&bench, 1);
        let (grant, block) = (answer.granted[0].clone(), answer.sscc_blocks[0].clone());
        let sscc = gs1::sscc(&block.company_prefix, block.first, block.extension).unwrap();
        let events = packing(&bench, &mut post, grant.fulfillment, grant.fence, &sscc);
        assert_eq!(outcomes(&post.push(&bench, events.clone())), vec![Outcome::Accepted; events.len()]);
        drop(bench);

        let (to, restored) = restored_beside(&file, site.engine);
        assert_eq!(restored.renewed.stations, 2);
        let bench = on(&to);
        bench.now.store(LATER + 60_000, std::sync::atomic::Ordering::SeqCst);
        let at = format!("/api/v1/sync/pull?protocol=1&cursor={cursor}");
        assert_eq!(bench.get::<serde_json::Value>(&at, &post.who.token).0, StatusCode::GONE, "the station notices");
        assert!(other.leases(&bench, 50).granted.is_empty(), "nothing is given out before the benches were heard");
        let last = events.last().unwrap().clone();
        assert_eq!(outcomes(&post.push(&bench, vec![last])), [Outcome::Gap { expected: Seq(1) }]);
        assert_eq!(outcomes(&post.push(&bench, events.clone())), vec![Outcome::Accepted; events.len()]);
        assert_eq!(outcomes(&post.push(&bench, events.clone())), vec![Outcome::Duplicate; events.len()]);
        assert_eq!(bench.int("SELECT COUNT(*) FROM station_events"), events.len() as i64);
        assert_eq!(bench.text("SELECT sscc FROM parcels"), sscc);
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE state = 'packed'"), 1);
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions"), 0, "nothing is left for a person to ask");
        let shelves = "SELECT CAST(SUM(s.quantity) AS BIGINT) FROM stock_levels s JOIN locations l ON l.id = s.location \
            WHERE l.kind = 'bin'";
        assert_eq!(bench.int(shelves), 392, "the shelf was emptied once");
        for post in [&post, &other] {
            let (_, cursor, _) = pull_all(&bench, &post.who.token, None);
            pull_all(&bench, &post.who.token, Some(cursor));
        }
        let answer = other.leases(&bench, 50);
        assert_eq!(answer.granted.len(), 2, "the work that was done is not given out again");
        let fresh = &answer.sscc_blocks[0];
        assert!(fresh.first >= block.first + block.count, "a parcel number would be given twice: {fresh:?} {block:?}");
    }
}

#[test]
fn work_that_was_begun_is_kept_by_its_station_and_a_person_can_end_the_wait() {
    for site in empty_sites() {
        let bench = on(&site);
        bench.import(SMALL);
        bench.furnish();
        let (mut post, mut other) = (bench.pair("PACK 1"), bench.pair("PACK 2"));
        for post in [&post, &other] {
            pull_all(&bench, &post.who.token, None);
        }
        let file = site.folder.path().join("site.backup");
        carry::back_up(&site.target, &file, None, NOW, &quiet).unwrap();
        let grant = post.leases(&bench, 1).granted[0].clone();
        drop(bench);
        let (to, _) = restored_beside(&file, site.engine);
        let bench = on(&to);
        bench.now.store(LATER, std::sync::atomic::Ordering::SeqCst);
        let mut request = post.lease_request(0);
        request.have.push(have(grant.fulfillment, grant.fence));
        let (_, answer) =
            bench.post::<_, packbench::protocol::wire::LeaseAnswer>("/api/v1/sync/leases", &post.who.token, &request);
        let answer = answer.unwrap();
        assert_eq!((answer.renewed.len(), answer.lost.len()), (1, 0), "{answer:?}");
        assert_eq!(answer.renewed[0].fence, grant.fence);
        assert!(other.leases(&bench, 50).granted.is_empty());
        let waited = bench.central.store().write_blocking(Actor::Job("test"), carry::heard_all).unwrap();
        assert_eq!(waited, 2);
        let given: Vec<_> = other.leases(&bench, 50).granted.iter().map(|grant| grant.fulfillment).collect();
        assert_eq!(given.len(), 2);
        assert!(!given.contains(&grant.fulfillment), "begun work was given to another bench");
    }
}

fn have(fulfillment: FulfillmentId, fence: Fence) -> packbench::protocol::wire::HaveLease {
    packbench::protocol::wire::HaveLease { fulfillment, fence, begun: true }
}

/// The station's database in its next epoch: numbers from 1, a chain of its own.
fn next_epoch(bench: &Bench, post: &mut Post) {
    let request = EpochRequest {
        protocol: 1,
        station_id: post.who.station_id,
        left: post.who.epoch,
        last_seq: post.head.0,
        nonce: Uuid::now_v7(),
        reason: EpochReason::Restored,
        by: None,
    };
    let (status, grant) = bench.post::<_, EpochGrant>("/api/v1/sync/epoch", &post.who.token, &request);
    assert_eq!(status, StatusCode::OK);
    post.who.epoch = grant.unwrap().epoch;
    post.head = (Seq(0), EventHash::GENESIS);
}

#[test]
fn an_epoch_that_only_the_station_remembers_is_taken_up_after_a_restore() {
    for site in empty_sites() {
        let bench = on(&site);
        bench.import(SMALL);
        bench.furnish();
        let mut post = bench.pair("PACK 1");
        let file = site.folder.path().join("site.backup");
        carry::back_up(&site.target, &file, None, NOW, &quiet).unwrap();
        next_epoch(&bench, &mut post);
        let grant = post.leases(&bench, 1).granted[0].clone();
        let events = packing(&bench, &mut post, grant.fulfillment, grant.fence, "");
        post.push(&bench, events.clone());
        drop(bench);
        let (to, _) = restored_beside(&file, site.engine);
        let bench = on(&to);
        assert_eq!(outcomes(&post.push(&bench, events.clone())).len(), events.len());
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE state = 'packed'"), 1);
        assert_eq!(bench.int("SELECT epoch FROM stations"), 2);
        next_epoch(&bench, &mut post);
        assert_eq!(post.who.epoch, Epoch(3), "an epoch was given twice");
    }
}

#[test]
fn a_site_moves_between_the_engines_with_every_row_and_its_chain() {
    for site in empty_sites() {
        lived_in(&site);
        let before = rows(&site.target);
        for to in empty_sites() {
            let working = on(&site);
            let used = carry::move_site(&site.target, &to.target, &quiet);
            assert!(matches!(used, Err(CarryError::InUse { .. })), "{used:?}");
            assert!(is_empty(&to));
            drop(working);
            let moved = carry::move_site(&site.target, &to.target, &quiet).unwrap();
            assert_eq!(rows(&to.target), before);
            assert_eq!(rows(&site.target), before, "the source was changed");
            assert!(matches!(moved.audit, Proof::Whole { .. }));
            assert_eq!(proof(&to.target), proof(&site.target));
            let twice = carry::move_site(&site.target, &to.target, &quiet);
            assert!(matches!(twice, Err(CarryError::NotEmpty { .. })), "{twice:?}");
            let bench = on(&to);
            assert_eq!(bench.int("SELECT COUNT(*) FROM orders"), 3);
        }
    }
}

/// A server that is started right after a restore: PostgreSQL sees a moment later than we do that the program of before ended.
#[test]
fn who_shares_a_database_waits_a_moment_for_one_that_had_it_alone() {
    for site in empty_sites().into_iter().filter(|site| site.engine == Engine::Postgres) {
        let (mut restoring, mut look) = (site.conn(), site.conn());
        assert!(lock::alone(restoring.as_mut()).unwrap());
        let mut hasty = site.conn();
        hasty.batch("SET lock_timeout = '50ms'").unwrap();
        let refused = lock::share(hasty.as_mut());
        assert!(matches!(refused, Err(SqlError::Closed { .. })), "{refused:?}");
        let mut server = site.conn();
        let share = move || lock::share(server.as_mut()).map(|()| server);
        let waiting = std::thread::Builder::new().name("server".to_owned()).spawn(share).unwrap();
        until_it_waits(site.engine, look.as_mut());
        drop(restoring);
        let _shared = waiting.join().unwrap().unwrap();
        look.batch("SET lock_timeout = '50ms'").unwrap();
        assert!(!lock::alone(look.as_mut()).unwrap(), "nobody shares it");
    }
}

#[test]
fn files_are_copied_by_what_they_are_and_a_changed_one_is_refused() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (photo(from.path(), b"one"), photo(&from.path().join("proofs"), b"two"));
    let copied = carry::copy_files(from.path(), to.path()).unwrap();
    assert_eq!((copied.files, copied.known), (2, 0));
    for path in [&first, &second] {
        let arrived = to.path().join(path.strip_prefix(from.path()).unwrap());
        assert_eq!(std::fs::read(arrived).unwrap(), std::fs::read(path).unwrap());
    }
    assert_eq!(carry::copy_files(from.path(), to.path()).unwrap().known, 2);
    std::fs::write(&first, b"another").unwrap();
    assert!(matches!(carry::copy_files(from.path(), to.path()), Err(CarryError::WrongFile { .. })));
}
