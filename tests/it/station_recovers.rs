//! A bench and its central part ways and come together again, with real engines on both sides: a disk that was rolled back, a token
//! that was revoked, a place that was given away, a central restored from before the pairing. Nothing is lost, nothing doubled.

use crate::central_kit::{Bench, SMALL, central_with, on_each_engine};
use crate::line_kit::{Line, person};
use crate::sql_conformance::{Site, empty_sites};
use crate::station_kit::station::open;
use crate::station_kit::world::{ANNA, LEAD};
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::carry;
use packbench::central::error::CentralError;
use packbench::central::services::stations;
use packbench::engine::input::Ui;
use packbench::engine::view::{PairingState, Screen, StageView, WayOut};
use packbench::protocol::wire::{Epoch, KnownStation, PROTOCOL, PairingAnswer, PairingRequest, SiteId, StationId};
use packbench::storage::meta;

/// A site with three orders, shelves, and two people.
fn furnished(bench: &Bench) {
    bench.import(SMALL);
    bench.furnish();
    // One of the orders leaves the country, and no label is printed for it without these.
    let facts = "UPDATE products SET hs_code = '91051100', origin = 'CN'";
    bench.central.store().write_blocking(Actor::Job("test"), move |work| work.exec(facts, &[])).unwrap();
    person(bench, ANNA);
    person(bench, LEAD);
}

/// Logs in and packs the next order to its confirmed label.
fn pack_next(line: &mut Line) {
    line.station.ui(Ui::Start);
    line.station.work();
    assert!(matches!(line.station.stage(), StageView::Done(_)), "{:?}", line.station.stage());
}

/// Who is not logged in any more logs in; the badge of who is would log them out.
fn at_the_bench(line: &mut Line) {
    if matches!(line.station.view().screen, Screen::Login(_)) {
        line.station.scan(ANNA.badge);
    }
}

fn facts_here(line: &Line) -> i64 {
    line.station.look().int("SELECT COUNT(*) FROM event", &[]).unwrap()
}

/// Every fact of the bench is with central, once.
fn assert_all_told(bench: &Bench, line: &Line, facts: i64) {
    assert_eq!(meta::int(line.station.look().as_mut(), meta::key::PUSHED).unwrap(), {
        meta::int(line.station.look().as_mut(), meta::key::SEQ).unwrap()
    });
    assert_eq!(bench.int("SELECT COUNT(*) FROM station_events"), facts);
    let distinct = bench.int("SELECT COUNT(DISTINCT id) FROM station_events");
    assert_eq!(distinct, facts);
}

fn revoke(bench: &Bench) {
    let gone = bench
        .central
        .store()
        .write_blocking(Actor::Job("test"), |work| work.exec("UPDATE stations SET token_hash = NULL", &[]));
    assert_eq!(gone.unwrap(), 1);
}

/// Everything of the bench's folder that a snapshot of its disk holds, written back over the same files.
fn roll_back(line: &mut Line, saved: &(Vec<u8>, Option<Vec<u8>>)) {
    let beside = packbench::storage::height::beside(&line.station.file);
    line.station.restart_on(open(std::path::Path::new(":memory:")));
    for tail in ["-wal", "-shm"] {
        let mut name = line.station.file.clone().into_os_string();
        name.push(tail);
        drop(std::fs::remove_file(name));
    }
    std::fs::write(&line.station.file, &saved.0).unwrap();
    match &saved.1 {
        Some(height) => std::fs::write(&beside, height).unwrap(),
        None => drop(std::fs::remove_file(&beside)),
    }
    line.station.restart();
    line.restarted();
}

fn snapshot(line: &Line) -> (Vec<u8>, Option<Vec<u8>>) {
    line.station.look().batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let beside = packbench::storage::height::beside(&line.station.file);
    (std::fs::read(&line.station.file).unwrap(), std::fs::read(beside).ok())
}

#[test]
fn a_disk_rolled_back_as_a_whole_waits_for_a_lead_and_never_uses_a_number_twice() {
    on_each_engine(|bench| {
        furnished(bench);
        let mut line = Line::paired(bench, "PACK 1");
        line.station.scan(ANNA.badge);
        line.station.engine.idle();
        let saved = snapshot(&line);
        pack_next(&mut line);
        line.pass(bench, 30_000);
        let (first, facts) = (bench.text("SELECT sscc FROM parcels"), facts_here(&line));
        assert_eq!(bench.int("SELECT COUNT(*) FROM station_events"), facts);

        roll_back(&mut line, &saved);
        line.pass(bench, 10_000);
        assert_eq!(line.station.view().network.way_out, None, "nothing here tells that the disk went back");
        line.station.scan(ANNA.badge);
        line.station.ui(Ui::Start);
        line.pass(bench, 30_000);
        assert_eq!(line.station.view().network.way_out, Some(WayOut::NewEpoch));
        assert_eq!(bench.int("SELECT quarantined FROM stations"), 1);
        line.station.work();
        assert_ne!(line.station.papers.len(), 0);
        let papers = line.station.papers.len();
        assert!(
            matches!(line.station.stage(), StageView::Label(l) if l.preview.is_none()),
            "{:?}",
            line.station.stage()
        );
        line.station.restart();
        line.restarted();
        line.pass(bench, 60_000);
        assert_eq!(line.station.view().network.way_out, Some(WayOut::NewEpoch), "a restart changes nothing");
        assert_eq!(line.station.papers.len(), papers, "no label was printed");

        line.station.scan(ANNA.badge);
        line.station.ui(Ui::NewEpoch);
        line.station.approve(LEAD);
        line.pass(bench, 60_000);
        assert_eq!(line.station.view().network.way_out, None);
        assert_eq!(bench.int("SELECT epoch FROM stations"), 2);
        assert_eq!(bench.int("SELECT quarantined FROM stations"), 0);
        let by = bench.text("SELECT detail FROM audit WHERE kind = 'station.epoch'");
        let lead = bench.text("SELECT id FROM users WHERE role = 'lead'");
        assert!(by.contains(&lead) && by.contains("forked"), "{by}");
        // What was begun anew on the bench and is packed already is not packed again by what the lead lets go on.
        line.station.work();
        line.pass(bench, 30_000);
        assert_eq!(meta::int(line.station.look().as_mut(), meta::key::PUSHED).unwrap(), {
            meta::int(line.station.look().as_mut(), meta::key::SEQ).unwrap()
        });
        let doubled = "SELECT COUNT(*) FROM (SELECT sscc FROM parcels WHERE sscc IS NOT NULL GROUP BY sscc HAVING COUNT(*) > 1) x";
        assert_eq!(bench.int(doubled), 0);
        let labels =
            line.station.papers.iter().filter(|p| p.job.document == packbench::core::checklist::DocumentKind::Label);
        assert!(labels.count() >= 1);
        let here = line.station.view().history.clone();
        assert!(here.iter().all(|row| row.sscc != first), "a number of the copy was printed again: {here:?}");
    });
}

#[test]
fn a_revoked_station_is_paired_again_and_its_unsent_facts_arrive_once() {
    on_each_engine(|bench| {
        furnished(bench);
        let mut line = Line::paired(bench, "PACK 1");
        line.station.scan(ANNA.badge);
        line.station.ui(Ui::Start);
        line.station.work_until(|x| matches!(x, StageView::Verify(_)));
        line.talk(bench);
        revoke(bench);
        line.pass(bench, 30_000);
        assert_eq!(line.station.view().network.way_out, Some(WayOut::Pair));
        line.station.work();
        let (facts, told) = (facts_here(&line), bench.int("SELECT COUNT(*) FROM station_events"));
        assert!(facts > told, "some are not told");
        line.station.ui(Ui::PairAgain);
        line.type_code(bench, &bench.code("PACK 2"));
        let Screen::Pairing { answer: PairingState::Refused(why), .. } = line.station.view().screen else { panic!() };
        assert_eq!(why.key, "sync-pair-other");
        assert_eq!(bench.int("SELECT COUNT(*) FROM stations"), 1, "nothing was made of it");
        line.type_code(bench, &bench.code("PACK 1"));
        line.pass(bench, 60_000);
        assert_eq!(line.station.view().network.way_out, None);
        assert_eq!(bench.int("SELECT epoch FROM stations"), 1, "the same life goes on");
        assert_all_told(bench, &line, facts);
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions"), 0);
        assert_eq!(bench.int("SELECT COUNT(*) FROM parcels WHERE confirmed_ms IS NOT NULL"), 1);
        at_the_bench(&mut line);
        line.station.ui(Ui::Continue);
        line.station.work();
        line.pass(bench, 30_000);
        let packed = bench.int("SELECT COUNT(*) FROM parcels WHERE confirmed_ms IS NOT NULL");
        assert_eq!(packed, 2, "its leases held: {:?}", line.station.stage());
    });
}

#[test]
fn a_station_whose_place_was_given_away_comes_back_in_a_new_epoch_and_loses_nothing() {
    on_each_engine(|bench| {
        furnished(bench);
        let mut line = Line::paired(bench, "PACK 1");
        line.station.scan(ANNA.badge);
        line.station.ui(Ui::Start);
        line.station.work_until(|x| matches!(x, StageView::Verify(_)));
        line.talk(bench);
        bench.pair("PACK 1");
        line.pass(bench, 30_000);
        line.station.scan("71053");
        let facts = facts_here(&line);
        assert!(facts > bench.int("SELECT COUNT(*) FROM station_events"));
        line.station.ui(Ui::PairAgain);
        line.type_code(bench, &bench.code("PACK 1"));
        line.pass(bench, 60_000);
        assert_eq!(line.station.view().network.way_out, None);
        assert_eq!(bench.int("SELECT epoch FROM stations"), 3);
        assert_all_told(bench, &line, facts);
    });
}

fn on(site: &Site) -> Bench {
    central_with(site, |settings| settings.first_site.code = "main".to_owned())
}

#[test]
fn a_central_restored_from_before_the_pairing_gives_the_station_its_identity_back() {
    for site in empty_sites() {
        let bench = on(&site);
        furnished(&bench);
        bench.pair("PACK 1");
        let file = site.folder.path().join("site.backup");
        let now = bench.now.load(std::sync::atomic::Ordering::SeqCst);
        carry::back_up(&site.target, &file, None, now, &|_| {}).unwrap();
        let mut line = Line::paired(&bench, "PACK 2");
        let own = bench.text("SELECT id FROM stations WHERE name = 'PACK 2'");
        line.station.scan(ANNA.badge);
        pack_next(&mut line);
        line.pass(&bench, 30_000);
        line.station.ui(Ui::Continue);
        line.station.work_until(|x| matches!(x, StageView::Verify(_)));
        let facts = facts_here(&line);
        let later = bench.now.load(std::sync::atomic::Ordering::SeqCst);
        drop(bench);

        let to = empty_sites().into_iter().find(|to| to.engine == site.engine).unwrap();
        carry::restore(&file, &to.target, &to.folder.path().join("photos"), later, &|_| {}).unwrap();
        let bench = on(&to);
        bench.now.store(later, std::sync::atomic::Ordering::SeqCst);
        line.pass(&bench, 30_000);
        assert_eq!(line.station.view().network.way_out, Some(WayOut::Pair));
        line.station.ui(Ui::PairAgain);
        line.type_code(&bench, &bench.code("PACK 1"));
        let Screen::Pairing { answer: PairingState::Refused(why), .. } = line.station.view().screen else { panic!() };
        assert_eq!(why.key, "sync-pair-other", "PACK 1 is another station");
        line.type_code(&bench, &bench.code("PACK 2"));
        line.pass(&bench, 120_000);
        assert_eq!(line.station.view().network.way_out, None);
        assert_eq!(bench.text("SELECT id FROM stations WHERE name = 'PACK 2'"), own);
        assert_all_told(&bench, &line, facts);
        assert_eq!(bench.int("SELECT COUNT(*) FROM parcels WHERE confirmed_ms IS NOT NULL"), 1);
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions"), 0);
        at_the_bench(&mut line);
        line.station.work();
        line.pass(&bench, 60_000);
        let packed = bench.int("SELECT COUNT(*) FROM parcels WHERE confirmed_ms IS NOT NULL");
        assert_eq!(packed, 2, "what was begun goes on: {:?}", line.station.stage());
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions"), 0);
    }
}

/// What central says to a machine that shows this code and says that it is this station.
fn paired(bench: &Bench, code: &str, known: KnownStation) -> Result<PairingAnswer, &'static str> {
    let (code, machine_name, software) = (code.to_owned(), "m".to_owned(), "t".to_owned());
    let request = PairingRequest { protocol: PROTOCOL, code, machine_name, software, known: Some(known) };
    let done = bench.central.store().write_blocking(Actor::Job("test"), move |work| stations::pair(work, &request));
    done.map_err(|error| match error {
        CentralError::Refused(refusal) => refusal.code(),
        other => panic!("{other}"),
    })
}

#[test]
fn no_code_gives_a_machine_the_identity_of_a_station_it_is_not_for() {
    on_each_engine(|bench| {
        let (one, two) = (bench.pair("PACK 1").who, bench.pair("PACK 2").who);
        let (code, new) = (bench.code("PACK 1"), bench.code("PACK 9"));
        let known = |station_id, epoch| KnownStation { station_id, site_id: one.site_id, epoch: Epoch(epoch) };
        let stranger = StationId::from_u128(0xabc);
        let elsewhere = KnownStation { site_id: SiteId::from_u128(0xdef), ..known(stranger, 1) };
        for (code, known) in [
            (&code, known(two.station_id, 1)),
            (&code, known(stranger, 1)),
            (&new, known(one.station_id, 1)),
            (&new, elsewhere),
            (&new, known(stranger, u64::MAX)),
        ] {
            assert_eq!(paired(bench, code, known).err(), Some("pairing_other"), "{known:?}");
        }
        assert_eq!(bench.int("SELECT COUNT(*) FROM stations"), 2);
        for who in [&one, &two] {
            let status = bench.get::<serde_json::Value>("/api/v1/sync/pull?protocol=3&limit=5", &who.token).0;
            assert_eq!(status, StatusCode::OK, "nobody lost a token over it");
        }
        let again = paired(bench, &code, known(one.station_id, 1)).expect("good for the station that it is for");
        assert_eq!((again.station_id, again.epoch), (one.station_id, one.epoch));
        assert_eq!(paired(bench, &code, known(one.station_id, 1)).err(), Some("pairing_code"), "once");
        let found = paired(bench, &new, known(stranger, 4)).expect("nobody has it: it is believed");
        assert_eq!((found.station_id, found.epoch), (stranger, Epoch(4)));
        let ahead = paired(bench, &bench.code("PACK 2"), known(two.station_id, 7)).expect("its own place");
        assert_eq!(ahead.epoch, Epoch(8), "an epoch that a database never restored did not grant is not believed");
    });
}
