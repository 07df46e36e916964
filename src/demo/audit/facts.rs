//! Facts: what the stations' files say happened, and whether central has each of it exactly once.

use super::{Audit, open};
use crate::sql::{Conn, Res};
use crate::vals;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use uuid::Uuid;

/// A parcel as a station's file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Units in it.
    pub sscc: String,
    /// Its label was scanned back.
    pub confirmed: bool,
}

/// What the stations tell.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Ids of all events, with the station's number in the list.
    pub events: HashMap<String, usize>,
    /// Parcels by fulfillment and number.
    pub parcels: BTreeMap<(String, i64), Told>,
    /// Broken units by product.
    pub damaged: HashMap<String, i64>,
    /// Packed: fulfillment, units, parcels; one entry per telling.
    pub packed: Vec<(String, i64, i64)>,
}

fn id(bytes: &[u8]) -> String {
    Uuid::from_slice(bytes).map_or_else(|_| format!("{} odd bytes", bytes.len()), |id| id.to_string())
}

/// Reads all files.
pub(super) fn of_stations(files: &[PathBuf], audit: &mut Audit) -> Res<Facts> {
    let mut facts = Facts::default();
    let mut numbers: HashSet<String> = HashSet::new();
    for (n, file) in files.iter().enumerate() {
        let mut c = open(file)?;
        events(c.as_mut(), n, &mut facts, audit)?;
        dense(
            c.as_mut(),
            "SELECT epoch, COUNT(*) AS n, MAX(seq) AS top FROM event GROUP BY epoch",
            &format!("station {}", n + 1),
            audit,
        )?;
        let rows = c.all("SELECT fulfillment, no, sscc, confirmed FROM parcel", &[])?;
        for row in &rows {
            let sscc: String = row.get("sscc")?;
            if !numbers.insert(sscc.clone()) {
                audit.doubled += 1;
                audit.problem(format!("parcel number {sscc} was given twice"));
            }
            let key = (id(&row.get::<Vec<u8>>("fulfillment")?), row.get("no")?);
            facts.parcels.insert(key, Told { sscc, confirmed: row.get("confirmed")? });
        }
        papers(c.as_mut(), n, audit)?;
    }
    audit.events = facts.events.len() as u64;
    Ok(facts)
}

fn events(c: &mut dyn Conn, station: usize, facts: &mut Facts, audit: &mut Audit) -> Res<()> {
    c.each("SELECT id, kind, fulfillment, payload FROM event ORDER BY epoch, seq", &[], &mut |row| {
        let event = id(&row.get::<Vec<u8>>("id")?);
        if facts.events.insert(event.clone(), station).is_some_and(|other| other != station) {
            audit.doubled += 1;
            audit.problem(format!("two stations tell the event {event}"));
        }
        let kind: String = row.get("kind")?;
        let told: Value = serde_json::from_str(&row.get::<String>("payload")?).unwrap_or_default();
        let int = |name: &str| told["event"][name].as_i64().unwrap_or(0);
        match kind.as_str() {
            "pack_session.refused" => audit.refused += 1,
            "pack_session.damaged" => {
                let product = told["event"]["product"].as_str().unwrap_or_default().to_owned();
                *facts.damaged.entry(product).or_default() += int("quantity");
            }
            "pack_session.packed" => {
                let work = row.get::<Option<Vec<u8>>>("fulfillment")?.map(|b| id(&b)).unwrap_or_default();
                facts.packed.push((work, int("units"), int("parcels")));
            }
            _ => {}
        }
        Ok(())
    })
}

/// Every paper of a packed order came out of the printer, at the first try or a later one.
fn papers(c: &mut dyn Conn, station: usize, audit: &mut Audit) -> Res<()> {
    let sql = "SELECT document, COUNT(*) AS n FROM (SELECT p.fulfillment, p.parcel, p.document, \
        MAX(CASE WHEN p.state IN ('sent', 'paper_moved') THEN 1 ELSE 0 END) AS came FROM print_job p \
        JOIN session s ON s.fulfillment = p.fulfillment WHERE s.state = 'packed' \
        GROUP BY p.fulfillment, p.parcel, p.document) AS j WHERE came = 0 GROUP BY document ORDER BY document";
    for row in c.all(sql, &[])? {
        let (document, n): (String, i64) = (row.get("document")?, row.get("n")?);
        audit.papers_missing += u64::try_from(n).unwrap_or(1);
        audit.problem(format!("station {}: {n} papers ({document}) of packed parcels never came out", station + 1));
    }
    Ok(())
}

/// Numbers of a stream run from 1 without a hole.
fn dense(c: &mut dyn Conn, sql: &str, whose: &str, audit: &mut Audit) -> Res<()> {
    for row in c.all(sql, &[])? {
        let (n, top): (i64, i64) = (row.get("n")?, row.get("top")?);
        if n != top {
            audit.lost += u64::try_from(top - n).unwrap_or(1);
            audit.problem(format!("{whose} has {n} events numbered up to {top}"));
        }
    }
    Ok(())
}

/// Every event of a station is in central, and central has none that no station told.
pub(super) fn compare(c: &mut dyn Conn, facts: &Facts, audit: &mut Audit) -> Res<()> {
    let mut here: HashMap<String, u32> = HashMap::new();
    c.each("SELECT id FROM station_events", &[], &mut |row| {
        *here.entry(row.at::<String>(0)?).or_default() += 1;
        Ok(())
    })?;
    let lost: Vec<&String> = facts.events.keys().filter(|event| !here.contains_key(*event)).collect();
    audit.lost += lost.len() as u64;
    if let Some(first) = lost.first() {
        audit.problem(format!("central lacks {} events of stations, the first is {first}", lost.len()));
    }
    let twice = here.values().filter(|n| **n > 1).count();
    let invented: Vec<&String> = here.keys().filter(|event| !facts.events.contains_key(*event)).collect();
    audit.doubled += (twice + invented.len()) as u64;
    if twice > 0 {
        audit.problem(format!("central has {twice} events more than once"));
    }
    if let Some(first) = invented.first() {
        audit.problem(format!("central has {} events that no station told, the first is {first}", invented.len()));
    }
    // Aliases hold the numbers under which a fact was sent again; with them each stream is dense.
    let streams = "SELECT station, epoch, COUNT(*) AS n, MAX(seq) AS top FROM (SELECT station, epoch, seq FROM station_events \
        UNION ALL SELECT station, epoch, seq FROM station_event_aliases) AS s GROUP BY station, epoch";
    dense(c, streams, "a stream in central", audit)?;
    chain(c, audit)
}

/// Each event names the one before it by its hash.
fn chain(c: &mut dyn Conn, audit: &mut Audit) -> Res<()> {
    let broken = c.int(
        "SELECT COUNT(*) FROM station_events a JOIN station_events b ON b.station = a.station AND b.epoch = a.epoch \
         AND b.seq = a.seq + 1 WHERE b.prev_hash <> a.hash",
        vals![],
    )?;
    if broken > 0 {
        audit.doubled += u64::try_from(broken).unwrap_or(1);
        audit.problem(format!("{broken} events do not follow the one before them"));
    }
    Ok(())
}
