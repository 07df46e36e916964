//! Events: appended densely, hash-chained, kept, and read in runs for the push.

use super::{Res, StorageError, meta, uuid, uuid_at};
use crate::core::ids::FulfillmentId;
use crate::protocol::desk;
use crate::protocol::session::{self, SessionFact};
use crate::protocol::sync::{OutboxEntry, Span, spans};
use crate::protocol::wire::{
    BootId, Epoch, EventEnvelope, EventHash, EventId, Fence, Payload, Seq, StationId, chain_verify,
};
use crate::sql::{Conn, Row, Val};
use crate::vals;
use uuid::Uuid;

/// When and where a fact happened.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Wall clock, UTC ms.
    pub wall_ms: i64,
    /// Monotonic clock of the boot, ms.
    pub mono_ms: u64,
    /// The boot.
    pub boot_id: BootId,
}

/// Appends facts of one fulfillment; returns what the sync machine needs to know of them.
///
/// # Errors
/// If the database refuses; the caller's transaction is lost then.
pub fn append(
    c: &mut dyn Conn,
    at: Moment,
    fulfillment: Option<(FulfillmentId, i64)>,
    facts: &[(EventId, SessionFact)],
) -> Res<Vec<OutboxEntry>> {
    let raw = facts.iter().map(|(id, fact)| {
        let (kind, json) = session::encode(fact);
        Raw { id: *id, kind, schema: session::SCHEMA, json }
    });
    let place = fulfillment.map_or((None, None), |(f, fence)| (Some(f), Some(fence)));
    append_raw(c, at, place, raw.collect())
}

/// Appends a fact of the desk about a fulfillment that need not be leased; returns what the sync machine needs to know.
///
/// # Errors
/// If the database refuses; the caller's transaction is lost then.
pub fn append_desk(
    c: &mut dyn Conn,
    at: Moment,
    fulfillment: FulfillmentId,
    id: EventId,
    fact: &desk::Expedited,
) -> Res<Vec<OutboxEntry>> {
    let raw = Raw { id, kind: desk::EXPEDITED, schema: desk::SCHEMA, json: fact.json() };
    append_raw(c, at, (Some(fulfillment), None), vec![raw])
}

/// Appends the fact of units of a return that were taken in; returns what the sync machine needs to know.
///
/// # Errors
/// If the database refuses; the caller's transaction is lost then.
pub fn append_return(c: &mut dyn Conn, at: Moment, id: EventId, fact: &desk::ReturnReceived) -> Res<Vec<OutboxEntry>> {
    let raw = Raw { id, kind: desk::RETURN_RECEIVED, schema: desk::SCHEMA, json: fact.json() };
    append_raw(c, at, (None, None), vec![raw])
}

/// Appends the fact that a site's template could not make a label; returns what the sync machine needs to know.
///
/// # Errors
/// If the database refuses; the caller's transaction is lost then.
pub fn append_label_fault(
    c: &mut dyn Conn,
    at: Moment,
    fulfillment: FulfillmentId,
    id: EventId,
    fact: &desk::LabelFault,
) -> Res<Vec<OutboxEntry>> {
    let raw = Raw { id, kind: desk::LABEL_FAULT, schema: desk::SCHEMA, json: fact.json() };
    append_raw(c, at, (Some(fulfillment), None), vec![raw])
}

/// A fact before it has its place in the chain.
struct Raw {
    id: EventId,
    kind: &'static str,
    schema: u32,
    json: String,
}

fn append_raw(
    c: &mut dyn Conn,
    at: Moment,
    (fulfillment, fence): (Option<FulfillmentId>, Option<i64>),
    facts: Vec<Raw>,
) -> Res<Vec<OutboxEntry>> {
    let any = !facts.is_empty();
    let station = station_id(c)?;
    let epoch = Epoch(meta::int(c, meta::key::EPOCH)?.unsigned_abs());
    let mut seq = Seq(meta::int(c, meta::key::SEQ)?.unsigned_abs());
    let mut head = head(c)?;
    let mut entries = Vec::with_capacity(facts.len());
    for Raw { id, kind, schema, json } in facts {
        let payload = Payload::from_json(json).map_err(|_| StorageError::Missing { what: "room for a payload" })?;
        seq = seq.next();
        let e = EventEnvelope {
            id,
            station_id: station,
            epoch,
            seq,
            kind: kind.to_owned(),
            schema,
            fulfillment: fulfillment.map(|f| crate::protocol::wire::FulfillmentId(f.0)),
            fence: fence.map(|n| Fence(n.unsigned_abs())),
            wall_ms: at.wall_ms,
            mono_ms: at.mono_ms,
            boot_id: at.boot_id,
            prev_hash: head,
            payload,
        };
        head = e.hash();
        insert(c, &e)?;
        let bytes = u64::try_from(e.size_bytes()).unwrap_or(u64::MAX);
        entries.push(OutboxEntry { seq, bytes, mono_ms: i64::try_from(at.mono_ms).unwrap_or(i64::MAX) });
    }
    if any {
        meta::set(c, meta::key::SEQ, &seq.0.to_string())?;
        meta::set(c, meta::key::HEAD, &head.to_string())?;
        let floor = meta::int(c, meta::key::WALL_FLOOR)?.max(at.wall_ms);
        meta::set(c, meta::key::WALL_FLOOR, &floor.to_string())?;
    }
    Ok(entries)
}

fn insert(c: &mut dyn Conn, e: &EventEnvelope) -> Res<()> {
    let int = |n: u64| Val::Int(i64::try_from(n).unwrap_or(i64::MAX));
    c.exec(
        "INSERT INTO event (epoch, seq, id, kind, schema, fulfillment, fence, wall_ms, mono_ms, boot_id, prev_hash,
         payload, size) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            int(e.epoch.0),
            int(e.seq.0),
            uuid(e.id.0),
            (&e.kind).into(),
            e.schema.into(),
            e.fulfillment.map_or(Val::Null, |f| uuid(f.0)),
            e.fence.map_or(Val::Null, |f| int(f.0)),
            e.wall_ms.into(),
            int(e.mono_ms),
            uuid(e.boot_id.0),
            Val::Blob(e.prev_hash.0.to_vec()),
            e.payload.json().into(),
            i64::try_from(e.size_bytes()).unwrap_or(i64::MAX).into(),
        ],
    )?;
    Ok(())
}

/// Identity of the station.
///
/// # Errors
/// If it is not paired, or the database refuses.
pub fn station_id(c: &mut dyn Conn) -> Res<StationId> {
    let text = meta::get(c, meta::key::STATION_ID)?;
    text.and_then(|t| Uuid::parse_str(&t).ok()).map(StationId).ok_or(StorageError::Missing { what: "its identity" })
}

fn head(c: &mut dyn Conn) -> Res<EventHash> {
    Ok(match meta::get(c, meta::key::HEAD)? {
        None => EventHash::GENESIS,
        Some(text) => text.parse().map_err(|_| StorageError::Missing { what: "the hash of its last event" })?,
    })
}

/// Events from `from` to `to`, as they are pushed.
///
/// # Errors
/// If the database refuses or an event cannot be read.
pub fn read(c: &mut dyn Conn, epoch: Epoch, from: Seq, to: Seq) -> Res<Vec<EventEnvelope>> {
    let station = station_id(c)?;
    let int = |n: u64| Val::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let rows = c.all(
        "SELECT * FROM event WHERE epoch = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq",
        &[int(epoch.0), int(from.0), int(to.0)],
    )?;
    rows.iter().map(|r| envelope(r, station)).collect()
}

fn envelope(r: &Row, station_id: StationId) -> Res<EventEnvelope> {
    let fulfillment: Option<Vec<u8>> = r.get("fulfillment")?;
    let prev: Vec<u8> = r.get("prev_hash")?;
    let payload: String = r.get("payload")?;
    Ok(EventEnvelope {
        id: EventId(uuid_at(r, "id")?),
        station_id,
        epoch: Epoch(r.get("epoch")?),
        seq: Seq(r.get("seq")?),
        kind: r.get("kind")?,
        schema: r.get("schema")?,
        fulfillment: fulfillment.and_then(|b| Uuid::from_slice(&b).ok()).map(crate::protocol::wire::FulfillmentId),
        fence: r.get::<Option<u64>>("fence")?.map(Fence),
        wall_ms: r.get("wall_ms")?,
        mono_ms: r.get("mono_ms")?,
        boot_id: BootId(uuid_at(r, "boot_id")?),
        prev_hash: EventHash(prev.try_into().map_err(|_| StorageError::Missing { what: "a whole hash" })?),
        payload: Payload::from_json(payload).map_err(|_| StorageError::Missing { what: "a readable payload" })?,
    })
}

/// Facts of a fulfillment in the order they happened, for rebuilding its session. Facts of an earlier
/// lease (a smaller fence) belong to an earlier session.
///
/// # Errors
/// If the database refuses or an event cannot be read.
pub fn facts(c: &mut dyn Conn, f: FulfillmentId) -> Res<Vec<(SessionFact, i64)>> {
    let rows =
        c.all("SELECT kind, payload, wall_ms FROM event WHERE fulfillment = $1 ORDER BY epoch, seq", &[uuid(f.0)])?;
    let mut list = Vec::with_capacity(rows.len());
    for r in &rows {
        let (kind, payload): (String, String) = (r.at(0)?, r.at(1)?);
        if kind.starts_with(session::KIND_PREFIX) {
            list.push((session::decode(&kind, &payload)?, r.at(2)?));
        }
    }
    Ok(list)
}

/// Runs of events from `from` on, for the sync machine. `mono_now` and the boot turn stored times
/// into the present monotonic clock.
///
/// # Errors
/// If the database refuses.
pub fn runs(c: &mut dyn Conn, from: Seq, at: Moment) -> Res<Vec<Span>> {
    let epoch = meta::int(c, meta::key::EPOCH)?;
    let now = i64::try_from(at.mono_ms).unwrap_or(i64::MAX);
    // Row by row: days without the network make more events than an answer may gather.
    let mut entries = Vec::new();
    c.each(
        "SELECT seq, size, mono_ms, wall_ms, boot_id FROM event WHERE epoch = $1 AND seq >= $2 ORDER BY seq",
        &[epoch.into(), i64::try_from(from.0).unwrap_or(i64::MAX).into()],
        &mut |r| {
            let boot: Vec<u8> = r.get("boot_id")?;
            let mono: i64 = if boot == at.boot_id.0.as_bytes() {
                r.get("mono_ms")?
            } else {
                // Another boot: only the wall clock knows how long ago; never in the future.
                now.saturating_sub(at.wall_ms.saturating_sub(r.get::<i64>("wall_ms")?).max(0))
            };
            entries.push(OutboxEntry { seq: Seq(r.get("seq")?), bytes: r.get("size")?, mono_ms: mono });
            Ok(())
        },
    )?;
    Ok(spans(entries))
}

/// The server has all events up to `upto`.
///
/// # Errors
/// If the database refuses.
pub fn mark_pushed(c: &mut dyn Conn, epoch: Epoch, upto: Seq) -> Res<()> {
    if meta::int(c, meta::key::EPOCH)?.unsigned_abs() == epoch.0 {
        let before = meta::int(c, meta::key::PUSHED)?.unsigned_abs();
        meta::set(c, meta::key::PUSHED, &before.max(upto.0).to_string())?;
    }
    Ok(())
}

/// How many events wait, and when the oldest of them happened (wall clock).
///
/// # Errors
/// If the database refuses.
pub fn waiting(c: &mut dyn Conn) -> Res<(u64, Option<i64>)> {
    let (epoch, pushed) = (meta::int(c, meta::key::EPOCH)?, meta::int(c, meta::key::PUSHED)?);
    let n = meta::int(c, meta::key::SEQ)?.saturating_sub(pushed);
    let oldest = c.one("SELECT wall_ms FROM event WHERE epoch = $1 AND seq = $2", vals![epoch, pushed + 1])?;
    Ok((n.unsigned_abs(), oldest.map(|r| r.at(0)).transpose()?))
}

/// Starts a new epoch: unsynced events are numbered anew from 1 with a new chain, and keep their ids.
///
/// # Errors
/// If the database refuses.
pub fn adopt_epoch(c: &mut dyn Conn, epoch: Epoch) -> Res<()> {
    let old = meta::int(c, meta::key::EPOCH)?.unsigned_abs();
    let (pushed, seq) = (meta::int(c, meta::key::PUSHED)?.unsigned_abs(), meta::int(c, meta::key::SEQ)?.unsigned_abs());
    let unsynced = read(c, Epoch(old), Seq(pushed + 1), Seq(seq))?;
    c.exec(
        "DELETE FROM event WHERE epoch = $1 AND seq > $2",
        vals![i64::try_from(old).unwrap_or(i64::MAX), i64::try_from(pushed).unwrap_or(i64::MAX)],
    )?;
    let (mut head, mut next) = (EventHash::GENESIS, Seq(0));
    for e in unsynced {
        next = next.next();
        let e = e.renumbered(epoch, next, head);
        head = e.hash();
        insert(c, &e)?;
    }
    meta::set(c, meta::key::EPOCH, &epoch.0.to_string())?;
    meta::set(c, meta::key::SEQ, &next.0.to_string())?;
    meta::set(c, meta::key::PUSHED, "0")?;
    meta::set(c, meta::key::HEAD, &head.to_string())?;
    meta::clear(c, meta::key::EPOCH_WISH)?;
    super::lease::drop_all(c)?;
    super::numbers::burn_others(c, i64::try_from(epoch.0).unwrap_or(i64::MAX))
}

/// Checks the whole chain of the epoch; the number of events it holds.
///
/// # Errors
/// If the database refuses, or the chain is broken.
pub fn verify(c: &mut dyn Conn) -> Res<u64> {
    let station = station_id(c)?;
    let epoch = Epoch(meta::int(c, meta::key::EPOCH)?.unsigned_abs());
    let last = meta::int(c, meta::key::SEQ)?.unsigned_abs();
    let (mut at, mut from) = ((Seq(0), EventHash::GENESIS), 1);
    while from <= last {
        let to = (from + 9_999).min(last);
        let events = read(c, epoch, Seq(from), Seq(to))?;
        at = chain_verify(station, epoch, at, &events)
            .map_err(|_| StorageError::Missing { what: "an unbroken chain of events" })?;
        from = to + 1;
    }
    if at.0.0 == last { Ok(last) } else { Err(StorageError::Missing { what: "its last events" }) }
}
