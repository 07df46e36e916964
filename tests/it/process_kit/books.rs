//! What the two databases must hold, asked by plain SQL: every acknowledged scan exactly once, the chain of facts whole,
//! nothing doubled, no parcel number twice.

use super::house::House;
use super::packer::{Packer, open};
use super::station::Fact;
use packbench::demo::audit::audit;
use packbench::protocol::wire::{EventEnvelope, EventHash, Payload, Seq, chain_verify};
use rusqlite::{Connection, Row};
use std::collections::HashMap;

fn int(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Number of the last fact that the station believes central to have.
pub fn confirmed(house: &House) -> i64 {
    let sql = "SELECT COALESCE((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'pushed'), 0)";
    int(&open(&house.station_file()), sql)
}

/// Orders that central knows to be packed.
pub fn packed(house: &House) -> i64 {
    int(&open(&house.central_file()), "SELECT COUNT(*) FROM fulfillments WHERE state = 'packed'")
}

fn stored(db: &Connection) -> Vec<Fact> {
    let mut list = db.prepare("SELECT epoch, seq, id FROM station_events ORDER BY epoch, seq").unwrap();
    let fact = |row: &Row<'_>| Ok(Fact { epoch: row.get(0)?, seq: row.get(1)?, id: row.get(2)? });
    list.query_map([], fact).unwrap().map(Result::unwrap).collect()
}

/// Central holds, once and in order, at least what it has confirmed to the station.
pub fn assert_central_has(house: &House, confirmed: i64, facts: &[Fact]) {
    let there = stored(&open(&house.central_file()));
    let n = i64::try_from(there.len()).unwrap();
    assert!(n >= confirmed, "central confirmed {confirmed} facts and holds {n}");
    let common = there.len().min(facts.len());
    assert_eq!(there[..common], facts[..common], "central's facts are not the station's");
}

/// Everything, at the end: both sides hold the same, and it is what was acknowledged.
pub fn assert_all(house: &House, packer: &Packer<'_>) {
    let central = open(&house.central_file());
    assert_eq!(stored(&central), packer.facts, "central and the station differ");
    assert_chain(&central);
    assert_scans(&open(&house.station_file()), packer, "event", "seq");
    assert_scans(&central, packer, "station_events", "seq");
    assert_numbers(&central);
    let twice = "SELECT COUNT(*) FROM (SELECT fulfillment FROM station_events WHERE kind = 'pack_session.packed' \
        GROUP BY fulfillment HAVING COUNT(*) > 1)";
    assert_eq!(int(&central, twice), 0, "an order was packed twice");
    assert_eq!(
        int(&central, "SELECT COUNT(*) FROM station_events WHERE outcome <> 'accepted'"),
        0,
        "a fact was refused"
    );
    let found = audit(&house.central_file(), &[house.station_file()], &house.initial, &house.orders).unwrap();
    let wrong = (found.lost, found.doubled, found.stock_mismatches, found.counter_mismatches, found.papers_missing);
    assert_eq!(wrong, (0, 0, 0, 0, 0), "{found:#?}");
}

/// The chain, computed again from what is stored.
fn assert_chain(central: &Connection) {
    let sql = "SELECT id, station, epoch, seq, kind, schema, fulfillment, fence, wall_ms, mono_ms, boot_id, prev_hash, payload, \
        hash FROM station_events ORDER BY epoch, seq";
    let hash = |row: &Row<'_>, at: usize| row.get::<_, Vec<u8>>(at).map(|bytes| EventHash(bytes.try_into().unwrap()));
    let number = |row: &Row<'_>, at: usize| row.get::<_, i64>(at).map(i64::unsigned_abs);
    let event = |row: &Row<'_>| {
        let json = serde_json::json!({
            "id": row.get::<_, String>(0)?, "station_id": row.get::<_, String>(1)?, "epoch": number(row, 2)?,
            "seq": number(row, 3)?, "type": row.get::<_, String>(4)?, "schema": number(row, 5)?,
            "fulfillment": row.get::<_, Option<String>>(6)?, "fence": row.get::<_, Option<i64>>(7)?,
            "wall_ms": row.get::<_, i64>(8)?, "mono_ms": number(row, 9)?, "boot_id": row.get::<_, String>(10)?,
            "prev_hash": hash(row, 11)?.to_string(), "payload": {},
        });
        let mut event: EventEnvelope = serde_json::from_str(&json.to_string()).unwrap();
        event.payload = Payload::from_json(row.get(12)?).unwrap();
        assert_eq!(event.hash(), hash(row, 13)?, "the stored hash of {} is wrong", event.seq);
        Ok(event)
    };
    let mut list = central.prepare(sql).unwrap();
    let events: Vec<EventEnvelope> = list.query_map([], event).unwrap().map(Result::unwrap).collect();
    let first = &events[0];
    chain_verify(first.station_id, first.epoch, (Seq(0), EventHash::GENESIS), &events).unwrap();
}

/// Each scan that was acknowledged left the facts that its answer named and no others; one without an answer left one at most.
fn assert_scans(db: &Connection, packer: &Packer<'_>, table: &str, seq: &str) {
    let sql = format!(
        "SELECT {seq}, kind, json_extract(payload, '$.event.gesture') FROM {table} \
         WHERE json_extract(payload, '$.event.gesture') IS NOT NULL ORDER BY {seq}"
    );
    let mut by_gesture: HashMap<String, Vec<(i64, String)>> = HashMap::new();
    let mut list = db.prepare(&sql).unwrap();
    let mut rows = list.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        by_gesture.entry(row.get(2).unwrap()).or_default().push((row.get(0).unwrap(), row.get(1).unwrap()));
    }
    let (mut answered, mut unanswered) = (0, 0);
    for scan in &packer.scans {
        let left = by_gesture.remove(&scan.gesture.to_string()).unwrap_or_default();
        match &scan.facts {
            Some(facts) => {
                answered += 1;
                let named = left.iter().all(|(seq, _)| facts.iter().any(|fact| fact.seq == *seq));
                assert!(named, "a scan left facts that its answer did not name: {left:?} but {facts:?}");
            }
            None => {
                unanswered += 1;
                let together = left.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0);
                assert!(together, "a scan without an answer was counted twice: {left:?}");
            }
        }
        if scan.strange {
            assert!(left.iter().all(|(_, kind)| kind == "pack_session.refused"), "a strange code counted: {left:?}");
        }
    }
    assert!(by_gesture.is_empty(), "scans that nobody made: {by_gesture:?}");
    assert!(answered > unanswered, "{answered} scans were answered and {unanswered} not");
}

/// No parcel number is on two parcels, whatever became of them.
fn assert_numbers(central: &Connection) {
    let sql = "SELECT COUNT(*) FROM (SELECT json_extract(payload, '$.event.sscc') AS sscc FROM station_events \
        WHERE kind = 'pack_session.label_assigned' GROUP BY sscc \
        HAVING COUNT(DISTINCT fulfillment || '/' || json_extract(payload, '$.event.parcel')) > 1)";
    assert_eq!(int(central, sql), 0, "a parcel number was given twice");
}
