//! A station gives its facts. Every event is stored once for ever; its effect may be refused, its storage never. The whole
//! batch is one transaction, so that its answer is true when it is given.

mod boxes;
mod desk_facts;
mod effects;
mod file;
mod parcels;

use crate::central::error::{CentralError, Res};
use crate::central::services::exceptions::{self, NewException};
use crate::central::services::stations::{self, array, number};
use crate::central::store::bulk::{Bulk, Column};
use crate::central::store::work::Work;
use crate::protocol::sync::server::{EpochState, Known, StreamHead, Verdict, push_check, walk};
use crate::protocol::wire::{
    EventEnvelope, EventHash, EventId, EventOutcome, ForkReason, Outcome, Problem, PushAnswer, PushRequest, StationId,
};
use crate::sql::Val;
use crate::vals;
use effects::Desk;
use std::collections::HashMap;

/// Events whose rows are held before they are written: enough to be worth it, and little memory.
const ROWS: usize = 32;

/// How a push ended.
#[derive(Debug)]
pub enum Pushed {
    /// To be answered.
    Answer(Box<PushAnswer>),
    /// Refused as a whole before any event was read.
    Refused(Box<Problem>),
}

/// Takes a batch in. `token_station` is the station that the token belongs to.
///
/// # Errors
/// Any fault of the store; nothing of the batch is stored then.
pub fn push(work: &mut Work<'_>, token_station: StationId, request: &PushRequest) -> Res<Pushed> {
    let station = token_station.to_string();
    let (mut epoch, head) = stations::stream(work.tx, &station, request.epoch)?;
    if epoch == EpochState::Unknown && request.epoch.0 > 0 && stations::adopt(work, token_station, request.epoch)? {
        epoch = EpochState::Open;
    }
    if let Err(problem) = push_check(request, token_station, epoch) {
        return Ok(Pushed::Refused(problem));
    }
    let known = known(work, &station, request)?;
    let walked = walk(epoch, head, &request.events, |event| known_of(&known, request, event));
    let mut desk = Desk::new(token_station);
    let mut outcomes = Vec::with_capacity(walked.verdicts.len());
    let mut events = Bulk::new("station_events", EVENT_COLUMNS, "");
    let width = EVENT_COLUMNS.len();
    let (mut rows, mut held) = (vec![Val::Null; ROWS * width], 0);
    for ((event, verdict), hash) in request.events.iter().zip(&walked.verdicts).zip(&walked.hashes) {
        let outcome = match verdict {
            Verdict::Store => {
                let outcome = verdict.outcome(desk.apply(work, event)?);
                put(&mut rows[held * width..(held + 1) * width], work, event, *hash, &outcome);
                held += 1;
                if held == ROWS {
                    events.rows(work.tx, &rows)?;
                    held = 0;
                }
                outcome
            }
            Verdict::StoreAlias => {
                store_alias(work, event, *hash)?;
                verdict.outcome(Ok(()))
            }
            Verdict::Duplicate | Verdict::Gap { .. } => verdict.outcome(Ok(())),
            Verdict::Fork { reason } => {
                quarantine(work, &station, event, *reason)?;
                verdict.outcome(Ok(()))
            }
        };
        outcomes.push(EventOutcome { seq: event.seq, id: event.id, outcome });
    }
    events.rows(work.tx, &rows[..held * width])?;
    events.finish(work.tx)?;
    desk.finish(work)?;
    if walked.head != head {
        advance(work, &station, request, &walked.head)?;
    }
    let now_ms = work.now_ms();
    stations::told(work.tx, token_station, now_ms, request.backlog)?;
    let answer =
        PushAnswer { outcomes, last_seq: walked.head.last_seq, head_hash: walked.head.hash, server_time_ms: now_ms };
    Ok(Pushed::Answer(Box::new(answer)))
}

/// A stored event: under which stream and number, with which hash.
struct Stored {
    station: String,
    epoch: i64,
    seq: i64,
    hash: EventHash,
}

/// Which of the batch's events are stored, by id.
fn known(work: &mut Work<'_>, station: &str, request: &PushRequest) -> Res<HashMap<EventId, Stored>> {
    let ids: Vec<[EventId; 1]> = request.events.iter().map(|event| [event.id]).collect();
    let ids = serde_json::to_string(&ids).map_err(|_| CentralError::Inner { what: "writing ids as JSON" })?;
    let mut known = HashMap::new();
    let rows = work.all(
        "SELECT e.id, e.station, e.epoch, e.seq, e.hash FROM json_each($1) AS given \
         CROSS JOIN station_events e WHERE e.id = given.value ->> 0",
        vals![&ids],
    )?;
    for row in rows {
        let hash = EventHash(array(&row.get::<Vec<u8>>("hash")?)?);
        let stored = Stored { station: row.get("station")?, epoch: row.get("epoch")?, seq: row.get("seq")?, hash };
        known.insert(event_id(&row.get::<String>("id")?)?, stored);
    }
    // A number under which an older fact was sent again stands for that fact.
    let rows = work.all(
        "SELECT event_id, seq, hash FROM station_event_aliases WHERE station = $1 AND epoch = $2 \
         AND event_id IN (SELECT value ->> 0 FROM json_each($3))",
        vals![station, number(request.epoch.0), &ids],
    )?;
    for row in rows {
        let hash = EventHash(array(&row.get::<Vec<u8>>("hash")?)?);
        let (epoch, seq) = (number(request.epoch.0), row.get("seq")?);
        known.insert(
            event_id(&row.get::<String>("event_id")?)?,
            Stored { station: station.to_owned(), epoch, seq, hash },
        );
    }
    Ok(known)
}

fn event_id(stored: &str) -> Res<EventId> {
    stored.parse().map_err(|_| CentralError::Stored { what: "event id" })
}

fn known_of(known: &HashMap<EventId, Stored>, request: &PushRequest, event: &EventEnvelope) -> Known {
    match known.get(&event.id) {
        None => Known::New,
        Some(stored) => {
            let here = stored.station == request.station_id.to_string()
                && stored.epoch == number(request.epoch.0)
                && stored.seq == number(event.seq.0);
            if here { Known::Here(stored.hash) } else { Known::Elsewhere }
        }
    }
}

/// The columns of a stored event, in the order of [`put`].
const EVENT_COLUMNS: &[Column] = &[
    Column::Text("id"),
    Column::Text("site"),
    Column::Text("station"),
    Column::Int("epoch"),
    Column::Int("seq"),
    Column::Text("kind"),
    Column::Int("schema"),
    Column::Text("fulfillment"),
    Column::Int("fence"),
    Column::Int("wall_ms"),
    Column::Int("mono_ms"),
    Column::Text("boot_id"),
    Column::Bytes("prev_hash"),
    Column::Bytes("hash"),
    Column::Text("payload"),
    Column::Text("outcome"),
    Column::Int("received_ms"),
];

/// Writes an event into the places of a row, whose texts are used again: a batch has hundreds of rows.
fn put(row: &mut [Val], work: &Work<'_>, event: &EventEnvelope, hash: EventHash, outcome: &Outcome) {
    let outcome = match outcome {
        Outcome::Rejected { code } => serde_json::to_value(code).ok(),
        Outcome::Accepted | Outcome::Duplicate | Outcome::Gap { .. } | Outcome::Fork { .. } => None,
    };
    let outcome = outcome.as_ref().and_then(serde_json::Value::as_str).unwrap_or("accepted");
    let mut texts: [[u8; 36]; 4] = [[0; 36]; 4];
    let [id, station, boot, fulfillment] = &mut texts;
    let int = Val::Int;
    // PostgreSQL holds no U+0000; whatever a station calls its facts.
    let plain = event.kind.contains('\0').then(|| event.kind.replace('\0', ""));
    let cells = [
        Cell::Text(event.id.0.hyphenated().encode_lower(id)),
        Cell::Text(work.site_text()),
        Cell::Text(event.station_id.0.hyphenated().encode_lower(station)),
        Cell::Val(int(number(event.epoch.0))),
        Cell::Val(int(number(event.seq.0))),
        Cell::Text(plain.as_ref().unwrap_or(&event.kind)),
        Cell::Val(event.schema.into()),
        match event.fulfillment {
            Some(work) => Cell::Text(work.0.hyphenated().encode_lower(fulfillment)),
            None => Cell::Val(Val::Null),
        },
        Cell::Val(event.fence.map(|fence| number(fence.0)).into()),
        Cell::Val(int(event.wall_ms)),
        Cell::Val(int(number(event.mono_ms))),
        Cell::Text(event.boot_id.0.hyphenated().encode_lower(boot)),
        Cell::Bytes(&event.prev_hash.0),
        Cell::Bytes(&hash.0),
        Cell::Text(event.payload.json()),
        Cell::Text(outcome),
        Cell::Val(int(work.now_ms())),
    ];
    row.iter_mut().zip(cells).for_each(|(place, cell)| cell.put(place));
}

/// What goes into one place of a row.
enum Cell<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
    Val(Val),
}

impl Cell<'_> {
    fn put(self, place: &mut Val) {
        match (self, place) {
            (Cell::Text(new), Val::Text(text)) => {
                text.clear();
                text.push_str(new);
            }
            (Cell::Bytes(new), Val::Blob(bytes)) => {
                bytes.clear();
                bytes.extend_from_slice(new);
            }
            (Cell::Text(new), place) => *place = Val::from(new),
            (Cell::Bytes(new), place) => *place = Val::from(new),
            (Cell::Val(new), place) => *place = new,
        }
    }
}

fn store_alias(work: &mut Work<'_>, event: &EventEnvelope, hash: EventHash) -> Res<()> {
    work.exec(
        "INSERT INTO station_event_aliases (station, epoch, seq, event_id, hash, received_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        vals![
            event.station_id.to_string(), number(event.epoch.0), number(event.seq.0), event.id.to_string(),
            hash.0, work.now_ms()
        ],
    )?;
    Ok(())
}

/// Two histories share one epoch: nothing is lost, but a person must look.
fn quarantine(work: &mut Work<'_>, station: &str, event: &EventEnvelope, reason: ForkReason) -> Res<()> {
    let reason = match reason {
        ForkReason::SeqTaken => "seq_taken",
        ForkReason::ChainBroken => "chain_broken",
        ForkReason::EpochClosed => "epoch_closed",
        ForkReason::Other => "other",
    };
    work.exec("UPDATE stations SET quarantined = 1, updated_ms = $2 WHERE id = $1", vals![station, work.now_ms()])?;
    let new = NewException {
        kind: "fork",
        cause: format!("{station}/{}", event.epoch),
        fulfillment: None,
        order: None,
        station: Some(station.to_owned()),
        event: None,
        detail: serde_json::json!({ "epoch": event.epoch.0, "seq": event.seq.0, "reason": reason }),
    };
    exceptions::open(work, &new)?;
    Ok(())
}

fn advance(work: &mut Work<'_>, station: &str, request: &PushRequest, head: &StreamHead) -> Res<()> {
    work.exec(
        "UPDATE station_epochs SET last_seq = $3, head_hash = $4 WHERE station = $1 AND epoch = $2",
        vals![station, number(request.epoch.0), number(head.last_seq.0), head.hash.0],
    )?;
    work.exec(
        "UPDATE stations SET seen_ms = $2, protocol = $3 WHERE id = $1",
        vals![station, work.now_ms(), request.protocol],
    )?;
    Ok(())
}
