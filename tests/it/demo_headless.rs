//! The demo without a window, small: real orders through all eleven steps, real engine, sync over HTTP on loopback, central,
//! labels decoded again; with network cuts and stations that lose their power; and an auditor that can say no.

use packbench::demo::audit::{Audit, audit};
use packbench::demo::{Data, HeadlessOptions, Report, run, week};
use rusqlite::Connection;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

fn options(orders: usize, stations: usize) -> HeadlessOptions {
    HeadlessOptions { orders, stations, json: true, ..HeadlessOptions::default() }
}

fn is_well(report: &Report, orders: u64) {
    assert!(report.ok, "{report:#?}");
    assert_eq!(report.orders, orders);
    assert_eq!(report.packed + report.in_exception, orders);
    assert_eq!((report.lost, report.doubled, report.stock_mismatches), (0, 0, 0));
    assert!(report.labels_decoded >= report.packed && report.scans > report.units / 20);
}

#[test]
fn demo_headless_works_twenty_orders_at_two_stations() {
    let report = run(&options(20, 2)).unwrap();
    is_well(&report, 20);
    // Of each kind of trouble at least one of twenty, with the outcome that must follow.
    assert!(
        report.shorts >= 1 && report.wrong_scans >= 1 && report.damaged >= 1 && report.cancellations >= 1,
        "{report:#?}"
    );
    assert!(report.refused >= 1);
}

#[test]
fn demo_headless_survives_network_cuts_and_power_cuts() {
    let report = run(&HeadlessOptions { network_cuts: 3, station_kills: 3, seed: 5, ..options(12, 2) }).unwrap();
    is_well(&report, 12);
    assert_eq!((report.network_cuts, report.station_kills), (3, 3));
}

#[test]
fn demo_headless_says_what_options_make_no_sense() {
    assert!(run(&options(0, 1)).is_err());
    assert!(run(&options(1, 0)).is_err());
    let too_many = run(&options(100_000, 1)).unwrap_err().to_string();
    assert!(too_many.contains("631"), "{too_many}");
}

/// The books of a run that went well, on disk.
struct Books {
    folder: tempfile::TempDir,
    initial: HashMap<String, i64>,
    orders: Vec<String>,
}

impl Books {
    fn make() -> Books {
        let folder = tempfile::tempdir().unwrap();
        let named = HeadlessOptions { folder: Some(folder.path().to_path_buf()), ..options(5, 2) };
        let report = run(&named).unwrap();
        assert!(report.ok, "{report:#?}");
        let orders = week::cut(&Data::Week, Some(5)).unwrap().shippable;
        let c = Connection::open(folder.path().join("central.db")).unwrap();
        let sql = "SELECT s.product, SUM(m.quantity) FROM stock_movements m JOIN stock_levels s ON s.id = m.level \
            WHERE m.kind = 'receive' GROUP BY s.product";
        let mut rows = c.prepare(sql).unwrap();
        let initial = rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect();
        drop(rows);
        Books { folder, initial, orders }
    }

    /// The audit after these statements were done to a copy of central's database.
    fn after(&self, tampering: &str) -> Audit {
        let copy = tempfile::tempdir().unwrap();
        let central = copy.path().join("central.db");
        let c = Connection::open(self.folder.path().join("central.db")).unwrap();
        c.execute("VACUUM INTO ?1", [central.to_str().unwrap()]).unwrap();
        let c = Connection::open(&central).unwrap();
        c.execute_batch(&format!("PRAGMA foreign_keys = OFF; {tampering}")).unwrap();
        drop(c);
        audit(&central, &self.stations(), &self.initial, &self.orders).unwrap()
    }

    fn stations(&self) -> Vec<PathBuf> {
        let file = |n: u32| -> PathBuf { Path::new(self.folder.path()).join(format!("station-{n}/station.db")) };
        vec![file(1), file(2)]
    }
}

#[test]
fn demo_auditor_reports_each_tampering() {
    let books = Books::make();
    let clean = books.after("");
    assert!(clean.is_clean(), "{clean:#?}");

    let one = "SELECT id FROM station_events ORDER BY seq DESC LIMIT 1";
    assert!(books.after(&format!("DELETE FROM station_events WHERE id = ({one});")).lost >= 1, "an event deleted");

    let again = "INSERT INTO station_events SELECT '00000000-0000-7000-8000-000000000001', site, station, epoch, seq + 100000, \
        kind, schema, fulfillment, fence, wall_ms, mono_ms, boot_id, prev_hash, hash, payload, outcome, received_ms \
        FROM station_events WHERE kind = 'pack_session.packed' AND outcome = 'accepted' LIMIT 1;";
    assert!(books.after(again).doubled >= 2, "an order packed twice");

    let parcel = "INSERT INTO parcels (fulfillment, no, site, packaging, weight_g, expected_g, weight_override_by, sscc, label_copies, \
        tracking, confirmed_ms, void, fence, station, updated_ms) SELECT fulfillment, no + 100, site, packaging, weight_g, expected_g, weight_override_by, \
        '095212349999999990', label_copies, tracking, confirmed_ms, void, fence, station, updated_ms FROM parcels \
        WHERE void = 0 AND sscc IS NOT NULL LIMIT 1;";
    assert!(books.after(parcel).doubled >= 1, "a parcel doubled");

    let gone = "DELETE FROM parcels WHERE rowid = (SELECT rowid FROM parcels WHERE void = 0 AND confirmed_ms IS NOT NULL LIMIT 1);";
    assert!(books.after(gone).lost >= 1, "a parcel gone");

    let stock = "UPDATE stock_levels SET quantity = quantity + 1 WHERE id = (SELECT id FROM stock_levels LIMIT 1);";
    assert!(books.after(stock).stock_mismatches >= 1, "stock changed");

    let boxed =
        "UPDATE parcel_items SET quantity = quantity + 1 WHERE rowid = (SELECT rowid FROM parcel_items LIMIT 1);";
    let found = books.after(boxed);
    assert!(found.counter_mismatches >= 1 && found.stock_mismatches >= 1, "a parcel's content changed");

    let open = "UPDATE fulfillments SET state = 'released' WHERE id = (SELECT id FROM fulfillments WHERE state = 'packed' LIMIT 1);";
    assert!(books.after(open).unfinished >= 1, "an order open again");

    let chain = "UPDATE station_events SET prev_hash = zeroblob(32) WHERE seq = 3;";
    assert!(!books.after(chain).is_clean(), "history rewritten");
}
